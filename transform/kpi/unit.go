package kpi

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
)

// Unit is the unit of an indicator. It knows how to write a value, so that a
// figure looks the same in every report, export and message.
//
// Values are stored without any factor: a share is 0.076, a rate for each
// resident is 0.0123. Scale is applied when they are written.
type Unit string

// The units.
const (
	Percent     Unit = "percent"      // a share, 0–1
	PerThousand Unit = "per_thousand" // for each resident, written per 1,000
	Per100k     Unit = "per_100000"   // for each resident, written per 100,000
	PerHundred  Unit = "per_hundred"  // for each of the denominator, written per 100
	Days        Unit = "days"
	Hours       Unit = "hours"
	Minutes     Unit = "minutes"
	Ratio       Unit = "ratio"
	Count       Unit = "count"
	Points      Unit = "points"
	Date        Unit = "date" // a day, stored as the days since 1 January 1970
)

// The characters that typographers use.
const (
	noBreak     = "\u00a0" // between a number and a word
	narrowBreak = "\u202f" // between a number and a sign
	minus       = "\u2212"
	absent      = "\u2013" // an en dash for no value
)

// form is how a unit is written: the factor, the digits after the point, and
// what follows the number for one and for many.
type form struct {
	scale    float64
	decimals int
	it, en   [2]string // singular, plural
}

// forms is immutable.
var forms = map[Unit]form{
	Percent:     {100, 1, [2]string{narrowBreak + "%", narrowBreak + "%"}, [2]string{"%", "%"}},
	PerThousand: {1000, 1, [2]string{narrowBreak + "‰", narrowBreak + "‰"}, [2]string{"‰", "‰"}},
	Per100k:     {100000, 2, both(" ogni" + noBreak + "100.000"), both(" per" + noBreak + "100,000")},
	PerHundred:  {100, 1, both(" ogni" + noBreak + "100"), both(" per" + noBreak + "100")},
	Days:        {1, 0, [2]string{noBreak + "giorno", noBreak + "giorni"}, [2]string{noBreak + "day", noBreak + "days"}},
	Hours:       {1, 0, [2]string{noBreak + "ora", noBreak + "ore"}, [2]string{noBreak + "hour", noBreak + "hours"}},
	Minutes:     {1, 0, both(noBreak + "min"), both(noBreak + "min")},
	Ratio:       {1, 2, [2]string{}, [2]string{}},
	Count:       {1, 0, [2]string{}, [2]string{}},
	Points:      {1, 1, [2]string{noBreak + "punto", noBreak + "punti"}, [2]string{noBreak + "point", noBreak + "points"}},
	Date:        {1, 0, [2]string{}, [2]string{}},
}

func both(suffix string) [2]string { return [2]string{suffix, suffix} }

// Known tells whether u is one of the units.
func (u Unit) Known() bool {
	_, ok := forms[u]
	return ok
}

// Scale is the factor from the stored value to the written one: 100 for a share.
func (u Unit) Scale() float64 {
	if f, ok := forms[u]; ok {
		return f.scale
	}
	return 1
}

// Decimals is the number of digits after the decimal sign in which values are written.
func (u Unit) Decimals() int { return forms[u].decimals }

// Symbol is what follows the number of many, without its space: "%", "giorni", "per 100,000", "".
func (u Unit) Symbol(lang string) string {
	f := forms[u]
	suffix := f.it[1]
	if lang == "en" {
		suffix = f.en[1]
	}
	return strings.ReplaceAll(strings.Trim(suffix, " "+noBreak+narrowBreak), noBreak, " ")
}

// Format writes a value with its unit in a language, "it" or "en": 0.123 of
// Percent is "12,3 %" and "12.3%"; 3 of Days is "3 giorni" and "3 days". The
// spaces do not break. A Date is "09/10/2024" and "9 October 2024". A value that
// is not a number is an en dash.
func (u Unit) Format(value float64, lang string) string { return u.FormatTo(value, 0, lang) }

// FormatTo is Format with at least so many digits after the decimal sign.
func (u Unit) FormatTo(value float64, digits int, lang string) string {
	number := u.NumberTo(value, digits, lang)
	if number == absent {
		return absent
	}
	f := forms[u]
	suffixes := f.it
	if lang == "en" {
		suffixes = f.en
	}
	if number == "1" || number == minus+"1" {
		return number + suffixes[0]
	}
	return number + suffixes[1]
}

// Number is Format without the unit, for a column whose head names it. Whole
// units keep one digit after the decimal sign when the value is not whole.
func (u Unit) Number(value float64, lang string) string { return u.NumberTo(value, 0, lang) }

// NumberTo is Number with at least so many digits after the decimal sign.
func (u Unit) NumberTo(value float64, digits int, lang string) string {
	if u == Date {
		return day(value, lang)
	}
	return Number(value*u.Scale(), max(u.usual(value), digits), lang)
}

// Written is the value as NumberTo writes it: 0.078 for 0.0783 of Percent, "7,8". That of a
// Date is a whole day; a value that is not a number stays as it is.
func (u Unit) Written(value float64, digits int) float64 {
	if u == Date || math.IsNaN(value) || math.IsInf(value, 0) {
		return math.Round(value)
	}
	scale := u.Scale()
	written := roundHalfAway(math.Abs(value*scale), max(u.usual(value), digits)) / scale
	if value < 0 && written != 0 {
		return -written
	}
	return written
}

// usual is the number of digits after the decimal sign that a value is written
// with when nothing asks for more.
func (u Unit) usual(value float64) int {
	f, ok := forms[u]
	switch {
	case !ok:
		return 2
	case f.decimals == 0 && value != math.Trunc(value) && u != Count:
		return 1
	}
	return f.decimals
}

// mostMoreDigits is how many digits more than usual an interval can ask for.
const mostMoreDigits = 4

// Digits is how many digits after the decimal sign a value and the ends of its
// interval are to be written with, at least, so that each end that differs from
// the value is seen to: 0.42 ‰ (0.41–0.43), not 0.4 ‰ (0.4–0.4). It is 0 where
// the usual digits do, and where one of the three is not a number.
func (u Unit) Digits(value, lower, upper float64) int {
	if u == Date || math.IsNaN(value+lower+upper) || math.IsInf(value+lower+upper, 0) {
		return 0
	}
	usual := max(u.usual(value), u.usual(lower), u.usual(upper))
	alike := func(end float64, digits int) bool {
		scale := u.Scale()
		return end != value && roundHalfAway(math.Abs(end*scale), digits) == roundHalfAway(math.Abs(value*scale), digits) &&
			math.Signbit(end) == math.Signbit(value)
	}
	for digits := usual; digits < usual+mostMoreDigits; digits++ {
		if alike(lower, digits) || alike(upper, digits) {
			continue
		}
		if digits == usual {
			return 0
		}
		return digits
	}
	return usual + mostMoreDigits
}

// FormatChange writes the difference between two values with its sign: of
// shares in percentage points ("+1,2 p.p.", "+1.2 pp"), of others in the unit, of dates
// in days.
func (u Unit) FormatChange(change float64, lang string) string {
	return u.FormatChangeTo(change, 0, lang)
}

// FormatChangeTo is FormatChange with at least so many digits after the decimal
// sign: those of the values that it is the difference of.
func (u Unit) FormatChangeTo(change float64, digits int, lang string) string {
	if u == Date {
		u = Days
	}
	text := u.FormatTo(change, digits, lang)
	number := u.NumberTo(change, digits, lang)
	if u == Percent && text != absent {
		text = number + noBreak + "p.p."
		if lang == "en" {
			text = number + noBreak + "pp"
		}
	}
	if change > 0 && strings.ContainsAny(number, "123456789") {
		return "+" + text
	}
	return text
}

// day writes the day that is so many days after 1 January 1970.
func day(value float64, lang string) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return absent
	}
	on := time.Unix(int64(math.Round(value))*86400, 0).UTC()
	if lang == "en" {
		return strings.ReplaceAll(on.Format("2 January 2006"), " ", noBreak)
	}
	return on.Format("02/01/2006")
}

// Number writes a number in a language with so many digits after the decimal
// sign, halves away from zero, thousands apart: 1234.5 is "1.234,5" and
// "1,234.5". A negative number has a true minus sign, a number that rounds to
// zero has none, and what is not a finite number is an en dash.
func Number(value float64, decimals int, lang string) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return absent
	}
	point, group := ",", "."
	if lang == "en" {
		point, group = ".", ","
	}
	var room, written [40]byte // a report has hundreds of thousands of numbers: these are on the stack
	digits := strconv.AppendFloat(room[:0], roundHalfAway(math.Abs(value), decimals), 'f', decimals, 64)
	whole, fraction, _ := bytes.Cut(digits, []byte("."))
	out := written[:0]
	if value < 0 && bytes.ContainsAny(digits, "123456789") {
		out = append(out, minus...)
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out = append(out, group...)
		}
		out = append(out, digit)
	}
	if len(fraction) > 0 {
		out = append(append(out, point...), fraction...)
	}
	return string(out)
}

// roundHalfAway rounds as people do on paper: 0.125 to two digits is 0.13. The
// tiny factor undoes representation error, as in 1.005 × 100 = 100.49999….
func roundHalfAway(value float64, decimals int) float64 {
	factor := math.Pow(10, float64(decimals))
	if value*factor >= 1<<50 {
		return value
	}
	return math.Round(value*factor*(1+1e-12)) / factor
}
