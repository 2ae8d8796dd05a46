package source

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// readAll gives every record of a text as "first-last@offset field|field", or
// with "!code" for one with a problem, and checks that the lines balance.
func readAll(t *testing.T, text string, f Format, limits Limits) (Reader, []string) {
	t.Helper()
	r, err := New("t.csv", strings.NewReader(text), f, limits)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	used := 0
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		used += record.LastLine - record.Line + 1
		line := fmt.Sprintf("%d-%d@%d ", record.Line, record.LastLine, record.Offset)
		if record.Problem != nil {
			line += "!" + record.Problem.Code
		} else {
			line += string(bytes.Join(record.Fields, []byte("|")))
		}
		got = append(got, line)
	}
	if l := r.Lines(); l.Total != l.Header+l.Preamble+l.Blank+used {
		t.Errorf("lines do not balance: %+v and %d in records", l, used)
	}
	return r, got
}

func line(n int) *int { return &n }

// counted makes Lines of its counts.
func counted(total, header, preamble, blank int) Lines {
	return Lines{Total: total, Header: header, Preamble: preamble, Blank: blank}
}

func TestRecords(t *testing.T) {
	for _, test := range []struct {
		name, text string
		format     Format
		want       string // records, joined by " / "
		lines      Lines
	}{
		{"plain", "a;b\n1;2\n3;4\n", Format{}, "2-2@4 1|2 / 3-3@8 3|4", counted(3, 1, 0, 0)},
		{"no final newline", "a;b\n1;2", Format{}, "2-2@4 1|2", counted(2, 1, 0, 0)},
		{"header only", "a;b\n", Format{}, "", counted(1, 1, 0, 0)},
		{"header only, no newline", "a;b", Format{}, "", counted(1, 1, 0, 0)},
		{"BOM", "\ufeffa;b\n1;2\n", Format{}, "2-2@7 1|2", counted(2, 1, 0, 0)},
		{"CRLF", "a,b\r\n1,2\r\n", Format{}, "2-2@5 1|2", counted(2, 1, 0, 0)},
		{"CR", "a,b\r1,2\r3,4", Format{}, "2-2@4 1|2 / 3-3@8 3|4", counted(3, 1, 0, 0)},
		{"mixed", "a,b\r\n1,2\n3,4\r5,6\r\n", Format{}, "2-2@5 1|2 / 3-3@9 3|4 / 4-4@13 5|6", counted(4, 1, 0, 0)},
		{"tab", "a\tb\n1\t2\n", Format{}, "2-2@4 1|2", counted(2, 1, 0, 0)},
		{"decimal commas do not hide semicolons", "a;b;c\n1,5;2,5;3\n1,5;2,5;4\n", Format{},
			"2-2@6 1,5|2,5|3 / 3-3@16 1,5|2,5|4", counted(3, 1, 0, 0)},
		{"one column", "a\nx,y\nz\n", Format{}, "2-2@2 x,y / 3-3@6 z", counted(3, 1, 0, 0)},
		{"quotes", "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", Format{}, `2-2@4 x,y|say "hi"`, counted(2, 1, 0, 0)},
		{"empty quotes", "a,b\n\"\",\"\"\"\"\n", Format{}, `2-2@4 |"`, counted(2, 1, 0, 0)},
		{"newlines in quotes", "a,b\n\"x\r\ny\nz\",2\n3,4\n", Format{}, "2-4@4 x\r\ny\nz|2 / 5-5@15 3|4", counted(5, 1, 0, 0)},
		{"quote inside a field", "a,b\n5\" pipe,2\n", Format{}, `2-2@4 5" pipe|2`, counted(2, 1, 0, 0)},
		{"spaces around quotes", "a,b\n \"x\" , \"y\"\n", Format{}, "2-2@4 x|y", counted(2, 1, 0, 0)},
		{"apostrophes as quotes", "a,b\n'x,y','z'\n'u','v,w'\n", Format{}, "2-2@4 x,y|z / 3-3@14 u|v,w", counted(3, 1, 0, 0)},
		{"apostrophes as text", "a,b\n'ndrangheta,dell'\n", Format{}, "2-2@4 'ndrangheta|dell'", counted(2, 1, 0, 0)},
		{"no quotes by declaration", "a,b\n\"x,y\"\n", Format{Quote: "none"}, `2-2@4 "x|y"`, counted(2, 1, 0, 0)},
		{"blank lines", "\n\na,b\n\n1,2\n  \n,\n3,4\n\n", Format{}, "5-5@7 1|2 / 8-8@16 3|4", counted(9, 1, 0, 6)},
		{"sep line", "sep=|\na|b\n1|2;3\n", Format{}, "3-3@10 1|2;3", counted(3, 1, 1, 0)},
		{"preamble", "Agenda\n\na;b\n1;2\n", Format{Header: line(3)}, "4-4@12 1|2", counted(4, 1, 1, 1)},
		{"no header", "1;2\n3;4\n", Format{Header: line(0)}, "1-1@0 1|2 / 2-2@4 3|4", counted(2, 0, 0, 0)},
		{"header of two lines", "\"a\nx\",b\n1,2\n", Format{}, "3-3@8 1|2", counted(3, 2, 0, 0)},
		{"ragged", "a,b\n1\n1,2,3\n1,2\n", Format{}, "2-2@4 !ragged / 3-3@6 !ragged / 4-4@12 1|2", counted(4, 1, 0, 0)},
		{"unterminated to the end", "a,b\n1,\"2\n3,4\n5,6\n", Format{},
			"2-2@4 !unterminated_quote / 3-3@9 3|4 / 4-4@13 5|6", counted(4, 1, 0, 0)},
		{"unterminated before a quoted row", "a,b\n1,\"2\n\"3\",\"4\"\n5,6\n", Format{},
			"2-2@4 !stray_quote / 3-3@9 3|4 / 4-4@17 5|6", counted(4, 1, 0, 0)},
		{"unterminated that a later quote closes", "a,b,c\n1,\"2,3\n3,4,5\"\n5,6,7\n", Format{},
			"2-2@6 !unterminated_quote / 3-3@13 !stray_quote / 4-4@20 5|6|7", counted(4, 1, 0, 0)},
		{"ragged over several lines", "a,b\n1,\"2\nx\",3\n5,6\n", Format{}, "2-2@4 !unterminated_quote / 3-3@9 !stray_quote / 4-4@14 5|6", counted(4, 1, 0, 0)},
		{"stray text after a quote", "a,b\n\"x\"y,2\n3,4\n", Format{}, "2-2@4 !stray_quote / 3-3@11 3|4", counted(3, 1, 0, 0)},
		{"NUL", "a,b\n1,\x00\n3,4\n", Format{}, "2-2@4 !nul_byte / 3-3@8 3|4", counted(3, 1, 0, 0)},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, got := readAll(t, test.text, test.format, Limits{})
			if joined := strings.Join(got, " / "); joined != test.want {
				t.Errorf("records\n got %q\nwant %q", joined, test.want)
			}
			if r.Lines() != test.lines {
				t.Errorf("lines %+v, want %+v", r.Lines(), test.lines)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	for _, test := range []struct {
		text   string
		format Format
		want   string
	}{
		{"\ufeffa;\"b;c\"\n", Format{}, "a|b;c"},
		{"1;2;3\n", Format{Header: line(0)}, "1|2|3"},
		{"x\ny\na,b\n", Format{Header: line(3)}, "a|b"},
		{"perch\xe9,citt\xe0\n", Format{}, "perché|città"},
	} {
		r, err := New("t.csv", strings.NewReader(test.text), test.format, Limits{})
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
		} else if got := strings.Join(r.Header(), "|"); got != test.want {
			t.Errorf("%q: header %q, want %q", test.text, got, test.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	for _, test := range []struct{ name, text, encoding, detected, want string }{
		{"ASCII", "a,b\n1,2\n", "", "utf-8", "2-2@4 1|2"},
		{"UTF-8", "a,b\nè,€\n", "", "utf-8", "2-2@4 è|€"},
		{"windows-1252", "a,b\n\xe8,\x80\n", "", "windows-1252", "2-2@4 è|€"},
		{"windows-1252 at the end of a line", "a,b\n1,\xe8\n", "", "windows-1252", "2-2@4 1|è"},
		{"iso-8859-15 by declaration", "a,b\n\xe8,\xa4\n", "ISO-8859-15", "iso-8859-15", "2-2@4 è|€"},
		{"latin1 without a meaning for 0x80", "a,b\n\xe8,\x80\n", "latin1", "iso-8859-1", "2-2@4 !bad_encoding"},
		{"no such character", "a,b\n\xe8,\x81\n", "", "windows-1252", "2-2@4 !bad_encoding"},
		{"one bad byte in UTF-8", "a,b\nè,à\n\xe8,2\n", "", "utf-8", "2-2@4 è|à / 3-3@10 !bad_encoding"},
		{"windows-1252 declared as UTF-8", "a,b\n\xe8,2\n3,4\n", "utf-8", "utf-8", "2-2@4 !bad_encoding / 3-3@8 3|4"},
	} {
		r, got := readAll(t, test.text, Format{Encoding: test.encoding}, Limits{})
		if joined := strings.Join(got, " / "); joined != test.want {
			t.Errorf("%s: got %q, want %q", test.name, joined, test.want)
		}
		if r.Dialect().Encoding != test.detected {
			t.Errorf("%s: encoding %s, want %s", test.name, r.Dialect().Encoding, test.detected)
		}
	}
}

// An accent beyond the sample must not meet an encoding chosen too early.
func TestEncodingIsDecidedAtTheFirstAccent(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", sampleBytes/4) + "\xe8,2\n"
	r, got := readAll(t, text, Format{}, Limits{})
	if last := got[len(got)-1]; !strings.HasSuffix(last, " è|2") || r.Dialect().Encoding != windows1252Name {
		t.Errorf("last record %q in %s", last, r.Dialect().Encoding)
	}
}

func TestRawIsTheRecordAsItStands(t *testing.T) {
	r, err := New("t.csv", strings.NewReader("a,b\n\"x\n\xe8\",2\r\n"), Format{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	record, err := r.Next()
	if err != nil || string(record.Raw) != "\"x\nè\",2" {
		t.Errorf("raw %q, %v", record.Raw, err)
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", 300<<10)
	for _, test := range []struct {
		name, text string
		limits     Limits
		want       string
	}{
		{"long line", "a,b\n" + long + ",2\n3,4\n", Limits{RecordBytes: 1000}, "2-2@4 !too_long / 3-3@307207 3|4"},
		{"long last line", "a,b\n1,2\n" + long, Limits{RecordBytes: 1000}, "2-2@4 1|2 / 3-3@8 !too_long"},
		{"just short enough", "a,b\n1234,678\n3,4\n", Limits{RecordBytes: 8}, "2-2@4 1234|678 / 3-3@13 3|4"},
		{"one too long", "a,b\n1234,6789\n3,4\n", Limits{RecordBytes: 8}, "2-2@4 !too_long / 3-3@14 3|4"},
		{"quote that stays open", "a,b\n\"x,2\n3,4\n" + long + ",1\n5,6\n", Limits{RecordBytes: 1000},
			"2-2@4 !unterminated_quote / 3-3@9 3|4 / 4-4@13 !too_long / 5-5@307216 5|6"},
		{"columns", "a,b\n1,2,3,4\n3,4\n", Limits{Columns: 3}, "2-2@4 !too_many_columns / 3-3@12 3|4"},
	} {
		_, got := readAll(t, test.text, Format{}, test.limits)
		if joined := strings.Join(got, " / "); joined != test.want {
			t.Errorf("%s: got %q, want %q", test.name, joined, test.want)
		}
	}
}
