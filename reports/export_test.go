package reports

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet/file"
	"golang.org/x/net/html"

	pages "tavolo/reports/html"
)

// shownTable is a table of a page as a reader of its HTML finds it.
type shownTable struct {
	caption string
	titles  []string
	rows    [][]shownCell
	files   map[string]string // extension → path
}

type shownCell struct {
	text   string // of the cell or its link, without second line and mark
	all    string // with them
	mark   string
	hidden bool
}

// checkExports holds the files of every table of a site to what its page shows.
func checkExports(t *testing.T, dir string) {
	tables, withheld := 0, 0
	eachPage(t, dir, func(name string, _ []byte, root *html.Node) {
		var last *shownTable
		for _, n := range elements(root) {
			switch {
			case n.Data == "table":
				last = readTable(n)
			case n.Data == "a" && last != nil && has(n, "download"):
				href, _ := attribute(n, "href")
				last.files[path.Ext(href)] = path.Join(path.Dir(name), href)
				if len(last.files) == 3 {
					tables++
					withheld += checkTable(t, dir, name, last)
					last = nil
				}
			}
		}
	})
	if tables < 300 || withheld < 10 {
		t.Errorf("%d tables with %d withheld figures were looked at: too few", tables, withheld)
	}
}

func has(n *html.Node, name string) bool {
	_, ok := attribute(n, name)
	return ok
}

// text is the text of a tree, without that of some elements.
func text(n *html.Node, without ...string) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		class, _ := attribute(n, "class")
		for _, one := range without {
			if n.Data == one || strings.HasPrefix(class, one) {
				return
			}
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.TrimSpace(b.String())
}

func readTable(table *html.Node) *shownTable {
	s := &shownTable{files: map[string]string{}}
	for _, n := range elements(table) {
		class, _ := attribute(n, "class")
		scope, _ := attribute(n, "scope")
		switch {
		case n.Data == "caption":
			s.caption = text(n)
		case n.Data == "th" && scope == "col":
			s.titles = append(s.titles, text(n))
		case n.Data == "tr" && class != "group" && len(s.titles) > 0:
			s.rows = append(s.rows, nil)
		case n.Data == "td" || n.Data == "th" && scope == "row":
			cell := shownCell{text: text(n, "small", "mark", "svg"), all: text(n), hidden: strings.Contains(class, "class-hidden")}
			for _, inner := range elements(n) {
				if class, _ := attribute(inner, "class"); strings.HasPrefix(class, "mark ") {
					cell.mark = text(inner)
				}
			}
			s.rows[len(s.rows)-1] = append(s.rows[len(s.rows)-1], cell)
		}
	}
	return s
}

// checkTable compares the page, CSV, XLSX and Parquet of one table, and gives
// how many figures in it are withheld.
func checkTable(t *testing.T, dir, page string, shown *shownTable) (withheld int) {
	t.Helper()
	lang := page[:2]
	where := page + ", " + shown.caption
	titles, rows := readCSV(t, filepath.Join(dir, shown.files[".csv"]), lang)
	raw, formatted := readSheet(t, filepath.Join(dir, shown.files[".xlsx"]), shown.caption, titles)
	columns := readParquet(t, filepath.Join(dir, shown.files[".parquet"]), page, lang, titles)
	if len(rows) != len(shown.rows) || len(raw) != len(rows) {
		t.Errorf("%s: %d rows on the page, %d in CSV, %d in XLSX", where, len(shown.rows), len(rows), len(raw))
		return 0
	}
	for n, title := range titles {
		if len(columns[n]) != len(rows) {
			t.Errorf("%s: column %q has %d rows in Parquet, want %d", where, title, len(columns[n]), len(rows))
			return 0
		}
		for r := range rows {
			if !sameCell(rows[r][n], raw[r][n], formatted[r][n], lang) {
				t.Errorf("%s, %s, row %d: CSV has %q, XLSX %q", where, title, r+1, rows[r][n], raw[r][n])
			}
			if want, got := rows[r][n], columns[n][r]; !sameValue(want, got, lang) {
				t.Errorf("%s, %s, row %d: CSV has %q, Parquet %v", where, title, r+1, want, got)
			}
		}
	}
	for column, title := range shown.titles {
		n := columnOf(titles, title)
		for r, row := range shown.rows {
			cell := row[column]
			checkParts(t, where, title, cell, titles, formatted[r])
			if n < 0 { // drawings alone, or an interval that is two columns
				if cell.hidden {
					t.Errorf("%s: the withheld figure of %q is in no column", where, title)
				}
				continue
			}
			want := cell.text
			if want == "" {
				want = cell.mark
			}
			if !asShown(want, rows[r][n], formatted[r][n], lang) {
				t.Errorf("%s, %s, row %d: the page shows %q, CSV has %q, XLSX shows %q", where, title, r+1, want, rows[r][n], formatted[r][n])
			}
			if cell.hidden {
				withheld++
				if _, ok := number(rows[r][n], lang); ok || columns[n][r] != nil {
					t.Errorf("%s, %s, row %d: a withheld figure is in CSV as %q, in Parquet as %v", where, title, r+1, rows[r][n], columns[n][r])
				}
			}
		}
	}
	return withheld
}

// checkParts checks that the numbers that the exports hold beside a figure, such
// as the limits of its interval, are in its cell of the page, digit for digit.
func checkParts(t *testing.T, where, title string, cell shownCell, titles, formatted []string) {
	t.Helper()
	digits := strings.NewReplacer(".", "", ",", "")
	for n, other := range titles {
		written := formatted[n]
		if strings.HasPrefix(other, title+": ") && strings.ContainsAny(written[:min(1, len(written))], "123456789") {
			number := strings.TrimRight(written, "%\u202f\u00a0‰abcdefghijklmnopqrstuvwxyz")
			if !strings.Contains(digits.Replace(cell.all), digits.Replace(number)) {
				t.Errorf("%s, %s: the page shows %q, the exports have %q for %q", where, title, cell.all, written, other)
			}
		}
	}
}

// columnOf finds the column of the exports that holds a column of the page.
func columnOf(titles []string, title string) int {
	for n, other := range titles {
		if other == title || strings.HasPrefix(other, title+" (") && strings.Count(other, "(") == strings.Count(title, "(")+1 {
			return n
		}
	}
	return -1
}

// sameCell tells whether a cell of a sheet holds what a field of a CSV file holds.
func sameCell(field, raw, formatted, lang string) bool {
	if field == raw {
		return true
	}
	got, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return false
	}
	if at, ok := moment(field); ok {
		_, ahead := at.Zone() // a spreadsheet knows of no zone, and has what the clock shows
		return math.Abs(got-25569-float64(at.Unix()+int64(ahead))/86400) < 1.0/86400
	}
	want, ok := number(field, lang)
	if strings.Contains(formatted, "%") {
		got *= 100
	}
	return ok && math.Abs(got-want) <= 1e-12*math.Abs(want)
}

// sameValue tells whether a value of a Parquet file is that of a field of a CSV
// file. A column of codes has no value exactly where the text is empty.
func sameValue(field string, value any, lang string) bool {
	switch v := value.(type) {
	case nil:
		_, isNumber := number(field, lang)
		_, isTime := moment(field)
		return !isNumber && !isTime
	case float64:
		want, ok := number(field, lang)
		return ok && want == v
	case time.Time:
		at, ok := moment(field)
		return ok && at.Equal(v.Truncate(time.Second))
	case string:
		return field != ""
	}
	return false
}

// asShown tells whether a file has what the page shows: the same text, or a
// number that is the shown one to its last digit, and that a spreadsheet shows
// with the same digits.
func asShown(shown, field, formatted, lang string) bool {
	if shown == field || strings.TrimPrefix(field, "'") == shown && shown != "" {
		return true
	}
	if at, ok := moment(field); ok {
		for _, written := range []string{at.Format("02/01/2006"), at.Format("2\u00a0January\u00a02006"), at.Format("2 January 2006"), at.In(rome()).Format("02/01/2006 15:04 MST"),
			at.In(rome()).Format("2 January 2006 15:04 MST"), monthNames[lang][at.Month()-1] + at.Format(" 2006")} {
			if shown == written {
				return true
			}
		}
		return false
	}
	value, ok := number(field, lang)
	if !ok {
		return strings.HasPrefix(field, shown) // a hash, which the page shortens
	}
	digits := strings.NewReplacer(".", "", ",", "")
	point := map[string]string{"it": ",", "en": "."}[lang]
	from := strings.IndexAny(shown, "0123456789")
	if from < 0 {
		return false
	}
	to := from
	for to < len(shown) && strings.IndexByte("0123456789.,", shown[to]) >= 0 {
		to++
	}
	plain := shown[from:to]
	whole, fraction, _ := strings.Cut(plain, point)
	read, err := strconv.ParseFloat(digits.Replace(whole)+"."+fraction, 64)
	half := 0.5000001 * math.Pow(10, -float64(len(fraction)))
	return err == nil && math.Abs(read-math.Abs(value)) <= half && strings.Contains(digits.Replace(formatted), digits.Replace(plain))
}

// unpacked is all that a file holds as one text: the parts of a workbook, the
// values of a Parquet file, uncompressed, with its metadata.
func unpacked(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	switch path.Ext(name) {
	case ".xlsx":
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range archive.File {
			in, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(&out, in); err != nil {
				t.Fatal(err)
			}
		}
	case ".parquet":
		out.Write(content)
		reader, err := file.NewParquetReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		for n := range reader.MetaData().Schema.NumColumns() {
			values, err := reader.RowGroup(0).GetColumnPageReader(n)
			if err != nil {
				t.Fatal(err)
			}
			for values.Next() {
				out.Write(values.Page().Data())
			}
			if values.Err() != nil {
				t.Fatal(values.Err())
			}
		}
	default:
		out.Write(content)
	}
	return out.String()
}

// packed is a number as a Parquet file holds it.
func packed(value float64) string {
	return string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(value)))
}

// TestUnpacked checks the reader by which the test of withheld figures looks: it
// sees a figure that is not withheld.
func TestUnpacked(t *testing.T) {
	set := fixture(t, "no_show_rate")
	set.Charts = nil
	for k := range set.Cells {
		if c := &set.Cells[k]; c.Territory == "001" && c.Breakdown == "" {
			c.Value = 0.123456
		}
	}
	dir := built(t, set)
	if !strings.Contains(unpacked(t, filepath.Join(dir, "data/indicators/territories.parquet")), packed(12.3456)) {
		t.Error("the figure is not seen in Parquet")
	}
	if !strings.Contains(unpacked(t, filepath.Join(dir, "it/indicatori/no_show_rate.xlsx")), "0.123456") {
		t.Error("the figure is not seen in XLSX")
	}
}

// TestLanguagesShareFigures checks that a table whose figures differ between the
// languages is refused.
func TestLanguagesShareFigures(t *testing.T) {
	set := fixture(t, "no_show_rate")
	s, _, err := prepare(Site{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	var made []*builder
	var views []*pages.Page
	for n, lang := range s.Languages {
		b := &builder{words: words{s.x, lang, s.pages.Messages(lang)}, site: s, path: lang + "/index.html", exports: map[string][]byte{}}
		b.export("t", &pages.Table{Columns: b.columns("#col.value"), Rows: []pages.Row{{Cells: []pages.Cell{{Text: "1", Plain: b.plain(float64(n))}}}}})
		made, views = append(made, b), append(views, &pages.Page{})
	}
	if err := s.exportTables(made, views); err == nil || !strings.Contains(err.Error(), "table t, column value, row 1") {
		t.Errorf("figures that differ: %v", err)
	}
}
