package source

import "bytes"

// recoverSteps bounds the search for a reading of a broken line.
const recoverSteps = 200

// recover splits a line with a misplaced quote into so many fields, when there
// is exactly one way to do it: every quote that begins a field may be text, and
// every quote before a delimiter may be the closing one. What it gives is for
// people who correct the line, and never taken for a row.
func (d *dialect) recover(line []byte, fields int) [][]byte {
	s := salvage{dialect: d, wanted: fields, steps: recoverSteps}
	s.search(line, nil)
	if s.found != 1 || s.steps <= 0 {
		return nil
	}
	return s.best
}

// salvage is one search for the readings of a line.
type salvage struct {
	dialect *dialect
	wanted  int
	steps   int
	found   int // readings with the wanted number of fields, at most 2
	best    [][]byte
}

// search tries every reading of rest after the fields that are read already.
func (s *salvage) search(rest []byte, read [][]byte) {
	if s.steps--; s.steps <= 0 || s.found > 1 || len(read) >= s.wanted {
		return
	}
	d := s.dialect
	start := d.spaces(rest)
	if start < len(rest) && rest[start] == d.quote && d.quote != 0 {
		s.searchQuoted(rest[start+1:], read)
	}
	if cut := d.cut(rest); cut >= 0 {
		s.search(rest[cut+d.width():], append(read[:len(read):len(read)], rest[:cut]))
		return
	}
	s.finish(rest, read)
}

// searchQuoted tries every end of a quoted field.
func (s *salvage) searchQuoted(rest []byte, read [][]byte) {
	d := s.dialect
	for at := 0; s.steps > 0; at++ {
		step := bytes.IndexByte(rest[at:], d.quote)
		if step < 0 {
			return
		}
		at += step
		after := at + 1 + d.spaces(rest[at+1:])
		content := bytes.ReplaceAll(rest[:at], []byte{d.quote, d.quote}, []byte{d.quote})
		switch {
		case !s.balanced(rest[:at]):
		case after == len(rest):
			s.finish(content, read)
		case d.delimits(rest[after:]) > 0:
			s.search(rest[after+d.delimits(rest[after:]):], append(read[:len(read):len(read)], content))
		}
	}
}

// balanced says whether content may be that of a quoted field: it does not hold
// what would be the end of a field and the beginning of the next.
func (s *salvage) balanced(content []byte) bool {
	d := s.dialect
	for at := 0; ; at++ {
		step := bytes.IndexByte(content[at:], d.quote)
		if step < 0 {
			return true
		}
		at += step
		rest := content[at+1:]
		if len(rest) == 0 || d.delimits(rest) == 0 {
			continue
		}
		rest = rest[d.delimits(rest):]
		if len(rest) > 0 && rest[0] == d.quote {
			return false
		}
	}
}

func (s *salvage) finish(last []byte, read [][]byte) {
	if len(read)+1 != s.wanted {
		return
	}
	if s.found++; s.found == 1 {
		s.best = append(read[:len(read):len(read)], last)
	}
}
