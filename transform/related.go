package transform

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"tavolo/transform/kpi"
)

// relation says that a column of counts holds what another counts of some items: contacts on
// dedicated channels are, of the contacts by patronati, those of three channels. Who reads
// the definitions knows; it is found in the numbers, of a project's own marts too.
type relation struct {
	Total term   `json:"total"`
	Parts []term `json:"parts"`
}

// term is a column, or one item of it.
type term struct {
	Column    string        `json:"column"` // "mart.column", the first of those that hold the same
	Breakdown kpi.Breakdown `json:"breakdown,omitempty"`
	Item      string        `json:"item,omitempty"`
}

// remainder says that a stock is in the last month what is open of all months.
type remainder struct {
	Stock string `json:"stock"`
	Open  string `json:"open"`
}

// fewMonths is in how many months a column must count somebody for its relations to be told
// from chance: of what begins, none is found yet.
const fewMonths = 4

// related is the search for relations between columns of counts that are not the same.
type related struct {
	run     *run
	of      totals
	columns []counted // one for each that holds something else
}

// relate finds the relations between columns of counts that are not the same.
func (r *run) relate(ctx context.Context, same *families, all []counted, of totals, byMart map[string][]*kpi.Indicator) (err error) {
	s := &related{run: r, of: of}
	for _, c := range all {
		if same.columnOf(c.mart, c.column) == c.String() {
			s.columns = append(s.columns, c)
		}
	}
	if same.Relations, err = s.subsets(ctx); err != nil {
		return err
	}
	stocks, opens, waiting := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, indicators := range byMart {
		for _, k := range indicators {
			if k.Statistic == kpi.Distribution && k.Open != "" {
				opens[same.columnOf(k.Mart, k.Open)] = true
				waiting[same.columnOf(k.Mart, columnsOf(k)[0])] = same.columnOf(k.Mart, k.Open)
			}
			if k.Stock {
				stocks[same.columnOf(k.Mart, k.Numerator)] = true
			}
		}
	}
	same.Relations = append(same.Relations, s.sums(waiting)...)
	same.Remainders = s.remainders(stocks, opens)
	return nil
}

// divided is a column by one of its breakdowns, with the columns that may count what it
// counts of some items.
type divided struct {
	column counted
	by     kpi.Breakdown
	totals []string
}

// subsets finds columns that count all together what another counts of one item or of some.
// Of the many that might, a few months refute nearly all; the others are compared in all
// months, which are read for them alone.
func (s *related) subsets(ctx context.Context) (relations []relation, err error) {
	suspects, err := s.suspects(ctx)
	if err != nil || len(suspects) == 0 {
		return nil, err
	}
	whole := s.run.wholeMargins(s.of)
	if err := s.read(ctx, whole, suspects); err != nil {
		return nil, err
	}
	for _, d := range suspects {
		f := whole.fit(d.column.String(), d.by)
		if f == nil {
			continue
		}
		for _, column := range d.totals {
			total := term{Column: column}
			if items := f.some(whole.of[total]); len(items) > 0 {
				relations = append(relations, relation{total, items})
			}
		}
	}
	return relations, nil
}

// suspects gives what the sample does not refute.
func (s *related) suspects(ctx context.Context) (suspects []divided, err error) {
	var all []divided
	for _, c := range s.columns {
		for _, by := range c.breakdowns {
			if len(by.Crosses()) == 0 && len(s.of[c.String()]) > 0 {
				all = append(all, divided{column: c, by: by})
			}
		}
	}
	sample := s.run.sampleMargins(s.of, s.sample())
	if err := s.read(ctx, sample, all); err != nil {
		return nil, err
	}
	telling := slices.DeleteFunc(slices.Clone(s.columns), func(c counted) bool { return !s.tells(c.String()) })
	for _, d := range all {
		f := sample.fit(d.column.String(), d.by)
		for _, c := range telling {
			if c.String() != d.column.String() && (f == nil || f.mayBe(sample.of[term{Column: c.String()}])) {
				d.totals = append(d.totals, c.String())
			}
		}
		if len(d.totals) > 0 {
			suspects = append(suspects, d)
		}
	}
	return suspects, nil
}

// sample gives a few months, ascending, so that each column that is compared counts
// somebody in one of them: of one that does not, nothing would be refuted.
func (s *related) sample() []string {
	last := s.run.at.last.Format(time.DateOnly)
	months := map[string]bool{last: true}
	for _, c := range s.columns {
		counts := s.monthsOf(c.String())
		if len(counts) > 0 && !slices.ContainsFunc(counts, func(month string) bool { return months[month] }) {
			months[counts[len(counts)-1]] = true
		}
	}
	return slices.Sorted(maps.Keys(months))
}

// read reads columns by their breakdowns, those of one mart by the same one together.
func (s *related) read(ctx context.Context, into *margins, all []divided) error {
	asked := map[string]map[kpi.Breakdown][]counted{}
	for _, d := range all {
		if asked[d.column.mart] == nil {
			asked[d.column.mart] = map[kpi.Breakdown][]counted{}
		}
		asked[d.column.mart][d.by] = append(asked[d.column.mart][d.by], d.column)
	}
	for _, mart := range slices.Sorted(maps.Keys(asked)) {
		for _, by := range slices.Sorted(maps.Keys(asked[mart])) {
			if err := into.ask(ctx, s.run.engine, asked[mart][by], by); err != nil {
				return err
			}
		}
	}
	return nil
}

// monthsOf gives the months in which a column counts somebody, ascending.
func (s *related) monthsOf(column string) []string {
	months := map[string]bool{}
	for at := range s.of[column] {
		months[at.month] = true
	}
	return slices.Sorted(maps.Keys(months))
}

// tells says whether a column counts somebody in so many months that it can be compared.
func (s *related) tells(column string) bool { return len(s.monthsOf(column)) >= fewMonths }

// remainders finds stocks that are, in the last month, what is open of all months.
func (s *related) remainders(stocks, opens map[string]bool) (some []remainder) {
	last := s.run.at.last.Format(time.DateOnly)
	for _, c := range s.columns {
		if !stocks[c.String()] || !s.tells(c.String()) {
			continue
		}
		stock := s.byTerritory(c.String(), func(month string) bool { return month == last })
		for _, open := range s.columns {
			if opens[open.String()] && len(s.of[open.String()]) > 0 && maps.Equal(stock, s.byTerritory(open.String(), func(string) bool { return true })) {
				some = append(some, remainder{c.String(), open.String()})
			}
		}
	}
	return some
}

// byTerritory gives what a column counts in each territory that the references know, in some months.
func (s *related) byTerritory(column string, in func(month string) bool) map[string]float64 {
	counts := map[string]float64{}
	for at, n := range s.of[column] {
		if _, known := slices.BinarySearchFunc(s.run.places, at.territory, strings.Compare); known && in(at.month) {
			counts[at.territory] += n
		}
	}
	return counts
}
