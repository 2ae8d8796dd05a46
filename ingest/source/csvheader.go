package source

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"tavolo/ingest/diagnostic"
)

// detect fills in what the format leaves open, from the beginning of the file,
// and passes over what stands before the header.
func (r *csvReader) detect() (layout, error) {
	r.readSeparatorLine()
	if r.format.Header != nil {
		if err := r.skipTo(*r.format.Header); err != nil {
			return layout{}, err
		}
	}
	sample := r.window.text()
	if !r.window.whole {
		sample = wholeLines(sample)
	}
	given, err := r.format.dialect()
	if err != nil {
		return layout{}, &diagnostic.Error{File: r.name, Err: err}
	}
	var best reading
	best, r.doubts = detectDialect(sample, given, r.format)
	r.dialect = best.dialect
	if err := r.otherDialect(sample, &best); err != nil {
		return layout{}, err
	}
	r.unproven = unproven(&best, r.format)

	name := canonicalEncoding(r.format.Encoding)
	guessed := name == ""
	if guessed {
		name = guessEncoding(sample)
	}
	r.decoder = newDecoder(name)
	r.decoder.guessed = guessed

	r.format.Type = typeCSV
	r.format.setDialect(&r.dialect)
	if r.format.Decimal == "" {
		r.format.Decimal = "."
	}
	if r.format.Header != nil {
		return layout{line: *r.format.Header, rows: max(1, r.format.HeaderRows)}, nil
	}
	for i := range best.rows {
		best.rows[i].line += r.window.line - 1
	}
	table := layoutOf(best.rows, &r.dialect)
	if len(r.format.Names) == 0 {
		r.doubts = append(r.doubts, table.doubts...)
	}
	if table.line > 0 {
		return table, r.skipTo(table.line)
	}
	return table, nil
}

// readSeparatorLine passes over the line "sep=;" with which spreadsheets announce a delimiter.
func (r *csvReader) readSeparatorLine() {
	end, next, _ := lineEnd(r.window.text(), r.window.whole)
	line := bytes.Trim(r.window.text()[:end], `" `)
	if r.format.Header != nil || len(line) != 5 || !bytes.EqualFold(line[:4], []byte("sep=")) {
		return
	}
	r.lines.Preamble++
	r.window.take(next, 1)
	if r.format.Delimiter == "" {
		r.format.Delimiter = delimiterName(&dialect{delimiter: line[4]})
	}
}

// skipTo passes over the lines before the one given.
func (r *csvReader) skipTo(line int) error {
	for r.window.line < line {
		if len(r.window.text()) == 0 && !r.window.whole {
			if err := r.window.more(); err != nil {
				return openError(r.name, err)
			}
			continue
		}
		if r.atEnd() {
			return &diagnostic.Error{File: r.name, Line: r.window.line - 1,
				Msg:  fmt.Sprintf("the file ends before line %d, where its header should be", line),
				Hint: "format.header is the line of the header, counted from 1"}
		}
		end, _, ok := lineEnd(r.window.text(), r.window.whole)
		blank := ok && r.dialect.blank(r.window.text()[:end])
		if err := r.window.skipLine(); err != nil {
			return openError(r.name, err)
		}
		if blank {
			r.lines.Blank++
		} else {
			r.lines.Preamble++
		}
	}
	return nil
}

// readHeader reads the names of the columns, or without a header numbers them.
func (r *csvReader) readHeader(table layout) error {
	r.format.Header = &table.line
	var again []byte
	if table.line == 0 {
		r.numberColumns(table.width)
		return nil
	}
	for i := range table.rows {
		record, err := r.next()
		if err == io.EOF && i == 0 {
			return &diagnostic.Error{File: r.name, Msg: "the file has no header: all its lines are blank",
				Hint: "a file without rows still has its header; ask its sender to send it again"}
		}
		if err == io.EOF {
			return &diagnostic.Error{File: r.name, Msg: fmt.Sprintf("the file ends within its header of %d rows", table.rows)}
		}
		if err != nil {
			return openError(r.name, err)
		}
		names := record.Fields
		if table.names != nil {
			names = r.decodeAll(table.names)
		} else if record.Problem != nil {
			return &diagnostic.Error{File: r.name, Line: record.Line,
				Err:  &FileError{record.Problem.Code, "the header cannot be read: " + record.Problem.Message},
				Hint: "where the header is not the first line, format.header says which it is"}
		}
		if i == 0 {
			*r.format.Header, again = record.Line, bytes.Clone(r.raw)
		}
		r.addNames(names, i)
		r.lines.Header += record.LastLine - record.Line + 1
	}
	r.columns, r.again = len(r.header), again
	if table.width > 0 && len(table.doubts) > 0 {
		r.columns = table.width
	}
	if len(r.format.Names) > 0 {
		r.header, r.columns = r.format.Names, len(r.format.Names)
	}
	if table.rows > 1 {
		r.format.HeaderRows = table.rows
	}
	return nil
}

// addNames adds a row of the header to the names.
func (r *csvReader) addNames(names [][]byte, row int) {
	if row == 0 {
		for _, name := range names {
			r.header = append(r.header, string(name))
		}
		return
	}
	for i, name := range names {
		if name = bytes.TrimSpace(name); i < len(r.header) && len(name) > 0 {
			r.header[i] = string(bytes.TrimSpace(append([]byte(r.header[i]+" "), name...)))
		}
	}
}

func (r *csvReader) decodeAll(fields [][]byte) [][]byte {
	decoded := make([][]byte, len(fields))
	for i, field := range fields {
		text, _, _ := r.decoder.decode(nil, field)
		decoded[i] = bytes.Clone(text)
	}
	return decoded
}

// numberColumns names the columns of a file without a header, as many as a
// record has; 0: as many as the first record has.
func (r *csvReader) numberColumns(width int) {
	if len(r.format.Names) > 0 {
		r.header, r.columns = r.format.Names, len(r.format.Names)
		return
	}
	r.columns = width
	for text := r.window.text(); len(text) > 0 && r.columns == 0; {
		e, ok := r.dialect.split(text, r.window.whole, r.limits.RecordBytes)
		if !ok {
			break
		}
		if record := text[:e.end]; e.code == "" && !r.dialect.blank(record) {
			fields, _ := r.dialect.quotedFields(nil, nil, record, r.limits.Columns)
			r.columns = len(fields)
		}
		text = text[e.next:]
	}
	for i := range r.columns {
		r.header = append(r.header, strconv.Itoa(i+1))
	}
}
