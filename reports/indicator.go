package reports

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// itemsShown is how many items a breakdown draws at most; its table has all.
const itemsShown = 20

func (b *builder) indicatorPage(p *html.Page, home html.Link) {
	i, _ := b.x.Catalogue.Indicator(b.at.key)
	p.Heading = i.Title.In(b.lang)
	p.Lead = i.Description.In(b.lang)
	p.Facts = b.facts()
	if i.HasLevel(reference.LevelRegion) {
		p.Compare = b.compareLink("", i.ID)
	}
	p.Crumbs = []html.Link{home, {Text: b.themeTitle(i.Theme), Href: home.Href + "#theme-" + i.Theme}, {Text: p.Heading, Current: true}}
	subject := b.x.subject()
	place := b.place(subject)
	body := html.Indicator{Place: place, Tile: b.tile(i, subject, ""), Definition: b.definition(i), Not: i.Not.In(b.lang),
		Provenance: b.provenance(i), MethodHref: b.to("method", ""), SQL: b.x.Models[i.Mart], SQLName: "sql/marts/" + i.Mart + ".sql"}
	body.Tile.Title = b.m.T("indicator.tile", "place", place)
	if i.Stock {
		body.Tile.Title = b.m.T("indicator.tile.stock", "place", place, "month", b.month(b.x.last))
	}
	links := []string{"now", b.m.T("indicator.now")}
	if chart := b.x.chart(i.ID, subject); chart != nil {
		if body.Control = b.control(i, chart, "control", b.m.T("control.title", "place", place), wide); body.Control != nil {
			links = append(links, "trend", b.m.T("indicator.trend"))
		}
	}
	for _, level := range []string{reference.LevelRegion, reference.LevelProvince} {
		if f := b.x.funnel(i.ID, level); f != nil {
			if figure := b.funnel(i, f, "funnel-"+level); figure != nil {
				body.Funnels = append(body.Funnels, *figure)
			}
		}
	}
	body.Intervals = b.regionIntervals(i)
	b.indicatorMaps(i, &body)
	if len(body.Funnels) > 0 || body.Intervals != nil || body.Map != nil || body.Provinces != nil {
		links = append(links, "compare", b.m.T("indicator.compare"))
	}
	body.TableTitle = b.territoriesTitle(i)
	if body.Table = b.territoryTable(i); body.Table != nil {
		links = append(links, "territories", b.territoriesTitle(i))
		b.periodsToChoose = b.periodChoice(i, &body)
		body.Choosable = b.periodsToChoose != nil
	}
	if body.Breakdowns = b.breakdowns(i); len(body.Breakdowns) > 0 {
		links = append(links, "breakdowns", b.m.T("indicator.breakdowns"))
	}
	if body.Handled = b.handledServices(i); body.Handled != nil {
		links = append(links, "handled", b.m.T("handled.services"))
	}
	if body.Mix = b.decomposition(i); body.Mix != nil {
		body.MixNote = b.m.T("decomposition.about")
		links = append(links, "mix", b.m.T("indicator.mix"))
	}
	p.Contents = contents(append(links, "provenance", b.m.T("indicator.provenance"))...)
	p.Body = body
}

func (b *builder) themeTitle(id string) string {
	for _, theme := range b.x.Catalogue.Themes {
		if theme.ID == id {
			return theme.Title.In(b.lang)
		}
	}
	return id
}

// definition is the indicator in words.
func (b *builder) definition(i *kpi.Indicator) []html.Fact {
	facts := []html.Fact{}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, html.Fact{Name: name, Value: value})
		}
	}
	if i.Statistic == kpi.Distribution || i.Statistic == kpi.Sum {
		add(b.m.T("def.measured"), i.NumeratorText.In(b.lang))
		add(b.m.T("def.over"), i.DenominatorText.In(b.lang))
	} else {
		add(b.m.T("def.numerator"), i.NumeratorText.In(b.lang))
		add(b.m.T("def.denominator"), i.DenominatorText.In(b.lang))
	}
	add(b.m.T("def.statistic"), b.statistic(i))
	add(b.m.T("def.formula"), b.formula(i))
	add(b.m.T("def.direction"), b.direction(i))
	add(b.m.T("def.target"), b.target(i))
	if i.MaturityDays > 0 {
		add(b.m.T("def.maturity"), b.m.Plural("def.maturity.value", i.MaturityDays))
	}
	if len(i.Strata) > 0 {
		add(b.m.T("def.strata"), b.strata(i))
	}
	if i.MinDenominator > 1 {
		add(b.m.T("def.min"), b.m.T("def.min.value", "n", b.whole(i.MinDenominator)))
	}
	add(b.m.T("def.id"), i.ID)
	return facts
}

// statistic says how the value comes about.
func (b *builder) statistic(i *kpi.Indicator) string {
	switch {
	case i.Unit == kpi.Date:
		return b.m.T("def.statistic.date")
	case i.Statistic == kpi.Distribution:
		return b.m.T("def.statistic.distribution")
	case i.Statistic == kpi.Sum && i.Stock:
		return b.m.T("def.statistic.stock")
	case i.Statistic == kpi.Sum:
		return b.m.T("def.statistic.sum")
	case i.Statistic == kpi.StockDays:
		return b.m.T("def.statistic.stock_days")
	case i.IsComposition():
		return b.m.T("def.statistic.composition")
	}
	return b.m.T("def.statistic.rate")
}

// strata names what a comparison allows for.
func (b *builder) strata(i *kpi.Indicator) string {
	names := make([]string, len(i.Strata))
	for n, column := range i.Strata {
		switch column {
		case "lead_band":
			names[n] = b.m.T("strata.lead_band")
		case kpi.ByMode.Columns()[0]:
			names[n] = b.m.T("strata.mode")
		case kpi.ByService.Columns()[0]:
			names[n] = b.m.T("strata.service")
		case kpi.ByChannel.Columns()[0]:
			names[n] = b.m.T("strata.channel")
		case kpi.ByPatronato.Columns()[0]:
			names[n] = b.m.T("strata.patronato")
		default:
			names[n] = column
		}
	}
	return strings.Join(names, ", ")
}

func (b *builder) direction(i *kpi.Indicator) string {
	switch i.Direction {
	case kpi.Up:
		return b.m.T("direction.up")
	case kpi.Down:
		return b.m.T("direction.down")
	}
	return b.m.T("direction.none")
}

// comparable tells whether the values of territories may be set beside each
// other: a sum is larger where more people live, and a composition is whole
// everywhere.
func comparable(i *kpi.Indicator) bool { return i.Statistic != kpi.Sum && !i.IsComposition() }

// regionIntervals is the plot of all regions with their intervals, by value.
func (b *builder) regionIntervals(i *kpi.Indicator) *html.Figure {
	if !comparable(i) {
		return nil
	}
	spans, italy := b.regionSpans(b.periods(i)[0], i), b.x.headline(i.ID, result.Italy).Value
	return b.intervals(i, spans, "intervals", b.m.T("interval.title"), b.intervalFinding(spans, italy, b.m.T("interval.regions")),
		italy, b.m.T("interval.table", "indicator", i.Title.In(b.lang)))
}

// regionSpans are the regions with a value in a period, the greatest first.
func (b *builder) regionSpans(p period, i *kpi.Indicator) []span {
	var spans []span
	for _, region := range b.x.regions {
		if c := b.x.in(p, i.ID, region.Code); known(c.Value) {
			spans = append(spans, span{placeName(region, b.lang), c, c.Lower, c.Value, c.Upper})
		}
	}
	sort.SliceStable(spans, func(a, c int) bool { return spans[a].value > spans[c].value })
	return spans
}

// areParts tells whether the items of a breakdown are parts of the value of all
// together: each is below it, and to say so of each would tell nothing.
func areParts(i *kpi.Indicator, by kpi.Breakdown) bool {
	return !comparable(i) || i.PerPopulation || !i.Divides(by)
}

// intervalFinding counts those whose interval leaves Italy's value out. What they
// are is a plural: "regioni", "items".
func (b *builder) intervalFinding(spans []span, italy float64, what string) string {
	above, below, with := 0, 0, 0
	for _, s := range spans {
		if known(s.low) {
			with++
		}
		switch {
		case known(s.low) && s.low > italy:
			above++
		case known(s.high) && s.high < italy:
			below++
		}
	}
	if with == 0 {
		return b.m.T("interval.finding.none")
	}
	return b.m.Plural("interval.finding.above", above, "total", len(spans), "what", what) + " " + b.m.Plural("interval.finding.below", below)
}

// territoryTable lists every territory with everything that is known of it in the
// twelve months of the report.
func (b *builder) territoryTable(i *kpi.Indicator) *html.Table {
	return b.exportAs("territories", b.territoriesTitle(i), b.territoriesIn(b.periods(i)[0], i))
}

// positionCell has a mark where a territory stands out, else only the words: most
// of more than a hundred rows do not.
func (b *builder) positionCell(i *kpi.Indicator, c result.Cell) html.Cell {
	if c.Funnel == "inside" {
		return html.Cell{Text: b.m.T("position.inside"), Plain: term(c.Funnel)}
	}
	return html.Cell{Mark: b.position(i, c.Funnel), Plain: term(c.Funnel)}
}

// breakdowns are the interval plots of Italy, or of a pack's territory, by each dimension of the indicator.
func (b *builder) breakdowns(i *kpi.Indicator) []html.Figure {
	var figures []html.Figure
	for _, by := range i.Breakdowns {
		if len(by.Crosses()) > 0 { // hundreds of items
			continue
		}
		var spans []span
		for _, c := range b.x.items(i.ID, b.x.subject(), string(by)) {
			if known(c.Value) {
				spans = append(spans, span{b.item(string(by), c.Item), c, c.Lower, c.Value, c.Upper})
			}
		}
		sort.SliceStable(spans, func(a, c int) bool { return caseCount(spans[a].cell) > caseCount(spans[c].cell) })
		spans = spans[:min(len(spans), itemsShown)]
		sort.SliceStable(spans, func(a, c int) bool { return spans[a].value > spans[c].value })
		title := b.m.T("breakdown.title", "place", b.place(b.x.subject()), "by", strings.ToLower(b.dimension(string(by))))
		italy, finding := b.x.headline(i.ID, result.Italy).Value, ""
		switch {
		case len(spans) == 0:
			continue
		case areParts(i, by):
			largest := spans[0]
			italy, finding = math.NaN(), b.m.T("interval.finding.parts", "item", b.quoted(largest.name), "value", i.Unit.FormatTo(largest.value, digitsOf(i, largest.cell), b.lang))
		default:
			finding = b.intervalFinding(spans, italy, b.m.T("interval.items"))
		}
		figure := b.intervals(i, spans, "by-"+string(by), title, finding, italy, title)
		if figure != nil {
			figures = append(figures, *figure)
		}
	}
	return figures
}

// caseCount puts figures in the order of their cases, those that do not say them last.
func caseCount(c result.Cell) float64 {
	if !known(c.Denominator) {
		return 0
	}
	return c.Denominator
}

// decomposition splits the change of Italy, or of a pack's territory, since a year before into mix and rate.
func (b *builder) decomposition(i *kpi.Indicator) *html.Table {
	t := &html.Table{Caption: b.m.T("decomposition.caption", "place", b.place(b.x.subject())), Columns: b.columns("col.by",
		"#col.from", "#col.to", "#col.change", "#col.mix", "#col.rate"), Sortable: true}
	for _, d := range b.x.Decomposed {
		if d.Indicator != i.ID || d.Territory != b.x.subject() || !known(d.Mix) {
			continue
		}
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: b.dimension(d.By), Plain: term(d.By)},
			b.valueCell(i, d.From), b.valueCell(i, d.To), b.changeCell(i, d.To-d.From), b.changeCell(i, d.Mix), b.changeCell(i, d.Rate)}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return b.exportAs("mix", b.m.T("indicator.mix"), t)
}

func (b *builder) valueCell(i *kpi.Indicator, value float64) html.Cell {
	return html.Cell{Text: i.Unit.Format(value, b.lang), Sort: order(value), Plain: b.plainValue(i, value)}
}

func (b *builder) changeCell(i *kpi.Indicator, value float64) html.Cell {
	text := i.Unit.FormatChange(value, b.lang)
	return html.Cell{Text: text, Sort: order(value), Plain: b.plainChange(i.Unit, value, text)}
}

// provenance leads from the figure to the snapshots and the batches that it comes
// from; the method page, to the run.
func (b *builder) provenance(i *kpi.Indicator) []html.Fact {
	facts := []html.Fact{{Name: b.m.T("prov.mart"), Value: i.Mart}}
	var snapshots []string
	read := map[string]bool{}
	for _, snapshot := range b.x.Run.Snapshots {
		if strings.Contains(b.x.Models[i.Mart], snapshot.Table) {
			read[snapshot.Table] = true
			snapshots = append(snapshots, fmt.Sprintf("%s %d (%s)", snapshot.Table, snapshot.ID, b.m.Plural("rows", int(snapshot.Rows))))
		}
	}
	committed := 0
	for _, batch := range b.x.Batches {
		if batch.Outcome == ledger.Committed && read[batch.Log] {
			committed++
		}
	}
	facts = append(facts, html.Fact{Name: b.m.T("prov.batches"), Value: b.m.Plural("prov.batches.value", committed)})
	if len(snapshots) > 0 {
		facts = append(facts, html.Fact{Name: b.m.T("prov.snapshots"), Value: strings.Join(snapshots, " · ")})
	}
	return facts
}

// territoriesTitle heads the table of the territories: of all, of those of a pack, or,
// where there is a value for Italy alone, of that.
func (b *builder) territoriesTitle(i *kpi.Indicator) string {
	if !i.HasLevel(reference.LevelRegion) && !i.HasLevel(reference.LevelProvince) {
		return b.m.T("indicator.italy")
	}
	if b.x.isPack() {
		return b.m.T("pack.territories")
	}
	return b.m.T("indicator.territories")
}
