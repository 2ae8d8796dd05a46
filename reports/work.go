package reports

import (
	"math"
	"slices"
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// workShown is how many services or channels a table names; the rest is one row.
const workShown = 12

// workIndicator is the one whose numerators count what the patronati do by a
// breakdown: it counts, in the same mart, the same column as a composition by
// patronato, but is divided by the breakdown. nil where the catalogue has none.
func (x *index) workIndicator(by kpi.Breakdown) *kpi.Indicator {
	for m := range x.Catalogue.Indicators {
		mix := &x.Catalogue.Indicators[m]
		if !isMix(mix) {
			continue
		}
		for n := range x.Catalogue.Indicators {
			i := &x.Catalogue.Indicators[n]
			if i.Mart == mix.Mart && i.Numerator == mix.Numerator && slices.Contains(i.Breakdowns, by) {
				return i
			}
		}
	}
	return nil
}

// isMix tells of an indicator that says how something divides among the patronati.
func isMix(i *kpi.Indicator) bool {
	return i.IsComposition() && slices.Contains(i.Breakdowns, kpi.ByPatronato)
}

// amount is one item of a breakdown as part of its whole. Code "" is the rest together.
type amount struct {
	code  string
	count float64
	part  float64 // of the whole; NaN where that is not known
}

func numeratorOf(c result.Cell) float64 { return c.Numerator }

// amounts gives what the items of a breakdown count, the greatest first, and how
// many are withheld. The whole is that of the territory, so that the parts of
// what is shown stay true where others are withheld; they have none where the whole is
// withheld too, as parts of what is left would be too great.
func (b *builder) amounts(i *kpi.Indicator, territory string, by kpi.Breakdown, of func(result.Cell) float64) (all []amount, withheld int) {
	sum := 0.0
	for _, c := range b.x.items(i.ID, territory, string(by)) {
		switch {
		case c.Class == result.Hidden || c.Uncounted():
			withheld++
		case known(of(c)) && of(c) > 0:
			all = append(all, amount{code: c.Item, count: of(c)})
			sum += of(c)
		}
	}
	whole := of(b.x.headline(i.ID, territory))
	if mix := b.x.ofMart(i); !known(whole) && mix != nil { // it counts the same, and all of it
		whole = of(b.x.headline(mix.ID, territory))
	}
	if withheld > 0 || whole >= sum {
		sum = whole
	}
	for n := range all {
		all[n].part = all[n].count / sum
	}
	sort.SliceStable(all, func(a, c int) bool { return all[a].count > all[c].count })
	return all, withheld
}

// italyParts gives the part of each item of a breakdown in Italy. That of an item
// whose count is not told is NaN, which no page may show as nothing: what a territory
// does of it may be told.
func (b *builder) italyParts(i *kpi.Indicator, by kpi.Breakdown, of func(result.Cell) float64) map[string]float64 {
	parts := map[string]float64{}
	for _, c := range b.x.items(i.ID, result.Italy, string(by)) {
		if c.Class == result.Hidden || !known(of(c)) {
			parts[c.Item] = math.NaN()
		}
	}
	all, _ := b.amounts(i, result.Italy, by, of)
	for _, one := range all {
		parts[one.code] = one.part
	}
	return parts
}

// atLeast is the greater of two numbers, of which the second may not be known.
func atLeast(most, value float64) float64 {
	if !known(value) {
		return most
	}
	return max(most, value)
}

// work is in what the patronati work in a territory: its services or its
// channels, against the same in Italy.
func (b *builder) work(territory reference.Territory, by kpi.Breakdown) *html.Table {
	i := b.x.workIndicator(by)
	if i == nil || !i.HasLevel(territory.Level) {
		return nil
	}
	t := b.amountTable(i, territory, by)
	if t == nil {
		return nil
	}
	t.Caption = b.m.T("work.caption", "of", upperFirst(i.NumeratorText.In(b.lang)), "by", lowerFirst(b.dimension(string(by))), "month", b.month(b.x.last))
	return b.export("by-"+string(by), t)
}

// patronatiHere is how the work divides among the patronati in a province.
func (b *builder) patronatiHere(territory reference.Territory) *html.Table {
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		if !isMix(i) || !i.HasLevel(territory.Level) {
			continue
		}
		if t := b.amountTable(i, territory, kpi.ByPatronato); t != nil {
			t.Caption = b.m.T("work.caption.patronati", "of", i.DenominatorText.In(b.lang), "month", b.month(b.x.last))
			return b.export("mix", t)
		}
	}
	return nil
}

// writeParts rounds parts to what pages write of them, as besideCell does figures.
func writeParts(parts map[string]float64) {
	for code, part := range parts {
		parts[code] = kpi.Percent.Written(part, 0)
	}
}

// amountTable sets the parts of a whole here beside the same in Italy.
func (b *builder) amountTable(i *kpi.Indicator, territory reference.Territory, by kpi.Breakdown) *html.Table {
	here, withheld := b.amounts(i, territory.Code, by, numeratorOf)
	if len(here) == 0 {
		return nil
	}
	italy := b.italyParts(i, by, numeratorOf)
	rows := here
	if len(here) > workShown+1 {
		rest := amount{}
		for _, one := range here[workShown:] {
			rest.count, rest.part = rest.count+one.count, rest.part+one.part
			italy[""] += italy[one.code]
		}
		rows = append(append([]amount(nil), here[:workShown]...), rest)
	}
	writeParts(italy)
	most := 0.0
	for _, row := range rows {
		most = atLeast(atLeast(most, row.part), italy[row.code])
	}
	t := &html.Table{ID: "by-" + string(by), Columns: headings(b.dimension(string(by)), "#"+b.m.T("col.cases"), "#"+b.m.T("mix.here"), b.m.T("work.bar"), "#"+b.m.T("mix.italy"))}
	for _, row := range rows {
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{b.itemCell(by, row.code), b.numberCell(row.count),
			b.shareCell(row.part), {Draw: b.bar(row.part, italy[row.code], most)}, b.partOfItaly(italy[row.code])}})
	}
	if withheld > 0 {
		t.Notes = append(t.Notes, b.m.Plural("work.withheld", withheld))
	}
	return t
}

// itemCell names an item of a breakdown, and leads to its page where it has one.
func (b *builder) itemCell(by kpi.Breakdown, code string) html.Cell {
	switch {
	case code == "" && by == kpi.ByService: // of another gender in Italian
		return html.Cell{Text: b.m.T("mix.rest.services")}
	case code == "":
		return html.Cell{Text: b.m.T("mix.rest")}
	}
	cell := html.Cell{Text: b.item(string(by), code), Plain: coded(code)}
	if by == kpi.ByPatronato && b.x.isPatronato(code) {
		cell.Href = b.to("patronato", code)
	}
	return cell
}

func (b *builder) numberCell(count float64) html.Cell {
	return html.Cell{Text: b.whole(count), Sort: order(count), Plain: b.plainCount(count)}
}

// partOfItaly shows a part of italyParts.
func (b *builder) partOfItaly(part float64) html.Cell {
	if !known(part) {
		return html.Cell{Text: b.m.T("value.hidden"), Class: string(result.Hidden)}
	}
	return b.shareCell(part)
}

func (b *builder) shareCell(part float64) html.Cell {
	text := kpi.Percent.Format(part, b.lang)
	return html.Cell{Text: text, Sort: order(part), Plain: b.measured(kpi.Percent, part, text)}
}
