package transform

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// besideFour is Rieti beside four provinces, of one month and standardised by channel.
func besideFour(t *testing.T, rieti []event, four func(province string) []event) *result.Set {
	t.Helper()
	events := rieti
	for _, province := range []string{"015", "016", "056", "058"} {
		events = append(events, four(province)...)
	}
	return runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		k.Strata, k.Disclosure = []string{"channel"}, kpi.Unlimited
	}))
}

// All 31 calls of Rieti are solved, where the others solve 82% of calls and 92% of what
// comes by pec. 25.9 → 26 of them were expected, so the share would be 0.895 × 31 / 26,
// 107%. All of 31 are nothing out of the way: 0.895³¹ is 3.2%, more than 2.5%.
func TestAStandardisedShareIsAtMostAll(t *testing.T) {
	s := besideFour(t, contacts("2024-01", "057", "contact_center", 31, 31), func(province string) []event {
		return slices.Concat(contacts("2024-01", province, "pec", 300, 276), contacts("2024-01", province, "contact_center", 100, 82))
	})
	c := find(t, s, "057", result.Rolling12, "2024-01-01", "", "")
	if c.Expected != 26 || c.Standardised != 1 || c.StdUpper != 1 || !(c.StdLower > 0.85 && c.StdLower < 1) {
		t.Errorf("31 of 31 with 26 expected: %+v", c)
	}
	if c.Funnel != "inside" {
		t.Errorf("all of 31 are %q", c.Funnel)
	}
}

// Nine of the 85 cases of Rieti against 4.49 that are expected are 2.0 times as many,
// which chance makes of them once in 26; but 4.49 is published as 4, and 9 of 4 would
// be more than it does once in 40.
func TestHalfAnEventMakesNoDifference(t *testing.T) {
	s := besideFour(t, contacts("2024-01", "057", "pec", 85, 9), func(province string) []event {
		return contacts("2024-01", province, "pec", 400, 20)
	})
	c := find(t, s, "057", result.Rolling12, "2024-01-01", "", "")
	national := 89.0 / 1685
	if c.Expected != 4 || math.Abs(c.Standardised-national*9/4) > 1e-12 || c.Funnel != "inside" {
		t.Errorf("9 with 4.49 expected: %+v", c)
	}
	// The interval holds what it would be with 3.5 to 4.5 expected events: Wilson's
	// limits of 9 of 85 are 0.0567 and 0.1891.
	if low, high := national*0.0567*85/4.5, national*0.1891*85/3.5; math.Abs(c.StdLower-low) > 1e-3 || math.Abs(c.StdUpper-high) > 1e-3 {
		t.Errorf("interval %v to %v, want %v to %v", c.StdLower, c.StdUpper, low, high)
	}
	// Sixteen are too many whatever was expected.
	s = besideFour(t, contacts("2024-01", "057", "pec", 85, 16), func(province string) []event {
		return contacts("2024-01", province, "pec", 400, 20)
	})
	if c := find(t, s, "057", result.Rolling12, "2024-01-01", "", ""); c.Funnel != "above998" {
		t.Errorf("16 with %v expected are %q", c.Expected, c.Funnel)
	}
}

// TestStrataAnswerBreakdowns breaks an indicator down by what its strata are: one answer of
// the mart serves both, and all that is not standardised is as without strata.
func TestStrataAnswerBreakdowns(t *testing.T) {
	bare := func(strata ...string) []result.Cell {
		l := newLake(t, map[string][]event{"interactions": fewEverywhere(9)})
		cells := runJob(t, newJob(t, l, func(k *kpi.Indicator) {
			k.Strata, k.Breakdowns, k.Disclosure = strata, []kpi.Breakdown{kpi.ByChannel}, kpi.Unlimited
		})).Cells
		for i := range cells {
			c := &cells[i]
			c.Expected, c.Standardised, c.StdLower, c.StdUpper = 0, 0, 0, 0
			c.Shrunk, c.RankLower, c.RankUpper, c.Previous, c.YearAgo = 0, 0, 0, 0, 0 // of what is compared
		}
		return cells
	}
	with, without := bare("channel"), bare()
	if len(with) != len(without) || len(with) < 200 {
		t.Fatalf("%d cells with strata, %d without", len(with), len(without))
	}
	broken := 0
	for i := range with {
		if got, want := fmt.Sprint(with[i]), fmt.Sprint(without[i]); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		if with[i].Breakdown != "" && with[i].Denominator > 0 {
			broken++
		}
	}
	if broken < 30 {
		t.Errorf("%d cells are broken down", broken)
	}
}

// What allowing for half an event costs, by the exact probabilities of every count: of 10
// expected events, of 7.8% of cases, twice as many are found less often, and chance alone
// hardly ever; of 50 it costs nothing.
func TestHalfAnEventCostsLittle(t *testing.T) {
	const national = 0.078
	f := &figures{k: &kpi.Indicator{Interval: kpi.Wilson, Strata: []string{"channel"}}}
	limits := stats.Funnel{Centre: national}
	beyond := func(expected, factor float64, allowed bool) (chance float64) {
		n := math.Round(expected / national)
		cells := []result.Cell{{Territory: result.Italy, Value: national}, {Territory: "057", Denominator: n, Expected: expected}}
		f.cells = cells
		f.number()
		for x := 0.0; x <= n; x++ {
			c := &cells[1]
			c.Numerator = x
			c.Standardised, _ = f.standardisedBy(c, national, expected)
			value := c.Standardised
			if allowed {
				value = f.judged(c, national)
			}
			if position := limits.Judge(value, n); position == stats.Above95 || position == stats.Above998 {
				chance += binomialChance(x, n, factor*national)
			}
		}
		return chance
	}
	for _, one := range []struct{ expected, exact, allowed float64 }{{10, 0.80, 0.72}, {20, 0.97, 0.95}, {50, 1, 1}} {
		exact, allowed := beyond(one.expected, 2, false), beyond(one.expected, 2, true)
		if math.Abs(exact-one.exact) > 0.01 || math.Abs(allowed-one.allowed) > 0.01 {
			t.Errorf("twice %v events are found in %.3f, with half an event allowed in %.3f", one.expected, exact, allowed)
		}
		if alarms := beyond(one.expected, 1, true); alarms > 0.025 || alarms > beyond(one.expected, 1, false) {
			t.Errorf("%v events as expected are called too many in %.4f", one.expected, alarms)
		}
	}
}

func binomialChance(x, n, p float64) float64 {
	all, _ := math.Lgamma(n + 1)
	some, _ := math.Lgamma(x + 1)
	others, _ := math.Lgamma(n - x + 1)
	return math.Exp(all - some - others + x*math.Log(p) + (n-x)*math.Log1p(-p))
}
