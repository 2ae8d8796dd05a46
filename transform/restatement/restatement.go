// Package restatement tells which figures moved between two publications. It
// compares what was published and nothing else: figures that disclosure control
// withheld in either have no number here.
//
// Of a figure that both give, a period that was over and mature can move only
// because rows came late, were corrected or taken back, or because a definition
// changed: that is a restatement. A month that follows the earlier publication is
// new, and no restatement.
//
// Differencing. Two publications give a reader who holds both more than either
// does. What this package says is not more than that: where a figure was shown
// once and is withheld now, or the other way round, neither number is given and no
// batch is named, and of figures that both withhold not even that they changed is
// known here. Nor is how many a median is of, where either says it without that number.
// It cannot take back what an earlier publication showed. That a
// withheld figure follows from a total and its other parts when another part was
// withheld in the other publication is a matter of which figures are withheld, and
// so of disclosure control; Comparison.Exposed counts the places to look at.
package restatement

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/transform/result"
)

// Kind says why a figure moved, as far as the two publications tell.
type Kind string

// The kinds.
const (
	Restated Kind = "restated" // the period was over and mature, and the figure is another now
	Maturing Kind = "maturing" // the figure was said to be immature, or counted months that were
	Withheld Kind = "withheld" // shown in one, withheld in the other: no numbers
)

// Move is a figure that is not the same in two publications.
type Move struct {
	Kind Kind
	// From and To are the figure in the earlier publication and in the later one. One
	// is nil when it was not given although its period was: there was nothing to count.
	// Of a Withheld one only key and class are given, the numbers are NaN.
	From, To *result.Cell
	// Weight puts moves in order: how far the value moved, measured by half the width
	// of its 95% interval; where there is none, by the greater of the two values. It is
	// 0 when only the counts moved, and of a Withheld one.
	Weight float64
	// Batches are those that came between the publications with rows of the figure, by
	// log, then time; see transform.Attribute. Never of a Withheld one.
	Batches []ledger.Entry
	// Elsewhere says that none of the Batches has rows of the figure's own months, but
	// of its territory: the figure depends on more than they.
	Elsewhere bool
}

// Cell gives the figure's key, from whichever publication gives it.
func (m *Move) Cell() *result.Cell {
	if m.To != nil {
		return m.To
	}
	return m.From
}

// Change is how far the value moved, in the indicator's unit; NaN when there is no
// number on both sides.
func (m *Move) Change() float64 {
	if m.From == nil || m.To == nil {
		return math.NaN()
	}
	return m.To.Value - m.From.Value
}

// Comparison is what became of the figures of one publication in another.
type Comparison struct {
	Moves []Move // the heaviest first; of the same weight in the order of the figures
	Same  int    // figures that did not move
	New   int    // figures that the earlier one could not give, such as those of months that followed
	Gone  int    // figures that the later one does not give any more
	// Exposed counts the figures withheld in one of the two, or their numbers of observations,
	// where of those of one indicator, level, period and breakdown the earlier publication
	// withholds some that the later shows, and the later others that the earlier shows: one
	// may follow from the two together.
	Exposed int
}

// Of gives the moves of a kind.
func (c *Comparison) Of(kind Kind) []Move {
	var some []Move
	for _, m := range c.Moves {
		if m.Kind == kind {
			some = append(some, m)
		}
	}
	return some
}

// Compare compares the figures of an earlier and a later publication, of each
// the key, Numerator, Denominator, Value, Lower, Upper, P90 and Class. The moves
// point into the two slices, or to copies with fewer numbers.
func Compare(before, after []result.Cell) *Comparison {
	c := &comparing{Comparison: &Comparison{}, given: [2]map[block]bool{{}, {}}, immature: immatureFrom(before), turned: map[block][2]int{}}
	before, after = sorted(before), sorted(after)
	for side, cells := range [][]result.Cell{before, after} {
		for i := range cells {
			if i == 0 || blockOf(&cells[i]) != blockOf(&cells[i-1]) {
				c.given[side][blockOf(&cells[i])] = true
			}
		}
	}
	for len(before) > 0 || len(after) > 0 {
		order := 0
		switch {
		case len(before) == 0:
			order = 1
		case len(after) == 0:
			order = -1
		default:
			order = compareKeys(&before[0], &after[0])
		}
		switch {
		case order < 0:
			c.pair(&before[0], nil)
			before = before[1:]
		case order > 0:
			c.pair(nil, &after[0])
			after = after[1:]
		default:
			c.pair(&before[0], &after[0])
			before, after = before[1:], after[1:]
		}
	}
	c.expose()
	c.order()
	return c.Comparison
}

// Join makes one comparison of several, each of other indicators, in the order of these.
// Figures that are known to be the same need not be compared: they are a part with
// nothing but Same.
func Join(parts ...*Comparison) *Comparison {
	all := &Comparison{}
	for _, part := range parts {
		all.Moves = append(all.Moves, part.Moves...)
		all.Same += part.Same
		all.New += part.New
		all.Gone += part.Gone
		all.Exposed += part.Exposed
	}
	all.order()
	return all
}

// order puts the heaviest moves first.
func (c *Comparison) order() {
	slices.SortStableFunc(c.Moves, func(a, b Move) int { return cmp.Compare(b.Weight, a.Weight) })
}

// sorted gives the cells in the order of their keys, in which they are published.
func sorted(cells []result.Cell) []result.Cell {
	byKey := func(a, b result.Cell) int { return compareKeys(&a, &b) }
	for i := 1; i < len(cells); i++ {
		if compareKeys(&cells[i-1], &cells[i]) > 0 {
			cells = slices.Clone(cells)
			slices.SortFunc(cells, byKey)
			break
		}
	}
	return cells
}

func compareKeys(a, b *result.Cell) int {
	if c := strings.Compare(a.Indicator, b.Indicator); c != 0 {
		return c
	}
	if c := strings.Compare(a.Territory, b.Territory); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(string(a.Grain), string(b.Grain)), a.Start.Compare(b.Start),
		strings.Compare(a.Breakdown, b.Breakdown), strings.Compare(a.Item, b.Item))
}

// block is a set of figures that are published together or not at all.
type block struct {
	indicator, level string
	grain            result.Grain
	start            int64
	breakdown        string
}

func blockOf(c *result.Cell) block {
	return block{c.Indicator, c.Level, c.Grain, c.Start.Unix(), c.Breakdown}
}

// comparing is a comparison under way.
type comparing struct {
	*Comparison
	given    [2]map[block]bool
	immature map[string]time.Time
	turned   map[block][2]int // figures that only the earlier withholds, and only the later
}

// pair looks at one figure as the two publications give it; nil where one does not.
func (c *comparing) pair(from, to *result.Cell) {
	switch {
	case from == nil && !c.given[0][blockOf(to)]:
		c.New++
		return
	case to == nil && !c.given[1][blockOf(from)]:
		c.Gone++
		return
	}
	c.turn(from, to)
	from, to = uncounted(from, to)
	switch {
	case hidden(from) && hidden(to):
		c.Same++ // as far as anybody may know
	case hidden(from) || hidden(to):
		c.Moves = append(c.Moves, Move{Kind: Withheld, From: bare(from), To: bare(to)})
	case same(from, to):
		c.Same++
	default:
		c.Moves = append(c.Moves, Move{Kind: c.kind(from, to), From: from, To: to, Weight: weight(from, to)})
	}
}

// turn notes a figure, or a number of observations, that one of the two withholds.
func (c *comparing) turn(from, to *result.Cell) {
	before, after := hidden(from) || isUncounted(from), hidden(to) || isUncounted(to)
	if before == after {
		return
	}
	of := blockOf(cmp.Or(to, from))
	turned := c.turned[of]
	if before {
		turned[0]++
	} else {
		turned[1]++
	}
	c.turned[of] = turned
}

func hidden(c *result.Cell) bool { return c != nil && c.Class == result.Hidden }

func isUncounted(c *result.Cell) bool { return c != nil && c.Uncounted() }

// uncounted gives two figures without the number of observations that one of them lacks.
func uncounted(from, to *result.Cell) (_, _ *result.Cell) {
	if from == nil || to == nil || isUncounted(from) == isUncounted(to) {
		return from, to
	}
	before, after := *from, *to
	before.Denominator, after.Denominator = math.NaN(), math.NaN()
	return &before, &after
}

// bare is the figure without its numbers; a hidden one has none.
func bare(c *result.Cell) *result.Cell {
	if c == nil {
		return nil
	}
	nan, b := math.NaN(), *c
	b.Numerator, b.Denominator, b.Value, b.Lower, b.Upper, b.P90 = nan, nan, nan, nan, nan, nan
	return &b
}

// same says whether a figure stayed as it was. What the engine adds up in another
// order may differ in the last digits.
func same(from, to *result.Cell) bool {
	if from == nil || to == nil {
		return from == to || cmp.Or(from, to).Class == result.NoData
	}
	return from.Class == to.Class && near(from.Value, to.Value) && near(from.Numerator, to.Numerator) &&
		near(from.Denominator, to.Denominator) && near(from.P90, to.P90)
}

const precision = 1e-9 // relative

func near(a, b float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) == math.IsNaN(b)
	}
	return math.Abs(a-b) <= precision*math.Max(math.Abs(a), math.Abs(b))
}

func (c *comparing) kind(from, to *result.Cell) Kind {
	if from != nil && from.Class == result.Immature {
		return Maturing
	}
	cell := cmp.Or(from, to)
	if month, ok := c.immature[cell.Indicator]; ok && !lastMonth(cell).Before(month) {
		return Maturing
	}
	return Restated
}

// lastMonth is the first day of the last month of a figure's period.
func lastMonth(c *result.Cell) time.Time {
	switch c.Grain {
	case result.Quarter:
		return c.Start.AddDate(0, 2, 0)
	case result.Year:
		return c.Start.AddDate(0, 11, 0)
	}
	return c.Start
}

// immatureFrom gives, by indicator, the first month that was not mature, as the
// figures of Italy say: periods that reach into it move as it matures.
func immatureFrom(cells []result.Cell) map[string]time.Time {
	from := map[string]time.Time{}
	for i := range cells {
		c := &cells[i]
		if c.Class != result.Immature || c.Territory != result.Italy || c.Grain != result.Month || c.Breakdown != "" {
			continue
		}
		if first, ok := from[c.Indicator]; !ok || c.Start.Before(first) {
			from[c.Indicator] = c.Start
		}
	}
	return from
}

func weight(from, to *result.Cell) float64 {
	if from == nil || to == nil {
		return 1 // there was nothing, or there is nothing now
	}
	moved := math.Abs(to.Value - from.Value)
	switch half := halfWidth(from, to); {
	case math.IsNaN(from.Value) != math.IsNaN(to.Value):
		return 1
	case math.IsNaN(moved) || near(from.Value, to.Value):
		return relative(from.P90, to.P90)
	case half > 0:
		return moved / half
	}
	return relative(from.Value, to.Value)
}

// halfWidth is that of the interval before, or of the one now; 0 when there is none.
func halfWidth(from, to *result.Cell) float64 {
	for _, c := range []*result.Cell{from, to} {
		if half := (c.Upper - c.Lower) / 2; half > 0 {
			return half
		}
	}
	return 0
}

func relative(a, b float64) float64 {
	if most := math.Max(math.Abs(a), math.Abs(b)); most > 0 {
		return math.Abs(a-b) / most
	}
	return 0
}

// expose counts the figures that are withheld in one of the two beside others that are in the other.
func (c *comparing) expose() {
	for _, turned := range c.turned {
		if turned[0] > 0 && turned[1] > 0 {
			c.Exposed += turned[0] + turned[1]
		}
	}
}
