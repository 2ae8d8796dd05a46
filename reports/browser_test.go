package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tavolo/reports/pdf"
)

// checkInBrowser opens a built site in Chromium, from file://: accessibility by
// axe-core on each kind of page, in both languages and colour schemes; no
// violation of the policy, no message, no request outside the folder; 320
// pixels; without script; tables, search and keyboard. See html/browser, whose parts
// are tests here, in a browser each.
//
// It leaves pictures of each kind of page for people to look at, in
// build/screenshots or where TAVOLO_SHOTS says: in light, in dark, on a phone and
// as paper. No test compares them.
func checkInBrowser(t *testing.T, dir string) {
	t.Helper()
	const scripts = "html/browser"
	if _, err := os.Stat("html/node_modules/playwright-core"); err != nil {
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
	read, err := os.ReadDir(scripts)
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range read { // so that go test does not reuse a result when one has changed
		os.Stat(filepath.Join(scripts, script.Name()))
	}
	os.Stat(shots)
	check := filepath.Join(scripts, "check.mjs")
	listed, err := exec.Command("node", check).Output()
	if err != nil {
		t.Fatalf("node %s: %v", check, err)
	}
	var parts []string
	if err := json.Unmarshal(listed, &parts); err != nil || len(parts) < 2 {
		t.Fatalf("%s: %v", listed, err)
	}
	for _, part := range parts {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			for _, problem := range problemsInBrowser(t, check, dir, part, shots) {
				t.Error(problem)
			}
		})
	}
}

// problemsInBrowser runs a part of the checks. Now and then a headless Chromium stalls without a
// word, and an answer over its pipe never comes. A part that does not come to its end is begun
// again, once, in a new browser; one that finds something wrong is not.
func problemsInBrowser(t *testing.T, check, dir, part, shots string) []string {
	t.Helper()
	for attempt := 1; ; attempt++ {
		out, said, err := watched(stalled, "node", check, dir, part, shots)
		if err != nil && attempt == 1 {
			t.Logf("%s did not come to its end, and is begun again: %v; the last it said:\n%s", part, err, said)
			continue
		}
		if err != nil {
			t.Fatalf("node %s %s: %v; the last it said:\n%s", check, part, err, said)
		}
		var problems []string
		if err := json.Unmarshal(out, &problems); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		return problems
	}
}

// stalled is how long a browser may do nothing new. The longest step takes some
// seconds.
const stalled = 3 * time.Minute

var errStalled = errors.New("nothing new was said")

// watched runs a program that writes each step it takes to its standard error, and gives its
// output and the last of what it said. It stops one that says nothing for the time given,
// with an errStalled.
func watched(patience time.Duration, program string, arguments ...string) (out []byte, said string, err error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	impatient := time.AfterFunc(patience, func() { cancel(errStalled) })
	defer impatient.Stop()
	steps := &lastLines{heard: func() { impatient.Reset(patience) }}
	command := exec.CommandContext(ctx, program, arguments...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) } // it closes the browser
	command.WaitDelay = 10 * time.Second                                             // or is killed
	command.Stderr = steps
	out, err = command.Output()
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return out, steps.String(), err
}

// lastLines keeps the end of what is written to it, and tells when something is.
type lastLines struct {
	heard func()
	kept  []byte
}

func (l *lastLines) Write(p []byte) (int, error) {
	l.heard()
	l.kept = append(l.kept, p...)
	l.kept = l.kept[max(0, len(l.kept)-4000):]
	return len(p), nil
}

// String gives the last dozen lines.
func (l *lastLines) String() string {
	lines := strings.Split(strings.TrimSpace(string(l.kept)), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}

// TestWatched stops what stalls, hears what goes on, and tells a failure from both.
func TestWatched(t *testing.T) {
	const patience = 3 * time.Second
	for _, test := range []struct {
		name, script, out, said string
		stalls, fails           bool
	}{
		{"goes on", "for i in 1 2 3 4 5; do echo step $i >&2; sleep 1; done; echo done", "done\n", "step 5", false, false},
		{"stalls", "echo begin >&2; exec sleep 60", "", "begin", true, false},
		{"fails", "echo broken >&2; exit 3", "", "broken", false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, said, err := watched(patience, "sh", "-c", test.script)
			if string(out) != test.out || !strings.HasSuffix(said, test.said) {
				t.Errorf("it gave %q and said %q", out, said)
			}
			if errors.Is(err, errStalled) != test.stalls || (err != nil) != (test.stalls || test.fails) {
				t.Errorf("error %v", err)
			}
		})
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
