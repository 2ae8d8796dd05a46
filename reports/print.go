package reports

import (
	"context"
	"path"
	"path/filepath"
	"strings"

	"tavolo/reports/pdf"
)

// isPrinted tells of the pages that are printed as PDF: the country, the regions
// and the indicators, which people take to a meeting.
func isPrinted(at address) bool {
	return at.kind == "italy" || at.kind == "region" || at.kind == "indicator"
}

// pdfPath is the path of a page's PDF file, beside the page.
func pdfPath(page string) string { return strings.TrimSuffix(page, ".html") + ".pdf" }

// printed is the address of the page's PDF file as seen from it; "" for none.
func (b *builder) printed() string {
	if b.site.Chromium == "" || !isPrinted(b.at) {
		return ""
	}
	return path.Base(pdfPath(b.path))
}

// printPages prints pages that were written, each beside itself.
func (s *site) printPages(ctx context.Context, dir string) error {
	var documents []pdf.Document
	for _, lang := range s.Languages {
		w := words{s.x, lang, s.pages.Messages(lang)}
		header := ""
		if s.x.Run.Synthetic {
			header = w.m.T("page.synthetic")
		}
		footer := w.m.T("print.footer", "until", w.date(s.x.Run.DataUntil), "run", s.x.Run.ID)
		for _, at := range s.addresses() {
			if isPrinted(at) {
				page := filepath.Join(dir, filepath.FromSlash(s.x.path(at, lang)))
				documents = append(documents, pdf.Document{Page: page, PDF: pdfPath(page), Header: header, Footer: footer, At: s.x.Run.At})
			}
		}
	}
	done := 0
	return pdf.Print(ctx, s.Chromium, documents, s.Workers, func(d pdf.Document) {
		done++
		if name, err := filepath.Rel(dir, d.PDF); err == nil && s.Progress != nil {
			s.Progress(filepath.ToSlash(name), done, len(documents))
		}
	})
}
