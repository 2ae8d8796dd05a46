package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
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

// TestReadmeTutorialIsTheSession holds the README's indicator, the example that
// init leaves, and the session that ships it to one another.
func TestReadmeTutorialIsTheSession(t *testing.T) {
	session, err := txtar.ParseFile(filepath.Join("..", "..", "testdata", "script", "own_indicator.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, _ := strings.Cut(readme(t), "## An indicator of your own\n")
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	for _, line := range regexp.MustCompile(`(?m)^tavolo .*?(  |$)`).FindAllString(chapter, -1) {
		if !strings.Contains(string(session.Comment), "exec "+strings.TrimSpace(line)+"\n") {
			t.Errorf("no session runs %q", line)
		}
	}
	example, err := os.ReadFile(filepath.Join("..", "..", "ingest", "project", "kpis.yml"))
	if err != nil {
		t.Fatal(err)
	}
	uncommented := regexp.MustCompile(`(?m)^# ?`).ReplaceAllString(string(example), "")
	tried := 0
	for _, file := range session.Files {
		text := string(file.Data)
		switch file.Name {
		case "phone_contacts.sql":
			if !strings.Contains(chapter, "```sql\n"+text+"```") {
				t.Errorf("the README's mart is not\n%s", text)
			}
			text = strings.TrimSuffix(regexp.MustCompile(`(?m)^`).ReplaceAllString(text, "  "), "  ")
		case "kpis.yml":
		default:
			continue
		}
		tried++
		if !strings.Contains(uncommented, text) {
			t.Errorf("the example of init does not hold %s:\n%s", file.Name, text)
		}
	}
	if tried != 2 {
		t.Errorf("the session has %d of the two files", tried)
	}
}
