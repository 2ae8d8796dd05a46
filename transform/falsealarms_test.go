package transform

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// noise is a country in which no territory and no month differs from another but
// by chance: counts, as the marts would give them, of all provinces and months.
// They are judged by the very code that judges the lake's.
type noise struct {
	run     *run
	random  *rand.Rand
	spans   []span
	planted float64 // factor on the odds in noShowProvinces; 1 of pure noise
}

// How long the noise is, and how much of everything there is in a month in the
// whole country: about as in the demo, whose planted truth is found.
const (
	noiseMonths = 36
	noiseCases  = 4000
)

// noShowProvinces are those in which the demo plants an excess of noShowOdds.
var noShowProvinces = map[string]bool{"028": true, "036": true, "065": true}

const noShowOdds = 2.4

func newNoise(refs *reference.Tables, seed uint64) *noise {
	last := date("2025-12-01")
	r := &run{job: &Job{References: refs}}
	r.at = horizon{dataUntil: date("2026-03-31"), asOf: date("2026-03-31"), first: last.AddDate(0, 1-noiseMonths, 0), last: last}
	for _, p := range periodsBetween(r.at.first, r.at.last) {
		if p.grain == result.Month || p.grain == result.Rolling12 && p.start.Equal(last) {
			r.periods = append(r.periods, p)
		}
	}
	r.places, r.members = hierarchy(refs)
	return &noise{run: r, random: rand.New(rand.NewPCG(seed, 1)), spans: spansOf(r.periods), planted: 1}
}

// draw is one place and month: how many cases there are, and how often what is
// counted of them happens.
type draw func(n *noise, province *reference.Territory) (item string, happens, cases int64)

// tally fills the counts of a mart, for the question that an indicator puts by
// the columns of by: one entry for each draw of each province and month.
func (n *noise) tally(columns [2]string, draws []draw) *tally {
	t := &tally{spans: n.spans, columns: []count{{columns[0], 1}, {columns[1], 1}}, places: map[place][]entry{}}
	items := newNumbering[string]()
	for i := range n.run.job.References.Territories() {
		territory := &n.run.job.References.Territories()[i]
		if territory.Level != reference.LevelProvince {
			continue
		}
		for month := range n.spans {
			for _, one := range draws {
				item, happens, cases := one(n, territory)
				at := place{territory.Code, items.of(item)}
				t.places[at] = append(t.places[at], entry{span: int32(month), value: unobserved, at: int32(len(t.numbers))})
				t.numbers = append(t.numbers, happens, cases)
			}
		}
	}
	t.rank(items.things, nil)
	return t
}

// together adds up a tally over its items.
func (t *tally) together() *tally {
	all := &tally{spans: t.spans, columns: t.columns, items: []string{""}, places: map[place][]entry{}, numbers: t.numbers}
	for at, entries := range t.places {
		at.item = 0
		all.places[at] = append(all.places[at], entries...)
	}
	return all
}

// judge gives an indicator its values and sets the territories and the months
// beside each other.
func (n *noise) judge(t *testing.T, k kpi.Indicator, draws []draw) *figures {
	t.Helper()
	k.ID, k.Statistic, k.Numerator, k.Denominator = "noise", kpi.Rate, "happens", "cases"
	k.Levels, k.MinDenominator = []string{"italy", "region", "province"}, 30
	counts := n.tally([2]string{k.Numerator, k.Denominator}, draws)
	s := &sheet{indicators: []*kpi.Indicator{&k}, whole: n.spans, answers: map[string]*tally{}}
	s.answers[fmt.Sprintf("%d//%s", len(n.spans), strings.Join(k.Strata, separator))] = counts
	s.answers[fmt.Sprintf("%d//", len(n.spans))] = counts.together()
	f := n.run.measure(s, &k)
	f.standardise()
	f.compare()
	return f
}

// binomial draws how often something of probability p happens in n cases.
func (n *noise) binomial(cases int64, p float64) (happens int64) {
	for range cases {
		if n.random.Float64() < p {
			happens++
		}
	}
	return happens
}

// poisson draws a count: sums of exponential gaps.
func (n *noise) poisson(mean float64) (events int64) {
	for at := n.random.ExpFloat64(); at < mean; at += n.random.ExpFloat64() {
		events++
	}
	return events
}

// cases is how many cases a province has in a month: its part of the country's.
func (n *noise) cases(province *reference.Territory, part float64) int64 {
	italy, _ := n.run.job.References.Territory(result.Italy)
	return n.poisson(noiseCases * part * float64(province.Population) / float64(italy.Population))
}

// odds is a probability in a province, with what is planted there.
func (n *noise) odds(province *reference.Territory, p float64) float64 {
	if !noShowProvinces[province.Code] {
		return p
	}
	odds := p / (1 - p) * n.planted
	return odds / (1 + odds)
}

// noises are the indicators that are made of noise: a rare share whose strata
// the provinces have in different parts, so that raw values differ and
// standardised ones do not; a common share; and events per exposure.
var noises = []struct {
	name  string
	k     kpi.Indicator
	draws []draw
}{
	{"missed appointments", kpi.Indicator{Unit: kpi.Percent, Interval: kpi.Wilson, Direction: kpi.Down, Strata: []string{"lead_band"}},
		[]draw{missed(0, 0.03), missed(1, 0.06), missed(2, 0.10), missed(3, 0.15)}},
	{"applications accepted", kpi.Indicator{Unit: kpi.Percent, Interval: kpi.Wilson, Direction: kpi.Up},
		[]draw{func(n *noise, province *reference.Territory) (string, int64, int64) {
			cases := n.cases(province, 1)
			return "", n.binomial(cases, 0.85), cases
		}}},
	{"proposals per operator", kpi.Indicator{Unit: kpi.PerHundred, Interval: kpi.Byar, Direction: kpi.None},
		[]draw{func(n *noise, province *reference.Territory) (string, int64, int64) {
			cases := n.cases(province, 1)
			return "", n.poisson(0.3 * float64(cases)), cases
		}}},
}

func missed(stratum int, p float64) draw {
	return func(n *noise, province *reference.Territory) (string, int64, int64) {
		part := [...]float64{0.25, 0.4, 0.25, 0.1}[(stratum+int(province.Code[2]))%4]
		cases := n.cases(province, part)
		return fmt.Sprint(stratum), n.binomial(cases, n.odds(province, p)), cases
	}
}

// alarms counts what was called different, of all that was judged.
type alarms struct {
	judged, beyond95, beyond998 int // territories
	charts, atEnd               int // charts, and those whose last month is a signal
}

func (a *alarms) add(f *figures, level string) {
	for _, funnel := range f.comparisons {
		if funnel.Level != level {
			continue
		}
		for _, point := range funnel.Points {
			switch stats.Position(point.Position) {
			case stats.NotJudged:
				continue
			case stats.Above998, stats.Below998:
				a.beyond998++
				a.beyond95++
			case stats.Above95, stats.Below95:
				a.beyond95++
			}
			a.judged++
		}
	}
	for _, chart := range f.series {
		if territory, _ := f.refs.Territory(chart.Territory); territory.Level != level {
			continue
		}
		a.charts++
		if chart.Variation != common {
			a.atEnd++
		}
	}
}

// seeds is how many countries of noise are judged.
func seeds() int {
	if testing.Short() {
		return 20
	}
	return 200
}

// everySeed judges a noise under every seed, on all processors.
func everySeed(t *testing.T, each func(seed uint64)) {
	t.Helper()
	next := make(chan uint64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for seed := range next {
				each(seed)
			}
		})
	}
	for seed := range seeds() {
		next <- uint64(seed)
	}
	close(next)
	workers.Wait()
}

// atMost says whether so many alarms among so many that were judged are no more
// than a promised rate allows: by the binomial law, with one chance in a million
// that a method which keeps its promise is beyond.
func atMost(found, of int, promised float64) bool {
	const z = 4.753
	mean := promised * float64(of)
	return float64(found) <= mean+z*math.Sqrt(mean*(1-promised))+1
}

// signalAtEnd is what the rules for signals promise: the part of charts of
// independent normal months whose last month is a signal. Seven of a side are
// 1.6%, a month outside and two of three near a limit the rest.
func signalAtEnd() float64 {
	random := rand.New(rand.NewPCG(1, 2))
	const charts = 20000
	found := 0
	for range charts {
		months := make([]float64, noiseMonths)
		for i := range months {
			months[i] = random.NormFloat64()
		}
		if stats.NewXmR(months, 0).Signals(months)[noiseMonths-1].Rule != stats.NoSignal {
			found++
		}
	}
	return float64(found) / charts
}

// TestGapsRaiseNoMoreAlarms takes months out of normal noise: some at random, as
// files get lost, and some because they are low, as disclosure control withholds
// them. The months that are left end with a signal no more often than a whole
// series does, and a month far outside is still found.
func TestGapsRaiseNoMoreAlarms(t *testing.T) {
	const charts = 20000
	promised := signalAtEnd()
	for _, one := range []struct {
		name string
		gap  func(random *rand.Rand, value float64) bool
	}{
		{"one month of five is lost", func(random *rand.Rand, _ float64) bool { return random.IntN(5) == 0 }},
		{"low months are withheld", func(_ *rand.Rand, value float64) bool { return value < -0.85 }},
	} {
		random := rand.New(rand.NewPCG(3, 4))
		found, far := 0, 0
		for range charts {
			months := make([]float64, noiseMonths)
			for i := range months {
				months[i] = random.NormFloat64()
				if i < noiseMonths-1 && one.gap(random, months[i]) {
					months[i] = math.NaN()
				}
			}
			for one.gap(random, months[noiseMonths-1]) {
				months[noiseMonths-1] = random.NormFloat64()
			}
			if stats.NewXmR(months, 0).Signals(months)[noiseMonths-1].Rule != stats.NoSignal {
				found++
			}
			months[noiseMonths-1] = 6
			if stats.NewXmR(months, 0).Signals(months)[noiseMonths-1].Rule == stats.Outside {
				far++
			}
		}
		t.Logf("%s: %.2f%% end with a signal, promised %.2f%%; six deviations found in %.2f%%", one.name, 100*part(found, charts), 100*promised, 100*part(far, charts))
		if !atMost(found, charts, promised) {
			t.Errorf("%s: more alarms than without gaps", one.name)
		}
		if part(far, charts) < 0.95 {
			t.Errorf("%s: a month six deviations away is missed too often", one.name)
		}
	}
}

// TestNoiseRaisesFewAlarms judges countries in which nothing differs, and counts
// how often something is called different all the same. The 95% limits promise
// at most one territory in twenty, the 99.8% limits two in a thousand, and the
// charts what their rules do on normal noise. Half as many alarms more are
// allowed where months have a handful of events: such counts are skewed, and the
// limits are not.
func TestNoiseRaisesFewAlarms(t *testing.T) {
	refs, promised := references(t), signalAtEnd()
	for _, one := range noises {
		var mutex sync.Mutex
		byLevel := map[string]*alarms{reference.LevelProvince: {}, reference.LevelRegion: {}}
		everySeed(t, func(seed uint64) {
			f := newNoise(refs, seed).judge(t, one.k, one.draws)
			mutex.Lock()
			defer mutex.Unlock()
			for level, a := range byLevel {
				a.add(f, level)
			}
		})
		for level, a := range byLevel {
			t.Logf("%s, %s: of %d judged %.2f%% beyond 95%%, %.3f%% beyond 99.8%%; of %d charts %.2f%% end with a signal, promised %.2f%%",
				one.name, level, a.judged, 100*part(a.beyond95, a.judged), 100*part(a.beyond998, a.judged),
				a.charts, 100*part(a.atEnd, a.charts), 100*promised)
			allowed := promised
			if level == reference.LevelProvince {
				allowed *= 1.5
			}
			switch {
			case a.judged < seeds()*20 || a.charts < seeds()*20:
				t.Errorf("%s, %s: %d territories and %d charts were judged", one.name, level, a.judged, a.charts)
			case !atMost(a.beyond95, a.judged, 0.05), !atMost(a.beyond998, a.judged, 0.002):
				t.Errorf("%s, %s: the funnels promise less", one.name, level)
			case !atMost(a.atEnd, a.charts, allowed):
				t.Errorf("%s, %s: the charts promise less", one.name, level)
			case part(a.beyond95, a.judged) < 0.02:
				t.Errorf("%s, %s: limits that hardly anything leaves find nothing either", one.name, level)
			}
		}
	}
}

// TestWhatIsPlantedIsFound plants in the same noise what the demo plants, the
// odds of a missed appointment in three provinces times 2.4, and counts how
// often the funnel of the last twelve months says so.
func TestWhatIsPlantedIsFound(t *testing.T) {
	refs := references(t)
	var mutex sync.Mutex
	found := 0
	everySeed(t, func(seed uint64) {
		n := newNoise(refs, seed)
		n.planted = noShowOdds
		f := n.judge(t, noises[0].k, noises[0].draws)
		mutex.Lock()
		defer mutex.Unlock()
		for _, c := range f.cells {
			if noShowProvinces[c.Territory] && c.Grain == result.Rolling12 && strings.HasPrefix(c.Funnel, "above") {
				found++
			}
		}
	})
	t.Logf("found %d of %d", found, 3*seeds())
	if part(found, 3*seeds()) < 0.95 {
		t.Errorf("%d of %d planted excesses were found", found, 3*seeds())
	}
}

func part(some, all int) float64 { return float64(some) / float64(all) }
