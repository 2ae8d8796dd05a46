package export

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"tavolo/reports/html"
)

// measured is a page's table of a place with a value, and a column that others lack.
func measured(caption, head string, value html.Cell, more ...html.Cell) *html.Table {
	t := &html.Table{Caption: caption, Columns: []html.Column{{Key: "place", Title: head}, {Key: "value", Title: "Value", Numeric: true}},
		Rows: []html.Row{{Cells: append([]html.Cell{{Text: "Aosta", Plain: html.Datum{Code: "007"}}, value}, more...)}}}
	if len(more) > 0 {
		t.Columns = append(t.Columns, html.Column{Key: "more", Title: "More"})
	}
	return t
}

func measure(value float64, code, name string) html.Cell {
	return html.Cell{Text: "shown", Plain: html.Datum{Kind: html.Measure, Number: value, Digits: 1, Unit: html.Unit{Code: code, Name: name}}}
}

// TestTogether puts the tables of pages together that differ in unit, title, kind and
// columns: nothing that one of them says is lost.
func TestTogether(t *testing.T) {
	m := messages(t, "en")
	count := html.Cell{Text: "3", Plain: html.Datum{Kind: html.Count, Number: 3}}
	var pages []PageTable
	for n, table := range []*html.Table{
		measured("One", "Place", measure(7.5, "percent", "%")),
		measured("Two", "Place", measure(12, "days", "days"), html.Cell{Text: "only here"}),
		measured("Three", "Where", count),
		measured("Four", "Place", html.Cell{Text: "withheld"}),
	} {
		pages = append(pages, PageTable{Code: fmt.Sprint("p", n), Title: fmt.Sprint("Page ", n), Table: Of("t", table, m)})
	}
	all := Together("Page", "Places", pages, m)
	var columns []string
	for _, c := range all.Columns {
		columns = append(columns, c.Key+" = "+c.Title)
	}
	want := []string{"page = Page", "caption = table", "place = place", "place_title = place: title", "value = Value", "value_unit = Value: unit", "more = More"}
	if !slices.Equal(columns, want) {
		t.Errorf("columns\n%q, want\n%q", columns, want)
	}
	if want := "Places: the tables of several pages"; all.Caption != want {
		t.Errorf("caption %q, want %q", all.Caption, want)
	}
	wantRows := "Page,table,place,place: title,Value,Value: unit,More\r\nPage 0,One,Aosta,Place,7.5,%,\r\nPage 1,Two,Aosta,Place,12,days,only here\r\n" +
		"Page 2,Three,Aosta,Where,3,,\r\nPage 3,Four,Aosta,Place,withheld,,\r\n"
	if got := string(all.CSV("en")[3:]); got != wantRows {
		t.Errorf("rows\n%q, want\n%q", got, wantRows)
	}
	if v := all.Rows[3][4]; all.Columns[4].Kind != html.Measure || !math.IsNaN(v.Number) {
		t.Errorf("a word among numbers is %+v in a column of kind %d", v, all.Columns[4].Kind)
	}
	if _, err := Parquet([]string{"en"}, []*Table{all}, nil); err != nil {
		t.Error(err)
	}
}

// TestTogetherOfOneKind puts tables together that differ in nothing but their rows:
// what is the same stays a property of the column.
func TestTogetherOfOneKind(t *testing.T) {
	m := messages(t, "en")
	table := Of("t", measured("One", "Place", measure(7.5, "percent", "%")), m)
	all := Together("Page", "Letters", []PageTable{{"a", "A", table}, {"b", "B", table}}, m)
	if len(all.Columns) != 3 || all.Columns[2].Title != "Value (%)" || all.Columns[2].Unit.Code != "percent" || all.Caption != "One" {
		t.Errorf("%q: %+v", all.Caption, all.Columns)
	}
	if len(all.Rows) != 2 || all.Rows[0][0].Code != "a" || all.Rows[1][0].Code != "b" {
		t.Errorf("%+v", all.Rows)
	}
}
