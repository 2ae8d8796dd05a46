package transform

import (
	"time"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// period is a run of whole months under the name by which it is published.
type period struct {
	grain  result.Grain
	start  time.Time // as in result.Cell
	from   time.Time // first day of its first month
	to     time.Time // first day of its last month
	deep   bool      // figures are given of provinces too
	broken bool      // figures are also given by service, patronato, …, of Italy and the regions
	nested bool      // … and of provinces too
}

// periodsBetween gives the periods of all grains within two months, both
// included. Quarters and years are there when all their months are, the twelve
// months that end with a month likewise; only those that end with the last month
// are always there, of as many months as there are.
//
// Not every period is given for every territory and item: the figures would be
// millions, most of them withheld. Years and the twelve months that end now and a
// year ago are broken down, for provinces only those that end now; and the twelve
// months that end at another time than now, a month or a year ago are for Italy
// and the regions alone.
func periodsBetween(first, last time.Time) []period {
	var periods []period
	for month := first; !month.After(last); month = month.AddDate(0, 1, 0) {
		periods = append(periods, period{grain: result.Month, start: month, from: month, to: month, deep: true})
		quarter := time.Date(month.Year(), (month.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
		if month.Equal(quarter.AddDate(0, 2, 0)) && !quarter.Before(first) {
			periods = append(periods, period{grain: result.Quarter, start: quarter, from: quarter, to: month, deep: true})
		}
		year := time.Date(month.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		if month.Month() == time.December && !year.Before(first) {
			periods = append(periods, period{grain: result.Year, start: year, from: year, to: month, deep: true, broken: true})
		}
		if twelve := twelveMonths(month, first, last); !twelve.from.Before(first) {
			periods = append(periods, twelve)
		}
	}
	return periods
}

func twelveMonths(month, first, last time.Time) period {
	p := period{grain: result.Rolling12, start: month, from: month.AddDate(0, -11, 0), to: month}
	p.nested = month.Equal(last)
	p.broken = p.nested || month.Equal(last.AddDate(-1, 0, 0))
	p.deep = p.broken || month.Equal(last.AddDate(0, -1, 0))
	if p.nested && p.from.Before(first) {
		p.from = first
	}
	return p
}

// of gives a period as an indicator counts it: longer periods leave out the
// months that are not mature yet, unless none is, so that a year is not spoilt
// by its last days. A stock is that of the last month.
func (p period) of(k *kpi.Indicator, asOf time.Time) period {
	if k.Stock {
		p.from = p.to
	}
	last := p.to
	for !mature(last, k.MaturityDays, asOf) && last.After(p.from) {
		last = last.AddDate(0, -1, 0)
	}
	if mature(last, k.MaturityDays, asOf) {
		p.to = last
	}
	return p
}

// days is how many calendar days the period has.
func (p period) days() float64 {
	return p.to.AddDate(0, 1, 0).Sub(p.from).Hours() / 24
}

// mature says whether so many days have passed since the end of a month. The last day
// known is none of them: it may not be over, and who comes back tonight, or is decided on
// today, is not on record.
func mature(month time.Time, days int, asOf time.Time) bool {
	return !month.AddDate(0, 1, days).After(asOf) || days == 0
}

// gives says whether figures of the period are given at a level of territories,
// by a breakdown or all together.
func (p period) gives(by kpi.Breakdown, level string) bool {
	switch {
	case by == "":
		return p.deep || level != reference.LevelProvince
	case level == reference.LevelProvince:
		return p.broken && p.nested
	}
	return p.broken
}
