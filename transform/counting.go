package transform

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
)

// counting answers all questions that are put to a mart while its files are read once. What
// an engine does for each of them, to read the columns again, to hash their texts and to hand
// over the answer row by row, takes of a large mart longer for one question than this for
// ten: a column of few texts lies in its file as numbers, and is counted by these.
//
// A mart lies in the order of its months, and what is counted of a month needs more memory
// than a processor has at hand. So all months are read at once, territory by territory.
type counting struct {
	names   martNames
	cursors []*cursor
	answers []*answering
}

// cursor is a row group of a mart that is being read.
type cursor struct {
	martRows
	file string
	next func() (arrow.RecordBatch, error, bool)
	at   int // the row that comes next
}

// countAll answers questions that are put to the mart of some files, in their order. What
// follows from the answers does not depend on the order of the rows.
func countAll(ctx context.Context, files []string, questions []question) ([]*tally, error) {
	c := &counting{names: newMartNames(questions)}
	for _, q := range questions {
		c.answers = append(c.answers, newAnswering(q))
	}
	end, err := c.open(ctx, files)
	defer end()
	if err != nil {
		return nil, err
	}
	for more := true; more; {
		if more, err = c.countTerritory(); err != nil {
			return nil, err
		}
	}
	tallies := make([]*tally, len(questions))
	for i, a := range c.answers {
		tallies[i] = a.finish(&c.names)
	}
	return tallies, nil
}

// open opens a cursor in each row group of the files. What it gives closes them all, also
// after an error.
func (c *counting) open(ctx context.Context, files []string) (end func(), err error) {
	var ends []func()
	end = func() {
		for _, one := range slices.Backward(ends) {
			one()
		}
	}
	for _, name := range files {
		in, err := file.OpenParquetFile(name, false)
		if err != nil {
			return end, unreadable(name, err)
		}
		ends = append(ends, func() { in.Close() })
		columns, err := c.names.in(in.MetaData().Schema)
		if err != nil {
			return end, fmt.Errorf("%s: %w", name, err)
		}
		for group := range in.NumRowGroups() {
			next, stop := iter.Pull2(recordBatches(ctx, in, columns, []int{group}))
			ends = append(ends, stop)
			c.cursors = append(c.cursors, &cursor{martRows: newMartRows(), file: name, next: next})
		}
	}
	return end, nil
}

// unreadable tells of a file of a mart that cannot be read, and what to do.
func unreadable(name string, err error) error {
	return diagnostic.Hinted(fmt.Errorf("%s: %w", name, err), duckdb.DamagedHint)
}

// countTerritory counts the rows of one territory that come next; more is false when there
// are none of any.
func (c *counting) countTerritory() (more bool, err error) {
	var open []*cursor
	first := ""
	for _, one := range c.cursors {
		more, err := one.fill(&c.names)
		if err != nil {
			return false, err
		}
		if more {
			if name := c.names.territory(one.places[one.at]); len(open) == 0 || name < first {
				first = name
			}
			open = append(open, one)
		}
	}
	c.cursors = open
	for _, one := range open {
		if c.names.territory(one.places[one.at]) != first {
			continue
		}
		if err := one.count(&c.names, c.answers); err != nil {
			return false, err
		}
	}
	for _, a := range c.answers {
		a.leave(first)
	}
	return len(open) > 0, nil
}

// fill makes a row come next, if there is one left.
func (c *cursor) fill(names *martNames) (more bool, err error) {
	for c.at == len(c.places) {
		batch, err, more := c.next()
		if !more {
			return false, nil
		}
		if err != nil {
			return false, unreadable(c.file, err)
		}
		if err := c.take(batch, names); err != nil {
			return false, fmt.Errorf("%s: %w", c.file, err)
		}
		c.at = 0
	}
	return true, nil
}

// count counts the rows that come next as long as they are of the territory of the first.
func (c *cursor) count(names *martNames, answers []*answering) error {
	territory := c.places[c.at]
	for {
		end := c.at
		for end < len(c.places) && c.places[end] == territory {
			end++
		}
		for _, a := range answers {
			if err := a.count(&c.martRows, c.at, end); err != nil {
				return fmt.Errorf("%s: %w", c.file, err)
			}
		}
		c.at = end
		if more, err := c.fill(names); err != nil || !more || c.places[c.at] != territory {
			return err
		}
	}
}

// answering is a question with what has been counted of it.
type answering struct {
	question
	spanOf map[arrow.Date32]int32 // month → span
	joined []*numbering[joint]    // of items that are made of several columns
	counts *tally                 // items and values are still numbers as they came

	entries map[entryKey]int // of the territory that is being counted: the index of their first sums
}

// entryKey is what an entry of a territory counts: numbers of an item, a span and a value.
type entryKey struct{ item, span, value int32 }

// joint is an item so far, and the value of the next column that is joined to it.
type joint struct{ item, next int32 }

func newAnswering(q question) *answering {
	a := &answering{question: q, spanOf: map[arrow.Date32]int32{}, entries: map[entryKey]int{}}
	a.counts = &tally{spans: q.spans, columns: q.columns, broken: len(q.by) > 0, places: map[place][]entry{}}
	for i, s := range q.spans {
		for month := s.from; !month.After(s.to); month = month.AddDate(0, 1, 0) {
			a.spanOf[arrow.Date32FromTime(month)] = int32(i)
		}
	}
	for i := 1; i < len(q.by); i++ {
		a.joined = append(a.joined, newNumbering[joint]())
	}
	return a
}

// count counts rows of one territory.
func (a *answering) count(rows *martRows, from, end int) error {
	items, values, counts := make([][]int32, len(a.by)), rows.values[a.value], make([][]int64, len(a.columns))
	for i, column := range a.by {
		items[i] = rows.codes[column]
	}
	for i, column := range a.columns {
		counts[i] = rows.counts[column.column]
	}
	month, span, known := noMonth, int32(0), false
	last, at := entryKey{item: -1}, 0 // rows that lie together are often of one entry
	for r := from; r < end; r++ {
		if m := rows.months[r]; m != month {
			month = m
			span, known = a.spanOf[m]
		}
		if !known {
			continue
		}
		key := entryKey{span: span, value: unobserved}
		if len(items) > 0 {
			key.item = items[0][r]
		}
		for i := range a.joined {
			key.item = a.joined[i].of(joint{key.item, items[i+1][r]})
		}
		if values != nil {
			key.value = values[r]
		}
		if key != last {
			last, at = key, a.sums(key)
		}
		for i, numbers := range counts {
			before := a.counts.numbers[at+i]
			sum := before + numbers[r]
			if (sum < before) != (numbers[r] < 0) {
				return fmt.Errorf("column %q: its sum is more than 64 bits hold", a.columns[i].column)
			}
			a.counts.numbers[at+i] = sum
		}
	}
	return nil
}

// sums gives the index of the first sum of an entry.
func (a *answering) sums(key entryKey) int {
	at, ok := a.entries[key]
	if !ok {
		at = len(a.counts.numbers)
		a.entries[key] = at
		for range a.columns {
			a.counts.numbers = append(a.counts.numbers, 0)
		}
	}
	return at
}

// leave puts what has been counted of a territory into its place.
func (a *answering) leave(territory string) {
	for key, at := range a.entries {
		in := place{territory, key.item}
		a.counts.places[in] = append(a.counts.places[in], entry{key.span, key.value, int32(at)})
	}
	clear(a.entries)
}

// finish gives what has been counted with items and values in their order.
func (a *answering) finish(names *martNames) *tally {
	var values []float64
	if a.value != "" {
		values = names.observed[a.value].things
	}
	a.counts.rank(a.items(names), values)
	return a.counts
}

// items gives the names of the question's items, by their numbers.
func (a *answering) items(names *martNames) []string {
	if len(a.by) == 0 {
		return []string{""}
	}
	items := names.texts[a.by[0]].things
	for i, joined := range a.joined {
		next, all := names.texts[a.by[i+1]].things, make([]string, len(joined.things))
		for number, pair := range joined.things {
			all[number] = strings.Join([]string{items[pair.item], next[pair.next]}, cmp.Or(a.joint, separator))
		}
		items = all
	}
	return items
}
