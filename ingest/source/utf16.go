package source

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// The names of the encodings with two bytes a character. Plain utf-16 is either,
// as its first bytes say.
const (
	utf16Name   = "utf-16"
	utf16LEName = "utf-16le"
	utf16BEName = "utf-16be"
)

// utf16Probe is how much of a file without a mark decides whether it is UTF-16.
const utf16Probe = 1 << 10

// guessUTF16 gives the name of the UTF-16 that a file begins in, or "": it has
// its byte order mark, or a byte 0 in at least two of five characters. Named is
// what the format says.
func guessUTF16(sample []byte, named string) string {
	switch {
	case named == utf16LEName, named == utf16BEName:
		return named
	case named != "" && named != utf16Name:
		return ""
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return utf16LEName
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return utf16BEName
	}
	sample = sample[:min(len(sample), utf16Probe)]
	zeros := [2]int{}
	for i, b := range sample {
		if b == 0 {
			zeros[i%2]++
		}
	}
	characters := len(sample) / 2
	switch {
	case characters < 4 && named == "":
		return ""
	case zeros[0]*5 >= characters*2 && zeros[0] > 8*zeros[1]:
		return utf16BEName
	case named == utf16Name, zeros[1]*5 >= characters*2 && zeros[1] > 8*zeros[0]:
		return utf16LEName
	}
	return ""
}

// utf16Reader gives a stream in UTF-8. What is no character becomes U+FFFD.
func utf16Reader(name string, stream io.Reader) io.Reader {
	order := unicode.LittleEndian
	if name == utf16BEName {
		order = unicode.BigEndian
	}
	return unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Reader(stream)
}

// utf16Bytes is how many bytes a text takes in UTF-16.
func utf16Bytes(text []byte) int {
	n := 0
	for _, b := range text {
		switch {
		case b >= 0xf0: // the first byte of a character beyond the basic plane
			n += 4
		case utf8.RuneStart(b):
			n += 2
		}
	}
	return n
}
