package contract

import "time"

// Value is the value of one column of a row. What its parts hold follows from
// the column's [Type].
type Value struct {
	Null bool  // and the parts hold nothing that means anything
	Code int32 // of an enum or a reference: its place in [Checker.Dictionary]
	Int  int64
	Text []byte // valid until the next row is checked
}

// Row has one value per column of the contract, in the same order.
type Row []Value

// Violation is one reason against a row.
type Violation struct {
	Column   string // "" when it is about the whole record
	Rule     string // a code: stable, for counting
	Value    string // as it came; masked where it is or holds a person
	Message  string // in words, beginning with the column; holds no person either
	Severity Severity
}

// References finds codes. It is implemented by the reference tables.
type References interface {
	// Resolve gives the code that raw, a code or a name in any spelling in use,
	// had on a day. Kind is one of [Kinds]. The zero day means any day.
	Resolve(kind, raw string, on time.Time) (code string, ok bool)
}
