package contract

import (
	"errors"
	"fmt"
	"time"

	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

// Checker turns the records of one file into rows of a log, or into the reasons
// why not. It allocates nothing for a good row, and is for one goroutine.
type Checker struct {
	contract *Contract
	cells    []cell
	order    []int // of checking: the column of the month first, since references hold at its day; none that can only be null
	month    int   // that column
	rules    []rule
	fields   int // that a record must have
	persons  *pseudonym.Key
	clock    *clock
	mask     []maskKind // one per field

	row        Row
	invalid    []bool // one per column: it has a violation
	violations []Violation
	refused    bool  // one of them is no mere warning
	day        int64 // local day of the month column; noDay while it is not known
}

const noDay = -1 << 62

// NewChecker makes the checker of one file. Refs finds the codes of the columns
// that refer to something, persons makes the pseudonyms and may be nil where no
// person is bound, and zone is where times without an offset were written down.
// An error means that the binding does not fit the contract.
func NewChecker(c *Contract, b *Binding, refs References, persons *pseudonym.Key, zone *time.Location) (*Checker, error) {
	if len(b.Columns) != len(c.Columns) {
		return nil, fmt.Errorf("binding: %d columns where the contract of %s has %d", len(b.Columns), c.Log, len(c.Columns))
	}
	if zone == nil {
		return nil, errors.New("checker: no time zone")
	}
	k := &Checker{
		contract: c, month: c.Index(c.Month), fields: b.Fields, persons: persons, clock: newClock(zone),
		row: make(Row, len(c.Columns)), invalid: make([]bool, len(c.Columns)), mask: maskOf(c, b),
	}
	k.order = append(k.order, k.month)
	for i := range c.Columns {
		cell, err := newCell(&c.Columns[i], b.Columns[i], b, refs)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Columns[i].Name, err)
		}
		if cell.kind != "" && b.Columns[i].bound() && persons == nil {
			return nil, fmt.Errorf("column %s: no key for the pseudonyms of persons", c.Columns[i].Name)
		}
		k.cells = append(k.cells, cell)
		k.row[i] = Value{Null: true}
		if i != k.month && (cell.bound() || cell.column.Required) {
			k.order = append(k.order, i)
		}
	}
	for i := range c.Rules {
		k.rules = append(k.rules, k.newRule(&c.Rules[i]))
	}
	return k, nil
}

// Check gives the row of a record, or nil and why it is refused. Warnings
// accompany a row. Row, violations and what they hold are valid until the next
// call, and no longer than the record.
func (k *Checker) Check(r *source.Record) (Row, []Violation) {
	k.violations, k.refused, k.day = k.violations[:0], false, noDay
	if r.Problem != nil {
		k.complainOfRecord(r.Problem.Code, r.Problem.Message)
		return nil, k.violations
	}
	if len(r.Fields) != k.fields {
		k.complainOfRecord(source.Ragged, fmt.Sprintf("%d fields where the header has %d", len(r.Fields), k.fields))
		return nil, k.violations
	}
	clear(k.invalid)
	for _, i := range k.order {
		k.row[i].Null = true // and the rest is of the row before
		k.checkCell(i, r.Fields)
	}
	for i := range k.rules {
		k.checkRule(&k.rules[i])
	}
	if k.refused {
		return nil, k.violations
	}
	return k.row, k.violations
}

// Month gives the month of the row that Check gave last: its first day, local, in
// days since 1970-01-01.
func (k *Checker) Month() int64 { return k.clock.firstOfMonth(k.day) }

// Dictionary gives the texts that [Value.Code] numbers in a column that is an
// enumeration or a reference, nil in others. It grows as new codes come, and
// what is in it stays.
func (k *Checker) Dictionary(column int) [][]byte { return k.cells[column].dictionary.texts }

// checkCell fills the value of one column and collects what is against it.
func (k *Checker) checkCell(i int, fields [][]byte) {
	cell := &k.cells[i]
	raw := cell.raw(fields)
	text := raw
	if len(raw) > 0 && (cell.read == readEnum || cell.read == readBoolean) {
		if seen := cell.spellings.find(raw); seen != nil {
			k.row[i] = seen.value
			return
		}
	}
	if len(raw) > 0 && cell.values != nil {
		text = cell.translate(raw)
	}
	if len(text) == 0 {
		if cell.column.Required {
			k.complain(i, nil, RuleRequired, "is empty, and every row must have it")
		}
		return
	}
	value := &k.row[i]
	if bad := k.value(i, cell, raw, text, value); bad != nil {
		if !bad.warning {
			k.complain(i, raw, bad.rule, bad.why)
			return
		}
		k.warn(i, raw, bad)
	}
	value.Null = false
}

// complain records a violation of a column, with the column's severity.
func (k *Checker) complain(i int, raw []byte, rule, why string) {
	column := k.cells[i].column
	k.invalid[i] = true
	k.add(Violation{
		Column: column.Name, Rule: rule, Value: k.cells[i].shown(raw),
		Message: k.cells[i].message(raw, why), Severity: column.Severity,
	})
}

// warn records what does not make a value unusable.
func (k *Checker) warn(i int, raw []byte, bad *flaw) {
	cell := &k.cells[i]
	k.add(Violation{
		Column: cell.column.Name, Rule: bad.rule, Value: cell.shown(raw),
		Message: cell.message(raw, bad.why), Severity: Warn,
	})
}

func (k *Checker) complainOfRecord(code, message string) {
	k.add(Violation{Rule: code, Message: message})
}

func (k *Checker) add(v Violation) {
	if v.Severity == "" {
		v.Severity = Quarantine
	}
	if v.Severity != Warn {
		k.refused = true
	}
	k.violations = append(k.violations, v)
}
