package reports

import (
	"cmp"
	"slices"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// handled is the indicator that tells what each patronato does for each service;
// nil where the catalogue has none.
func (x *index) handled() *kpi.Indicator {
	for n := range x.Catalogue.Indicators {
		if i := &x.Catalogue.Indicators[n]; isCrossed(i) {
			return i
		}
	}
	return nil
}

func isCrossed(i *kpi.Indicator) bool { return slices.Contains(i.Breakdowns, kpi.ByPatronatoService) }

// ofMart is the composition by patronato of what an indicator counts.
func (x *index) ofMart(i *kpi.Indicator) *kpi.Indicator {
	for _, mix := range x.mixes() {
		if mix.Mart == i.Mart && mix.Numerator == i.Numerator {
			return mix
		}
	}
	return nil
}

// handledService is what a patronato does for one service.
type handledService struct {
	code, group  string
	now, before  result.Cell
	part, ofYear float64 // of the patronato's own work, now and a year before
}

// handledBy gives the services that a patronato has figures of: the groups in the
// order of their parts among all patronati, which is the same on every page, and in
// a group those with more cases first. How a patronato's work divides says nothing
// of how it stands beside others.
func (b *builder) handledBy(i *kpi.Indicator, code string, all map[string]float64) []handledService {
	whole := [2]float64{absentCell("", "").Value, absentCell("", "").Value}
	if mix := b.x.ofMart(i); mix != nil {
		for years := range whole {
			c, _ := b.x.item(mix.ID, result.Italy, kpi.ByPatronato, code, years)
			whole[years] = c.Numerator
		}
	}
	var some []handledService
	groups := map[string]float64{}
	for _, service := range b.x.References.Services() {
		if part := all[service.Code]; known(part) {
			groups[service.Group] += part
		}
		item := kpi.ByPatronatoService.Item(code, service.Code)
		now, ok := b.x.item(i.ID, result.Italy, kpi.ByPatronatoService, item, 0)
		before, was := b.x.item(i.ID, result.Italy, kpi.ByPatronatoService, item, 1)
		if ok || was {
			some = append(some, handledService{service.Code, service.Group, now, before, now.Numerator / whole[0], before.Numerator / whole[1]})
		}
	}
	slices.SortStableFunc(some, func(a, c handledService) int {
		if a.group != c.group {
			return cmp.Or(cmp.Compare(groups[c.group], groups[a.group]), cmp.Compare(a.group, c.group))
		}
		return cmp.Compare(c.now.Numerator, a.now.Numerator) // what is not known is less than all
	})
	return some
}

// patronatoServices is in what a patronato works, beside the same of all patronati.
func (b *builder) patronatoServices(code string) (t *html.Table, about string) {
	i := b.x.handled()
	if i == nil {
		return nil, ""
	}
	all := map[string]float64{}
	if work := b.x.workIndicator(kpi.ByService); work != nil {
		all = b.italyParts(work, kpi.ByService, numeratorOf)
	}
	services := b.handledBy(i, code, all)
	if len(services) == 0 {
		return nil, ""
	}
	t = &html.Table{ID: "services-table", Caption: b.m.T("handled.caption", "name", b.x.patronato(code), "month", b.month(b.x.last)),
		Columns: headings(b.m.T("by.service"), "#"+b.m.T("col.cases"), "#"+b.m.T("handled.part"), b.m.T("handled.bar"), "#"+b.m.T("handled.all"), "#"+b.m.T("col.from"))}
	most, shown, withheld := 0.0, 0, 0
	for _, one := range services {
		if known(one.part) {
			most = atLeast(max(most, one.part), all[one.code])
		}
		switch {
		case one.now.Class == result.Hidden:
			withheld++
		case known(one.now.Numerator):
			shown++
		}
	}
	group := ""
	for _, one := range services {
		if one.group != group {
			group = one.group
			t.Rows = append(t.Rows, html.Row{Group: b.serviceGroup(group)})
		}
		cells := append([]html.Cell{b.itemCell(kpi.ByService, one.code)}, b.handledCells(one.now, one.part)...)
		t.Rows = append(t.Rows, html.Row{Cells: append(cells, html.Cell{Draw: b.bar(one.part, all[one.code], most)},
			b.partOfItaly(all[one.code]), b.handledCells(one.before, one.ofYear)[1])})
	}
	if withheld > 0 {
		t.Notes = []string{b.m.Plural("work.withheld", withheld)}
	}
	return b.export("services", t), b.m.Plural("handled.about", shown, "total", b.whole(float64(len(b.x.References.Services()))))
}

// handledCells are the cases of an item and their part of a whole, which may not be
// known where they are.
func (b *builder) handledCells(c result.Cell, part float64) []html.Cell {
	cells := b.partCells(c)
	if known(c.Numerator) {
		cells[1] = html.Cell{Text: "–", Class: string(result.NoData)}
		if known(part) {
			cells[1] = b.shareCell(part)
		}
	}
	return cells
}

func (b *builder) serviceGroup(code string) string {
	for _, service := range b.x.References.Services() {
		if service.Group == code && b.lang == "en" {
			return service.GroupEN
		} else if service.Group == code {
			return service.GroupIT
		}
	}
	return code
}

// handledServices tells of each service how many patronati handle it. It names
// none: the page of each says what it does.
func (b *builder) handledServices(i *kpi.Indicator) *html.Table {
	if !isCrossed(i) {
		return nil
	}
	shown, withheld := map[string]int{}, map[string]int{}
	for _, c := range b.x.items(i.ID, result.Italy, string(kpi.ByPatronatoService)) {
		service := kpi.ByPatronatoService.Parts(c.Item)[1]
		switch {
		case c.Class == result.Hidden:
			withheld[service]++
		case known(c.Numerator) && c.Numerator > 0:
			shown[service]++
		}
	}
	t := &html.Table{ID: "handled-table", Caption: b.m.T("handled.services.caption", "month", b.month(b.x.last)), Sortable: true,
		Columns: headings(b.m.T("by.service"), "#"+b.m.T("handled.shown"), "#"+b.m.T("handled.withheld"))}
	for _, service := range b.x.References.Services() {
		if shown[service.Code]+withheld[service.Code] > 0 {
			t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{b.itemCell(kpi.ByService, service.Code), b.countCell(shown[service.Code]), b.countCell(withheld[service.Code])}})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return b.export("handled", t)
}
