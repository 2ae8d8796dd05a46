package transform

import (
	"math"
	"slices"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// funnelSteps is how many denominators the limits of a funnel are given at.
const funnelSteps = 48

// funnels compares the territories of each level in the periods that a report can be
// asked for, and writes to each cell where it lies and its shrunk estimate. Shares and counts over an exposure have a funnel: the limits
// of a ratio of two counts would have to know how the two go together. All
// territories of a composition are alike.
//
// Territories that are withheld have no point, nor has a share without its counts, which
// would say how sure it is. But they are those with low counts, and to leave them out
// would bend the comparison: in centre, dispersion and the prior of the shrinkage they
// take part together, as one territory that has what the others leave of the country.
// So nothing in a funnel says more than the figures that are shown.
func (f *figures) funnels() []result.Funnel {
	if f.k.Statistic != kpi.Rate || f.k.Interval != kpi.Wilson && f.k.Interval != kpi.Byar || f.k.IsComposition() {
		return nil
	}
	var funnels []result.Funnel
	periods := f.comparedPeriods()
	for _, level := range []string{reference.LevelProvince, reference.LevelRegion} {
		for _, p := range periods {
			if shown, all := f.peers(level, p); len(shown) > 0 {
				funnels = append(funnels, f.funnel(shown, all))
			}
		}
	}
	return funnels
}

// comparedPeriods are the last month, the twelve months that end with it, the last
// quarter that Italy has a figure of and each of its years: of earlier months and
// quarters the charts tell.
func (f *figures) comparedPeriods() []period {
	periods := []period{{grain: result.Month, start: f.at.last}, {grain: result.Rolling12, start: f.at.last}}
	quarter := period{grain: result.Quarter}
	var years []period
	for i := range f.cells {
		switch c := &f.cells[i]; {
		case c.Territory != result.Italy || c.Breakdown != "":
		case c.Grain == result.Quarter && c.Start.After(quarter.start):
			quarter.start = c.Start
		case c.Grain == result.Year:
			years = append(years, period{grain: result.Year, start: c.Start})
		}
	}
	if !quarter.start.IsZero() {
		periods = append(periods, quarter)
	}
	return append(periods, years...)
}

// peers gives the cells of a level with a value in a period, all together: those that
// are shown, and those and the rest of the country.
func (f *figures) peers(level string, p period) (shown, all []*result.Cell) {
	withheld := false
	for i := range f.cells {
		c := &f.cells[i]
		if c.Level != level || c.Grain != p.grain || !c.Start.Equal(p.start) || c.Breakdown != "" {
			continue
		}
		withheld = withheld || c.Class == result.Hidden || c.Uncounted()
		if !math.IsNaN(c.Value) && !c.Uncounted() {
			shown = append(shown, c)
		}
	}
	all = shown
	if withheld && len(shown) > 0 {
		if rest, ok := f.rest(shown); ok {
			all = append(slices.Clone(shown), rest)
		}
	}
	return shown, all
}

// rest is what some territories leave of the country; ok is false when that is
// nothing, or not known.
func (f *figures) rest(shown []*result.Cell) (rest *result.Cell, ok bool) {
	italy := f.cell(key{territory: result.Italy, grain: shown[0].Grain, start: shown[0].Start.Unix()})
	if italy == nil || math.IsNaN(italy.Numerator) {
		return nil, false
	}
	rest = new(result.Cell)
	*rest = *italy
	for _, c := range shown {
		rest.Numerator -= c.Numerator
		rest.Denominator -= c.Denominator
		rest.Expected -= c.Expected
	}
	if !(rest.Denominator > 0) || rest.Numerator < 0 {
		return nil, false
	}
	rest.Value = rest.Numerator / rest.Denominator
	rest.Class = f.class(rest)
	f.standardiseCell(rest)
	return rest, true
}

func (f *figures) funnel(shown, all []*result.Cell) result.Funnel {
	first := shown[0]
	funnel := result.Funnel{
		Indicator: f.k.ID, Level: first.Level, Grain: first.Grain, Start: first.Start, Standardised: len(f.k.Strata) > 0,
	}
	limits := f.limits(&funnel, all)
	prior := f.prior(all)
	for _, c := range shown {
		point := result.FunnelPoint{Territory: c.Territory, N: c.Denominator, Value: f.compared(c)}
		if c.Class == result.OK {
			c.Funnel = string(limits.Judge(f.judged(c, limits.Centre), point.N))
			point.Position = c.Funnel
		}
		c.Shrunk = prior.Shrink(c.Numerator, c.Denominator)
		funnel.Points = append(funnel.Points, point)
	}
	funnel.Limits = limitCurve(limits, funnel.Points)
	if first.Grain == result.Rolling12 {
		f.rank(shown, prior)
	}
	return funnel
}

// Of the simulation of ranks: its draws, and where its chance begins, so that the
// same figures have the same ranks.
const (
	rankDraws = 1000
	rankSeed  = 1
)

// rank says how far the rank of each territory is known. Two that differ by less
// than chance share most of their ranks, which is why no table is sorted into places.
func (f *figures) rank(shown []*result.Cell, prior stats.Prior) {
	x, n := counts(shown)
	simulate := stats.RateRankIntervals
	if f.k.Interval == kpi.Wilson {
		simulate = stats.RankIntervals
	}
	for i, limits := range simulate(x, n, prior, rankDraws, rankSeed) {
		shown[i].RankLower, shown[i].RankUpper = limits.Lower, limits.Upper
	}
}

// compared is the value of a cell that takes part in a comparison.
func (f *figures) compared(c *result.Cell) float64 {
	if len(f.k.Strata) > 0 {
		return c.Standardised
	}
	return c.Value
}

// limits estimates the centre and the dispersion. The centre is the mean of the
// territories; that of standardised values is the national value, which they are
// scaled to. Only territories that will be judged count in the dispersion.
func (f *figures) limits(funnel *result.Funnel, all []*result.Cell) stats.Funnel {
	var x, n []float64
	var events, exposure float64
	for _, c := range all {
		value := f.compared(c)
		if math.IsNaN(value) {
			continue
		}
		events += value * c.Denominator
		exposure += c.Denominator
		if c.Class == result.OK {
			x, n = append(x, value*c.Denominator), append(n, c.Denominator)
		}
	}
	centre := math.NaN()
	if exposure > 0 {
		centre = events / exposure
	}
	italy := f.cell(key{territory: result.Italy, grain: funnel.Grain, start: funnel.Start.Unix()})
	if funnel.Standardised && italy != nil && !math.IsNaN(italy.Value) {
		centre = italy.Value
	}
	poisson := f.k.Interval != kpi.Wilson
	estimate := stats.ShareDispersion
	if poisson {
		estimate = stats.RateDispersion
	}
	d := estimate(x, n, centre, true)
	funnel.Centre, funnel.Phi, funnel.Tau2 = d.Centre, d.Phi, d.Tau2
	return stats.Funnel{Centre: funnel.Centre, Tau2: funnel.Tau2, Poisson: poisson}
}

// prior is what the territories together tell of each.
func (f *figures) prior(all []*result.Cell) stats.Prior {
	x, n := counts(all)
	if f.k.Interval == kpi.Wilson {
		return stats.SharePrior(x, n)
	}
	return stats.RatePrior(x, n)
}

// counts gives the numerators and denominators of cells.
func counts(cells []*result.Cell) (x, n []float64) {
	for _, c := range cells {
		x, n = append(x, c.Numerator), append(n, c.Denominator)
	}
	return x, n
}

// limitCurve gives the limits at denominators that grow by a constant factor
// from below the smallest territory to above the largest.
func limitCurve(limits stats.Funnel, points []result.FunnelPoint) []result.FunnelLimit {
	low, high := math.Inf(1), 0.0
	for _, point := range points {
		low, high = math.Min(low, point.N), math.Max(high, point.N)
	}
	if math.IsNaN(limits.Centre) || !(low > 0) {
		return nil
	}
	low, high = low*0.9, high*1.05
	curve := make([]result.FunnelLimit, funnelSteps)
	for i := range curve {
		n := low * math.Pow(high/low, float64(i)/(funnelSteps-1))
		inner, outer := limits.Limits(n, stats.Z95), limits.Limits(n, stats.Z998)
		curve[i] = result.FunnelLimit{N: n, Lower95: inner.Lower, Upper95: inner.Upper, Lower998: outer.Lower, Upper998: outer.Upper}
	}
	return curve
}
