package transform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tavolo/transform/result"
)

// computed runs a job and gives what it published, with the steps that it did not
// spare itself.
func computed(t *testing.T, j *Job, id string) (*result.Set, []string) {
	t.Helper()
	var steps []string
	last := 0
	j.RunID, j.Progress = id, func(step string, done, total int) {
		if last++; done != last || done > total {
			t.Errorf("%s is step %d of %d", step, done, total)
		}
		if !strings.HasSuffix(step, ", kept") && done < total {
			steps = append(steps, step)
		}
	}
	set := runJob(t, j)
	slices.Sort(steps)
	return set, steps
}

// figuresIn writes out all figures of a set.
func figuresIn(s *result.Set) string {
	return fmt.Sprintf("%+v\n%+v\n%+v\n%+v\n%+v\n%+v", s.Cells, s.Funnels, s.Charts, s.Decomposed, s.Contribute, s.Peers)
}

func TestWhatFollowsFromTheSameIsKept(t *testing.T) {
	l := newLake(t, map[string][]event{
		"interactions": slices.Concat(contacts("2024-01", "058", "pec", 100, 90), contacts("2024-02", "057", "pec", 50, 10), contacts("2024-03", "058", "pec", 60, 20)),
	})
	j := newJob(t, l, nil)
	j.SQL = smallSQL(map[string]string{
		"staging/stg_requests.sql":  "select applications.*, ingested_seq from applications left join batches on batches.batch_id = applications.batch_id",
		"marts/requests.sql":        "select month, province_code as territory_code, count(*) as filed from stg_requests group by month, province_code",
		"checks/requests_add.sql":   "select 1 as broken where (select coalesce(sum(filed), 0) from requests) <> (select count(*) from applications)",
		"checks/day_is_there.sql":   "select as_of from params where as_of is null",
		"checks/measures_known.sql": "select code from measures where code is null",
	})
	j.Program = "one"
	everything := []string{"check day_is_there", "check mart_is_whole", "check measures_known", "check requests_add", "indicator solved_share", "model requests", "model solved"}
	first, steps := computed(t, j, "run-1")
	if !slices.Equal(steps, everything) {
		t.Errorf("the first run computed %q", steps)
	}
	second, steps := computed(t, j, "run-2")
	if len(steps) > 0 {
		t.Errorf("nothing has come, and computed was %q", steps)
	}
	if figuresIn(first) != figuresIn(second) || second.Run.ID != "run-2" {
		t.Errorf("the figures of run %s, which were kept, are others than before", second.Run.ID)
	}
	var last string
	for _, change := range []struct {
		name string
		make func()
		want []string
	}{
		{"another program", func() { j.Program += "!" }, everything},
		{"an application", func() {
			ingestEvents(t, l, "applications", strings.Repeat("e", 64), []event{{
				"application_id": "a", "submitted_at": date("2024-03-12"), "status": "presentata", "province_code": "058", "service_code": "naspi",
			}})
		}, []string{"check requests_add", "model requests"}},
		{"a contact", func() {
			ingestEvents(t, l, "interactions", strings.Repeat("d", 64), contacts("2024-02-10", "063", "pec", 20, 3))
		}, []string{"check mart_is_whole", "indicator solved_share", "model solved"}},
		{"another threshold", func() { j.Parameters.DisclosureThreshold = 7 }, []string{"check day_is_there", "indicator solved_share"}},
		{"another meaning", func() { j.Catalogue.Indicators[0].MinDenominator++ }, []string{"indicator solved_share"}},
		{"another standard", func() { j.Parameters.FollowUpDays = 9 }, []string{"check day_is_there"}},
	} {
		name := change.name
		change.make()
		got, steps := computed(t, j, "run-3 "+name)
		if !slices.Equal(steps, change.want) {
			t.Errorf("%s: computed was %q, want %q", name, steps, change.want)
		}
		last = figuresIn(got)
	}
	j.Whole = true
	whole, steps := computed(t, j, "run-4")
	if !slices.Equal(steps, everything) || figuresIn(whole) != last {
		t.Errorf("the whole run computed %q, and its figures are those kept: %v", steps, figuresIn(whole) == last)
	}
}
