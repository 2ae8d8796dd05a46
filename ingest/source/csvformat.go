package source

import (
	"fmt"
	"strings"

	"tavolo/ingest/diagnostic"
)

// longestDelimiter bounds a delimiter of several characters, as in ", ".
const longestDelimiter = 3

// escapeDouble is the word for a quote that is text and written twice.
const escapeDouble = "double"

// dialect gives what the format says of the dialect; the rest is zero.
func (f Format) dialect() (d dialect, err error) {
	text := f.Delimiter
	if text == tab || text == `\t` {
		text = "\t"
	}
	if len(text) > longestDelimiter || strings.ContainsFunc(text, noDelimiter) {
		return d, &diagnostic.Error{Msg: fmt.Sprintf("format delimiter %q: it is one to three punctuation marks, or the word tab", f.Delimiter),
			Hint: `in use are ";", ",", tab and "|"`}
	}
	if text != "" {
		d.delimiter = text[0]
	}
	if len(text) > 1 {
		d.wide = text
	}
	if f.Quote != "" && f.Quote != quoteNone {
		d.quote = f.Quote[0]
	}
	if len(f.Quote) > 1 && f.Quote != quoteNone || d.quote != 0 && strings.IndexByte("\"'`^~|*#$%", d.quote) < 0 || d.quote != 0 && d.quote == d.delimiter {
		return d, &diagnostic.Error{Msg: fmt.Sprintf("format quote %q: it is \", ', another mark or none", f.Quote)}
	}
	switch f.Escape {
	case "", escapeDouble:
	case `\`:
		d.escape = '\\'
	default:
		return d, &diagnostic.Error{Msg: fmt.Sprintf(`format escape %q: it is \ or double`, f.Escape)}
	}
	return d, nil
}

// noDelimiter says whether a character may not separate fields: it is a letter
// or digit, of the kind that numbers and dates have inside, a quote, or no ASCII.
func noDelimiter(r rune) bool {
	return r >= 0x7f || r < ' ' && r != '\t' && r != 0x1e && r != 0x1f || strings.ContainsRune(`"'-.+`, r) ||
		r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
}

// setDialect writes a dialect into the format, as it can be read again.
func (f *Format) setDialect(d *dialect) {
	f.Delimiter, f.Quote, f.Escape = delimiterName(d), quoteNone, ""
	if d.quote != 0 {
		f.Quote = string(rune(d.quote))
	}
	if d.escape != 0 {
		f.Escape = string(rune(d.escape))
	}
}

func delimiterName(d *dialect) string {
	switch {
	case d.wide != "":
		return d.wide
	case d.delimiter == '\t':
		return tab
	}
	return string(rune(d.delimiter))
}
