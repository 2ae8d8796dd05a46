package transform

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tavolo/transform/kpi"
)

// TestRelatedColumnsAreFound counts contacts of some channels, and those that are not solved,
// in a mart of its own.
func TestRelatedColumnsAreFound(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": fewEverywhere(7)})
	j := twoJobs(t, l, true, true)
	j.SQL = smallSQL(map[string]string{"marts/again.sql": `select month, province_code as territory_code, service_code,
		count(*) filter (where channel in ('pec', 'email')) as requests,
		count(*) filter (where coalesce(outcome, '') <> 'risolto') as done
		from stg_contacts group by month, province_code, service_code`})
	r, err := j.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.engine.Close()
	if err := r.compute(t.Context()); err != nil {
		t.Fatal(err)
	}
	f, err := r.findFamilies(t.Context(), map[string][]*kpi.Indicator{"again": {&j.Catalogue.Indicators[0]}, "solved": {&j.Catalogue.Indicators[1]}})
	if err != nil {
		t.Fatal(err)
	}
	want := []relation{{term{Column: "again.requests"}, []term{{"solved.contacts", kpi.ByChannel, "email"}, {"solved.contacts", kpi.ByChannel, "pec"}}}}
	same := func(a, b relation) bool { return a.Total == b.Total && slices.Equal(a.Parts, b.Parts) }
	if !slices.EqualFunc(f.Relations, want, same) || len(f.marts) != 1 {
		t.Errorf("relations %+v, families %v", f.Relations, f.marts)
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
