package reports

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tavolo/ingest/reference"
	"tavolo/reports/pdf"
)

// TestPrintedPacks prints the first page of some packs, and reads every byte of them, and
// the text of the PDF files, as TestPacks does. The page leads to its file, which is in the
// archive too. Written again without a browser, from what was printed, all is the same.
func TestPrintedPacks(t *testing.T) {
	chromium, err := pdf.Find()
	if err != nil {
		t.Fatalf("the tests of printing need Chromium: apt-get install chromium, or name it in CHROMIUM (%v)", err)
	}
	set, dir := planted(t), filepath.Join(t.TempDir(), "site")
	codes := []string{"054", "058", "12"}
	write := func(dir, chromium, printed string) map[string]string {
		shared, _, err := prepare(Site{Set: set, Languages: []string{"it"}, PDF: true, Packs: true, PacksOf: codes, Chromium: chromium, Printed: printed})
		if err != nil {
			t.Fatal(err)
		}
		shared.out = &folder{dir: dir, noting: &sync.Mutex{}}
		packs, err := shared.writePacks(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		shared.PDF = false // of the pages of the site itself
		if err := errors.Join(shared.printAll(context.Background(), packs), shared.archivePacks(context.Background(), packs)); err != nil {
			t.Fatal(err)
		}
		return filesOf(t, dir)
	}
	first := write(dir, chromium, "")
	for _, code := range codes {
		own, _ := set.References.Territory(code)
		folder := filepath.Join(dir, filepath.FromSlash(packFolder(own, "it")))
		checkHeld(t, set, own, bytesOf(t, folder, func(string) bool { return true }))
		checkArchive(t, filepath.Join(dir, packsFolder, code+".zip"), filepath.Join(dir, packsFolder))
		text := bytesOf(t, folder, func(name string) bool { return strings.HasSuffix(name, ".pdf!text") })
		place := slices.IndexFunc(set.References.Territories(), func(t reference.Territory) bool { return t.Code == code })
		if !markersIn(text)[place] || !bytes.Contains(text, []byte(placeName(own, "it"))) || !bytes.Contains(text, []byte("In breve")) {
			t.Errorf("the text of the PDF file of %s is not read: a test of it would find nothing", own.Name)
		}
	}
	checkPack(t, dir, "12-lazio")
	if n := len(slices.DeleteFunc(slices.Collect(maps.Keys(first)), func(name string) bool { return path.Ext(name) != ".pdf" })); n != len(codes) {
		t.Errorf("%d PDF files, want one for each of %d packs", n, len(codes))
	}
	sameFiles(t, first, write(filepath.Join(t.TempDir(), "again"), "", dir))
}
