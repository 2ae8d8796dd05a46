package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"

	"golang.org/x/net/html"

	"tavolo/reports/pdf"
)

// checkInBrowser opens a built site in Chromium, from file://: accessibility by
// axe-core on each kind of page, in both languages and colour schemes; no
// violation of the policy, no message, no request outside the folder; 320
// pixels; without script; tables, search and keyboard. See html/browser.
//
// It leaves pictures of each kind of page for people to look at, in
// build/screenshots or where TAVOLO_SHOTS says: in light, in dark, on a phone and
// as paper. No test compares them.
func checkInBrowser(t *testing.T, dir string) {
	t.Helper()
	const modules = "html/node_modules"
	if _, err := os.Stat(modules + "/playwright-core"); err != nil {
		t.Fatalf("the browser tests need what package-lock.json names: make build (%v)", err)
	}
	browser := os.Getenv("CHROMIUM")
	if browser == "" {
		browser = "/usr/bin/chromium"
	}
	if _, err := os.Stat(browser); err != nil {
		t.Fatalf("the browser tests need Chromium: apt-get install chromium, or name it in CHROMIUM (%v)", err)
	}
	shots := os.Getenv("TAVOLO_SHOTS")
	if shots == "" {
		shots = filepath.Join("..", "build", "screenshots")
		if err := os.RemoveAll(shots); err != nil { // no picture of a page that is no more
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	arguments := []string{filepath.Join("html", "browser", "check.mjs"), dir, shots}
	command := exec.Command("node", arguments...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	for _, name := range []string{arguments[0], filepath.Join("html", "browser", "choices.mjs"), shots} { // so that go test does not reuse a result when they have changed
		os.Stat(name)
	}
	if err != nil {
		t.Fatalf("node %s: %v", arguments[0], err)
	}
	var problems []string
	if err := json.Unmarshal(out, &problems); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}

// TestPDF prints the pages of a site. Each that is printed leads to its file,
// which tells of no place on this machine, and the file is in the site.
func TestPDF(t *testing.T) {
	chromium, err := pdf.Find()
	if err != nil {
		t.Fatalf("the tests of printing need Chromium: apt-get install chromium, or name it in CHROMIUM (%v)", err)
	}
	set := fixture(t, "no_show_rate")
	set.Charts = nil
	dir := filepath.Join(t.TempDir(), "site")
	last, printed := "", 0
	if err := Write(context.Background(), dir, Site{Set: set, Languages: []string{"en"}, PDF: true, Chromium: chromium,
		Progress: func(page string, _, _ int) {
			if last = page; path.Ext(page) == ".pdf" {
				printed++
			}
		}}); err != nil {
		t.Fatal(err)
	}
	if path.Ext(last) != ".pdf" || printed != 22 { // the country, 20 regions and one indicator
		t.Errorf("progress was told of %d PDF files, last of %s", printed, last)
	}
	linked := 0
	eachPage(t, dir, func(name string, _ []byte, root *html.Node) {
		for _, n := range elements(root) {
			href, _ := attribute(n, "href")
			if path.Ext(href) != ".pdf" {
				continue
			}
			linked++
			content, err := os.ReadFile(filepath.Join(dir, path.Dir(name), href))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"/Lang (en)", "/StructTreeRoot", "/CreationDate (D:20260105060000+00'00')"} {
				if !bytes.Contains(content, []byte(want)) {
					t.Errorf("%s has no %s", href, want)
				}
			}
			if bytes.Contains(content, []byte("file:")) || bytes.Contains(content, []byte(dir)) {
				t.Errorf("%s names a place on this machine", href)
			}
		}
	})
	if linked != 22 {
		t.Errorf("%d pages lead to a PDF file, want Italia, 20 regions and an indicator", linked)
	}
}
