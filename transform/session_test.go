package transform

import (
	"context"
	"errors"
	"testing"
	"time"

	"tavolo/ingest/lake"
	"tavolo/transform/result"
)

func TestSessionKnowsEverythingByName(t *testing.T) {
	ctx := context.Background()
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	runJob(t, newJob(t, l, nil))
	e, err := Session(ctx, l, references(t), SessionOptions{SQL: smallSQL(nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int64{
		"select count(*) from interactions":                                                100,
		"select count(*) from stg_contacts":                                                100,
		"select count(*) from bookings":                                                    0,
		"select cast(sum(solved) as bigint) from solved":                                   60,
		"select count(*) from indicator_cells where territory_code = '058' and value = .6": 2, // month and twelve months
		"select count(*) from ledger where outcome = 'committed'":                          1,
		"select count(*) from batches":                                                     1,
		"select count(*) from quarantine":                                                  0,
		"select count(*) from territories where level = 'province'":                        107,
		"select count(*) from run where owner = 'Ufficio di prova'":                        1,
	} {
		answer, err := e.Query(ctx, query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
		} else if got := answer.Rows[0][0]; got != want {
			t.Errorf("%s: %v, want %d", query, got, want)
		}
	}
}

func TestSessionOverAnEmptyLake(t *testing.T) {
	ctx := context.Background()
	e, err := Session(ctx, newLake(t, nil), references(t), SessionOptions{SQL: smallSQL(nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if answer, err := e.Query(ctx, "select count(*) from interactions"); err != nil || answer.Rows[0][0] != int64(0) {
		t.Errorf("%v, %v", answer, err)
	}
}

func TestLoadTellsWhatIsMissing(t *testing.T) {
	ctx := context.Background()
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	j := newJob(t, l, nil)
	if _, err := Load(ctx, l, j.References); !errors.Is(err, lake.ErrNoTable) {
		t.Errorf("before the first run: %v", err)
	}
	runJob(t, j)
	// A run that stops while it stores its results has replaced some tables.
	if err := cellTable.store(ctx, l, nil, map[string]string{runKey: "run-2"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(ctx, l, j.References); !errors.Is(err, ErrUnfinished) {
		t.Errorf("after half a run: %v", err)
	}
}

func TestPeriods(t *testing.T) {
	count := map[result.Grain]int{}
	for _, p := range periodsBetween(date("2023-02-01"), date("2024-12-01")) {
		count[p.grain]++
		if p.from.Before(date("2023-02-01")) || p.to.After(date("2024-12-01")) || p.to.Before(p.from) {
			t.Errorf("%+v", p)
		}
	}
	want := map[result.Grain]int{result.Month: 23, result.Quarter: 7, result.Year: 1, result.Rolling12: 12}
	for grain, n := range want {
		if count[grain] != n {
			t.Errorf("%d periods of %s, want %d", count[grain], grain, n)
		}
	}
	few := periodsBetween(date("2024-03-01"), date("2024-04-01"))
	last := few[len(few)-1]
	if len(few) != 3 || last.grain != result.Rolling12 || !last.from.Equal(date("2024-03-01")) {
		t.Errorf("two months: %+v", few)
	}
}

func TestMaturity(t *testing.T) {
	for _, test := range []struct {
		days int
		asOf string
		want bool
	}{
		{0, "2024-01-15", true}, {30, "2024-03-02", true}, {30, "2024-03-01", false}, {1, "2024-02-01", false}, {1, "2024-02-02", true},
	} {
		if got := mature(date("2024-01-01"), test.days, date(test.asOf)); got != test.want {
			t.Errorf("January after %d days as of %s: %v", test.days, test.asOf, got)
		}
	}
}

// The last month of a report is whole: no working day of it is left.
func TestLastMonth(t *testing.T) {
	for _, test := range []struct{ newest, want string }{
		{"2024-03-28", "2024-02-01"}, // Good Friday is a working day
		{"2024-03-29", "2024-03-01"}, // Saturday, Easter and nothing else
		{"2024-03-31", "2024-03-01"},
	} {
		l := newLake(t, map[string][]event{"interactions": append(
			contacts("2024-02", "058", "pec", 40, 20), contacts(test.newest, "058", "pec", 40, 20)...)})
		s := runJob(t, newJob(t, l, nil))
		if !s.Run.LastMonth.Equal(date(test.want)) {
			t.Errorf("newest contact on %s: last month %v", test.newest, s.Run.LastMonth)
		}
		if s.Run.DataUntil.In(time.UTC).Format(time.DateOnly) != test.newest {
			t.Errorf("data until %v", s.Run.DataUntil)
		}
	}
}
