package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readme gives the text of the README.
func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadmeNamesEveryCommand holds the README to the program and back.
func TestReadmeNamesEveryCommand(t *testing.T) {
	text := readme(t)
	commands := map[string]bool{}
	for _, c := range (&app{}).root().Commands() {
		commands[c.Name()] = true
		if !strings.Contains(text, "| `tavolo "+c.Name()) {
			t.Errorf("the README does not tell of tavolo %s", c.Name())
		}
	}
	for _, match := range regexp.MustCompile("(?m)^\\| `tavolo ([a-z]+)").FindAllStringSubmatch(text, -1) {
		if !commands[match[1]] {
			t.Errorf("the README tells of tavolo %s, which there is not", match[1])
		}
	}
}

// TestReadmeNamesEveryPackage holds the map of the code to the code.
func TestReadmeNamesEveryPackage(t *testing.T) {
	text := readme(t)
	for _, layer := range layers {
		if !strings.Contains(text, "`"+layer.pkg+"`") && !strings.HasPrefix(layer.pkg, "ingest/diagnostic") && !strings.HasPrefix(layer.pkg, "ingest/strictyaml") {
			t.Errorf("the README's map lacks %s", layer.pkg)
		}
	}
}

// question is a line of the README that asks the demo something in SQL, and the
// answer that is printed below it.
var question = regexp.MustCompile("(?s)\\$ build/tavolo -C build/demo sql \"([^\"]+)\"\n(.*?)\n```")

// readmeAnswers asks the demo what the README asks and demands the answers that it shows.
func readmeAnswers(t *testing.T, dir string) {
	found := question.FindAllStringSubmatch(readme(t), -1)
	if len(found) == 0 {
		t.Fatal("the README asks nothing")
	}
	for _, match := range found {
		got := strings.TrimRight(tavolo(t, exitDone, "-C", dir, "sql", match[1]), "\n")
		if want := strings.TrimRight(match[2], "\n"); got != want {
			t.Errorf("%s\nprints\n%s\nand the README shows\n%s", match[1], got, want)
		}
	}
}
