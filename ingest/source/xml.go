package source

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// xmlReader reads the small part of XML that workbooks are written in, as a
// stream, in memory that a limit bounds: no document type, no entities but the
// five and the numbered ones, which is all that the format allows. Names come
// without their namespace.
type xmlReader struct {
	from  *bufio.Reader
	limit int // of one tag or one text

	tag        []byte // between the brackets
	text       []byte // of a token that is text
	name       []byte
	attributes []byte // what follows the name
	decoded    []byte

	pending bool
}

// xmlKind is what a token is.
type xmlKind byte

const (
	xmlStart xmlKind = iota + 1
	xmlEnd
	xmlText
)

func newXML(r io.Reader, limit int) *xmlReader {
	return &xmlReader{from: bufio.NewReaderSize(r, 64<<10), limit: limit}
}

var errXML = &FileError{Corrupt, "holds XML that is not well formed"}

// next gives the next token. The error is io.EOF at the end, or a [*FileError]
// when it is no XML that a workbook may hold.
func (x *xmlReader) next() (xmlKind, error) {
	if x.pending {
		x.pending = false
		return xmlEnd, nil
	}
	for {
		b, err := x.from.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != '<' {
			if err := x.from.UnreadByte(); err != nil {
				return 0, err
			}
			return xmlText, x.readText()
		}
		if kind, err := x.markup(); kind != 0 || err != nil {
			return kind, err
		}
	}
}

// readText reads up to the next tag.
func (x *xmlReader) readText() error {
	x.text = x.text[:0]
	err := x.until('<', &x.text)
	if err == io.EOF {
		err = nil // text at the end, which the caller meets outside of everything
	} else if err == nil {
		x.text = x.text[:len(x.text)-1]
		err = x.from.UnreadByte()
	}
	if err == nil && bytes.IndexByte(x.text, '&') >= 0 {
		x.text, err = x.entities(x.text)
	}
	return err
}

// until appends up to and with a byte.
func (x *xmlReader) until(end byte, to *[]byte) error {
	for {
		piece, err := x.from.ReadSlice(end)
		*to = append(*to, piece...)
		if len(*to) > x.limit {
			return &FileError{TooLarge, fmt.Sprintf("holds a text of more than %d bytes", x.limit)}
		}
		if err != bufio.ErrBufferFull {
			return err
		}
	}
}

// markup reads a tag whose bracket is read. It gives no kind for what is no tag:
// a comment, an instruction.
func (x *xmlReader) markup() (xmlKind, error) {
	x.tag = x.tag[:0]
	quote, seen := byte(0), 0
	for {
		if err := x.until('>', &x.tag); err != nil {
			return 0, cutOff(err)
		}
		switch {
		case bytes.HasPrefix(x.tag, []byte("![CDATA[")):
			if bytes.HasSuffix(x.tag, []byte("]]>")) {
				x.text = append(x.text[:0], x.tag[len("![CDATA["):len(x.tag)-len("]]>")]...)
				return xmlText, nil
			}
		case bytes.HasPrefix(x.tag, []byte("!--")):
			if len(x.tag) >= len("!---->") && bytes.HasSuffix(x.tag, []byte("-->")) {
				return 0, nil
			}
		case x.tag[0] == '?':
			if bytes.HasSuffix(x.tag, []byte("?>")) {
				return 0, nil
			}
		case x.tag[0] == '!':
			return 0, &FileError{Corrupt, "holds XML with a document type, which no workbook has"}
		default:
			quote = openQuote(x.tag[seen:], quote)
			if seen = len(x.tag); quote == 0 {
				return x.readTag()
			}
		}
	}
}

// openQuote gives the quote that is open after a piece of a tag, or 0.
func openQuote(piece []byte, quote byte) byte {
	for _, b := range piece {
		switch {
		case quote == 0 && (b == '"' || b == '\''):
			quote = b
		case b == quote:
			quote = 0
		}
	}
	return quote
}

func (x *xmlReader) readTag() (xmlKind, error) {
	tag := x.tag[:len(x.tag)-1]
	if len(tag) > 0 && tag[0] == '/' {
		x.name = localName(bytes.TrimSpace(tag[1:]))
		return xmlEnd, nil
	}
	x.pending = len(tag) > 0 && tag[len(tag)-1] == '/'
	if x.pending {
		tag = tag[:len(tag)-1]
	}
	end := bytes.IndexAny(tag, " \t\r\n")
	if end < 0 {
		end = len(tag)
	}
	x.name, x.attributes = localName(tag[:end]), tag[end:]
	if len(x.name) == 0 {
		return 0, errXML
	}
	return xmlStart, nil
}

func localName(name []byte) []byte {
	if at := bytes.IndexByte(name, ':'); at >= 0 {
		return name[at+1:]
	}
	return name
}

// attribute gives the value of an attribute of the tag that was read last, by its
// name without namespace; nil where it has none.
func (x *xmlReader) attribute(name string) ([]byte, error) {
	rest := x.attributes
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		equals := bytes.IndexByte(rest, '=')
		if equals < 0 {
			if len(rest) > 0 {
				return nil, errXML
			}
			return nil, nil
		}
		key := localName(bytes.TrimSpace(rest[:equals]))
		rest = bytes.TrimLeft(rest[equals+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil, errXML
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil, errXML
		}
		value := rest[1 : 1+end]
		if string(key) == name {
			if bytes.IndexByte(value, '&') >= 0 {
				return x.entities(value)
			}
			return value, nil
		}
		rest = rest[end+2:]
	}
}

// entities replaces the entities of a text.
func (x *xmlReader) entities(text []byte) ([]byte, error) {
	x.decoded = x.decoded[:0]
	for {
		at := bytes.IndexByte(text, '&')
		if at < 0 {
			break
		}
		x.decoded = append(x.decoded, text[:at]...)
		end := bytes.IndexByte(text[at:], ';')
		if end < 0 {
			return nil, errXML
		}
		r, ok := entity(string(text[at+1 : at+end]))
		if !ok {
			return nil, errXML
		}
		x.decoded = utf8.AppendRune(x.decoded, r)
		text = text[at+end+1:]
	}
	x.decoded = append(x.decoded, text...)
	return append(text[:0:0], x.decoded...), nil
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return rune(n), err == nil && n > 0 && utf8.ValidRune(rune(n))
}

// cutOff makes of an end within a document what is wrong with the file.
func cutOff(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return &FileError{Corrupt, "the file is cut off"}
	}
	return err
}
