package source

import "bytes"

// dialect is how the records of a CSV file are put together. Its methods are
// pure functions of the bytes that they are given, so that they can be used on
// any piece of a file that begins with a record.
type dialect struct {
	delimiter byte   // the first byte of what stands between fields
	wide      string // all of it, where it is longer than a byte
	quote     byte   // 0: quotes are text
	escape    byte   // before a quote that is text; 0: such a quote is doubled
}

// extent says where the first record of a piece of a file lies.
type extent struct {
	end    int    // of its last byte, before the line end
	next   int    // of the record after it
	lines  int    // physical lines that it takes
	quoted bool   // it has quote or escape characters
	bare   bool   // one of them stands inside a field that is not quoted
	code   string // of the problem that makes it one physical line, or ""
	reach  int    // where that was found
}

// split finds the first record of text. Whole says that the file ends with text.
// It gives false when it takes more text to say. A record longer than limit
// bytes has a problem, so limit+2 bytes are always enough.
func (d *dialect) split(text []byte, whole bool, limit int) (extent, bool) {
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
		line.quoted = d.escape != 0 && bytes.IndexByte(text[:end], d.escape) >= 0
		return line, true
	}
	line.quoted = true
	e, ok := d.splitQuoted(text, line, whole)
	line.bare = e.bare
	switch {
	case !ok && !full:
		return extent{}, false
	case !ok:
		line.code = UnterminatedQuote
	case e.code != "":
		line.code, line.reach = e.code, e.reach
	case e.end != line.end:
		line.end, line.next = e.end, e.next
		line.lines = 1 + lineEnds(text[:e.end])
	}
	return line, true
}

// splitQuoted finds the end of a record that has quotes and begins with a line,
// or the problem with them. It gives false when it takes more text to say.
func (d *dialect) splitQuoted(text []byte, line extent, whole bool) (e extent, ok bool) {
	at, bare := 0, 0 // bare: fields that are not quoted and have quotes inside
	e.end, e.next, ok = line.end, line.next, true
	for {
		start := at + d.spaces(text[at:])
		if start == len(text) || text[start] != d.quote {
			cut := d.cut(text[at:e.end])
			field := text[at:e.end]
			if cut >= 0 {
				field = field[:cut]
			}
			if bytes.IndexByte(field, d.quote) >= 0 {
				bare++
				e.bare = true
			}
			if cut < 0 {
				break
			}
			at += cut + d.width()
			continue
		}
		closing, found, sure := d.closing(text, start+1, whole)
		if !found {
			e.code = UnterminatedQuote
			return e, sure
		}
		if at = closing + 1; at > e.end {
			end, next, whole := lineEnd(text[at:], whole)
			e.end, e.next, ok = at+end, at+next, whole
		}
		at += d.spaces(text[at:])
		if at == e.end {
			break
		}
		size := d.delimits(text[at:e.end])
		if size == 0 {
			e.code, e.reach = StrayQuote, at
			return e, true
		}
		at += size
	}
	if bare > 1 { // a delimiter stands between them: it may be one of the text
		e.code = StrayQuote
	}
	return e, ok
}

// width is the length of the delimiter.
func (d *dialect) width() int { return max(1, len(d.wide)) }

// delimits gives the length of the delimiter that the rest of a line begins
// with, or 0. A space at the end of a delimiter may be missing at the end of a line.
func (d *dialect) delimits(rest []byte) int {
	switch {
	case d.wide == "" && rest[0] == d.delimiter:
		return 1
	case d.wide == "":
		return 0
	case bytes.HasPrefix(rest, []byte(d.wide)):
		return len(d.wide)
	case len(rest) == len(d.wide)-1 && d.wide[len(rest)] == ' ' && string(rest) == d.wide[:len(rest)]:
		return len(rest)
	}
	return 0
}

// countOpen gives the number of fields of a line in which a quote that is not
// closed in it is text.
func (d *dialect) countOpen(line []byte) int {
	n := 1
	for {
		at := d.spaces(line)
		if at < len(line) && line[at] == d.quote {
			if closing, found, _ := d.closing(line, at+1, true); found {
				after := closing + 1 + d.spaces(line[closing+1:])
				if after == len(line) {
					return n
				}
				if size := d.delimits(line[after:]); size > 0 {
					line = line[after+size:]
					n++
					continue
				}
			}
		}
		cut := d.cut(line)
		if cut < 0 {
			return n
		}
		line = line[cut+d.width():]
		n++
	}
}

// cut gives the place of the next delimiter in text, or -1.
func (d *dialect) cut(text []byte) int {
	if d.wide == "" && d.escape == 0 {
		return bytes.IndexByte(text, d.delimiter)
	}
	for from := 0; ; {
		cut := -1
		if d.wide == "" {
			cut = bytes.IndexByte(text[from:], d.delimiter)
		} else {
			cut = bytes.Index(text[from:], []byte(d.wide))
		}
		if cut < 0 {
			return -1
		}
		cut += from
		backslashes := 0
		for d.escape != 0 && cut > backslashes && text[cut-1-backslashes] == d.escape {
			backslashes++
		}
		if backslashes%2 == 0 {
			return cut
		}
		from = cut + 1
	}
}

// closing finds the quote that closes the field whose content begins at from.
// Sure says that more text would not change the answer.
func (d *dialect) closing(text []byte, from int, whole bool) (at int, found, sure bool) {
	for at = from; ; at += 2 {
		step := 0
		if d.escape == 0 {
			step = bytes.IndexByte(text[at:], d.quote)
		} else {
			step = d.mark(text[at:])
		}
		if step < 0 {
			return 0, false, whole
		}
		at += step
		isQuote := text[at] == d.quote
		switch {
		case at+1 == len(text):
			return at, whole && isQuote, whole
		case isQuote && text[at+1] != d.quote:
			return at, true, true
		}
	}
}

// mark gives the place of the next quote or escape character, or -1.
func (d *dialect) mark(text []byte) int {
	at := bytes.IndexByte(text, d.quote)
	if d.escape == 0 {
		return at
	}
	if at >= 0 {
		text = text[:at]
	}
	if escape := bytes.IndexByte(text, d.escape); escape >= 0 {
		return escape
	}
	return at
}

// spaces counts the spaces before or after a quoted field, which are no part of it.
func (d *dialect) spaces(text []byte) int {
	n := 0
	for n < len(text) && (text[n] == ' ' || text[n] == '\t') && text[n] != d.delimiter {
		n++
	}
	return n
}

// fields appends the fields of a record without quotes, or at most limit+1 of them.
func (d *dialect) fields(to [][]byte, record []byte, limit int) [][]byte {
	if d.wide != "" || d.escape != 0 {
		to, _ = d.quotedFields(to, nil, record, limit)
		return to
	}
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
// The contents of fields with doubled or escaped quotes are put in room.
func (d *dialect) quotedFields(to [][]byte, room, record []byte, limit int) (fields [][]byte, newRoom []byte) {
	if cap(room) < len(record) {
		room = make([]byte, 0, 2*len(record)) // never grown below, as fields point into it
	}
	room = room[:0]
	for len(to) <= limit {
		start := d.spaces(record)
		var field []byte
		if d.quote != 0 && start < len(record) && record[start] == d.quote {
			closing, _, _ := d.closing(record, start+1, true)
			field, room = d.plain(room, record[start+1:closing])
			record = record[closing+1:]
			record = record[d.spaces(record):]
			if len(record) == 0 {
				return append(to, field), room
			}
			to, record = append(to, field), record[d.delimits(record):]
			continue
		}
		cut, size := d.cut(record), d.width()
		if trimmed := len(record) - size + 1; cut < 0 && size > 1 && trimmed >= 0 && d.delimits(record[trimmed:]) > 0 {
			cut, size = trimmed, size-1
		}
		if cut < 0 {
			field, room = d.unescaped(room, record)
			return append(to, field), room
		}
		field, room = d.unescaped(room, record[:cut])
		to, record = append(to, field), record[cut+size:]
	}
	return to, room
}

// unescaped gives a field that is not quoted as it is meant.
func (d *dialect) unescaped(room, field []byte) (text, newRoom []byte) {
	if d.escape == 0 {
		return field, room
	}
	return d.plain(room, field)
}

// plain gives the content of a field without its doubled quotes and escapes.
func (d *dialect) plain(room, content []byte) (field, newRoom []byte) {
	at := d.mark(content)
	if at < 0 {
		return content, room
	}
	from := len(room)
	for ; at >= 0 && at+1 < len(content); at = d.mark(content) {
		kept, used := content[:at+1], at+1
		switch next := content[at+1]; {
		case content[at] == d.quote && next == d.quote:
			used = at + 2
		case content[at] == d.escape && (next == d.quote || next == d.escape || next == d.delimiter):
			room = append(room, content[:at]...)
			kept, used = content[at+1:at+2], at+2
		}
		room = append(room, kept...)
		content = content[used:]
	}
	room = append(room, content...)
	return room[from:len(room):len(room)], room
}

// blank says whether a record without quotes has no content: spreadsheets leave
// lines of delimiters below a table.
func (d *dialect) blank(record []byte) bool {
	for _, b := range record {
		if b != ' ' && b != '\t' && b != d.delimiter {
			return false
		}
	}
	return true
}
