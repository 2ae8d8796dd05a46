package contract

import (
	"fmt"
	"time"
)

// date reads a date: days since 1970.
func (k *Checker) date(i int, c *cell, text []byte) (Value, *flaw) {
	at, ok := c.moment(text)
	if !ok {
		return Value{}, &flaw{rule: RuleDate, why: c.notOfForm(isoDate)}
	}
	if bad := outOfYears(at); bad != nil {
		return Value{}, bad
	}
	day := at.days()
	if i == k.month {
		k.day = day
	}
	return Value{Int: day}, nil
}

// timestamp reads a time: microseconds since 1970 UTC.
func (k *Checker) timestamp(i int, c *cell, text []byte) (Value, *flaw) {
	at, ok := c.moment(text)
	if !ok {
		return Value{}, &flaw{rule: RuleTimestamp, why: c.notOfForm(isoTimestamp)}
	}
	if bad := outOfYears(at); bad != nil {
		return Value{}, bad
	}
	day := at.days()
	seconds, kind := day*secondsPerDay+at.secondsOfDay()-int64(at.offset), once
	if !at.hasOffset {
		seconds, kind = k.clock.utc(day, at.secondsOfDay())
	} else if i == k.month {
		day = k.clock.localDay(seconds)
	}
	value := Value{Int: seconds*1_000_000 + int64(at.micros)}
	switch kind {
	case never:
		return Value{}, &flaw{rule: RuleGap, why: "is a time that did not exist: the clocks went forward over it"}
	case twice:
		k.setDay(i, day)
		return value, &flaw{rule: RuleAmbiguous, warning: true,
			why: "is a time that came twice when the clocks went back; the first is taken"}
	}
	k.setDay(i, day)
	return value, nil
}

// setDay keeps the local day of the month column.
func (k *Checker) setDay(i int, day int64) {
	if i == k.month {
		k.day = day
	}
}

func (c *cell) moment(text []byte) (civil, bool) {
	if c.layout != nil {
		return c.layout.parse(text)
	}
	return parseISO(text, c.column.Type == Timestamp)
}

func (c *cell) notOfForm(iso string) string {
	if c.layout != nil {
		return "is not a date of the form " + c.layout.text
	}
	return "is not a date of the form " + iso + "; the layout of the column may say another"
}

func outOfYears(at civil) *flaw {
	if at.year >= firstYear && at.year <= lastYear {
		return nil
	}
	return &flaw{rule: RuleRange, why: fmt.Sprintf("is not of the years %d to %d", firstYear, lastYear)}
}

// maxCodes bounds the memory that the spellings of one column take.
const maxCodes = 50_000

// codes remembers what the reference tables said, because a file has few
// different codes and many rows. The keys are its own strings, so that asking
// for a spelling seen before allocates nothing.
type codes struct {
	kind string
	refs References
	seen map[string]*codeSeen
}

type codeSeen struct {
	raw  string
	day  int64
	code []byte
	ok   bool
}

func (c *codes) find(raw []byte, day int64) (code []byte, ok bool) {
	s := c.seen[string(raw)]
	if s == nil {
		if c.seen == nil || len(c.seen) >= maxCodes {
			c.seen = map[string]*codeSeen{}
		}
		s = &codeSeen{raw: string(raw)}
		c.seen[s.raw] = s
	} else if s.day == day {
		return s.code, s.ok
	}
	var on time.Time
	if day != noDay {
		on = time.Unix(day*secondsPerDay, 0).UTC()
	}
	found, ok := c.refs.Resolve(c.kind, s.raw, on)
	if string(s.code) != found {
		s.code = []byte(found)
	}
	s.day, s.ok = day, ok
	return s.code, ok
}

// reference finds the code of a value on the day of the row, or, where that is
// not known because the row is refused for it, on any day.
func (k *Checker) reference(c *cell, text []byte) (Value, *flaw) {
	code, ok := c.codes.find(text, k.day)
	if !ok {
		return Value{}, &flaw{rule: RuleReference, why: fmt.Sprintf("is no known %s", c.column.References)}
	}
	return Value{Text: code}, nil
}
