package transform

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// figuresKey is the property of the table of figures that names, with a dot and a
// mart after it, all that the figures of the mart's indicators follow from: those of
// its whole family, for what is withheld of one is chosen with a view to the others.
const figuresKey = "tavolo.figures"

// figuresOf hashes all that the figures of a mart's indicators follow from: the
// program, the entries, the months, the references, and the files of the mart. It is
// "", and nothing is kept, when the program does not say which it is.
func (r *run) figuresOf(mart string, indicators []*kpi.Indicator) (string, error) {
	if r.job.Program == "" {
		return "", nil
	}
	entries, err := json.Marshal(indicators)
	if err != nil {
		return "", fmt.Errorf("indicators of %s: %w", mart, err)
	}
	return r.hash(func(put func(parts ...any)) {
		put(r.job.Program, entries, r.at.first, r.at.last, r.at.asOf, r.control.Threshold(), r.contentOf(mart))
		for _, name := range slices.Sorted(maps.Keys(r.references)) {
			put(name, r.contentOf(name))
		}
	}), nil
}

// followsFrom gives figuresOf for a whole family of marts, with what is known of their columns.
func (r *run) followsFrom(family []string, byMart map[string][]*kpi.Indicator, same *families) (string, error) {
	var all []string
	for _, mart := range family {
		follows, err := r.figuresOf(mart, byMart[mart])
		if err != nil || follows == "" {
			return "", err
		}
		all = append(all, mart, follows)
	}
	return r.hash(func(put func(parts ...any)) {
		put(all)
		for _, one := range slices.Sorted(maps.Keys(same.First)) {
			if mart, _, _ := strings.Cut(one, "."); slices.Contains(family, mart) {
				put(one, same.First[one])
			}
		}
		for _, related := range same.Relations {
			if mart, _, _ := strings.Cut(related.Total.Column, "."); slices.Contains(family, mart) {
				put(related)
			}
		}
		for _, related := range same.Remainders {
			if mart, _, _ := strings.Cut(related.Stock, "."); slices.Contains(family, mart) {
				put(related)
			}
		}
	}), nil
}

// keepFigures gives the indicators whose figures follow from the same as those of the
// run before, as it stored them, and takes their marts out of byMart.
func (r *run) keepFigures(ctx context.Context, byMart map[string][]*kpi.Indicator, families *families) (kept []*figures, err error) {
	same := map[string]*figures{}
	for _, family := range families.marts {
		follows, err := r.followsFrom(family, byMart, families)
		if err != nil {
			return nil, err
		}
		for _, mart := range family {
			key := figuresKey + "." + mart
			r.followed[key] = follows
			if follows == "" || r.before == nil || r.before.followed[key] != follows {
				continue
			}
			for _, k := range byMart[mart] {
				same[k.ID] = &figures{k: k}
			}
			delete(byMart, mart)
		}
	}
	if len(same) == 0 {
		return nil, nil
	}
	o := opener{ctx: ctx, lake: r.job.Lake, run: r.before.run.ID, stored: map[string]int64{}}
	before := o.figures()
	if o.err != nil {
		return nil, o.err
	}
	distribute(before, same)
	for _, id := range slices.Sorted(maps.Keys(same)) {
		kept = append(kept, same[id])
		r.step("indicator " + id + ", kept")
	}
	return kept, nil
}

// distribute gives each of the indicators its part of a run's figures.
func distribute(set *result.Set, to map[string]*figures) {
	deal(set.Cells, to, func(c *result.Cell) string { return c.Indicator }, func(f *figures) *[]result.Cell { return &f.cells })
	deal(set.Funnels, to, func(c *result.Funnel) string { return c.Indicator }, func(f *figures) *[]result.Funnel { return &f.comparisons })
	deal(set.Charts, to, func(c *result.Chart) string { return c.Indicator }, func(f *figures) *[]result.Chart { return &f.series })
	deal(set.Decomposed, to, func(d *result.Decomposition) string { return d.Indicator }, func(f *figures) *[]result.Decomposition { return &f.splits })
	deal(set.Contribute, to, func(c *result.Contribution) string { return c.Indicator }, func(f *figures) *[]result.Contribution { return &f.carriers })
}

// deal appends each row to the list of the indicator that it is about, where that
// is among those asked for.
func deal[T any](rows []T, to map[string]*figures, about func(*T) string, list func(*figures) *[]T) {
	for i := range rows {
		if f := to[about(&rows[i])]; f != nil {
			*list(f) = append(*list(f), rows[i])
		}
	}
}
