package synthetic

import (
	"time"

	"tavolo/ingest/reference"
)

// minute is an instant as clocks in Rome show it, in minutes since the
// beginning of 1970; dayOf is its day. Zero is "not (yet)": no log goes back
// that far. Counting on the wall spares the time zone in all arithmetic; the
// hour that a night in spring or autumn is off does not matter here.
type minute int64

type dayOf int32

const minutesADay = 24 * 60

func (m minute) day() dayOf        { return dayOf(m / minutesADay) }
func (d dayOf) at(hour int) minute { return minute(d)*minutesADay + minute(hour)*60 }
func (d dayOf) time() time.Time    { return time.Unix(int64(d)*86400, 0).UTC() }
func toDay(t time.Time) dayOf      { return dayOf(t.Unix() / 86400) }
func hours(h float64) minute       { return minute(h * 60) }
func days(d float64) minute        { return minute(d * minutesADay) }

// sane moves an instant out of the nights in which the clocks change, so that
// no good row has a time that does not exist or exists twice.
func (m minute) sane() minute {
	if hour := m % minutesADay / 60; hour >= 1 && hour < 4 && changesClocks(m.day()) {
		return m + 4*60
	}
	return m
}

func changesClocks(d dayOf) bool {
	t := d.time()
	return t.Weekday() == time.Sunday && t.Day() > 24 && (t.Month() == time.March || t.Month() == time.October)
}

// offset gives the hours that Rome is ahead of UTC: 2 in summer, from the last
// Sunday of March to the last of October (Directive 2000/84/EC), else 1.
func (m minute) offset() int {
	t := m.day().time()
	changed := func() bool { // on or after the last Sunday of the month
		sunday := 31 - int(time.Date(t.Year(), t.Month(), 31, 0, 0, 0, 0, time.UTC).Weekday())
		return t.Day() > sunday || t.Day() == sunday && m%minutesADay >= 3*60
	}
	switch month := t.Month(); {
	case month > time.March && month < time.October:
		return 2
	case month == time.March && changed(), month == time.October && !changed():
		return 2
	}
	return 1
}

// The forms in which the sources write times; zero is written as nothing.

// italian is dd/MM/yyyy HH:mm.
func italian(m minute) string { return m.form("02/01/2006 15:04") }

// iso is ISO 8601 without an offset.
func iso(m minute) string { return m.form("2006-01-02T15:04:05") }

// isoOffset is ISO 8601 with the offset of Rome.
func isoOffset(m minute) string {
	if m == 0 {
		return ""
	}
	if m.offset() == 2 {
		return iso(m) + "+02:00"
	}
	return iso(m) + "+01:00"
}

// italianDay is dd/MM/yyyy and isoDay yyyy-MM-dd.
func italianDay(d dayOf) string { return d.at(0).form("02/01/2006") }
func isoDay(d dayOf) string     { return d.at(0).form(time.DateOnly) }

func (m minute) form(layout string) string {
	if m == 0 {
		return ""
	}
	return time.Unix(int64(m)*60, 0).UTC().Format(layout)
}

// agenda knows the working days of the years around the period.
type agenda struct {
	first   dayOf
	working []bool
}

func newAgenda(from time.Time, months int) agenda {
	last := from.AddDate(0, months, 0).Year() + 1
	calendar := reference.Calendar(from.Year()-1, last)
	a := agenda{first: toDay(calendar[0].Date)}
	for _, day := range calendar {
		a.working = append(a.working, day.Working)
	}
	return a
}

// open gives d, or the next working day after it.
func (a agenda) open(d dayOf) dayOf {
	for i := int(d - a.first); i >= 0 && i < len(a.working); i++ {
		if a.working[i] {
			return a.first + dayOf(i)
		}
	}
	return d
}

// openBefore gives d, or the last working day before it.
func (a agenda) openBefore(d dayOf) dayOf {
	for i := int(d - a.first); i >= 0 && i < len(a.working); i-- {
		if a.working[i] {
			return a.first + dayOf(i)
		}
	}
	return d
}

// officeTime draws a moment of a working day from first to before last, in
// opening hours. Where the stretch has no working day it is a day of it.
func (a agenda) officeTime(c chance, first, last dayOf) minute {
	d := first + dayOf(c.IntN(int(last-first)))
	if d = a.open(d); d >= last {
		d = first + dayOf(c.IntN(int(last-first)))
	}
	return d.at(8) + minute(c.IntN(9*60))
}

// anyTime draws a moment between seven in the morning and eleven at night.
func (a agenda) anyTime(c chance, first, last dayOf) minute {
	return (first + dayOf(c.IntN(int(last-first)))).at(7) + minute(c.IntN(16*60))
}
