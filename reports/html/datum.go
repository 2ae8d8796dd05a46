package html

import (
	"math"
	"time"
)

// Datum is what a cell of a Table stands for, apart from how the page writes it:
// the exports hold it, so that they cannot differ from the page. The zero value
// stands for the cell's text.
type Datum struct {
	Kind Kind
	Code string // what the same thing is called in every language: "12", "no_show_rate", "hidden"; may be ""
	Text string // of Verbatim; of Shown, Term and a number that is absent where it is not the cell's text

	Number        float64 // as the page writes it: 7.9 for "7,9 %"; NaN where there is none
	Digits        int     // that the page writes after the decimal sign; negative when it is not known
	Before, After string  // what the page writes around the digits: "≤ " and " %"
	Unit          Unit

	At time.Time // of Day, Month and Instant; zero where there is none
}

// Unit names the unit of a number.
type Unit struct {
	Code string // the same in every language: percent, days; "" for none
	Name string // in the page's language: "%", "giorni"
}

// Kind says what a Datum is.
type Kind uint8

// The kinds.
const (
	Shown    Kind = iota // the text of the cell, in the page's language
	Term                 // a word of a short list, such as a class: Code says all
	Verbatim             // a text that is the same in every language, such as the name of a file
	Count                // a whole number of things
	Measure              // a number in its unit
	Day                  // a date
	Month                // the month that begins at At
	Instant              // a moment, in the time zone that At is in
)

// IsNumber tells of the kinds that are a number.
func (k Kind) IsNumber() bool { return k == Count || k == Measure }

// IsTime tells of the kinds that are a date or a moment.
func (k Kind) IsTime() bool { return k == Day || k == Month || k == Instant }

// Absent tells that a number or a date is not there: the text of its cell says why.
func (d *Datum) Absent() bool {
	switch {
	case d.Kind.IsNumber():
		return math.IsNaN(d.Number) || math.IsInf(d.Number, 0)
	case d.Kind.IsTime():
		return d.At.IsZero()
	}
	return false
}

// Part is something that a cell says beside what it stands for, such as the
// limits of its interval. In an export each part has a column of its own.
type Part struct {
	Key   string // for machines, after the key of the column: lower, n
	Title string // for people, after the title of the column
	Datum Datum
}
