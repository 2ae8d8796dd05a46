package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"tavolo/ingest/diagnostic"
)

// workbook is what must be known of an XLSX file before a sheet of it is read.
type workbook struct {
	zip    *zip.Reader
	size   int64
	limits Limits

	sheets []sheetEntry
	epoch  int // days from 1970-01-01 to the day whose serial number is 0
	texts  sharedTexts
}

// The two epochs of serial numbers. That of 1900 counts a 29 February 1900 that
// never was, so that its numbers are right from 1 March 1900 on.
const (
	epoch1900 = -25569
	epoch1904 = -24107
)

// sheetEntry is a sheet as the workbook lists it.
type sheetEntry struct {
	name   string
	part   string // its member of the archive
	hidden bool
}

// openWorkbook reads everything of a workbook but its sheets.
func openWorkbook(at io.ReaderAt, size int64, limits Limits) (*workbook, error) {
	z, err := archive(at, size)
	if err != nil {
		return nil, err
	}
	if !isWorkbook(z) {
		return nil, &FileError{NestedArchive, "is an archive in an archive"}
	}
	w := &workbook{zip: z, size: size, limits: limits, epoch: epoch1900}
	root, err := w.relations("")
	if err != nil {
		return nil, err
	}
	main := root.ofType("/officeDocument")
	if main == "" || w.member(main) == nil {
		return nil, &FileError{UnknownFormat, "is no workbook: a document of another kind"}
	}
	if strings.HasSuffix(main, ".bin") {
		return nil, &FileError{UnknownFormat, "is a binary workbook (XLSB); save it as XLSX"}
	}
	related, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	if err := w.readSheets(main, related); err != nil {
		return nil, err
	}
	if texts := related.ofType("/sharedStrings"); texts != "" && w.member(texts) != nil {
		err = w.readTexts(texts)
	}
	return w, err
}

// member finds a member of the archive; names differ in case between writers.
func (w *workbook) member(name string) *zip.File {
	for _, f := range w.zip.File {
		if strings.EqualFold(strings.TrimPrefix(f.Name, "/"), name) {
			return f
		}
	}
	return nil
}

// open opens a member as XML.
func (w *workbook) open(name string) (*xmlReader, io.Closer, error) {
	member := w.member(name)
	if member == nil {
		return nil, nil, &FileError{Corrupt, "is a workbook that lacks a part of itself"}
	}
	stream, err := openMember(member, w.size, w.limits)
	if err != nil {
		return nil, nil, err
	}
	return newXML(stream, w.limits.RecordBytes), stream, nil
}

// elements calls see for each start of an element of a small member.
func (w *workbook) elements(name string, see func(x *xmlReader) error) error {
	x, closer, err := w.open(name)
	if err != nil {
		return err
	}
	defer closer.Close()
	for {
		kind, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err == nil && kind == xmlStart {
			err = see(x)
		}
		if err != nil {
			return err
		}
	}
}

// relations are the members that one refers to, by the id it does so with.
type relations struct {
	kinds   map[string]string
	targets map[string]string
}

// ofType gives the member of a type, which is the end of an address, since there
// are two families of them.
func (r relations) ofType(end string) string {
	found := ""
	for id, kind := range r.kinds {
		if target := r.targets[id]; strings.HasSuffix(kind, end) && (found == "" || target < found) {
			found = target
		}
	}
	return found
}

func (w *workbook) relations(of string) (relations, error) {
	r := relations{map[string]string{}, map[string]string{}}
	folder, base := path.Split(of)
	name := folder + "_rels/" + base + ".rels"
	if w.member(name) == nil {
		return r, nil
	}
	err := w.elements(name, func(x *xmlReader) error {
		if string(x.name) != "Relationship" {
			return nil
		}
		id, err1 := x.text1("Id")
		kind, err2 := x.text1("Type")
		target, err3 := x.text1("Target")
		mode, err4 := x.text1("TargetMode")
		for _, err := range []error{err1, err2, err3, err4} {
			if err != nil {
				return err
			}
		}
		if mode == "External" {
			return nil
		}
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/"+folder, target)
		}
		r.kinds[id], r.targets[id] = kind, strings.TrimPrefix(path.Clean(target), "/")
		if len(r.kinds) > w.limits.Members {
			return &FileError{TooManyMembers, "is a workbook of too many parts"}
		}
		return nil
	})
	return r, err
}

// text1 gives an attribute as text, "" where it is not there.
func (x *xmlReader) text1(name string) (string, error) {
	value, err := x.attribute(name)
	return string(value), err
}

func (w *workbook) readSheets(main string, related relations) error {
	err := w.elements(main, func(x *xmlReader) error {
		switch string(x.name) {
		case "workbookPr":
			value, err := x.text1("date1904")
			if value == "1" || value == "true" {
				w.epoch = epoch1904
			}
			return err
		case "sheet":
			name, err1 := x.text1("name")
			id, err2 := x.text1("id")
			state, err3 := x.text1("state")
			for _, err := range []error{err1, err2, err3} {
				if err != nil {
					return err
				}
			}
			if part := related.targets[id]; strings.HasSuffix(related.kinds[id], "/worksheet") {
				w.sheets = append(w.sheets, sheetEntry{name, part, state != "" && state != "visible"})
			}
			if len(w.sheets) > w.limits.Members {
				return &FileError{TooManyMembers, "is a workbook of too many sheets"}
			}
		}
		return nil
	})
	if err == nil && len(w.sheets) == 0 {
		err = &FileError{Empty, "is a workbook without sheets"}
	}
	return err
}

// sharedTexts are the texts that cells refer to by number. They are in blocks that
// are filled and never moved: one slice for all would be twice in memory whenever
// it grows.
type sharedTexts struct {
	blocks [][]byte
	places []textPlace
	size   int64  // of the texts, in bytes
	open   []byte // the text that is being read
}

// textPlace is where a text is.
type textPlace struct{ block, from, to uint32 }

const (
	textBlock      = 1 << 20
	textPlaceBytes = 12
)

func (s *sharedTexts) at(i int) ([]byte, bool) {
	if i < 0 || i >= len(s.places) {
		return nil, false
	}
	place := s.places[i]
	return s.blocks[place.block][place.from:place.to], true
}

// bytes is what the texts take.
func (s *sharedTexts) bytes() int64 {
	return s.size + int64(len(s.open)) + textPlaceBytes*int64(len(s.places))
}

// close ends a text, with what XML cannot hold put back.
func (s *sharedTexts) close() {
	text := s.open
	if bytes.Contains(text, []byte("_x")) {
		text = unescapeXLSX(text)
	}
	last := len(s.blocks) - 1
	if last < 0 || len(s.blocks[last])+len(text) > cap(s.blocks[last]) {
		s.blocks = append(s.blocks, make([]byte, 0, max(textBlock, len(text))))
		last++
	}
	from := len(s.blocks[last])
	s.blocks[last] = append(s.blocks[last], text...)
	s.places = append(s.places, textPlace{uint32(last), uint32(from), uint32(from + len(text))})
	s.size += int64(len(text))
	s.open = s.open[:0]
}

// readTexts reads the shared texts. What is written above Japanese (rPh) is no
// part of a text.
func (w *workbook) readTexts(name string) error {
	x, closer, err := w.open(name)
	if err != nil {
		return err
	}
	defer closer.Close()
	var inText, phonetic bool
	for {
		kind, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case kind == xmlText && inText && !phonetic:
			w.texts.open = append(w.texts.open, x.text...)
		case kind == xmlText:
		case string(x.name) == "t":
			inText = kind == xmlStart
		case string(x.name) == "rPh":
			phonetic = kind == xmlStart
		case string(x.name) == "si" && kind == xmlEnd:
			w.texts.close()
		}
		if w.texts.bytes() > w.limits.TextBytes {
			return &FileError{TooLarge, fmt.Sprintf("is a workbook whose texts take more than %d bytes", w.limits.TextBytes)}
		}
	}
}

// unescapeXLSX replaces, in place, the _x000D_ by which spreadsheets write what
// XML does not have.
func unescapeXLSX(text []byte) []byte {
	out := text[:0]
	for len(text) > 0 {
		if len(text) >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_' {
			if n, err := strconv.ParseUint(string(text[2:6]), 16, 8); err == nil && n > 0 && n < 0x80 {
				out = append(out, byte(n))
				text = text[7:]
				continue
			}
		}
		out = append(out, text[0])
		text = text[1:]
	}
	return out
}

// choose gives the sheet that a format names, by its name or its number. Where it
// names none there must be one visible sheet that is not blank, and no hidden one
// of the same columns.
func (w *workbook) choose(file, named string) (*sheetEntry, error) {
	if named != "" {
		return w.named(file, named)
	}
	var filled []*sheetEntry
	for i := range w.sheets {
		sheet := &w.sheets[i]
		if sheet.hidden {
			continue
		}
		blank, err := w.blank(sheet)
		if err != nil {
			return nil, err
		}
		if !blank {
			filled = append(filled, sheet)
		}
	}
	switch len(filled) {
	case 0:
		return nil, &FileError{Empty, "is a workbook with nothing in its sheets"}
	case 1:
		hidden, err := w.hiddenLike(filled[0])
		if err == nil && hidden != nil {
			err = ambiguousHidden(file, filled[0], hidden)
		}
		return filled[0], err
	}
	names := make([]string, len(filled))
	for i, sheet := range filled {
		names[i] = strconv.Quote(sheet.name)
	}
	return nil, refuse(file, AmbiguousSheet, fmt.Sprintf("has %d sheets with content: %s", len(filled), strings.Join(names, ", ")),
		"say which is meant, as in format: {sheet: "+filled[0].name+"}")
}

func (w *workbook) named(file, named string) (*sheetEntry, error) {
	names := make([]string, len(w.sheets))
	for i := range w.sheets {
		if names[i] = w.sheets[i].name; names[i] == named {
			return &w.sheets[i], nil
		}
	}
	for i := range w.sheets {
		if strings.EqualFold(strings.TrimSpace(names[i]), strings.TrimSpace(named)) {
			return &w.sheets[i], nil
		}
	}
	if n, err := strconv.Atoi(named); err == nil && n >= 1 && n <= len(w.sheets) {
		return &w.sheets[n-1], nil
	}
	hint := diagnostic.DidYouMean(named, names)
	if hint == "" {
		hint = "its sheets are " + strings.Join(names, ", ")
	}
	return nil, refuse(file, NoSuchSheet, fmt.Sprintf("has no sheet %q", named), hint)
}

// blank says whether a sheet has no cell with a value.
func (w *workbook) blank(sheet *sheetEntry) (bool, error) {
	x, closer, err := w.open(sheet.part)
	if err != nil {
		return false, err
	}
	defer closer.Close()
	for {
		kind, err := x.next()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if kind != xmlText && len(x.name) > 0 && (string(x.name) == "v" || string(x.name) == "is") {
			return false, nil
		}
		if kind == xmlEnd && string(x.name) == "sheetData" {
			return true, nil
		}
	}
}
