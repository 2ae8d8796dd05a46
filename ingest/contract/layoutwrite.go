package contract

import (
	"strconv"
	"time"
)

// Append writes a time as the layout has it, by the fields that t shows. It is
// the inverse of reading, so far as the layout says all of t: see [Layout.Holds].
func (l *Layout) Append(to []byte, t time.Time) []byte {
	for _, p := range l.parts {
		switch p.meaning {
		case partLiteral:
			to = append(to, p.literal)
		case partYear:
			to = appendDigits(to, t.Year(), 4)
		case partShortYear:
			to = appendDigits(to, t.Year()%100, 2)
		case partMonth:
			to = appendDigits(to, int(t.Month()), p.least)
		case partDay:
			to = appendDigits(to, t.Day(), p.least)
		case partHour:
			to = appendDigits(to, t.Hour(), p.least)
		case partMinute:
			to = appendDigits(to, t.Minute(), 2)
		case partSecond:
			to = appendDigits(to, t.Second(), 2)
		case partFractional:
			to = appendDigits(to, t.Nanosecond()/1000, 6)
		case partZoneOffset:
			to = t.AppendFormat(to, "Z07:00")
		}
	}
	return to
}

// Holds says whether the layout has room for all of a time: one of the years that
// two digits can mean, a time of day where t has one, seconds where it has some,
// a fraction, and an offset exactly where t is an instant.
func (l *Layout) Holds(t time.Time, instant bool) bool {
	has := map[meaning]bool{}
	for _, p := range l.parts {
		has[p.meaning] = true
	}
	nothingBelow := func(words meaning, value int) bool { return has[words] || value == 0 }
	return (has[partYear] || t.Year() >= 1969 && t.Year() <= 2068) &&
		nothingBelow(partHour, t.Hour()) && nothingBelow(partMinute, t.Minute()) &&
		nothingBelow(partSecond, t.Second()) && nothingBelow(partFractional, t.Nanosecond()/1000) &&
		has[partZoneOffset] == instant
}

// appendDigits writes a number with no fewer digits.
func appendDigits(to []byte, n, digits int) []byte {
	for limit := 10; digits > 1; digits, limit = digits-1, limit*10 {
		if n < limit {
			to = append(to, '0')
		}
	}
	return strconv.AppendInt(to, int64(n), 10)
}
