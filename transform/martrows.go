package transform

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"tavolo/ingest/lake"
)

// The columns that each mart has.
const (
	monthColumn     = "month"
	territoryColumn = "territory_code"
)

// martNames are the columns of a mart that questions are about, with the numbers that their
// texts and observed values were given when they were first seen.
type martNames struct {
	texts    map[string]*numbering[string]
	observed map[string]*numbering[float64]
	scales   map[string]float64 // of the columns of counts
}

func newMartNames(questions []question) martNames {
	n := martNames{texts: map[string]*numbering[string]{}, observed: map[string]*numbering[float64]{}, scales: map[string]float64{}}
	n.texts[territoryColumn] = newNumbering[string]()
	for _, q := range questions {
		for _, column := range q.by {
			n.texts[column] = newNumbering[string]()
		}
		if q.value != "" {
			n.observed[q.value] = newNumbering[float64]()
		}
		for _, count := range q.columns {
			n.scales[count.column] = count.scale
		}
	}
	return n
}

func (n *martNames) territory(number int32) string { return n.texts[territoryColumn].things[number] }

// in gives the places of the columns in a file.
func (n *martNames) in(file *schema.Schema) (places []int, err error) {
	names := map[string]bool{monthColumn: true}
	for _, some := range []iter.Seq[string]{maps.Keys(n.texts), maps.Keys(n.observed), maps.Keys(n.scales)} {
		for name := range some {
			names[name] = true
		}
	}
	for name := range names {
		at := file.ColumnIndexByName(name)
		if at < 0 {
			return nil, fmt.Errorf("there is no column %q", name)
		}
		places = append(places, at)
	}
	slices.Sort(places)
	return places, nil
}

// martRows are some rows of a mart, each value as a number: texts and observed values as
// those of martNames, counts in whole units.
type martRows struct {
	months []arrow.Date32 // noMonth where there is none
	places []int32        // territories
	codes  map[string][]int32
	values map[string][]int32 // unobserved where there is none
	counts map[string][]int64
}

// noMonth is no month that a question is about.
const noMonth = arrow.Date32(math.MinInt32)

func newMartRows() martRows {
	return martRows{codes: map[string][]int32{}, values: map[string][]int32{}, counts: map[string][]int64{}}
}

// take takes the rows of a batch in place of those before.
func (m *martRows) take(batch arrow.RecordBatch, names *martNames) (err error) {
	for i, from := range batch.Columns() {
		name := batch.ColumnName(i)
		texts, observed, scale := names.texts[name], names.observed[name], names.scales[name]
		if name == monthColumn {
			m.months, err = months(m.months, from)
		}
		if err == nil && texts != nil {
			m.codes[name], err = codes(m.codes[name], from, texts)
		}
		if err == nil && observed != nil {
			m.values[name], err = observations(m.values[name], from, observed)
		}
		if err == nil && scale != 0 {
			m.counts[name], err = units(m.counts[name], from, scale)
		}
		if err != nil {
			return fmt.Errorf("column %q: %w", name, err)
		}
	}
	m.places = m.codes[territoryColumn]
	return nil
}

func unexpected(from arrow.Array) error {
	return fmt.Errorf("it holds %s", from.DataType())
}

func months(to []arrow.Date32, from arrow.Array) ([]arrow.Date32, error) {
	column, ok := from.(*array.Date32)
	if !ok {
		return nil, unexpected(from)
	}
	to = append(to[:0], column.Date32Values()...)
	for r := 0; column.NullN() > 0 && r < len(to); r++ {
		if column.IsNull(r) {
			to[r] = noMonth
		}
	}
	return to, nil
}

// codes numbers the values of a column as texts; null is the empty one.
func codes(to []int32, from arrow.Array, texts *numbering[string]) ([]int32, error) {
	to = slices.Grow(to[:0], from.Len())[:from.Len()]
	number := func(text string) int32 {
		if code, ok := texts.numbers[text]; ok {
			return code
		}
		return texts.of(strings.Clone(text)) // not a part of the batch
	}
	absent := int32(0)
	if from.NullN() > 0 {
		absent = number("")
	}
	switch column := from.(type) {
	case *array.Dictionary:
		words, ok := column.Dictionary().(*array.String)
		if !ok {
			return nil, unexpected(from)
		}
		numbers := make([]int32, words.Len())
		for i := range numbers {
			numbers[i] = number(words.Value(i))
		}
		for r, code := range column.Indices().(*array.Int32).Int32Values() {
			if to[r] = absent; column.IsValid(r) {
				to[r] = numbers[code]
			}
		}
	case *array.Int64:
		for r, n := range column.Int64Values() {
			if to[r] = absent; column.IsValid(r) {
				to[r] = number(strconv.FormatInt(n, 10))
			}
		}
	case *array.Boolean:
		for r := range to {
			if to[r] = absent; column.IsValid(r) {
				to[r] = number(strconv.FormatBool(column.Value(r)))
			}
		}
	default:
		return nil, unexpected(from)
	}
	return to, nil
}

// observations numbers the observed values of a column.
func observations(to []int32, from arrow.Array, observed *numbering[float64]) ([]int32, error) {
	column, ok := from.(*array.Int64)
	if !ok {
		return nil, unexpected(from)
	}
	to = slices.Grow(to[:0], from.Len())[:from.Len()]
	values, allValid := column.Int64Values(), column.NullN() == 0
	for r, value := range values {
		switch {
		case !allValid && column.IsNull(r):
			to[r] = unobserved
		case r > 0 && value == values[r-1] && to[r-1] != unobserved:
			to[r] = to[r-1]
		default:
			to[r] = observed.of(float64(value))
		}
	}
	return to, nil
}

// units gives counts in whole units of 1/scale; null is none.
func units(to []int64, from arrow.Array, scale float64) ([]int64, error) {
	to = slices.Grow(to[:0], from.Len())[:from.Len()]
	switch column := from.(type) {
	case *array.Int64:
		copy(to, column.Int64Values())
		if scale != 1 {
			return nil, unexpected(from)
		}
	case *array.Float64:
		for r, value := range column.Float64Values() {
			units := math.Round(value * scale)
			if column.IsValid(r) && !(math.Abs(units) < 1<<63) {
				return nil, fmt.Errorf("%v is no count", value)
			}
			to[r] = int64(units)
		}
	case *array.Decimal128:
		for r := range to {
			to[r] = int64(math.Round(column.Value(r).ToFloat64(lake.DecimalScale) * scale))
		}
	default:
		return nil, unexpected(from)
	}
	for r := 0; from.NullN() > 0 && r < len(to); r++ {
		if from.IsNull(r) {
			to[r] = 0
		}
	}
	return to, nil
}

// numbering numbers things in the order in which they are first seen.
type numbering[T comparable] struct {
	numbers map[T]int32
	things  []T // by number
}

func newNumbering[T comparable]() *numbering[T] { return &numbering[T]{numbers: map[T]int32{}} }

func (n *numbering[T]) of(thing T) int32 {
	number, ok := n.numbers[thing]
	if !ok {
		number = int32(len(n.things))
		n.numbers[thing] = number
		n.things = append(n.things, thing)
	}
	return number
}

// ranked puts those of some things that are used in order, each once, and gives the rank of
// each of the things.
func ranked[T cmp.Ordered](things []T, used []bool) (sorted []T, rank []int32) {
	for i, thing := range things {
		if used[i] {
			sorted = append(sorted, thing)
		}
	}
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	rank = make([]int32, len(things))
	for i, thing := range things {
		at, _ := slices.BinarySearch(sorted, thing)
		rank[i] = int32(at)
	}
	return sorted, rank
}
