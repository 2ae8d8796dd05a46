package source

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
)

// Format is how a file is written. What is empty is detected, but for the
// decimal separator, which is never guessed.
type Format struct {
	Type      string `yaml:"type"`      // csv, ndjson, json, xlsx, parquet; what it is wrapped in is no part of it
	Delimiter string `yaml:"delimiter"` // one to three characters, or the word tab
	Quote     string `yaml:"quote"`     // ", ' or another mark, or the word none
	Escape    string `yaml:"escape"`    // of a quote that is text: \, or double, when it is written twice
	Encoding  string `yaml:"encoding"`  // one of [Encodings]
	Decimal   string `yaml:"decimal"`   // separator of decimals: "." (the default) or ","
	Header    *int   `yaml:"header"`    // physical line (of a sheet, row) of the header, from 1; 0: there is none
	// HeaderRows is how many rows make the header, the names of a column joined
	// by a space; 1 when 0 and Header is given.
	HeaderRows int `yaml:"header_rows"`
	// Names are the names of the columns, in place of those that the file has.
	Names []string `yaml:"names"`
	Sheet string   `yaml:"sheet"` // of a workbook: its name, or its number from 1
	// Guess reads on where more than one reading is possible, in the likelier one;
	// [Ambiguities] says which. Without it such a file is refused.
	Guess bool `yaml:"-"`
}

// The words of a format.
const (
	typeCSV     = "csv"
	typeNDJSON  = "ndjson" // one JSON object a line
	typeJSON    = "json"   // an array of objects
	typeXLSX    = "xlsx"   // a sheet of a workbook
	typeParquet = "parquet"

	quoteNone = "none"
	tab       = "tab"
)

// Types gives the types of files that can be read.
func Types() []string { return []string{typeCSV, typeNDJSON, typeJSON, typeXLSX, typeParquet} }

// Encodings gives the names of the encodings that can be read.
func Encodings() []string {
	return []string{utf8Name, windows1252Name, latin1Name, latin9Name, utf16Name, utf16LEName, utf16BEName}
}

// Validate says what in the format is not possible, all of it joined.
func (f Format) Validate() error {
	var errs []error
	complain := func(hint, format string, args ...any) {
		errs = append(errs, &diagnostic.Error{Msg: fmt.Sprintf(format, args...), Hint: hint})
	}
	if f.Type != "" && !slices.Contains(Types(), f.Type) {
		complain(diagnostic.DidYouMean(f.Type, Types()), "format type %q: it is one of %s", f.Type, strings.Join(Types(), ", "))
	}
	if _, err := f.dialect(); err != nil {
		errs = append(errs, err)
	}
	if f.Encoding != "" && canonicalEncoding(f.Encoding) == "" {
		complain(diagnostic.DidYouMean(f.Encoding, Encodings()),
			"format encoding %q: it is one of %s", f.Encoding, strings.Join(Encodings(), ", "))
	}
	if f.Decimal != "" && f.Decimal != "." && f.Decimal != "," {
		complain("", "format decimal %q: it is \".\" or \",\"", f.Decimal)
	}
	if f.Header != nil && *f.Header < 0 {
		complain("", "format header %d: lines are counted from 1, and 0 says that there is none", *f.Header)
	}
	return errors.Join(errs...)
}

// String gives the format as it is shown to people and kept in the ledger:
// `csv, delimiter ";", quote ", utf-8, decimal ","`. Empty parts are left out.
func (f Format) String() string {
	var parts []string
	add := func(what, value string) {
		if value != "" {
			parts = append(parts, what+value)
		}
	}
	add("", f.Type)
	add("sheet ", quoted(f.Sheet))
	add("delimiter ", quoted(f.Delimiter))
	add("quote ", f.Quote)
	add("escape ", f.Escape)
	add("", f.Encoding)
	add("decimal ", quoted(f.Decimal))
	if f.Header != nil && *f.Header != 1 {
		add("header ", fmt.Sprint(*f.Header))
	}
	if f.HeaderRows > 1 {
		add("header rows ", fmt.Sprint(f.HeaderRows))
	}
	return strings.Join(parts, ", ")
}

func quoted(s string) string {
	if s == "" || s == tab {
		return s
	}
	return `"` + s + `"`
}
