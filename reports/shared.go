package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tavolo/reports/export"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
)

// sharedTable is the table of one page that stands in a file with those of others.
type sharedTable struct {
	at       address
	place    int      // among the tables of its page
	title    string   // of its sheet, in the first language
	headings []string // of the page, in each language
	tables   []*export.Table
}

// share keeps a table for the file that it shares with those of other pages.
func (f *folder) share(path string, t sharedTable) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shared == nil {
		f.shared = map[string][]sharedTable{}
	}
	f.shared[path] = append(f.shared[path], t)
}

// sharedFile is what shares one file.
type sharedFile struct {
	path   string
	tables []sharedTable
}

// sharedFiles gives what was kept, and forgets it: tables and files in the order in which
// the site has their pages.
func (s *site) sharedFiles() []sharedFile {
	defer func() { s.out.shared = nil }()
	order := map[address]int{}
	for n, at := range s.addresses() {
		order[at] = n
	}
	var files []sharedFile
	for path, tables := range s.out.shared {
		slices.SortFunc(tables, func(a, b sharedTable) int { return cmp.Compare(order[a.at], order[b.at]) })
		files = append(files, sharedFile{path, tables})
	}
	slices.SortFunc(files, func(a, b sharedFile) int {
		first, second := a.tables[0], b.tables[0]
		return cmp.Or(cmp.Compare(order[first.at], order[second.at]), cmp.Compare(first.place, second.place), cmp.Compare(a.path, b.path))
	})
	return files
}

// together makes one table of those in a file, in the k-th language. Where their
// captions differ its own names it by what it is called.
func (s *site) together(f sharedFile, k int, called string) *export.Table {
	if f.tables[0].at.key == "" { // there is one page of its kind
		return f.tables[0].tables[k]
	}
	var all []export.PageTable
	for _, one := range f.tables {
		all = append(all, export.PageTable{Code: one.at.key, Title: one.headings[k], Table: one.tables[k]})
	}
	m := s.pages.Messages(s.Languages[k])
	return export.Together(kindName(m, f.tables[0].at.kind), called, all, m)
}

// kindName is what a page of a kind is about.
func kindName(m *html.Messages, kind string) string {
	switch kind {
	case "region", "province":
		return m.T("col.territory")
	case "patronato":
		return m.T("by.patronato")
	case "arrivals":
		return m.T("col.month")
	}
	return m.T("col.indicator")
}

// writeShared writes Parquet files, several at a time.
func (s *site) writeShared(files []sharedFile) error {
	return s.severalAtOnce(len(files), func(n int) error { return s.writeParquet(files[n]) })
}

func (s *site) writeParquet(f sharedFile) error {
	facts := s.facts()
	inputs := f.inputs(s.Languages, facts)
	facts["code"] = code(inputs)
	_, err := s.out.provide(f.path, inputs, func() ([]byte, error) {
		tables := make([]*export.Table, len(s.Languages))
		for k := range s.Languages {
			tables[k] = s.together(f, k, f.tables[0].tables[k].Name)
		}
		return export.Parquet(s.Languages, tables, facts)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	return nil
}

// inputs names all that the Parquet file is made of.
func (f sharedFile) inputs(languages []string, facts map[string]string) string {
	parts := []any{languages, facts}
	for _, one := range f.tables {
		parts = append(parts, one.at.kind, one.at.key, one.headings)
		for _, t := range one.tables {
			parts = append(parts, t.Digest())
		}
	}
	return html.Digest(parts)
}

// bookPath is the workbook of a pack, beside its entrance.
func (x *index) bookPath(lang string) string {
	t, _ := x.References.Territory(x.Scope)
	return t.Code + "-" + slug(placeName(t, lang)) + ".xlsx"
}

// offerPackBook leads from the n-th table to the workbook of the pack.
func (b *builder) offerPackBook(n int) {
	text := b.m.T("export.book")
	b.tables[n].shown.Files = []html.Download{{Href: html.Relative(b.path, b.x.bookPath(b.site.Languages[0])), Text: text, Long: text}}
}

// sheetTitle names the sheet of a table of several pages: not after the first of them.
func (b *builder) sheetTitle(kind, table, title string) string {
	if kind != "province" {
		return title
	}
	switch table {
	case "indicators":
		title = b.m.T("region.indicators")
	case "training":
		title = b.m.T("training.here")
	case "protocol":
		title = b.m.T("protocol.here")
	case "by-" + string(kpi.ByService), "by-" + string(kpi.ByChannel), "by-" + string(kpi.ByPatronato):
		title = b.dimension(strings.TrimPrefix(table, "by-"))
	}
	return b.m.T("pack.sheet.provinces", "table", title)
}

// writeBook writes the workbook of a pack, in its first language: the tables of its
// first page, a sheet each, and those of its provinces and of all its indicators put
// together, as an office filters one sheet rather than opens fifty.
func (s *site) writeBook() error {
	at, lang := s.x.home(), s.Languages[0]
	b := &builder{words: words{s.x, lang, s.pages.Messages(lang)}, site: s, at: at, path: s.x.path(at, lang)}
	t, _ := s.x.References.Territory(s.x.Scope)
	place := b.place(t.Code)
	page := &html.Page{Title: b.m.T("pack.book", "of", placeOf(t, lang)), Heading: place, Lead: b.packHolds()}
	if s.x.Run.Synthetic {
		page.Banner = b.m.T("page.synthetic")
	}
	for _, f := range s.sharedFiles() {
		t := pageTable{title: f.tables[0].title}
		if first := f.tables[0].at; first == at {
			t.held = f.tables[0].tables[0]
		} else {
			t.title = b.sheetTitle(first.kind, f.tables[0].tables[0].Name, t.title)
			t.held = s.together(f, 0, t.title)
		}
		b.tables = append(b.tables, t)
	}
	book := b.book(page)
	inputs := b.coded(book)
	_, err := s.out.provide(s.x.bookPath(lang), inputs, book.XLSX)
	return err
}
