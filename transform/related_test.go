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
	// Whatever again counts besides, solved or not are all.
	all := relation{term{Column: "solved.contacts"}, []term{{Column: "again.done"}, {Column: "solved.solved"}}}
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
		if !slices.EqualFunc(f.Relations, append(c.want, all), same) || len(f.marts) != 1 {
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

// TestSumsOfColumns: a column is what two others count, one of them with those who wait; in
// the last months it may be less, as nothing is due; but in no territory of the others.
func TestSumsOfColumns(t *testing.T) {
	months := []string{"2023-01-01", "2023-02-01", "2023-03-01", "2023-04-01", "2023-05-01", "2023-06-01", "2023-07-01", "2023-08-01", "2023-09-01", "2023-10-01", "2023-11-01"}
	counts := func() totals {
		of, random := totals{}, rand.New(rand.NewPCG(71, 72))
		for i, month := range months {
			for _, province := range []string{"056", "057", "058"} {
				at := monthAt{month, province}
				gone, answered, open := float64(1+random.IntN(5)), float64(20+random.IntN(40)), 0.0
				if i > 8 {
					open = float64(random.IntN(4))
				}
				due := answered + open
				if i == len(months)-1 {
					due--
				}
				for column, n := range map[string]float64{"m.all": gone + answered + open, "m.gone": gone, "r.answered": answered, "r.open": open, "r.due": due} {
					of.add(column, at, n)
				}
			}
		}
		return of
	}
	var columns []counted
	for _, name := range []string{"all", "gone"} {
		columns = append(columns, counted{mart: "m", column: name})
	}
	for _, name := range []string{"answered", "due", "open"} {
		columns = append(columns, counted{mart: "r", column: name})
	}
	found := func(of totals) (texts []string) {
		s := &related{of: of, columns: columns}
		for _, r := range s.sums(map[string]string{"r.answered": "r.open"}) {
			text := r.Total.Column + " ="
			for _, part := range r.Parts {
				text += " " + part.Column
			}
			texts = append(texts, text)
		}
		return texts
	}
	want := []string{"m.all = m.gone r.answered r.open", "m.all = m.gone r.due", "r.due = r.answered r.open"}
	if got := found(counts()); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	// One case from one province to another in the first month: all months add up, and it is no sum.
	of := counts()
	of["m.gone"][monthAt{months[0], "056"}]++
	of["m.gone"][monthAt{months[0], "057"}]--
	if got := found(of); !slices.Equal(got, want[2:]) {
		t.Errorf("where provinces differ: found %q, want %q", got, want[2:])
	}
	of = counts()
	for _, month := range months[3:] {
		for _, province := range []string{"056", "057", "058"} {
			delete(of["r.answered"], monthAt{month, province})
		}
	}
	if got := found(of); !slices.Equal(got, want[1:2]) {
		t.Errorf("answered in three months: found %q, want %q", got, want[1:2])
	}
}
