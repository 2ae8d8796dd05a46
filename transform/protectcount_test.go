package transform

import (
	"math"
	"math/rand/v2"
	"testing"

	"tavolo/transform/disclosure"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// uncountedWaits is the median of waits where so few are counted that many are withheld.
func uncountedWaits(k *kpi.Indicator) {
	waits(k)
	k.Count, k.Open, k.Breakdowns, k.MinDenominator = "contacts", "", []kpi.Breakdown{kpi.ByChannel}, 20
}

// A median whose number of observations would give away another figure stands without it,
// as it was. Nothing that is left tells a number that is withheld as few.
func TestAMedianStandsWithoutItsNumber(t *testing.T) {
	for seed := range uint64(3) {
		l := newLake(t, map[string][]event{"interactions": fewEverywhere(seed)})
		s := runJob(t, newJob(t, l, uncountedWaits))
		bare := runJob(t, newJob(t, l, func(k *kpi.Indicator) { uncountedWaits(k); k.Disclosure = kpi.Unlimited }))
		all, reasons := newReader(s, 5, true), newReader(s, 5, false)
		if all.work() || reasons.work() {
			t.Fatalf("seed %d: the equations contradict the cells", seed)
		}
		few, uncounted := 0, 0
		for i := range s.Cells {
			c, is := &s.Cells[i], &bare.Cells[i]
			switch {
			case c.Class == result.Hidden && is.Denominator >= 10:
				t.Errorf("withheld whole: %+v", is)
			case c.Uncounted():
				uncounted++
				if c.Value != is.Value || c.P90 != is.P90 || c.Lower != is.Lower || c.Class != is.Class || is.Denominator < 5 {
					t.Errorf("%+v is published as %+v", is, c)
				}
				if c.Reason == result.Few || c.Reason == result.Shown {
					t.Errorf("the reason of %+v", c)
				}
			case c.Reason == result.Few:
				few++
				got, want := all.bounds[keyOf(c)][0], reasons.bounds[keyOf(c)][0]
				if got.least == got.most && want.least < want.most {
					t.Errorf("seed %d: %s %s %v %s is %v, could be up to %v", seed, c.Territory, c.Grain, c.Start.Format("2006-01"), c.Item, got.least, want.most)
				}
			}
		}
		if few < 10 || uncounted < 20 {
			t.Errorf("%d few, %d without their number: too few to tell", few, uncounted)
		}
	}
}

// No other table says how many a median is of that does not say it.
func TestNoTableRepeatsANumberThatIsWithheld(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": fewEverywhere(7)})
	s := runJob(t, newJob(t, l, uncountedWaits))
	uncounted := map[key]bool{}
	for i := range s.Cells {
		if c := &s.Cells[i]; c.Uncounted() {
			uncounted[keyOf(c)] = true
		}
	}
	points := 0
	for _, chart := range s.Charts {
		for _, point := range chart.Points {
			if uncounted[key{territory: chart.Territory, grain: result.Month, start: point.Start.Unix()}] {
				points++
				if !math.IsNaN(point.N) || math.IsNaN(point.Value) {
					t.Errorf("the chart of %s shows %+v", chart.Territory, point)
				}
			}
		}
	}
	if points == 0 {
		t.Error("nothing to see")
	}
}

// What is published of a distribution is the same for all numbers of observations within
// its bounds, and another for the next ones.
func TestCountBounds(t *testing.T) {
	random := rand.New(rand.NewPCG(51, 52))
	control, err := disclosure.New(5)
	if err != nil {
		t.Fatal(err)
	}
	bounded := 0
	for range 2000 {
		k := &kpi.Indicator{MinDenominator: float64(10 + random.IntN(30)), Interval: kpi.Median, OpenIs: []kpi.OpenIs{kpi.Longer, kpi.Shorter}[random.IntN(2)]}
		n, open := 10+random.IntN(60), random.IntN(30)*random.IntN(3)
		c := published(control, k, n, open)
		least, most := countBounds(control, k, &c)
		if float64(n) < least || most > 0 && float64(n) > most {
			t.Fatalf("%d of %d open are not from %v to %v", n, open, least, most)
		}
		if most > 0 {
			bounded++
		}
		for other := max(1, n-40); other < n+200; other++ {
			o := published(control, k, other, open)
			within := float64(other) >= least && (most == 0 || float64(other) <= most)
			if looks, same := lookOf(control, k, &c), lookOf(control, k, &o); within && looks != same {
				t.Fatalf("%d observed and %d open look otherwise than %d: %v, %v; bounds %v, %v", other, open, n, same, looks, least, most)
			}
		}
	}
	if bounded < 500 {
		t.Errorf("%d have a most", bounded)
	}
}

// published is a distribution of so many observations, all of them different, before
// anything is withheld.
func published(control *disclosure.Control, k *kpi.Indicator, n, open int) result.Cell {
	sample := stats.Sample{}
	for i := range n {
		sample.Observed = append(sample.Observed, stats.Counted{Value: float64(i), Count: 1})
	}
	if sample.Above = int64(open); k.OpenIs == kpi.Shorter {
		sample.Above, sample.Below = 0, int64(open)
	}
	limits := sample.MedianInterval()
	c := result.Cell{Numerator: math.NaN(), Denominator: float64(n), Open: float64(open), Value: sample.Quantile(0.5), P90: sample.Quantile(0.9),
		Lower: limits.Lower, Upper: limits.Upper, Class: result.OK}
	if float64(n+open) < k.MinDenominator {
		c.Class = result.Small
	}
	return c
}

// lookOf says what a reader sees of a distribution without its number of observations, and
// of the open ones when they are few: which numbers are there, and the class.
func lookOf(control *disclosure.Control, k *kpi.Indicator, c *result.Cell) (look [6]bool) {
	seen := *c
	if control.Small(seen.Open) {
		withholdOpen(control, k, &seen)
	}
	withholdCount(&seen, result.ByItem)
	for i, number := range []float64{seen.Value, seen.P90, seen.Lower, seen.Upper, seen.Open} {
		look[i] = math.IsNaN(number)
	}
	look[5] = seen.Class == result.OK
	return look
}
