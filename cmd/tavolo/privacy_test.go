package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fiscalCode is the shape of a codice fiscale.
var fiscalCode = regexp.MustCompile(`(?i)\b[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPR-T][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\b`)

// noIdentifier searches every byte that a session wrote below dir for the
// identifiers that went in with the source files, and finds none. What is
// compressed is searched as it reads, through SQL.
func noIdentifier(t *testing.T, dir string) {
	went := map[string]bool{}
	walk(t, filepath.Join(dir, "drops"), func(_ string, content []byte) {
		for _, code := range fiscalCode.FindAll(content, -1) {
			went[strings.ToUpper(string(code))] = true
		}
	})
	if len(went) < 1000 {
		t.Fatalf("only %d identifiers went in: the search would prove nothing", len(went))
	}
	search := func(where string, content []byte) {
		for _, code := range fiscalCode.FindAll(content, -1) {
			if went[strings.ToUpper(string(code))] {
				t.Errorf("%s holds an identifier", where)
				return
			}
		}
	}
	for _, folder := range []string{"lake", "quarantine", "publications"} {
		walk(t, filepath.Join(dir, folder), func(path string, content []byte) { search(path, content) })
	}
	for _, relation := range []string{"interactions", "applications", "bookings", "trainings", "contributions", "agreements", "quarantine", "ledger"} {
		answer := tavolo(t, exitDone, "-C", dir, "sql", "--format", "csv", "select * from "+relation)
		search(relation, []byte(answer))
		if relation == "interactions" && !bytes.Contains([]byte(answer), []byte("v1:")) {
			t.Error("interactions hold no pseudonym: the search would prove nothing")
		}
	}
}

// walk gives every file below a folder to look.
func walk(t *testing.T, folder string, look func(path string, content []byte)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		look(path, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
