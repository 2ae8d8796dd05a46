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
	for _, judged := range []string{"Sopra (95%)", "Sotto (95%)", "Raggiunto", "Peggioramento"} {
		if strings.Contains(indicators, judged) {
			t.Errorf("a patronato is judged: %q", judged)
		}
	}
	if regions := textOf(t, dir, "en/patronati/acli.html", "regions-table"); !strings.Contains(regions, "Lazio") || !strings.Contains(regions, "Sicilia") {
		t.Errorf("a patronato works nowhere: %s", regions)
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
