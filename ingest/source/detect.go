package source

import "bytes"

const (
	sampleBytes   = 64 << 10 // from which a dialect is detected
	sampleRecords = 200
)

// candidates are the delimiters in use, in the order in which a tie is decided.
const candidates = ";,\t|"

// detect fills in what the format leaves open, from the beginning of the file.
func (r *csvReader) detect() {
	sample := r.window.text()
	if !r.window.whole {
		sample = wholeLines(sample)
	}
	delimiter, _ := delimiterByte(r.format.Delimiter)
	quote, quoteGiven := quoteByte(r.format.Quote)
	r.dialect = detectDialect(sample, dialect{delimiter, quote}, quoteGiven)

	name := canonicalEncoding(r.format.Encoding)
	if name == "" {
		name = guessEncoding(sample)
	}
	r.decoder = newDecoder(name)

	r.format.Type = typeCSV
	r.format.Delimiter = delimiterName(r.dialect.delimiter)
	r.format.Quote = quoteName(r.dialect.quote)
	if r.format.Decimal == "" {
		r.format.Decimal = "."
	}
}

// wholeLines cuts a sample after its last line end, if it has one.
func wholeLines(sample []byte) []byte {
	if last := bytes.LastIndexAny(sample, "\r\n"); last >= 0 {
		return sample[:last+1]
	}
	return sample
}

// detectDialect chooses, among the dialects that agree with what is given, the
// one in which the most records have as many fields as the first; of equals, the
// one with more fields; of these, the first.
func detectDialect(sample []byte, given dialect, quoteGiven bool) dialect {
	delimiters, quotes := []byte(candidates), []byte{'"', '\''}
	if given.delimiter != 0 {
		delimiters = []byte{given.delimiter}
	}
	if quoteGiven {
		quotes = []byte{given.quote}
	}
	best, bestScore := dialect{unused(sample, delimiters), quotes[0]}, score{}
	for _, quote := range quotes {
		for _, delimiter := range delimiters {
			d := dialect{delimiter, quote}
			s := d.score(sample)
			if quote == '\'' && !quoteGiven && s.closed == 0 {
				continue // no more than apostrophes
			}
			if s.beats(bestScore) {
				best, bestScore = d, s
			}
		}
	}
	return best
}

// unused gives the first delimiter that the sample of a single column does not have.
func unused(sample, delimiters []byte) byte {
	for _, b := range delimiters {
		if bytes.IndexByte(sample, b) < 0 {
			return b
		}
	}
	return delimiters[0]
}

// score is how well a dialect fits a sample.
type score struct {
	records int
	regular int // records with as many fields as the first, and without a problem
	fields  int // of the first record
	closed  int // records with quotes that are all closed
}

func (s score) beats(other score) bool {
	if s.fields < 2 {
		return false
	}
	if a, b := s.regular*other.records, other.regular*s.records; a != b || other.records == 0 {
		return a > b || other.records == 0
	}
	return s.fields > other.fields
}

func (d dialect) score(sample []byte) score {
	var s score
	var fields [][]byte
	for len(sample) > 0 && s.records < sampleRecords {
		e, _ := d.split(sample, true, len(sample))
		record := sample[:e.end]
		sample = sample[e.next:]
		if !e.quoted && d.blank(record) {
			continue
		}
		s.records++
		if e.code != "" {
			continue
		}
		fields, _ = d.quotedFields(fields[:0], nil, record, len(record))
		if s.fields == 0 {
			s.fields = len(fields)
		}
		if len(fields) == s.fields {
			s.regular++
			if e.quoted {
				s.closed++
			}
		}
	}
	return s
}
