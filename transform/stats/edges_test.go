package stats

import (
	"math"
	"slices"
	"testing"
)

var nan = math.NaN()

// same is equality that takes NaN for equal to NaN.
func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func TestEdgesOfIntervals(t *testing.T) {
	for _, test := range []struct {
		name         string
		got          Interval
		lower, upper float64
	}{
		{"Wilson of nothing", Wilson(0, 0, Z95), nan, nan},
		{"Wilson of more than all", Wilson(3, 2, Z95), nan, nan},
		{"Wilson of less than none", Wilson(-1, 2, Z95), nan, nan},
		{"Byar below zero", Byar(-1, Z95), nan, nan},
		{"rate of no exposure", PoissonRate(3, 0, Z95), nan, nan},
		{"ratio to nothing", RatioLimits(0, Z95), nan, nan},
		{"counts over none", CountRatio(3, 0, Z95), nan, nan},
		{"less than none over some", CountRatio(-1, 3, Z95), nan, nan},
		{"funnel of nothing", Funnel{Centre: 0.5}.Limits(0, Z95), nan, nan},
		{"funnel without centre", Funnel{Centre: nan}.Limits(10, Z95), nan, nan},
		{"funnel around none", Funnel{Centre: 0}.Limits(10, Z95), 0, 0},
		{"funnel around all", Funnel{Centre: 1}.Limits(10, Z95), 1, 1},
		{"dispersed funnel of small n", Funnel{Centre: 0.01, Tau2: 1}.Limits(1, Z998), 0, 1},
		{"funnel of a rate that never was", Funnel{Poisson: true}.Limits(10, Z95), 0, 0},
	} {
		if !same(test.got.Lower, test.lower) || !same(test.got.Upper, test.upper) {
			t.Errorf("%s: %v, want %v – %v", test.name, test.got, test.lower, test.upper)
		}
	}
	if limits := Wilson(0, 100, Z95); limits.Lower != 0 || limits.Upper <= 0 {
		t.Errorf("Wilson 0/100 = %v", limits)
	}
	if limits := Wilson(100, 100, Z95); limits.Upper != 1 || limits.Lower >= 1 {
		t.Errorf("Wilson 100/100 = %v", limits)
	}
	for _, limits := range []Interval{Byar(0, Z95), PoissonExact(0, Z95), Poisson(0, Z95)} {
		if limits.Lower != 0 || !(limits.Upper > 3) {
			t.Errorf("limits of 0 events = %v", limits)
		}
	}
}

func TestEdgesOfChiSquare(t *testing.T) {
	for _, test := range []struct{ p, df, want float64 }{
		{0, 3, 0}, {1, 3, math.Inf(1)}, {-0.1, 3, nan}, {1.1, 3, nan}, {0.5, 0, nan},
		{0.5, 2, 2 * math.Ln2}, // the exponential distribution
	} {
		if got := ChiSquareQuantile(test.p, test.df); !same(got, test.want) && math.Abs(got-test.want) > 1e-12 {
			t.Errorf("ChiSquareQuantile(%v, %v) = %v, want %v", test.p, test.df, got, test.want)
		}
	}
}

func TestJudge(t *testing.T) {
	share, rate := Funnel{Centre: 0.5}, Funnel{Centre: 0.1, Poisson: true}
	for _, test := range []struct {
		name     string
		funnel   Funnel
		value, n float64
		want     Position
	}{
		{"too small", share, 1, 9, NotJudged},
		{"no value", share, nan, 100, NotJudged},
		{"no centre", Funnel{Centre: nan}, 0.5, 100, NotJudged},
		{"on the centre", share, 0.5, 100, Inside},
		{"above", share, 0.62, 100, Above95},
		{"far above", share, 0.7, 100, Above998},
		{"below", share, 0.38, 100, Below95},
		{"far below", share, 0.3, 100, Below998},
		{"less than one expected", rate, 0, 9, NotJudged},
		{"none where three are expected", rate, 0, 30, Inside},
		{"none where five are expected", rate, 0, 50, Below95},
		{"none where ten are expected", rate, 0, 100, Below998},
		{"twice as many as thirty", rate, 0.2, 300, Above998},
	} {
		if got := test.funnel.Judge(test.value, test.n); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestEdgesOfDispersion(t *testing.T) {
	for _, test := range []struct {
		name      string
		x, n      []float64
		phi, tau2 float64
	}{
		{"no territory", nil, nil, nan, 0},
		{"nothing counted", []float64{0, 0}, []float64{0, 0}, nan, 0},
		{"all too small", []float64{1, 2}, []float64{9, 9}, nan, 0},
		{"one", []float64{5}, []float64{20}, 0, 0},
		{"all equal", []float64{5, 10}, []float64{20, 40}, 0, 0},
		{"none of all", []float64{0, 0}, []float64{20, 40}, 0, 0},
		{"all of all", []float64{20, 40}, []float64{20, 40}, 0, 0},
	} {
		got := ShareDispersion(test.x, test.n, math.NaN(), true)
		if !same(got.Phi, test.phi) && math.Abs(got.Phi-test.phi) > 1e-12 || got.Tau2 != test.tau2 {
			t.Errorf("%s: φ %v τ² %v, want %v %v", test.name, got.Phi, got.Tau2, test.phi, test.tau2)
		}
	}
	apart := RateDispersion([]float64{10, 90}, []float64{100, 100}, math.NaN(), false)
	if !(apart.Tau2 > 0) {
		t.Errorf("rates far apart have τ² %v", apart.Tau2)
	}
}

func TestEdgesOfStandardisation(t *testing.T) {
	if rate, limits := Direct([]float64{9}, []float64{10}, []float64{1}, Z95); !math.IsNaN(rate) || !math.IsNaN(limits.Lower) {
		t.Errorf("nine events give %v %v", rate, limits)
	}
	if rate, _ := Direct([]float64{10, 0}, []float64{10, 0}, []float64{1, 1}, Z95); !math.IsNaN(rate) {
		t.Errorf("a stratum without persons gives %v", rate)
	}
	if rate, _ := Direct([]float64{10, 0}, []float64{20, 0}, []float64{1, 0}, Z95); rate != 0.5 {
		t.Errorf("a stratum without weight changes the rate to %v", rate)
	}
	if ratio, _ := Indirect(5, 0, Z95); !math.IsNaN(ratio) {
		t.Errorf("5 of 0 expected = %v", ratio)
	}
	if ratio, limits := IndirectShare(80, 100, 80, Z95); ratio != 1 || limits.Upper > 1.25 {
		t.Errorf("80 of 100 with 80 expected = %v %v; the upper limit exceeds all", ratio, limits)
	}
}

func TestEdgesOfControlCharts(t *testing.T) {
	if chart := NewXmR(nil, 0); !math.IsNaN(chart.Centre) || !math.IsNaN(chart.Lower) || !chart.Trial {
		t.Errorf("chart of nothing: %+v", chart)
	}
	if chart := NewXmR([]float64{3}, 0); chart.Centre != 3 || !math.IsNaN(chart.Lower) {
		t.Errorf("chart of one: %+v", chart)
	} else if chart.Signals([]float64{3})[0].Rule != NoSignal {
		t.Error("a chart without limits signals")
	}
	flat := []float64{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}
	chart := NewXmR(flat, 0)
	if chart.Lower != 2 || chart.Upper != 2 || chart.Trial {
		t.Errorf("flat chart: %+v", chart)
	}
	for i, signal := range chart.Signals(flat) {
		if signal.Rule != NoSignal {
			t.Errorf("flat point %d: %v", i, signal)
		}
	}
	for _, share := range []float64{0.1, 0.7, 1.0 / 3, 2.0 / 7} { // none of which is the mean of many of it
		alike := slices.Repeat([]float64{share}, 23)
		for i, signal := range NewXmR(alike, 0).Signals(alike) {
			if signal.Rule != NoSignal {
				t.Errorf("month %d of months that are all %v: %v", i, share, signal)
			}
		}
	}
	// 24 proposals in 24 months among 5.5 operators: a month with one is what is usual, to the last digit or not.
	counts := []float64{2, 2, 1, 1, 4, 2, 1, 0, 0, 2, 2, 2, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0}
	for i := range counts {
		counts[i] /= 5.5
	}
	for i, signal := range NewXmR(counts, 0).Signals(counts) {
		if signal.Rule == Shift {
			t.Errorf("month %d is one of a run that months on the centre part", i)
		}
	}
	ceiling := []float64{1, 1, 1, 1, 1, 1, 1, 1, 0.9, 1, 1, 1, 1, 1, 1, 1}
	for i, signal := range NewXmR(ceiling, 0).Signals(ceiling) {
		if (signal.Rule != NoSignal) != (i == 8) {
			t.Errorf("at its ceiling but for one month, month %d: %v", i, signal)
		}
	}
	days := []float64{23, 23, 23, 23, 22, 23, 23, 23, 23, 23, 23, 23}
	steps := NewXmR(days, 1)
	if steps.Lower != steps.Centre-1 || steps.Upper != steps.Centre+1 {
		t.Errorf("chart of whole days: %+v", steps)
	}
	for i, signal := range steps.Signals(days) {
		if signal.Rule != NoSignal {
			t.Errorf("whole day %d: %v", i, signal)
		}
	}
	if laney := NewLaney([]float64{1, 0, 3}, []float64{10, 0, 20}); !math.IsNaN(laney.SigmaZ) {
		t.Errorf("p′ chart of months that are no neighbours: %+v", laney)
	}
	laney := NewLaney([]float64{0, 0, 0, 0}, []float64{10, 0, 20, 20})
	if laney.SigmaZ != 0 || laney.Limits[0] != (Interval{0, 0}) || !math.IsNaN(laney.Limits[1].Lower) {
		t.Errorf("p′ chart of none: %+v", laney)
	}
	if laney := NewLaney([]float64{1}, []float64{10}); !math.IsNaN(laney.SigmaZ) {
		t.Errorf("p′ chart of one month: %+v", laney)
	}
}

// Months that are missing or withheld: what the months on their two sides differ
// by is no moving range.
func TestGapsOfControlCharts(t *testing.T) {
	levels := []float64{1, 2, nan, 50, 51, nan, nan, 20, 21}
	chart := NewXmR(levels, 0)
	if half := 2.66; math.Abs(chart.Centre-145.0/6) > 1e-12 || math.Abs(chart.Upper-chart.Centre-half) > 1e-12 || !chart.Trial {
		t.Errorf("three levels with gaps between: %+v", chart)
	}
	if chart := NewXmR([]float64{1, nan, 3, nan, 5}, 0); chart.Centre != 3 || !math.IsNaN(chart.Lower) || !math.IsNaN(chart.Upper) {
		t.Errorf("no two months in a row: %+v", chart)
	}
	dozen := []float64{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}
	if NewXmR(dozen, 0).Trial {
		t.Error("twelve months in a row give trial limits")
	}
	if parted := append(append(append([]float64{}, dozen[:6]...), nan), dozen[6:]...); !NewXmR(parted, 0).Trial {
		t.Error("twelve months, of which ten pairs are neighbours, give more than trial limits")
	}
	for _, values := range [][]float64{{0.9, nan, 1, 1, 1, 1, 1, 1}, {1, 1, nan, 0.9, 0.9, nan, 1}} {
		chart := NewXmR(values, 0)
		if !math.IsNaN(chart.Lower) || !math.IsNaN(chart.Upper) {
			t.Errorf("months that differ across gaps alone have the limits %v to %v", chart.Lower, chart.Upper)
		}
		for i, signal := range chart.Signals(values) {
			if signal.Rule != NoSignal {
				t.Errorf("and month %d is a signal: %v", i, signal)
			}
		}
	}
	if chart := NewXmR([]float64{1, 1, nan, 1, 1}, 0); chart.Lower != 1 || chart.Upper != 1 {
		t.Errorf("months that are alike on both sides of a gap: %+v", chart)
	}
	if none := NewXmR([]float64{nan, nan}, 1); !math.IsNaN(none.Centre) || !math.IsNaN(none.Lower) {
		t.Errorf("chart of gaps alone: %+v", none)
	}
}

func TestSignals(t *testing.T) {
	chart := XmR{Centre: 0, Lower: -3, Upper: 3}
	for _, test := range []struct {
		name   string
		values []float64
		want   []Signal
	}{
		{"outside, both ways", []float64{3.1, 0, -3.1, 3}, []Signal{{Outside, 1}, {}, {Outside, -1}, {}}},
		{"six are no shift", []float64{1, 1.1, 1, 1.2, 1, 1.1, -1}, make([]Signal, 7)},
		{"a point on the centre ends a run", []float64{1, 1.1, 1, 1.2, 0, 1, 1.1, 1.2}, make([]Signal, 8)},
		{"seven are", []float64{1, 1.1, 1, 1.2, 1, 1.1, 1.2, -1}, []Signal{
			{Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}, {}}},
		{"what is usual lies on neither side", []float64{1, 1, 1, 1, 1, 1, 1, 1, -1}, make([]Signal, 9)},
		{"what is not does", []float64{0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2}, append(make([]Signal, 8), []Signal{
			{Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}, {Shift, 1}}...)},
		{"a falling trend crosses the centre", []float64{1.5, 1, .5, -.2, -.5, -1, -1.5}, []Signal{
			{Trend, -1}, {Trend, -1}, {Trend, -1}, {Trend, -1}, {Trend, -1}, {Trend, -1}, {Trend, -1}}},
		{"two of three on one side", []float64{2.5, 0, 2.5}, []Signal{{TwoOfThree, 1}, {}, {TwoOfThree, 1}}},
		{"two of three, one on each side", []float64{2.5, 0, -2.5}, make([]Signal, 3)},
		{"outside goes before two of three", []float64{4, 2.5}, []Signal{{Outside, 1}, {}}},
		{"a gap ends a run", []float64{1, 1.1, 1, 1.2, nan, 1, 1.1, 1.2}, make([]Signal, 8)},
		{"and a trend", []float64{-1.5, -1, -.5, nan, 0, .5, 1, 1.5}, make([]Signal, 8)},
		{"and a window of three", []float64{0, 2.5, nan, 2.5}, make([]Signal, 4)},
		{"but hides no point outside", []float64{nan, 3.1, nan}, []Signal{{}, {Outside, 1}, {}}},
		{"and both in one window", []float64{0, 4, 2.5}, []Signal{{}, {Outside, 1}, {TwoOfThree, 1}}},
	} {
		got := chart.Signals(test.values)
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: point %d is %v, want %v", test.name, i, got[i], test.want[i])
			}
		}
	}
}

func TestAssure(t *testing.T) {
	chart := XmR{Centre: 5, Lower: 4, Upper: 6}
	for _, test := range []struct {
		target float64
		better int
		want   Assurance
	}{
		{3, 1, Met}, {7, 1, Missed}, {5, 1, HitOrMiss}, {3, -1, Missed}, {7, -1, Met}, {4, -1, HitOrMiss},
		{4, 1, Met}, {6, 1, HitOrMiss}, {6, -1, Met},
		{3, 0, NoAssurance}, {nan, 1, NoAssurance},
	} {
		if got := chart.Assure(test.target, test.better); got != test.want {
			t.Errorf("target %v better %+d: %q, want %q", test.target, test.better, got, test.want)
		}
	}
}

// Months that are all the target meet it, whatever the last digits of their mean.
func TestAssureOfMonthsOnTheirTarget(t *testing.T) {
	for _, share := range []float64{1, 0.9, 0.7, 1.0 / 3} {
		chart := NewXmR(slices.Repeat([]float64{share}, 23), 0)
		if up, down := chart.Assure(share, 1), chart.Assure(share, -1); up != Met || down != Met {
			t.Errorf("months that are all %v: %s and %s", share, up, down)
		}
	}
}

func TestEdgesOfShrinkage(t *testing.T) {
	if _, c := EfronMorris([]float64{1, 2, 3}, 1); c != 1 {
		t.Errorf("three values are drawn by %v", c)
	}
	if shrunk, c := EfronMorris([]float64{2, 2, 2, 2}, 1); c != 0 || shrunk[0] != 2 {
		t.Errorf("equal values: c %v, %v", c, shrunk)
	}
	for _, prior := range []Prior{
		SharePrior([]float64{5}, []float64{10}), SharePrior([]float64{5, 10}, []float64{10, 20}),
		RatePrior([]float64{5}, []float64{10}), RatePrior([]float64{5, 10}, []float64{10, 20}),
	} {
		if !math.IsInf(prior.Strength, 1) || prior.Shrink(0, 10) != 0.5 {
			t.Errorf("nothing to tell apart gives %+v", prior)
		}
	}
	if prior := SharePrior([]float64{0}, []float64{0}); !math.IsNaN(prior.Mean) {
		t.Errorf("prior of nothing: %+v", prior)
	}
}

func TestQuantiles(t *testing.T) {
	days := []Counted{{Value: 9, Count: 1}, {Value: 1, Count: 5}, {Value: 2, Count: 4}}
	for _, test := range []struct{ q, want float64 }{{0, 1}, {0.5, 1}, {0.51, 2}, {0.9, 2}, {0.91, 9}, {1, 9}} {
		if got := NearestRank(days, test.q); got != test.want {
			t.Errorf("quantile %v = %v, want %v", test.q, got, test.want)
		}
	}
	if got := NearestRank(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("median of nothing = %v", got)
	}
	if lower, upper := MedianRanks(5); lower != 0 || upper != 0 {
		t.Errorf("five observations have limits %d, %d", lower, upper)
	}
	// Campbell and Gardner's table: n = 100 has ranks 40 and 61.
	if lower, upper := MedianRanks(100); lower != 40 || upper != 61 {
		t.Errorf("median ranks of 100: %d, %d", lower, upper)
	}
	if limits := MedianInterval(days); limits != (Interval{1, 9}) && limits != (Interval{1, 2}) {
		t.Errorf("interval of the median = %v", limits)
	}
}

func TestCensoredObservationsCount(t *testing.T) {
	nan := math.NaN()
	ended := []Counted{{Value: 1, Count: 5}, {Value: 2, Count: 4}, {Value: 9, Count: 1}}
	for _, test := range []struct {
		name        string
		sample      Sample
		median, p90 float64
		lower       float64
		upper       float64
	}{
		{"all ended", Sample{Observed: ended}, 1, 2, 1, 2},
		{"three run on", Sample{Observed: ended, Above: 3}, 2, nan, 1, nan},
		{"as many run on", Sample{Observed: ended, Above: 10}, 9, nan, 2, nan},
		{"one more runs on", Sample{Observed: ended, Above: 11}, nan, nan, 2, nan},
		{"three never began", Sample{Observed: ended, Below: 3}, 1, 2, nan, 2},
		{"most never began", Sample{Observed: ended, Below: 12}, nan, 2, nan, 1},
		{"none ended", Sample{Above: 7}, nan, nan, nan, nan},
		{"nothing", Sample{}, nan, nan, nan, nan},
	} {
		limits := test.sample.MedianInterval()
		got := []float64{test.sample.Quantile(0.5), test.sample.Quantile(0.9), limits.Lower, limits.Upper}
		for i, want := range []float64{test.median, test.p90, test.lower, test.upper} {
			if got[i] != want && !(math.IsNaN(got[i]) && math.IsNaN(want)) {
				t.Errorf("%s: %v, want median %v, p90 %v, limits %v – %v", test.name, got, test.median, test.p90, test.lower, test.upper)
				break
			}
		}
	}
}
