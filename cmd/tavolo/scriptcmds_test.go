package main

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"tavolo/sql"
)

// littleCountry writes into a folder the territories of a country of some of Italy's
// regions, and is for sessions about what is published again and again: whatever they show
// of thirteen territories holds of 127, whose pages take ten times as long.
func littleCountry(dir string, regions ...string) error {
	seed, err := fs.ReadFile(sql.Seeds(), "territories.csv")
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(strings.NewReader(string(seed))).ReadAll()
	if err != nil {
		return err
	}
	code, parent := slices.Index(rows[0], "code"), slices.Index(rows[0], "parent")
	few := slices.DeleteFunc(rows[1:], func(row []string) bool {
		return row[code] != "IT" && !slices.Contains(regions, row[code]) && !slices.Contains(regions, row[parent])
	})
	var text strings.Builder
	w := csv.NewWriter(&text)
	if err := w.WriteAll(append(rows[:1:1], few...)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "territories.csv"), []byte(text.String()), 0o666)
}

// exits is the script command "exits N PROGRAM ARGS…": it runs a program in
// the script's folder and demands the exit status N. What was printed can be
// looked at with stdout and stderr, as after exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N PROGRAM ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		got = 1
		if coded, ok := err.(interface{ ExitCode() int }); ok {
			got = coded.ExitCode()
		}
	}
	if got != want {
		ts.Fatalf("%v: status %d, want %d", args[1:], got, want)
	}
}
