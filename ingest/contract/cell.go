package contract

import (
	"fmt"
	"strings"

	"tavolo/ingest/pseudonym"
)

// shownLength bounds a value in a violation, in characters.
const shownLength = 100

// cell is a column of a contract, bound to a file and made ready for checking.
type cell struct {
	column    *Column
	fields    []int
	constant  []byte
	values    map[string][]byte // from the mapping: folded → value
	layout    *Layout           // nil: ISO 8601
	fixed     []fixedLayout     // the same, read by place where that is possible
	enum      map[string]int32  // stored, alias and folded spellings → place in the dictionary
	refs      References        // of a reference
	read      reading
	kind      string // of a person
	decimal   byte
	maxLength int

	dictionary dictionary // the values of an enumeration, or the codes met so far
	spellings  spellings

	joined []byte // room for a value of several fields
	folded []byte // room for a folded value
	made   []byte // room for a value that is not in the record
}

// reading says how the values of a cell are read: the type of its column, as a
// number, because it is asked for in every row.
type reading byte

const (
	readText reading = iota
	readReference
	readInteger
	readDecimal
	readBoolean
	readDate
	readTimestamp
	readEnum
	readPerson
)

func readingOf(column *Column) reading {
	switch column.Type {
	case Integer:
		return readInteger
	case Decimal:
		return readDecimal
	case Boolean:
		return readBoolean
	case Date:
		return readDate
	case Timestamp:
		return readTimestamp
	case Enum:
		return readEnum
	case Person:
		return readPerson
	}
	if column.References != "" {
		return readReference
	}
	return readText
}

// flaw is what is wrong with a value.
type flaw struct {
	rule, why string
	warning   bool // the value can be used all the same
}

func newCell(column *Column, bound BoundColumn, b *Binding, refs References) (cell, error) {
	c := cell{column: column, read: readingOf(column), fields: bound.Fields, decimal: b.Decimal, maxLength: column.MaxLength}
	if c.decimal == 0 {
		c.decimal = '.'
	}
	if c.maxLength == 0 {
		c.maxLength = defaultMaxLength
	}
	if bound.Constant != nil {
		c.constant = trim([]byte(*bound.Constant))
	}
	for _, field := range bound.Fields {
		if field < 0 || field >= b.Fields {
			return c, fmt.Errorf("field %d of a file with %d", field, b.Fields)
		}
	}
	if len(bound.Values) > 0 {
		c.values = make(map[string][]byte, len(bound.Values))
		for from, to := range bound.Values {
			c.values[Fold(from)] = trim([]byte(to))
		}
	}
	var err error
	if bound.Layout != "" {
		c.layout, err = ParseLayout(bound.Layout)
	}
	switch column.Type {
	case Date, Timestamp:
		c.fixed = fixedLayouts(c.layout, column.Type == Timestamp)
	case Enum:
		c.enum = c.enumOf(column)
	case Person:
		c.kind = column.Kind
		if bound.Kind != "" {
			c.kind = bound.Kind
		}
	}
	if column.References != "" && c.bound() {
		if refs == nil {
			return c, fmt.Errorf("no reference tables to find a %s in", column.References)
		}
		c.refs = refs
	}
	return c, err
}

func (c *cell) bound() bool { return len(c.fields) > 0 || c.constant != nil }

// enumOf gives the spellings of an enumeration, and fills the dictionary with
// its values in the order of the contract.
func (c *cell) enumOf(column *Column) map[string]int32 {
	enum := map[string]int32{}
	for _, value := range column.Values {
		place := c.dictionary.place(value)
		enum[value], enum[Fold(value)] = place, place
	}
	for _, alias := range sortedKeys(column.Aliases) {
		enum[Fold(alias)] = c.dictionary.place(column.Aliases[alias])
	}
	return enum
}

// raw gives the value as it came, without spaces around it.
func (c *cell) raw(fields [][]byte) []byte {
	switch len(c.fields) {
	case 0:
		return c.constant
	case 1:
		return trim(fields[c.fields[0]])
	}
	c.joined = c.joined[:0]
	for _, field := range c.fields {
		part := trim(fields[field])
		if len(part) > 0 && len(c.joined) > 0 {
			c.joined = append(c.joined, ' ')
		}
		c.joined = append(c.joined, part...)
	}
	return c.joined
}

// translate gives what the mapping says that a value stands for, or the value.
func (c *cell) translate(raw []byte) []byte {
	c.folded = appendFold(c.folded[:0], raw)
	if to, ok := c.values[string(c.folded)]; ok {
		return to
	}
	return raw
}

// shown gives a value as a violation may show it.
func (c *cell) shown(raw []byte) string {
	if c.kind != "" {
		return pseudonym.Mask(string(raw))
	}
	text := pseudonym.MaskText(string(raw)) // before it is cut: half an identifier is not recognised
	if runes := []rune(text); len(runes) > shownLength {
		text = string(runes[:shownLength]) + "…"
	}
	return text
}

// message says what is wrong with a value, beginning with the column.
func (c *cell) message(raw []byte, why string) string {
	var b strings.Builder
	b.WriteString(c.column.Name)
	switch {
	case len(raw) == 0:
		b.WriteString(" ")
	case c.kind != "":
		b.WriteString(": the value ")
	default:
		fmt.Fprintf(&b, ": %q ", c.shown(raw))
	}
	b.WriteString(why)
	return b.String()
}
