package reports

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"tavolo/reports/pdf"
)

// isPrinted tells of the pages that are printed as PDF, which people take to a meeting:
// the country, the regions and the indicators; of a pack its first page.
func (x *index) isPrinted(at address) bool {
	if x.isPack() {
		return at == x.home()
	}
	return at.kind == "italy" || at.kind == "region" || at.kind == "indicator"
}

// pdfPath is the path of a page's PDF file, beside the page.
func pdfPath(page string) string { return strings.TrimSuffix(page, ".html") + ".pdf" }

// printed is the address of the page's PDF file as seen from it; "" for none.
func (b *builder) printed() string {
	if !b.site.PDF || !b.x.isPrinted(b.at) {
		return ""
	}
	return path.Base(pdfPath(b.path))
}

// documents are the pages of a site that are printed, each beside itself; none when no
// page leads to a PDF file.
func (s *site) documents() []pdf.Document {
	var documents []pdf.Document
	if !s.PDF {
		return nil
	}
	for _, lang := range s.Languages {
		w := words{s.x, lang, s.pages.Messages(lang)}
		header := ""
		if s.x.Run.Synthetic {
			header = w.m.T("page.synthetic")
		}
		footer := w.m.T("print.footer", "until", w.date(s.x.Run.DataUntil), "run", s.x.Run.ID)
		for _, at := range s.addresses() {
			if s.x.isPrinted(at) {
				page := filepath.Join(s.out.dir, filepath.FromSlash(s.x.path(at, lang)))
				documents = append(documents, pdf.Document{Page: page, PDF: pdfPath(page), Header: header, Footer: footer, At: s.x.Run.At})
			}
		}
	}
	return documents
}

// printAll prints pages that were written, by one browser, those of the packs with the
// others; or takes the files that were printed of them before.
func (s *site) printAll(ctx context.Context, packs []madePack) error {
	documents := s.documents()
	for _, pack := range packs {
		documents = append(documents, pack.printed...)
	}
	switch {
	case s.Printed != "":
		return s.takePrinted(documents)
	case s.Chromium == "" || len(documents) == 0:
		return nil
	}
	done := 0
	return pdf.Print(ctx, s.Chromium, documents, s.Workers, func(d pdf.Document) {
		done++
		if name, err := filepath.Rel(s.out.dir, d.PDF); err == nil && s.Progress != nil {
			s.Progress(filepath.ToSlash(name), done, len(documents))
		}
	})
}

// takePrinted takes PDF files from where they were printed.
func (s *site) takePrinted(documents []pdf.Document) error {
	for _, d := range documents {
		name, err := filepath.Rel(s.out.dir, d.PDF)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(filepath.Join(s.Printed, name))
		if err != nil {
			return err
		}
		if err := s.out.create(filepath.ToSlash(name), content); err != nil {
			return err
		}
	}
	return nil
}
