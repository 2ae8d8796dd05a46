package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestBuildID reads the build id of an executable as Go's own tool does, and none of
// what is not one.
func TestBuildID(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want, err := exec.Command("go", "tool", "buildid", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	if have := buildID(file); have != strings.TrimSpace(string(want)) {
		t.Errorf("build id %q, want %q", have, want)
	}
	if have := buildID(bytes.NewReader([]byte("#!/bin/sh\n"))); have != "" {
		t.Errorf("build id of a script: %q", have)
	}
	if name := program(); len(name) != 64 || name != program() {
		t.Errorf("the program is %q", name)
	}
}
