package main

import (
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

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
