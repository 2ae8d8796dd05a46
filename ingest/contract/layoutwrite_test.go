package contract

import (
	"testing"
	"time"
)

// TestLayoutWritesWhatItReads writes a time in each layout and reads it back.
func TestLayoutWritesWhatItReads(t *testing.T) {
	at := time.Date(2024, 3, 5, 9, 7, 8, 120_000_000, time.UTC)
	for _, test := range []struct {
		layout, want string
		at           time.Time
		instant      bool
	}{
		{"dd/MM/yyyy HH:mm:ss.SSS", "05/03/2024 09:07:08.120000", at, false},
		{"d.M.yy H:mm", "5.3.24 9:07", at.Truncate(time.Minute), false},
		{"yyyyMMdd", "20240305", at.Truncate(24 * time.Hour), false},
		{"yyyy-MM-ddTHH:mm:ss.SSSZ", "2024-03-05T09:07:08.120000Z", at, true},
	} {
		layout, err := ParseLayout(test.layout)
		if err != nil {
			t.Fatal(err)
		}
		got := layout.Append(nil, test.at)
		if string(got) != test.want || !layout.Holds(test.at, test.instant) {
			t.Errorf("%s: %s, want %s", test.layout, got, test.want)
		}
		back, ok := layout.parse(got)
		if !ok || back.days() != test.at.Unix()/86400 || back.secondsOfDay() != test.at.Unix()%86400 || back.micros != test.at.Nanosecond()/1000 {
			t.Errorf("%s: %s is read as %+v", test.layout, got, back)
		}
	}
	for _, layout := range []string{"dd/MM/yyyy", "dd/MM/yyyy HH:mm", "dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm:ss.SSSZ"} {
		if l, _ := ParseLayout(layout); l.Holds(at, false) {
			t.Errorf("%s holds %s", layout, at)
		}
	}
}
