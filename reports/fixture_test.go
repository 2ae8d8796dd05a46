package reports

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/sql"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// maker invents a set: all territories of the built-in tables, all indicators
// of the built-in catalogue, 24 months, with a few planted findings. It knows
// nothing of how figures are computed; it only looks like the real thing.
type maker struct {
	random *rand.Rand
	set    *result.Set
	last   time.Time
	wild   bool // signals anywhere, not only where they are planted
}

const fixtureMonths = 24

// fixture gives the same set at each call. With ids the catalogue is cut down to them.
func fixture(t testing.TB, ids ...string) *result.Set {
	t.Helper()
	return invented(t, 1, false, ids...)
}

// invented is a fixture of another chance, and, when wild, with signals anywhere.
func invented(t testing.TB, seed uint64, wild bool, ids ...string) *result.Set {
	t.Helper()
	tables, err := reference.Load(sql.Seeds(), nil)
	if err != nil {
		t.Fatal(err)
	}
	catalogue := builtIn(t)
	if len(ids) > 0 {
		catalogue.Indicators = slices.DeleteFunc(catalogue.Indicators, func(i kpi.Indicator) bool { return !slices.Contains(ids, i.ID) })
	}
	last := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	m := &maker{random: rand.New(rand.NewPCG(seed, 2)), last: last, wild: wild, set: &result.Set{Catalogue: catalogue, References: tables,
		Run: result.Run{ID: "20260105T060000Z", At: time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC), LastMonth: last,
			DataUntil: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), Synthetic: true, Owner: "Direzione centrale",
			Versions: map[string]string{"tavolo": "0.1.0", "duckdb": "v1.5.6", "arrow": "18.8.0", "iceberg": "0.7.0"}},
		Models: map[string]string{}}}
	for i := range catalogue.Indicators {
		m.indicator(&catalogue.Indicators[i])
	}
	m.sort()
	m.lake()
	m.arrivals()
	return m.set
}

// level is the national value around which an indicator is invented.
func level(i *kpi.Indicator) float64 {
	known := map[string]float64{"no_show_rate": 0.079, "booking_within_standard": 0.83, "first_contact_resolution": 0.71,
		"satisfaction_share": 0.81, "patronato_share": 0.56, "office_cancellation_rate": 0.03, "abandonment_rate": 0.09,
		"training_coverage": 0.64, "protocol_adoption": 0.55, "integration_rate": 0.14, "acceptance_rate": 0.83,
		"onsite_wait_minutes": 18, "first_response_hours": 31, "decision_days": 22, "booking_lead_days": 9}
	if value, ok := known[i.ID]; ok {
		return value
	}
	switch {
	case i.IsComposition():
		return 1
	case i.Unit == kpi.Date:
		return 20005 // 9 October 2024
	}
	switch i.Unit {
	case kpi.Percent:
		return 0.4
	case kpi.PerThousand:
		return 0.021
	case kpi.Per100k:
		return 4e-5
	case kpi.PerHundred:
		return 0.05
	}
	return 12
}

func (m *maker) indicator(i *kpi.Indicator) {
	base := level(i)
	for _, t := range m.set.References.Territories() {
		if !i.HasLevel(t.Level) {
			continue
		}
		value := base * (1 + 0.03*m.random.NormFloat64())
		drift := 0.0
		if t.Level == reference.LevelItaly || !moves(i) {
			value = base
		}
		switch {
		case i.ID == "no_show_rate" && (t.Code == "060" || t.Code == "072" || t.Code == "015"):
			value = base * 1.6
		case i.ID == "first_response_hours" && (t.Code == "16" || t.Code == "IT"):
			drift = -0.3
		case i.ID == "abandonment_rate" && (t.Code == "IT" || t.Code == "12"):
			drift = 0.5
		}
		if m.wild && moves(i) && m.random.Float64() < 0.2 {
			drift = 0.25 + m.random.Float64()/4
			if m.random.IntN(2) == 0 {
				drift = -drift
			}
		}
		m.territory(i, t, value, drift)
	}
	for _, lv := range []string{reference.LevelRegion, reference.LevelProvince} {
		if judged(i) && i.HasLevel(lv) {
			m.funnel(i, lv, base)
		}
	}
}

// judged tells of an indicator whose territories, and patronati, have a funnel.
func judged(i *kpi.Indicator) bool {
	return i.Statistic == kpi.Rate && (i.Interval == kpi.Wilson || i.Interval == kpi.Byar) && !i.IsComposition() && !i.Stock
}

// territory adds the months, the headline and the chart of one territory.
func (m *maker) territory(i *kpi.Indicator, t reference.Territory, value, drift float64) {
	n := math.Max(3, float64(t.Population)/5e4)
	chart := result.Chart{Indicator: i.ID, Territory: t.Code}
	var mature []float64
	for k := range fixtureMonths {
		start := m.last.AddDate(0, k-fixtureMonths+1, 0)
		at := value
		if k >= 14 {
			at = value * (1 + drift)
		}
		if moves(i) {
			at *= 1 + m.random.NormFloat64()*0.3/math.Sqrt(n)
		}
		if i.Unit == kpi.Percent {
			at = math.Min(math.Max(at, 0), 1)
		}
		c := m.cell(i, t, result.Month, start, at, n)
		m.set.Cells = append(m.set.Cells, c)
		immature := i.MaturityDays > 0 && k == fixtureMonths-1
		point := result.ChartPoint{Start: start, Value: c.Value, N: n, Immature: immature}
		if c.Uncounted() {
			point.N = math.NaN()
		}
		chart.Points = append(chart.Points, point)
		if !immature {
			mature = append(mature, at)
		}
	}
	limits := stats.NewXmR(mature, 0)
	chart.Centre, chart.Lower, chart.Upper, chart.Trial = limits.Centre, limits.Lower, limits.Upper, limits.Trial
	chart.Variation = "common"
	if drift != 0 {
		m.signal(i, &chart, drift)
	}
	if i.Target != nil && i.TargetOn != "p90" {
		chart.Assurance = assure(i, chart)
	}
	if i.Chart() == kpi.Run {
		chart.Centre, chart.Lower, chart.Upper, chart.Trial, chart.Assurance = math.NaN(), math.NaN(), math.NaN(), false, ""
		chart.Variation, chart.Rule, chart.Since = "common", "", time.Time{}
	}
	if i.Chart() != kpi.NoChart {
		m.set.Charts = append(m.set.Charts, chart)
	}
	now := m.cell(i, t, result.Rolling12, m.last, value*(1+drift*10/12), 12*n)
	m.set.Cells = append(m.set.Cells, now, m.cell(i, t, result.Rolling12, m.last.AddDate(-1, 0, 0), value, 12*n))
	m.broken(i, t, value, drift, 12*n)
}

func (m *maker) signal(i *kpi.Indicator, c *result.Chart, drift float64) {
	c.Variation, c.Rule, c.Since = "concern", "shift", c.Points[14].Start
	switch {
	case i.Direction == kpi.None:
		c.Variation = "change"
	case (drift > 0) == (i.Direction == kpi.Up):
		c.Variation = "improvement"
	}
	for k := 14; k < len(c.Points); k++ {
		if !c.Points[k].Immature {
			c.Points[k].Signal, c.Points[k].Kind = "shift", c.Variation
		}
	}
}

func assure(i *kpi.Indicator, c result.Chart) string {
	better := func(value float64) bool { return i.Met(value) > 0 }
	switch {
	case better(c.Lower) && better(c.Upper):
		return "met"
	case !better(c.Lower) && !better(c.Upper):
		return "missed"
	}
	return "hit_or_miss"
}

// cell is one figure with all its fields.
func (m *maker) cell(i *kpi.Indicator, t reference.Territory, grain result.Grain, start time.Time, value, n float64) result.Cell {
	c := absentCell(i.ID, t.Code)
	c.Level, c.Grain, c.Start, c.Class = t.Level, grain, start, result.OK
	c.Value, c.Denominator = value, math.Round(n)
	switch {
	case i.Unit == kpi.Date:
		c.Denominator, c.P90 = 1, value
	case i.Statistic == kpi.Sum:
		c.Numerator, c.Denominator = value, math.NaN()
	case i.Statistic == kpi.StockDays:
		c.Numerator = math.Round(value * n / 365)
	case i.Stock && i.Unit == kpi.Percent && t.Level == reference.LevelProvince: // it is there or it is not
		c.Value = float64(t.Code[2] % 2)
		c.Numerator, c.Denominator = c.Value, 1
	case i.Statistic == kpi.Rate:
		c.Numerator = math.Round(value * n)
		limits := stats.Wilson(math.Min(c.Numerator, c.Denominator), c.Denominator, 1.959964)
		c.Lower, c.Upper = limits.Lower, limits.Upper
		if i.Unit != kpi.Percent {
			c.Lower, c.Upper = value*(1-1/math.Sqrt(n)), value*(1+1/math.Sqrt(n))
		}
	default:
		c.Value = math.Round(value)
		c.P90, c.Lower, c.Upper, c.Open = math.Round(3*value), math.Floor(value*0.97), math.Ceil(value*1.03), math.Round(n/30)
	}
	switch {
	case t.Code == "007" && i.Disclosure != kpi.Unlimited && i.Unit == kpi.Percent:
		hidden := absentCell(i.ID, t.Code)
		hidden.Level, hidden.Grain, hidden.Start, hidden.Class = t.Level, grain, start, result.Hidden
		return hidden
	case t.Code == "007" && i.Disclosure != kpi.Unlimited && i.Statistic == kpi.Distribution:
		c.Denominator, c.Reason = math.NaN(), result.ByIndicator
	case c.Denominator < i.MinDenominator:
		c.Class = result.Small
	}
	if len(i.Strata) > 0 {
		c.Expected, c.Standardised, c.StdLower, c.StdUpper = c.Numerator*0.98, value*0.99, c.Lower*0.99, c.Upper*0.99
	}
	if i.IsComposition() && value == 1 { // the whole
		c.Lower, c.Upper = math.NaN(), math.NaN()
	}
	if comparable(i) {
		c.Shrunk = value*0.8 + level(i)*0.2
	}
	return c
}

// broken adds the breakdowns of a headline, now and a year before, and splits the
// change between the two. All of a drift is with the first item.
func (m *maker) broken(i *kpi.Indicator, t reference.Territory, value, drift, n float64) {
	for _, by := range i.Breakdowns {
		var codes []string
		switch by {
		case kpi.ByPatronato:
			codes = []string{kpi.NoPatronato}
			for _, patronato := range m.set.References.Patronati() {
				codes = append(codes, patronato.Code)
			}
		case kpi.ByService:
			for _, service := range m.set.References.Services() {
				codes = append(codes, service.Code)
			}
		case kpi.ByPatronatoService:
			for _, service := range m.set.References.Services() {
				codes = append(codes, by.Item("ACLI", service.Code), by.Item("INAS", service.Code))
			}
		case kpi.ByChannel:
			codes = []string{"sportello", "contact_center", "combipat", "pec", "portale"}
		case kpi.ByMode:
			codes = []string{"fisico", "richiamata", "web"}
		case kpi.ByKind:
			codes = []string{"normativa", "procedurale", "tecnologica"}
		case kpi.ByLog:
			codes = []string{"applications", "bookings", "interactions"}
		case kpi.ByMeasure:
			m.measures(i, t, value, n)
			continue
		}
		sort.Strings(codes)
		var from, to []stats.Part
		for k, code := range codes {
			own, size := value*(0.8+0.4*m.random.Float64()), n/float64(k+2)
			before := m.cell(i, t, result.Rolling12, m.last.AddDate(-1, 0, 0), own, size)
			if k == 0 {
				own *= 1 + drift*10/12*3
			}
			if i.Unit == kpi.Percent {
				own = math.Min(math.Max(own, 0), 1)
			}
			c := m.cell(i, t, result.Rolling12, m.last, own, size)
			if i.IsComposition() {
				c = m.cell(i, t, result.Rolling12, m.last, 1/math.Exp2(float64(k+1)), n)
			}
			if m.wild && k%7 == 6 {
				c = withheld(result.Cell{Indicator: i.ID, Territory: t.Code, Level: t.Level, Grain: result.Rolling12, Start: m.last, Class: result.Hidden})
			}
			if t.Level == reference.LevelItaly && by == kpi.ByPatronato && k == 3 && c.Class == result.OK && judged(i) {
				c.Funnel = "above998"
			}
			c.Breakdown, c.Item, before.Breakdown, before.Item = string(by), code, string(by), code
			m.set.Cells = append(m.set.Cells, before, c)
			from, to = append(from, stats.Part{Numerator: before.Numerator, Denominator: before.Denominator}),
				append(to, stats.Part{Numerator: c.Numerator, Denominator: c.Denominator})
			if t.Level != reference.LevelProvince {
				c.Grain, c.Start = result.Year, time.Date(m.last.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
				m.set.Cells = append(m.set.Cells, c)
			}
		}
		if len(codes) > 0 && i.Statistic == kpi.Rate && i.Divides(by) {
			m.split(i, t, string(by), codes, from, to)
		}
	}
}

// split tells the parts of a change that are shown, as if there were no others.
func (m *maker) split(i *kpi.Indicator, t reference.Territory, by string, codes []string, from, to []stats.Part) {
	var some []string
	var before, after []stats.Part
	total := [2]float64{}
	for k, code := range codes {
		if known(from[k].Numerator) && known(to[k].Numerator) {
			some, before, after = append(some, code), append(before, from[k]), append(after, to[k])
			total[0], total[1] = total[0]+from[k].Denominator, total[1]+to[k].Denominator
		}
	}
	d := stats.Decompose(before, after)
	m.set.Decomposed = append(m.set.Decomposed, result.Decomposition{Indicator: i.ID, Territory: t.Code, By: by,
		FromStart: m.last.AddDate(-1, 0, 0), ToStart: m.last, From: d.From, To: d.To, Mix: d.Mix, Rate: d.Rate})
	for k, c := range stats.DecomposeParts(before, after) {
		m.set.Contribute = append(m.set.Contribute, result.Contribution{Indicator: i.ID, Territory: t.Code, By: by, Item: some[k],
			ShareFrom: before[k].Denominator / total[0], ShareTo: after[k].Denominator / total[1], From: c.From, To: c.To, Mix: c.Mix, Rate: c.Rate})
	}
}

// measures adds what is known of each measure that takes effect in the months: the
// figure of its year, which is also that of its month, and for a province of its
// month alone.
func (m *maker) measures(i *kpi.Indicator, t reference.Territory, value, n float64) {
	for _, measure := range m.set.References.Measures() {
		month := monthOf(measure.EffectiveFrom)
		if month.Before(m.last.AddDate(0, 1-fixtureMonths, 0)) || month.After(m.last) {
			continue
		}
		c := m.cell(i, t, result.Month, month, value*(0.8+0.4*m.random.Float64()), n)
		m.set.Cells = slices.DeleteFunc(m.set.Cells, func(other result.Cell) bool {
			return other.Indicator == i.ID && other.Territory == t.Code && other.Grain == result.Month && other.Start.Equal(month)
		})
		m.set.Cells = append(m.set.Cells, c)
		if t.Level != reference.LevelProvince {
			c.Grain, c.Start = result.Year, time.Date(month.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
			c.Breakdown, c.Item = string(kpi.ByMeasure), measure.Code
			m.set.Cells = append(m.set.Cells, c)
		}
	}
}

// funnel compares the headlines of a level and writes the positions back.
func (m *maker) funnel(i *kpi.Indicator, lv string, centre float64) {
	f := result.Funnel{Indicator: i.ID, Level: lv, Grain: result.Rolling12, Start: m.last, Centre: centre, Phi: 1.3,
		Standardised: len(i.Strata) > 0}
	least, most := math.Inf(1), 0.0
	for k := range m.set.Cells {
		c := &m.set.Cells[k]
		if c.Indicator != i.ID || c.Level != lv || c.Grain != result.Rolling12 || c.Breakdown != "" || !c.Start.Equal(m.last) || c.Class == result.Hidden {
			continue
		}
		z := (c.Value - centre) / (centre * 0.9 / math.Sqrt(c.Denominator*math.Max(centre, 0.05)))
		switch {
		case c.Denominator < 10:
		case z > 3.09:
			c.Funnel = "above998"
		case z > 1.96:
			c.Funnel = "above95"
		case z < -3.09:
			c.Funnel = "below998"
		case z < -1.96:
			c.Funnel = "below95"
		default:
			c.Funnel = "inside"
		}
		least, most = math.Min(least, c.Denominator), math.Max(most, c.Denominator)
		f.Points = append(f.Points, result.FunnelPoint{Territory: c.Territory, N: c.Denominator, Value: c.Value, Position: c.Funnel})
	}
	if len(f.Points) == 0 {
		return
	}
	for k := range 60 {
		n := least * math.Pow(most/least, float64(k)/59)
		sd := centre * 0.9 / math.Sqrt(n*math.Max(centre, 0.05))
		f.Limits = append(f.Limits, result.FunnelLimit{N: n, Lower95: centre - 1.96*sd, Upper95: centre + 1.96*sd,
			Lower998: centre - 3.09*sd, Upper998: centre + 3.09*sd})
	}
	m.set.Funnels = append(m.set.Funnels, f)
}

func (m *maker) sort() {
	cells := m.set.Cells
	sort.SliceStable(cells, func(a, b int) bool {
		x, y := cells[a], cells[b]
		switch {
		case x.Indicator != y.Indicator:
			return x.Indicator < y.Indicator
		case x.Territory != y.Territory:
			return x.Territory < y.Territory
		case x.Grain != y.Grain:
			return x.Grain < y.Grain
		}
		return x.Start.Before(y.Start)
	})
}

// lake adds what the pages on quality and method show.
func (m *maker) lake() {
	set := m.set
	for k, log := range []string{"agreements", "applications", "bookings", "contributions", "interactions", "trainings"} {
		set.Run.Snapshots = append(set.Run.Snapshots, result.Snapshot{Table: log, ID: 4000000000000000000 + int64(k), At: set.Run.At, Rows: int64(40000 * (k + 1))})
		for month := range 8 {
			set.Batches = append(set.Batches, ledger.Entry{BatchID: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0" + string(rune('0'+k)),
				Source: log + "-sintetico", Log: log, File: "drops/" + log + "/2025-0" + string(rune('1'+month)) + ".csv", Outcome: ledger.Committed,
				ReceivedAt: set.Run.At, IngestedAt: set.Run.At, Lines: 1012, Header: 1, Blank: 1,
				Accepted: ledger.Count{Records: 1000, Lines: 1002}, Quarantined: ledger.Count{Records: 7, Lines: 7}, Duplicate: ledger.Count{Records: 1, Lines: 1}, LatestMonth: "2025-12"})
		}
		set.Refused = append(set.Refused, result.RefusedCount{Source: log + "-sintetico", Log: log, Rule: "unknown_reference", Column: "province_code",
			Records: 31, Example: `province_code: "ITX9" is no known province`})
	}
	last := map[string]string{} // level → the territory before
	for _, t := range set.References.Territories() {
		if peer := last[t.Level]; peer != "" {
			set.Peers = append(set.Peers, result.Peer{Territory: t.Code, Peer: peer, Place: 1, SizeClass: 2, Classes: 5, Distance: 0.1, Indicator: "patronato_share"})
		}
		last[t.Level] = t.Code
	}
	set.Checks = []result.Check{{Name: "parts_within_wholes", Title: "Every part lies within its whole."}, {Name: "ledger_equals_lake", Title: "The ledger counts what the lake holds."}}
	for _, i := range set.Catalogue.Indicators {
		set.Models[i.Mart] = "-- grain: one row per month, territory and service\nselect\n    month,\n    territory_code\nfrom stg_bookings\n"
	}
}
