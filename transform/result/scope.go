package result

import (
	"fmt"
	"slices"

	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
)

// Scoped gives the part of a set that may be handed to one territory: its rows
// and, of a region, those of its provinces; the figures of the territories above
// it; and the others as peers without a name. What is not listed here is left
// out, so that a field which a Set gets later is left out until somebody decides.
//
//   - Of a province whose region has two, the region's figures are left out:
//     minus its own they would be the other's.
//   - Peers are the points of the funnels: see anonymous.
//   - Of the days on which rows were expected, those of the territory itself and of
//     its provinces.
//   - Those that are fairly set beside a territory are named, so they are left out.
//   - Batches and refused records are those of the whole country, as counts: what
//     names a file, a source or a value is gone, for it may name an office.
//   - Of breakdowns, that by source goes for the same reason.
//
// The set itself is not changed. The error tells of a code that is no region or province.
func (s *Set) Scoped(code string) (*Set, error) {
	own, ok := s.References.Territory(code)
	if !ok || own.Level == reference.LevelItaly {
		return nil, fmt.Errorf("territory %q: no region or province", code)
	}
	listed := func(t reference.Territory) bool { // may be named
		return t.Code == own.Code || t.Parent == own.Code || t.Code == own.Parent || t.Level == reference.LevelItaly
	}
	siblings := 0
	for _, t := range s.References.Territories() {
		if t.Parent == own.Parent {
			siblings++
		}
	}
	shown := map[string]bool{}
	for _, t := range s.References.Territories() {
		if t.Code == own.Parent && siblings == 2 {
			continue
		}
		shown[t.Code] = listed(t)
	}
	part := &Set{Run: s.Run, Scope: code, References: s.References.Within(listed), Catalogue: within(s.Catalogue, own.Level),
		Checks: s.Checks, Models: map[string]string{}}
	part.take(s, shown)
	for _, mart := range part.Catalogue.Marts() {
		part.Models[mart] = s.Models[mart]
	}
	for _, a := range s.Arrivals {
		if t, ok := part.References.Territory(a.Territory); ok && (t.Code == own.Code || t.Parent == own.Code) {
			part.Arrivals = append(part.Arrivals, a)
		}
	}
	part.Batches, part.Refused = unnamedBatches(s.Batches), unnamedRefused(s.Refused)
	return part, nil
}

// within gives the indicators that are computed for a level.
func within(c *kpi.Catalogue, level string) *kpi.Catalogue {
	some := &kpi.Catalogue{Themes: c.Themes}
	for _, i := range c.Indicators {
		if i.HasLevel(level) {
			some.Indicators = append(some.Indicators, i)
		}
	}
	return some
}

// take takes what belongs to the territories that are shown, and what remains
// of the funnels of their levels.
func (part *Set) take(s *Set, shown map[string]bool) {
	levels := map[string]bool{}
	for i := range s.Cells {
		c := &s.Cells[i]
		if !shown[c.Territory] || c.Breakdown == string(kpi.BySource) || !part.has(c.Indicator) {
			continue
		}
		part.Cells = append(part.Cells, *c)
	}
	for code := range shown {
		if t, ok := part.References.Territory(code); ok && (t.Code == part.Scope || t.Parent == part.Scope) {
			levels[t.Level] = true
		}
	}
	for _, c := range s.Charts {
		if shown[c.Territory] && part.has(c.Indicator) {
			part.Charts = append(part.Charts, c)
		}
	}
	for _, d := range s.Decomposed {
		if shown[d.Territory] && d.By != string(kpi.BySource) && part.has(d.Indicator) {
			part.Decomposed = append(part.Decomposed, d)
		}
	}
	for _, c := range s.Contribute {
		if shown[c.Territory] && c.By != string(kpi.BySource) && part.has(c.Indicator) {
			part.Contribute = append(part.Contribute, c)
		}
	}
	for _, f := range s.Funnels {
		if levels[f.Level] && part.has(f.Indicator) && f.Grain == Rolling12 && f.Start.Equal(s.Run.LastMonth) {
			part.Funnels = append(part.Funnels, f.anonymous(func(territory string) bool {
				t, _ := part.References.Territory(territory)
				return shown[territory] && (t.Code == part.Scope || t.Parent == part.Scope)
			}))
		}
	}
}

func (part *Set) has(indicator string) bool {
	return slices.ContainsFunc(part.Catalogue.Indicators, func(i kpi.Indicator) bool { return i.ID == indicator })
}

// unnamedBatches keeps of each batch its log and its counts.
func unnamedBatches(all []ledger.Entry) []ledger.Entry {
	some := make([]ledger.Entry, len(all))
	for i, e := range all {
		some[i] = ledger.Entry{Log: e.Log, Outcome: e.Outcome, Unit: e.Unit, Lines: e.Lines, Header: e.Header, Preamble: e.Preamble, Blank: e.Blank,
			Accepted: e.Accepted, Quarantined: e.Quarantined, Duplicate: e.Duplicate, Warned: e.Warned, LatestMonth: e.LatestMonth}
	}
	return some
}

// unnamedRefused counts refused records by log, column and rule.
func unnamedRefused(all []RefusedCount) []RefusedCount {
	var some []RefusedCount
	for _, r := range all {
		same := func(other RefusedCount) bool {
			return other.Log == r.Log && other.Column == r.Column && other.Rule == r.Rule
		}
		if at := slices.IndexFunc(some, same); at >= 0 {
			some[at].Records += r.Records
		} else {
			some = append(some, RefusedCount{Log: r.Log, Column: r.Column, Rule: r.Rule, Records: r.Records})
		}
	}
	return some
}
