package source

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// told is what a reader gives, one line a record: position, offset, fields or
// problem with its place.
func told(t *testing.T, r Reader) []string {
	t.Helper()
	var out []string
	for {
		record, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if record.Problem != nil {
			out = append(out, fmt.Sprintf("%d:%d-%d %s at %s", record.Position(), record.Line, record.LastLine, record.Problem.Code, r.(Placer).Place(-1)))
			continue
		}
		fields := make([]string, len(record.Fields))
		for i, field := range record.Fields {
			fields[i] = string(field)
		}
		out = append(out, fmt.Sprintf("%d:%d-%d %s", record.Position(), record.Line, record.LastLine, strings.Join(fields, "|")))
	}
}

func readJSON(t *testing.T, text string, columns ...string) Reader {
	t.Helper()
	r, err := New("t.json", strings.NewReader(text), Format{}, Limits{RecordBytes: 4000, Columns: 50, Depth: 8})
	if err != nil {
		t.Fatal(err)
	}
	if len(columns) > 0 {
		selected := make([]Selected, len(columns))
		for i, column := range columns {
			selected[i].Name = column
		}
		if err := r.(Selector).Select(selected); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func equal(t *testing.T, name string, got, want []string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\ngot\n  %s\nwant\n  %s", name, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestNDJSON(t *testing.T) {
	r := readJSON(t, strings.Join([]string{
		`{"id": 9007199254740993, "p": {"cf": "X\u00e8\ud83d\ude00", "tel": [{"n": 1.50}, {"n": 2}]}}`,
		``,
		`{"id": "2"}`,
		`{"id": 3, "id": 4}`,
		`{"id": 5, "p": {"cf": "a", "cf": "b"}}`,
		`{"id": 6`,
		"{\"id\": \"\xff\"}",
		`{"id": "\ud800"}`,
		`{"id": {"x": 1}}`,
		`{"id": 7, "p": null, "late": true}`,
		`{"id": [[[[[[[[[1]]]]]]]]]}`,
		`[1]`,
		`{"id": 01}`,
		`{"id": "\u0000"}`,
		`{"id": "a` + "\t" + `b"}`,
		`{"id": 8, "p": []} x`,
		`{"id": "` + strings.Repeat("x", 5000) + `"}`,
		`{"id": -1e5, "p": {"tel": []}}`,
	}, "\n"), "id", "p.cf", "p.tel[0].n", "late")
	equal(t, "records", told(t, r), []string{
		"1:1-1 9007199254740993|Xè😀|1.50|",
		"3:3-3 2|||",
		"4:4-4 duplicate_key at ",
		"5:5-5 duplicate_key at p",
		"6:6-6 bad_json at ",
		"7:7-7 bad_encoding at ",
		"8:8-8 bad_encoding at id",
		"9:9-9 not_a_value at id",
		"10:10-10 7|||true",
		"11:11-11 nested_too_deep at id",
		"12:12-12 bad_json at ",
		"13:13-13 bad_json at ",
		"14:14-14 nul_byte at id",
		"15:15-15 bad_json at id",
		"16:16-16 bad_json at ",
		"17:17-17 too_long at ",
		"18:18-18 -1e5|||",
	})
	if l := r.Lines(); l != (Lines{Total: 18, Blank: 1}) {
		t.Errorf("lines %+v", l)
	}
}

func TestJSONColumns(t *testing.T) {
	r := readJSON(t, `{"b": 1, "a": {"x.y": "s", "n": null}, "l": [1, {"k": 2}]}`+"\n"+`{"a": null, "z": null, "": 1}`)
	want := `b a["x.y"] a.n l[0] l[1].k z [""]`
	if got := strings.Join(r.Header(), " "); got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	equal(t, "records", told(t, r), []string{"1:1-1 1|s||1|2||", "2:2-2 ||||||1"})
	for _, bad := range []string{"", ".a", "a..b", "a[", "a[x]", "a[-1]", `a["b]`, "a]b", "a[99999999999]", "a[0]b"} {
		if err := newJSONNode("", nil).parsePath(bad, 0); err == nil {
			t.Errorf("%q is taken for a path", bad)
		}
	}
}

func TestJSONNumbersAreWrittenAsTheFormatHasDecimals(t *testing.T) {
	r, err := New("t.json", strings.NewReader(`{"h": 1.5, "t": "1,5"}`), Format{Decimal: ","}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "records", told(t, r), []string{"1:1-1 1,5|1,5"})
}

func TestJSONArray(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"one line", `[{"id":1},{"id":2} , {"id":3}]`, []string{"1:1-1 1", "2:1-1 2", "3:1-1 3"}},
		{"empty", " [ ]\n", nil},
		{"pretty", "[\n  {\n    \"id\": 1\n  },\r\n  {\r\n    \"id\": 2\r\n  }\n]\n", []string{"1:2-4 1", "2:5-7 2"}},
		{"no id", `[{"id":1},{"x":2},{}]`, []string{"1:1-1 1", "2:1-1 ", "3:1-1 "}},
		{"bad element with its end", `[{"id":1},{"id":oops},{"id":3}]`, []string{"1:1-1 1", "2:1-1 bad_json at $[1].id", "3:1-1 3"}},
		{"open quote", "[\n{\"id\":1},\n{\"id\":\"2},\n{\"id\":3}\n]", []string{"1:2-2 1", "2:3-3 bad_json at $[1]", "3:4-4 3"}},
		{"open bracket", "[\n  {\"id\":1},\n  {\"id\":2,\"p\":{\"id\":9},\n  {\"id\":3},\n  {\"id\":4}\n]",
			[]string{"1:2-2 1", "2:3-3 bad_json at $[1]", "3:4-4 3", "4:5-5 4"}},
		{"missing comma", "[\n{\"id\":1}\n{\"id\":2},\n{\"id\":3}]", []string{"1:2-2 1", "2:3-3 bad_json at $[1]", "3:4-4 3"}},
		{"cut off", "[\n{\"id\":1},\n{\"id\":2", []string{"1:2-2 1", "2:3-3 bad_json at $[1]"}},
		{"not closed", "[\n{\"id\":1}\n", []string{"1:2-2 1", "2:3-3 bad_json at $[1]"}},
		{"text after", "[{\"id\":1}]\n{\"id\":2}\n", []string{"1:1-1 1", "2:2-2 bad_json at $[1]"}},
		{"trailing comma", `[{"id":1},]`, []string{"1:1-1 1", "2:1-1 bad_json at $[1]"}},
		{"not objects", `[{"id":1},2,"x",{"id":4}]`, []string{"1:1-1 1", "2:1-1 bad_json at $[1]", "3:1-1 bad_json at $[2]", "4:1-1 4"}},
		{"too long", "[\n{\"id\":1},\n{\"id\":\"" + strings.Repeat("x", 50_000) + "\"},\n{\"id\":3}]", []string{"1:2-2 1", "2:3-3 too_long at $[1]", "3:4-4 3"}},
		{"nested with the same key", "[\n  {\"id\":1},\n  {\"id\":\"2, \"of\": [\n    {\"id\":7},\n    {\"id\":8}]},\n  {\"id\":3}\n]",
			[]string{"1:2-2 1", "2:3-5 bad_json at $[1]", "3:6-6 3"}},
	} {
		r := readJSON(t, test.text, "id")
		got := told(t, r)
		equal(t, test.name, got, test.want)
		if l := r.Lines(); l.Total != len(got) || l.Unit != "element" {
			t.Errorf("%s: %+v for %d records", test.name, l, len(got))
		}
	}
}

func TestJSONThatIsNoListOfRecords(t *testing.T) {
	for text, code := range map[string]string{
		"{\n  \"records\": [\n    {\"id\": 1}\n  ]\n}": NotRecords,
		"   ": "",
	} {
		_, err := New("t.json", strings.NewReader(text), Format{}, Limits{})
		if err == nil || Code(err) != code {
			t.Errorf("%q: %v, code %q", text, err, Code(err))
		}
	}
	if _, err := New("t.json", strings.NewReader(`{"a":1}`), Format{Type: "json"}, Limits{}); Code(err) != NotRecords {
		t.Errorf("an object alone: %v", err)
	}
}
