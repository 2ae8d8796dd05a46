package source

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// TestAnotherDialectIsRefused reads a table in another dialect than the one that
// is pinned: refused whole, with what is different.
func TestAnotherDialectIsRefused(t *testing.T) {
	const text = "id;città;nota\n1;Forlì;è\n2;Cantù;à\n3;Nardò;ì\n4;Cefalù;ù\n"
	quoted := strings.NewReplacer(";", "';'", "\n", "'\n'").Replace(text)
	quoted = "'" + strings.TrimSuffix(quoted, "'")
	pinned := Format{Type: "csv", Delimiter: ";", Quote: `"`, Encoding: "utf-8"}
	with := func(change func(*Format)) Format {
		f := pinned
		change(&f)
		return f
	}
	for _, test := range []struct {
		name, text string
		encoding   encoding.Encoding
		f          Format
		want       string
	}{
		{"as it is pinned", text, encoding.Nop, pinned, ""},
		{"another delimiter", strings.ReplaceAll(text, ";", ","), encoding.Nop, pinned, `fields are separated by ",", not by ";"`},
		{"another quote", quoted, encoding.Nop, pinned, `fields are quoted with ', not with "`},
		{"no quote", strings.ReplaceAll(quoted, "'", `"`), encoding.Nop, with(func(f *Format) { f.Quote = "none" }), `fields are quoted with ", not with none`},
		{"windows-1252 for utf-8", text, charmap.Windows1252, pinned, "the text is windows-1252, not utf-8"},
		{"utf-8 for windows-1252", text, encoding.Nop, with(func(f *Format) { f.Encoding = "cp1252" }), "the text is utf-8, not windows-1252"},
		{"utf-8 for latin-9", text, encoding.Nop, with(func(f *Format) { f.Encoding = "latin9" }), "the text is utf-8, not iso-8859-15"},
		{"utf-16 for utf-8", text, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), pinned, "the text is utf-16be, not utf-8"},
		{"utf-8 for utf-16", text, encoding.Nop, with(func(f *Format) { f.Encoding = "utf-16" }), "the text is not utf-16"},
		{"one end for the other", text, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), with(func(f *Format) { f.Encoding = "utf-16be" }), "the text is utf-16le, not utf-16be"},
		{"another type", `[{"id": 1}]`, encoding.Nop, pinned, "is json, not csv"},
	} {
		content, err := test.encoding.NewEncoder().Bytes([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		r, err := New("t.csv", strings.NewReader(string(content)), test.f, Limits{})
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want == "":
			r.Close()
		case err == nil || Code(err) != OtherDialect && Code(err) != UnknownFormat || !strings.Contains(err.Error(), test.want):
			t.Errorf("%s: %v (%s), want %s", test.name, err, Code(err), test.want)
		}
	}
}

// TestLettersOfAnotherEncoding refuses the lines, and no others, in which UTF-8
// would be read as two signs for one letter.
func TestLettersOfAnotherEncoding(t *testing.T) {
	text := "id;città\n1;Forl\xec\n2;Cant\xf9\n3;PERCH\xc9\x85\n4;Forlì\n"
	text = strings.Replace(text, "città", "citt\xe0", 1)
	r, err := New("t.csv", strings.NewReader(text), Format{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		record, err := r.Next()
		if err != nil {
			break
		}
		if record.Problem != nil {
			got = append(got, record.Problem.Code)
			continue
		}
		got = append(got, string(record.Fields[1]))
	}
	equal(t, "lines", got, []string{"Forlì", "Cantù", "PERCHÉ…", BadEncoding})
}

// TestPinnedSaysWhatTheFileShows leaves open what nothing in a file speaks for.
func TestPinnedSaysWhatTheFileShows(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a;b\n1;2\n3;4\n", `csv, delimiter ";"`},
		{"a;b\n1;\"2\"\n3;4\n", `csv, delimiter ";", quote "`},
		{"a\n1\n2\n", "csv"},
		{"x\n\na;b\n1;è\n3;4\n", `csv, delimiter ";", utf-8, header 3`},
		{"{\"a\": 1}\n", "ndjson, utf-8"},
	} {
		r, err := New("t", strings.NewReader(test.text), Format{}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := r.Next(); err != nil {
				break
			}
		}
		if got := Pinned(r).String(); got != test.want {
			t.Errorf("%q is pinned as %s, want %s", test.text, got, test.want)
		}
	}
}
