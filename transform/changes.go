package transform

import (
	"math"
	"slices"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// changes splits, for Italy and the regions, the change of a rate over the last
// year into mix and rate, by each of its breakdowns. It compares the twelve
// months that end with the last one with those a year before, and is left out
// where there are no such months, or one of the two values is withheld.
//
// A breakdown whose items have no denominators of their own splits nothing.
//
// Only items that are shown are told apart: the rest of the total counts as one
// item, so that the split reveals nothing that the cells do not.
func (f *figures) changes() []result.Decomposition {
	if f.k.Statistic != kpi.Rate || f.k.Stock || f.k.PerPopulation {
		return nil
	}
	breakdowns := slices.DeleteFunc(slices.Clone(f.k.Breakdowns), func(by kpi.Breakdown) bool { return !f.k.Divides(by) })
	slices.Sort(breakdowns)
	var changes []result.Decomposition
	for _, territory := range f.refs.Territories() {
		if territory.Level == reference.LevelProvince || !f.k.HasLevel(territory.Level) {
			continue
		}
		for _, by := range breakdowns {
			if one, ok := f.change(territory.Code, string(by)); ok {
				changes = append(changes, one)
			}
		}
	}
	return changes
}

func (f *figures) change(territory, by string) (result.Decomposition, bool) {
	now, before := f.at.last, f.at.last.AddDate(-1, 0, 0)
	d := result.Decomposition{Indicator: f.k.ID, Territory: territory, By: by, FromStart: before, ToStart: now}
	from, shownBefore := f.parts(territory, by, before.Unix())
	to, shownNow := f.parts(territory, by, now.Unix())
	if !shownBefore || !shownNow {
		return d, false
	}
	split := stats.Decompose(from, to)
	d.From, d.To, d.Mix, d.Rate = split.From, split.To, split.Mix, split.Rate
	return d, !math.IsNaN(d.Mix)
}

// parts gives the parts of a territory's twelve months: one for each item of the
// country, empty where the item is absent or withheld here, and the rest of the
// total. ok is false when the total is not shown.
func (f *figures) parts(territory, by string, start int64) (parts []stats.Part, ok bool) {
	at := key{territory: territory, grain: result.Rolling12, start: start}
	total := f.cell(at)
	if total == nil || math.IsNaN(total.Value) {
		return nil, false
	}
	rest := stats.Part{Numerator: total.Numerator, Denominator: total.Denominator}
	at.breakdown = by
	for _, item := range f.items(by) {
		at.item = item
		var part stats.Part
		if c := f.cell(at); c != nil && !math.IsNaN(c.Value) {
			part = stats.Part{Numerator: c.Numerator, Denominator: c.Denominator}
		}
		rest.Numerator -= part.Numerator
		rest.Denominator -= part.Denominator
		parts = append(parts, part)
	}
	return append(parts, rest), true
}

// items gives the items of a breakdown, over all territories, in the order of
// their first appearance.
func (f *figures) items(by string) []string {
	if items, ok := f.itemsOf[by]; ok {
		return items
	}
	seen := map[string]bool{}
	var items []string
	for i := range f.cells {
		if c := &f.cells[i]; c.Breakdown == by && !seen[c.Item] {
			seen[c.Item] = true
			items = append(items, c.Item)
		}
	}
	if f.itemsOf == nil {
		f.itemsOf = map[string][]string{}
	}
	f.itemsOf[by] = items
	return items
}
