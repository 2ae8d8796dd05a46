package mapping

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/source"
)

// Suggestion is a first mapping of a file to a log, for a person to complete.
type Suggestion struct {
	Contract *contract.Contract
	Columns  []SuggestedColumn // in the order of the contract, those without a match included
	Unused   []string          // columns of the file that nothing comes from
	Score    float64           // 0 to 1: the share of the log's columns that were found, and how surely, and of the file's that were used
}

// SuggestedColumn is one column of the log with the column of the file that its
// name, its title and its values speak for.
type SuggestedColumn struct {
	Column *contract.Column
	From   string // "" where nothing fits
	Clock  string // the column that the time of day is in, where From has the date alone; else ""
	Layout string // of a date or timestamp that is not in ISO 8601
}

// enough is the least likeness of a column of the file to one of the log.
const enough = 0.5

// Suggest maps the columns of a file to each of the contracts and gives the
// mappings, the best first. It looks at names, titles in both languages, and the
// values only as far as their form tells a date from a number; person says
// whether a value names one.
func Suggest(contracts []*contract.Contract, looks []source.Look, person func(value string) bool) []Suggestion {
	var all []Suggestion
	for _, c := range contracts {
		all = append(all, suggest(c, looks, person))
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// pairing is a possible match.
type pairing struct {
	column, look int
	likeness     float64
}

func suggest(c *contract.Contract, looks []source.Look, person func(string) bool) Suggestion {
	var pairs []pairing
	for i := range c.Columns {
		for j := range looks {
			likeness := likenessOf(c.Log, &c.Columns[i], &looks[j], person)
			if slices.Contains(c.Key, c.Columns[i].Name) && numbers(looks[j].Name) {
				likeness += 0.2
			}
			if likeness >= enough {
				pairs = append(pairs, pairing{i, j, likeness})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pairing) int { return cmp.Compare(b.likeness, a.likeness) })
	s := Suggestion{Contract: c, Columns: make([]SuggestedColumn, len(c.Columns))}
	used := make([]bool, len(looks))
	wanted, found := 0.0, 0.0
	for _, p := range pairs {
		to := &s.Columns[p.column]
		if used[p.look] || to.From != "" {
			continue
		}
		used[p.look], to.From = true, looks[p.look].Name
		if t := c.Columns[p.column].Type; t == contract.Date || t == contract.Timestamp {
			to.Layout = layoutOf(looks[p.look].Samples)
		}
		found += weight(c, p.column) * min(1, p.likeness)
	}
	for i := range c.Columns {
		s.Columns[i].Column = &c.Columns[i]
		wanted += weight(c, i)
		if joinClock(&s.Columns[i], looks, used) {
			found += weight(c, i) * enough
		}
	}
	for j, look := range looks {
		if !used[j] {
			s.Unused = append(s.Unused, look.Name)
		}
	}
	s.Score = found / wanted * (1 - float64(len(s.Unused))/float64(2*len(looks)))
	return s
}

// numbers says whether a column is named as one of identifiers.
func numbers(name string) bool {
	first, _, _ := strings.Cut(contract.Fold(name), "_")
	return slices.Contains([]string{"id", "identificativo", "codice", "numero", "nr", "protocollo", "prot."}, first)
}

// weight is how much a column counts for the likelihood of its log: most, what
// the rows are named by.
func weight(c *contract.Contract, column int) float64 {
	switch {
	case slices.Contains(c.Key, c.Columns[column].Name):
		return 2
	case c.Columns[column].Required:
		return 1
	}
	return 0.25
}

// joinClock has a timestamp come from two columns, where a date stands alone in
// its column and a time of day in the next. A timestamp that every row must have,
// and that no column is named for, takes the first such pair that is left; the
// answer is whether it did.
func joinClock(to *SuggestedColumn, looks []source.Look, used []bool) bool {
	if to.Column.Type != contract.Timestamp || to.From == "" && !to.Column.Required {
		return false
	}
	for j := range len(looks) - 1 {
		date, clock := &looks[j], &looks[j+1]
		wanted := to.From == "" && !used[j] || to.From == date.Name
		if !wanted || used[j+1] || !isEach(date.Samples, isDate) || !isEach(clock.Samples, isClock) {
			continue
		}
		isNew := to.From == ""
		used[j], used[j+1] = true, true
		to.From, to.Clock = date.Name, clock.Name
		to.Layout = layoutOf([]string{date.Samples[0] + " " + clock.Samples[0]})
		if to.Layout == "" { // of a date in ISO 8601, which beside a clock is to be said
			to.Layout = "yyyy-MM-dd HH:mm" + strings.Repeat(":ss", strings.Count(clock.Samples[0], ":")-1)
		}
		return isNew
	}
	return false
}

func isEach(samples []string, is func(string) bool) bool {
	return len(samples) > 0 && !slices.ContainsFunc(samples, func(sample string) bool { return !is(strings.TrimSpace(sample)) })
}

// isMoment says whether a sample may be a date or a date with a time: it begins
// with a digit and has a sign of one, or is a day as spreadsheets count them, of
// this century's first half.
func isMoment(sample string) bool {
	if serial, err := strconv.ParseFloat(sample, 64); err == nil {
		return serial >= 36_526 && serial < 54_789 && len(sample) >= 5
	}
	return sample != "" && sample[0] >= '0' && sample[0] <= '9' && strings.ContainsAny(sample, "-/.:")
}

// isDate says whether a sample of a moment has no time of day.
func isDate(sample string) bool { return !strings.ContainsAny(sample, ": T") }

// isClock says whether a sample is a time of day alone.
func isClock(sample string) bool {
	_, err := time.Parse("15:04", sample)
	if err != nil {
		_, err = time.Parse("15:04:05", sample)
	}
	return err == nil
}

// likenessOf compares a column of the log with one of a file.
func likenessOf(log string, c *contract.Column, look *source.Look, person func(string) bool) float64 {
	best := 0.0
	for _, name := range append([]string{c.Name, c.Title.IT, c.Title.EN}, slices.Concat(spellings[log+"."+c.Name], spellings["*."+c.Name])...) {
		best = max(best, nameLikeness(contract.Fold(look.Name), contract.Fold(name)))
	}
	persons := slices.ContainsFunc(look.Samples, person)
	timed := c.Type == contract.Date || c.Type == contract.Timestamp
	switch {
	case persons && c.Type == contract.Person:
		return best + 1
	case persons:
		return 0
	case look.Filled == 0:
		return best
	case timed != isEach(look.Samples, isMoment), timed && isEach(look.Samples, isClock):
		return best - 0.6
	case (c.Type == contract.Integer || c.Type == contract.Decimal) && look.Kind != "number":
		return best - 0.4
	}
	return best
}

// nameLikeness compares two folded names word by word; words are the same when
// one begins with the first four letters of the other, as prov and provincia do.
func nameLikeness(a, b string) float64 {
	if a == b {
		return 1
	}
	left, right := words(a), words(b)
	if len(left) == 0 || len(right) == 0 {
		return 0
	}
	common := 0
	for _, word := range left {
		if slices.ContainsFunc(right, func(other string) bool { return sameStem(word, other) }) {
			common++
		}
	}
	return 0.95 * 2 * float64(common) / float64(len(left)+len(right))
}

// words takes a folded name apart and leaves out the smallest words.
func words(name string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("_.'/()", r) }),
		func(word string) bool {
			return len(word) < 2 || slices.Contains([]string{"di", "del", "della", "of", "the", "il", "la", "codice", "code"}, word)
		})
}

func sameStem(a, b string) bool {
	const stem = 4
	return a == b || len(a) >= stem && len(b) >= stem && a[:stem] == b[:stem]
}

// layoutOf gives the layout of dates as samples show it, or "" for ISO 8601 and
// for what is not clear: a day that could be a month is taken for a day.
func layoutOf(samples []string) string {
	if len(samples) == 0 {
		return ""
	}
	date, clock, _ := strings.Cut(strings.TrimSpace(samples[0]), " ")
	parts := strings.FieldsFunc(date, func(r rune) bool { return r < '0' || r > '9' })
	at := strings.IndexFunc(date, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) != 3 || at < 0 || strings.Contains(date, "T") {
		return ""
	}
	separator, layout := date[at:at+1], ""
	switch {
	case len(parts[0]) == 4 && separator == "-":
		return ""
	case len(parts[0]) == 4:
		layout = "yyyy" + separator + "MM" + separator + "dd"
	case len(parts[2]) == 4 || len(parts[2]) == 2:
		layout = "dd" + separator + "MM" + separator + "yyyy"[:len(parts[2])]
		if len(parts[0]) == 1 || len(parts[1]) == 1 {
			layout = "d" + separator + "M" + separator + "yyyy"[:len(parts[2])]
		}
	default:
		return ""
	}
	switch strings.Count(clock, ":") {
	case 1:
		layout += " HH:mm"
	case 2:
		layout += " HH:mm:ss"
	}
	return layout
}
