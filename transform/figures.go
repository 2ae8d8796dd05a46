package transform

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// key names a cell among those of one indicator.
type key struct {
	territory string
	grain     result.Grain
	start     int64 // seconds since 1970
	breakdown string
	item      string
}

func keyOf(c *result.Cell) key {
	return key{c.Territory, c.Grain, c.Start.Unix(), c.Breakdown, c.Item}
}

// figures are the cells of one indicator while they are being worked out, in
// the order in which they are published.
type figures struct {
	k     *kpi.Indicator
	refs  *reference.Tables
	at    horizon
	cells []result.Cell
	index map[key]int

	withheld []result.Cell       // of the last month, as they were before
	itemsOf  map[string][]string // memo of items
}

func (f *figures) cell(k key) *result.Cell {
	if i, ok := f.index[k]; ok {
		return &f.cells[i]
	}
	return nil
}

// measure asks the engine for all totals of an indicator and gives them their
// values, intervals and classes. Nothing is withheld yet.
func (r *run) measure(ctx context.Context, k *kpi.Indicator) (*figures, error) {
	f := &figures{k: k, refs: r.job.References, at: r.at}
	var whole, broken []period
	for _, p := range r.periods {
		p = p.of(k, r.at.asOf)
		whole = append(whole, p)
		if p.broken {
			p.deep = p.nested
			broken = append(broken, p)
		}
	}
	if err := r.roll(ctx, f, rollup{indicator: k, periods: whole}); err != nil {
		return nil, err
	}
	for _, breakdown := range k.Breakdowns {
		if err := r.roll(ctx, f, rollup{k, breakdown, broken}); err != nil {
			return nil, err
		}
	}
	f.complete()
	f.sort()
	if len(k.Strata) > 0 {
		if err := r.expect(ctx, f, expectation{k, whole}); err != nil {
			return nil, err
		}
	}
	for i := range f.cells {
		f.value(&f.cells[i])
	}
	return f, nil
}

// roll adds the cells that answer a rollup.
func (r *run) roll(ctx context.Context, f *figures, q rollup) error {
	if len(q.periods) == 0 {
		return nil
	}
	for row, err := range r.engine.Rows(ctx, q.query()) {
		if err != nil {
			return fmt.Errorf("indicator %s: %w", q.indicator.ID, err)
		}
		cell, ok := f.blank(row[0].(string))
		if !ok {
			continue
		}
		p := q.periods[row[1].(int64)]
		cell.Grain, cell.Start = p.grain, p.start
		cell.Breakdown, cell.Item = string(q.breakdown), row[2].(string)
		cell.Numerator, cell.Denominator = number(row[3]), number(row[4])
		cell.Value, cell.Lower, cell.Upper = number(row[5]), number(row[6]), number(row[7])
		cell.P90, cell.Open = number(row[8]), number(row[9])
		f.cells = append(f.cells, cell)
	}
	return nil
}

// expect fills the expected numerators of the cells that are not broken down.
func (r *run) expect(ctx context.Context, f *figures, q expectation) error {
	for row, err := range r.engine.Rows(ctx, q.query()) {
		if err != nil {
			return fmt.Errorf("indicator %s: strata: %w", q.indicator.ID, err)
		}
		p := q.periods[row[1].(int64)]
		if cell := f.cell(key{territory: row[0].(string), grain: p.grain, start: p.start.Unix()}); cell != nil {
			cell.Expected = number(row[2])
		}
	}
	return nil
}

func number(value any) float64 {
	if v, ok := value.(float64); ok {
		return v
	}
	return math.NaN()
}

// blank is a cell of a territory without any numbers; ok is false when the
// indicator means nothing at the territory's level.
func (f *figures) blank(territory string) (cell result.Cell, ok bool) {
	t, known := f.refs.Territory(territory)
	if !known || !f.k.HasLevel(t.Level) {
		return result.Cell{}, false
	}
	nan := math.NaN()
	return result.Cell{
		Indicator: f.k.ID, Territory: territory, Level: t.Level,
		Numerator: nan, Denominator: nan, Value: nan, Lower: nan, Upper: nan, P90: nan, Open: nan,
		Expected: nan, Standardised: nan, StdLower: nan, StdUpper: nan, Shrunk: nan, Previous: nan, YearAgo: nan,
	}, true
}

// complete adds a cell without data for every territory that has none in the
// last month or the twelve months that end with it, so that a table of
// territories names them all.
func (f *figures) complete() {
	present := map[key]bool{}
	for i := range f.cells {
		if c := &f.cells[i]; c.Breakdown == "" && c.Start.Equal(f.at.last) {
			present[keyOf(c)] = true
		}
	}
	for _, territory := range f.refs.Territories() {
		for _, grain := range []result.Grain{result.Month, result.Rolling12} {
			cell, ok := f.blank(territory.Code)
			cell.Grain, cell.Start = grain, f.at.last
			if ok && !present[keyOf(&cell)] {
				present[keyOf(&cell)] = true
				f.cells = append(f.cells, cell)
			}
		}
	}
}

// sort brings the cells into their published order and indexes them.
func (f *figures) sort() {
	slices.SortFunc(f.cells, compareCells)
	f.index = make(map[key]int, len(f.cells))
	for i := range f.cells {
		f.index[keyOf(&f.cells[i])] = i
	}
}

func compareCells(a, b result.Cell) int {
	return cmp.Or(
		strings.Compare(a.Indicator, b.Indicator), strings.Compare(a.Territory, b.Territory),
		strings.Compare(string(a.Grain), string(b.Grain)), a.Start.Compare(b.Start),
		strings.Compare(a.Breakdown, b.Breakdown), strings.Compare(a.Item, b.Item),
	)
}

// value completes a cell from its totals: value, interval and class.
func (f *figures) value(c *result.Cell) {
	if f.k.PerPopulation && !math.IsNaN(c.Numerator) {
		territory, _ := f.refs.Territory(c.Territory)
		c.Denominator = float64(territory.Population)
	}
	if f.k.Statistic == kpi.Rate && c.Denominator > 0 {
		c.Value = c.Numerator / c.Denominator
		limits := f.interval(c.Numerator, c.Denominator)
		c.Lower, c.Upper = limits.Lower, limits.Upper
	}
	c.Class = f.class(c)
}

func (f *figures) interval(x, n float64) stats.Interval {
	switch f.k.Interval {
	case kpi.Wilson:
		return stats.Wilson(x, n, stats.Z95)
	case kpi.Byar:
		return stats.PoissonRate(x, n, stats.Z95)
	}
	return stats.None()
}

// class says how far a cell may be trusted, before disclosure control.
func (f *figures) class(c *result.Cell) result.Class {
	switch {
	case math.IsNaN(c.Value):
		return result.NoData
	case c.Grain == result.Month && !mature(c.Start, f.k.MaturityDays, f.at.asOf):
		return result.Immature
	case c.Grain != result.Month && !mature(firstMonth(c, f.at.first), f.k.MaturityDays, f.at.asOf):
		return result.Immature
	case f.evidence(c) < f.k.MinDenominator:
		return result.Small
	}
	return result.OK
}

// evidence is the number that the catalogue's minimum is about: the denominator.
// That of a rate per population is never small, so there it is the events.
func (f *figures) evidence(c *result.Cell) float64 {
	if f.k.PerPopulation {
		return c.Numerator
	}
	return c.Denominator
}

// firstMonth is the first month of a cell's period: longer periods count their
// mature months only, and are immature when not even the first is mature.
func firstMonth(c *result.Cell, earliest time.Time) time.Time {
	if c.Grain != result.Rolling12 {
		return c.Start
	}
	first := c.Start.AddDate(0, -11, 0)
	if first.Before(earliest) {
		return earliest
	}
	return first
}

// standardise gives the cells with an expected numerator their standardised
// values: what the value would be with the national mix of strata. It needs the
// national value, so it comes after disclosure control.
func (f *figures) standardise() {
	for i := range f.cells {
		f.standardiseCell(&f.cells[i])
	}
	for i := range f.withheld {
		f.standardiseCell(&f.withheld[i])
	}
}

func (f *figures) standardiseCell(c *result.Cell) {
	italy := f.cell(key{territory: result.Italy, grain: c.Grain, start: c.Start.Unix()})
	if c.Breakdown != "" || italy == nil || !(c.Expected > 0) || math.IsNaN(c.Value) {
		return
	}
	ratio, limits := stats.Indirect(c.Numerator, c.Expected, stats.Z95)
	if f.k.Interval == kpi.Wilson {
		ratio, limits = stats.IndirectShare(c.Numerator, c.Denominator, c.Expected, stats.Z95)
	}
	c.Standardised = italy.Value * ratio
	scaled := limits.Scale(italy.Value)
	c.StdLower, c.StdUpper = scaled.Lower, scaled.Upper
}

// lookBack fills the values of the period before and of a year before.
func (f *figures) lookBack() {
	for i := range f.cells {
		c := &f.cells[i]
		months := map[result.Grain]int{result.Month: 1, result.Rolling12: 1, result.Quarter: 3, result.Year: 12}[c.Grain]
		at := keyOf(c)
		at.start = c.Start.AddDate(0, -months, 0).Unix()
		if before := f.cell(at); before != nil {
			c.Previous = before.Value
		}
		at.start = c.Start.AddDate(-1, 0, 0).Unix()
		if before := f.cell(at); before != nil {
			c.YearAgo = before.Value
		}
	}
}
