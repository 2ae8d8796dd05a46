package contract

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestLayouts(t *testing.T) {
	for _, test := range []struct{ layout, text, want string }{
		{"dd/MM/yyyy HH:mm", "29/02/2024 09:05", "2024-02-29 09:05:00.000000"},
		{"dd/MM/yyyy HH:mm", "29/02/2023 09:05", ""},
		{"dd/MM/yyyy HH:mm", "9/2/2024 09:05", ""},
		{"dd/MM/yyyy HH:mm", "09/02/2024 09:05 ", ""},
		{"dd/MM/yyyy HH:mm", "09/02/2024 24:00", ""},
		{"d/M/yyyy H:mm", "9/2/2024 9:05", "2024-02-09 09:05:00.000000"},
		{"d/M/yyyy H:mm", "09/12/2024 19:05", "2024-12-09 19:05:00.000000"},
		{"dd.MM.yy", "31.12.68", "2068-12-31 00:00:00.000000"},
		{"dd.MM.yy", "31.12.69", "1969-12-31 00:00:00.000000"},
		{"yyyyMMddTHHmmss", "20240301T080910", "2024-03-01 08:09:10.000000"},
		{"dd-MM-yyyy HH:mm:ss.SSS", "01-03-2024 08:09:10.5", "2024-03-01 08:09:10.500000"},
		{"yyyy-MM-dd HH:mmZ", "2024-03-01 08:09+05:30", "2024-03-01 02:39:00.000000"},
		{"", "2024-03-01T08:09:10.123456789-0100", "2024-03-01 09:09:10.123456"},
		{"", "2024-03-01 08:09", "2024-03-01 08:09:00.000000"},
		{"", "2024-03-01 08:09Z", "2024-03-01 08:09:00.000000"},
		{"", "2024-03-01", ""},
		{"", "2024-03-01 8:09", ""},
		{"", "2024-03-01 08:09:", ""},
		{"", "2024-03-01 08:09+1", ""},
		{"", "2024-13-01 08:09", ""},
		{"", "２024-03-01 08:09", ""},
	} {
		c := cell{column: &Column{Type: Timestamp}}
		if test.layout != "" {
			layout, err := ParseLayout(test.layout)
			if err != nil {
				t.Fatal(err)
			}
			c.layout = layout
		}
		got := ""
		if at, ok := c.moment([]byte(test.text)); ok {
			seconds := at.days()*secondsPerDay + at.secondsOfDay() - int64(at.offset)
			got = time.Unix(seconds, int64(at.micros)*1000).UTC().Format("2006-01-02 15:04:05.000000")
		}
		if got != test.want {
			t.Errorf("%q in %q: got %q, want %q", test.text, test.layout, got, test.want)
		}
	}
}

func TestMistakesInALayout(t *testing.T) {
	for layout, want := range map[string]string{
		"dd/mm/yyyy":       `layout "dd/mm/yyyy": it must have a year, a month and a day`,
		"DD/MM/yyyy":       `layout "DD/MM/yyyy": "D" has no meaning in it`,
		"dd/MM/yyyy mm":    `layout "dd/MM/yyyy mm": minutes need hours, seconds need minutes, and a fraction needs seconds`,
		"dd/MM/yyyy MM":    `layout "dd/MM/yyyy MM": MM says again what is said before`,
		"dd/MM/yyyy HH:ii": `layout "dd/MM/yyyy HH:ii": "i" has no meaning in it`,
	} {
		if _, err := ParseLayout(layout); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestDaysAgreeWithTheStandardLibrary(t *testing.T) {
	for at := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() <= lastYear; at = at.AddDate(0, 0, 1) {
		c := civil{year: at.Year(), month: int(at.Month()), day: at.Day()}
		if days := c.days(); days*secondsPerDay != at.Unix() || !c.exists() {
			t.Fatalf("%s is day %d", at.Format(time.DateOnly), days)
		}
	}
}

// Every instant, written as local time, is read as itself or as its twin an hour
// before; and what is read back shows the same local time.
func TestLocalTimeRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	zone := rome(t)
	c := clock{zone: zone}
	twins := 0
	for i := range 200_000 {
		instant := time.Unix(random.Int64N(70*365*secondsPerDay), 0)
		if i%2 == 0 { // near the last Sunday of October, or of March
			month := []time.Month{time.March, time.October}[random.IntN(2)]
			instant = time.Date(1970+random.IntN(70), month, 25+random.IntN(7), 0, random.IntN(300), 0, 0, time.UTC)
		}
		local := instant.In(zone)
		at := civil{year: local.Year(), month: int(local.Month()), day: local.Day(), hour: local.Hour(), minute: local.Minute(), second: local.Second()}
		got, kind := c.utc(at.days(), at.secondsOfDay())
		if time.Unix(got, 0).In(zone).Format(time.DateTime) != local.Format(time.DateTime) || kind == never {
			t.Fatalf("%s reads as %s (%v)", local, time.Unix(got, 0).In(zone), kind)
		}
		if got != instant.Unix() {
			twins++
			if kind != twice || got > instant.Unix() {
				t.Fatalf("%s reads as %s (%v)", local, time.Unix(got, 0).In(zone), kind)
			}
		}
		if day := c.localDay(instant.Unix()); day != at.days() {
			t.Fatalf("%s is on day %d, want %d", local, day, at.days())
		}
	}
	if twins == 0 {
		t.Error("the autumn hour never came up")
	}
}

func TestSpringGap(t *testing.T) {
	c := clock{zone: rome(t)}
	day := civil{year: 2024, month: 3, day: 31}.days()
	for minute := range int64(24 * 60) {
		_, kind := c.utc(day, minute*60)
		if want := minute >= 120 && minute < 180; (kind == never) != want {
			t.Errorf("minute %d of the day: %v", minute, kind)
		}
	}
}
