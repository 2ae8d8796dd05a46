package ingest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/zstd"

	"tavolo/ingest"
	"tavolo/ingest/source"
)

// TestHostileDrops delivers what is no file, and files that are made to harm:
// each is refused with its code, in the order of the drop, and the good ones
// around them arrive.
func TestHostileDrops(t *testing.T) {
	p := contactsProject(t, "limits: {expanded_bytes: 20000000, record_bytes: 100000}\n")
	corrupt := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join("..", "testdata", "corrupt", name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	packed, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	links := map[string]string{"zero.csv": "/dev/zero", "loop.csv": "loop.csv", "nowhere.csv": "nosuch.csv"}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(p.Dir.Drops(), name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(p.Dir.Drops(), "fifo.csv"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"a-good.csv": asCSV(t, delivered()[:2]), "z-good.csv": asCSV(t, delivered()[2:]),
		"bomb.zst":    packed.EncodeAll(bytes.Repeat([]byte("0;0\n"), 8<<20), nil),
		"nested.zip":  archived(t, "inner.zip", archived(t, "x.csv", []byte("a;b\n"))),
		"laughs.xlsx": corrupt("xlsx-billion-laughs.xlsx"), "half.xlsx": corrupt("xlsx-cut-off.xlsx"),
		"half.parquet": corrupt("parquet-cut-off.parquet"), "page.parquet": corrupt("parquet-broken-page.parquet"),
		"nul.csv": bytes.Repeat([]byte{0}, 1<<20), "quotes.csv": bytes.Repeat([]byte{'"'}, 1<<20),
	}
	for name, content := range files {
		drop(t, p, name, content)
	}
	want := map[string]string{
		"a-good.csv": "committed", "z-good.csv": "committed", "bomb.zst": source.TooLarge, "nested.zip": source.NestedArchive,
		"laughs.xlsx": source.Corrupt, "half.xlsx": source.Corrupt, "half.parquet": source.Corrupt, "page.parquet": "error",
		"nul.csv": source.TooLong, "quotes.csv": source.TooLong,
		"zero.csv": source.OutsideLink, "loop.csv": source.NotRegular, "nowhere.csv": source.NotRegular,
		"fifo.csv": source.NotRegular,
	}
	results := run(t, job(t, p), p)
	for _, r := range results {
		name := filepath.Base(r.File.Path)
		if got := outcome(r); got != want[name] {
			t.Errorf("%s: %s (%v), want %s", name, got, r.Err, want[name])
		}
	}
	if len(results) != len(want) {
		t.Errorf("%d results of %d files", len(results), len(want))
	}
}

// TestAFileThatGrows is refused when it is read, leaves nothing, and is read when
// it has come to rest.
func TestAFileThatGrows(t *testing.T) {
	p := contactsProject(t, "")
	drop(t, p, "growing.csv", asCSV(t, delivered()))
	more := strings.SplitAfterN(string(asCSV(t, delivered()[:1])), "\n", 2)[1]
	j := job(t, p)
	grown := false
	j.Progress = func(ingest.Progress) {
		if grown {
			return
		}
		grown = true
		file, err := os.OpenFile(filepath.Join(p.Dir.Drops(), "growing.csv"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(more); err != nil {
			t.Error(err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := outcomes(run(t, j, p)); got != "growing.csv "+source.Changed {
		t.Fatal(got)
	}
	if names, err := os.ReadDir(p.Dir.Quarantine()); err != nil || len(names) != 0 {
		t.Errorf("the quarantine holds %v (%v)", names, err)
	}
	if got := outcomes(run(t, j, p)); got != "growing.csv committed" {
		t.Error(got)
	}
}
