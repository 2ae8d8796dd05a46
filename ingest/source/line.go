package source

import "bytes"

// lineEnd finds where the first line of text ends and the next begins. It gives
// false when text, which is not the whole rest of the file, has no line end, or
// ends with a CR whose LF may follow; end is then as far as it got.
func lineEnd(text []byte, whole bool) (end, next int, ok bool) {
	for from, width := 0, 256; from < len(text); width *= 2 {
		to := min(from+width, len(text))
		piece := text[from:to] // searched twice, so not the whole buffer at once
		lf := bytes.IndexByte(piece, '\n')
		if lf >= 0 {
			piece = piece[:lf]
		}
		if cr := bytes.IndexByte(piece, '\r'); cr >= 0 {
			return endAtCR(text, from+cr, whole)
		}
		if lf >= 0 {
			return from + lf, from + lf + 1, true
		}
		from = to
	}
	return len(text), len(text), whole
}

func endAtCR(text []byte, cr int, whole bool) (end, next int, ok bool) {
	switch {
	case cr+1 == len(text):
		return cr, cr + 1, whole
	case text[cr+1] == '\n':
		return cr, cr + 2, true
	}
	return cr, cr + 1, true
}

// lineEnds counts the line ends in text.
func lineEnds(text []byte) int {
	n := 0
	for i, b := range text {
		if b == '\n' || b == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			n++
		}
	}
	return n
}
