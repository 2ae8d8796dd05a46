package synthetic

import (
	"context"
	"fmt"
	"path"
	"slices"
)

// source is one sender of files of one log and the shape in which it writes.
type source struct {
	name, log   string
	every       int      // months in a file
	header      []string // names of its columns
	delimiter   string
	windows1252 bool
	crlf        bool
	bom         bool
	preamble    []string // lines before the header
	defects     []defect
	repeats     bool // some rows stand twice in a file
}

// sheet is a source with the events that it writes.
type sheet[T any] struct {
	source
	takes  func(*T) bool                     // whether an event comes from this source
	render func(row []string, e *T) []string // appends the fields of an event to row
	// corrects says which events of the first file the source sends again in a
	// second one, written by renderCorrect; nil: it never does.
	corrects      func(*T) bool
	renderCorrect func(row []string, e *T) []string
}

// writer writes the files of one log and keeps count.
type writer struct {
	dir     string
	country *country
	files   []File
	refused []Refused
}

// writeSheets writes the files of all sources of a log. Generate gives the
// events of a month in the order in which they happened; no more than one month
// is held in memory.
func writeSheets[T any](ctx context.Context, w *writer, sheets []sheet[T], generate func(month int) []T) error {
	open := make([]*file, len(sheets))
	defer func() {
		for _, f := range open {
			if f != nil { // left open by an error
				_ = f.sink.Close()
			}
		}
	}()
	for month := range w.country.Months {
		if err := ctx.Err(); err != nil {
			return err
		}
		shares := divide(sheets, generate(month))
		for i := range sheets {
			s, n := &sheets[i], month/sheets[i].every
			if open[i] == nil {
				f, err := w.newFile(&s.source, w.period(s.every, n), n, len(shares[i])*s.every)
				if err != nil {
					return err
				}
				open[i] = f
			}
			for k := range shares[i] {
				open[i].put(s.render(open[i].room[:0], &shares[i][k]))
			}
			if (month+1)%s.every == 0 || month+1 == w.country.Months {
				f := open[i]
				open[i] = nil
				if err := w.send(f, n); err != nil {
					return err
				}
			}
			if err := correct(w, s, n, shares[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// divide gives each sheet its events.
func divide[T any](sheets []sheet[T], events []T) [][]T {
	shares := make([][]T, len(sheets))
	for k := range events {
		for i := range sheets {
			if sheets[i].takes(&events[k]) {
				shares[i] = append(shares[i], events[k])
				break
			}
		}
	}
	return shares
}

// send finishes the n-th file of a source, and sends one of them twice.
func (w *writer) send(f *file, n int) error {
	if err := f.close(); err != nil {
		return err
	}
	if f.Source == agendaSource && n == copiedMonth {
		return w.copyFile(f.File, w.period(f.source.every, n)+"_copia")
	}
	return nil
}

// correct writes the file that corrects the n-th one, where there is something to correct.
func correct[T any](w *writer, s *sheet[T], n int, events []T) error {
	if s.corrects == nil || !slices.ContainsFunc(events, func(e T) bool { return s.corrects(&e) }) {
		return nil
	}
	f, err := w.newFile(&s.source, w.period(s.every, n)+"_rettifica", -1, 0)
	if err != nil {
		return err
	}
	for k := range events {
		if s.corrects(&events[k]) {
			f.put(s.renderCorrect(f.room[:0], &events[k]))
		}
	}
	return f.close()
}

// period names the n-th file of a source: 2024-03, 2024-T1, 2024-S1.
func (w *writer) period(every, n int) string {
	first := w.country.From.AddDate(0, every*n, 0)
	switch every {
	case 1:
		return first.Format("2006-01")
	case 3:
		return fmt.Sprintf("%d-T%d", first.Year(), (int(first.Month())+2)/3)
	case 6:
		return fmt.Sprintf("%d-S%d", first.Year(), (int(first.Month())+5)/6)
	}
	return fmt.Sprintf("%s_%d-mesi", first.Format("2006-01"), every)
}

// correctedPath is the path of the file that corrects a month.
func correctedPath(source, firstDay string) string {
	return dropPath(source, firstDay[:len("2006-01")]+"_rettifica")
}

func dropPath(source, period string) string {
	return path.Join("drops", source, period+".csv")
}

// count notes a bad record.
func (w *writer) count(s *source, d defect) {
	for i := range w.refused {
		if r := &w.refused[i]; r.Source == s.name && r.Rule == d.rule && r.Column == d.column {
			r.Records++
			return
		}
	}
	w.refused = append(w.refused, Refused{Source: s.name, Log: s.log, Rule: d.rule, Column: d.column, Records: 1})
}
