package contract

import "time"

const (
	secondsPerDay = 86400
	firstYear     = 1900
	lastYear      = 2199
)

// civil is a date and time as they are written.
type civil struct {
	year, month, day     int
	hour, minute, second int
	micros               int
	offset               int // seconds east of UTC
	hasOffset            bool
}

// exists says whether there is such a date and such a time of day.
func (c civil) exists() bool {
	return c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= daysIn(c.year, c.month) &&
		c.hour <= 23 && c.minute <= 59 && c.second <= 59
}

// days gives the days from 1970-01-01 to the date, in the Gregorian calendar.
// The year is counted from March, so that the leap day is its last (Hinnant,
// "chrono-compatible low-level date algorithms").
func (c civil) days() int64 {
	y, m := int64(c.year), int64(c.month)
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400 // years are positive here
	yearOfEra := y - era*400
	dayOfYear := (153*(m-3)+2)/5 + int64(c.day) - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

// secondsOfDay gives the seconds from midnight to the time.
func (c civil) secondsOfDay() int64 {
	return int64(c.hour)*3600 + int64(c.minute)*60 + int64(c.second)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// clock turns local times into UTC. It remembers the days that it has seen,
// because asking the time zone for each row would cost more than the rest of it.
type clock struct {
	zone   *time.Location
	months [(lastYear-firstYear+1)*12 + 1]int32 // first days since 1970, from January of firstYear
	seen   [2048]seenDay
}

// seenDay is a local day with one offset from beginning to end, in seconds.
type seenDay struct{ key, offset int32 }

// seenKey tells the days of all years apart, and from none.
func seenKey(day int64) int32 { return int32(day) + 1<<24 }

func newClock(zone *time.Location) *clock {
	c := &clock{zone: zone}
	for i := range c.months {
		c.months[i] = int32(civil{year: firstYear + i/12, month: i%12 + 1, day: 1}.days())
	}
	return c
}

// day gives the days since 1970 of a date, and false when there is none in the
// years that are known.
func (c *clock) day(year, month, day int) (days int64, ok bool) {
	if year < firstYear || year > lastYear || month < 1 || month > 12 {
		return 0, false
	}
	at := (year-firstYear)*12 + month - 1
	first := c.months[at]
	return int64(first) + int64(day) - 1, day >= 1 && day <= int(c.months[at+1]-first)
}

// What utc found out about a local time.
type localTime int

const (
	once  localTime = iota // an ordinary time
	never                  // skipped when the clock went forward
	twice                  // shown twice when the clock went back; the first is taken
)

// firstOfMonth gives the first day of the month of a day, both in days since 1970.
func (c *clock) firstOfMonth(day int64) int64 {
	const daysIn400Years = 146097
	last := len(c.months) - 1
	at := min(max(int((day-int64(c.months[0]))*400*12/daysIn400Years), 0), last)
	for at < last && int64(c.months[at+1]) <= day {
		at++
	}
	for at > 0 && int64(c.months[at]) > day {
		at--
	}
	return int64(c.months[at])
}

// utc gives the seconds since 1970 UTC of a local time: a day and its seconds.
func (c *clock) utc(day, seconds int64) (int64, localTime) {
	local := day*secondsPerDay + seconds
	s := &c.seen[uint64(day)%uint64(len(c.seen))]
	if s.key == seenKey(day) {
		return local - int64(s.offset), once
	}
	before, after := c.around(day)
	if before == after {
		*s = seenDay{seenKey(day), int32(before)}
		return local - before, once
	}
	early, late := local-before, local-after
	isEarly, isLate := c.offset(early) == before, c.offset(late) == after
	switch {
	case isEarly && isLate && early != late:
		return min(early, late), twice
	case isEarly:
		return early, once
	case isLate:
		return late, once
	}
	return 0, never
}

// around gives the offsets safely before and after a local day.
func (c *clock) around(day int64) (before, after int64) {
	const margin = 15 * 3600 // more than any offset
	return c.offset(day*secondsPerDay - margin), c.offset((day+1)*secondsPerDay + margin)
}

// offset gives the seconds east of UTC at an instant.
func (c *clock) offset(instant int64) int64 {
	_, offset := time.Unix(instant, 0).In(c.zone).Zone()
	return int64(offset)
}

// localDay gives the local day of an instant, in days since 1970.
func (c *clock) localDay(instant int64) int64 {
	local := instant + c.offset(instant)
	day := local / secondsPerDay
	if local%secondsPerDay < 0 {
		day--
	}
	return day
}
