package reference_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"strconv"
	"testing"
	"time"

	"tavolo/ingest/reference"
)

var update = flag.Bool("update", false, "write the files that are computed")

// calendarFile is the seed that this package computes.
const calendarFile = "../../sql/seeds/calendar.csv"

func TestCalendarSeedEqualsComputation(t *testing.T) {
	var want bytes.Buffer
	w := csv.NewWriter(&want)
	rows := [][]string{{"date", "is_working_day", "holiday_it", "holiday_en"}}
	for _, day := range reference.Calendar(2015, 2035) {
		rows = append(rows, []string{day.Date.Format("2006-01-02"), strconv.FormatBool(day.Working), day.NameIT, day.NameEN})
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(calendarFile, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(calendarFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what Calendar(2015, 2035) gives; make update writes it", calendarFile)
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []string{
		"1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2015-04-05", "2016-03-27",
		"2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2035-03-25", "2038-04-25",
	} {
		day, err := time.Parse("2006-01-02", want)
		if err != nil {
			t.Fatal(err)
		}
		if got := reference.Easter(day.Year()); !got.Equal(day) {
			t.Errorf("Easter(%d) = %s, want %s", day.Year(), got.Format("2006-01-02"), want)
		}
	}
}

func TestWorkingDays(t *testing.T) {
	working, names := map[string]bool{}, map[string]string{}
	counts := map[int]int{}
	for _, day := range reference.Calendar(2024, 2027) {
		date := day.Date.Format("2006-01-02")
		working[date], names[date] = day.Working, day.NameIT
		if day.Working {
			counts[day.Date.Year()]++
		}
	}
	for date, want := range map[string]bool{
		"2024-04-01": false, // Easter Monday
		"2024-04-25": false,
		"2024-02-29": true,
		"2024-12-24": true,
		"2024-12-26": false,
		"2024-06-01": false, // Saturday
		"2024-10-04": true,  // not yet a holiday
		"2025-10-03": true,
		"2027-10-04": false, // Saint Francis, a Monday
	} {
		if working[date] != want {
			t.Errorf("%s: working %t, want %t", date, working[date], want)
		}
	}
	if counts[2024] != 254 {
		t.Errorf("2024 has %d working days, want 254: 262 weekdays less 8 holidays on one", counts[2024])
	}
	if names["2026-10-04"] != "San Francesco d'Assisi" {
		t.Errorf("4 October 2026 is %q", names["2026-10-04"])
	}
}
