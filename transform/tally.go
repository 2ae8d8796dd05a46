package transform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// tally is the counts of a mart as its rows name the territories: nothing is
// added up over territories or periods yet. The counts are exact: whole numbers
// of the unit of their column.
type tally struct {
	spans   []span
	columns []count
	items   []string  // ascending; one empty item where nothing is broken down
	broken  bool      // it is broken down: the empty item is of rows that belong to none
	values  []float64 // the observed values, ascending; none where only counts were asked for
	places  map[place][]entry
	numbers []int64 // of all entries, one of each column after another
}

// count is a column of counts. A count need not be whole (a twelfth of an
// operator-year): its sums are in whole units of 1/scale.
type count struct {
	column string
	scale  float64
}

// fractional is the scale of a column that is not of integers: sums of doubles
// would depend on their order, and so on the number of threads. It holds the six
// decimals of a sum of money as well as minutes of hours and months of years, of
// which none has an end in decimals: millionths of operator-years came short by a
// millionth a row.
const fractional = 12_000_000

// place is where and of what something was counted.
type place struct {
	territory string
	item      int32
}

func (p place) compare(other place) int {
	return cmp.Or(strings.Compare(p.territory, other.territory), cmp.Compare(p.item, other.item))
}

// entry is counts of one span, of a distribution at one observed value. There may be
// several of the same: they add up.
type entry struct {
	span  int32
	value int32 // index into values, unobserved where there is none
	at    int32 // index of its first number
}

// unobserved is the value of counts that belong to no observed value.
const unobserved = -1

// rank renumbers items and values, which are numbered as they came, so that they ascend.
// Those that nothing is counted of are left out.
func (t *tally) rank(items []string, values []float64) {
	named, valued := make([]bool, len(items)), make([]bool, len(values))
	for at, entries := range t.places {
		named[at.item] = true
		for _, one := range entries {
			if one.value != unobserved {
				valued[one.value] = true
			}
		}
	}
	var itemRank, valueRank []int32
	t.items, itemRank = ranked(items, named)
	t.values, valueRank = ranked(values, valued)
	places := make(map[place][]entry, len(t.places))
	for at, entries := range t.places {
		for i := range entries {
			if entries[i].value != unobserved {
				entries[i].value = valueRank[entries[i].value]
			}
		}
		at.item = itemRank[at.item]
		if same, ok := places[at]; ok {
			entries = append(same, entries...)
		}
		places[at] = entries
	}
	t.places = places
}

// columnsOf gives the place of an indicator's two columns of counts among a
// tally's, -1 where there is none.
func (t *tally) columnsOf(k *kpi.Indicator) (places [2]int) {
	for i, name := range columnsOf(k) {
		places[i] = slices.IndexFunc(t.columns, func(c count) bool { return c.column == name })
	}
	return places
}

// question is what is asked of a mart: its counts by territory, span, item and observed value.
type question struct {
	by      []string // columns whose values together are the item; none for all together
	joint   string   // what stands between these values; separator when it is ""
	value   string   // column of the observed values; "" for counts alone
	columns []count
	spans   []span
}

// name tells the questions of a mart apart.
func (q question) name() string {
	return fmt.Sprintf("%d/%s/%s", len(q.spans), q.value, strings.Join(q.by, separator)+q.joint)
}

// separator stands between the values of several columns in one item: no code holds it.
const separator = "\x1f"

// itemOf is the expression of an item that is made of the values of columns of a
// relation by the name of mart, with the expression joint between them.
func itemOf(columns []string, joint string) string {
	parts := make([]string, len(columns))
	for i, column := range columns {
		parts[i] = "coalesce(cast(mart." + duckdb.Name(column) + " as varchar), '')"
	}
	return strings.Join(parts, " || "+joint+" || ")
}
