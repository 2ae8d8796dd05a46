package reports

import (
	"slices"
	"strings"
	"testing"

	"tavolo/transform/result"
)

// A month without a figure is a gap in a chart and a row in its table, which says
// whether it is withheld; a month between two gaps is a dot.
func TestMonthsThatAreMissingAreGaps(t *testing.T) {
	set := fixture(t, "no_show_rate")
	at := slices.IndexFunc(set.Charts, func(c result.Chart) bool { return c.Territory == "12" })
	chart := &set.Charts[at]
	whole := len(chart.Points)
	hidden, absent := chart.Points[4].Start, chart.Points[6].Start
	chart.Points = slices.Delete(slices.Delete(slices.Clone(chart.Points), 6, 7), 4, 5)
	for i := range set.Cells {
		if c := &set.Cells[i]; c.Territory == "12" && c.Grain == result.Month && c.Breakdown == "" && c.Start.Equal(hidden) {
			c.Class = result.Hidden
		}
	}
	b := bareBuilder(t, set, "it")
	filled := b.x.chart("no_show_rate", "12")
	if len(filled.Points) != whole || known(filled.Points[4].Value) || known(filled.Points[6].Value) || !known(filled.Points[5].Value) {
		t.Fatalf("%d points of %d months: %+v", len(filled.Points), whole, filled.Points[3:8])
	}
	if len(chart.Points) != whole-2 {
		t.Error("the set of results has changed")
	}
	i, _ := b.x.Catalogue.Indicator("no_show_rate")
	table := b.controlTable(i, filled, "control")
	texts := map[string]string{}
	for _, row := range table.Rows {
		texts[row.Cells[0].Text] = row.Cells[1].Text
	}
	if len(table.Rows) != whole || texts[b.month(hidden)] != b.m.T("value.hidden") || texts[b.month(absent)] != b.m.T("value.none") {
		t.Errorf("%d rows: %q, %q", len(table.Rows), texts[b.month(hidden)], texts[b.month(absent)])
	}
	if !alone(filled, 5) || alone(filled, 8) {
		t.Error("a month between two gaps has a line, or another has none")
	}
	drawing := string(b.spark(i, filled))
	if n := strings.Count(drawing, "spark-line"); n != 3 {
		t.Errorf("%d lines: %s", n, drawing)
	}
}
