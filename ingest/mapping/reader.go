package mapping

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/source"
)

// BindReader is [Source.Bind] for an open file, and asks its reader for the
// columns that are mapped. In JSON, where a record need not have every key, a
// column that the beginning of the file does not have is taken for one that is
// mostly empty, unless every row of the log must have it, or the file has another
// of nearly its name.
func (s *Source) BindReader(c *contract.Contract, r source.Reader, file string) (*contract.Binding, error) {
	selector, ok := r.(source.Selector)
	if !ok {
		return s.Bind(c, r.Header(), file)
	}
	header := slices.Clone(r.Header())
	if selector.Sparse() {
		header = append(header, s.sparse(c, header)...)
	}
	binding, err := s.Bind(c, header, file)
	if err != nil {
		return nil, err
	}
	var selected []source.Selected
	for i, column := range binding.Columns {
		for n, field := range column.Fields {
			name := header[field]
			at := slices.IndexFunc(selected, func(one source.Selected) bool { return one.Name == name })
			if at < 0 {
				at = len(selected)
				selected = append(selected, source.Selected{Name: name})
			}
			if t := c.Columns[i].Type; t == contract.Date || t == contract.Timestamp {
				selected[at].Moment = momentWriter(t, column.Layout, n, len(column.Fields))
			}
		}
	}
	if err := selector.Select(selected); err != nil {
		return nil, s.misfit(file, err)
	}
	return s.Bind(c, r.Header(), file)
}

// sparse gives the mapped columns that a header does not have and need not have.
func (s *Source) sparse(c *contract.Contract, header []string) []string {
	found := newNames(header)
	mapped := map[string]bool{}
	for _, column := range s.Columns {
		for _, from := range column.From {
			mapped[from] = true
		}
	}
	others := slices.DeleteFunc(slices.Clone(header), func(name string) bool { return mapped[name] })
	var absent []string
	for _, name := range s.columnNames() {
		column := c.Column(name)
		for _, from := range s.Columns[name].From {
			_, err := found.find(from)
			if err != nil && column != nil && !column.Required && !slices.Contains(absent, from) &&
				len(found.exact[from]) == 0 && diagnostic.Nearest(from, others) == "" {
				absent = append(absent, from)
			}
		}
	}
	return absent
}

// misfit places what a reader says against the columns in the configuration.
func (s *Source) misfit(file string, err error) error {
	bad := &complaints{file: file}
	bad.addAll(s.Position, "", err)
	return errors.Join(bad.errs...)
}

// someDay makes a layout of a time of day one that can be parsed.
const someDay = "yyyy-MM-dd "

// momentWriter gives how a date or time that a file has as such is written, so
// that it is read back whole: in the layout of the column, or where that has no
// room for all of it, in ISO 8601, which the column then refuses. It is the nth of
// several columns that are joined.
func momentWriter(t contract.Type, text string, n, of int) func([]byte, source.Moment) []byte {
	if words := strings.Fields(text); of > 1 && len(words) == of {
		text = words[n]
	} else if of > 1 {
		text = ""
	}
	if len(text) <= 6 && text != "" && !strings.ContainsAny(text, "/-.: T") {
		return nil // its digits could be a serial number as well
	}
	dates, _ := contract.ParseLayout(text)
	times, _ := contract.ParseLayout(someDay + text)
	return func(to []byte, m source.Moment) []byte {
		midnight := m.Clock && m.Day && !m.Zone && m.Time.Equal(m.Time.Truncate(24*time.Hour))
		switch {
		case m.Day && dates != nil && dates.Holds(m.Time, m.Zone):
			return dates.Append(to, m.Time)
		case !m.Day && times != nil && times.Holds(m.Time, false):
			return append(to, times.Append(nil, m.Time)[len(someDay):]...)
		case t == contract.Date && midnight, m.Day && !m.Clock && (t == contract.Date || of > 1):
			return m.Time.AppendFormat(to, time.DateOnly)
		case m.Day && m.Zone:
			return m.Time.AppendFormat(to, "2006-01-02T15:04:05.999999999Z")
		case m.Day:
			return m.Time.AppendFormat(to, "2006-01-02T15:04:05.999999999")
		}
		return m.Time.AppendFormat(to, "15:04:05.999999999")
	}
}
