package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzNDJSON holds the reader of lines to its promise on any bytes: each line is
// blank or one record, and no record is good that encoding/json refuses.
func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{"{\"a\":1}\n{\"a\":\"\\u00e8\"}", "{}\r\n\r\n{\"a\":[1,{\"b\":null}]}", "{\"a\":1,\"a\":2}\r{", "\ufeff{\"a\":-0.5e+7}\n\x00", "{\"a\":\"\\ud83d\\ude00\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		outlineJSON(t, text, Format{Type: typeNDJSON})
	})
}

// FuzzJSONArray holds the reader of lists to its promise on any bytes: between
// the records, which follow each other, there is nothing but what separates them.
func FuzzJSONArray(f *testing.F) {
	for _, seed := range []string{"[{\"a\":1},{\"a\":2}]", "[\n  {\"a\":1},\n  {\"a\":\"},\n  {\"a\":3}\n]\n", "[{\"a\":{\"b\":1},\r\n{\"a\":2}\r\n]", "[1,\"x\",{}] x", "[{\"a\":1}\n{\"a\":2},]", "[", "[,]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		outlineJSON(t, text, Format{Type: typeJSON})
	})
}

// outlineJSON reads a text at once and byte by byte, and checks what comes out.
func outlineJSON(t *testing.T, text []byte, format Format) {
	t.Helper()
	whole := recordsOf(t, text, bytes.NewReader(text), format)
	if dripping := recordsOf(t, text, iotestReader{bytes.NewReader(text)}, format); whole != dripping {
		t.Errorf("read at once:\n%s\nread byte by byte:\n%s", whole, dripping)
	}
}

func recordsOf(t *testing.T, text []byte, stream io.Reader, format Format) string {
	t.Helper()
	r, err := New("fuzz.json", stream, format, Limits{RecordBytes: 200, Columns: 20, Depth: 5})
	if err != nil {
		return err.Error()
	}
	var out strings.Builder
	end, number := int64(bytes.Index(text, []byte("["))+1), 0
	if format.Type == typeNDJSON {
		end = 0
	}
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if number++; format.Type == typeJSON {
			checkElement(t, text, record, end, number)
		}
		checkJSONRecord(t, text, record, len(r.Header()))
		if record.Problem == nil {
			end = record.Offset + int64(len(record.Raw))
		} else {
			end = -1 // of a broken record the end is not told
		}
		fmt.Fprintf(&out, "%d %d-%d %q %v\n", record.Offset, record.Line, record.LastLine, record.Fields, record.Problem)
	}
	lines := r.Lines()
	switch physical := lineEnds(text) + boolean(len(text) > 0 && text[len(text)-1] != '\n' && text[len(text)-1] != '\r'); {
	case format.Type == typeJSON && lines.Total != number:
		t.Fatalf("%d elements, %d records", lines.Total, number)
	case format.Type == typeNDJSON && (lines.Total != physical || lines.Total != lines.Blank+number):
		t.Fatalf("%+v, %d records, %d lines", lines, number, physical)
	}
	return out.String()
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// checkElement holds an element of a list to what is before it.
func checkElement(t *testing.T, text []byte, record *Record, end int64, number int) {
	t.Helper()
	if record.Number != number {
		t.Fatalf("element %d is counted as %d", number, record.Number)
	}
	if end < 0 {
		return
	}
	if between := strings.Trim(string(text[end:record.Offset]), " \r\n\t"); between != "" && between != "," && between != "]" {
		t.Fatalf("%q lies between two records", between)
	}
}

func checkJSONRecord(t *testing.T, text []byte, record *Record, columns int) {
	t.Helper()
	if n := 1 + lineEnds(text[:record.Offset]); n != record.Line || record.LastLine < record.Line {
		t.Fatalf("offset %d is in line %d, the record says %d to %d", record.Offset, n, record.Line, record.LastLine)
	}
	if record.Problem != nil {
		return
	}
	if len(record.Fields) != columns || !bytes.HasPrefix(text[record.Offset:], record.Raw) {
		t.Fatalf("%d fields of %d columns, raw %q", len(record.Fields), columns, record.Raw)
	}
	var object map[string]any
	if err := json.Unmarshal(record.Raw, &object); err != nil {
		t.Fatalf("%q is read, and is no JSON: %v", record.Raw, err)
	}
	for _, field := range record.Fields {
		if !utf8.Valid(field) {
			t.Fatalf("field %q is not UTF-8", field)
		}
	}
}

// FuzzXLSX reads any XML as a sheet: rows ascend, and each is in one class.
func FuzzXLSX(f *testing.F) {
	for _, seed := range []string{
		`<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>`,
		`<row><c t="inlineStr"><is><t>x&amp;y</t></is></c><c r="D1" t="b"><v>1</v></c></row><row r="9"/>`,
		`<row r="2"><c t="e"><v>#N/A</v></c></row><row><c><f>1</f></c></row><!-- x --><row><c r="ZZZ1"><v>5</v></c></row>`,
	} {
		f.Add(seed, int8(-1))
	}
	f.Fuzz(func(t *testing.T, xml string, header int8) {
		format := Format{}
		if header >= 0 {
			n := int(header)
			format.Header = &n
		}
		r, err := New("fuzz.xlsx", bytes.NewReader(book(t, "<worksheet><sheetData>"+xml+"</sheetData></worksheet>", nil)), format, Limits{Columns: 30, Rows: 500})
		if err != nil {
			if Code(err) == "" {
				t.Fatalf("refused without a code: %v", err)
			}
			return
		}
		used, last := 0, 0
		for {
			record, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				if Code(err) == "" {
					t.Fatalf("refused without a code: %v", err)
				}
				return
			}
			if record.Line <= last || record.Problem == nil && len(record.Fields) != len(r.Header()) {
				t.Fatalf("row %d after row %d, %d fields of %d", record.Line, last, len(record.Fields), len(r.Header()))
			}
			used, last = used+1, record.Line
		}
		if l := r.Lines(); l.Total != l.Header+l.Preamble+l.Blank+used {
			t.Fatalf("%+v and %d records", l, used)
		}
	})
}
