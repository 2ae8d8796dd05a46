package restatement_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

func month(text string) time.Time {
	at, err := time.Parse("2006-01", text)
	if err != nil {
		panic(err)
	}
	return at
}

// share is a figure of x in n.
func share(territory, start string, x, n float64) result.Cell {
	level := map[int]string{2: "region", 3: "province"}[len(territory)]
	if territory == result.Italy {
		level = "italy"
	}
	v := x / n
	half := math.Sqrt(v*(1-v)/n) + 1/n
	return result.Cell{Indicator: "k", Territory: territory, Level: level, Grain: result.Month, Start: month(start),
		Numerator: x, Denominator: n, Value: v, Lower: v - half, Upper: v + half, P90: math.NaN(), Class: result.OK}
}

// with gives the figure another class; a hidden one has no numbers.
func with(c result.Cell, class result.Class) result.Cell {
	c.Class = class
	if class == result.Hidden || class == result.NoData {
		nan := math.NaN()
		c.Numerator, c.Denominator, c.Value, c.Lower, c.Upper = nan, nan, nan, nan, nan
	}
	return c
}

// median is a figure of n observations; without n where that is NaN.
func median(start string, value, n float64) result.Cell {
	c := share("058", start, 0, 1)
	c.Numerator, c.Denominator, c.Value, c.Lower, c.Upper, c.P90 = math.NaN(), n, value, value-1, value+1, 2*value
	return c
}

func of(cells ...result.Cell) []result.Cell { return cells }

func TestWhatMovedAndWhy(t *testing.T) {
	for name, c := range map[string]struct {
		before, after   []result.Cell
		kinds           []restatement.Kind
		same, new, gone int
	}{
		"nothing moved":                 {of(share("058", "2024-01", 5, 50)), of(share("058", "2024-01", 5, 50)), nil, 1, 0, 0},
		"the last digits":               {of(share("058", "2024-01", 5, 50)), of(share("058", "2024-01", 5*(1+1e-14), 50)), nil, 1, 0, 0},
		"a correction":                  {of(share("058", "2024-01", 5, 50)), of(share("058", "2024-01", 6, 50)), []restatement.Kind{restatement.Restated}, 0, 0, 0},
		"only the counts":               {of(share("058", "2024-01", 5, 50)), of(share("058", "2024-01", 6, 60)), []restatement.Kind{restatement.Restated}, 0, 0, 0},
		"a new month":                   {of(share("058", "2024-01", 5, 50)), of(share("058", "2024-01", 5, 50), share("058", "2024-02", 5, 50)), nil, 1, 1, 0},
		"a month that is given no more": {of(share("058", "2024-01", 5, 50), share("058", "2024-02", 5, 50)), of(share("058", "2024-02", 5, 50)), nil, 1, 0, 1},
		"rows where there were none":    {of(share("058", "2024-01", 5, 50)), of(share("057", "2024-01", 5, 50), share("058", "2024-01", 5, 50)), []restatement.Kind{restatement.Restated}, 1, 0, 0},
		"no rows where there were":      {of(share("057", "2024-01", 5, 50), share("058", "2024-01", 5, 50)), of(share("058", "2024-01", 5, 50)), []restatement.Kind{restatement.Restated}, 1, 0, 0},
		"immature before":               {of(with(share("058", "2024-01", 5, 50), result.Immature)), of(share("058", "2024-01", 6, 50)), []restatement.Kind{restatement.Maturing}, 0, 0, 0},
		"hidden in both":                {of(with(share("058", "2024-01", 1, 50), result.Hidden)), of(with(share("058", "2024-01", 2, 50), result.Hidden)), nil, 1, 0, 0},
		"hidden now":                    {of(share("058", "2024-01", 5, 50)), of(with(share("058", "2024-01", 4, 50), result.Hidden)), []restatement.Kind{restatement.Withheld}, 0, 0, 0},
		"hidden before":                 {of(with(share("058", "2024-01", 4, 50), result.Hidden)), of(share("058", "2024-01", 5, 50)), []restatement.Kind{restatement.Withheld}, 0, 0, 0},
		"nothing to count in either":    {of(with(share("058", "2024-01", 0, 1), result.NoData)), of(with(share("058", "2024-01", 0, 1), result.NoData)), nil, 1, 0, 0},
		"nothing before, and no cell":   {of(with(share("058", "2024-01", 0, 1), result.NoData), share("057", "2024-01", 5, 50)), of(share("057", "2024-01", 5, 50)), nil, 2, 0, 0},
	} {
		found := restatement.Compare(c.before, c.after)
		var kinds []restatement.Kind
		for _, m := range found.Moves {
			kinds = append(kinds, m.Kind)
		}
		if !slices.Equal(kinds, c.kinds) || found.Same != c.same || found.New != c.new || found.Gone != c.gone {
			t.Errorf("%s: %v, %d same, %d new, %d gone; want %v, %d, %d, %d", name, kinds, found.Same, found.New, found.Gone, c.kinds, c.same, c.new, c.gone)
		}
	}
}

// TestWithoutTheNumberOfObservations compares medians of which one says it and the other does
// not: what moved is their values, and neither number is given.
func TestWithoutTheNumberOfObservations(t *testing.T) {
	nan := math.NaN()
	before := of(median("2024-01", 3, 40), median("2024-02", 3, nan), median("2024-03", 3, nan), median("2024-04", 3, 50))
	after := of(median("2024-01", 3, nan), median("2024-02", 4, 41), median("2024-03", 3, nan), median("2024-04", 3, 50))
	found := restatement.Compare(before, after)
	if found.Same != 3 || len(found.Moves) != 1 {
		t.Fatalf("%d same, moves %v", found.Same, found.Moves)
	}
	m := found.Moves[0]
	if m.Kind != restatement.Restated || m.Change() != 1 || !math.IsNaN(m.From.Denominator) || !math.IsNaN(m.To.Denominator) {
		t.Errorf("moved from %+v to %+v", m.From, m.To)
	}
	if found.Exposed != 0 {
		t.Errorf("%d exposed, of which each is of a month of its own", found.Exposed)
	}
	other := []result.Cell{median("2024-01", 3, nan), median("2024-01", 3, 40)}
	other[1].Territory = "059"
	turned := slices.Clone(other)
	turned[0].Denominator, turned[1].Denominator = 40, nan
	if found := restatement.Compare(other, turned); found.Exposed != 2 || found.Same != 2 {
		t.Errorf("%d exposed, %d same", found.Exposed, found.Same)
	}
}

// TestAYearThatReachesIntoImmatureMonthsMatures: of 2023, December was immature when
// it was first published, and 2022 was over.
func TestAYearThatReachesIntoImmatureMonthsMatures(t *testing.T) {
	year := func(start string, x float64) result.Cell {
		c := share("058", start, x, 500)
		c.Grain = result.Year
		return c
	}
	december := with(share(result.Italy, "2023-12", 5, 50), result.Immature)
	found := restatement.Compare(of(december, year("2022-01", 50), year("2023-01", 50)), of(december, year("2022-01", 51), year("2023-01", 51)))
	kinds := map[int]restatement.Kind{}
	for _, m := range found.Moves {
		kinds[m.Cell().Start.Year()] = m.Kind
	}
	if kinds[2022] != restatement.Restated || kinds[2023] != restatement.Maturing {
		t.Errorf("%v", kinds)
	}
}

// TestAWithheldFigureHasNoNumber looks at every number of every move of random
// publications: where either withholds the figure there is none.
func TestAWithheldFigureHasNoNumber(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	withheld := 0
	for range 200 {
		publish := func() []result.Cell {
			var cells []result.Cell
			for _, territory := range []string{"056", "057", "058", "12", result.Italy} {
				for _, start := range []string{"2024-01", "2024-02"} {
					c := share(territory, start, float64(random.IntN(20)), 20)
					switch random.IntN(4) {
					case 0:
						c = with(c, result.Hidden)
					case 1:
						continue
					}
					cells = append(cells, c)
				}
			}
			return cells
		}
		before, after := publish(), publish()
		hidden := map[string]bool{}
		for _, c := range slices.Concat(before, after) {
			if c.Class == result.Hidden {
				hidden[c.Territory+c.Start.String()] = true
			}
		}
		for _, m := range restatement.Compare(before, after).Moves {
			key := m.Cell().Territory + m.Cell().Start.String()
			if hidden[key] != (m.Kind == restatement.Withheld) {
				t.Fatalf("%s is %s", key, m.Kind)
			}
			if !hidden[key] {
				continue
			}
			withheld++
			for _, c := range []*result.Cell{m.From, m.To} {
				if c != nil && !(math.IsNaN(c.Value) && math.IsNaN(c.Numerator) && math.IsNaN(c.Denominator) && math.IsNaN(c.Lower) && math.IsNaN(c.Upper)) {
					t.Fatalf("%s: a number: %+v", key, *c)
				}
			}
			if !math.IsNaN(m.Change()) || m.Weight != 0 {
				t.Fatalf("%s: change %v, weight %v", key, m.Change(), m.Weight)
			}
		}
	}
	if withheld == 0 {
		t.Error("no figure was withheld: this proves nothing")
	}
}

// TestEveryFigureIsCountedOnce: what moved, stayed, came and went is all there is.
func TestEveryFigureIsCountedOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		publish := func() []result.Cell {
			var cells []result.Cell
			for _, territory := range []string{"058", "056", "12", result.Italy} { // not in their order
				for _, start := range []string{"2024-02", "2024-01"} {
					if random.IntN(3) > 0 {
						cells = append(cells, share(territory, start, float64(random.IntN(3)), 20))
					}
				}
			}
			return cells
		}
		before, after := publish(), publish()
		keys := map[string]bool{}
		for _, c := range slices.Concat(before, after) {
			keys[c.Territory+c.Start.String()] = true
		}
		c := restatement.Compare(before, after)
		if got := len(c.Moves) + c.Same + c.New + c.Gone; got != len(keys) {
			t.Fatalf("%d of %d figures", got, len(keys))
		}
		back := restatement.Compare(after, before)
		if len(back.Moves) != len(c.Moves) || back.Same != c.Same || back.New != c.Gone || back.Gone != c.New {
			t.Fatalf("there %+v, back %+v", c, back)
		}
	}
}

func TestTheHeaviestComesFirst(t *testing.T) {
	before := of(share(result.Italy, "2024-01", 500, 5000), share("056", "2024-01", 5, 50), share("058", "2024-01", 5, 50))
	after := of(share(result.Italy, "2024-01", 700, 5000), share("056", "2024-01", 6, 50), share("058", "2024-01", 20, 50))
	var order []string
	for _, m := range restatement.Compare(before, after).Moves {
		order = append(order, m.Cell().Territory)
	}
	if want := []string{result.Italy, "058", "056"}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
}

// TestFiguresThatChangePlacesAreCounted: 056 is withheld before and 057 now, so who
// holds both can subtract.
func TestFiguresThatChangePlacesAreCounted(t *testing.T) {
	a, b, c := share("056", "2024-01", 5, 50), share("057", "2024-01", 6, 50), share("058", "2024-01", 2, 50)
	hide := func(c result.Cell) result.Cell { return with(c, result.Hidden) }
	if got := restatement.Compare(of(hide(a), b, hide(c)), of(a, hide(b), hide(c))).Exposed; got != 2 {
		t.Errorf("%d figures, want 2", got)
	}
	if got := restatement.Compare(of(a, b, c), of(a, hide(b), hide(c))).Exposed; got != 0 {
		t.Errorf("%d figures, want none: the earlier publication withheld nothing", got)
	}
}

// TestJoin compares the figures of some indicators one by one, and all at once: what is
// joined is the same, and an indicator that stayed needs no figures.
func TestJoin(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		var before, after []result.Cell
		var parts []*restatement.Comparison
		for _, indicator := range []string{"a", "b", "c"} {
			publish := func() []result.Cell {
				var cells []result.Cell
				for _, territory := range []string{"058", "12", result.Italy} {
					c := share(territory, "2024-01", float64(1+random.IntN(3)), 20)
					c.Indicator = indicator
					if random.IntN(4) == 0 {
						c = with(c, result.Hidden)
					}
					if random.IntN(4) > 0 {
						cells = append(cells, c)
					}
				}
				return cells
			}
			first, second := publish(), publish()
			part := restatement.Compare(first, second)
			if indicator == "b" {
				second = first
				part = &restatement.Comparison{Same: len(first)}
			}
			before, after, parts = append(before, first...), append(after, second...), append(parts, part)
		}
		whole, joined := restatement.Compare(before, after), restatement.Join(parts...)
		if whole.Same != joined.Same || whole.New != joined.New || whole.Gone != joined.Gone || whole.Exposed != joined.Exposed || len(whole.Moves) != len(joined.Moves) {
			t.Fatalf("all at once %+v, joined %+v", whole, joined)
		}
		for n := range whole.Moves {
			one, other := whole.Moves[n], joined.Moves[n]
			if one.Kind != other.Kind || one.Weight != other.Weight || one.Cell().Indicator != other.Cell().Indicator || one.Cell().Territory != other.Cell().Territory {
				t.Fatalf("move %d: all at once %+v, joined %+v", n, one, other)
			}
		}
	}
}
