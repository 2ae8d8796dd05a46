package transform

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"time"

	"tavolo/ingest/lake"
	"tavolo/transform/disclosure"
	"tavolo/transform/result"
)

// disclosed is what runs have made known of a figure of persons. Who keeps the earlier
// publications has what they showed: so what has not changed stays as it was, shown or
// withheld, see disclosure.Before.
//
// Grain: one per figure that counts somebody, also of those that are published no more: a
// year from now the twelve months that end now are broken down again.
type disclosed struct {
	Indicator, Territory string
	Grain                result.Grain
	Start                time.Time
	Breakdown, Item      string
	fate
}

// fate is what became of a figure.
type fate struct {
	Counted      int64         // hash of what it counts; the next run only sees whether that is the same
	Told         bool          // these counts have been shown, by this run or by an earlier one
	Withheld     result.Reason // by this run; Shown for none
	Rounded      bool          // the share of them has been shown rounded, by this run or by an earlier one
	OpenTold     bool          // likewise of the open observations of a distribution
	OpenWithheld result.Reason
}

func (d *disclosed) key() key { return key{d.Territory, d.Grain, d.Start.Unix(), d.Breakdown, d.Item} }

// disclosedTable is what each run hands on to the next. It is for no reader, and no query
// sees it: few numbers have the hash of a small count.
var disclosedTable = table[disclosed]{"disclosed_figures", []column[disclosed]{
	text("indicator", "as in indicator_cells, like all that name the figure", func(d *disclosed) *string { return &d.Indicator }),
	text("territory_code", "", func(d *disclosed) *string { return &d.Territory }),
	text("grain", "", func(d *disclosed) *string { return (*string)(&d.Grain) }),
	day("start", "", func(d *disclosed) *time.Time { return &d.Start }),
	text("breakdown", "", func(d *disclosed) *string { return &d.Breakdown }),
	text("item", "", func(d *disclosed) *string { return &d.Item }),
	integer("counted", "hash of what it counts", func(d *disclosed) *int64 { return &d.Counted }),
	flag("is_told", "this has been shown, by this run or an earlier one", func(d *disclosed) *bool { return &d.Told }),
	text("withheld", "the reason, of this run; empty when shown", func(d *disclosed) *string { return (*string)(&d.Withheld) }),
	later(flag("is_rounded", "the share of this has been shown rounded, by this run or an earlier one", func(d *disclosed) *bool { return &d.Rounded })),
	flag("is_open_told", "likewise of the open observations", func(d *disclosed) *bool { return &d.OpenTold }),
	text("open_withheld", "", func(d *disclosed) *string { return (*string)(&d.OpenWithheld) }),
}}

// countedBy hashes what a figure counts.
func countedBy(c *result.Cell) int64 {
	sum := fnv.New64a()
	var bits [8]byte
	for _, count := range [...]float64{orZero(c.Numerator), orZero(c.Denominator), orZero(c.Open)} {
		binary.LittleEndian.PutUint64(bits[:], math.Float64bits(count))
		sum.Write(bits[:])
	}
	return int64(sum.Sum64())
}

// recall reads what runs have disclosed so far, by indicator.
func (r *run) recall(ctx context.Context) error {
	r.disclosed = map[string][]disclosed{}
	rows, _, err := disclosedTable.load(ctx, r.job.Lake)
	if err != nil && !errors.Is(err, lake.ErrNoTable) {
		return err
	}
	for from, i := 0, 1; i <= len(rows); i++ {
		if i == len(rows) || rows[i].Indicator != rows[from].Indicator {
			r.disclosed[rows[from].Indicator], from = rows[from:i], i
		}
	}
	return nil
}

// remembered is what runs have disclosed of the figures of an indicator that is being
// judged; nil for nothing that matters.
type remembered struct {
	before map[key]fate
	now    []fate      // of each cell
	left   []disclosed // of what there are no figures any more
}

// remember recalls what runs have disclosed of figures, which are measured and not judged yet.
func (f *figures) remember(before []disclosed) {
	f.memory = &remembered{before: make(map[key]fate, len(before)), now: make([]fate, len(f.cells))}
	for i := range f.cells {
		f.memory.now[i].Counted = countedBy(&f.cells[i])
	}
	for i := range before {
		k := before[i].key()
		f.memory.before[k] = before[i].fate
		if f.cell(k) == nil {
			f.memory.left = append(f.memory.left, before[i])
		}
	}
}

// of gives what was made known of a cell with the counts that it has.
func (m *remembered) of(cell int, c *result.Cell) fate {
	if m == nil {
		return fate{}
	}
	if before, ok := m.before[keyOf(c)]; ok && before.Counted == m.now[cell].Counted {
		return before
	}
	return fate{}
}

// figureBefore and openBefore are of as disclosure control knows it.
func (m *remembered) figureBefore(cell int, c *result.Cell) disclosure.Before {
	is := m.of(cell, c)
	return disclosure.Before{Told: is.Told, Withheld: is.Withheld, Rounded: is.Rounded}
}

func (m *remembered) openBefore(cell int, c *result.Cell) disclosure.Before {
	is := m.of(cell, c)
	return disclosure.Before{Told: is.OpenTold, Withheld: is.OpenWithheld}
}

// note takes over what has become of a cell. Of one that several layers are about, which
// are withheld together, the first gives the reason.
func (m *remembered) note(cell int, open, rounds bool, c *disclosure.Cell) {
	if m == nil {
		return
	}
	d := &m.now[cell]
	told, withheld := &d.Told, &d.Withheld
	if open {
		told, withheld = &d.OpenTold, &d.OpenWithheld
	}
	*told = *told || c.Reason == result.Shown || c.Before.Told
	if *withheld == result.Shown {
		*withheld = c.Reason
	}
	d.Rounded = d.Rounded || rounds && c.Alone || c.Before.Rounded
}

// rows gives what the next run is to know: of the cells that count somebody, and of
// figures that there are no more.
func (m *remembered) rows(cells []result.Cell) []disclosed {
	rows := make([]disclosed, 0, len(cells))
	for i, is := range m.now {
		if c := &cells[i]; is.Told || is.Withheld != result.Shown || is.OpenTold || is.OpenWithheld != result.Shown {
			rows = append(rows, disclosed{c.Indicator, c.Territory, c.Grain, c.Start, c.Breakdown, c.Item, is})
		}
	}
	return append(rows, m.left...)
}

// flatDisclosed gives what the next run is to know, by indicator.
func (r *run) flatDisclosed() (rows []disclosed) {
	for _, indicator := range slices.Sorted(maps.Keys(r.disclosed)) {
		rows = append(rows, r.disclosed[indicator]...)
	}
	return rows
}
