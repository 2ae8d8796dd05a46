package contract

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Fold gives a word as it is compared in enumerations: in small letters, without
// spaces around it, and with "_" for each run of spaces, hyphens and underscores.
func Fold(word string) string { return string(appendFold(nil, []byte(word))) }

func appendFold(dst, word []byte) []byte {
	word = trim(word)
	joined := false
	for i := 0; i < len(word); {
		r, size := rune(word[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(word[i:])
		}
		i += size
		if r == ' ' || r == '-' || r == '_' || r == '\t' || r == '\u00a0' {
			joined = true
			continue
		}
		if joined {
			dst = append(dst, '_')
			joined = false
		}
		if r >= utf8.RuneSelf {
			r = unicode.ToLower(r)
		} else if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		dst = utf8.AppendRune(dst, r)
	}
	if joined {
		dst = append(dst, '_')
	}
	return dst
}

// trim takes the white space from around a value, no-break spaces included.
func trim(value []byte) []byte {
	if len(value) == 0 {
		return value
	}
	first, last := value[0], value[len(value)-1]
	if first > ' ' && first < utf8.RuneSelf && last > ' ' && last < utf8.RuneSelf {
		return value
	}
	return bytes.TrimSpace(value)
}
