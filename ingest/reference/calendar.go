package reference

import "time"

// Day is one day of the calendar.
type Day struct {
	Date      time.Time // UTC midnight
	Working   bool      // Monday to Friday and no national holiday
	NameIT    string    // of the holiday; empty on other days
	NameEN    string
	IsHoliday bool // national; the patron saint of a town is none
}

// fixedHolidays are the national holidays with a date of their own
// (L. 27 May 1949, n. 260, L. 5 March 1977, n. 54, as amended), in the order of the year.
var fixedHolidays = []struct {
	month  time.Month
	day    int
	since  int // first year, within living memory of any log
	it, en string
}{
	{time.January, 1, 0, "Capodanno", "New Year's Day"},
	{time.January, 6, 1986, "Epifania", "Epiphany"},
	{time.April, 25, 0, "Festa della Liberazione", "Liberation Day"},
	{time.May, 1, 0, "Festa del lavoro", "Labour Day"},
	{time.June, 2, 2001, "Festa della Repubblica", "Republic Day"},
	{time.August, 15, 0, "Assunzione di Maria", "Assumption of Mary"},
	{time.October, 4, 2026, "San Francesco d'Assisi", "Saint Francis of Assisi"}, // L. 8 October 2025, n. 151
	{time.November, 1, 0, "Tutti i santi", "All Saints' Day"},
	{time.December, 8, 0, "Immacolata Concezione", "Immaculate Conception"},
	{time.December, 25, 0, "Natale", "Christmas Day"},
	{time.December, 26, 0, "Santo Stefano", "Saint Stephen's Day"},
}

// Calendar computes the days from the first of January of one year to the end
// of another, both included.
func Calendar(firstYear, lastYear int) []Day {
	var days []Day
	for year := firstYear; year <= lastYear; year++ {
		holidays := holidaysOf(year)
		for date := newDate(year, time.January, 1); date.Year() == year; date = date.AddDate(0, 0, 1) {
			day := Day{Date: date}
			if names, ok := holidays[date]; ok {
				day.IsHoliday, day.NameIT, day.NameEN = true, names[0], names[1]
			}
			weekend := date.Weekday() == time.Saturday || date.Weekday() == time.Sunday
			day.Working = !weekend && !day.IsHoliday
			days = append(days, day)
		}
	}
	return days
}

// holidaysOf gives the Italian and English names by date. A movable feast that
// falls on a fixed one (Easter Monday on 25 April) gives way to it.
func holidaysOf(year int) map[time.Time][2]string {
	easter := Easter(year)
	holidays := map[time.Time][2]string{
		easter:                  {"Pasqua", "Easter Sunday"},
		easter.AddDate(0, 0, 1): {"Lunedì dell'Angelo", "Easter Monday"},
	}
	for _, holiday := range fixedHolidays {
		if year >= holiday.since {
			holidays[newDate(year, holiday.month, holiday.day)] = [2]string{holiday.it, holiday.en}
		}
	}
	return holidays
}

// Easter computes the Sunday of Easter in the Gregorian calendar, by the
// anonymous algorithm of 1876 (Butcher's; Meeus, Astronomical Algorithms, chapter 8).
func Easter(year int) time.Time {
	golden, century, yearOfCentury := year%19, year/100, year%100
	correction := (century - (century+8)/25 + 1) / 3
	epact := (19*golden + century - century/4 - correction + 15) % 30
	weekday := (32 + 2*(century%4) + 2*(yearOfCentury/4) - epact - yearOfCentury%4) % 7
	late := (golden + 11*epact + 22*weekday) / 451
	n := epact + weekday - 7*late + 114
	return newDate(year, time.Month(n/31), n%31+1)
}

func newDate(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
