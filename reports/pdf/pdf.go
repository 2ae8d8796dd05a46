// Package pdf prints pages as PDF files by a Chromium that the machine has.
//
// One browser prints all, in a few tabs at a time. It is driven over a pipe, so
// that no port is open while it runs, it resolves no name of a host, and script
// is off: what is printed is the page that a reader without script sees. The
// files are tagged for screen readers, with an outline and the page's language.
package pdf

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"
)

// ErrNoBrowser tells that the machine has no Chromium.
var ErrNoBrowser = errors.New("no Chromium was found")

// programs are the names under which a Chromium is looked for.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Find gives the browser to print with: the one that the environment names in
// CHROMIUM, else the first that is in the path. It is an ErrNoBrowser when there
// is none.
func Find() (string, error) {
	if named := os.Getenv("CHROMIUM"); named != "" {
		program, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%w: CHROMIUM names %s, which is no program", ErrNoBrowser, named)
		}
		return program, nil
	}
	for _, name := range programs {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", ErrNoBrowser
}

// Document is one page to print.
type Document struct {
	Page   string    // file of the page
	PDF    string    // file to write
	Header string    // text over each sheet; with one the root of the page has the attribute data-headed; ""
	Footer string    // text under each sheet, between the page's title and the number of the sheet
	At     time.Time // said to be when the file was made, so that the same page gives the same bytes
}

// patience is how long a browser may take over one page.
const patience = 2 * time.Minute

// Print prints the documents with a browser, so many at a time. It calls done
// after each, never twice at once; done may be nil. On an error some files may
// be there.
func Print(ctx context.Context, program string, documents []Document, atOnce int, done func(Document)) error {
	b, err := start(ctx, program)
	if err != nil {
		return err
	}
	defer b.close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	waiting := make(chan Document)
	var tabs sync.WaitGroup
	var mu sync.Mutex
	for range max(1, min(atOnce, len(documents))) {
		tabs.Go(func() {
			tab, err := b.tab(ctx)
			if err != nil {
				cancel(err)
			}
			for d := range waiting {
				if ctx.Err() != nil {
					continue
				}
				if err := tab.print(ctx, d); err != nil {
					cancel(fmt.Errorf("%s: %w", d.Page, err))
					continue
				}
				if done != nil {
					mu.Lock()
					done(d)
					mu.Unlock()
				}
			}
		})
	}
	for _, d := range documents {
		waiting <- d
	}
	close(waiting)
	tabs.Wait()
	return context.Cause(ctx)
}

// print prints one document in a tab.
func (t *tab) print(ctx context.Context, d Document) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("the browser gave no answer for %s", patience))
	defer cancel()
	if err := t.open(ctx, d.Page); err != nil {
		return err
	}
	expression := unlink
	if d.Header != "" {
		expression += headed
	}
	if err := t.call(ctx, "Runtime.evaluate", map[string]any{"expression": expression}, nil); err != nil {
		return err
	}
	var printed struct {
		Data string `json:"data"`
	}
	if err := t.call(ctx, "Page.printToPDF", map[string]any{
		"preferCSSPageSize": true, "printBackground": true, "generateTaggedPDF": true, "generateDocumentOutline": true,
		"displayHeaderFooter": true, "headerTemplate": d.header(), "footerTemplate": d.footer(),
	}, &printed); err != nil {
		return err
	}
	content, err := base64.StdEncoding.DecodeString(printed.Data)
	if err != nil {
		return err
	}
	return os.WriteFile(d.PDF, dated(numbered(content), d.At), 0o644)
}

// unlink takes away the links that leave the page: the browser would write them
// with the place where the page stands on this machine. It runs although script
// is off, as it is not the page's.
const unlink = `document.querySelectorAll("a[href]:not([href^='#'])").forEach(a => a.removeAttribute("href"));`

// headed tells the style of the page that each sheet has a header, so that it need not say the same.
const headed = `document.documentElement.toggleAttribute("data-headed", true)`

// open shows a page and waits until it is loaded.
func (t *tab) open(ctx context.Context, page string) error {
	full, err := filepath.Abs(page)
	if err != nil {
		return err
	}
	if _, err := os.Stat(full); err != nil {
		return fmt.Errorf("no such page: %w", fs.ErrNotExist)
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(full)}
	var opened struct {
		ErrorText string `json:"errorText"`
	}
	if err := t.call(ctx, "Page.navigate", map[string]any{"url": address.String()}, &opened); err != nil {
		return err
	}
	if opened.ErrorText != "" {
		return fmt.Errorf("the browser does not open it: %s", opened.ErrorText)
	}
	return t.loaded(ctx)
}

// line is the frame of what stands over and under a sheet; the browser gives
// these templates no style of their own.
const line = `<div style="font:7.5pt sans-serif;color:#333;width:100%;margin:0 12mm;display:flex;gap:6mm;justify-content:space-between">`

func (d Document) header() string {
	if d.Header == "" {
		return "<span></span>"
	}
	return line + "<span>" + html.EscapeString(d.Header) + "</span></div>"
}

// footer has the title, which the browser takes from the page, the text, and
// which sheet of how many it is.
func (d Document) footer() string {
	return line + `<span class="title"></span><span>` + html.EscapeString(d.Footer) +
		`</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`
}

var dates = regexp.MustCompile(`/(CreationDate|ModDate) \(D:[0-9]{14}\+00'00'\)`)

// dated puts a moment in place of the one at which the browser printed. It has
// as many characters, so the places that the file's index names stay right.
func dated(content []byte, at time.Time) []byte {
	return dates.ReplaceAll(content, []byte("/$1 (D:"+at.UTC().Format("20060102150405")+"+00'00')"))
}

var nodes = regexp.MustCompile(`\(node[0-9]{8}\)`)

// numbered counts the parts of the page that the file has names for from 1: the cells of
// tables, and what leads to them. The browser counts all that it ever had a name for, which
// is one more where the machine was busy. Names stay in order, as the file lists them, and
// have as many characters.
func numbered(content []byte) []byte {
	var names []string
	for _, name := range nodes.FindAll(content, -1) {
		names = append(names, string(name))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return nodes.ReplaceAllFunc(content, func(name []byte) []byte {
		n, _ := slices.BinarySearch(names, string(name))
		return fmt.Appendf(nil, "(node%08d)", n+1)
	})
}
