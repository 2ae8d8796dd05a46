package synthetic

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// file is a source file that is being written.
type file struct {
	File
	writer  *writer
	source  *source
	sink    *os.File
	out     *bufio.Writer // encodes on its way to sink
	written int           // rows
	planned []planned     // bad rows that are still to come, in order
	repeat  map[int]bool  // rows that are written twice
	special string        // characters that make a field need quotes
	room    []string      // for the fields of a row
	last    []string      // the row that was written last
}

// planned is a bad row and the number of rows after which it stands.
type planned struct {
	after int
	defect
}

// newFile begins a file of about rows events; n counts the files of the source,
// and a negative one gets neither bad rows nor repeated ones.
func (w *writer) newFile(s *source, period string, n, rows int) (*file, error) {
	f := &file{writer: w, source: s, File: File{Path: dropPath(s.name, period), Source: s.name, Log: s.log}}
	f.planned, f.repeat, f.special = w.plan(s, n, rows), map[int]bool{}, s.delimiter+"\"\r\n"
	if s.repeats && n%4 == 1 {
		for k := 1; k <= rows/400 && k <= 5; k++ {
			f.repeat[k*rows/7] = true
		}
	}
	name := w.onDisk(f.Path)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	sink, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	f.sink, f.out = sink, bufio.NewWriterSize(sink, 1<<16)
	if s.windows1252 {
		f.out = bufio.NewWriterSize(charmap.Windows1252.NewEncoder().Writer(sink), 1<<16)
	}
	if s.bom {
		f.text("\ufeff")
	}
	for _, line := range s.preamble {
		f.text(line)
		f.newline()
	}
	f.line(s.header)
	return f, nil
}

// put writes the row of an event, and what is planned after it.
func (f *file) put(row []string) {
	f.line(row)
	f.Accepted++
	f.written++
	if f.repeat[f.written] {
		f.line(row)
		f.Duplicates++
	}
	f.room, f.last = row, append(f.last[:0], row...)
	for len(f.planned) > 0 && f.planned[0].after <= f.written {
		f.putBad()
	}
}

// putBad writes the next bad row: the last good one, spoilt, under a name of its own.
func (f *file) putBad() {
	d := f.planned[0].defect
	f.planned = f.planned[1:]
	f.Refused++
	f.room = append(f.room[:0], f.last...)
	f.room[0] += "-E" + strconv.Itoa(f.Refused)
	f.spoil(d)
	f.writer.count(f.source, d)
}

// spoil writes the row in room with the defect.
func (f *file) spoil(d defect) {
	if d.text == nil {
		d.fields(f.room)
		f.line(f.room)
		return
	}
	for i := range f.room {
		f.room[i] = f.quoted(f.room[i])
	}
	f.text(d.text(strings.Join(f.room, f.source.delimiter), f.source.delimiter))
	f.newline()
}

func (f *file) line(fields []string) {
	for i, field := range fields {
		if i > 0 {
			f.text(f.source.delimiter)
		}
		f.text(f.quoted(field))
	}
	f.newline()
}

// quoted puts quotes around a field that needs them.
func (f *file) quoted(field string) string {
	if !strings.ContainsAny(field, f.special) {
		return field
	}
	return `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
}

func (f *file) newline() {
	if f.source.crlf {
		f.text("\r")
	}
	f.text("\n")
}

// text writes; an error stays with out, and close tells it.
func (f *file) text(s string) { _, _ = f.out.WriteString(s) }

// close writes the bad rows that found no place and finishes the file.
func (f *file) close() error {
	for len(f.planned) > 0 && f.written > 0 {
		f.putBad()
	}
	err := errors.Join(f.out.Flush(), f.sink.Close())
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	f.writer.files = append(f.writer.files, f.File)
	return nil
}

func (w *writer) onDisk(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

// copyFile sends the same bytes again under another name.
func (w *writer) copyFile(original File, period string) error {
	text, err := os.ReadFile(w.onDisk(original.Path))
	if err != nil {
		return err
	}
	again := original
	again.Path, again.CopyOf = dropPath(original.Source, period), original.Path
	w.files = append(w.files, again)
	return os.WriteFile(w.onDisk(again.Path), text, 0o644)
}
