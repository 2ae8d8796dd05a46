// Package reports makes the pages of a publication from what a run found out.
// It takes a result.Set and computes no indicator: it sorts, words and draws.
//
// A site is a folder of pages that opens from file:// with the network off:
//
//	index.html                       leads to the first language
//	it/index.html                    Italia
//	it/regioni/12-lazio.html         one page a region
//	it/province/058-roma.html        one page a province
//	it/indicatori/no_show_rate.html  one page an indicator
//	it/confronta.html                any territory against others
//	it/patronati.html                the patronati, by name
//	it/patronati/acli.html           one page a patronato
//	it/formazione.html               training, measure by measure
//	it/protocollo.html               the Protocol in force, where and since when
//	it/proposte.html                 what the patronati propose, and its outcome
//	it/qualita-dati.html             the quality of the data
//	it/arrivi/2025-12.html           which days of a month came, territory by territory
//	it/metodo.html                   method and provenance
//	en/…                             the same in English
//	data/provinces/indicators.parquet  a table of all pages of a kind, for every language
//	assets/echarts.min.js            the chart library, from npm at build time
//	packs/058-roma/                  with Site.Packs: what one territory may have, as a site of its own
//	packs/058.zip                    the same as an archive
//
// Beside each page stand its tables: a CSV file of each, and one workbook of
// all; and where a browser prints them, the page as PDF, of a pack the first one. The
// same set gives the same bytes.
//
// A page does not name the run but for the first one, the method and the quality of the
// data: it shows a code of all that it says, and so does a workbook. What is the same in
// an earlier site is taken over from it, see [Earlier].
package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"tavolo/ingest/boundary"
	"tavolo/reports/html"
	"tavolo/transform/result"
)

// Site says what to publish.
type Site struct {
	Set       *result.Set
	Maps      []*boundary.Map                            // boundaries to draw maps with: of the provinces, and in place of the built-in ones of the regions
	Languages []string                                   // it, en; empty for all. The first is where the entrance leads
	PDF       bool                                       // pages lead to PDF files of themselves
	Chromium  string                                     // the browser that prints those, see [pdf.Find]; empty to leave them out
	Printed   string                                     // the folder of a site to take those files from, in place of printing them; empty to print
	Packs     bool                                       // also one folder and archive for each region and province, below packs/
	PacksOf   []string                                   // codes of the territories that packs are made of; empty for all
	Restated  *Restated                                  // what moved since the publication before; nil for the first one
	Moved     func() (*Restated, error)                  // gives Restated when that is not known yet: called once, when it is needed; may be nil
	Beside    []Beside                                   // files beside the pages
	Workers   int                                        // pages made at a time; 0 for one a processor
	Earlier   *Earlier                                   // what files may be taken over from; nil for none
	Note      func(path, inputs string)                  // called with what a file is made of that a later site may take over, never twice at once; may be nil
	Taken     func(path string, f EarlierFile, size int) // called with each file that was taken over, from several goroutines; may be nil
	Written   func(path string)                          // called with each file that was written and is whole, from several goroutines; may be nil
	Progress  func(page string, done, of int)            // called after each page, then after each PDF, never twice at once; may be nil
}

const libraryPath = "assets/echarts.min.js"

// site is what all pages share.
type site struct {
	Site
	out   *folder
	x     *index
	pages *html.Renderer
	maps  map[string]*baseMap // by level
}

// Write makes the site in a folder, which must be new or empty, so that the
// caller can make it current by one rename. On an error the folder is unfinished.
// html.ErrNotBuilt tells of a program that was built without the chart library.
func Write(ctx context.Context, dir string, s Site) error {
	if err := checkEmpty(dir); err != nil {
		return err
	}
	shared, script, err := prepare(s)
	if err != nil {
		return err
	}
	shared.out = &folder{dir: dir, earlier: s.Earlier, note: s.Note, noting: &sync.Mutex{}, taken: s.Taken, written: s.Written}
	if err := shared.out.write(libraryPath, script); err != nil {
		return err
	}
	if err := shared.writeKinds(ctx); err != nil {
		return err
	}
	var packs []madePack
	if s.Packs {
		if packs, err = shared.writePacks(ctx); err != nil {
			return err
		}
	}
	if err := shared.printAll(ctx, packs); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	if err := shared.archivePacks(ctx, packs); err != nil {
		return err
	}
	return shared.writeEntrance()
}

func checkEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return os.MkdirAll(dir, 0o755)
	}
	if err == nil && len(entries) > 0 {
		return fmt.Errorf("%s: the folder of a new report must be empty", dir)
	}
	return err
}

func prepare(s Site) (*site, []byte, error) {
	if s.Set == nil || s.Set.Catalogue == nil || s.Set.References == nil {
		return nil, nil, errors.New("report: the set of results is incomplete")
	}
	if len(s.Languages) == 0 {
		s.Languages = html.Languages()
	}
	if s.Workers <= 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	x := make(chan *index, 1)
	go func() { x <- newIndex(s.Set) }() // while the templates are read
	pages, err := html.New()
	if err != nil {
		return nil, nil, err
	}
	for _, lang := range s.Languages {
		if pages.Messages(lang) == nil {
			return nil, nil, fmt.Errorf("report: no messages in language %q", lang)
		}
	}
	script, err := html.ChartLibrary()
	if err != nil {
		return nil, nil, err
	}
	maps, err := baseMaps(s.Maps)
	if err != nil {
		return nil, nil, err
	}
	return &site{Site: s, x: <-x, pages: pages, maps: maps}, script, nil
}

func (s *site) addresses() []address {
	if s.x.isPack() {
		return s.x.packAddresses()
	}
	all := []address{{kind: "italy"}, {kind: "compare"}, {kind: "patronati"}, {kind: "training"}, {kind: "protocol"}, {kind: "proposals"},
		{kind: "quality"}, {kind: "method"}}
	for _, region := range s.x.regions {
		all = append(all, address{"region", region.Code})
	}
	for _, region := range s.x.regions {
		for _, province := range s.x.provinces[region.Code] {
			all = append(all, address{"province", province.Code})
		}
	}
	for _, patronato := range s.x.patronati {
		all = append(all, address{"patronato", patronato.Code})
	}
	for _, indicator := range s.x.Catalogue.Indicators {
		all = append(all, address{"indicator", indicator.ID})
	}
	for _, month := range s.x.arrivalMonths() {
		all = append(all, address{"arrivals", month.Format("2006-01")})
	}
	return all
}

// writeKinds makes all pages, those of one kind after those of another, and the files
// that a kind shares when it has all of its pages, while those of the next are made: so the
// tables of few kinds are in memory. The files beside the pages are put there meanwhile. The
// pages that there is one of come last: they tell what moved, which takes a while to find out.
func (s *site) writeKinds(ctx context.Context) (err error) {
	var kinds [][]address
	var single []address
	pages := s.takeUnchanged()
	var meanwhile errgroup.Group // of two things at most
	meanwhile.SetLimit(2)
	defer func() { err = errors.Join(err, meanwhile.Wait()) }()
	meanwhile.Go(s.writeBeside) // not before: it may take over the same files
	for _, at := range pages {
		last := len(kinds) - 1
		switch {
		case at.key == "":
			single = append(single, at)
		case last < 0 || kinds[last][0].kind != at.kind:
			kinds = append(kinds, []address{at})
		default:
			kinds[last] = append(kinds[last], at)
		}
	}
	done := (len(s.addresses()) - len(pages)) * len(s.Languages)
	for _, pages := range append(kinds, single) {
		if s.Moved != nil && pages[0].key == "" {
			var err error
			if s.Restated, err = s.Moved(); err != nil {
				return err
			}
		}
		if err := s.writePages(ctx, pages, done); err != nil {
			return err
		}
		files := s.sharedFiles()
		meanwhile.Go(func() error { return s.writeShared(files) })
		done += len(pages) * len(s.Languages)
	}
	return nil
}

// writePages makes some pages, several addresses at a time, after others were done; a
// page is made in all languages at once, as they share files.
func (s *site) writePages(ctx context.Context, all []address, done int) error {
	total := len(s.addresses()) * len(s.Languages)
	var mu sync.Mutex
	return s.untilError(ctx, len(all), func(n int) error {
		if err := s.writeAddress(all[n]); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, lang := range s.Languages {
			done++
			if s.Progress != nil {
				s.Progress(s.x.path(all[n], lang), done, total)
			}
		}
		return nil
	})
}

// writeAddress makes a page in every language, with the files beside it.
func (s *site) writeAddress(at address) error {
	var made []*builder
	var pages []*html.Page
	for _, lang := range s.Languages {
		b := &builder{words: words{s.x, lang, s.pages.Messages(lang)}, site: s, at: at,
			path: s.x.path(at, lang), options: map[string]json.RawMessage{}, exports: map[string][]byte{}}
		page := b.page()
		if b.err != nil {
			return fmt.Errorf("page %s: %w", b.path, b.err)
		}
		made, pages = append(made, b), append(pages, page)
	}
	if err := s.exportTables(made, pages); err != nil {
		return fmt.Errorf("page %s: %w", made[0].path, err)
	}
	for n, b := range made {
		if err := s.writePage(b, pages[n]); err != nil {
			return err
		}
	}
	return nil
}

// pageRooms are the rooms that pages are written into: each is of hundreds of kilobytes.
var pageRooms = sync.Pool{New: func() any { return &bytes.Buffer{} }}

func (s *site) writePage(b *builder, page *html.Page) error {
	inputs := page.Digest()
	page.Code = code(inputs)
	out := pageRooms.Get().(*bytes.Buffer)
	defer pageRooms.Put(out)
	_, err := s.out.provide(b.path, inputs, func() ([]byte, error) {
		if err := b.finish(); err != nil {
			return nil, err
		}
		out.Reset()
		err := s.pages.Render(out, page)
		return out.Bytes(), err
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(b.exports)) {
		if err := s.out.write(name, b.exports[name]); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) writeEntrance() error {
	var out bytes.Buffer
	var links []html.Link
	for _, lang := range s.Languages {
		links = append(links, html.Link{Text: s.pages.Messages(lang).T("language.name"), Lang: lang,
			Href: s.x.path(s.x.home(), lang)})
	}
	first := s.pages.Messages(s.Languages[0])
	title, banner := first.T("entrance.title"), ""
	if t, _ := s.x.References.Territory(s.x.Scope); s.x.isPack() { // it has one language, and is somebody's
		title = first.T("pack.entrance", "of", placeOf(t, s.Languages[0]))
		links[0].Text = placeName(t, s.Languages[0])
	}
	if s.Set.Run.Synthetic {
		banner = first.T("page.synthetic")
	}
	if err := s.pages.Entrance(&out, title, banner, links); err != nil {
		return err
	}
	return s.out.write("index.html", out.Bytes())
}
