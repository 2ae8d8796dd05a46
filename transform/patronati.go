package transform

import (
	"math"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// judgePatronati sets the patronati of the country beside each other, as the
// funnels do the territories of a level, and writes to the cell of each where it
// lies. Who comes without a patronato is none of them. A rate for each resident says
// how large a patronato is, which is no judgement.
//
// Their mixes of cases differ and are not allowed for, as the strata are counted
// by territory: what that makes them differ is part of the dispersion, which
// widens the limits.
func (f *figures) judgePatronati() {
	judged := f.k.Statistic == kpi.Rate && (f.k.Interval == kpi.Wilson || f.k.Interval == kpi.Byar)
	if !judged || f.k.Stock || f.k.PerPopulation || f.k.IsComposition() || !f.k.Divides(kpi.ByPatronato) {
		return
	}
	var cells []*result.Cell
	var x, n []float64
	for i := range f.cells {
		c := &f.cells[i]
		if c.Territory == result.Italy && c.Grain == result.Rolling12 && c.Start.Equal(f.at.last) &&
			c.Breakdown == string(kpi.ByPatronato) && c.Item != kpi.NoPatronato && c.Class == result.OK && !c.Uncounted() {
			cells, x, n = append(cells, c), append(x, c.Numerator), append(n, c.Denominator)
		}
	}
	if len(cells) < leastPatronati {
		return
	}
	poisson := f.k.Interval != kpi.Wilson
	estimate := stats.ShareDispersion
	if poisson {
		estimate = stats.RateDispersion
	}
	d := estimate(x, n, math.NaN(), true)
	limits := stats.Funnel{Centre: d.Centre, Tau2: d.Tau2, Poisson: poisson}
	for _, c := range cells {
		c.Funnel = string(limits.Judge(c.Value, c.Denominator))
	}
}

// leastPatronati is how many must be there to tell how much they differ.
const leastPatronati = 5
