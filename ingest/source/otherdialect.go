package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"tavolo/ingest/diagnostic"
)

// otherDialectHint is what to do about a file that is written otherwise than its
// format says.
const otherDialectHint = `if the sender has changed how the files are written, "tavolo sources pin --force" finds the format anew`

// otherDialect gives the error of a file that is plainly written in another
// dialect than the one that its format names. Read as it is named it would be one
// wide column, or keep the quotes of its fields, or turn each accent into two
// signs: the complaint is then about the file, and not about each of its rows.
// What is doubtful stays with what the format says.
func (r *csvReader) otherDialect(sample []byte, taken *reading) error {
	f := r.format
	if f.Delimiter != "" && taken.width < 2 && len(f.Names) != 1 {
		free, _ := detectDialect(sample, dialect{}, Format{})
		if free.width > 1 && len(free.rows) > 1 && free.regular*2 > len(free.rows) {
			return r.other("fields are separated by %s, not by %s", quoted(delimiterName(&free.dialect)), quoted(f.Delimiter))
		}
	}
	if f.Quote != "" && taken.quoted == 0 {
		free := bestQuote(sample, dialect{delimiter: taken.dialect.delimiter, wide: taken.dialect.wide}, Format{})
		if free.dialect.quote != taken.dialect.quote && free.quoted >= fewRows && free.quoted*2 >= len(free.rows) {
			return r.other("fields are quoted with %s, not with %s", string(rune(free.dialect.quote)), f.Quote)
		}
	}
	return r.otherEncoding(sample)
}

// otherEncoding tells UTF-8 from the encodings of one byte a character, by three
// lines at least, as one line may be broken.
func (r *csvReader) otherEncoding(sample []byte) error {
	named := canonicalEncoding(r.format.Encoding)
	if named == "" || r.window.utf16 {
		return nil
	}
	guessed := guessEncoding(sample)
	switch {
	case named == utf8Name && guessed != "" && guessed != utf8Name && strayLines(sample) >= fewRows,
		named != utf8Name && guessed == utf8Name && twoForOne(sample) >= 0:
		return r.other("the text is %s, not %s", guessed, named)
	}
	return nil
}

func (r *csvReader) other(format string, args ...any) error {
	return otherWritten(r.name, fmt.Sprintf(format, args...))
}

func otherWritten(name, what string) error {
	return &diagnostic.Error{File: name, Err: &FileError{OtherDialect, what + ", as its format says"}, Hint: otherDialectHint}
}

// otherUTF16 gives the error of a text in UTF-16 that is named otherwise, and of
// another text that is named so.
func otherUTF16(file string, sample []byte, named string) error {
	found := guessUTF16(sample, "")
	switch {
	case named == "" || len(sample) == 0:
	case found == "" && (named == utf16Name || named == utf16LEName || named == utf16BEName):
		if bytes.IndexByte(sample, 0) < 0 {
			return otherWritten(file, "the text is not "+named)
		}
	case found != "" && named != found && named != utf16Name:
		return otherWritten(file, "the text is "+found+", not "+named)
	}
	return nil
}

// strayLines counts the lines that are not UTF-8, as far as it matters.
func strayLines(sample []byte) (n int) {
	for len(sample) > 0 && n < fewRows {
		end, next, _ := lineEnd(sample, true)
		if !utf8.Valid(sample[:end]) {
			n++
		}
		sample = sample[next:]
	}
	return n
}
