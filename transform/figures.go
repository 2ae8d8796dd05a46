package transform

import (
	"cmp"
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
// the order in which they are published, and what their comparison tells.
type figures struct {
	k     *kpi.Indicator
	refs  *reference.Tables
	at    horizon
	cells []result.Cell
	index map[key]int

	itemsOf map[string][]string // memo of items
	memory  *remembered         // of what has been disclosed

	comparisons []result.Funnel
	series      []result.Chart
	splits      []result.Decomposition
	carriers    []result.Contribution
}

func (f *figures) cell(k key) *result.Cell {
	if i, ok := f.index[k]; ok {
		return &f.cells[i]
	}
	return nil
}

// layer is the counts of an indicator by one of its breakdowns, or all together,
// with the spans of each period.
type layer struct {
	breakdown kpi.Breakdown
	tally     *tally
	spans     [][2]int // first and end of each period's
}

// measure takes all totals of an indicator from the counts of its mart and gives
// them their values, intervals and classes, in the order in which they are
// published. Nothing is withheld yet.
func (r *run) measure(s *sheet, k *kpi.Indicator) *figures {
	f := &figures{k: k, refs: r.job.References, at: r.at}
	periods := make([]period, len(r.periods))
	for i, p := range r.periods {
		periods[i] = p.of(k, r.at.asOf)
	}
	slices.SortFunc(periods, func(a, b period) int {
		return cmp.Or(strings.Compare(string(a.grain), string(b.grain)), a.start.Compare(b.start))
	})
	breakdowns := breakdownsOf(k)
	layers := make([]layer, len(breakdowns))
	for i, breakdown := range breakdowns {
		t := s.counts(k, breakdown)
		layers[i] = layer{breakdown: breakdown, tally: t, spans: make([][2]int, len(periods))}
		for j, p := range periods {
			layers[i].spans[j][0], layers[i].spans[j][1] = p.within(t.spans)
		}
	}
	f.cells = make([]result.Cell, 0, len(r.places)*len(periods)*3/2)
	for _, territory := range r.places {
		f.add(territory, r.members[territory], layers, periods)
	}
	f.number()
	if isStandardised(k) {
		f.expect(s.strata(k), periods, r.members)
	}
	for i := range f.cells {
		f.value(&f.cells[i])
	}
	return f
}

// add adds the cells of one territory, in their order.
func (f *figures) add(territory string, members []string, layers []layer, periods []period) {
	blank, ok := f.blank(territory)
	if !ok {
		return
	}
	stacks := make([][]stack, len(layers))
	for i, l := range layers {
		stacks[i] = l.tally.stacks(f.k, members)
	}
	for i, p := range periods {
		blank.Grain, blank.Start = p.grain, p.start
		before := len(f.cells)
		for j, l := range layers {
			if !p.gives(l.breakdown, blank.Level) {
				continue
			}
			for n := range stacks[j] {
				s, cell := &stacks[j][n], blank
				cell.Breakdown, cell.Item = string(l.breakdown), s.item
				if s.fill(&cell, f.k, l.tally, l.spans[i][0], l.spans[i][1]) && f.undivide(&cell, before) {
					f.cells = append(f.cells, cell)
				}
			}
		}
		if len(f.cells) == before && f.isNamed(p) {
			f.cells = append(f.cells, blank)
		}
	}
}

// undivide gives an item whose breakdown divides the numerator alone the
// denominator of all together, which is the first cell of the same period and
// so at place total. It says whether the item counts: one that contributes
// nothing to a composition is no part of it.
func (f *figures) undivide(c *result.Cell, total int) (counts bool) {
	if c.Breakdown == "" || f.k.Divides(kpi.Breakdown(c.Breakdown)) {
		return true
	}
	if total < len(f.cells) && f.cells[total].Breakdown == "" {
		c.Denominator = f.cells[total].Denominator
	}
	return c.Numerator > 0 || !f.k.IsComposition()
}

// isNamed says whether every territory has a cell of the period, be it without
// data, so that a table of territories names them all: the last month, and the
// twelve months that end with it.
func (f *figures) isNamed(p period) bool {
	return p.start.Equal(f.at.last) && (p.grain == result.Month || p.grain == result.Rolling12)
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
		RoundedTo: nan, Expected: nan, Standardised: nan, StdLower: nan, StdUpper: nan, Shrunk: nan, RankLower: nan, RankUpper: nan, Previous: nan, YearAgo: nan,
	}, true
}

// number indexes the cells.
func (f *figures) number() {
	f.index = make(map[key]int, len(f.cells))
	for i := range f.cells {
		f.index[keyOf(&f.cells[i])] = i
	}
}

// value completes a cell from its totals: value, interval and class.
func (f *figures) value(c *result.Cell) {
	if f.k.PerPopulation && !math.IsNaN(c.Numerator) {
		territory, _ := f.refs.Territory(c.Territory)
		c.Denominator = float64(territory.Population)
	}
	switch {
	case f.k.Statistic == kpi.Sum:
		c.Value = c.Numerator
	case f.k.Statistic == kpi.StockDays && c.Denominator > 0:
		c.Value = c.Numerator / (c.Denominator / f.window(c).days())
	case f.k.Statistic == kpi.Rate && c.Denominator > 0:
		c.Value = c.Numerator / c.Denominator
		limits := f.interval(c)
		c.Lower, c.Upper = limits.Lower, limits.Upper
	}
	c.Class = f.class(c)
}

// interval is that of a rate. That of all together in a composition is none: it
// is 1 whatever was counted.
func (f *figures) interval(c *result.Cell) stats.Interval {
	x, n := c.Numerator, c.Denominator
	switch {
	case f.k.IsComposition() && c.Breakdown == "":
	case f.k.Interval == kpi.Wilson:
		return stats.Wilson(x, n, stats.Z95)
	case f.k.Interval == kpi.Byar:
		return stats.PoissonRate(x, n, stats.Z95)
	case f.k.Interval == kpi.Counts:
		return stats.CountRatio(x, n, stats.Z95)
	}
	return stats.None()
}

// class says how far a cell may be trusted, before disclosure control.
//
// A median that falls among what is open is not there yet, so the cell is
// immature however old its period; but where nothing ever ended, and the time
// to do so is over, there is no data. A stock has no such time: what has not come
// about by the end of the period may yet.
func (f *figures) class(c *result.Cell) result.Class {
	immature := !f.isMature(c)
	switch {
	case math.IsNaN(c.Value) && c.Open > 0 && (immature || c.Denominator > 0 || f.k.Stock):
		return result.Immature
	case math.IsNaN(c.Value):
		return result.NoData
	case immature:
		return result.Immature
	case f.evidence(c) < f.k.MinDenominator:
		return result.Small
	}
	return result.OK
}

// isMature says whether the window of a cell's period has closed. A period longer
// than a month counts its mature months only, and is immature when not even its
// first one is mature. An amount is, too, as long as months are left out of it: the
// median of ten months is that of the year so far, the sum of ten is less than a year's.
func (f *figures) isMature(c *result.Cell) bool {
	first := c.Start
	if c.Grain != result.Month {
		first = firstMonth(c, f.at.first)
	}
	return mature(first, f.k.MaturityDays, f.at.asOf) && !f.lacksMonths(c)
}

// lacksMonths tells of an amount that grows with its months that some of its period
// are left out since they are not mature.
func (f *figures) lacksMonths(c *result.Cell) bool {
	return f.k.Grows() && f.window(c).to.Before(lastMonth(c))
}

// evidence is the number that the catalogue's minimum is about: the denominator,
// of a distribution with the open observations, which take part in its
// quantiles. That of a rate per population is never small, so there it is the events.
func (f *figures) evidence(c *result.Cell) float64 {
	if f.k.PerPopulation {
		return c.Numerator
	}
	return c.Denominator + orZero(c.Open)
}

// window gives the months that a cell counts.
func (f *figures) window(c *result.Cell) period {
	p := period{grain: c.Grain, start: c.Start, from: firstMonth(c, f.at.first), to: lastMonth(c)}
	return p.of(f.k, f.at.asOf)
}

// lastMonth is the last month of a cell's period.
func lastMonth(c *result.Cell) time.Time {
	switch c.Grain {
	case result.Quarter:
		return c.Start.AddDate(0, 2, 0)
	case result.Year:
		return c.Start.AddDate(0, 11, 0)
	}
	return c.Start
}

// firstMonth is the first month of a cell's period.
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

// compare sets territories beside each other, months, and years.
func (f *figures) compare() {
	f.comparisons, f.series = f.funnels(), f.charts()
	f.judgePatronati()
	f.splits, f.carriers = f.changes()
}

// conclude makes of the figures that are shown all that is said of them, and lets go of
// what was needed for it.
func (f *figures) conclude() {
	f.standardise()
	f.lookBack()
	f.compare()
	f.index, f.itemsOf = nil, nil
	if f.memory != nil {
		f.memory.before = nil
	}
}

// lookBack fills the values of the period before and of a year before. An amount of
// which months are left out is set beside no other: it would seem to have fallen.
func (f *figures) lookBack() {
	for i := range f.cells {
		c := &f.cells[i]
		if f.lacksMonths(c) {
			continue
		}
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
