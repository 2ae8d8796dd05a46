package source

import (
	"errors"
	"fmt"
	"strings"

	"tavolo/ingest/diagnostic"
)

// Format is how a file is written. What is empty is detected, but for the
// decimal separator, which is never guessed.
type Format struct {
	Type      string `yaml:"type"`      // csv
	Delimiter string `yaml:"delimiter"` // one character, or the word tab
	Quote     string `yaml:"quote"`     // " or ', or the word none
	Encoding  string `yaml:"encoding"`  // utf-8, windows-1252, iso-8859-1, iso-8859-15
	Decimal   string `yaml:"decimal"`   // separator of decimals: "." (the default) or ","
	Header    *int   `yaml:"header"`    // physical line of the header, from 1; 0: there is none
}

// The words of a format.
const (
	typeCSV   = "csv"
	quoteNone = "none"
	tab       = "tab"
)

// Encodings gives the names of the encodings that can be read.
func Encodings() []string {
	return []string{utf8Name, windows1252Name, latin1Name, latin9Name}
}

// Validate says what in the format is not possible, all of it joined.
func (f Format) Validate() error {
	var errs []error
	complain := func(hint, format string, args ...any) {
		errs = append(errs, &diagnostic.Error{Msg: fmt.Sprintf(format, args...), Hint: hint})
	}
	if f.Type != "" && f.Type != typeCSV {
		complain("", "format type %q: only csv can be read", f.Type)
	}
	if _, err := delimiterByte(f.Delimiter); err != nil {
		errs = append(errs, err)
	}
	if f.Quote != "" && f.Quote != quoteNone && f.Quote != `"` && f.Quote != "'" {
		complain("", "format quote %q: it is \", ' or none", f.Quote)
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
	add("delimiter ", quoted(f.Delimiter))
	add("quote ", f.Quote)
	add("", f.Encoding)
	add("decimal ", quoted(f.Decimal))
	if f.Header != nil && *f.Header != 1 {
		add("header ", fmt.Sprint(*f.Header))
	}
	return strings.Join(parts, ", ")
}

func quoted(s string) string {
	if s == "" || s == tab {
		return s
	}
	return `"` + s + `"`
}

// delimiterByte gives the byte that a delimiter is written as, 0 for none given.
func delimiterByte(s string) (byte, error) {
	switch {
	case s == "":
		return 0, nil
	case s == tab, s == `\t`, s == "\t":
		return '\t', nil
	case len(s) == 1 && s[0] > ' ' && s[0] < 0x7f && s != `"` && s != "'":
		return s[0], nil
	}
	return 0, &diagnostic.Error{Msg: fmt.Sprintf("format delimiter %q: it is one ASCII character, or the word tab", s),
		Hint: `in use are ";", ",", tab and "|"`}
}

func delimiterName(b byte) string {
	if b == '\t' {
		return tab
	}
	return string(rune(b))
}

func quoteByte(s string) (b byte, given bool) {
	switch s {
	case "":
		return 0, false
	case quoteNone:
		return 0, true
	}
	return s[0], true
}

func quoteName(b byte) string {
	if b == 0 {
		return quoteNone
	}
	return string(rune(b))
}
