package transform

import (
	"math"
	"testing"

	"tavolo/transform/kpi"
)

// A share of four cases a month has no limits and no signal, one of five has.
func TestChartsOfFewCases(t *testing.T) {
	for _, test := range []struct {
		cases  int
		limits bool
	}{{4, false}, {5, true}} {
		var events []event
		for n := range 24 {
			solved := n % 2
			if n > 15 {
				solved = test.cases // all of them, for eight months
			}
			events = append(events, contacts(date("2024-01-01").AddDate(0, n-12, 0).Format("2006-01"), "058", "pec", test.cases, solved)...)
		}
		s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
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
				t.Errorf("%d cases a month: limits %v, %d signals", test.cases, limits, signals)
			}
		}
		if !found {
			t.Fatal("no chart of the province")
		}
	}
}
