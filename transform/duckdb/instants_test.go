package duckdb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestInstantsAreThoseOfTheLibrary compares the engine's quick functions of
// instants with those that they stand before, around every change of the clocks,
// in the years whose offsets are known and in others.
func TestInstantsAreThoseOfTheLibrary(t *testing.T) {
	engine := open(t)
	var rows []string
	for _, year := range []int{1967, 1999, 2009, 2010, 2011, 2024, 2025, 2026, 2037, 2039, 2040} {
		for _, month := range []time.Month{time.January, time.March, time.May, time.September, time.October} {
			// The last week of the month, every three hours and just before.
			for at := time.Date(year, month, 24, 22, 0, 0, 0, time.UTC); at.Day() >= 24; at = at.Add(3 * time.Hour) {
				rows = append(rows, fmt.Sprintf("(timestamptz '%s'), (timestamptz '%s')",
					at.Format(time.RFC3339), at.Add(-time.Microsecond).Format(time.RFC3339Nano)))
			}
		}
	}
	run(t, engine, "instants", "select * from (values "+strings.Join(rows, ", ")+", (null)) as made (instant)")
	for name, query := range map[string]string{
		"local time": `select instant, instant at time zone 'Europe/Rome', system.main.timezone('Europe/Rome', instant) from instants
			where instant at time zone 'Europe/Rome' is distinct from system.main.timezone('Europe/Rome', instant)`,
		"another zone": `select instant from instants where instant at time zone 'America/Lima' is distinct from system.main.timezone('America/Lima', instant)`,
		"seconds": `select since.instant, until.instant from instants as since inner join instants as until on date_trunc('year', until.instant) = date_trunc('year', since.instant) and hash(until.instant) % 64 = 0
			where date_diff('second', since.instant, until.instant) is distinct from system.main.date_diff('second', since.instant, until.instant)`,
		"days": `select instant from instants where date_diff('day', timestamptz '2020-01-01 00:00:00Z', instant)
			is distinct from system.main.date_diff('day', timestamptz '2020-01-01 00:00:00Z', instant)`,
	} {
		answer, err := engine.Query(t.Context(), query)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if len(answer.Rows) > 0 {
			t.Errorf("%s: %d differ, the first %v", name, len(answer.Rows), answer.Rows[0])
		}
	}
}

// TestFunctionsOfInstantsTakeWhatTheyTook gives the functions the types that the
// engine's own take: a local time, a day, a time of day, a text, and nothing.
func TestFunctionsOfInstantsTakeWhatTheyTook(t *testing.T) {
	engine := open(t)
	for expression, want := range map[string]string{
		"timestamp '2024-07-01 12:00:00' at time zone 'Europe/Rome'":                                "2024-07-01 10:00:00+00",
		"date '2024-07-01' at time zone 'Europe/Rome'":                                              "2024-06-30 22:00:00+00",
		"null at time zone 'Europe/Rome'":                                                           "null",
		"timestamptz '2024-07-01 12:00:00Z' at time zone null":                                      "null",
		"date_diff('day', date '2024-02-28', date '2024-03-01')":                                    "2",
		"date_diff('second', date '2024-02-28', date '2024-02-29')":                                 "86400",
		"date_diff('minute', time '10:00:00', time '11:30:00')":                                     "90",
		"date_diff('second', timestamp '2024-01-01 00:00:00', timestamp '2024-01-01 00:00:09')":     "9",
		"date_diff('day', date '2024-01-01', timestamp '2024-01-03 10:00:00')":                      "2",
		"date_diff('day', '2024-01-01', date '2024-01-03')":                                         "2",
		"date_diff('second', null, timestamptz '2024-07-01 12:00:00Z')":                             "null",
		"date_diff('hour', timestamptz '2024-07-01 10:59:00Z', timestamptz '2024-07-01 12:00:00Z')": "2",
	} {
		answer, err := engine.Query(t.Context(), "select coalesce(cast("+expression+" as varchar), 'null')")
		if err != nil {
			t.Errorf("%s: %v", expression, err)
		} else if got := answer.Rows[0][0]; got != want {
			t.Errorf("%s: %v, want %s", expression, got, want)
		}
	}
}
