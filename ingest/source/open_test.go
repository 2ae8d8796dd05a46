package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tavolo/ingest/diagnostic"
)

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, test := range []struct {
		path   string
		format Format
		want   string
	}{
		{filepath.Join(dir, "absent.csv"), Format{}, "no such file or directory"},
		{dir, Format{}, "is a directory, not a file"},
		{write("empty.csv", ""), Format{}, "the file is empty"},
		{write("blank.csv", "\n \n"), Format{}, "the file has no header: all its lines are blank"},
		{write("sheet.csv", "PK\x03\x04..."), Format{}, "is no whole archive: not a valid zip file"},
		{write("short.csv", "a;b\n1;2\n"), Format{Header: line(5)}, "the file ends before line 5, where its header should be"},
		{write("open.csv", "\"a;b\n1;2\n"), Format{}, "more than one reading is possible: header: line 2 is the header, or line 1, which is broken"},
	} {
		r, err := Open(test.path, test.format)
		if err == nil {
			r.Close()
			t.Errorf("%s: no error", test.path)
			continue
		}
		var placed *diagnostic.Error
		if !errors.As(err, &placed) || !strings.HasPrefix(err.Error(), test.path) || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("got %v, want %s: … %s", err, test.path, test.want)
		}
		if len(diagnostic.Hints(err)) == 0 {
			t.Errorf("%v: no hint", err)
		}
	}
	if _, err := Open(filepath.Join(dir, "absent.csv"), Format{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}

func TestFormat(t *testing.T) {
	for _, test := range []struct {
		format Format
		want   string
	}{
		{Format{}, ""},
		{Format{Type: "csv", Delimiter: "tab", Quote: "none", Encoding: "cp1252", Decimal: ","}, ""},
		{Format{Type: "xls"}, `format type "xls": it is one of csv, ndjson, json, xlsx, parquet`},
		{Format{Delimiter: "--"}, `format delimiter "--": it is one to three punctuation marks, or the word tab`},
		{Format{Quote: "a"}, `format quote "a": it is ", ', another mark or none`},
		{Format{Encoding: "utf-7"}, `format encoding "utf-7": it is one of utf-8, windows-1252, iso-8859-1, iso-8859-15, utf-16, utf-16le, utf-16be`},
		{Format{Decimal: "'"}, `format decimal "'": it is "." or ","`},
		{Format{Header: line(-1)}, "format header -1: lines are counted from 1, and 0 says that there is none"},
	} {
		err := test.format.Validate()
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) {
			t.Errorf("%+v: got %v, want %s", test.format, err, test.want)
		}
	}
	r, _ := readAll(t, "a\tb\nx\t1\n", Format{}, Limits{})
	if got, want := r.Dialect().String(), `csv, delimiter tab, quote ", utf-8, decimal "."`; got != want {
		t.Errorf("dialect %s, want %s", got, want)
	}
}

type failing struct{ after string }

func (f *failing) Read(p []byte) (int, error) {
	n := copy(p, f.after)
	f.after = f.after[n:]
	if n > 0 {
		return n, nil
	}
	return 0, fs.ErrClosed
}

func TestFailureToReadEndsTheFile(t *testing.T) {
	r, err := New("t.csv", &failing{"a,b\n" + strings.Repeat("1,2\n", sampleBytes)}, Format{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = r.Next()
	}
	if !errors.Is(err, fs.ErrClosed) || !strings.HasPrefix(err.Error(), "t.csv: ") {
		t.Errorf("got %v", err)
	}
}
