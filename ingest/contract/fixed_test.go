package contract

import (
	"testing"
	"time"
)

// What is read by place is what walking over the words of a layout reads, of any
// text: by place only takes less time.
func FuzzFixedLayouts(f *testing.F) {
	for _, seed := range []string{"31/03/2024 02:30:00", "29/02/2023 10:00:00", "2024-02-29", "2024-12-31T23:59:59", "2024-12-31 24:00",
		"01/13/2024 00:00:00", "1/1/2024", "31/12/1899 00:00:00", "0:/01/2024 00:00:00"} {
		f.Add(seed)
	}
	clock := newClock(rome(f))
	var layouts []*Layout
	for _, text := range []string{"dd/MM/yyyy HH:mm:ss", "yyyy-MM-dd", "yyyyMMddHHmm", "dd.MM.yyyy HH"} {
		l, err := ParseLayout(text)
		if err != nil {
			f.Fatal(err)
		}
		layouts = append(layouts, l)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range layouts {
			at, ok := l.parse([]byte(text))
			agree(t, l.text, text, fixedLayouts(l, true), clock, at, ok)
		}
		at, ok := parseISO([]byte(text), true)
		if ok && (at.hasOffset || at.micros > 0) {
			return // not read by place
		}
		if fixed := fixedLayouts(nil, true); len(text) == 19 || len(text) == 16 {
			if len(text) == 19 && (text[10] == 't' || text[16] == '.' || text[16] == ',' || text[16] == '+' || text[16] == '-') {
				return // left to parseISO
			}
			agree(t, "ISO", text, fixed, clock, at, ok && (len(text) == 16 || text[16] == ':'))
		}
	})
}

func agree(t *testing.T, layout, text string, fixed []fixedLayout, clock *clock, at civil, ok bool) {
	t.Helper()
	if len(fixed) == 0 {
		t.Fatalf("%s is not read by place", layout)
	}
	ok = ok && at.year >= firstYear && at.year <= lastYear
	for i := range fixed {
		day, seconds, read := fixed[i].read([]byte(text), clock)
		if read && (!ok || day != at.days() || seconds != at.secondsOfDay()) {
			t.Errorf("%s: %q is day %d, second %d; it should be %+v (%v)", layout, text, day, seconds, at, ok)
		}
		if read {
			return
		}
	}
	if ok && layout != "ISO" {
		t.Errorf("%s: %q is not read by place", layout, text)
	}
}

func TestFirstOfMonth(t *testing.T) {
	clock := newClock(rome(t))
	for day := int64(-25567); day < 84006; day++ {
		at := time.Unix(day*secondsPerDay, 0).UTC()
		if got := clock.firstOfMonth(day); got != day-int64(at.Day())+1 {
			t.Fatalf("the month of %s begins on day %d", at.Format(time.DateOnly), got)
		}
	}
}

// moving is a reference table in which a province changes its code on one day.
type moving struct{ asked int }

func (m *moving) Resolve(_, raw string, on time.Time) (string, bool) {
	m.asked++
	switch {
	case raw != "Sassari":
		return "", false
	case on.Before(time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)):
		return "090", true
	}
	return "312", true
}

// A code is that of the day of the row, in whatever order the days come, and the
// tables are asked once a day.
func TestReferencesHoldOnTheirDay(t *testing.T) {
	refs := &moving{}
	c := cell{column: &Column{References: "province"}, refs: refs}
	k := &Checker{}
	days := []int64{20178, 20179, 20177, 12000, 20180, 20178, noDay, 23900, 20179}
	for range 2 {
		for _, day := range days {
			k.day = day
			var value Value
			bad := k.reference(&c, []byte("Sassari"), []byte("Sassari"), &value)
			want := "090"
			if day >= 20179 { // 2025-04-01
				want = "312"
			}
			if bad != nil || string(value.Text) != want || string(c.dictionary.texts[value.Code]) != want {
				t.Errorf("on day %d it is %q, want %q: %v", day, value.Text, want, bad)
			}
		}
		if bad := k.reference(&c, []byte("Atlantide"), []byte("Atlantide"), &Value{}); bad == nil {
			t.Error("Atlantide was found")
		}
	}
	refs.asked = 0
	k.day = 20179
	for range 100 {
		k.reference(&c, []byte("Sassari"), []byte("Sassari"), &Value{})
	}
	if refs.asked > 1 {
		t.Errorf("the tables were asked %d times", refs.asked)
	}
}

// The spellings of one column take no more memory than their bound, and are right
// beyond it.
func TestSpellingsAreBounded(t *testing.T) {
	refs := &moving{}
	c := cell{column: &Column{References: "province"}, refs: refs}
	k := &Checker{day: 20000}
	var value Value
	for i := range 3 * maxSpellings {
		raw := []byte(time.Unix(int64(i), 0).UTC().Format("15:04:05"))
		if bad := k.reference(&c, raw, raw, &value); bad == nil {
			t.Fatalf("%s was found", raw)
		}
		if bad := k.reference(&c, []byte("Sassari"), []byte("Sassari"), &value); bad != nil || string(value.Text) != "090" {
			t.Fatalf("after %d spellings: %v", i, bad)
		}
	}
	if len(c.spellings.known) > maxSpellings {
		t.Errorf("%d spellings are kept", len(c.spellings.known))
	}
}
