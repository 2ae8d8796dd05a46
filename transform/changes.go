package transform

import (
	"math"
	"slices"
	"time"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// changes splits, for Italy and the regions, the change of a rate over the last
// year into mix and rate, by each of its breakdowns. It compares the twelve
// months that end with the last one with those a year before, and is left out
// where there are no such months, or one of the two values is withheld or rounded.
//
// A breakdown whose items have no denominators of their own splits nothing.
//
// Only items that are shown are told apart: the rest of the total counts as one
// item, so that the split reveals nothing that the cells do not. What each of
// them contributes comes with it.
func (f *figures) changes() (changes []result.Decomposition, contributions []result.Contribution) {
	if f.k.Statistic != kpi.Rate || f.k.Stock || f.k.PerPopulation {
		return nil, nil
	}
	breakdowns := slices.DeleteFunc(slices.Clone(f.k.Breakdowns), func(by kpi.Breakdown) bool { return !f.k.Divides(by) })
	slices.Sort(breakdowns)
	for _, territory := range f.refs.Territories() {
		if territory.Level == reference.LevelProvince || !f.k.HasLevel(territory.Level) {
			continue
		}
		for _, by := range breakdowns {
			if one, parts, ok := f.change(territory.Code, string(by)); ok {
				changes, contributions = append(changes, one), append(contributions, parts...)
			}
		}
	}
	return changes, contributions
}

func (f *figures) change(territory, by string) (result.Decomposition, []result.Contribution, bool) {
	now, before := f.at.last, f.at.last.AddDate(-1, 0, 0)
	d := result.Decomposition{Indicator: f.k.ID, Territory: territory, By: by, FromStart: before, ToStart: now}
	from, shownBefore := f.parts(territory, by, before.Unix())
	to, shownNow := f.parts(territory, by, now.Unix())
	if !shownBefore || !shownNow {
		return d, nil, false
	}
	split := stats.Decompose(from, to)
	d.From, d.To, d.Mix, d.Rate = split.From, split.To, split.Mix, split.Rate
	if math.IsNaN(d.Mix) {
		return d, nil, false
	}
	return d, f.contributions(d, from, to), true
}

// contributions gives those of the items that are withheld in neither period.
func (f *figures) contributions(d result.Decomposition, from, to []stats.Part) []result.Contribution {
	var some []result.Contribution
	at := key{territory: d.Territory, grain: result.Rolling12, start: d.ToStart.Unix()}
	after := f.cell(at).Denominator
	at.start = d.FromStart.Unix()
	before := f.cell(at).Denominator
	at.breakdown = d.By
	split := stats.DecomposeParts(from, to)
	for i, item := range f.items(d.By) {
		at.item = item
		if from[i].Denominator == 0 && to[i].Denominator == 0 || f.isWithheld(at, d.FromStart) || f.isWithheld(at, d.ToStart) {
			continue
		}
		some = append(some, result.Contribution{
			Indicator: d.Indicator, Territory: d.Territory, By: d.By, Item: item,
			ShareFrom: from[i].Denominator / before, ShareTo: to[i].Denominator / after,
			From: quotient(from[i]), To: quotient(to[i]), Mix: split[i].Mix, Rate: split[i].Rate,
		})
	}
	return some
}

func (f *figures) isWithheld(at key, start time.Time) bool {
	at.start = start.Unix()
	c := f.cell(at)
	return c != nil && (c.Class == result.Hidden || c.Uncounted())
}

// quotient is the value of a part; NaN of an empty one.
func quotient(p stats.Part) float64 {
	if p.Denominator == 0 {
		return math.NaN()
	}
	return p.Numerator / p.Denominator
}

// parts gives the parts of a territory's twelve months: one for each item of the
// country, empty where the item is absent or withheld here, and the rest of the
// total. ok is false when the total is not shown.
func (f *figures) parts(territory, by string, start int64) (parts []stats.Part, ok bool) {
	at := key{territory: territory, grain: result.Rolling12, start: start}
	total := f.cell(at)
	if total == nil || math.IsNaN(total.Numerator) {
		return nil, false
	}
	rest := stats.Part{Numerator: total.Numerator, Denominator: total.Denominator}
	at.breakdown = by
	for _, item := range f.items(by) {
		at.item = item
		var part stats.Part
		if c := f.cell(at); c != nil && !math.IsNaN(c.Numerator) {
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
