package contract

import "fmt"

// date reads a date: days since 1970.
func (k *Checker) date(i int, c *cell, text []byte, to *Value) *flaw {
	for f := range c.fixed {
		if day, _, ok := c.fixed[f].read(text, k.clock); ok {
			k.setDay(i, day)
			to.Int = day
			return nil
		}
	}
	at, ok := c.moment(text)
	if !ok {
		return &flaw{rule: RuleDate, why: c.notOfForm(isoDate)}
	}
	if bad := outOfYears(at); bad != nil {
		return bad
	}
	day := at.days()
	k.setDay(i, day)
	to.Int = day
	return nil
}

// timestamp reads a time: microseconds since 1970 UTC.
func (k *Checker) timestamp(i int, c *cell, text []byte, to *Value) *flaw {
	for f := range c.fixed {
		if day, seconds, ok := c.fixed[f].read(text, k.clock); ok {
			return k.instant(i, day, seconds, 0, to)
		}
	}
	at, ok := c.moment(text)
	if !ok {
		return &flaw{rule: RuleTimestamp, why: c.notOfForm(isoTimestamp)}
	}
	if bad := outOfYears(at); bad != nil {
		return bad
	}
	day := at.days()
	if !at.hasOffset {
		return k.instant(i, day, at.secondsOfDay(), at.micros, to)
	}
	seconds := day*secondsPerDay + at.secondsOfDay() - int64(at.offset)
	if i == k.month {
		k.setDay(i, k.clock.localDay(seconds))
	}
	to.Int = seconds*1_000_000 + int64(at.micros)
	return nil
}

// instant gives the time of a local day and its seconds and microseconds.
func (k *Checker) instant(i int, day, ofDay int64, micros int, to *Value) *flaw {
	seconds, kind := k.clock.utc(day, ofDay)
	if kind == never {
		return &flaw{rule: RuleGap, why: "is a time that did not exist: the clocks went forward over it"}
	}
	k.setDay(i, day)
	to.Int = seconds*1_000_000 + int64(micros)
	if kind == twice {
		return &flaw{rule: RuleAmbiguous, warning: true,
			why: "is a time that came twice when the clocks went back; the first is taken"}
	}
	return nil
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
