package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The names of encodings, as the registry of the IANA has them, in small letters.
const (
	utf8Name        = "utf-8"
	windows1252Name = "windows-1252"
	latin1Name      = "iso-8859-1"
	latin9Name      = "iso-8859-15"
)

// canonicalEncoding gives the name of an encoding from how people write it, or "".
func canonicalEncoding(name string) string {
	switch strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(strings.TrimSpace(name))) {
	case utf8Name, "utf8":
		return utf8Name
	case windows1252Name, "cp1252", "ansi":
		return windows1252Name
	case latin1Name, "latin1", "latin-1":
		return latin1Name
	case latin9Name, "latin9", "latin-9":
		return latin9Name
	case utf16Name, "utf16", "unicode":
		return utf16Name
	case utf16LEName, "utf16le":
		return utf16LEName
	case utf16BEName, "utf16be":
		return utf16BEName
	}
	return ""
}

// decoder turns the bytes of records into UTF-8. All its encodings have ASCII in
// its place, so that records can be split before they are decoded, and the
// offsets of a file stay those of its own bytes.
type decoder struct {
	name    string     // "" as long as only ASCII has been seen and no encoding was named
	table   *[256]rune // nil for UTF-8
	guessed bool       // the name is a guess
	lossy   bool       // the bytes come from UTF-16, and U+FFFD stands for what was no character
}

func newDecoder(name string) decoder {
	d := decoder{name: name, lossy: name == utf16LEName || name == utf16BEName}
	var page *charmap.Charmap
	switch name {
	case windows1252Name:
		page = charmap.Windows1252
	case latin1Name:
		page = charmap.ISO8859_1
	case latin9Name:
		page = charmap.ISO8859_15
	default:
		return d
	}
	d.table = new([256]rune)
	for b := range d.table {
		d.table[b] = page.DecodeByte(byte(b))
		if b >= 0x80 && b < 0xa0 && d.table[b] < 0xa0 {
			d.table[b] = utf8.RuneError // a control character that no text has: the encoding is another
		}
	}
	return d
}

// decode gives raw as UTF-8: raw itself when it is that already, otherwise in
// room. A nil problem means that every byte had a meaning.
func (d *decoder) decode(room, raw []byte) (text, newRoom []byte, problem *Problem) {
	if isASCII(raw) {
		return raw, room, nil
	}
	if d.name == "" {
		*d = newDecoder(guessEncoding(raw))
		d.guessed = true
	}
	if d.table == nil {
		if utf8.Valid(raw) {
			if d.lossy && bytes.ContainsRune(raw, utf8.RuneError) {
				problem = &Problem{BadEncoding, "something in it is no character of " + d.name}
			}
			return raw, room, problem
		}
		return d.decodeInvalid(room, raw)
	}
	if at := twoForOne(raw); at >= 0 {
		problem = &Problem{BadEncoding, fmt.Sprintf("bytes 0x%02X 0x%02X are one letter of %s, not two signs of %s", raw[at], raw[at+1], utf8Name, d.name)}
	}
	room = room[:0]
	for _, b := range raw {
		r := d.table[b]
		switch {
		case problem != nil:
		case r == utf8.RuneError:
			problem = &Problem{BadEncoding, fmt.Sprintf("byte 0x%02X has no meaning in %s", b, d.name)}
		case r == '¤' && d.guessed:
			problem = &Problem{BadEncoding, fmt.Sprintf("byte 0x%02X is ¤ in %s and € in %s: the format must say which it is", b, d.name, latin9Name)}
		}
		room = utf8.AppendRune(room, r)
	}
	return room, room, problem
}

func (d *decoder) decodeInvalid(room, raw []byte) (text, newRoom []byte, problem *Problem) {
	room = room[:0]
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 && problem == nil {
			problem = &Problem{BadEncoding, fmt.Sprintf("byte 0x%02X is not %s", raw[i], utf8Name)}
		}
		room = utf8.AppendRune(room, r)
		i += size
	}
	return room, room, problem
}

// guessEncoding tells UTF-8 from windows-1252 and iso-8859-15: "" when text,
// which is whole lines, is ASCII and may be any. A text is UTF-8 when it has at
// least as many sequences of several bytes as bytes that belong to none: they hardly ever
// arise by chance, so that one bad byte does not garble all the accents of the
// file. Otherwise, byte 0xA4 is the euro of iso-8859-15, as nobody writes ¤,
// unless there are bytes that only windows-1252 has.
func guessEncoding(text []byte) string {
	sequences, strays, euros, windows := 0, 0, 0, 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r != utf8.RuneError || size > 1 {
			sequences++
		} else {
			strays++
			switch {
			case text[i] == 0xa4:
				euros++
			case text[i] < 0xa0:
				windows++
			}
		}
		i += size
	}
	switch {
	case sequences > 0 && sequences >= strays:
		return utf8Name
	case euros > 0 && windows == 0:
		return latin9Name
	case strays > 0:
		return windows1252Name
	}
	return ""
}

// twoForOne gives the place of an accented letter that was written in UTF-8, or
// -1: Ã before a sign or a control character, which no text has otherwise.
func twoForOne(text []byte) int {
	for i := 0; i+1 < len(text); i++ {
		at := bytes.IndexByte(text[i:], 0xc3)
		if at < 0 {
			return -1
		}
		if i += at; i+1 < len(text) && text[i+1]&0xc0 == 0x80 {
			return i
		}
	}
	return -1
}

func isASCII(text []byte) bool {
	const high = 0x8080808080808080
	for ; len(text) >= 16; text = text[16:] {
		if (binary.LittleEndian.Uint64(text)|binary.LittleEndian.Uint64(text[8:]))&high != 0 {
			return false
		}
	}
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
