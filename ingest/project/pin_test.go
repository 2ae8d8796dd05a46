package project

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tavolo/ingest/source"
)

func header(line int) *int { return &line }

// TestPinChangesNothingElse writes one format into configurations of every shape
// and holds all but its own bytes to what they were.
func TestPinChangesNothingElse(t *testing.T) {
	f := source.Format{Type: "csv", Delimiter: ";", Quote: `"`, Header: header(3)}
	const line = `format: {type: csv, delimiter: ";", quote: '"', header: 3}`
	for _, test := range []struct{ name, before, after string }{
		{"no format", "# è\nsources:\n  - name: a # first\n    files: x/*.csv   # where\n\n    # what\n    columns: {}\n",
			"# è\nsources:\n  - name: a # first\n    files: x/*.csv   # where\n    " + line + "\n\n    # what\n    columns: {}\n"},
		{"the last line has no end", "sources:\n- name: a\n  files: x", "sources:\n- name: a\n  files: x\n  " + line},
		{"lines end with CR LF", "sources:\r\n- files: x\r\n  name: a\r\n", "sources:\r\n- files: x\r\n  " + line + "\r\n  name: a\r\n"},
		{"one line", "sources: [{name: 'è', files: x}, {name: a, files: y}]\n", "sources: [{name: 'è', files: x}, {name: a, " + line + ", files: y}]\n"},
		{"nothing after the key", "sources:\n- name: a\n  format:   # to do\n  files: x\n", "sources:\n- name: a\n  " + line + "   # to do\n  files: x\n"},
		{"empty braces", "sources:\n- {name: a, files: x, format: {}}\n", "sources:\n- {name: a, files: x, " + line + "}\n"},
		{"braces with some keys", "sources:\n- name: a\n  format: {header: 3, quote: \"\\\"\",} # by hand\n  files: x\n",
			"sources:\n- name: a\n  format: {header: 3, quote: \"\\\"\", type: csv, delimiter: \";\",} # by hand\n  files: x\n"},
		{"braces with another value", "sources:\n- name: a\n  format: {delimiter: \"}\",\n    escape: \\} # by hand\n  files: x\n",
			"sources:\n- name: a\n  " + line + " # by hand\n  files: x\n"},
		{"a line for each key", "sources:\n- name: a\n  files: x\n  format:\n    # agreed\n    delimiter: ','  # in 2023\n    escape: double\n    header: 3\n\n  columns: {}\n",
			"sources:\n- name: a\n  files: x\n  format:\n    # agreed\n    delimiter: \";\"  # in 2023\n    header: 3\n    type: csv\n    quote: '\"'\n\n  columns: {}\n"},
		{"the second of two", "sources:\n- name: b\n  files: x\n  format: {type: xlsx}\n- name: a\n  files: x\n",
			"sources:\n- name: b\n  files: x\n  format: {type: xlsx}\n- name: a\n  files: x\n  " + line + "\n"},
		{"it is there already", "sources:\n- name: a\n  files: x\n  format: {header: 3, delimiter: ';', quote: '\"', type: \"csv\"}\n",
			"sources:\n- name: a\n  files: x\n  format: {header: 3, delimiter: ';', quote: '\"', type: \"csv\"}\n"},
	} {
		got, err := pinFormat("tavolo.yaml", []byte(test.before), "a", f)
		if err != nil || string(got) != test.after {
			t.Errorf("%s: %v\n got %q\nwant %q", test.name, err, got, test.after)
		}
		if again, err := pinFormat("tavolo.yaml", got, "a", f); err != nil || string(again) != string(got) {
			t.Errorf("%s: a second time: %v, %q", test.name, err, again)
		}
	}
}

// TestPinRefusesWhatItWouldHarm leaves to people what cannot be edited in place.
func TestPinRefusesWhatItWouldHarm(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"an alias", "sources:\n- {name: b, files: x, format: &f {type: csv}}\n- name: a\n  files: x\n  format: *f\n", "tavolo.yaml:5:11: source \"a\": its format is shared with others"},
		{"an anchor", "sources:\n- {name: a, files: x, format: &f {type: csv}}\n- name: b\n  files: x\n  format: *f\n", "tavolo.yaml:2:31: source \"a\": its format is shared with others"},
		{"a comment in braces", "sources:\n- name: a\n  files: x\n  format: {type: csv, # why\n    delimiter: ','}\n", "there is a comment within the braces"},
		{"names line by line", "sources:\n- name: a\n  files: x\n  format:\n    names:\n    - b\n", "its names takes several lines"},
		{"sources by an alias", "x: &s\n- {name: a, files: x}\nsources: *s\n", "it is not written out"},
		{"a text of several lines", "sources:\n- name: a\n  files: >\n    x\n    y\n", "cannot be written without touching something else"},
	} {
		got, err := pinFormat("tavolo.yaml", []byte(test.text), "a", source.Format{Type: "xlsx"})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s (made %q)", test.name, err, test.want, got)
		}
	}
}

// TestPinIsWholeOrNotAtAll finds nothing left behind, and the mode of the file kept.
func TestPinIsWholeOrNotAtAll(t *testing.T) {
	dir := Dir(t.TempDir())
	real := filepath.Join(string(dir), "elsewhere.yaml")
	before := "sources:\n- name: a\n  files: x\n"
	if err := os.WriteFile(real, []byte(before), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("elsewhere.yaml", dir.Config()); err != nil {
		t.Fatal(err)
	}
	formats := map[string]source.Format{"a": {Type: "csv"}}
	changes, err := dir.Pin(formats, true)
	if text, _ := os.ReadFile(real); err != nil || len(changes) != 1 || string(text) != before {
		t.Fatalf("a dry run: %v %v, %q", changes, err, text)
	}
	if err := replace(dir.Config(), []byte("other"), []byte("new")); err == nil {
		t.Error("a file that somebody else changed was overwritten")
	}
	if _, err := dir.Pin(map[string]source.Format{"a": {Type: "csv"}, "b": {}}, false); err == nil {
		t.Error("a source that is not there was pinned")
	}
	if text, _ := os.ReadFile(real); string(text) != before {
		t.Errorf("what failed has written %q", text)
	}
	if changes, err = dir.Pin(formats, false); err != nil || changes[0].Line != 4 || changes[0].Added[0] != "  format: {type: csv}" {
		t.Fatalf("%v %v", changes, err)
	}
	info, err := os.Lstat(real)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(string(dir)); len(entries) != 2 {
		t.Errorf("the folder holds %v", entries)
	}
}
