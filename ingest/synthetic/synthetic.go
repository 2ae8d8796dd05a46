// Package synthetic invents a country: two years of the six logs of INPS and
// the patronati for every Italian province, as the ordinary source files that
// offices send, with their different shapes, bad rows, a corrected file and a
// file that arrives twice. Nothing in it describes a real person, office or
// patronato; only the territories and the names of the benefits are real, and
// the proportions are calibrated to published figures (see mix.go).
//
// It plants known truth, so that one can ask of the indicators whether they
// find it, and whether they stay quiet where there is nothing to find: apart
// from what [Truth] lists no territory and no patronato differs from another
// but by chance.
//
// The same seed gives the same bytes. Each log and month draws from a stream of
// its own, so the logs are written side by side.
package synthetic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tavolo/ingest/reference"
	"tavolo/sql"
)

// Defaults of Options.
const (
	DefaultRows   = 300_000
	DefaultMonths = 24
)

// Options says which country to invent. The zero value is the one of the demo.
type Options struct {
	Seed       uint64            // of all chance
	Rows       int               // accepted rows to aim at over all logs; 0: DefaultRows. The result differs by about one per cent
	From       time.Time         // first day of the first month; zero: 1 January 2024
	Months     int               // 0: DefaultMonths
	Plain      bool              // plant nothing: territories, months and patronati differ by chance alone
	References *reference.Tables // for the territories and services; nil: the built-in ones
}

// Write writes the source files to dir/drops/<source>, the reference tables
// that go with them to dir/reference, and what is true of them to
// dir/truth.json. Files of the same names are replaced. The error is that of
// the file system, or says which option or territory is not as needed; when
// ctx is cancelled it is ctx.Err().
func Write(ctx context.Context, dir string, o Options) (*Truth, error) {
	c, err := newCountry(o)
	if err != nil {
		return nil, err
	}
	if err := c.writeReference(filepath.Join(dir, "reference")); err != nil {
		return nil, fmt.Errorf("reference tables: %w", err)
	}
	truth := c.truth()
	for _, part := range c.writeDrops(ctx, dir) {
		if part.err != nil {
			return nil, part.err
		}
		truth.add(part.files, part.refused)
	}
	if err := truth.write(filepath.Join(dir, TruthFile)); err != nil {
		return nil, err
	}
	return truth, nil
}

// part is what became of the files of one log.
type part struct {
	files   []File
	refused []Refused
	err     error
}

// writeDrops writes the logs side by side; the parts come in a fixed order.
func (c *country) writeDrops(ctx context.Context, dir string) []part {
	logs := []func(context.Context, *writer) error{
		c.writeInteractions, c.writeApplications, c.writeBookings,
		c.writeTrainings, c.writeContributions, c.writeAgreements,
	}
	parts := make([]part, len(logs))
	var all sync.WaitGroup
	for i, write := range logs {
		all.Go(func() {
			w := &writer{dir: dir, country: c}
			err := write(ctx, w)
			parts[i] = part{w.files, w.refused, err}
		})
	}
	all.Wait()
	return parts
}

// withDefaults fills what is zero and refuses what cannot be.
func (o Options) withDefaults() (Options, error) {
	if o.Rows == 0 {
		o.Rows = DefaultRows
	}
	if o.Months == 0 {
		o.Months = DefaultMonths
	}
	if o.From.IsZero() {
		o.From = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	o.From = time.Date(o.From.Year(), o.From.Month(), o.From.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case o.Rows < 0:
		return o, fmt.Errorf("rows %d: negative", o.Rows)
	case o.Months < 0:
		return o, fmt.Errorf("months %d: negative", o.Months)
	case o.From.Day() != 1:
		return o, fmt.Errorf("from %s: not the first day of a month", o.From.Format(time.DateOnly))
	}
	if o.References == nil {
		tables, err := reference.Load(sql.Seeds(), nil)
		if err != nil {
			return o, err
		}
		o.References = tables
	}
	return o, nil
}

// writeReference writes the tables that replace the built-in ones.
func (c *country) writeReference(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tables := map[string][][]string{
		"patronati":         {{"code", "name", "valid_from", "valid_to"}},
		"patronato_aliases": {{"alias", "patronato_code"}},
		"offices":           {{"code", "name", "kind", "province_code"}},
		"measures":          {{"code", "title", "norm", "announced_on", "effective_from"}},
		"operators":         c.operatorRows(),
	}
	add := func(table string, row ...string) { tables[table] = append(tables[table], row) }
	for _, p := range c.patronati {
		add("patronati", p.code, p.name, "", "")
		add("patronato_aliases", p.spelling, p.code)
	}
	for _, p := range c.provinces {
		add("offices", p.office, "Sede sintetica di "+p.Name, "provinciale", p.Code)
	}
	for _, m := range c.measures {
		add("measures", m.code, m.title, "norma sintetica", isoDay(m.announced), isoDay(m.effective))
	}
	var errs []error
	for name, rows := range tables {
		slices.SortFunc(rows[1:], slices.Compare[[]string])
		var b strings.Builder
		for _, row := range rows {
			b.WriteString(strings.Join(row, ",") + "\n") // no value holds a comma or a quote
		}
		errs = append(errs, os.WriteFile(filepath.Join(dir, name+".csv"), []byte(b.String()), 0o644))
	}
	return errors.Join(errs...)
}

// operatorRows gives the active operators by month, province and patronato.
func (c *country) operatorRows() [][]string {
	rows := [][]string{{"month", "province_code", "patronato_code", "active_operators"}}
	for month := range c.Months {
		first := isoDay(c.firstDay(month))
		for _, province := range c.provinces {
			for i, n := range province.operators {
				if n > 0 {
					rows = append(rows, []string{first, province.Code, c.patronati[i].code, fmt.Sprint(n)})
				}
			}
		}
	}
	return rows
}
