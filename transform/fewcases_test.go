package transform

import (
	"math"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// A share or a median of four cases a month has no limits and no signal, one of five has.
func TestChartsOfFewCases(t *testing.T) {
	for _, test := range []struct {
		of     func(*kpi.Indicator)
		cases  int
		limits bool
	}{{nil, 4, false}, {nil, 5, true}, {waits, 4, false}, {waits, 5, true}} {
		var events []event
		for n := range 24 {
			solved := n % 2
			if n > 15 {
				solved = test.cases // all of them, for eight months
			}
			month := contacts(date("2024-01-01").AddDate(0, n-12, 0).Format("2006-01"), "058", "pec", test.cases, solved)
			for _, e := range month {
				e["queue_seconds"] = n%2 + n/16*9
			}
			events = append(events, month...)
		}
		s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
			if test.of != nil {
				test.of(k)
				k.Count = "contacts"
			}
			k.Disclosure = kpi.Unlimited
		}))
		found := false
		for _, chart := range s.Charts {
			if chart.Territory != "058" {
				continue
			}
			found = true
			signals := 0
			for _, at := range chart.Points {
				if at.Kind != "" {
					signals++
				}
			}
			if limits := !math.IsNaN(chart.Upper); limits != test.limits || (signals > 0) != test.limits {
				t.Errorf("%s, %d cases a month: limits %v, %d signals", chart.Indicator, test.cases, limits, signals)
			}
		}
		if !found {
			t.Fatal("no chart of the province")
		}
	}
}

// A month with one case of one among months with twenty is 100%, and no signal; one
// with twenty of twenty is.
func TestAMonthOfFewCasesIsNoSignal(t *testing.T) {
	for _, test := range []struct {
		cases  int
		signal string
	}{{1, ""}, {20, "outside"}} {
		var events []event
		for n := range 24 {
			month := date("2024-01-01").AddDate(0, n-12, 0).Format("2006-01")
			if n == 20 {
				events = append(events, contacts(month, "058", "pec", test.cases, test.cases)...)
				continue
			}
			events = append(events, contacts(month, "058", "pec", 20, 9+2*(n%2))...)
		}
		s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) { k.Disclosure = kpi.Unlimited }))
		chart := chartOf(t, s, "058")
		if at := chart.Points[20]; at.Value != 1 || at.Signal != test.signal {
			t.Errorf("%d of %d solved among months of 20: %+v", test.cases, test.cases, at)
		}
	}
}

// A share of 60% among months of 49% to 51% of a hundred is a signal when it is of a
// hundred too. Of twenty it is none: the p′ chart gives such a month limits of 37% to
// 63%, √5 times as wide as those of a hundred. 80% of twenty is one.
func TestAMonthWithFewerCasesHasItsOwnLimits(t *testing.T) {
	for _, test := range []struct {
		cases, solved int
		signal        string
	}{{100, 60, "outside"}, {20, 12, ""}, {20, 16, "outside"}} {
		var events []event
		for n := range 24 {
			month := date("2024-01-01").AddDate(0, n-12, 0).Format("2006-01")
			if n == 20 {
				events = append(events, contacts(month, "058", "pec", test.cases, test.solved)...)
				continue
			}
			events = append(events, contacts(month, "058", "pec", 100, 49+2*(n%2))...)
		}
		s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) { k.Disclosure = kpi.Unlimited }))
		chart := chartOf(t, s, "058")
		if at := chart.Points[20]; at.Value != float64(test.solved)/float64(test.cases) || at.Signal != test.signal {
			t.Errorf("%d of %d solved among months of 100: %+v", test.solved, test.cases, at)
		}
	}
}

// Where no way is better, a year that is low and one that is high are signals both;
// what the last month tells began with the high one.
func TestASignalBeginsWithItsSide(t *testing.T) {
	var events []event
	for n := range 24 {
		month := date("2024-01-01").AddDate(0, n-12, 0).Format("2006-01")
		events = append(events, contacts(month, "058", "pec", 40, 10+n%2+n/12*20)...)
	}
	s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) { k.Direction = kpi.None }))
	chart := chartOf(t, s, "058")
	if chart.Variation != change || !chart.Since.Equal(date("2024-01-01")) {
		t.Errorf("a step in January 2024 is %s since %v by %s", chart.Variation, chart.Since, chart.Rule)
	}
}

// Two months at 95% have limits of no width, beyond a target of 90%; of twelve that
// vary by a point it is said that they meet it.
func TestTwoMonthsMeetNoTargetSteadily(t *testing.T) {
	target := 0.9
	for _, test := range []struct {
		months    int
		assurance string
	}{{2, ""}, {11, ""}, {12, "met"}} {
		var events []event
		for n := range test.months {
			month := date("2024-01-01").AddDate(0, n, 0).Format("2006-01")
			events = append(events, contacts(month, "058", "pec", 100, 95+n/2%2)...)
		}
		s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
			k.Target, k.Disclosure = &target, kpi.Unlimited
		}))
		if chart := chartOf(t, s, "058"); chart.Assurance != test.assurance || chart.Trial != (test.months < 12) {
			t.Errorf("%d months at 95%% or 96%%: %q", test.months, chart.Assurance)
		}
	}
}

func chartOf(t *testing.T, s *result.Set, territory string) *result.Chart {
	t.Helper()
	for i := range s.Charts {
		if s.Charts[i].Territory == territory {
			return &s.Charts[i]
		}
	}
	t.Fatalf("no chart of %s", territory)
	return nil
}
