package reports

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tavolo/ingest/reference"
	"tavolo/reports/export"
	"tavolo/reports/html"
	"tavolo/reports/pdf"
	"tavolo/transform/result"
)

// packsFolder holds the packs of a site: one folder a territory, which is a site
// of its own, and the same folder as an archive that can be mailed.
const packsFolder = "packs"

// writePacks makes the packs, several at a time: all of each but what is printed and its
// archive. A pack is built from what result.Set.Scoped leaves of the set, so that its pages
// cannot show what is not theirs.
func (s *site) writePacks(ctx context.Context) ([]madePack, error) {
	var made []madePack
	var mu sync.Mutex
	err := s.eachPack(ctx, s.packed(), func(t reference.Territory) error {
		pack, err := s.writePack(ctx, t)
		mu.Lock()
		defer mu.Unlock()
		made = append(made, pack)
		return err
	})
	slices.SortFunc(made, func(a, b madePack) int { return strings.Compare(a.territory.Code, b.territory.Code) })
	return made, err
}

// packed are the territories that a pack is made of.
func (s *site) packed() []reference.Territory {
	var some []reference.Territory
	for _, t := range s.x.References.Territories() {
		if t.Level != reference.LevelItaly && (len(s.PacksOf) == 0 || slices.Contains(s.PacksOf, t.Code)) {
			some = append(some, t)
		}
	}
	return some
}

// eachPack does something for the packs of some territories, several at a time.
func (s *site) eachPack(ctx context.Context, all []reference.Territory, do func(reference.Territory) error) error {
	return s.untilError(ctx, len(all), func(n int) error {
		if err := do(all[n]); err != nil {
			return fmt.Errorf("pack of %s: %w", all[n].Name, err)
		}
		return nil
	})
}

// madePack is a pack whose files are written. It does not keep the figures.
type madePack struct {
	territory reference.Territory
	dir       string         // its folder
	printed   []pdf.Document // what of it is printed
}

// writePack makes the pack of a territory: its pages in the first language of the report
// and a workbook with all their tables. A pack goes to one office, which mails it on: it
// has what is read there, and no file for machines.
func (s *site) writePack(ctx context.Context, t reference.Territory) (madePack, error) {
	part, err := s.Set.Scoped(t.Code)
	if err != nil {
		return madePack{}, err
	}
	pack := *s
	pack.Set, pack.Workers, pack.Progress, pack.Languages = part, 1, nil, s.Languages[:1]
	pack.x = newIndex(part)
	pack.maps = s.packMaps(pack.x)
	pack.Restated = s.Restated.scoped(pack.x)
	pack.out = s.out.pack(packFolder(t, s.Languages[0]))
	for _, write := range []func() error{
		func() error { return pack.writePages(ctx, pack.addresses(), 0) }, pack.writeBook, pack.writeEntrance,
	} {
		if err := write(); err != nil {
			return madePack{}, err
		}
	}
	return madePack{t, pack.out.dir, pack.documents()}, nil
}

// archivePacks adds the archive of each pack beside its folder.
func (s *site) archivePacks(ctx context.Context, packs []madePack) error {
	folders := map[string]string{}
	var all []reference.Territory
	for _, pack := range packs {
		folders[pack.territory.Code], all = pack.dir, append(all, pack.territory)
	}
	return s.eachPack(ctx, all, func(t reference.Territory) error {
		return writeArchive(filepath.Join(s.out.dir, packsFolder, t.Code+".zip"), folders[t.Code], s.x.Run.DataUntil)
	})
}

// writeArchive packs the folder of a pack, under its own name, so that it is one
// folder again wherever it is unpacked. The same files give the same bytes: they are in
// the order of their names, and of the day that their data are of.
func writeArchive(file, dir string, day time.Time) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	archive := export.NewArchive(out)
	names, err := filesBelow(dir)
	for _, name := range names {
		err = errors.Join(err, archiveFile(archive, dir, name, day))
	}
	return errors.Join(err, archive.Close(), out.Close())
}

func archiveFile(archive *zip.Writer, dir, name string, day time.Time) error {
	content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: filepath.Base(dir) + "/" + name, Method: zip.Deflate, Modified: day}
	header.SetMode(0o644)
	part, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	return err
}

// filesBelow gives the files of a folder with slashes, sorted by name.
func filesBelow(dir string) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	slices.Sort(names)
	return names, err
}

// isPack tells of the set of one territory alone.
func (x *index) isPack() bool { return x.Scope != "" }

// subject is whose site this is: the pack's territory, or Italy.
func (x *index) subject() string {
	if x.isPack() {
		return x.Scope
	}
	return result.Italy
}

// home is the page that a site begins with.
func (x *index) home() address {
	if t, _ := x.References.Territory(x.subject()); t.Level != reference.LevelItaly {
		return address{t.Level, t.Code}
	}
	return address{kind: "italy"}
}

// packAddresses are the pages of a pack: its territory, of a region its
// provinces, and the indicators as they stand here.
func (x *index) packAddresses() []address {
	all := []address{x.home(), {kind: "quality"}, {kind: "method"}}
	for _, province := range x.provinces[x.Scope] {
		all = append(all, address{"province", province.Code})
	}
	for _, indicator := range x.Catalogue.Indicators {
		all = append(all, address{"indicator", indicator.ID})
	}
	return all
}

// holds tells whether the site has a page. A pack lacks many that others lead to.
func (x *index) holds(a address) bool {
	if !x.isPack() {
		return true
	}
	switch a.kind {
	case "quality", "method", "indicator":
		return true
	case "region", "province":
		return x.isOwn(a.key)
	}
	return false
}

// isOwn tells of the territory of a pack, and of its provinces.
func (x *index) isOwn(code string) bool {
	t, ok := x.References.Territory(code)
	return ok && (code == x.Scope || t.Parent == x.Scope)
}

// fit makes the frame of a page that of a pack: it leads only to what is in it,
// and says what that is.
func (b *builder) fit(p *html.Page) {
	place := b.place(b.x.Scope)
	home := html.Link{Text: place, Href: html.Relative(b.path, b.x.path(b.x.home(), b.lang)), Current: b.at == b.x.home()}
	p.Nav = []html.Link{home,
		{Text: b.m.T("nav.indicators"), Href: home.Href + "#indicators", Current: b.at.kind == "indicator"},
		{Text: b.m.T("nav.quality"), Href: b.to("quality", ""), Current: b.at.kind == "quality"},
		{Text: b.m.T("nav.method"), Href: b.to("method", ""), Current: b.at.kind == "method"}}
	p.Crumbs = []html.Link{home}
	if !home.Current {
		p.Crumbs = append(p.Crumbs, html.Link{Text: p.Heading, Current: true})
	}
	p.Footer = append([]string{b.packHolds()}, p.Footer...)
}

// packSections say on the method page what a pack leaves out, and how.
func (b *builder) packSections() []html.Section {
	t, _ := b.x.References.Territory(b.x.Scope)
	paragraphs := append([]string{b.packHolds(), b.m.T("pack.peers"), b.m.T("pack.inputs")}, b.pairNote(t)...)
	return []html.Section{{ID: "pack", Title: b.m.T("pack.title"), Paragraphs: paragraphs}}
}

// packHolds is what a pack is and holds, in a sentence.
func (b *builder) packHolds() string {
	t, _ := b.x.References.Territory(b.x.Scope)
	key := "pack.holds.region"
	if t.Level == reference.LevelProvince {
		key = "pack.holds.province"
	}
	return b.m.T(key, "of", placeOf(t, b.lang))
}

// besideRegion tells whether the figures of a territory stand beside those of its
// region: a pack of one of two provinces has none of these, and a column without a
// figure is no comparison.
func (b *builder) besideRegion(t reference.Territory) bool {
	return t.Level == reference.LevelProvince && (!b.x.isPack() || b.x.hasFigures(t.Parent))
}

// pairNote says, where a pack has no figures of the region, why.
func (b *builder) pairNote(t reference.Territory) []string {
	if t.Level != reference.LevelProvince || b.besideRegion(t) {
		return nil
	}
	region, _ := b.x.References.Territory(t.Parent)
	return []string{b.m.T("pack.pair", "of", placeOf(region, b.lang))}
}

// hasFigures tells whether any figure of a territory is in the set.
func (x *index) hasFigures(territory string) bool {
	for key := range x.cells {
		if key.territory == territory {
			return true
		}
	}
	return false
}

// packFolder is where the pack of a territory lies, relative to its site.
func packFolder(t reference.Territory, lang string) string {
	return path.Join(packsFolder, t.Code+"-"+slug(placeName(t, lang)))
}
