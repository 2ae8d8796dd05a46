package main

import (
	"slices"
	"testing"

	"tavolo/reports/publication"
)

// TestPDFFilesAreNotWrittenAgain checks that verify holds a publication to the files
// that the program alone makes, and forgets none of them.
func TestPDFFilesAreNotWrittenAgain(t *testing.T) {
	page, printed := publication.File{Path: "en/index.html", SHA256: "a"}, publication.File{Path: "en/index.pdf", SHA256: "b"}
	last := publication.File{Path: "index.html", SHA256: "c"}
	v := verification{Manifest: publication.Manifest{Files: []publication.File{page, printed, last}}}
	if got, want := v.repeatable(), []publication.File{page, last}; !slices.Equal(got, want) {
		t.Errorf("files that are written again: %v, want %v", got, want)
	}
	if want := []publication.File{page, printed, last}; !slices.Equal(v.Files, want) {
		t.Errorf("the manifest now names %v", v.Files)
	}
}
