package source

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzEveryLineIsInOneClass holds the reader to its promise on any bytes: each
// physical line is header, preamble or blank, or in exactly one record; records
// follow each other without overlap; offsets are true; fields are UTF-8; and how
// the bytes arrive makes no difference.
func FuzzEveryLineIsInOneClass(f *testing.F) {
	for _, seed := range []string{
		"a;b\n1;2\n", "a,b\r\n\"x\r\ny\",2\r\n", "a,b\n1,\"2\n3,4\n", "a\tb\r1\t2\r\r", "\ufeffa|b\n\n|\n\xe8|2",
		"sep=;\na;b\n1;2", "a,b\n\"x\"y,2\n'3','4'\n", "a,b\n1,2,3\n\"1\n2\",\"\"\"\"\n", "\"a\nb\",c\n\x00,2\n", "\"0\n0\n0",
	} {
		f.Add([]byte(seed), uint8(0), uint16(40))
	}
	f.Fuzz(func(t *testing.T, text []byte, header uint8, limit uint16) {
		format := Format{Type: typeCSV}
		if header > 0 {
			n := int(header%4) - 1
			if n >= 0 {
				format.Header = &n
			}
		}
		limits := Limits{RecordBytes: int(limit%200) + 1, Columns: 20}
		whole := outline(t, text, bytes.NewReader(text), format, limits)
		dripping := outline(t, text, iotestReader{bytes.NewReader(text)}, format, limits)
		if whole != dripping {
			t.Errorf("read at once:\n%s\nread byte by byte:\n%s", whole, dripping)
		}
	})
}

// iotestReader gives a byte at a time.
type iotestReader struct{ r io.Reader }

func (r iotestReader) Read(p []byte) (int, error) { return r.r.Read(p[:min(1, len(p))]) }

// outline reads a text, checks the promises and gives all that came out.
func outline(t *testing.T, text []byte, stream io.Reader, format Format, limits Limits) string {
	r, err := New("fuzz.csv", stream, format, limits)
	if err != nil {
		return err.Error()
	}
	var out bytes.Buffer
	used, last, from := 0, 0, int64(-1)
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if record.Line <= last || record.LastLine < record.Line || record.Offset <= from {
			t.Fatalf("record at line %d, offset %d, after line %d, offset %d", record.Line, record.Offset, last, from)
		}
		if n := 1 + lineEnds(text[:record.Offset]); n != record.Line && bytesAreText(r) {
			t.Fatalf("offset %d is in line %d, the record says %d", record.Offset, n, record.Line)
		}
		used, last, from = used+record.LastLine-record.Line+1, record.LastLine, record.Offset
		if !utf8.Valid(record.Raw) {
			t.Fatalf("raw %q is not UTF-8", record.Raw)
		}
		out.Write(record.Raw)
		for _, field := range record.Fields {
			if !utf8.Valid(field) {
				t.Fatalf("field %q is not UTF-8", field)
			}
			out.WriteString("|" + string(field))
		}
		if record.Problem == nil && len(record.Fields) != len(r.Header()) {
			t.Fatalf("%d fields under a header of %d", len(record.Fields), len(r.Header()))
		}
		out.WriteByte('\n')
	}
	l := r.Lines()
	if l.Total != l.Header+l.Preamble+l.Blank+used {
		t.Fatalf("lines %+v, and %d in records", l, used)
	}
	physical := lineEnds(text)
	if n := len(text); n > 0 && text[n-1] != '\n' && text[n-1] != '\r' {
		physical++
	}
	if l.Total != physical && bytesAreText(r) {
		t.Fatalf("%d lines in all, the file has %d", l.Total, physical)
	}
	return out.String()
}

// bytesAreText says whether line ends can be counted in the bytes of a file: not in UTF-16.
func bytesAreText(r Reader) bool { return !strings.HasPrefix(r.Dialect().Encoding, utf16Name) }
