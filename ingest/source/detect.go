package source

import (
	"bytes"
	"fmt"
)

const (
	sampleBytes   = 64 << 10 // from which a dialect is detected
	sampleRecords = 200
)

// The delimiters in use, in the order in which a tie is decided. An unusual one
// is taken only where no usual one makes a table.
const (
	usual   = ";,\t|"
	unusual = " :#^~*&!\x1f"
)

// quotes are the quotation marks in use.
const quotes = "\"'`"

// row is a record of a sample.
type row struct {
	fields [][]byte
	raw    []byte
	line   int // physical, in the sample
	code   string
}

// reading is a sample as one dialect has it.
type reading struct {
	dialect dialect
	rows    []row // those that are not blank
	width   int   // fields that most rows have
	regular int   // rows that have them
	broken  int   // rows with a problem
	quoted  int   // fields that are properly quoted
	score   float64
}

// wholeLines cuts a sample after its last line end, if it has one.
func wholeLines(sample []byte) []byte {
	if last := bytes.LastIndexAny(sample, "\r\n"); last >= 0 {
		return sample[:last+1]
	}
	return sample
}

// detectDialect reads a sample in each dialect that agrees with what is given,
// and gives the best reading: the one that makes the most regular table with the
// most fields whose values look like values. Doubts are other readings that are
// as regular.
func detectDialect(sample []byte, given dialect, f Format) (best reading, doubts []Ambiguity) {
	if given.delimiter != 0 {
		best = bestQuote(sample, given, f)
		return best, nil
	}
	var rivals []reading
	for _, delimiter := range []byte(usual) {
		if bytes.IndexByte(sample, delimiter) < 0 {
			continue
		}
		candidate := bestQuote(sample, dialect{delimiter: delimiter, quote: given.quote, escape: given.escape}, f)
		if candidate.width < 2 {
			continue
		}
		rivals = append(rivals, candidate)
		if candidate.score > best.score {
			best = candidate
		}
	}
	for _, rival := range rivals {
		if rival.dialect.delimiter != best.dialect.delimiter && rival.equallyGood(&best) {
			doubts = append(doubts, delimiterDoubt(&best.dialect, quoted(delimiterName(&rival.dialect)), &rival.dialect))
		}
	}
	if best.width < 2 || best.regular*2 < len(best.rows) {
		if odd := bestUnusual(sample, given, f); odd.score > best.score*1.25 {
			best, doubts = odd, nil
			if odd.regular*5 < len(odd.rows)*4 || odd.width == 2 {
				doubts = []Ambiguity{delimiterDoubt(&odd.dialect, "none: a single column", nil)}
			}
		}
	}
	if best.width < 2 {
		return readSample(sample, single(sample, given, f)), nil
	}
	best = best.widened(sample)
	if doubts == nil && best.regular*2 < len(best.rows) {
		other := fmt.Sprintf("another one: only %d of %d rows have %d fields", best.regular, len(best.rows), best.width)
		doubts = []Ambiguity{delimiterDoubt(&best.dialect, other, nil)}
	}
	return best, doubts
}

// single is the dialect of a file with one column: with a delimiter that it does not have.
func single(sample []byte, given dialect, f Format) dialect {
	given.delimiter = usual[0]
	for _, b := range []byte(usual) {
		if bytes.IndexByte(sample, b) < 0 {
			given.delimiter = b
			break
		}
	}
	if f.Quote == "" {
		given.quote = '"'
	}
	return given
}

// bestUnusual gives the best reading with an unusual delimiter. Where it is one
// that texts have too, the first row must have as many fields as most others,
// since a colon in every time is no delimiter, or the quoted fields must be many.
func bestUnusual(sample []byte, given dialect, f Format) (best reading) {
	try := func(d dialect) {
		r := bestQuote(sample, d, f)
		regular := r.regular*5 >= len(r.rows)*4 && d.delimiter != ' ' && d.delimiter != ':'
		if r.width > 1 && r.score > best.score && (regular || len(r.rows[0].fields) == r.width || r.quoted >= len(r.rows)) {
			best = r
		}
	}
	for _, delimiter := range []byte(unusual) {
		if bytes.IndexByte(sample, delimiter) >= 0 {
			try(dialect{delimiter: delimiter, quote: given.quote, escape: given.escape})
		}
	}
	if literal := `\t`; bytes.Contains(sample, []byte(literal)) {
		try(dialect{delimiter: '\\', wide: literal, quote: given.quote, escape: given.escape})
	}
	return best
}

// bestQuote gives the best reading with a delimiter. A quotation mark needs a
// field that it properly quotes, but for the usual one; a file is without any
// only where the usual one would break many rows and quotes nothing.
func bestQuote(sample []byte, d dialect, f Format) (best reading) {
	marks := []byte(quotes)
	if f.Quote != "" {
		marks = []byte{d.quote}
	}
	for i, mark := range marks {
		if i > 0 && bytes.IndexByte(sample, mark) < 0 {
			continue
		}
		d.quote = mark
		r := bestEscape(sample, d, f)
		if i == 0 || r.quoted > 0 && r.score > best.score {
			best = r
		}
	}
	if f.Quote == "" && best.quoted == 0 && best.broken >= fewRows && best.broken*10 >= len(best.rows) {
		d.quote = 0
		if r := readSample(sample, d); r.score > best.score {
			best = r
		}
	}
	return best
}

// bestEscape tells doubled quotes from quotes after a backslash.
func bestEscape(sample []byte, d dialect, f Format) reading {
	best := readSample(sample, d)
	if f.Escape == "" && bytes.Contains(sample, []byte{'\\', d.quote}) {
		d.escape = '\\'
		if r := readSample(sample, d); r.broken < best.broken && r.score > best.score {
			return r
		}
	}
	return best
}

// readSample reads a sample in a dialect.
func readSample(sample []byte, d dialect) reading {
	r := reading{dialect: d}
	for line := 1; len(sample) > 0 && len(r.rows) < sampleRecords; {
		e, _ := d.split(sample, true, len(sample))
		raw := sample[:e.end]
		sample = sample[e.next:]
		if e.quoted || e.code != "" || !d.blank(raw) {
			read := row{raw: raw, line: line, code: e.code}
			if e.code == "" {
				read.fields, _ = d.quotedFields(nil, nil, raw, len(raw))
			}
			r.rows = append(r.rows, read)
			if e.quoted && e.code == "" {
				r.quoted += d.quotedCount(raw)
			}
		}
		line += e.lines
	}
	if len(r.rows) > 0 {
		r.width = widthOf(r.rows)
	}
	r.rate()
	return r
}

// quotedCount counts the quoted fields of a record.
func (d *dialect) quotedCount(record []byte) int {
	n := 0
	for at := 0; at < len(record); {
		start := at + d.spaces(record[at:])
		if start < len(record) && record[start] == d.quote {
			n++
			closing, _, _ := d.closing(record, start+1, true)
			at = closing + 1
		}
		cut := d.cut(record[at:])
		if cut < 0 {
			break
		}
		at += cut + d.width()
	}
	return n
}

// rate scores a reading from 0 to 1: regularity × fields × likeness to values.
func (r *reading) rate() {
	cells, likely, mended := 0, 0.0, 0
	for i := range r.rows {
		read := &r.rows[i]
		switch {
		case read.code != "":
			r.broken++
			if r.broken <= fewRows*10 && r.dialect.recover(read.raw, r.width) != nil {
				mended++
			}
		case len(read.fields) == r.width:
			r.regular++
			for _, field := range read.fields {
				cells++
				likely += likeness(field, r.dialect.delimiter)
			}
		}
	}
	if cells == 0 || r.width < 2 {
		return
	}
	regularity := (float64(r.regular) + float64(mended)/2) / float64(len(r.rows))
	r.score = regularity * float64(r.width-1) / float64(r.width) * likely / float64(cells)
}

// likeness is how much a field looks like one value, from 0 to 1.
func likeness(field []byte, delimiter byte) float64 {
	switch shapeOf(field) {
	case shapeNone, shapeNumber, shapeMoment:
		return 1
	case shapeOther:
		return 0.5
	}
	field = bytes.TrimSpace(field)
	if first, last := field[0], field[len(field)-1]; first == last && bytes.IndexByte([]byte(quotes), first) >= 0 {
		return 0.3
	}
	for _, other := range []byte(";\t|") {
		if other != delimiter && bytes.IndexByte(field, other) >= 0 {
			return 0.4
		}
	}
	return 0.95
}

// equallyGood says whether this reading is as regular as the one that was taken:
// every row has the same number of fields in both. A delimiter that is always
// followed by a space, next to one that never is, is punctuation.
func (r *reading) equallyGood(taken *reading) bool {
	if len(r.rows) < 2 || r.regular < len(r.rows) || taken.regular < len(taken.rows) {
		return false
	}
	return !r.spaced() || taken.spaced()
}

// spaced says whether each field but the first of each row begins with a space.
func (r *reading) spaced() bool {
	for i := range r.rows {
		for j, field := range r.rows[i].fields {
			if j > 0 && len(field) > 0 && field[0] != ' ' {
				return false
			}
		}
	}
	return true
}

// widened tries a delimiter of two characters: followed by a space, or doubled.
func (r *reading) widened(sample []byte) reading {
	d := r.dialect
	if d.wide != "" || d.delimiter == ' ' {
		return *r
	}
	b := string(rune(d.delimiter))
	d.wide = b + " "
	if r.someSpace() {
		if spaced := readSample(sample, d); spaced.width == r.width && spaced.regular >= r.regular && spaced.broken <= r.broken {
			return spaced
		}
	}
	d.wide = b + b
	if bytes.Contains(sample, []byte(d.wide)) && r.width > 2 {
		if doubled := readSample(sample, d); doubled.width*2-1 == r.width && doubled.regular >= r.regular {
			return doubled
		}
	}
	return *r
}

// someSpace says whether a field begins with a space, or is quoted after one.
func (r *reading) someSpace() bool {
	two := []byte{r.dialect.delimiter, ' '}
	for i := range r.rows {
		if bytes.Contains(r.rows[i].raw, two) {
			return true
		}
	}
	return false
}
