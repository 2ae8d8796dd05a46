package synthetic_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"tavolo/ingest/synthetic"
)

// z998 is the normal deviate of 99.8%: the outer limits of a funnel plot.
const z998 = 3.090232

// TestTheTruthIsInTheRows reads the default country once and looks for
// everything that was planted, and for differences that were not.
func TestTheTruthIsInTheRows(t *testing.T) {
	dir := t.TempDir()
	truth, err := synthetic.Write(context.Background(), dir, synthetic.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	c := census{reader: newReader(t, dir)}
	refused := c.count(truth)
	want := 0
	for _, r := range truth.Refused {
		want += r.Records
	}
	if refused != want {
		t.Errorf("%d violations, want %d", refused, want)
	}
	t.Run("calibration", func(t *testing.T) { c.checkCalibration(t, truth) })
	t.Run("no show", func(t *testing.T) { c.checkNoShow(t, truth) })
	t.Run("correction", func(t *testing.T) { c.checkCorrection(t, truth) })
	t.Run("integration", func(t *testing.T) { c.checkIntegration(t, truth) })
	t.Run("response", func(t *testing.T) { c.checkResponse(t, truth) })
	t.Run("training", func(t *testing.T) { c.checkTraining(t, truth) })
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %.4f, want %.4f ± %.4f", what, got, want, tolerance)
	}
}

// planted gives the truths of a kind.
func planted(t *testing.T, truth *synthetic.Truth, kind string, want int) []synthetic.Planted {
	t.Helper()
	var all []synthetic.Planted
	for _, p := range truth.Planted {
		if p.Kind == kind {
			all = append(all, p)
		}
	}
	if len(all) != want {
		t.Fatalf("%d planted of kind %s, want %d", len(all), kind, want)
	}
	return all
}

func (c *census) checkCalibration(t *testing.T, truth *synthetic.Truth) {
	near(t, "rows", float64(truth.Rows), synthetic.DefaultRows, 0.01*synthetic.DefaultRows)
	rows := 0.0
	for _, n := range c.perLog {
		rows += n
	}
	for log, want := range map[string]float64{"interactions": 0.33, "applications": 0.34, "bookings": 0.26, "trainings": 0.056} {
		near(t, "part of "+log, c.perLog[log]/rows, want, 0.008)
	}
	for _, log := range []string{"contributions", "agreements"} {
		if c.perLog[log] < 1000 {
			t.Errorf("%s: %v rows", log, c.perLog[log])
		}
	}
	near(t, "share of the patronati", c.through["all"].rate(), 0.56, 0.01)
	near(t, "share of the patronati in pensions", c.through["pensioni"].rate(), 0.85, 0.01)
	near(t, "share of the patronati in civil invalidity", c.through["disabilita"].rate(), 0.85, 0.02)
	patronato := c.through["all"].cases
	near(t, "pensions in the mix of the patronati", c.through["pensioni"].cases/patronato, 1478891.0/3184367, 0.01)
	near(t, "unemployment in the mix of the patronati", c.through["disoccupazione"].cases/patronato, 501635.0/3184367, 0.01)
	near(t, "without digital skills", c.digital.rate(), 1-0.457, 0.01)
}

// checkNoShow compares what each province has missed with what its case mix
// (lead band and mode) lets expect, and with the crude rate.
func (c *census) checkNoShow(t *testing.T, truth *synthetic.Truth) {
	strata, all, provinces := map[string]*share{}, &share{}, map[string]*share{}
	for _, a := range c.appointments {
		if !a.decided {
			continue
		}
		if strata[a.stratum] == nil {
			strata[a.stratum] = &share{}
		}
		if provinces[a.province] == nil {
			provinces[a.province] = &share{}
		}
		strata[a.stratum].add(a.missed)
		provinces[a.province].add(a.missed)
		all.add(a.missed)
	}
	near(t, "no-show rate of Italy", all.rate(), 0.070, 0.008)
	expected, variance := map[string]float64{}, map[string]float64{}
	for _, a := range c.appointments {
		if a.decided {
			p := strata[a.stratum].rate()
			expected[a.province] += p
			variance[a.province] += p * (1 - p)
		}
	}
	adjusted := func(code string) float64 {
		return (provinces[code].cases - expected[code]) / math.Sqrt(variance[code])
	}
	crude := func(code string) float64 {
		p := all.rate()
		return (provinces[code].cases - p*provinces[code].all) / math.Sqrt(p*(1-p)*provinces[code].all)
	}
	real := map[string]bool{}
	for _, p := range planted(t, truth, synthetic.NoShowExcess, 3) {
		real[p.Territory] = true
		if z := adjusted(p.Territory); z < z998 {
			t.Errorf("the excess of %s does not show: z = %.2f", p.Territory, z)
		}
	}
	for _, p := range planted(t, truth, synthetic.CaseMixTrap, 2) {
		raw, fair := crude(p.Territory), adjusted(p.Territory)
		if math.Abs(raw) < z998 || (raw > 0) != (p.Direction == "higher") {
			t.Errorf("the raw rate of %s does not mislead: z = %.2f", p.Territory, raw)
		}
		if math.Abs(fair) > 2.5 {
			t.Errorf("%s stands out although its case mix is known: z = %.2f", p.Territory, fair)
		}
		near(t, "raw rate of "+p.Territory+" against Italy", provinces[p.Territory].rate()/all.rate(), p.Size, 0.3*p.Size)
	}
	outside := 0
	for code := range provinces {
		if !real[code] && math.Abs(adjusted(code)) > z998 {
			outside++
		}
	}
	if outside > 1 {
		t.Errorf("%d provinces outside the 99.8%% limits without a reason", outside)
	}
}

func (c *census) checkCorrection(t *testing.T, truth *synthetic.Truth) {
	want := planted(t, truth, synthetic.CorrectedFile, 1)[0]
	if len(c.firstVersion) != want.Rows || want.Rows < 20 {
		t.Errorf("%d bookings corrected, want %d and not few", len(c.firstVersion), want.Rows)
	}
	for id, first := range c.firstVersion {
		if now := c.appointments[id]; !first.missed || now.missed || !now.decided || now.province != want.Territory {
			t.Errorf("booking %s: first %+v, then %+v", id, first, now)
		}
	}
}

func (c *census) checkIntegration(t *testing.T, truth *synthetic.Truth) {
	want := planted(t, truth, synthetic.IntegrationExcess, 1)[0]
	others := &share{}
	for code, s := range c.returned {
		if code != want.Patronato {
			others.cases += s.cases
			others.all += s.all
		}
	}
	near(t, "odds of a return", c.returned[want.Patronato].odds()/others.odds(), want.Size, 0.15*want.Size)
	for code, s := range c.returned {
		z := (s.rate() - others.rate()) / math.Sqrt(others.rate()*(1-others.rate())/s.all)
		if (math.Abs(z) > z998+0.5) != (code == want.Patronato) {
			t.Errorf("%s: z = %.2f", code, z)
		}
	}
}

func (c *census) checkResponse(t *testing.T, truth *synthetic.Truth) {
	want := planted(t, truth, synthetic.ResponseImproves, 1)[0]
	for region, hours := range c.hours {
		change := median(hours[true]) / median(hours[false])
		if region == want.Territory {
			near(t, "time to an answer in "+region, change, want.Size, 0.12)
		} else if len(hours[true]) > 400 && (change < 0.75 || change > 1.35) { // fewer say nothing
			t.Errorf("region %s changed by %.2f, and nothing was planted", region, change)
		}
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[(len(values)-1)/2]
}

// checkTraining compares who was trained in time with who was active.
func (c *census) checkTraining(t *testing.T, truth *synthetic.Truth) {
	late := planted(t, truth, synthetic.LateTraining, 2)
	for _, m := range c.refs.Measures() {
		active, inTime := map[string]float64{}, map[string]float64{}
		month := m.EffectiveFrom.AddDate(0, 0, 1-m.EffectiveFrom.Day())
		for _, o := range c.refs.Operators() {
			if o.Month.Equal(month) {
				active[c.macro(o.ProvinceCode)] += float64(o.ActiveOperators)
			}
		}
		for operator, first := range c.inTime[m.Code] {
			if first.Before(m.EffectiveFrom) {
				inTime[c.macro(c.operators[operator])]++
			}
		}
		for macro, n := range active {
			want := 0.80
			if m.Code == late[0].Measure && (macro == late[0].Macro || macro == late[1].Macro) {
				want *= late[0].Size
			}
			near(t, "coverage of "+m.Code+" in "+macro, inTime[macro]/n, want, 0.06)
		}
	}
}

func (c *census) macro(province string) string {
	t, _ := c.refs.Territory(province)
	return t.Macro
}
