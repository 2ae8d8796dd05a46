package transform

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// Wanted names one published figure.
type Wanted struct {
	Indicator string       // id
	Territory string       // code
	Grain     result.Grain // of the period
	Month     time.Time    // first day of a month of the period, of the last one for Rolling12; the newest when zero
	Breakdown kpi.Breakdown
	Item      string // "" without a breakdown
}

// Explanation is where a figure comes from.
type Explanation struct {
	Run       result.Run
	Threshold int // of disclosure control
	Indicator *kpi.Indicator
	Territory reference.Territory
	Cell      result.Cell
	// From and To are the first days of the first and last month that it counts.
	From, To time.Time
	// Parts are the published figures that add up to it: of the territories
	// beneath, of its months, of the items of each breakdown. Withheld ones are
	// among them, without numbers.
	Parts []Part
	// Rows are the rows of the mart, of an indicator that describes no persons;
	// of the others they would be a table that disclosure control has not seen.
	Rows *duckdb.Result
	// Query counts the figure again, in the session of "tavolo sql". It is empty
	// when the figure is withheld, because its answer is what is withheld.
	Query string
	// Mart is the SQL of the mart, as it ran.
	Mart string
	// Snapshots are the versions of the logs that the mart was computed from.
	Snapshots []result.Snapshot
	// Origins are the batches with rows behind it, by log and time.
	Origins []Origin
	// Outdated names the logs that have newer rows than those that were computed with.
	Outdated []string
}

// Part is a published figure that takes part in another.
type Part struct {
	By   string // territory, month, or a breakdown
	Name string // code of the territory, month as 2024-03, or item
	Cell result.Cell
}

// Origin is a batch with rows behind a figure.
type Origin struct {
	Log   string
	Entry ledger.Entry
	// AllMonths says that the months of the mart are not those of the log, so the
	// batch may hold rows behind the figure in any of its months.
	AllMonths bool
}

// Explain says where a figure of the last run comes from. It tells nothing
// about persons that is not published. The error is a hinted one when there is
// no such indicator, territory, period or item among the published figures.
// The session's SQL must hold the staging models.
func Explain(ctx context.Context, l *lake.Lake, refs *reference.Tables, o SessionOptions, w Wanted) (*Explanation, error) {
	set, err := Load(ctx, l, refs)
	if err != nil {
		return nil, err
	}
	rows, _, err := runTable.load(ctx, l)
	if err != nil {
		return nil, err
	}
	run := rows[0]
	x := &explaining{lake: l, refs: refs, models: o.SQL, set: set, wanted: w, Explanation: &Explanation{
		Run: set.Run, Threshold: int(run.Threshold),
	}}
	x.at = horizon{dataUntil: run.DataUntil, asOf: run.AsOf, first: run.First, last: run.LastMonth}
	if w.Month.IsZero() {
		x.wanted.Month = x.at.last
	}
	x.start = startOf(w.Grain, x.wanted.Month)
	if err := x.find(); err != nil {
		return nil, err
	}
	x.findParts()
	if x.engine, err = Session(ctx, l, refs, o); err != nil {
		return nil, err
	}
	defer x.engine.Close()
	for _, step := range []func(context.Context) error{x.reproduce, x.martRows, x.trace} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return x.Explanation, nil
}

// explaining is an explanation under way.
type explaining struct {
	*Explanation
	lake   *lake.Lake
	refs   *reference.Tables
	models fs.FS
	set    *result.Set
	wanted Wanted
	start  time.Time // of the period, as in result.Cell
	at     horizon
	engine *duckdb.Engine
}

// figures is the indicator as a run sees it, for what it knows of periods.
func (x *explaining) figures() *figures {
	return &figures{k: x.Indicator, refs: x.refs, at: x.at}
}

// startOf is the start of the period of a grain that holds a month, as in
// result.Cell; of the twelve months, those that end with it.
func startOf(grain result.Grain, month time.Time) time.Time {
	switch grain {
	case result.Quarter:
		return time.Date(month.Year(), (month.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	case result.Year:
		return time.Date(month.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return month
}

// find takes the figure from those that are published.
func (x *explaining) find() error {
	w := x.wanted
	k, ok := x.set.Catalogue.Indicator(w.Indicator)
	if !ok {
		return diagnostic.Hinted(fmt.Errorf("indicator %q: the last run did not compute it", w.Indicator), `"tavolo transform" computes what the catalogue holds now`)
	}
	x.Indicator, x.Mart = k, x.set.Models[k.Mart]
	if x.Territory, ok = x.refs.Territory(w.Territory); !ok {
		return fmt.Errorf("territory %q: no such territory", w.Territory)
	}
	if !k.HasLevel(x.Territory.Level) {
		return fmt.Errorf("%s is not given for a %s; its levels are %s", k.ID, x.Territory.Level, strings.Join(k.Levels, ", "))
	}
	if w.Breakdown != "" && !slices.Contains(k.Breakdowns, w.Breakdown) {
		return fmt.Errorf("%s is not given by %s; it is by %s", k.ID, w.Breakdown, words(k.Breakdowns))
	}
	if month := w.Month; month.Before(x.at.first) || month.After(x.at.last) {
		return fmt.Errorf("%s: the figures go from %s to %s", month.Format("2006-01"), x.at.first.Format("2006-01"), x.at.last.Format("2006-01"))
	}
	for i := range x.set.Cells {
		if c := &x.set.Cells[i]; c.Indicator == k.ID && c.Territory == w.Territory && c.Grain == w.Grain && c.Start.Equal(x.start) &&
			c.Breakdown == string(w.Breakdown) && c.Item == w.Item {
			x.Cell = *c
			x.span()
			return nil
		}
	}
	return x.absent()
}

func (x *explaining) span() {
	span := x.figures().window(&x.Cell)
	x.From, x.To = span.from, span.to
}

func words(breakdowns []kpi.Breakdown) string {
	if len(breakdowns) == 0 {
		return "nothing"
	}
	var names []string
	for _, one := range breakdowns {
		names = append(names, string(one))
	}
	return strings.Join(names, ", ")
}

// absent says why there is no figure: the period is not published, it has no
// such item, or there is nothing that could be counted, which is no error.
func (x *explaining) absent() error {
	w, name := x.wanted, periodName(x.wanted.Grain, x.start)
	var given []string
	for _, p := range periodsBetween(x.at.first, x.at.last) {
		if p.gives(w.Breakdown, x.Territory.Level) && (p.grain == w.Grain || w.Breakdown != "") {
			given = append(given, periodName(p.grain, p.start))
		}
	}
	if !slices.Contains(given, name) {
		by := ""
		if w.Breakdown != "" {
			by = " by " + string(w.Breakdown)
		}
		return diagnostic.Hinted(fmt.Errorf("%s%s is not published for %s of %s", w.Indicator, by, name, x.Territory.Name), x.instead(given))
	}
	if items := x.items(); w.Breakdown != "" && len(items) > 0 {
		hint := diagnostic.DidYouMean(w.Item, items)
		if hint == "" {
			hint = "there are " + strings.Join(items[:min(len(items), itemsHinted)], ", ")
			if more := len(items) - itemsHinted; more > 0 {
				hint += fmt.Sprintf(" and %d more", more)
			}
		}
		return diagnostic.Hinted(fmt.Errorf("%s %q: %s has none in %s", w.Breakdown, w.Item, w.Indicator, name), hint)
	}
	x.Cell, _ = x.figures().blank(w.Territory)
	x.Cell.Grain, x.Cell.Start, x.Cell.Breakdown, x.Cell.Item = w.Grain, x.start, string(w.Breakdown), w.Item
	x.Cell.Class = result.NoData
	x.span()
	return nil
}

// itemsHinted is how many items a hint names.
const itemsHinted = 30

// instead is the hint that names the periods that are published.
func (x *explaining) instead(given []string) string {
	if len(given) == 0 {
		return "there are figures of " + string(result.Month) + " and " + string(result.Rolling12)
	}
	return "it is for " + strings.Join(given, ", ")
}

// items gives the items of the breakdown that have a figure in the period.
func (x *explaining) items() []string {
	var items []string
	for i := range x.set.Cells {
		c := &x.set.Cells[i]
		if c.Indicator == x.wanted.Indicator && c.Territory == x.wanted.Territory && c.Grain == x.wanted.Grain &&
			c.Start.Equal(x.start) && c.Breakdown == string(x.wanted.Breakdown) {
			items = append(items, c.Item)
		}
	}
	return items
}

// periodName names a period: "month 2024-03", "quarter 2024 Q1", "year 2024".
func periodName(grain result.Grain, start time.Time) string {
	switch grain {
	case result.Quarter:
		return fmt.Sprintf("quarter %d Q%d", start.Year(), (start.Month()-1)/3+1)
	case result.Year:
		return fmt.Sprintf("year %d", start.Year())
	}
	return string(grain) + " " + start.Format("2006-01")
}

// findParts takes the published figures that add up to this one.
func (x *explaining) findParts() {
	f, c := x.figures(), &x.Cell
	children := f.children()[c.Territory]
	for i := range x.set.Cells {
		part := &x.set.Cells[i]
		if part.Indicator != c.Indicator {
			continue
		}
		samePeriod := part.Grain == c.Grain && part.Start.Equal(c.Start)
		sameItem := part.Breakdown == c.Breakdown && part.Item == c.Item
		switch {
		case samePeriod && sameItem && slices.Contains(children, part.Territory):
			x.Parts = append(x.Parts, Part{"territory", part.Territory, *part})
		case part.Territory != c.Territory:
		case samePeriod && c.Breakdown == "" && part.Breakdown != "":
			x.Parts = append(x.Parts, Part{part.Breakdown, part.Item, *part})
		case sameItem && c.Grain != result.Month && part.Grain == result.Month && !x.Indicator.Stock &&
			!part.Start.Before(x.From) && !part.Start.After(x.To):
			x.Parts = append(x.Parts, Part{"month", part.Start.Format("2006-01"), *part})
		}
	}
	slices.SortStableFunc(x.Parts, func(a, b Part) int { return strings.Compare(a.By, b.By) })
}
