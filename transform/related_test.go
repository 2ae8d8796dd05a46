package transform

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tavolo/transform/kpi"
)

// againCounts computes both marts of twoJobs, of which again counts what condition says,
// and those that are not solved.
func againCounts(t *testing.T, condition string) (*run, map[string][]*kpi.Indicator) {
	t.Helper()
	j := twoJobs(t, newLake(t, map[string][]event{"interactions": fewEverywhere(7)}), true, true)
	j.SQL = smallSQL(map[string]string{"marts/again.sql": `select month, province_code as territory_code, service_code,
		count(*) filter (where ` + condition + `) as requests,
		count(*) filter (where coalesce(outcome, '') <> 'risolto') as done
		from stg_contacts group by month, province_code, service_code`})
	r, err := j.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.engine.Close() })
	if err := r.compute(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r, map[string][]*kpi.Indicator{"again": {&j.Catalogue.Indicators[0]}, "solved": {&j.Catalogue.Indicators[1]}}
}

// TestRelatedColumnsAreFound counts contacts of some channels, and those that are not solved,
// in a mart of its own.
func TestRelatedColumnsAreFound(t *testing.T) {
	requests := term{Column: "again.requests"}
	both := []relation{{requests, []term{{"solved.contacts", kpi.ByChannel, "email"}, {"solved.contacts", kpi.ByChannel, "pec"}}}}
	for _, c := range []struct {
		name, condition string
		want            []relation
	}{
		{"in all months", "channel in ('pec', 'email')", both},
		{"of one channel", "channel = 'portale'", []relation{{requests, []term{{"solved.contacts", kpi.ByChannel, "portale"}}}}},
		{"not in the first month", "channel in ('pec', 'email') and month > date '2023-01-01'", nil},
		{"in one province of the first month not", "channel in ('pec', 'email') and (month > date '2023-01-01' or province_code <> '057')", nil},
		{"not since half of the months", "channel in ('pec', 'email') and month < date '2023-09-01'", nil},
		{"in three months alone", "channel in ('pec', 'email') and month > date '2024-01-01'", nil},
	} {
		r, byMart := againCounts(t, c.condition)
		f, err := r.findFamilies(t.Context(), byMart)
		if err != nil {
			t.Fatal(err)
		}
		same := func(a, b relation) bool { return a.Total == b.Total && slices.Equal(a.Parts, b.Parts) }
		if !slices.EqualFunc(f.Relations, c.want, same) || len(f.marts) != 2-len(c.want) {
			t.Errorf("%s: relations %+v, families %v", c.name, f.Relations, f.marts)
		}
	}
}

// TestAllMonthsRefuteWhatTheSampleSuggests looks for a relation that holds in each month but
// the first: nothing in the sample is against it.
func TestAllMonthsRefuteWhatTheSampleSuggests(t *testing.T) {
	r, byMart := againCounts(t, "channel in ('pec', 'email') and month > date '2023-01-01'")
	all := countedIn(byMart)
	of, err := r.readTotals(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	s := &related{run: r, of: of, columns: all}
	if months := s.sample(); !slices.Equal(months, []string{"2024-04-01"}) {
		t.Fatalf("the sample is of %v", months)
	}
	suspects, err := s.suspects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(suspects, func(d divided) bool {
		return d.column.String() == "solved.contacts" && slices.Contains(d.totals, "again.requests")
	}) {
		t.Errorf("not suspected: %v", suspects)
	}
	if found, err := s.subsets(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("found %v, %v", found, err)
	}
	delete(of["again.requests"], monthAt{"2024-04-01", "058"})
	if suspects, err = s.suspects(t.Context()); err != nil || len(suspects) > 0 {
		t.Errorf("refuted by the sample, and suspected: %v, %v", suspects, err)
	}
}

// TestSomeItemsMakeATotal compares least squares with trying all sets of items.
func TestSomeItemsMakeATotal(t *testing.T) {
	random := rand.New(rand.NewPCG(51, 52))
	found := 0
	for round := range 200 {
		const items, rows = 6, 12
		m := &margins{rows: map[string]int{}, of: map[term][]float64{}}
		for row := range rows {
			m.rows[string(rune('a'+row))] = row
		}
		all := make([][]float64, items)
		for item := range all {
			all[item] = make([]float64, rows)
			for row := range all[item] {
				all[item][row] = float64(random.IntN(20))
			}
			m.of[term{"x", kpi.ByChannel, string(rune('a' + item))}] = all[item]
		}
		total, set := make([]float64, rows), 1+random.IntN(1<<items-2)
		for row := range total {
			for item := range all {
				if set>>item&1 == 1 {
					total[row] += all[item][row]
				}
			}
		}
		is := round%3 > 0
		if !is {
			total[random.IntN(rows)] += 1 + float64(random.IntN(3))
		}
		var want []term
		for item := range all {
			if is && set>>item&1 == 1 {
				want = append(want, term{"x", kpi.ByChannel, string(rune('a' + item))})
			}
		}
		got := m.fit("x", kpi.ByChannel).some(total)
		if !slices.Equal(got, want) {
			t.Fatalf("round %d: %v, want %v", round, got, want)
		}
		found += len(got)
	}
	if found == 0 {
		t.Error("nothing is found")
	}
}
