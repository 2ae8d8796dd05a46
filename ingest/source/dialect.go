package source

import "bytes"

// dialect is how the records of a CSV file are put together. Its methods are
// pure functions of the bytes that they are given, so that they can be used on
// any piece of a file that begins with a record.
type dialect struct {
	delimiter byte
	quote     byte // 0: quotes are text
}

// extent says where the first record of a piece of a file lies.
type extent struct {
	end    int    // of its last byte, before the line end
	next   int    // of the record after it
	lines  int    // physical lines that it takes
	quoted bool   // it has quote characters
	code   string // of the problem that makes it one physical line, or ""
}

// split finds the first record of text. Whole says that the file ends with text.
// It gives false when it takes more text to say. A record longer than limit
// bytes has a problem, so limit+2 bytes are always enough.
func (d dialect) split(text []byte, whole bool, limit int) (extent, bool) {
	if len(text) > limit+2 {
		text, whole = text[:limit+2], false
	}
	full := len(text) == limit+2
	end, next, ok := lineEnd(text, whole)
	if !ok || end > limit {
		return extent{end: min(len(text), limit), next: min(len(text), limit), lines: 1, code: TooLong}, full || ok
	}
	line := extent{end: end, next: next, lines: 1}
	if d.quote == 0 || bytes.IndexByte(text[:end], d.quote) < 0 {
		return line, true
	}
	line.quoted = true
	end, next, code, ok := d.splitQuoted(text, whole)
	switch {
	case !ok && !full:
		return extent{}, false
	case !ok:
		line.code = UnterminatedQuote
	case code != "":
		line.code = code
	default:
		line.end, line.next = end, next
		line.lines = 1 + lineEnds(text[:end])
	}
	return line, true
}

// splitQuoted finds the end of a record that has quotes, or the problem with
// them. It gives false when it takes more text to say.
func (d dialect) splitQuoted(text []byte, whole bool) (end, next int, code string, ok bool) {
	at := 0
	for {
		start := at + d.spaces(text[at:])
		if start == len(text) || text[start] != d.quote {
			cut := bytes.IndexByte(text[at:], d.delimiter)
			field := text[at:]
			if cut >= 0 {
				field = field[:cut]
			}
			if stop := bytes.IndexAny(field, "\r\n"); stop >= 0 || cut < 0 {
				end, next, ok = lineEnd(text[at:], whole)
				return at + end, at + next, "", ok
			}
			at += cut + 1
			continue
		}
		closing, found, sure := d.closing(text, start+1, whole)
		if !found {
			return 0, 0, UnterminatedQuote, sure
		}
		at = closing + 1
		at += d.spaces(text[at:])
		switch {
		case at == len(text):
			return at, at, "", whole
		case text[at] == d.delimiter:
			at++
		case text[at] == '\n' || text[at] == '\r':
			_, length, ok := lineEnd(text[at:], whole)
			return at, at + length, "", ok
		default:
			return 0, 0, StrayQuote, true
		}
	}
}

// closing finds the quote that closes the field whose content begins at from.
// Sure says that more text would not change the answer.
func (d dialect) closing(text []byte, from int, whole bool) (at int, found, sure bool) {
	for at = from; ; at += 2 {
		step := bytes.IndexByte(text[at:], d.quote)
		if step < 0 {
			return 0, false, whole
		}
		at += step
		if at+1 == len(text) {
			return at, whole, whole
		}
		if text[at+1] != d.quote {
			return at, true, true
		}
	}
}

// spaces counts the spaces before or after a quoted field, which are no part of it.
func (d dialect) spaces(text []byte) int {
	n := 0
	for n < len(text) && (text[n] == ' ' || text[n] == '\t') && text[n] != d.delimiter {
		n++
	}
	return n
}

// fields appends the fields of a record without quotes, or at most limit+1 of them.
func (d dialect) fields(to [][]byte, record []byte, limit int) [][]byte {
	for len(to) <= limit {
		cut := bytes.IndexByte(record, d.delimiter)
		if cut < 0 {
			return append(to, record)
		}
		to = append(to, record[:cut])
		record = record[cut+1:]
	}
	return to
}

// quotedFields is fields for a record with quotes that split found well formed.
// The contents of fields with doubled quotes are put in room.
func (d dialect) quotedFields(to [][]byte, room, record []byte, limit int) (fields [][]byte, newRoom []byte) {
	if cap(room) < len(record) {
		room = make([]byte, 0, 2*len(record)) // never grown below, as fields point into it
	}
	room = room[:0]
	for len(to) <= limit {
		start := d.spaces(record)
		var field []byte
		if start < len(record) && record[start] == d.quote {
			closing, _, _ := d.closing(record, start+1, true)
			field, room = d.undouble(room, record[start+1:closing])
			record = record[closing+1:]
			record = record[d.spaces(record):]
			if len(record) == 0 {
				return append(to, field), room
			}
			to, record = append(to, field), record[1:]
			continue
		}
		cut := bytes.IndexByte(record, d.delimiter)
		if cut < 0 {
			return append(to, record), room
		}
		to, record = append(to, record[:cut]), record[cut+1:]
	}
	return to, room
}

func (d dialect) undouble(room, content []byte) (field, newRoom []byte) {
	if bytes.IndexByte(content, d.quote) < 0 {
		return content, room
	}
	from := len(room)
	for {
		at := bytes.IndexByte(content, d.quote)
		if at < 0 {
			room = append(room, content...)
			return room[from:len(room):len(room)], room
		}
		room = append(room, content[:at+1]...)
		content = content[at+2:]
	}
}

// blank says whether a record without quotes has no content: spreadsheets leave
// lines of delimiters below a table.
func (d dialect) blank(record []byte) bool {
	for _, b := range record {
		if b != ' ' && b != '\t' && b != d.delimiter {
			return false
		}
	}
	return true
}

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
