package pdf

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// page is a page with everything that printing has to deal with: links, script,
// something from elsewhere, more than one sheet.
const page = `<!doctype html><html lang="it"><head><meta charset="utf-8"><title>Prova della stampa</title>
<style>@page { size: A4; margin: 14mm 12mm 16mm } section { break-before: page } [data-headed] .notice { display: none }</style></head>
<body><h1>Titolo</h1><p><a href="other.html">altrove</a> <a href="#end">alla fine</a></p>
<img src="http://tavolo.invalid/x.png" alt="da fuori"><script>document.body.textContent = ""</script>
<section class="notice">What the header says</section><section id="end"><h2>Fine</h2><table><tr><th>a</th></tr><tr><td>1</td></tr></table></section></body></html>`

func browserOf(t *testing.T) string {
	t.Helper()
	program, err := Find()
	if err != nil {
		t.Fatalf("the tests of printing need Chromium: apt-get install chromium, or name it in CHROMIUM (%v)", err)
	}
	return program
}

func printed(t *testing.T, program, header string, at time.Time) []byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a folder #1")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	d := Document{Page: filepath.Join(dir, "page.html"), PDF: filepath.Join(dir, "page.pdf"), Header: header, Footer: "run 1", At: at}
	if err := os.WriteFile(d.Page, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Print(context.Background(), program, []Document{d}, 2, nil); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(d.PDF)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func sheets(content []byte) int {
	return len(regexp.MustCompile(`/Type /Page\s`).FindAll(content, -1))
}

// TestPrint prints a page twice: tagged, in its language, in A4, two sheets, with
// its title and no link to this machine, and the same bytes both times.
func TestPrint(t *testing.T) {
	program := browserOf(t)
	at := time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC)
	content := printed(t, program, "<b>", at)
	for _, want := range []string{"%PDF-", "/MarkInfo", "/StructTreeRoot", "/Lang (it)", "/Title (Prova della stampa)", "/Outlines",
		"/CreationDate (D:20260105060000+00'00')", "/ModDate (D:20260105060000+00'00')"} {
		if !bytes.Contains(content, []byte(want)) {
			t.Errorf("the file has no %s", want)
		}
	}
	if n := sheets(content); n != 2 {
		t.Errorf("%d sheets, want 2: did the page's script run, or does the page not know of the header?", n)
	}
	if n := sheets(printed(t, program, "", at)); n != 3 {
		t.Errorf("%d sheets without a header, want 3", n)
	}
	if bytes.Contains(content, []byte("file:")) || bytes.Contains(content, []byte("other.html")) {
		t.Error("the file names a place on this machine")
	}
	if !bytes.Contains(content, []byte("/Dest")) {
		t.Error("a link within the page is lost")
	}
	if again := printed(t, program, "<b>", at); !bytes.Equal(content, again) {
		t.Error("the same page gives other bytes")
	}
}

// TestNumbered takes names as a browser gave them on a busy machine.
func TestNumbered(t *testing.T) {
	content := "/ID (node00000023) /Headers [(node00000023) (node00000119)] /Limits [(node00000007) (node00000119)] (node7) node00000023"
	want := "/ID (node00000002) /Headers [(node00000002) (node00000003)] /Limits [(node00000001) (node00000003)] (node7) node00000023"
	if have := string(numbered([]byte(content))); have != want {
		t.Errorf("%s, want %s", have, want)
	}
	if again := string(numbered([]byte(want))); again != want {
		t.Errorf("numbered again it is %s", again)
	}
}

func TestPrintTellsOfAPage(t *testing.T) {
	program := browserOf(t)
	missing := filepath.Join(t.TempDir(), "missing.html")
	err := Print(context.Background(), program, []Document{{Page: missing, PDF: missing + ".pdf"}}, 1, nil)
	if err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("a page that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Print(ctx, program, []Document{{Page: missing, PDF: missing + ".pdf"}}, 1, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupt: %v", err)
	}
}

// TestPrintWithAnotherProgram checks that a program that is no browser, or that
// ends at once, is told with its last words and not waited for.
func TestPrintWithAnotherProgram(t *testing.T) {
	program := filepath.Join(t.TempDir(), "chromium")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho 'no display, no pipe' >&2\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	err := Print(context.Background(), program, []Document{{Page: "x.html"}}, 1, nil)
	if err == nil || !strings.Contains(err.Error(), "the browser ended") {
		t.Errorf("got %v", err)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv("CHROMIUM", "")
	if _, err := Find(); !errors.Is(err, ErrNoBrowser) {
		t.Errorf("an empty path: %v", err)
	}
	for _, name := range []string{"google-chrome", "chromium"} {
		program := filepath.Join(dir, name)
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		if got, err := Find(); err != nil || got != program {
			t.Errorf("with %s: %q, %v", name, got, err)
		}
	}
	t.Setenv("CHROMIUM", filepath.Join(dir, "other"))
	if _, err := Find(); !errors.Is(err, ErrNoBrowser) || !strings.Contains(err.Error(), "other") {
		t.Errorf("CHROMIUM names nothing: %v", err)
	}
}
