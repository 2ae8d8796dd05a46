package html

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestRowsAreReadAsWritten checks that a reader of HTML finds the cells and attributes that
// rows has written, whatever they hold: ends and quotes that go unsaid are understood.
func TestRowsAreReadAsWritten(t *testing.T) {
	texts := []string{"Aosta", "", "1.234,5", "a b", "q1>", "</td><td>", `"'`, "x=y", "`", "è", "-0.5e-07", "/", "a/"}
	table := &Table{Columns: []Column{{Title: "a"}, {Title: "b", Numeric: true}, {Title: "c"}}}
	for _, text := range texts {
		table.Rows = append(table.Rows, Row{ID: "r" + text, Cells: []Cell{{Text: text, Href: "#" + text}, {Text: text, Sort: text, Class: text, Sub: text},
			{Text: text, Sort: text, Heat: text, Draw: Bar{Part: "50"}.Draw()}}}, Row{Group: text + " group"})
	}
	written, err := (&rowsWriter{}).rows(table)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader("<table><tbody>" + string(written) + "</table>"))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for n := range root.Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data == "tr":
			rows = append(rows, []string{attributeOf(n, "id")})
		case n.Type == html.ElementNode && (n.Data == "td" || n.Data == "th"):
			var shown strings.Builder
			for inner := range n.Descendants() {
				if inner.Type == html.TextNode {
					shown.WriteString(inner.Data)
				}
			}
			last := &rows[len(rows)-1]
			*last = append(*last, n.Data, shown.String(), attributeOf(n, "class"), attributeOf(n, "data-sort"), attributeOf(n, "scope"))
		}
	}
	var want [][]string
	for _, text := range texts {
		number, heat := "num", ""
		if text != "" {
			number, heat = "num class-"+text, "heat "+text
		}
		want = append(want, []string{"r" + text, "th", text, "", "", "row", "td", text + text, number, text, "", "td", text, heat, text, ""},
			[]string{"", "th", text + " group", "", "", "colgroup"})
	}
	if !slices.EqualFunc(rows, want, slices.Equal) {
		for n := range min(len(rows), len(want)) {
			if !slices.Equal(rows[n], want[n]) {
				t.Errorf("row %d is read as\n%q, want\n%q", n, rows[n], want[n])
			}
		}
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}
}

func attributeOf(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
