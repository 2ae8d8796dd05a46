package transform

import (
	"maps"
	"math"
	"slices"
	"testing"

	"tavolo/ingest/lake"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// againSQL counts what the mart solved counts, under other names.
const againSQL = `select month, province_code as territory_code, service_code, count(*) as requests,
	count(*) filter (where outcome = 'risolto') as done
	from stg_contacts group by month, province_code, service_code`

// twoJobs gives a job over both marts, with the indicators that are asked for.
func twoJobs(t *testing.T, l *lake.Lake, first, second bool) *Job {
	t.Helper()
	j := newJob(t, l, func(k *kpi.Indicator) { k.Breakdowns = []kpi.Breakdown{kpi.ByChannel} })
	j.SQL = smallSQL(map[string]string{"marts/again.sql": againSQL})
	again := j.Catalogue.Indicators[0]
	again.ID, again.Mart, again.Numerator, again.Denominator = "done_share", "again", "done", "requests"
	again.Levels, again.Breakdowns = []string{"italy", "province"}, nil // so other provinces are withheld beside a small one
	switch {
	case first && second:
		j.Catalogue.Indicators = []kpi.Indicator{again, j.Catalogue.Indicators[0]}
	case second:
		j.Catalogue.Indicators[0] = again
	}
	return j
}

// giveaways counts what follows of the withheld small counts of one indicator for who
// reads the figures of another beside it, which count the same.
func giveaways(t *testing.T, s *result.Set, other []result.Cell) (found, small int) {
	t.Helper()
	shown := map[key]*result.Cell{}
	for i := range other {
		if other[i].Reason == result.Shown {
			shown[keyOf(&other[i])] = &other[i]
		}
	}
	both := *s
	both.Cells = slices.Clone(s.Cells)
	for i := range both.Cells {
		c := &both.Cells[i]
		if o := shown[keyOf(c)]; c.Reason != result.Shown && o != nil {
			c.Class, c.Reason, c.Numerator, c.Denominator, c.RoundedTo = o.Class, result.Shown, o.Numerator, o.Denominator, math.NaN()
		}
	}
	all, reasons := newReader(&both, 5, true), newReader(s, 5, false)
	if all.work() || reasons.work() {
		t.Fatal("the equations contradict the cells")
	}
	for i := range s.Cells {
		c := &s.Cells[i]
		for count, reason := range []result.Reason{result.Few, result.AllButFew} {
			if c.Reason != reason {
				continue
			}
			small++
			got, want := all.bounds[keyOf(c)][count], reasons.bounds[keyOf(c)][count]
			if got.least == got.most && want.least < want.most {
				found++
			}
		}
	}
	return found, small
}

func ofIndicator(s *result.Set, id string) []result.Cell {
	return slices.DeleteFunc(slices.Clone(s.Cells), func(c result.Cell) bool { return c.Indicator != id })
}

// TestMartsThatCountTheSame publishes two marts that count the same at other levels.
// Each protects its own table; read side by side, they would give counts away.
func TestMartsThatCountTheSame(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": fewEverywhere(3)})
	apart := runJob(t, twoJobs(t, l, true, false))
	found, small := giveaways(t, apart, runJob(t, twoJobs(t, l, false, true)).Cells)
	if found == 0 || small < 40 {
		t.Errorf("published apart, %d of %d small counts follow: the test cannot fail", found, small)
	}
	together := runJob(t, twoJobs(t, l, true, true))
	second := ofIndicator(together, "done_share")
	together.Cells = ofIndicator(together, "solved_share")
	if found, _ := giveaways(t, together, second); found > 0 {
		t.Errorf("published together, %d small counts follow", found)
	}
}

// TestFamiliesAreFound compares columns by what is in them.
func TestFamiliesAreFound(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 40, 10), contacts("2024-01", "057", "email", 40, 10), contacts("2024-02", "057", "pec", 20, 5),
	)})
	for _, c := range []struct {
		name string
		edit func(*Job)
		want map[string]string
	}{
		{"the same under other names", func(*Job) {}, map[string]string{"solved.contacts": "again.requests", "solved.solved": "again.done"}},
		// Half of January's contacts are of each province: the country's months are the same.
		{"another province", func(j *Job) {
			j.SQL = smallSQL(map[string]string{"marts/again.sql": `select month,
				case province_code when '057' then '058' else '057' end as territory_code, service_code, count(*) as requests,
				count(*) filter (where outcome = 'risolto') as done from stg_contacts group by all`})
		}, map[string]string{}},
		{"not of persons", func(j *Job) { j.Catalogue.Indicators[0].Disclosure = kpi.Unlimited }, map[string]string{}},
		{"in one mart", func(j *Job) { j.Catalogue.Indicators[0].Numerator = "requests" },
			map[string]string{"solved.contacts": "again.requests"}},
	} {
		j := twoJobs(t, l, true, true)
		c.edit(j)
		j.RunID = c.name
		r, err := j.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer r.engine.Close()
		if err := r.compute(t.Context()); err != nil {
			t.Fatal(err)
		}
		byMart := map[string][]*kpi.Indicator{"again": {&j.Catalogue.Indicators[0]}, "solved": {&j.Catalogue.Indicators[1]}}
		f, err := r.findFamilies(t.Context(), byMart)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(f.First, c.want) {
			t.Errorf("%s: %v, want %v", c.name, f.First, c.want)
		}
		if together := len(f.marts) == 1; together != (len(c.want) > 0) {
			t.Errorf("%s: the families are %v", c.name, f.marts)
		}
	}
}

// TestFamiliesAreGathered joins marts over others.
func TestFamiliesAreGathered(t *testing.T) {
	f := families{First: map[string]string{"d.x": "a.x", "c.y": "b.y", "d.z": "c.z", "e.x": "e.w"}}
	f.gather([]string{"a", "b", "c", "d", "e", "f"})
	want := [][]string{{"a", "b", "c", "d"}, {"e"}, {"f"}}
	if !slices.EqualFunc(f.marts, want, slices.Equal[[]string]) {
		t.Errorf("families %v, want %v", f.marts, want)
	}
}
