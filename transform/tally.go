package transform

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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

// entry is the counts of one span, of a distribution at one observed value.
type entry struct {
	span  int32
	value int32 // index into values, unobserved where there is none
	at    int32 // index of its first number
}

// unobserved is the value of counts that belong to no observed value.
const unobserved = -1

// columnsOf gives the place of an indicator's two columns of counts among a
// tally's, -1 where there is none.
func (t *tally) columnsOf(k *kpi.Indicator) (places [2]int) {
	for i, name := range columnsOf(k) {
		places[i] = slices.IndexFunc(t.columns, func(c count) bool { return c.column == name })
	}
	return places
}

// question is what is asked of a mart. All its identifiers come from the
// catalogue, which allows nothing but lower case letters, digits and underscores.
type question struct {
	mart    string
	by      []string // columns whose values together are the item; none for all together
	joint   string   // what stands between these values; separator when it is ""
	value   string   // column of the observed values; "" for counts alone
	columns []count
	spans   []span
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

// query gives the SQL of a question. Its answer has territory_code, span, item,
// observed, and the sums of the columns.
func (q question) query() string {
	item, observed := "''", "cast(null as double)"
	if len(q.by) > 0 {
		joint := "chr(31)"
		if q.joint != "" {
			joint = duckdb.Quote(q.joint)
		}
		item = itemOf(q.by, joint)
	}
	if q.value != "" {
		observed = "cast(mart." + duckdb.Name(q.value) + " as double)"
	}
	var sums strings.Builder
	for _, column := range q.columns {
		number := "mart." + duckdb.Name(column.column)
		if column.scale != 1 {
			number = fmt.Sprintf("cast(round(cast(%s as double) * %d) as bigint)", number, fractional)
		}
		fmt.Fprintf(&sums, ",\n    cast(coalesce(sum(%s), 0) as bigint)", number)
	}
	return fmt.Sprintf(`with spans (month, span) as (values %s)
select
    mart.territory_code,
    spans.span,
    %s as item,
    %s as observed%s
from %s as mart
inner join spans on spans.month = mart.month
group by mart.territory_code, spans.span, %[2]s, %[3]s`, spanMonths(q.spans), item, observed, sums.String(), duckdb.Name(q.mart))
}

// ask counts. Nothing in the answer depends on the order in which the engine
// gives its rows.
func (q question) ask(ctx context.Context, e *duckdb.Engine) (*tally, error) {
	t := &tally{spans: q.spans, columns: q.columns, broken: len(q.by) > 0, places: map[place][]entry{}}
	if len(q.spans) == 0 {
		return t, nil
	}
	items, values := numbering[string]{}, numbering[float64]{}
	for row, err := range e.Rows(ctx, q.query()) {
		if err != nil {
			return nil, err
		}
		at := place{row[0].(string), items.of(row[2].(string))}
		one := entry{span: int32(row[1].(int64)), value: unobserved, at: int32(len(t.numbers))}
		if observed, ok := row[3].(float64); ok {
			one.value = values.of(observed)
		}
		for _, number := range row[4:] {
			t.numbers = append(t.numbers, number.(int64))
		}
		t.places[at] = append(t.places[at], one)
	}
	t.sort(items, values)
	return t, nil
}

// numbering numbers things in the order in which they are first seen.
type numbering[T comparable] map[T]int32

func (n numbering[T]) of(thing T) int32 {
	number, ok := n[thing]
	if !ok {
		number = int32(len(n))
		n[thing] = number
	}
	return number
}

// sort renumbers items and values so that they ascend.
func (t *tally) sort(items numbering[string], values numbering[float64]) {
	t.items, t.values = slices.Sorted(maps.Keys(items)), slices.Sorted(maps.Keys(values))
	rank := make([]int32, len(values))
	for i, value := range t.values {
		rank[values[value]] = int32(i)
	}
	itemRank := make([]int32, len(items))
	for i, item := range t.items {
		itemRank[items[item]] = int32(i)
	}
	places := make(map[place][]entry, len(t.places))
	for at, entries := range t.places {
		for i := range entries {
			if entries[i].value != unobserved {
				entries[i].value = rank[entries[i].value]
			}
		}
		places[place{at.territory, itemRank[at.item]}] = entries
	}
	t.places = places
}
