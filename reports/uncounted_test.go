package reports

import (
	"slices"
	"strings"
	"testing"

	"tavolo/reports/export"
	"tavolo/reports/html"
	"tavolo/transform/result"
)

// TestAMedianWithoutItsNumber checks what a page and its files say of a median whose number
// of cases is withheld: its value, and a word in place of the number, which nothing sorts by.
func TestAMedianWithoutItsNumber(t *testing.T) {
	for lang, word := range map[string]string{"it": "riservato", "en": "withheld"} {
		b := bareBuilder(t, fixture(t, "first_response_hours"), lang)
		i, _ := b.x.Catalogue.Indicator("first_response_hours")
		c := b.x.headline(i.ID, "007")
		if !c.Uncounted() {
			t.Fatal("the fixture says how many it is of")
		}
		v := b.value(i, c)
		if v.Class != string(result.OK) || v.Text == "" || !strings.HasPrefix(v.N, word) || !strings.Contains(v.Note, b.m.T("value.n.hidden.note")) {
			t.Errorf("%+v", v)
		}
		table := b.territoriesIn(b.periods(i)[0], i)
		at := slices.IndexFunc(table.Rows, func(row html.Row) bool { return row.Cells[0].Plain.Code == "007" })
		n, value := table.Rows[at].Cells[2], table.Rows[at].Cells[3]
		if !strings.HasPrefix(n.Text, word) || n.Sort != "" || !n.Plain.Absent() || n.Class != string(result.Hidden) {
			t.Errorf("the number of cases is %+v", n)
		}
		if value.Sort == "" || value.Plain.Absent() || value.Class != string(result.OK) {
			t.Errorf("the value is %+v", value)
		}
		for _, row := range b.controlTable(i, b.x.chart(i.ID, "007"), "control").Rows {
			if cell := row.Cells[2]; cell.Text != word || !cell.Plain.Absent() || row.Cells[1].Class == string(result.Hidden) {
				t.Errorf("a month has %q cases: %+v", cell.Text, row.Cells[1])
			}
		}
		written := string(export.Of("territories", table, b.m).CSV(lang))
		lines := strings.Split(written, "\r\n")
		if of := strings.Split(lines[at+1], map[string]string{"it": ";", "en": ","}[lang]); !slices.ContainsFunc(of, func(field string) bool { return strings.HasPrefix(field, word) }) {
			t.Errorf("the file says %q", of)
		}
	}
}
