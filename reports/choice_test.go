package reports

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	pages "tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// page parses a page of a site.
func page(t *testing.T, dir, name string) *html.Node {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	root, err := html.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// byID is the element with an id; nil where there is none.
func byID(root *html.Node, id string) *html.Node {
	for _, n := range elements(root) {
		if own, _ := attribute(n, "id"); own == id {
			return n
		}
	}
	return nil
}

// ofClass are the elements below a node that have a class.
func ofClass(root *html.Node, class string) []*html.Node {
	var some []*html.Node
	for _, n := range elements(root) {
		if own, _ := attribute(n, "class"); slices.Contains(strings.Fields(own), class) {
			some = append(some, n)
		}
	}
	return some
}

func dataOf(t *testing.T, root *html.Node) pages.Data {
	t.Helper()
	var data pages.Data
	if err := json.Unmarshal([]byte(byID(root, "data").FirstChild.Data), &data); err != nil {
		t.Fatal(err)
	}
	return data
}

var packedCell = regexp.MustCompile(`^([^^!]*)(?:\^([^!]*))?(?:!(.*))?$`)

// unpackedRow are the cells of a packed row, as the script of the page reads them.
func unpackedRow(t *testing.T, row string, often []pages.OftenCell, endings ...string) []pages.OftenCell {
	t.Helper()
	var cells []pages.OftenCell
	for k, cell := range strings.Split(row, "|") {
		if at, ok := strings.CutPrefix(cell, "@"); ok {
			n, err := strconv.Atoi(at)
			if err != nil || n >= len(often) {
				t.Fatalf("cell %q of %q", cell, row)
			}
			cells = append(cells, often[n])
			continue
		}
		parts := packedCell.FindStringSubmatch(cell)
		if strings.HasSuffix(strings.TrimSuffix(cell, "!"+parts[3]), "^") {
			parts[2] = regexp.MustCompile(`[^0-9]`).ReplaceAllString(parts[1], "")
		}
		if whole, isWhole := strings.CutPrefix(parts[1], "="); isWhole {
			parts[1] = whole
		} else if k < len(endings) && cell != "" {
			parts[1] += endings[k]
		}
		cells = append(cells, pages.OftenCell{Text: parts[1], Sort: parts[2], Class: parts[3]})
	}
	return cells
}

// withhold hides every figure of an indicator in a region.
func withhold(set *result.Set, indicator, region string) {
	for n := range set.Cells {
		if c := &set.Cells[n]; c.Indicator == indicator && c.Territory == region {
			hidden := absentCell(indicator, region)
			hidden.Level, hidden.Grain, hidden.Start, hidden.Class = c.Level, c.Grain, c.Start, result.Hidden
			hidden.Breakdown, hidden.Item = c.Breakdown, c.Item
			*c = hidden
		}
	}
	for n := range set.Funnels {
		if f := &set.Funnels[n]; f.Indicator == indicator {
			f.Points = slices.DeleteFunc(f.Points, func(at result.FunnelPoint) bool { return at.Territory == region })
		}
	}
}

// checkMapChoice reads back every map that can be chosen on the national page: its
// colours, labels, legend and finding are those of the map that stands drawn on the page
// of the indicator, and the figures of its table those of that page's table.
func checkMapChoice(t *testing.T, dir string) {
	for lang, folder := range map[string]string{"it": "it/indicatori/", "en": "en/indicators/"} {
		root := page(t, dir, lang+"/index.html")
		maps := dataOf(t, root).Maps
		if maps == nil || len(maps.Indicators) < 8 {
			t.Fatalf("%s: maps to choose from: %+v", lang, maps)
		}
		var names []string
		for _, row := range drawnRows(byID(root, "chosen-figure")) {
			names = append(names, row[0].text)
		}
		withheld := 0
		for _, one := range maps.Indicators {
			withheld += checkChosenMap(t, one, maps.Often, names, page(t, dir, folder+one.ID+".html"))
		}
		if withheld == 0 {
			t.Errorf("%s: no figure of any map is withheld", lang)
		}
	}
}

// checkChosenMap holds one map that can be chosen against the page of its indicator, and
// tells how many of its figures are withheld.
func checkChosenMap(t *testing.T, one pages.MappedIndicator, often []pages.OftenCell, names []string, own *html.Node) (withheld int) {
	t.Helper()
	figure := byID(own, "map-figure")
	if finding := text(ofClass(figure, "finding")[0]); !strings.HasPrefix(one.Finding, finding) {
		t.Errorf("%s: %q, on its page %q", one.ID, one.Finding, finding)
	}
	var legend []string
	for _, item := range one.Legend {
		legend = append(legend, item[1])
	}
	if drawn := text(ofClass(figure, "legend")[0]); drawn != strings.Join(legend, "") {
		t.Errorf("%s: legend %q, on its page %q", one.ID, legend, drawn)
	}
	drawn := map[string]string{} // label → class
	for _, n := range elements(ofClass(figure, "map")[0]) {
		if label, ok := attribute(n, "aria-label"); ok && n.Data == "a" {
			drawn[label], _ = attribute(n.LastChild, "class")
		}
	}
	shown := map[string][]drawnCell{}
	rows, _ := territoryRows(t, own)
	for _, row := range rows {
		if level := row[1].text; level == "Regione" || level == "Region" { // a province may be called like its region
			shown[row[0].text] = row
		}
	}
	for n, packed := range one.Rows {
		cells := unpackedRow(t, packed, often)
		if class, label := drawn[labelOf(names[n], cells)], labelOf(names[n], cells); class != "area q"+one.Colours[n:n+1] {
			t.Errorf("%s: %q has the class q%s, on its page %q", one.ID, label, one.Colours[n:n+1], class)
		}
		row := shown[names[n]]
		for k, column := range []int{3, 4, 2, 7, 8} {
			if cells[k].Text != row[column].text || cells[k].Class != row[column].class {
				t.Errorf("%s, %s: %+v, on its page %+v", one.ID, names[n], cells[k], row[column])
			}
		}
		if cells[0].Class == string(result.Hidden) {
			withheld++
		}
	}
	return withheld
}

// labelOf is what the script calls an area of the map.
func labelOf(name string, cells []pages.OftenCell) string {
	label := name + ": " + cells[0].Text
	if cells[1].Text != "" {
		label += " (" + cells[1].Text + ")"
	}
	if cells[3].Text != "" {
		label += ", " + cells[3].Text
	}
	return label
}

// wholeNumber is a number whose digits are its key of order.
var wholeNumber = regexp.MustCompile(`^[0-9][0-9.,]*$`)

// drawnCell is a cell of a table as a page has it.
type drawnCell struct{ text, sort, class, mark string }

// drawnRows are the rows of the body of a table that stands below a node.
func drawnRows(root *html.Node) [][]drawnCell {
	var rows [][]drawnCell
	for _, body := range elements(root) {
		if body.Data != "tbody" {
			continue
		}
		for tr := range body.ChildNodes() {
			var row []drawnCell
			for td := range tr.ChildNodes() {
				if td.Type != html.ElementNode {
					continue
				}
				cell := drawnCell{text: text(td, "small")}
				cell.sort, _ = attribute(td, "data-sort")
				if cell.sort == "" && wholeNumber.MatchString(cell.text) {
					cell.sort = strings.NewReplacer(".", "", ",", "").Replace(cell.text)
				}
				class, _ := attribute(td, "class")
				cell.class = strings.TrimPrefix(strings.TrimPrefix(class, "num"), " class-")
				for _, mark := range ofClass(td, "mark") {
					cell.mark, _ = attribute(mark, "class")
				}
				row = append(row, cell)
			}
			if len(row) > 0 {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// lengthen adds years and a quarter to a set, as far as it has twelve months and months.
func lengthen(set *result.Set) {
	var more []result.Cell
	for _, c := range set.Cells {
		switch {
		case c.Breakdown != "":
			continue
		case c.Grain == result.Rolling12 && c.Start.Month() == time.December:
			c.Grain, c.Start = result.Year, time.Date(c.Start.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		case c.Grain == result.Month && c.Start.Equal(set.Run.LastMonth):
			c.Grain, c.Start = result.Quarter, c.Start.AddDate(0, -2, 0)
		default:
			continue
		}
		c.Funnel, c.Shrunk = "", math.NaN()
		more = append(more, c)
	}
	set.Cells = append(set.Cells, more...)
	compareQuarter(set)
}

// compareQuarter gives the quarter that lengthen made the funnels of the twelve months, with
// its own figures.
func compareQuarter(set *result.Set) {
	cells := map[[2]string]*result.Cell{}
	for n := range set.Cells {
		if c := &set.Cells[n]; c.Grain == result.Quarter {
			cells[[2]string{c.Indicator, c.Territory}] = c
		}
	}
	for _, f := range set.Funnels {
		if f.Grain != result.Rolling12 || !f.Start.Equal(set.Run.LastMonth) {
			continue
		}
		f.Grain, f.Start = result.Quarter, f.Start.AddDate(0, -2, 0)
		var points []result.FunnelPoint
		for _, at := range f.Points {
			c := cells[[2]string{f.Indicator, at.Territory}]
			if c == nil || !known(c.Value) {
				continue
			}
			at.N, at.Value, c.Funnel = c.Denominator, c.Value, at.Position
			if f.Standardised {
				c.Standardised = c.Value
			}
			points = append(points, at)
		}
		f.Points = points
		set.Funnels = append(set.Funnels, f)
	}
}

// checkPeriodChoice reads back the table of territories of every period that can be
// chosen: its figures are those of the set, as they are written everywhere; those that
// are withheld are withheld in each.
func checkPeriodChoice(t *testing.T, dir string, set *result.Set) {
	x, grains := newIndex(set), map[result.Grain]int{}
	for lang, folder := range map[string]string{"it": "it/indicatori/", "en": "en/indicators/"} {
		b := &builder{words: words{x: x, lang: lang, m: messages(t, lang)}}
		for _, i := range set.Catalogue.Indicators {
			root := page(t, dir, folder+i.ID+".html")
			choice := dataOf(t, root).Periods
			if choice == nil {
				t.Errorf("%s %s has no periods to choose from", lang, i.ID)
				continue
			}
			shown, places := territoryRows(t, root)
			for n, p := range b.periods(&i) {
				one := choice.Periods[n]
				if one.ID != p.id || one.Caption != i.Title.In(lang)+": "+p.label || !strings.Contains(one.Said, p.label) {
					t.Errorf("%s: period %+v, want %+v", i.ID, one, p)
				}
				grains[p.grain]++
				checkPeriod(t, b, &i, p, one, choice, shown, places)
			}
		}
	}
	for _, grain := range []result.Grain{result.Rolling12, result.Year, result.Quarter, result.Month} {
		if grains[grain] < 2*len(set.Catalogue.Indicators)-8 { // a few have no figures of months
			t.Errorf("%d tables of grain %s", grains[grain], grain)
		}
	}
}

func checkPeriod(t *testing.T, b *builder, i *kpi.Indicator, p period, one pages.Period, choice *pages.Periods, drawn [][]drawnCell, places []int) {
	t.Helper()
	row := 0
	for _, territory := range b.x.References.Territories() {
		if !i.HasLevel(territory.Level) {
			continue
		}
		cells := make([]drawnCell, 7)
		copy(cells, drawn[row][2:])
		if p.grain != result.Rolling12 {
			packed := strings.Split(one.Rows[row], "|")
			for k, cell := range unpackedRow(t, one.Rows[row], choice.Often, choice.Endings...) {
				if packed[k] != "" {
					cells[places[k+2]-2] = drawnCell{text: cell.Text, sort: cell.Sort, class: cell.Class}
				}
			}
		}
		row++
		c := absentCell(i.ID, territory.Code)
		for _, other := range b.x.cells[cellKey{i.ID, territory.Code, p.grain}] {
			if other.Breakdown == "" && other.Start.Equal(p.start) {
				c = other
			}
		}
		v, position := b.value(i, c), ""
		if mark := b.position(i, c.Funnel); mark != nil {
			position = mark.Text
		}
		want := []string{v.N, v.Text, v.Interval, b.standardised(i, c), b.shrunk(i, c), position, b.caution(c.Class)}
		for k, cell := range cells {
			if isLeft := slices.Contains(places, k+2); cell.text != want[k] && (isLeft || strings.Trim(want[k], "–") != "") {
				t.Errorf("%s, %s, %s: %q, want %q", i.ID, territory.Name, p.id, cell.text, want[k])
			}
		}
		if class := strings.TrimPrefix(v.Class, "ok"); cells[1].class != class || cells[1].sort != order(shown(i, c)) {
			t.Errorf("%s, %s, %s: %+v, want class %q and order %q", i.ID, territory.Name, p.id, cells[1], class, order(shown(i, c)))
		}
	}
	if row != len(drawn) {
		t.Errorf("%s: %d rows, want %d", i.ID, len(drawn), row)
	}
}

// territoryRows are the rows of the table of territories with a cell for each column that
// it can have, an empty one for those that it has not; and the places there of its own.
func territoryRows(t *testing.T, root *html.Node) (rows [][]drawnCell, places []int) {
	t.Helper()
	table := byID(root, "territory-table")
	for _, n := range elements(table) {
		if n.Data != "thead" {
			continue
		}
		for _, th := range elements(n) {
			if th.Data == "th" {
				places = append(places, territoryColumn(t, text(th)))
			}
		}
	}
	for _, own := range drawnRows(table) {
		if len(own) != len(places) {
			t.Fatalf("%d cells under %d titles", len(own), len(places))
		}
		row := make([]drawnCell, territoryWidth)
		for k, cell := range own {
			row[places[k]] = cell
		}
		rows = append(rows, row)
	}
	return rows, places
}

// territoryColumn is the place of a column by its title, in any language.
func territoryColumn(t *testing.T, title string) int {
	t.Helper()
	for _, lang := range []string{"it", "en"} {
		m := messages(t, lang)
		if place := slices.Index([]string{m.T("col.territory"), m.T("col.level"), m.T("col.n"), m.T("col.value"), m.T("col.interval"),
			m.T("col.standardised"), m.T("col.shrunk"), m.T("col.position"), m.T("col.class")}, title); place >= 0 {
			return place
		}
	}
	t.Fatalf("no column is called %q", title)
	return -1
}
