package transform

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// fewEverywhere is sixteen months of five provinces of two regions, with so few
// contacts that most figures are withheld.
func fewEverywhere(seed uint64) []event {
	random := rand.New(rand.NewPCG(seed, 5))
	var events []event
	for month := range 16 {
		on := date("2023-01-01").AddDate(0, month, 0).Format("2006-01")
		for i, province := range []string{"058", "057", "056", "015", "016"} {
			for _, channel := range []string{"pec", "email", "portale"} {
				n := random.IntN(4 + 8*(i%3))
				events = append(events, contacts(on, province, channel, n, random.IntN(n+1))...)
			}
		}
	}
	return events
}

// bounds is the least and the most that one of the two counts of a share can be:
// those who have what it counts, and those who have it not.
type bounds struct{ least, most float64 }

// reader is somebody who has the published cells, and works out what the withheld
// ones can be.
type reader struct {
	bounds map[key]*[2]bounds
	sums   [][]key // the total first
}

// newReader reads cells; without numbers only the reasons, and where there is nobody.
func newReader(s *result.Set, threshold float64, numbers bool) *reader {
	r := &reader{bounds: map[key]*[2]bounds{}}
	few, any := bounds{1, threshold - 1}, bounds{0, math.Inf(1)}
	for i := range s.Cells {
		c := &s.Cells[i]
		know := [2]bounds{any, any}
		switch {
		case math.IsNaN(c.Numerator) && !math.IsNaN(c.Denominator):
			know = [2]bounds{{c.Denominator, c.Denominator}, {}}
			if !numbers {
				know[0] = any
			}
		case c.RoundedTo > 0:
			for count, far := range [2]bool{c.Value > 0, c.Value < 1} {
				if far {
					know[count].least = threshold
				}
			}
		case c.Uncounted():
			know = [2]bounds{{threshold, math.Inf(1)}, {}}
		case c.Reason == result.Few:
			know[0] = few
		case c.Reason == result.AllButFew:
			know[1] = few
		case c.Class == result.NoData:
			know = [2]bounds{}
		case c.Class != result.Hidden && numbers:
			x, y := c.Numerator, c.Denominator-c.Numerator
			know = [2]bounds{{x, x}, {y, y}}
		}
		r.bounds[keyOf(c)] = &know
	}
	for i := range s.Cells {
		r.addSums(s, keyOf(&s.Cells[i]))
	}
	return r
}

// addSums adds the equations of which a cell is the total. A part that is not
// among the cells counts nobody.
func (r *reader) addSums(s *result.Set, total key) {
	provinces, items, months := []key{total}, []key{total}, []key{total}
	for _, territory := range s.References.Territories() {
		if part := total; territory.Parent == total.territory {
			part.territory = territory.Code
			provinces = append(provinces, part)
		}
	}
	// Provinces have months, quarters and years, all together, and everything of the
	// last twelve months; other figures of a region have no parts to be added up.
	lastTwelve := total.grain == result.Rolling12 && total.start == s.Run.LastMonth.Unix()
	given := lastTwelve || total.grain != result.Rolling12 && total.breakdown == ""
	if len(provinces) > 1 && (given || total.territory == result.Italy) {
		r.sums = append(r.sums, provinces)
	}
	if total.breakdown != "" {
		return
	}
	for k := range r.bounds {
		if k.breakdown != "" && k.territory == total.territory && k.grain == total.grain && k.start == total.start {
			items = append(items, k)
		}
	}
	if len(items) > 1 {
		r.sums = append(r.sums, items)
	}
	end := time.Unix(total.start, 0).UTC()
	length := map[result.Grain]int{result.Quarter: 3, result.Year: 12, result.Rolling12: 12}[total.grain]
	for i := range length {
		month := end.AddDate(0, i, 0)
		if total.grain == result.Rolling12 {
			month = end.AddDate(0, -i, 0)
		}
		months = append(months, key{territory: total.territory, grain: result.Month, start: month.Unix()})
	}
	if length > 0 {
		r.sums = append(r.sums, months)
	}
}

// work narrows all bounds by one equation after another until nothing changes;
// contradiction says that no numbers satisfy them.
func (r *reader) work() (contradiction bool) {
	for changed := true; changed; {
		changed = false
		for _, sum := range r.sums {
			for count := range 2 {
				changed = r.narrow(sum, count) || changed
			}
		}
	}
	for _, b := range r.bounds {
		contradiction = contradiction || b[0].least > b[0].most || b[1].least > b[1].most
	}
	return contradiction
}

// narrow narrows the bounds of one count by one equation.
func (r *reader) narrow(sum []key, count int) (changed bool) {
	total := &r.bounds[sum[0]][count]
	var least, most float64
	unbounded := 0
	for _, part := range sum[1:] {
		if b, ok := r.bounds[part]; ok {
			least += b[count].least
			if math.IsInf(b[count].most, 1) {
				unbounded++
				continue
			}
			most += b[count].most
		}
	}
	set := func(b *bounds, low, high float64) {
		if low > b.least {
			b.least, changed = low, true
		}
		if high < b.most {
			b.most, changed = high, true
		}
	}
	if unbounded > 0 {
		set(total, least, math.Inf(1))
	} else {
		set(total, least, most)
	}
	for _, part := range sum[1:] {
		b, ok := r.bounds[part]
		if !ok {
			continue
		}
		own := &b[count]
		low := math.Inf(-1)
		switch {
		case unbounded == 0:
			low = total.least - (most - own.most)
		case unbounded == 1 && math.IsInf(own.most, 1):
			low = total.least - most
		}
		set(own, low, total.most-(least-own.least))
		if changed {
			return true // the sums above are of the past
		}
	}
	return changed
}

// What a run stored does not tell a count that is withheld as few: more than one
// number is left by all cells, unless the reasons alone leave one.
func TestStoredCellsGiveNothingAway(t *testing.T) {
	for seed := range uint64(3) {
		l := newLake(t, map[string][]event{"interactions": fewEverywhere(seed)})
		s := runJob(t, newJob(t, l, func(k *kpi.Indicator) { k.Breakdowns = []kpi.Breakdown{kpi.ByChannel} }))
		all, reasons := newReader(s, 5, true), newReader(s, 5, false)
		if all.work() || reasons.work() {
			t.Fatalf("seed %d: the equations contradict the cells", seed)
		}
		few, secondary := 0, 0
		for i := range s.Cells {
			c := &s.Cells[i]
			if (c.Class == result.Hidden || c.Uncounted()) != (c.Reason != result.Shown) {
				t.Fatalf("class and reason differ: %+v", c)
			}
			count := 0
			switch c.Reason {
			case result.Shown:
				continue
			case result.Few:
			case result.AllButFew:
				count = 1
			default:
				secondary++
				continue
			}
			few++
			if got, want := all.bounds[keyOf(c)][count], reasons.bounds[keyOf(c)][count]; got.least == got.most && want.least < want.most {
				t.Errorf("seed %d: %s %s %v %s %s is %v, could be up to %v", seed, c.Territory, c.Grain, c.Start.Format("2006-01"), c.Item, c.Reason, got.least, want.most)
			}
		}
		if few < 40 || secondary < 40 {
			t.Errorf("%d few, %d secondary: too few to tell", few, secondary)
		}
	}
}

// The proof above can fail: control that stops at the counts themselves, and
// shows what would be withheld for their sake, does not pass it.
func TestReaderFindsWhatIsNotProtected(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": fewEverywhere(0)})
	channels := func(k *kpi.Indicator) { k.Breakdowns = []kpi.Breakdown{kpi.ByChannel} }
	s := runJob(t, newJob(t, l, channels))
	bare := runJob(t, newJob(t, l, func(k *kpi.Indicator) { channels(k); k.Disclosure = kpi.Unlimited }))
	for i := range s.Cells {
		if c := &s.Cells[i]; c.Reason != result.Shown && c.Reason != result.Few && c.Reason != result.AllButFew {
			*c = bare.Cells[i]
		}
	}
	all, reasons := newReader(s, 5, true), newReader(s, 5, false)
	all.work()
	reasons.work()
	found := 0
	for i := range s.Cells {
		if c := &s.Cells[i]; c.Reason == result.Few {
			got, want := all.bounds[keyOf(c)][0], reasons.bounds[keyOf(c)][0]
			if got.least == got.most && want.least < want.most {
				found++
			}
		}
	}
	if found < 20 {
		t.Errorf("%d counts follow", found)
	}
}

// No other table repeats or implies a figure that is withheld.
func TestNoTableRepeatsWhatIsWithheld(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": fewEverywhere(7)})
	s := runJob(t, newJob(t, l, func(k *kpi.Indicator) {
		k.Breakdowns, k.Strata, k.MinDenominator = []kpi.Breakdown{kpi.ByChannel}, []string{"channel"}, 5
	}))
	hidden, rounded := map[key]bool{}, map[key]float64{}
	for i := range s.Cells {
		c := &s.Cells[i]
		hidden[keyOf(c)] = c.Class == result.Hidden
		if c.RoundedTo > 0 {
			rounded[keyOf(c)] = c.Value
			if steps := c.Value / c.RoundedTo; math.Abs(steps-math.Round(steps)) > 1e-9 || c.RoundedTo < 0.001 {
				t.Errorf("%v is no multiple of %v", c.Value, c.RoundedTo)
			}
			for _, number := range []float64{c.Numerator, c.Denominator, c.Lower, c.Upper, c.Expected, c.Standardised, c.StdLower, c.StdUpper, c.Shrunk, c.RankLower} {
				if !math.IsNaN(number) || c.Funnel != "" {
					t.Fatalf("rounded: %+v", c)
				}
			}
		}
		if c.Class != result.Hidden {
			if c.Expected != math.Round(c.Expected) && !math.IsNaN(c.Expected) {
				t.Errorf("expected %v tells the strata", c.Expected)
			}
			continue
		}
		for _, number := range []float64{c.Numerator, c.Denominator, c.Value, c.Lower, c.Upper, c.P90, c.Open, c.Expected, c.Standardised, c.StdLower, c.StdUpper, c.Shrunk} {
			if !math.IsNaN(number) {
				t.Fatalf("withheld: %+v", c)
			}
		}
	}
	months := map[result.Grain]int{result.Month: 1, result.Rolling12: 1, result.Quarter: 3, result.Year: 12}
	for i := range s.Cells {
		c := &s.Cells[i]
		before, year := keyOf(c), keyOf(c)
		before.start, year.start = c.Start.AddDate(0, -months[c.Grain], 0).Unix(), c.Start.AddDate(-1, 0, 0).Unix()
		if hidden[before] && !math.IsNaN(c.Previous) || hidden[year] && !math.IsNaN(c.YearAgo) {
			t.Errorf("looks back at what is withheld: %+v", c)
		}
	}
	points := 0
	for _, funnel := range s.Funnels {
		for _, point := range funnel.Points {
			points++
			at := key{territory: point.Territory, grain: funnel.Grain, start: funnel.Start.Unix()}
			if _, ok := rounded[at]; ok || hidden[at] {
				t.Errorf("the funnel shows %s", point.Territory)
			}
		}
	}
	for _, chart := range s.Charts {
		for _, point := range chart.Points {
			points++
			if hidden[key{territory: chart.Territory, grain: result.Month, start: point.Start.Unix()}] {
				t.Errorf("the chart of %s shows %v", chart.Territory, point.Start)
			}
			if value, ok := rounded[key{territory: chart.Territory, grain: result.Month, start: point.Start.Unix()}]; ok && (point.Value != value || !math.IsNaN(point.N)) {
				t.Errorf("the chart of %s has %+v, the figure is rounded to %v", chart.Territory, point, value)
			}
		}
	}
	if points == 0 || len(rounded) == 0 || !slices.ContainsFunc(s.Cells, func(c result.Cell) bool { return c.Class == result.Hidden }) {
		t.Error("nothing to see")
	}
}

// Of a crossed breakdown the items of each patronato, and of each service, add up to
// figures that are published too: none is withheld alone in its row or its column.
func TestACrossedBreakdownIsProtectedByItsMargins(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 32))
	var events []event
	for p := range 8 {
		for s := range 8 {
			some := contacts("2024-03-05", "058", "pec", random.IntN(14), 0)
			for i := range some {
				some[i]["interaction_id"] = fmt.Sprintf("%d-%d-%d", p, s, i)
				some[i]["patronato_code"], some[i]["service_code"] = fmt.Sprintf("P%d", p), fmt.Sprintf("s%d", s)
			}
			events = append(events, some...)
		}
	}
	by := []kpi.Breakdown{kpi.ByPatronato, kpi.ByService, kpi.ByPatronatoService}
	j := newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		*k = kpi.Indicator{ID: "handled", Mart: "handled", Statistic: kpi.Rate, Numerator: "contacts", Denominator: "contacts", Unit: kpi.Percent,
			Direction: kpi.None, Interval: kpi.Wilson, MinDenominator: 1, Levels: []string{"italy"}, Breakdowns: by, Undivided: by, Disclosure: kpi.Persons}
	})
	j.SQL = smallSQL(map[string]string{"marts/handled.sql": `select month, province_code as territory_code, patronato_code, service_code,
		count(*) as contacts from stg_contacts group by month, province_code, patronato_code, service_code`})
	s := runJob(t, j)
	shown, hidden, few := map[string]bool{}, map[string]int{}, 0
	for i := range s.Cells {
		c := &s.Cells[i]
		if c.Grain != result.Rolling12 || c.Breakdown == "" {
			continue
		}
		parts := kpi.Breakdown(c.Breakdown).Parts(c.Item)
		switch {
		case c.Breakdown != string(kpi.ByPatronatoService):
			shown[c.Item] = c.Class != result.Hidden
		case c.Class == result.Hidden:
			hidden[parts[0]]++
			hidden[parts[1]]++
			if c.Reason == result.Few {
				few++
			}
		}
	}
	if few < 10 || len(shown) != 16 {
		t.Fatalf("%d few among %d margins: too few to tell", few, len(shown))
	}
	for item, n := range hidden {
		if n == 1 && shown[item] {
			t.Errorf("one item of %s is withheld, and all the others and their sum are not", item)
		}
	}
}
