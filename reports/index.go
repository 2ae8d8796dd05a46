package reports

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// index finds the figures of a set. It is built once and read by all pages.
type index struct {
	*result.Set
	cells         map[cellKey][]result.Cell   // each by Start, then Breakdown
	headlines     map[[2]string]headlines     // indicator, territory
	beyond        []*result.Cell              // headlines beyond the limits of their funnel, see outliers
	charts        map[[2]string]*result.Chart // indicator, territory
	funnels       map[funnelKey]*result.Funnel
	contributions map[[2]string][]*result.Contribution // indicator, territory
	regions       []reference.Territory
	provinces     map[string][]reference.Territory // by region
	patronati     []reference.Patronato            // those that have a page, by name
	digests       sync.Map                         // id of an indicator → string, see digestOf
	columns       sync.Map                         // id of an indicator → []int, see territoryColumns
	last          time.Time                        // the month that the report is about
	paths         sync.Map                         // pathKey → string
	finds         sync.Map                         // folder of a page → []html.SearchGroup
	maps          sync.Map                         // id of an indicator → whether it has a map of the regions
	classes       sync.Map                         // language and id of an indicator → nationalScale
}

type cellKey struct {
	indicator, territory string
	grain                result.Grain
}

type funnelKey struct {
	indicator, level string
	grain            result.Grain
	start            time.Time
}

func newIndex(set *result.Set) *index {
	x := &index{Set: set, last: set.Run.LastMonth, patronati: patronatiOf(set.References), cells: map[cellKey][]result.Cell{},
		headlines: map[[2]string]headlines{}, charts: map[[2]string]*result.Chart{}, funnels: map[funnelKey]*result.Funnel{},
		contributions: map[[2]string][]*result.Contribution{}, provinces: map[string][]reference.Territory{}}
	for from := 0; from < len(set.Cells); {
		key := keyOf(&set.Cells[from])
		to := from + 1
		for to < len(set.Cells) && keyOf(&set.Cells[to]) == key {
			to++
		}
		some := shownCells(set.Cells[from:to])
		if x.cells[key] != nil { // the set is not in order
			some = append(slices.Clip(x.cells[key]), some...)
		}
		x.cells[key] = ordered(some)
		from = to
	}
	for i := range set.Charts {
		x.charts[[2]string{set.Charts[i].Indicator, set.Charts[i].Territory}] = everyMonth(&set.Charts[i])
	}
	for i := range set.Funnels {
		f := &set.Funnels[i]
		x.funnels[funnelKey{f.Indicator, f.Level, f.Grain, f.Start}] = f
	}
	for i := range set.Contribute {
		at := [2]string{set.Contribute[i].Indicator, set.Contribute[i].Territory}
		x.contributions[at] = append(x.contributions[at], &set.Contribute[i])
	}
	for _, territory := range set.References.Territories() {
		switch territory.Level {
		case reference.LevelRegion:
			x.regions = append(x.regions, territory)
		case reference.LevelProvince:
			x.provinces[territory.Parent] = append(x.provinces[territory.Parent], territory)
		}
	}
	x.findHeadlines()
	return x
}

// headlines are the figures that a page says most of: of an indicator in a territory, in
// the twelve months of the report and in those a year before. Nil for none.
type headlines struct{ now, before *result.Cell }

// findHeadlines finds them once: pages ask for each of them hundreds of times.
func (x *index) findHeadlines() {
	last := func(key cellKey, start time.Time) *result.Cell {
		if some := x.at(key, start, ""); len(some) > 0 {
			return &some[len(some)-1]
		}
		return nil
	}
	for key := range x.cells {
		if key.grain == result.Rolling12 {
			x.headlines[[2]string{key.indicator, key.territory}] = headlines{last(key, x.last), last(key, x.last.AddDate(-1, 0, 0))}
		}
	}
	for _, indicator := range x.Catalogue.Indicators {
		for _, territory := range x.References.Territories() {
			if c := x.headlines[[2]string{indicator.ID, territory.Code}].now; c != nil && c.Funnel != "" && c.Funnel != "inside" {
				x.beyond = append(x.beyond, c)
			}
		}
	}
}

// shownCells are the cells without the figures of those that are withheld: the same
// memory where these have none, as there are nearly half a million in all.
func shownCells(cells []result.Cell) []result.Cell {
	for n := range cells {
		if cells[n].Class == result.Hidden && !isBare(&cells[n]) {
			some := make([]result.Cell, len(cells))
			for k, c := range cells {
				some[k] = withheld(c)
			}
			return some
		}
	}
	return slices.Clip(cells)
}

// ordered are the cells by Start, then Breakdown, as they are in a set that is in order.
func ordered(cells []result.Cell) []result.Cell {
	for n := 1; n < len(cells); n++ {
		if compareAt(&cells[n-1], cells[n].Start, cells[n].Breakdown) > 0 {
			cells = slices.Clone(cells)
			slices.SortStableFunc(cells, func(a, b result.Cell) int { return compareAt(&a, b.Start, b.Breakdown) })
			break
		}
	}
	return cells
}

func compareAt(c *result.Cell, start time.Time, breakdown string) int {
	return cmp.Or(c.Start.Compare(start), strings.Compare(c.Breakdown, breakdown))
}

// at are the figures of one period with one breakdown, "" for that of all together; they
// are not to be changed.
func (x *index) at(key cellKey, start time.Time, breakdown string) []result.Cell {
	all := x.cells[key]
	from := sort.Search(len(all), func(n int) bool { return compareAt(&all[n], start, breakdown) >= 0 })
	to := from
	for to < len(all) && all[to].Breakdown == breakdown && all[to].Start.Equal(start) {
		to++
	}
	return all[from:to:to]
}

func keyOf(c *result.Cell) cellKey { return cellKey{c.Indicator, c.Territory, c.Grain} }

// headline is the figure that stands for an indicator in a territory: twelve
// months that end with the month of the report. Without it the class is no data.
func (x *index) headline(indicator, territory string) result.Cell {
	return orAbsent(x.headlines[[2]string{indicator, territory}].now, indicator, territory)
}

// yearBefore is the headline of twelve months earlier; no data where the two do not compare.
func (x *index) yearBefore(indicator, territory string) result.Cell {
	if x.lacksMonths(indicator, territory) {
		return absentCell(indicator, territory)
	}
	return orAbsent(x.headlines[[2]string{indicator, territory}].before, indicator, territory)
}

// lacksMonths tells that the headline is an amount of which immature months are left
// out, so that beside a whole year it would seem to have fallen.
func (x *index) lacksMonths(indicator, territory string) bool {
	i, ok := x.Catalogue.Indicator(indicator)
	return ok && i.Grows() && x.headline(indicator, territory).Class == result.Immature
}

func orAbsent(c *result.Cell, indicator, territory string) result.Cell {
	if c == nil {
		return absentCell(indicator, territory)
	}
	return *c
}

// items gives the headline of an indicator broken down, in the order of the set. It is
// not to be changed.
func (x *index) items(indicator, territory, by string) []result.Cell {
	return x.at(cellKey{indicator, territory, result.Rolling12}, x.last, by)
}

// itemAt gives the headline of one item and that of twelve months earlier.
func (x *index) itemAt(indicator, territory, by, item string) (now, before result.Cell) {
	now, _ = x.item(indicator, territory, kpi.Breakdown(by), item, 0)
	before, _ = x.item(indicator, territory, kpi.Breakdown(by), item, 1)
	return now, before
}

// item is one item of a breakdown in the twelve months of the headline, or in
// those so many years before; false where the set has none, and where the two do not compare.
func (x *index) item(indicator, territory string, by kpi.Breakdown, code string, yearsBefore int) (result.Cell, bool) {
	if yearsBefore > 0 && x.lacksMonths(indicator, territory) {
		return absentCell(indicator, territory), false
	}
	some := x.at(cellKey{indicator, territory, result.Rolling12}, x.last.AddDate(-yearsBefore, 0, 0), string(by))
	for n := range some {
		if some[n].Item == code {
			return some[n], true
		}
	}
	return absentCell(indicator, territory), false
}

// withheldItems counts the items of a breakdown that are withheld now or a year before.
func (x *index) withheldItems(indicator, territory, by string) int {
	withheld := map[string]bool{}
	for years := range 2 {
		some := x.at(cellKey{indicator, territory, result.Rolling12}, x.last.AddDate(-years, 0, 0), by)
		for n := range some {
			if some[n].Class == result.Hidden {
				withheld[some[n].Item] = true
			}
		}
	}
	return len(withheld)
}

func (x *index) chart(indicator, territory string) *result.Chart {
	return x.charts[[2]string{indicator, territory}]
}

// funnel is the comparison of a level in the twelve months of the report; nil for none.
func (x *index) funnel(indicator, level string) *result.Funnel {
	return x.funnels[funnelKey{indicator, level, result.Rolling12, x.last}]
}

// outliers gives the headline figures beyond the limits of their funnel, of the
// territories that keep accepts, in the order of catalogue and territories.
func (x *index) outliers(keep func(reference.Territory) bool) []result.Cell {
	var some []result.Cell
	for _, c := range x.beyond {
		if territory, ok := x.References.Territory(c.Territory); ok && keep(territory) {
			some = append(some, *c)
		}
	}
	return some
}

// mixIndicator is the one that tells how work is shared among the patronati: the
// first composition by patronato, or, in a catalogue without any, of the rates of
// a flow that are broken down by patronato the one that counts most cases in
// Italy, whose denominators tell it.
func (x *index) mixIndicator() *kpi.Indicator {
	var best *kpi.Indicator
	most := 0.0
	for i := range x.Catalogue.Indicators {
		indicator := &x.Catalogue.Indicators[i]
		if indicator.IsComposition() && !indicator.Divides(kpi.ByPatronato) {
			return indicator
		}
		if indicator.Statistic != kpi.Rate || indicator.PerPopulation || indicator.Stock || !indicator.Divides(kpi.ByPatronato) {
			continue
		}
		sum := 0.0
		for _, c := range x.items(indicator.ID, result.Italy, string(kpi.ByPatronato)) {
			if known(c.Denominator) {
				sum += c.Denominator
			}
		}
		if sum > most {
			best, most = indicator, sum
		}
	}
	return best
}

func (x *index) service(code string) (reference.Service, bool) {
	for _, service := range x.References.Services() {
		if service.Code == code {
			return service, true
		}
	}
	return reference.Service{}, false
}

func (x *index) patronato(code string) string {
	for _, patronato := range x.patronati {
		if patronato.Code == code {
			return patronato.Name
		}
	}
	return code
}

func (x *index) measure(code string) string {
	for _, measure := range x.References.Measures() {
		if measure.Code == code {
			return measure.Title
		}
	}
	return code
}

// effective is the day on which a measure took effect; zero when it is not known.
func (x *index) effective(code string) time.Time {
	for _, measure := range x.References.Measures() {
		if measure.Code == code {
			return measure.EffectiveFrom
		}
	}
	return time.Time{}
}

// isFar tells of a position beyond the outer limits.
func isFar(position string) bool { return strings.HasSuffix(position, "998") }

// everyMonth gives a chart that has a point for each month from the first to the
// last, without a value where it had none, because that is withheld or there was
// nothing to count: so a month that is missing is a gap, and not a step to the next.
func everyMonth(c *result.Chart) *result.Chart {
	if len(c.Points) == 0 {
		return c
	}
	whole := *c
	whole.Points = make([]result.ChartPoint, 0, len(c.Points))
	for _, at := range c.Points {
		for n := len(whole.Points); n > 0 && whole.Points[n-1].Start.AddDate(0, 1, 0).Before(at.Start); n++ {
			whole.Points = append(whole.Points, result.ChartPoint{Start: whole.Points[n-1].Start.AddDate(0, 1, 0), Value: math.NaN(), N: math.NaN()})
		}
		whole.Points = append(whole.Points, at)
	}
	return &whole
}

// monthHidden says whether the figure of a month is withheld.
func (x *index) monthHidden(indicator, territory string, month time.Time) bool {
	some := x.at(cellKey{indicator, territory, result.Month}, month, "")
	return len(some) > 0 && some[0].Class == result.Hidden
}
