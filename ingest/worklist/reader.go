package worklist

import (
	"slices"

	"tavolo/ingest/contract"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

// StillMasked is the code of a record in which a person is still named by the
// mask that the work-list has in the place of an identifier.
const StillMasked = "still_masked"

// Wrap gives a reader of the records that are to be read again, in the form of
// the source: without the columns that the work-list has of its own, and without
// the rows that are as they were or settled, which count as blank. A file that is
// no work-list is read as it is.
func (r *Return) Wrap(reader source.Reader) source.Reader {
	if !r.IsList {
		return reader
	}
	w := &listReader{Reader: reader, back: r}
	w.setHeader(reader.Header())
	if selector, ok := reader.(source.Selector); ok {
		return &listSelector{w, selector}
	}
	return w
}

// listReader reads a work-list as a file of its source.
type listReader struct {
	source.Reader
	back    *Return
	header  []string
	keep    []int  // places of the header's columns in the fields of the list
	opaque  []bool // of the header's columns
	width   int    // fields of the list
	record  source.Record
	skipped int // lines of the rows that were passed over
}

func (w *listReader) setHeader(header []string) {
	_, w.keep = places(header)
	w.width, w.header, w.opaque = len(header), nil, nil
	for _, place := range w.keep {
		w.header = append(w.header, header[place])
		w.opaque = append(w.opaque, w.back.opaque[contract.Fold(header[place])])
	}
}

// Header gives the columns of the source's file.
func (w *listReader) Header() []string { return w.header }

// Lines counts the rows that were passed over as blank.
func (w *listReader) Lines() source.Lines {
	lines := w.Reader.Lines()
	lines.Blank += w.skipped
	return lines
}

// Next gives the next record that is to be read again.
func (w *listReader) Next() (*source.Record, error) {
	for {
		record, err := w.Reader.Next()
		if err != nil {
			return nil, err
		}
		if !w.back.skip[record.Position()] {
			return w.strip(record), nil
		}
		w.skipped += record.Span()
	}
}

// strip takes the list's own columns from a record, and the apostrophes from its cells.
func (w *listReader) strip(record *source.Record) *source.Record {
	fields := w.record.Fields[:0]
	w.record = *record
	if record.Problem != nil || len(record.Fields) != w.width {
		return &w.record
	}
	for i, place := range w.keep {
		field := record.Fields[place]
		if fused := fuse(string(field)); len(fused) != len(field) {
			field = []byte(fused)
		}
		if w.opaque[i] && string(field) == pseudonym.Masked {
			w.record.Problem = &source.Problem{Code: StillMasked,
				Message: "a person is still masked: the identifier must be written again"}
		}
		fields = append(fields, field)
	}
	w.record.Fields = fields
	return &w.record
}

// listSelector is a listReader of a format that wants to know the columns.
type listSelector struct {
	*listReader
	selector source.Selector
}

// Select asks for columns of the source's file, and for the list's own.
func (s *listSelector) Select(columns []source.Selected) error {
	var all []source.Selected
	for _, name := range ownHeaders() {
		if slices.Contains(s.Reader.Header(), name) {
			all = append(all, source.Selected{Name: name})
		}
	}
	all = append(all, columns...)
	if err := s.selector.Select(all); err != nil {
		return err
	}
	s.setHeader(s.selector.Header())
	return nil
}

// Sparse says that records need not have all columns.
func (s *listSelector) Sparse() bool { return s.selector.Sparse() }

// Place says where a field of the present record is, where the format knows.
func (s *listSelector) Place(field int) string {
	placer, ok := s.selector.(source.Placer)
	if !ok {
		return ""
	}
	if field >= 0 && field < len(s.keep) {
		field = s.keep[field]
	}
	return placer.Place(field)
}

// places gives the places of a work-list's own columns, and those of the others.
func places(header []string) (own map[string]int, others []int) {
	own = map[string]int{}
	for i, name := range header {
		if _, twice := own[name]; !twice && slices.Contains(ownHeaders(), name) {
			own[name] = i
			continue
		}
		others = append(others, i)
	}
	return own, others
}

// selectAll asks a format that wants to know it for columns, as text.
func selectAll(reader source.Reader, names []string) error {
	selector, ok := reader.(source.Selector)
	if !ok {
		return nil
	}
	columns := make([]source.Selected, len(names))
	for i, name := range names {
		columns[i] = source.Selected{Name: name}
	}
	return selector.Select(columns)
}
