package reports

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	pages "tavolo/reports/html"
	"tavolo/transform/result"
)

// redrawnIn gives the figures of an indicator's page in a period.
func redrawnIn(t *testing.T, set *result.Set, indicator, id, lang string) (*builder, period, map[string]pages.Redrawn) {
	t.Helper()
	shared, _, err := prepare(Site{Set: set, Languages: []string{lang}})
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{words: words{x: shared.x, lang: lang, m: messages(t, lang)}, site: shared, at: address{"indicator", indicator}}
	i, _ := set.Catalogue.Indicator(indicator)
	p := b.periods(i)[slices.IndexFunc(b.periods(i), func(p period) bool { return p.id == id })]
	body := &pages.Indicator{Funnels: []pages.Figure{{ID: "funnel-region"}, {ID: "funnel-province"}}, Intervals: &pages.Figure{ID: "intervals"}, Map: &pages.Figure{ID: "map"}}
	figures := map[string]pages.Redrawn{}
	for _, one := range b.redrawn(p, i, body) {
		figures[one.ID] = one
	}
	return b, p, figures
}

// TestFiguresOfAQuarter: each figure states the period and its cases, its words count what
// the quarter has, and nothing of a withheld region is in it.
func TestFiguresOfAQuarter(t *testing.T) {
	set := fixture(t, "no_show_rate")
	withhold(set, "no_show_rate", "14")
	lengthen(set)
	b, p, figures := redrawnIn(t, set, "no_show_rate", "2025-q4", "it")
	i, _ := set.Catalogue.Indicator("no_show_rate")
	italy := b.value(i, b.x.in(p, i.ID, result.Italy))
	for id, one := range figures {
		if want := "Trimestre ottobre–dicembre 2025, Italia n " + italy.N + ". "; !strings.HasPrefix(one.Finding, want) {
			t.Errorf("%s: %q does not begin with %q", id, one.Finding, want)
		}
	}
	far := 0
	for _, province := range b.x.mapped("province") {
		if isFar(b.x.in(p, i.ID, province.Code).Funnel) {
			far++
		}
	}
	funnel := figures["funnel-province"]
	if far == 0 || !strings.Contains(funnel.Finding, strconv.Itoa(far)+" province su ") || funnel.X == nil || len(funnel.Limits) < 5 {
		t.Errorf("%d provinces are far out in the quarter, and the funnel is %+v", far, funnel)
	}
	for _, at := range funnel.Limits {
		if n := len(strings.Fields(at)); n != 5 {
			t.Errorf("limits %q", at)
		}
	}
	for n, region := range b.x.regions {
		c := b.x.in(p, i.ID, region.Code)
		isHidden := region.Code == "14"
		if isHidden != (c.Class == result.Hidden) || isHidden != (figures["intervals"].Ends[n] == "") || isHidden != (figures["map"].Colours[n] == '0') {
			t.Errorf("%s: ends %q, class %c of %+v", region.Name, figures["intervals"].Ends[n], figures["map"].Colours[n], c)
		}
		if !isHidden {
			checkEnds(t, figures["intervals"], n, c)
		}
	}
}

// checkEnds reads the ends of an interval back from where they are drawn.
func checkEnds(t *testing.T, one pages.Redrawn, n int, c result.Cell) {
	t.Helper()
	for k, field := range strings.Fields(one.Ends[n]) {
		part, err := strconv.ParseFloat(field, 64)
		if err != nil {
			t.Fatal(err)
		}
		want := []float64{c.Lower, c.Upper}[k]
		if got := one.X.Min + part/10000*(one.X.Max-one.X.Min); math.Abs(got-want) > (one.X.Max-one.X.Min)/10000 {
			t.Errorf("end %v of %s is drawn at %v", want, c.Territory, got)
		}
	}
}

// TestFiguresOfAPeriodWithoutLimits: a year that was not compared has no funnel, and says so.
func TestFiguresOfAPeriodWithoutLimits(t *testing.T) {
	set := fixture(t, "no_show_rate")
	lengthen(set)
	_, _, figures := redrawnIn(t, set, "no_show_rate", "2024", "en")
	if one := figures["funnel-region"]; one.X != nil || len(one.Limits) > 0 || !strings.HasPrefix(one.Finding, "Year 2024, Italy n ") || !strings.HasSuffix(one.Finding, "no comparison with limits.") {
		t.Errorf("a year without a funnel: %+v", one)
	}
	if one := figures["intervals"]; one.X == nil || !strings.Contains(one.Finding, "Of 20 regions") {
		t.Errorf("its intervals: %+v", one)
	}
}

// TestFiguresOfAnImmatureMonth draw what there is, say that it may change, and judge nothing.
func TestFiguresOfAnImmatureMonth(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for n := range set.Cells {
		if c := &set.Cells[n]; c.Grain == result.Month && c.Start.Equal(set.Run.LastMonth) && c.Breakdown == "" && c.Class != result.Hidden {
			c.Class, c.Funnel = result.Immature, ""
		}
	}
	funnel := set.Funnels[slices.IndexFunc(set.Funnels, func(f result.Funnel) bool { return f.Level == "region" && f.Grain == result.Rolling12 })]
	funnel.Grain, funnel.Start, funnel.Points = result.Month, set.Run.LastMonth, slices.Clone(funnel.Points)
	for n := range funnel.Points {
		funnel.Points[n].Position = ""
	}
	set.Funnels = append(set.Funnels, funnel)
	_, p, figures := redrawnIn(t, set, "no_show_rate", "2025-12", "it")
	if want := (period{"2025-12", "mese di dicembre 2025", result.Month, time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)}); p != want {
		t.Errorf("period %+v", p)
	}
	for id, one := range figures {
		if !strings.HasPrefix(one.Finding, "Mese di dicembre 2025 (provvisorio), Italia n ") {
			t.Errorf("%s: %q", id, one.Finding)
		}
	}
	if one := figures["intervals"]; one.X == nil || strings.Contains(one.Finding, "tutto sopra") || !strings.Contains(one.Finding, "non ne") && !strings.Contains(one.Finding, "non se ne trae") {
		t.Errorf("intervals that are immature are judged: %q", one.Finding)
	}
	if one := figures["funnel-region"]; one.X == nil || !strings.HasSuffix(one.Finding, "Nessun territorio è giudicato: i casi sono pochi o provvisori.") {
		t.Errorf("a funnel that is immature: %+v", one)
	}
}

// TestEndingsOfAColumn: a column's figures are packed without what they all end with, and
// read back as they were.
func TestEndingsOfAColumn(t *testing.T) {
	table := &pages.Table{Columns: make([]pages.Column, 3), Rows: []pages.Row{
		{Cells: []pages.Cell{{Text: "Roma"}, {Text: "7,9 %", Sort: "0.0791"}, {Text: "1.234", Sort: "1234"}}},
		{Cells: []pages.Cell{{Text: "Rieti"}, {Text: "riservato", Class: "hidden"}, {Text: ""}}},
		{Cells: []pages.Cell{{Text: "Latina"}, {Text: "12 casi", Sort: "12", Class: "small"}, {Text: "5", Sort: "5"}}},
	}}
	var packer pages.Packer
	packer.Share(table, 1)
	packed := packer.Rows(table, nil, 1)
	if want := (pages.Packed{"7,9^0.0791|1.234^", "@0|@1", "=12 casi^!small|5^"}); !slices.Equal(packed, want) {
		t.Fatalf("packed as %q, want %q", packed, want)
	}
	for n, row := range packed {
		for k, cell := range unpackedRow(t, row, packer.Often, packer.Endings...) {
			if want := table.Rows[n].Cells[k+1]; cell.Text != want.Text || cell.Sort != want.Sort || cell.Class != want.Class {
				t.Errorf("%+v is read back as %+v", want, cell)
			}
		}
	}
}

// TestYearsToChoose: a map of the provinces takes the room of two years.
func TestYearsToChoose(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for _, c := range set.Cells {
		if c.Breakdown == "" && c.Grain == result.Rolling12 && c.Start.Equal(set.Run.LastMonth) {
			for year := 2021; year <= 2025; year++ {
				c.Grain, c.Start = result.Year, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
				set.Cells = append(set.Cells, c)
			}
		}
	}
	i, _ := set.Catalogue.Indicator("no_show_rate")
	years := func(maps map[string]*baseMap) (some []string) {
		b := &builder{words: words{x: newIndex(set), lang: "it", m: messages(t, "it")}, site: &site{maps: maps}}
		for _, p := range b.periods(i) {
			if p.grain == result.Year {
				some = append(some, p.id)
			}
		}
		return some
	}
	if got := years(nil); !slices.Equal(got, []string{"2024", "2023", "2022"}) {
		t.Errorf("years %v", got)
	}
	if got := years(map[string]*baseMap{"province": {}}); !slices.Equal(got, []string{"2024"}) {
		t.Errorf("beside a map years %v", got)
	}
}

// TestColumnsThatTellNothing checks that the table of territories has no column that is
// empty in every period, and that what is drawn from it finds those that are left.
func TestColumnsThatTellNothing(t *testing.T) {
	set := fixture(t, "no_show_rate", "onsite_wait_minutes", "backlog_open")
	b := bareBuilder(t, set, "en")
	for id, want := range map[string]string{
		"no_show_rate":        "Territory, Level, Base (n), Value, 95% interval, Standardised, Cautious estimate, Position, Standing",
		"onsite_wait_minutes": "Territory, Level, Base (n), Value, 95% interval, Cautious estimate, Standing",
		"backlog_open":        "Territory, Level, Value, Standing",
	} {
		i, _ := set.Catalogue.Indicator(id)
		places := b.territoryPlaces(i)
		for _, p := range b.periods(i) {
			table := b.territoriesIn(p, i)
			var titles []string
			for _, column := range table.Columns {
				titles = append(titles, column.Title)
			}
			if got := strings.Join(titles, ", "); got != want {
				t.Errorf("%s, %s: columns %s, want %s", id, p.id, got, want)
			}
			if !table.Columns[places.Value].Judged || places.Class != len(titles)-1 || (places.Position < 0) != !strings.Contains(want, "Position") {
				t.Errorf("%s: places %+v", id, places)
			}
			for _, row := range table.Rows {
				if len(row.Cells) != len(titles) {
					t.Errorf("%s: a row of %d cells under %d titles", id, len(row.Cells), len(titles))
				}
			}
		}
	}
}
