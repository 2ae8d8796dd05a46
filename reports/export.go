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

// exportTables makes the files of a page's tables from its builders, one for
// each language, and leads to them from the tables. CSV files and workbooks are
// in the language of their page; a Parquet file serves all.
func (s *site) exportTables(made []*builder, pages []*html.Page) error {
	for n, first := range made[0].tables {
		tables := make([]*export.Table, len(made))
		for k, b := range made {
			if len(b.tables) != len(made[0].tables) || b.tables[n].id != first.id {
				return fmt.Errorf("table %s: the page in %q has other tables than that in %q", first.id, b.lang, made[0].lang)
			}
			tables[k] = b.tables[n].held
		}
		content, err := export.Parquet(s.Languages, tables, s.facts())
		if err != nil {
			return err
		}
		shared := s.dataPath(made[0].at) + "-" + first.id + ".parquet"
		made[0].exports[shared] = content
		for _, b := range made {
			b.offer(n, shared, len(content))
		}
	}
	for k, b := range made {
		if err := b.offerBook(pages[k]); err != nil {
			return err
		}
	}
	return nil
}

// dataPath is where the Parquet files of a page stand, but for what names the
// table: data/indicators/no_show_rate.
func (s *site) dataPath(at address) string {
	page := strings.TrimSuffix(s.x.path(at, "en"), ".html")
	return "data" + strings.TrimPrefix(page, "en")
}

// facts are what a Parquet file says of itself.
func (s *site) facts() map[string]string {
	run := s.x.Run
	return map[string]string{"run_id": run.ID, "owner": run.Owner, "synthetic": strconv.FormatBool(run.Synthetic),
		"data_until": run.DataUntil.Format("2006-01-02"), "period_end": run.LastMonth.AddDate(0, 1, -1).Format("2006-01-02")}
}

// offer leads from the n-th table to its CSV file, which it makes, and to its
// Parquet file.
func (b *builder) offer(n int, shared string, size int) {
	t := b.tables[n]
	file := strings.TrimSuffix(b.path, ".html") + "-" + t.id + ".csv"
	content := t.held.CSV(b.lang)
	b.exports[file] = content
	t.shown.Files = []html.Download{
		{Href: path.Base(file), Text: b.m.T("export.csv", "size", b.size(len(content))),
			Long: b.m.T("export.csv.long", "size", b.size(len(content)), "table", t.shown.Caption)},
		{Href: html.Relative(b.path, shared), Text: b.m.T("export.parquet", "size", b.size(size)),
			Long: b.m.T("export.parquet.long", "size", b.size(size), "table", t.shown.Caption)},
	}
}

// offerBook makes the workbook of the page and leads to it from each table.
func (b *builder) offerBook(page *html.Page) error {
	if len(b.tables) == 0 {
		return nil
	}
	content, err := b.book(page).XLSX()
	if err != nil {
		return err
	}
	file := strings.TrimSuffix(b.path, ".html") + ".xlsx"
	b.exports[file] = content
	text := b.m.T("export.xlsx", "size", b.size(len(content)))
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

// order is the key by which a column sorts a number; "" sorts last.
func order(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return ""
	}
	return strconv.FormatFloat(value, 'g', 7, 64)
}
