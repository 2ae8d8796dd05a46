package reports

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"tavolo/ingest/boundary"
	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

// eachText calls f with every file of a folder, with every member of those that
// are archives, with the values of those that are Parquet, and with the text of those
// that are PDF.
func eachText(t *testing.T, dir string, f func(name string, text []byte)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		f(name, text)
		switch {
		case bytes.HasPrefix(text, []byte("PK")):
			return eachMember(name, text, f)
		case bytes.HasPrefix(text, []byte("PAR1")):
			return rowsOf(name, text, f)
		case bytes.HasPrefix(text, []byte("%PDF-")):
			f(name+"!text", pdfText(text))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func eachMember(name string, text []byte, f func(name string, text []byte)) error {
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, member := range archive.File {
		in, err := member.Open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(in)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", name, member.Name, err)
		}
		f(name+"!"+member.Name, content)
	}
	return nil
}

// marker gives numbers that occur nowhere but in the figures of one territory: a
// count, and a share of the same digits.
func marker(n int) (count, share float64) {
	return float64(firstMarker + n), float64(firstMarker+n) / 1e8
}

const firstMarker = 7350100

// marked finds markers in the ways in which numbers are written: 7350001,
// 7.350.001, 7,350,001, 0.07350001. They do not begin within another number.
var marked = regexp.MustCompile(`(?:^|[^0-9.,])(7[.,]?350[.,]?[1-2][0-9][0-9]|0[.,]07350[1-2][0-9][0-9])`)

// markersIn gives the numbers of the territories whose markers are in a text.
func markersIn(text []byte) map[int]bool {
	found := map[int]bool{}
	for _, one := range marked.FindAllSubmatch(text, -1) {
		n, err := strconv.Atoi(strings.TrimLeft(strings.NewReplacer(".", "", ",", "").Replace(string(one[1])), "0"))
		if err == nil {
			found[n-firstMarker] = true
		}
	}
	return found
}

// planted is a set in which each territory has numbers of its own.
func planted(t *testing.T) *result.Set {
	t.Helper()
	set := fixture(t, "no_show_rate", "onsite_wait_minutes", "protocol_adoption", "training_coverage")
	counts, shares := map[string]float64{}, map[string]float64{}
	for n, territory := range set.References.Territories() {
		counts[territory.Code], shares[territory.Code] = marker(n)
	}
	for k := range set.Cells {
		c := &set.Cells[k]
		if c.Class != result.Hidden {
			c.Denominator, c.Numerator, c.Value, c.Standardised = counts[c.Territory], counts[c.Territory], shares[c.Territory], shares[c.Territory]
		}
	}
	for k := range set.Charts {
		c := &set.Charts[k]
		for p := range c.Points {
			c.Points[p].N, c.Points[p].Value = counts[c.Territory], shares[c.Territory]
		}
	}
	for k := range set.Funnels {
		f := &set.Funnels[k]
		for p := range f.Points {
			f.Points[p].N, f.Points[p].Value = counts[f.Points[p].Territory], shares[f.Points[p].Territory]
		}
		f.Limits[0].N, f.Limits[len(f.Limits)-1].N = counts[f.Points[0].Territory]/1.5, counts[f.Points[len(f.Points)-1].Territory]
		for p := 1; p+1 < len(f.Limits); p++ {
			f.Limits[p].N = f.Limits[0].N + float64(p)
		}
	}
	for k := range set.Batches {
		set.Batches[k].File, set.Batches[k].Source = "drops/sede-di-Vercelli.csv", "sede-di-Vercelli"
	}
	for k := range set.Refused {
		set.Refused[k].Source, set.Refused[k].Example = "sede-di-Vercelli", `province "Vercellli": no such territory`
	}
	return set
}

// movedEverywhere is a restatement in every territory, by a file of an office.
func movedEverywhere(set *result.Set) *Restated {
	before := slices.Clone(set.Cells)
	told := map[string]bool{}
	for k := range before {
		if c := &before[k]; c.Grain == result.Month && c.Breakdown == "" && c.Class == result.OK && !told[c.Territory] {
			told[c.Territory] = true
			c.Value, c.Numerator = c.Value/2, c.Numerator/2
		}
	}
	r := &Restated{Before: "r0", At: set.Run.At, Manifest: strings.Repeat("ab", 32)}
	r.Take(restatement.Compare(before, set.Cells))
	for k := range r.Moves {
		r.Moves[k].Batches = []ledger.Entry{{BatchID: strings.Repeat("1", 64), Log: "bookings", File: "drops/sede-di-Vercelli.csv", IngestedAt: set.Run.At}}
	}
	return r
}

// allowed tells whether the pack of one territory may show another: itself, its
// provinces, what is above it, but not the region of a pair of provinces.
func allowed(set *result.Set, own, other reference.Territory) (name, figures bool) {
	name = own.Code == other.Code || other.Parent == own.Code || other.Code == own.Parent || other.Level == reference.LevelItaly
	siblings := 0
	for _, t := range set.References.Territories() {
		if t.Parent == own.Parent {
			siblings++
		}
	}
	return name, name && (other.Code != own.Parent || siblings != 2)
}

// TestPacks reads every byte of every pack and looks for what it may not hold:
// figures and names of other territories, and names of files and sources. The
// site itself has them, so that the test would find them.
func TestPacks(t *testing.T) {
	set := planted(t)
	dir := filepath.Join(t.TempDir(), "site")
	if err := Write(context.Background(), dir, Site{Set: set, Maps: []*boundary.Map{chequered(set, reference.LevelProvince)}, Packs: true, Restated: movedEverywhere(set), Languages: []string{"it"}}); err != nil {
		t.Fatal(err)
	}
	packs, err := os.ReadDir(filepath.Join(dir, packsFolder))
	if err != nil || len(packs) != 2*127 {
		t.Fatalf("%d packs and archives, want 127 of each: %v", len(packs), err)
	}
	whole := bytesOf(t, dir, func(name string) bool { return !strings.HasPrefix(name, packsFolder) })
	if n := bytes.Count(whole, []byte("sede-di-Vercelli")); n < 100 {
		t.Errorf("the site itself names the office %d times: the test would find nothing", n)
	}
	if found := markersIn(whole); len(found) < 126 {
		t.Errorf("the site itself has the figures of %d territories: the test would find nothing", len(found))
	}
	for _, own := range set.References.Territories() {
		if own.Level != reference.LevelItaly {
			checkHeld(t, set, own, bytesOf(t, filepath.Join(dir, packFolder(own, "it")), func(string) bool { return true }))
			checkArchive(t, filepath.Join(dir, packsFolder, own.Code+".zip"), filepath.Join(dir, packsFolder))
		}
	}
	checkPack(t, dir, "12-lazio")
	checkPack(t, dir, "054-perugia")
}

// checkHeld checks what the bytes of a pack say of every territory.
func checkHeld(t *testing.T, set *result.Set, own reference.Territory, text []byte) {
	t.Helper()
	found := markersIn(text)
	text = bytes.ReplaceAll(text, []byte("nel fuso di Roma"), nil) // the time zone
	for _, other := range set.References.Territories() {
		if name, _ := allowed(set, own, other); name { // Friuli-Venezia Giulia does not name Venezia
			text = bytes.ReplaceAll(text, []byte(html.EscapeString(placeName(other, "it"))), nil)
		}
	}
	words, addresses := wordsOf(text), addressesIn(text)
	for n, other := range set.References.Territories() {
		name, figures := allowed(set, own, other)
		switch {
		case found[n] && !figures:
			t.Errorf("pack of %s has figures of %s", own.Name, other.Name)
		case !found[n] && figures && other.Code != "007": // Aosta's are withheld
			t.Errorf("pack of %s lacks the figures of %s", own.Name, other.Name)
		}
		if !name && (named(text, words, placeName(other, "it")) || addresses[other.Code+"-"+slug(placeName(other, "it"))]) {
			t.Errorf("pack of %s names %s", own.Name, other.Name)
		}
	}
	for _, source := range []string{"sede-di", "Vercellli"} {
		if bytes.Contains(text, []byte(source)) {
			t.Errorf("pack of %s names a source: %s", own.Name, source)
		}
	}
}

// wordsOf gives the words of a text.
func wordsOf(text []byte) map[string]bool {
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		words[word] = true
	}
	return words
}

// named tells whether a name stands in a text, as words of its own.
func named(text []byte, words map[string]bool, name string) bool {
	for word := range wordsOf([]byte(name)) {
		if !words[word] {
			return false
		}
	}
	return bytes.Contains(text, []byte(html.EscapeString(name))) || bytes.Contains(text, []byte(name))
}

var addressed = regexp.MustCompile(`[0-9]{2,3}-[a-z][a-z-]+`)

// addressesIn gives what looks like the page of a territory.
func addressesIn(text []byte) map[string]bool {
	some := map[string]bool{}
	for _, one := range addressed.FindAll(text, -1) {
		some[string(one)] = true
	}
	return some
}

func bytesOf(t *testing.T, dir string, keep func(name string) bool) []byte {
	t.Helper()
	var all bytes.Buffer
	eachText(t, dir, func(name string, text []byte) {
		if keep(name) {
			all.WriteString("/" + name + "\n")
			all.Write(text)
		}
	})
	return all.Bytes()
}

// writeOnePack adds the pack of one territory to a site, for the browser.
func writeOnePack(t *testing.T, dir, code string) {
	t.Helper()
	shared, _, err := prepare(Site{Set: fixture(t, some...)})
	if err != nil {
		t.Fatal(err)
	}
	territory, _ := shared.x.References.Territory(code)
	if err := packInto(shared, dir, territory); err != nil {
		t.Fatal(err)
	}
}

// packInto writes the pack of one territory below a folder.
func packInto(s *site, dir string, t reference.Territory) error {
	s.out = &folder{dir: dir, noting: &sync.Mutex{}}
	made, err := s.writePack(context.Background(), t)
	if err != nil {
		return err
	}
	return s.archivePacks(context.Background(), []madePack{made})
}

// checkPack checks that a pack is a site of its own: it has no link out of it,
// and none that leads nowhere.
func checkPack(t *testing.T, dir, name string) {
	t.Helper()
	folder := filepath.Join(dir, packsFolder, name)
	eachPage(t, folder, func(page string, text []byte, root *html.Node) {
		for _, n := range elements(root) {
			href, ok := attribute(n, "href")
			if !ok || strings.HasPrefix(href, "#") || href == "data:," {
				continue
			}
			file, _, _ := strings.Cut(href, "#")
			target := path.Join(path.Dir(page), file)
			if _, err := os.Stat(filepath.Join(folder, target)); err != nil || strings.HasPrefix(target, "..") || file == "" && href == "" {
				t.Errorf("%s: %s: link to %q leads nowhere", name, page, href)
			}
		}
	})
	if _, err := os.Stat(filepath.Join(folder, libraryPath)); err == nil {
		t.Errorf("%s carries the chart library, which no page of it uses", name)
	}
}

// checkArchive checks that the archive of a pack is its folder, file for file, and that
// nothing in it tells when or where it was made.
func checkArchive(t *testing.T, file, packs string) {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var names []string
	for _, member := range archive.File {
		names = append(names, member.Name)
		in, err := member.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatalf("%s: %s: %v", file, member.Name, err)
		}
		want, err := os.ReadFile(filepath.Join(packs, filepath.FromSlash(member.Name)))
		if err != nil || !bytes.Equal(content, want) {
			t.Errorf("%s: %s is not the file of the folder: %v", file, member.Name, err)
		}
		if day := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC); !member.Modified.Equal(day) || member.Comment != "" {
			t.Errorf("%s: %s is of %s, %q", file, member.Name, member.Modified, member.Comment)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("%s: its files are not in order", file)
	}
	folder, _, _ := strings.Cut(names[0], "/")
	files, err := filesBelow(filepath.Join(packs, folder))
	if err != nil || len(files) != len(names) || len(files) > 150 {
		t.Errorf("%s: %d files, %d in the folder, at most 150 are wanted: %v", file, len(names), len(files), err)
	}
}

// TestPackBook checks the workbook of a pack: the tables of its first page a sheet
// each, those of the indicators on one sheet for all, which says whose each row is.
func TestPackBook(t *testing.T) {
	dir := t.TempDir()
	shared, _, err := prepare(Site{Set: fixture(t, "no_show_rate", "onsite_wait_minutes", "training_coverage")})
	if err != nil {
		t.Fatal(err)
	}
	for code, name := range map[string]string{"12": "12-lazio", "054": "054-perugia", "007": "007-valle-d-aosta"} {
		territory, _ := shared.x.References.Territory(code)
		if err := packInto(shared, dir, territory); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenFile(filepath.Join(dir, packsFolder, name, name+".xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		about := map[string]int{}
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				if len(row) > 0 {
					about[row[0]]++
				}
			}
		}
		for _, title := range []string{"Appuntamenti mancati", "Attesa in sede"} {
			if about[title] < 3 {
				t.Errorf("%s: %d rows of %q: %v", name, about[title], title, book.GetSheetList())
			}
		}
		if n := len(book.GetSheetList()); n < 8 || n > 40 {
			t.Errorf("%s has %d sheets: %v", name, n, book.GetSheetList())
		}
	}
}

// TestPackOfAPair checks that a pack says why the region's figures are missing.
func TestPackOfAPair(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for code, want := range map[string]bool{"054": true, "058": false, "007": false} {
		part, err := set.Scoped(code)
		if err != nil {
			t.Fatal(err)
		}
		parent, _ := set.References.Territory(code)
		if got := !slices.ContainsFunc(part.Cells, func(c result.Cell) bool { return c.Territory == parent.Parent }); got != want {
			t.Errorf("the region's figures are left out of the pack of %s: %v, want %v", code, got, want)
		}
	}
}
