package transform

import (
	"math"
	"testing"

	"tavolo/transform/kpi"
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
