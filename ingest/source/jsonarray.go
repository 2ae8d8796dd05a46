package source

import (
	"bytes"
	"fmt"
	"io"
)

// jsonArrayReader reads a list of objects. Its unit is the element: several may
// share a line, and one may take many.
//
// An element that is broken costs itself where its end can be told by its
// brackets. Where it cannot, reading resumes at the next line that begins an
// element as the others begin: at the same depth of indentation, with the same
// first key. What lies between is refused as one.
type jsonArrayReader struct {
	jsonReader
	number int    // of the last element
	indent int    // spaces before the elements that begin a line; -1: not known
	first  []byte // "{" and the first key of the first element
	state  arrayState
}

type arrayState byte

const (
	beforeElement arrayState = iota // an element, or the end
	afterElement                    // a comma, or the end
	afterEnd                        // nothing
)

func newJSONArray(name string, stream io.Reader, f Format, limits Limits) (*jsonArrayReader, error) {
	base, err := newJSONReader(name, stream, f, limits)
	if err != nil {
		return nil, err
	}
	r := &jsonArrayReader{jsonReader: *base, indent: -1}
	r.format.Type = typeJSON
	r.lines.Unit = "element"
	b, ok, err := r.byte()
	if err != nil {
		return nil, openError(name, err)
	}
	if !ok || b != '[' {
		return nil, refuse(name, NotRecords, "is JSON, but no list of records",
			"a file of JSON holds one object a line, or a list of objects")
	}
	r.window.take(1, 0)
	return r, r.learn(r.sample())
}

// sample gives the elements at the beginning of the file, without moving.
func (r *jsonArrayReader) sample() [][]byte {
	var sample [][]byte
	for text := r.window.text(); len(sample) < sampleRecords; {
		text = bytes.TrimLeft(text, " \r\n\t,")
		end, found := elementEnd(text, r.window.whole)
		if found != elementWhole || text[0] != '{' {
			break
		}
		sample = append(sample, text[:end])
		text = text[end:]
	}
	return sample
}

func (r *jsonArrayReader) Lines() Lines {
	lines := r.lines
	lines.Total = r.number
	return lines
}

// Place gives the path of a field from the list on.
func (r *jsonArrayReader) Place(field int) string {
	path := r.place(field)
	if path != "" && path[0] != '[' {
		path = "." + path
	}
	return fmt.Sprintf("$[%d]%s", r.number-1, path)
}

// byte passes over white space and gives the byte after it, which it does not take.
func (r *jsonArrayReader) byte() (b byte, ok bool, err error) {
	for {
		text := r.window.text()
		n := 0
		for n < len(text) && isJSONSpace(text[n]) {
			n++
		}
		if n == len(text) && !r.window.whole {
			if n > 0 && text[n-1] == '\r' {
				n-- // its LF may follow
			}
			r.take(n)
			if err := r.window.more(); err != nil {
				return 0, false, err
			}
			continue
		}
		rest := text[n:]
		r.take(n)
		if len(rest) == 0 {
			return 0, false, nil
		}
		return rest[0], true, nil
	}
}

// take moves past n bytes, whatever lines they end.
func (r *jsonArrayReader) take(n int) { r.window.take(n, lineEnds(r.window.text()[:n])) }

func (r *jsonArrayReader) Next() (*Record, error) {
	record, err := r.next()
	if err != nil && err != io.EOF {
		return nil, openError(r.name, err)
	}
	return record, err
}

func (r *jsonArrayReader) next() (*Record, error) {
	for {
		b, ok, err := r.byte()
		if err != nil {
			return nil, err
		}
		switch {
		case !ok && r.state == afterEnd:
			return nil, io.EOF
		case !ok:
			r.state = afterEnd
			r.begin()
			r.record.LastLine = r.record.Line
			r.complain(BadJSON, "the list is not closed: the file was cut off")
			return &r.record, nil
		case r.state == afterEnd:
			r.begin()
			return r.broken(BadJSON, "text follows the end of the list")
		case b == ']' && (r.state == afterElement || r.number == 0):
			r.window.take(1, 0)
			r.state = afterEnd
		case b == ',' && r.state == afterElement:
			r.window.take(1, 0)
			r.state = beforeElement
		case r.state == afterElement:
			r.begin()
			return r.broken(BadJSON, "neither a comma nor the end of the list after an element")
		default:
			r.begin()
			return r.element()
		}
	}
}

// begin starts a record here.
func (r *jsonArrayReader) begin() {
	r.number++
	r.scanner.failed = ""
	r.record = Record{Line: r.window.line, Offset: r.window.offset, Number: r.number}
}

// element reads the element that begins here.
func (r *jsonArrayReader) element() (*Record, error) {
	var end int
	for {
		var found elementState
		end, found = elementEnd(r.window.text(), r.window.whole)
		if found == elementWhole && end <= r.limits.RecordBytes {
			break
		}
		if found == elementWhole || len(r.window.text()) > r.limits.RecordBytes {
			return r.broken(TooLong, fmt.Sprintf("a record longer than %d bytes", r.limits.RecordBytes))
		}
		if found == elementBroken {
			if b := r.window.text()[0]; b == ',' || b == ']' || b == '}' {
				return r.broken(BadJSON, "no element where one belongs")
			}
			return r.broken(BadJSON, "a text that is not closed in its line")
		}
		if r.window.whole {
			return r.broken(BadJSON, "an element that is not closed")
		}
		if err := r.window.more(); err != nil {
			return nil, err
		}
	}
	raw := r.window.text()[:end]
	r.read(raw)
	if r.problem.Code == BadJSON && r.record.Problem != nil && bytes.IndexByte(raw, '\n') >= 0 {
		if at := r.resume(raw); at > 0 {
			return r.broken(r.problem.Code, r.problem.Message)
		}
	}
	if r.record.Problem == nil {
		r.remember(raw)
	}
	r.record.LastLine = r.record.Line + lineEnds(raw)
	r.take(end)
	r.state = afterElement
	return &r.record, nil
}

// remember keeps how elements begin.
func (r *jsonArrayReader) remember(raw []byte) {
	if r.first == nil {
		r.first = opening(raw)
	}
	before := r.window.buf[:r.window.from]
	if at := bytes.LastIndexAny(before, "\r\n"); at >= 0 && len(bytes.TrimLeft(before[at+1:], " \t,")) == 0 {
		r.indent = len(before) - at - 1
	}
}

// opening gives the bracket and the first key of an object, without spaces
// between them; nil where it has none.
func opening(text []byte) []byte {
	if len(text) == 0 || text[0] != '{' {
		return nil
	}
	text = bytes.TrimLeft(text[1:], " \r\n\t")
	if len(text) == 0 || text[0] != '"' {
		return nil
	}
	end := bytes.IndexByte(text[1:], '"')
	if end < 0 {
		return nil
	}
	return append([]byte{'{'}, text[:end+2]...)
}

// resume gives the place of the first line below the first one of text at which
// an element begins, or 0. It is the place of its bracket.
func (r *jsonArrayReader) resume(text []byte) int {
	for at := 0; ; {
		_, next, ok := lineEnd(text[at:], true)
		if !ok || at+next >= len(text) {
			return 0
		}
		at += next
		indent := 0
		for at+indent < len(text) && bytes.IndexByte([]byte(" \t,"), text[at+indent]) >= 0 {
			indent++
		}
		begins := opening(text[at+indent:])
		if begins != nil && (r.indent < 0 || r.indent == indent) && (r.first == nil || bytes.Equal(begins, r.first)) {
			return at + indent
		}
	}
}

// openingBytes is how far ahead the first key of an element is looked for.
const openingBytes = 4 << 10

// broken refuses what begins here, up to where an element begins anew.
func (r *jsonArrayReader) broken(code, message string) (*Record, error) {
	kept := r.window.text()
	r.record.Raw = bytes.ToValidUTF8(bytes.Clone(kept[:min(len(kept), keptOfTooLong)]), []byte("\ufffd"))
	r.complain(code, message)
	closed := r.state == afterEnd // after the list nothing can begin
	for {
		text := r.window.text()
		if at := r.resume(text); at > 0 && !closed {
			r.record.LastLine = r.window.line + lineEnds(bytes.TrimRight(text[:at], " \r\n\t"))
			r.take(at)
			r.state = beforeElement
			return &r.record, nil
		}
		if r.window.whole {
			r.record.LastLine = r.window.line + lineEnds(bytes.TrimRight(text, " \r\n\t"))
			r.take(len(text))
			r.state = afterEnd
			return &r.record, nil
		}
		// What has been searched goes, but for the line in which an element may begin.
		if at := lastLine(text[:max(0, len(text)-openingBytes)]); at > 0 {
			r.take(at)
		}
		if text = r.window.text(); len(text) > r.limits.RecordBytes+openingBytes { // one endless line
			n := len(text) - openingBytes
			if text[n] == '\n' {
				n-- // its CR may be before it
			}
			r.take(n)
		}
		if err := r.window.more(); err != nil {
			return nil, err
		}
	}
}

// lastLine gives the place of the line end before the last line of text.
func lastLine(text []byte) int {
	at := bytes.LastIndexByte(text, '\n')
	if at > 0 && text[at-1] == '\r' {
		at--
	}
	return max(at, 0)
}

// elementState is what can be told of the end of an element.
type elementState byte

const (
	elementOpen   elementState = iota // it takes more text to say
	elementWhole                      // found
	elementBroken                     // a text in it is not closed in its line
)

// elementEnd finds the end of the element that text begins with, by its brackets.
func elementEnd(text []byte, whole bool) (end int, found elementState) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch b := text[i]; b {
		case '"':
			closing, ok := textEnd(text[i+1:])
			if closing < 0 {
				return 0, elementOpen
			}
			if !ok {
				return 0, elementBroken
			}
			if i += 1 + closing; depth == 0 {
				return i + 1, elementWhole
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, elementWhole
			}
			if depth < 0 {
				return i, wholeIf(i > 0)
			}
		case ',', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return i, wholeIf(i > 0)
			}
		}
	}
	if depth == 0 && whole && len(text) > 0 {
		return len(text), elementWhole
	}
	return 0, elementOpen
}

func wholeIf(found bool) elementState {
	if found {
		return elementWhole
	}
	return elementBroken
}

// textEnd finds the quote that closes a text; -1 where it takes more to say, and
// false where a line end comes first.
func textEnd(text []byte) (at int, ok bool) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i, true
		case '\\':
			i++
		case '\n', '\r':
			return i, false
		}
	}
	return -1, false
}
