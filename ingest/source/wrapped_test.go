package source

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func sortedNames(parts map[string]string) []string { return slices.Sorted(maps.Keys(parts)) }

func gzipOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstdOf(t testing.TB, content []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(content, nil)
}

// parts opens bytes as a stream and gives, for each part, its name, its hash and
// the fields of its first record.
func parts(t *testing.T, content []byte, o Options) ([]string, error) {
	t.Helper()
	f, err := OpenStream("t", bytes.NewReader(content), o)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []string
	for _, part := range f.Parts() {
		hash, err := part.Hash(t.Context())
		if err != nil {
			return nil, err
		}
		r, err := part.Open(Format{})
		if err != nil {
			return nil, err
		}
		record, err := r.Next()
		if err != nil {
			return nil, err
		}
		out = append(out, part.Name()+" "+hash[:6]+" "+string(bytes.Join(record.Fields, []byte("|"))))
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	return out, nil
}

// TestWhatIsPackedIsTheSameFile reads the same rows however they were packed, and
// knows them for the same bytes.
func TestWhatIsPackedIsTheSameFile(t *testing.T) {
	text := []byte("a;b\n1;2\n3;4\n")
	want := []string{"t fd7c2b 1|2"}
	bare, err := parts(t, text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want[0] = bare[0]
	for name, packed := range map[string][]byte{
		"gzip": gzipOf(t, text), "gzip in two": append(gzipOf(t, text[:5]), gzipOf(t, text[5:])...),
		"zstd": zstdOf(t, text), "zip": zipOf(t, map[string]string{"dir/x.csv": string(text), "__MACOSX/._x": "y", "dir/.DS_Store": "z"}),
	} {
		got, err := parts(t, packed, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		equal(t, name, got, want)
	}
	got, err := parts(t, zipOf(t, map[string]string{"a.csv": string(text), "b/c.json": `[{"x":5}]`}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != strings.Replace(want[0], "t ", "t!a.csv ", 1) || !strings.HasPrefix(got[1], "t!b/c.json ") {
		t.Errorf("archive of two: %q", got)
	}
	workbook := book(t, `<worksheet><sheetData><row><c t="str"><v>a</v></c></row><row><c><v>7</v></c></row></sheetData></worksheet>`, nil)
	for name, packed := range map[string][]byte{"bare": workbook, "gzip": gzipOf(t, workbook), "zip": zipOf(t, map[string]string{"x.xlsx": string(workbook)})} {
		if got, err := parts(t, packed, Options{}); err != nil || !strings.HasSuffix(got[0], " 7") {
			t.Errorf("workbook in %s: %q %v", name, got, err)
		}
	}
}

// TestHostileArchives holds each trick to its code.
func TestHostileArchives(t *testing.T) {
	zeros := bytes.Repeat([]byte("0;0;0;0\n"), 8<<20) // 64 MiB
	named := func(name string) []byte { return zipOf(t, map[string]string{name: "a;b\n1;2\n"}) }
	link := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "link"}
		h.SetMode(fs.ModeSymlink | 0o777)
		w, _ := z.CreateHeader(h)
		w.Write([]byte("/etc/passwd"))
		z.Close()
		return b.Bytes()
	}
	twice := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for range 2 {
			w, _ := z.Create("a.csv")
			w.Write([]byte("a;b\n"))
		}
		z.Close()
		return b.Bytes()
	}
	locked := named("a.csv")
	for i := bytes.Index(locked, []byte("PK\x01\x02")); i >= 0; i = -1 {
		locked[i+8] |= 1
	}
	many := map[string]string{}
	for i := range 20 {
		many[string(rune('a'+i))] = "a;b\n"
	}
	zip20, gz := zipOf(t, many), gzipOf(t, []byte("a;b\n1;2\n"))
	for name, test := range map[string]struct {
		content []byte
		code    string
	}{
		"gzip bomb": {gzipOf(t, zeros), TooLarge}, "zstd bomb": {zstdOf(t, zeros), TooLarge},
		"zip bomb": {zipOf(t, map[string]string{"a.csv": string(zeros)}), TooLarge},
		"up":       {named("../a.csv"), UnsafeName}, "root": {named("/etc/a.csv"), UnsafeName},
		"windows": {named(`..\a.csv`), UnsafeName}, "drive": {named("c:a.csv"), UnsafeName},
		"control": {named("a\x1b[2J.csv"), UnsafeName}, "bytes": {named("\xff.csv"), UnsafeName},
		"link": {link(), UnsafeName}, "twice": {twice(), UnsafeName}, "locked": {locked, Encrypted},
		"many": {zip20, TooManyMembers}, "nothing": {zipOf(t, nil), Empty},
		"zip in zip":   {zipOf(t, map[string]string{"a.zip": string(zip20)}), NestedArchive},
		"gzip in gzip": {gzipOf(t, gz), NestedArchive}, "gzip in zip": {zipOf(t, map[string]string{"a.gz": string(gz)}), NestedArchive},
		"gzip cut off": {gz[:len(gz)-9], Corrupt}, "gzip broken": {append(gz[:len(gz)-6:len(gz)-6], 1, 2, 3, 4, 5, 6), Corrupt},
		"zip cut off": {zip20[:len(zip20)-30], Corrupt},
	} {
		_, err := parts(t, test.content, Options{Limits: Limits{Ratio: 10, Members: 10}})
		if Code(err) != test.code {
			t.Errorf("%s: %v, code %q, want %q", name, err, Code(err), test.code)
		}
	}
}

func TestNotRegular(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, pipe, "/dev/null"} {
		if _, err := Open(path, Format{}); Code(err) != NotRegular {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestSpoolLeavesNothing reads what is too large for memory from a file that has
// no name and holds nothing of what was put in.
func TestSpoolLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	text := bytes.Repeat([]byte("RSSMRA85T10A562S;1\n"), 1<<20)
	s, err := newSpool(bytes.NewReader(text), 1<<30, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if names, _ := os.ReadDir(dir); len(names) > 0 {
		t.Errorf("the folder shows %v", names)
	}
	raw := make([]byte, s.size)
	if _, err := s.file.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("RSSMRA85T10A562S")) {
		t.Error("the file holds an identifier")
	}
	for _, offset := range []int64{0, 1, 15, 16, 17, 1_000_003, s.size - 5} {
		got := make([]byte, 50)
		n, _ := s.ReadAt(got, offset)
		if want := text[offset:min(offset+50, s.size)]; !bytes.Equal(got[:n], want) {
			t.Errorf("at %d: %q, want %q", offset, got[:n], want)
		}
	}
	if _, err := s.ReadAt(make([]byte, 5), -1); err == nil {
		t.Error("there is something before the beginning")
	}
	if _, err := newSpool(bytes.NewReader(text), 1<<20, dir); Code(err) != TooLarge {
		t.Errorf("beyond the limit: %v", err)
	}
	if _, err := newSpool(bytes.NewReader(text), 1<<30, ""); Code(err) != TooLarge {
		t.Errorf("without a folder: %v", err)
	}
}
