package reports

import (
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"

	"tavolo/reports/export"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
)

// pageTable is a table of a page that can be downloaded.
type pageTable struct {
	id    string // within the page
	title string // of its sheet
	shown *html.Table
	held  *export.Table
}

// export offers a table of the page as files, which hold what it shows: withheld
// figures stay withheld. Call it when the table is complete.
func (b *builder) export(id string, t *html.Table) *html.Table {
	if t == nil {
		return nil
	}
	return b.exportAs(id, t.Caption, t)
}

// exportAs is export with a title for the sheet of the workbook.
func (b *builder) exportAs(id, title string, t *html.Table) *html.Table {
	if t != nil {
		b.tables = append(b.tables, pageTable{id, title, t, export.Of(id, t, b.m)})
	}
	return t
}

// exportWhole is exportAs for a page that shows the beginning of a table: the
// files hold the whole.
func (b *builder) exportWhole(id, title string, shown, whole *html.Table) *html.Table {
	b.tables = append(b.tables, pageTable{id, title, shown, export.Of(id, whole, b.m)})
	return shown
}

// exportTables makes the files of a page's tables from its builders, one for
// each language, and leads to them from the tables: a CSV file of each table and a
// workbook of all, in the language of their page. A Parquet file serves all languages
// and all pages of a kind: writeShared makes it when it has their tables. In a pack
// there is one workbook of everything, see writeBook.
func (s *site) exportTables(made []*builder, pages []*html.Page) error {
	var headings []string
	for _, page := range pages {
		headings = append(headings, page.Heading)
	}
	for n, first := range made[0].tables {
		tables := make([]*export.Table, len(made))
		for k, b := range made {
			if len(b.tables) != len(made[0].tables) || b.tables[n].id != first.id {
				return fmt.Errorf("table %s: the page in %q has other tables than that in %q", first.id, b.lang, made[0].lang)
			}
			tables[k] = b.tables[n].held
		}
		if err := export.Agree(s.Languages, tables); err != nil {
			return err
		}
		shared := s.dataPath(made[0].at, first.id)
		s.out.share(shared, sharedTable{made[0].at, n, first.title, headings, tables})
		for _, b := range made {
			if s.x.isPack() {
				b.offerPackBook(n)
			} else {
				b.offer(n, shared)
			}
		}
	}
	for k, b := range made {
		if s.x.isPack() {
			break
		}
		if err := b.offerBook(pages[k]); err != nil {
			return err
		}
	}
	return nil
}

// dataPath is where a table of a page stands as Parquet: in a file of its own, or with
// those of the other territories, indicators or patronati,
// data/provinces/indicators.parquet.
func (s *site) dataPath(at address, table string) string {
	page := strings.TrimPrefix(strings.TrimSuffix(s.x.path(at, "en"), ".html"), "en")
	if at.key != "" {
		return "data" + path.Dir(page) + "/" + table + ".parquet"
	}
	return "data" + page + "-" + table + ".parquet"
}

// facts are what a Parquet file says of itself. Like most pages it does not name the run: it
// has the code of what it holds.
func (s *site) facts() map[string]string {
	run := s.x.Run
	return map[string]string{"owner": run.Owner, "synthetic": strconv.FormatBool(run.Synthetic),
		"data_until": run.DataUntil.Format("2006-01-02"), "period_end": run.LastMonth.AddDate(0, 1, -1).Format("2006-01-02")}
}

// offer leads from the n-th table to its CSV file, which it makes, and to its
// Parquet file, which is not written yet.
func (b *builder) offer(n int, shared string) {
	t := b.tables[n]
	file := strings.TrimSuffix(b.path, ".html") + "-" + t.id + ".csv"
	content := t.held.CSV(b.lang)
	b.exports[file] = content
	t.shown.Files = []html.Download{
		{Href: path.Base(file), Text: b.m.T("export.csv", "size", b.size(len(content))),
			Long: b.m.T("export.csv.long", "size", b.size(len(content)), "table", t.shown.Caption)},
		{Href: html.Relative(b.path, shared), Text: b.m.T("export.parquet"), Long: b.m.T("export.parquet.long", "table", t.shown.Caption)},
	}
}

// offerBook makes the workbook of the page and leads to it from each table.
func (b *builder) offerBook(page *html.Page) error {
	if len(b.tables) == 0 {
		return nil
	}
	book := b.book(page)
	inputs := b.coded(book)
	file := strings.TrimSuffix(b.path, ".html") + ".xlsx"
	size, err := b.site.out.provide(file, inputs, book.XLSX)
	if err != nil {
		return err
	}
	text := b.m.T("export.xlsx", "size", b.size(size))
	for _, t := range b.tables {
		t.shown.Files = append(t.shown.Files, html.Download{Href: path.Base(file), Text: text, Long: text})
	}
	return nil
}

// size writes the size of a file: whole kilobytes, from a thousand on megabytes.
func (w words) size(bytes int) string {
	if bytes < 999_500 {
		return kpi.Number(math.Ceil(float64(bytes)/1e3), 0, w.lang) + "\u00a0kB"
	}
	return kpi.Number(float64(bytes)/1e6, 1, w.lang) + "\u00a0MB"
}

// order is the key by which a column sorts a number, to more digits than any page
// shows; "" sorts last.
func order(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return ""
	}
	if value == math.Trunc(value) && math.Abs(value) < 1<<53 { // a count, which pages and their script know by its digits
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return strconv.FormatFloat(value, 'g', 6, 64)
}
