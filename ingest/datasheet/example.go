package datasheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"tavolo/ingest/contract"
)

// Codes gives the codes of a kind that an example may use: those of the
// reference tables. Kind is one of [contract.Kinds].
type Codes func(kind string) []string

// Example writes a CSV file of a log that its contract accepts when each column
// is mapped to the column of its own name. Every value of every list occurs in
// it, every optional column also empty, and no row takes another back. Persons are named by codici fiscali
// that are published as examples. The same contract and codes give the same file.
func Example(w io.Writer, c *contract.Contract, codes Codes) error {
	rows := 3
	for i := range c.Columns {
		rows = max(rows, len(c.Columns[i].Values)+1)
	}
	out := csv.NewWriter(w)
	records := [][]string{c.ColumnNames()}
	for n := range rows {
		records = append(records, newExample(c, codes, n).values)
	}
	return out.WriteAll(records)
}

// ExampleDay gives the day of an example's first row: codes must be valid on it
// and on the month that follows.
func ExampleDay() time.Time { return time.Date(2024, time.March, 4, 0, 0, 0, 0, time.UTC) }

// example is one row of an example file.
type example struct {
	contract *contract.Contract
	values   []string
	times    []time.Time // of the columns that hold one
}

// newExample makes the row of a number, from 0.
func newExample(c *contract.Contract, codes Codes, n int) *example {
	e := &example{contract: c, values: make([]string, len(c.Columns)), times: make([]time.Time, len(c.Columns))}
	at := ExampleDay().Add(8*time.Hour).AddDate(0, 0, n)
	for i := range c.Columns {
		column := &c.Columns[i]
		if column.Type == contract.Date || column.Type == contract.Timestamp {
			e.times[i] = at
			at = at.Add(step(column.Type))
		}
		e.values[i] = sample(c, column, codes, n)
	}
	e.order()
	for i := range c.Columns {
		switch c.Columns[i].Type {
		case contract.Date:
			e.values[i] = e.times[i].Format(time.DateOnly)
		case contract.Timestamp:
			e.values[i] = e.times[i].Format("2006-01-02 15:04")
		}
		if c.Columns[i].Type != contract.Enum && !c.Columns[i].Required && n%3 == 2 && !e.needed(i) {
			e.values[i] = ""
		}
	}
	e.clear()
	return e
}

// step is how far apart two times of a row are.
func step(t contract.Type) time.Duration {
	if t == contract.Date {
		return 24 * time.Hour
	}
	return 20 * time.Minute
}

// order moves times until each follows the one that it must not precede.
func (e *example) order() {
	for range e.contract.Rules { // as often as a chain of rules is long
		for i := range e.contract.Rules {
			rule := &e.contract.Rules[i]
			if rule.Rule != contract.NotBefore {
				continue
			}
			column, other := e.contract.Index(rule.Column), e.contract.Index(rule.Other)
			if e.times[column].Before(e.times[other]) {
				e.times[column] = e.times[other].Add(step(e.contract.Columns[column].Type))
			}
		}
	}
}

// needed says whether a rule wants a value in a column of the row.
func (e *example) needed(column int) bool {
	return slices.ContainsFunc(e.contract.Rules, func(rule contract.Rule) bool {
		return rule.Rule == contract.Requires && rule.Column == e.contract.Columns[column].Name && e.applies(&rule)
	})
}

// clear empties the columns that a rule wants empty.
func (e *example) clear() {
	for i := range e.contract.Rules {
		if rule := &e.contract.Rules[i]; rule.Rule == contract.Forbids && e.applies(rule) {
			e.values[e.contract.Index(rule.Column)] = ""
		}
	}
}

func (e *example) applies(rule *contract.Rule) bool {
	if rule.Unless != "" && e.values[e.contract.Index(rule.Unless)] != "" {
		return false
	}
	for name, values := range rule.When {
		if !slices.Contains(values, e.values[e.contract.Index(name)]) {
			return false
		}
	}
	return true
}

// withdrawn is the column by which a row takes itself back, which no example does.
const withdrawn = "is_deleted"

// sample gives a value of a column for the row of a number; times come later.
func sample(c *contract.Contract, column *contract.Column, codes Codes, n int) string {
	pick := func(values []string) string {
		if len(values) == 0 {
			return ""
		}
		return values[n%len(values)]
	}
	switch column.Type {
	case contract.Integer:
		return strconv.FormatInt(within(column, int64(3+n)), 10)
	case contract.Decimal:
		return fmt.Sprintf("%d.5", within(column, int64(2+n%4)))
	case contract.Boolean:
		if column.Name == withdrawn {
			return ""
		}
		return pick([]string{"sì", "no"})
	case contract.Enum:
		if !column.Required && n >= len(column.Values) {
			return "" // each of them was shown
		}
		return pick(column.Values)
	case contract.Person:
		if column.Kind == contract.FiscalCode {
			return pick([]string{"RSSMRA85T10A562S", "MRARSS75P14H501I", "RSSMRA77L18H501W"})
		}
		return fmt.Sprintf("OP-%04d", n+1)
	}
	switch {
	case column.References != "":
		return pick(codes(column.References))
	case slices.Contains(c.Key, column.Name):
		return fmt.Sprintf("2024-%05d", n+1)
	case column.Required:
		return fmt.Sprintf("ES-%d", n%2+1)
	case column.Free:
		return "testo libero"
	}
	return "" // a name that would have to be known elsewhere
}

// within brings a number into the bounds of a column.
func within(column *contract.Column, n int64) int64 {
	low, high := int64(0), n
	if column.Min != nil {
		low = *column.Min
	}
	if column.Max != nil {
		high = *column.Max
	}
	return max(low, min(n, high))
}
