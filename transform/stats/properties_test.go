package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// trials calls f with random but repeatable numbers.
func trials(f func(random *rand.Rand)) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		f(random)
	}
}

func TestIntervalsContainTheirCentre(t *testing.T) {
	trials(func(random *rand.Rand) {
		n := float64(1 + random.IntN(5000))
		x := float64(random.IntN(int(n) + 1))
		wilson := Wilson(x, n, Z95)
		if !wilson.Contains(x/n) || wilson.Lower < 0 || wilson.Upper > 1 {
			t.Fatalf("Wilson %v/%v = %v", x, n, wilson)
		}
		wide := Wilson(x, n, Z998)
		if wide.Lower > wilson.Lower || wide.Upper < wilson.Upper {
			t.Fatalf("Wilson %v/%v: 99.8%% %v is narrower than 95%% %v", x, n, wide, wilson)
		}
		there, back := CountRatio(x, n, Z95), CountRatio(n, x, Z95)
		if !there.Contains(x/n) || there.Lower < 0 {
			t.Fatalf("ratio %v/%v = %v", x, n, there)
		}
		if x > 0 && (math.Abs(there.Lower*back.Upper-1) > 1e-9 || math.Abs(there.Upper*back.Lower-1) > 1e-9) {
			t.Fatalf("%v/%v = %v, and the other way round %v", x, n, there, back)
		}
		if poisson := Poisson(x, Z95); !poisson.Contains(x) || poisson.Lower < 0 {
			t.Fatalf("Poisson %v = %v", x, poisson)
		}
	})
}

func TestFunnelsNarrowWithSize(t *testing.T) {
	trials(func(random *rand.Rand) {
		funnel := Funnel{Centre: random.Float64(), Poisson: random.IntN(2) == 0}
		if random.IntN(2) == 0 {
			funnel.Tau2 = random.Float64() / 10
		}
		n := 1 + random.Float64()*1000
		here, there := funnel.Limits(n, Z95), funnel.Limits(n*2, Z95)
		if !here.Contains(funnel.Centre) || there.Lower < here.Lower-1e-12 || there.Upper > here.Upper+1e-12 {
			t.Fatalf("%+v: %v at n %v, %v at twice", funnel, here, n, there)
		}
		plain := Funnel{Centre: funnel.Centre, Poisson: funnel.Poisson, Tau2: 0.001}
		wider := Funnel{Centre: funnel.Centre, Poisson: funnel.Poisson, Tau2: 0.002}
		if wider.Limits(n, Z95).Upper < plain.Limits(n, Z95).Upper-1e-12 {
			t.Fatalf("more variance between territories narrows the limits at n %v, p0 %v", n, funnel.Centre)
		}
	})
}

// Under chance alone about one territory in 20 lies beyond the 95% limits.
func TestFunnelsKeepTheirPromise(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	outside, judged := 0, 0
	for range 200 {
		var x, n []float64
		for range 100 {
			trials, hits := 100+random.IntN(400), 0
			for range trials {
				if random.Float64() < 0.3 {
					hits++
				}
			}
			x, n = append(x, float64(hits)), append(n, float64(trials))
		}
		dispersion := ShareDispersion(x, n, math.NaN(), true)
		funnel := Funnel{Centre: dispersion.Centre, Tau2: dispersion.Tau2}
		for i := range x {
			judged++
			if funnel.Judge(x[i]/n[i], n[i]) != Inside {
				outside++
			}
		}
	}
	if share := float64(outside) / float64(judged); share < 0.03 || share > 0.07 {
		t.Errorf("%.3f of the territories lie beyond the 95%% limits by chance", share)
	}
}

func TestMixAndRateAddUp(t *testing.T) {
	trials(func(random *rand.Rand) {
		from, to := randomParts(random, 5), randomParts(random, 5)
		change := Decompose(from, to)
		if math.IsNaN(change.From) || math.IsNaN(change.To) {
			return
		}
		if math.Abs(change.Mix+change.Rate-(change.To-change.From)) > 1e-12 {
			t.Fatalf("%+v does not add up for %v → %v", change, from, to)
		}
		// The whole of what the groups' weights do, without a reference to the mean.
		total0, total1 := total(from), total(to)
		mix := 0.0
		for i, part := range DecomposeParts(from, to) {
			if !math.IsNaN(part.From) {
				mix += (to[i].Denominator/total1.Denominator - from[i].Denominator/total0.Denominator) * (part.From + part.To) / 2
			}
		}
		if math.Abs(mix-change.Mix) > 1e-12 {
			t.Fatalf("the groups' mix is %v, want %v for %v → %v", change.Mix, mix, from, to)
		}
	})
	alike := DecomposeParts([]Part{{10, 100}, {90, 900}}, []Part{{40, 400}, {60, 600}})
	if math.Abs(alike[0].Mix) > 1e-15 || math.Abs(alike[0].Rate) > 1e-15 {
		t.Errorf("a group like the others that grows contributes %+v", alike[0])
	}
	if DecomposeParts([]Part{{}}, []Part{{1, 2}}) != nil {
		t.Error("parts of nothing")
	}
	empty := Decompose([]Part{{}}, []Part{{1, 2}})
	if !math.IsNaN(empty.Mix) || !math.IsNaN(empty.Rate) {
		t.Errorf("from nothing: %+v", empty)
	}
	coming := Decompose([]Part{{1, 10}, {0, 0}}, []Part{{1, 10}, {5, 10}})
	if math.Abs(coming.Rate) > 1e-15 || coming.Mix <= 0 {
		t.Errorf("a group that comes is mix: %+v", coming)
	}
}

func randomParts(random *rand.Rand, count int) []Part {
	parts := make([]Part, count)
	for i := range parts {
		if random.IntN(4) > 0 { // some groups are absent
			n := random.IntN(50)
			parts[i] = Part{float64(random.IntN(n + 1)), float64(n)}
		}
	}
	return parts
}

func TestShrunkLiesBetween(t *testing.T) {
	trials(func(random *rand.Rand) {
		parts := randomParts(random, 12)
		var x, n []float64
		for _, part := range parts {
			x, n = append(x, part.Numerator), append(n, part.Denominator)
		}
		for name, prior := range map[string]Prior{"share": SharePrior(x, n), "rate": RatePrior(x, n)} {
			for i := range x {
				if n[i] == 0 || math.IsNaN(prior.Mean) {
					continue
				}
				low, high := math.Min(x[i]/n[i], prior.Mean), math.Max(x[i]/n[i], prior.Mean)
				if got := prior.Shrink(x[i], n[i]); got < low-1e-12 || got > high+1e-12 {
					t.Fatalf("%s: %v/%v shrinks to %v, not between %v and %v", name, x[i], n[i], got, low, high)
				}
			}
		}
	})
}

func TestRankIntervals(t *testing.T) {
	x, n := []float64{10, 500, 900}, []float64{1000, 1000, 1000}
	prior := SharePrior(x, n)
	ranks := RankIntervals(x, n, prior, 500, 7)
	for i, rank := range ranks {
		if rank != (Interval{float64(i + 1), float64(i + 1)}) {
			t.Errorf("clearly different territory %d has rank %v", i, rank)
		}
	}
	again := RankIntervals(x, n, prior, 500, 7)
	for i := range ranks {
		if ranks[i] != again[i] {
			t.Errorf("the same seed gives %v and %v", ranks[i], again[i])
		}
	}
	alike := RankIntervals([]float64{5, 5, 5, 5}, []float64{10, 10, 10, 10}, Prior{0.5, 10}, 500, 7)
	if alike[0].Lower != 1 || alike[0].Upper != 4 {
		t.Errorf("territories that are alike have rank %v", alike[0])
	}
}

// Where nothing ever happened, or everything, no territory has a place of its own.
func TestRanksOfTies(t *testing.T) {
	none, n := make([]float64, 20), slices.Repeat([]float64{40}, 20)
	for name, ranks := range map[string][]Interval{
		"nothing": RankIntervals(none, n, SharePrior(none, n), 500, 7), "everything": RankIntervals(n, n, SharePrior(n, n), 500, 7),
		"no event": RateRankIntervals(none, n, RatePrior(none, n), 500, 7),
	} {
		for i, rank := range ranks {
			if !(rank.Lower <= 2 && rank.Upper >= 19) {
				t.Errorf("%s of 20 territories: number %d has rank %v", name, i, rank)
			}
		}
	}
	// Two that are tied share the places that the third leaves.
	x, one := []float64{0, 0, 40}, []float64{20, 30, 40}
	ranks := RankIntervals(x, one, Prior{Mean: 4.0 / 9, Strength: 0}, 500, 7)
	if want := []Interval{{1, 2}, {1, 2}, {3, 3}}; !slices.Equal(ranks, want) {
		t.Errorf("none, none and all have ranks %v, want %v", ranks, want)
	}
}

func TestRateRankIntervals(t *testing.T) {
	x, n := []float64{100, 5000, 9000}, []float64{1000, 1000, 1000}
	for i, rank := range RateRankIntervals(x, n, RatePrior(x, n), 500, 7) {
		if rank != (Interval{float64(i + 1), float64(i + 1)}) {
			t.Errorf("clearly different territory %d has rank %v", i, rank)
		}
	}
	x, n = append(x, 0), append(n, 0)
	unknown := RateRankIntervals(x, n, RatePrior(x, n), 500, 7)[3]
	if unknown.Upper-unknown.Lower < 2 {
		t.Errorf("a territory of which nothing is known has the rank %v", unknown)
	}
	alike := RateRankIntervals([]float64{5, 5, 5, 5}, []float64{10, 10, 10, 10}, Prior{0.5, math.Inf(1)}, 500, 7)
	if alike[0].Lower != 1 || alike[0].Upper != 4 {
		t.Errorf("territories that are alike have rank %v", alike[0])
	}
	if none := RateRankIntervals([]float64{0}, []float64{0}, Prior{0, 0}, 500, 7); !math.IsNaN(none[0].Lower) {
		t.Errorf("nothing has the rank %v", none[0])
	}
}

// The ranks hold their promise: at least 92% of the time the true median lies
// within (nominally 95%, discrete).
func TestMedianRanksCover(t *testing.T) {
	for _, n := range []int64{6, 7, 10, 25, 99} {
		lower, upper := MedianRanks(n)
		inside := 0.0
		for k := lower; k < upper; k++ { // k observations below the median
			inside += binomialHalf(n, k)
		}
		if inside < 0.92 {
			t.Errorf("n %d: ranks %d–%d cover %.3f", n, lower, upper, inside)
		}
	}
}

func binomialHalf(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a - b - c - float64(n)*math.Ln2)
}

func TestNearestRankMerges(t *testing.T) {
	trials(func(random *rand.Rand) {
		var one, other []Counted
		for value := range 6 {
			one = append(one, Counted{float64(value), int64(random.IntN(5))})
			other = append(other, Counted{float64(value), int64(random.IntN(5))})
		}
		whole := make([]Counted, len(one))
		for i := range one {
			whole[i] = Counted{one[i].Value, one[i].Count + other[i].Count}
		}
		both := append(append([]Counted{}, one...), other...)
		if a, b := NearestRank(both, 0.9), NearestRank(whole, 0.9); !same(a, b) {
			t.Fatalf("p90 of two halves %v, of the whole %v", a, b)
		}
	})
}

// Gaps before the first month and after the last say nothing, and the chart of two
// stretches that a gap parts has the moving ranges of both and no other: however
// far apart they are, the limits stay as wide.
func TestGapsMakeNoMovingRange(t *testing.T) {
	trials(func(random *rand.Rand) {
		one, other := make([]float64, 12), make([]float64, 12)
		for i := range one {
			one[i], other[i] = random.NormFloat64(), random.NormFloat64()
		}
		framed := append(append([]float64{math.NaN()}, one...), math.NaN(), math.NaN())
		if a, b := NewXmR(one, 0), NewXmR(framed, 0); a != b {
			t.Fatalf("framed by gaps %+v, not framed %+v", b, a)
		}
		apart := 100 * random.NormFloat64()
		near, far := append(append([]float64{}, one...), math.NaN()), append(append([]float64{}, one...), math.NaN())
		for _, value := range other {
			near, far = append(near, value), append(far, value+apart)
		}
		a, b := NewXmR(near, 0), NewXmR(far, 0)
		if math.Abs((a.Upper-a.Lower)-(b.Upper-b.Lower)) > 1e-6 {
			t.Fatalf("limits %v wide, and %v with %v between the stretches", a.Upper-a.Lower, b.Upper-b.Lower, apart)
		}
	})
}

func TestLaneyWidensWithNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var steadyX, noisyX, n []float64
	for range 48 {
		trials := 2000
		share := 0.3 + 0.1*random.NormFloat64()
		n = append(n, float64(trials))
		steadyX = append(steadyX, 600+math.Sqrt(420)*random.NormFloat64())
		noisyX = append(noisyX, clamp(share, 0, 1)*float64(trials))
	}
	if steady := NewLaney(steadyX, n).SigmaZ; steady < 0.6 || steady > 1.5 {
		t.Errorf("σz of chance alone = %v", steady)
	}
	if noisy := NewLaney(noisyX, n).SigmaZ; noisy < 5 {
		t.Errorf("σz of ten points of real variation = %v", noisy)
	}
}
