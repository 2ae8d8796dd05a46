package export

import (
	"testing"
	"time"
)

// TestDigest checks that whatever changes the bytes of a workbook changes its digest,
// and that the same book has the same.
func TestDigest(t *testing.T) {
	m := messages(t, "en")
	book := func(change func(*Book, *Table)) *Book {
		table := Of("t", one("en"), m)
		b := &Book{Title: "T", Lang: "en", Name: "About", At: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Facts: []Fact{{"a", "b"}}, Sheets: []Sheet{{"A", table}}}
		change(b, table)
		return b
	}
	same := book(func(*Book, *Table) {})
	if same.Digest() != book(func(*Book, *Table) {}).Digest() {
		t.Error("the same book has two digests")
	}
	for name, change := range map[string]func(*Book, *Table){
		"title":     func(b *Book, _ *Table) { b.Title = "U" },
		"creator":   func(b *Book, _ *Table) { b.Creator = "U" },
		"language":  func(b *Book, _ *Table) { b.Lang = "it" },
		"day":       func(b *Book, _ *Table) { b.At = b.At.AddDate(0, 0, 1) },
		"fact":      func(b *Book, _ *Table) { b.Facts[0] = Fact{"ab", ""} },
		"list":      func(b *Book, _ *Table) { b.List[1] = "x" },
		"warning":   func(b *Book, _ *Table) { b.Warning = "x" },
		"sheet":     func(b *Book, _ *Table) { b.Sheets[0].Name = "B" },
		"one more":  func(b *Book, t *Table) { b.Sheets = append(b.Sheets, Sheet{"B", t}) },
		"caption":   func(_ *Book, t *Table) { t.Caption = "x" },
		"note":      func(_ *Book, t *Table) { t.Notes = []string{"A note", ""} },
		"column":    func(_ *Book, t *Table) { t.Columns[1].Title = "x" },
		"row":       func(_ *Book, t *Table) { t.Rows = t.Rows[:1] },
		"number":    func(_ *Book, t *Table) { t.Rows[0][2].Number += 1e-9 },
		"digits":    func(_ *Book, t *Table) { t.Rows[0][2].Digits = 2 },
		"its end":   func(_ *Book, t *Table) { t.Rows[0][2].After = " %" },
		"withheld":  func(_ *Book, t *Table) { t.Rows[0][2].Number = absent },
		"month":     func(_ *Book, t *Table) { t.Rows[0][7].At = t.Rows[1][7].At },
		"text":      func(_ *Book, t *Table) { t.Rows[0][1].Text = "x" },
		"two cells": func(_ *Book, t *Table) { t.Rows[0][0], t.Rows[0][1] = t.Rows[0][1], t.Rows[0][0] },
	} {
		b := book(change)
		if b.Digest() == same.Digest() {
			t.Errorf("another %s, and the digest is the same", name)
		}
	}
}
