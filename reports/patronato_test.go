package reports

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// checkPatronati checks that a patronato stands beside Italy, without a judgement,
// and that the list is by name.
func checkPatronati(t *testing.T, dir string) {
	indicators := textOf(t, dir, "it/patronati/acli.html", "indicators-table")
	for _, want := range []string{"Appuntamenti mancati", "Tempo alla prima risposta", "Italia"} {
		if !strings.Contains(indicators, want) {
			t.Errorf("the indicators of a patronato lack %q", want)
		}
	}
	for _, judged := range []string{"Sopra (95\u202f%)", "Sotto (95\u202f%)", "Raggiunto", "Peggioramento"} {
		if strings.Contains(indicators, judged) {
			t.Errorf("a patronato is judged: %q", judged)
		}
	}
	if regions := textOf(t, dir, "en/patronati/acli.html", "regions-table"); !strings.Contains(regions, "Lazio") || !strings.Contains(regions, "Sicilia") {
		t.Errorf("a patronato works nowhere: %s", regions)
	}
	for _, want := range []struct{ page, id, text string }{
		{"it/patronati/acli.html", "services-table", "Pensione di vecchiaia"},
		{"en/patronati/acli.html", "services", "There are published figures for 26 of the 26 services."},
		{"en/indicators/patronato_services.html", "handled-table", "Other benefits 1 0"},
	} {
		if text := textOf(t, dir, want.page, want.id); !strings.Contains(text, want.text) {
			t.Errorf("%s: %s does not say %q: %s", want.page, want.id, want.text, text)
		}
	}
	list := textOf(t, dir, "it/patronati.html", "patronati-table")
	names := regexp.MustCompile(`Patronato [A-Z0-9][^ ]*`).FindAllString(list, -1)[1:] // after the heading of the column
	if len(names) != 23 || !slices.IsSortedFunc(names, func(a, c string) int { return strings.Compare(slug(a), slug(c)) }) {
		t.Errorf("%d patronati in the order %q", len(names), names)
	}
	if strings.Contains(list, "senza patronato") {
		t.Error("the citizen alone is listed as a patronato")
	}
}

// TestPatronatoWithoutFigures checks that a patronato of which the data know
// nothing has a page that says so, and that a withheld part is told in words.
func TestPatronatoWithoutFigures(t *testing.T) {
	set := fixture(t, "no_show_rate", "patronato_mix")
	set.Charts = nil
	secret := 0.987654
	set.Cells = slices.DeleteFunc(set.Cells, func(c result.Cell) bool { return c.Item == "INCA" })
	for k := range set.Cells {
		c := &set.Cells[k]
		if c.Item == "ACLI" && c.Territory != result.Italy {
			c.Class, c.Value, c.Numerator = result.Hidden, secret, 4321
		}
	}
	b := bareBuilder(t, set, "it")
	if table := b.patronatoIndicators("INCA"); table != nil {
		t.Errorf("a patronato without figures has a table: %+v", table)
	}
	if table, regions := b.patronatoRegions("INCA"), b.worksIn("INCA"); table != nil || len(regions) > 0 {
		t.Errorf("a patronato without figures works in %v", regions)
	}
	if services, _ := b.patronatoServices("INCA"); services != nil {
		t.Errorf("a patronato without figures handles %+v", services.Rows)
	}
	if regions := b.worksIn("ACLI"); len(regions) > 0 {
		t.Errorf("withheld parts are counted: %v", regions)
	}
	hidden, _ := b.x.item("patronato_mix", "12", kpi.ByPatronato, "ACLI", 0)
	for _, cell := range b.partCells(hidden) {
		if cell.Text != "riservato" || cell.Plain.Kind.IsNumber() && !cell.Plain.Absent() || cell.Sort != "" {
			t.Errorf("a withheld part is shown as %+v", cell)
		}
	}
}

// TestServicesOfAPatronato checks the parts of a patronato's own work, that what is
// withheld is a word and counted, and that the services of a group stand together,
// those with more cases first.
func TestServicesOfAPatronato(t *testing.T) {
	set := fixture(t, "patronato_mix", "patronato_services")
	set.Cells = slices.DeleteFunc(set.Cells, func(c result.Cell) bool { return c.Breakdown == string(kpi.ByPatronatoService) })
	for k := range set.Cells {
		if c := &set.Cells[k]; c.Territory == result.Italy && c.Item == "ACLI" && c.Start.Equal(set.Run.LastMonth) {
			c.Numerator = 200
		}
	}
	for _, one := range []struct {
		service string
		cases   float64
		class   result.Class
	}{{"naspi", 60, result.OK}, {"pensione_vecchiaia", 20, result.OK}, {"pensione_anticipata", 40, result.OK}, {"ape_sociale", 3, result.Hidden}} {
		set.Cells = append(set.Cells, result.Cell{Indicator: "patronato_services", Territory: result.Italy, Level: "italy", Grain: result.Rolling12,
			Start: set.Run.LastMonth, Breakdown: string(kpi.ByPatronatoService), Item: kpi.ByPatronatoService.Item("ACLI", one.service),
			Numerator: one.cases, Denominator: 1000, Value: one.cases / 1000, Class: one.class})
	}
	table, about := bareBuilder(t, set, "en").patronatoServices("ACLI")
	var got []string
	for _, row := range table.Rows {
		if row.Group != "" {
			got = append(got, row.Group)
			continue
		}
		got = append(got, row.Cells[0].Text+" "+row.Cells[1].Text+" "+row.Cells[2].Text)
	}
	want := []string{"Unemployment", "Unemployment benefit (NASpI) 60 30.0%", "Pensions", "Early and seniority pension 40 20.0%",
		"Old-age pension 20 10.0%", "Bridging allowance to retirement (APE sociale) withheld withheld"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if len(table.Notes) != 1 || !strings.HasPrefix(about, "There are published figures for 3 of the 26 services.") {
		t.Errorf("notes %q, about %q", table.Notes, about)
	}
}
