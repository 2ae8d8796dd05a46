package disclosure

import (
	"math/rand/v2"
	"testing"

	"tavolo/transform/result"
)

// Whatever the number of cases and the step of a share that is rounded, so many cases can have
// a share that is rounded to it: it rules none out.
func TestRoundedSharesGoWithEveryNumberOfCases(t *testing.T) {
	for _, r := range roundings {
		for cases := r.Parts; cases < 3*r.Parts+50; cases++ {
			possible := make([]bool, r.Parts+1)
			for part := range cases + 1 {
				possible[r.Step(float64(part), float64(cases))] = true
			}
			for step, ok := range possible {
				if !ok {
					t.Errorf("of %d cases none are %d of %d", cases, step, r.Parts)
				}
			}
		}
	}
	for cases, want := range map[float64]int{4: 0, 5: 5, 9: 5, 10: 10, 19: 10, 99: 50, 100: 100, 12_345: 1000, 20.5: 0} {
		if r, ok := RoundingOf(cases); ok != (want > 0) || ok && r.Parts != want {
			t.Errorf("of %v cases: %+v, want %d parts", cases, r, want)
		}
	}
}

// The inequalities of a rounded share hold of those counts of which it is rounded so, and each
// two counts of others break one.
func TestInequalitiesSayHowAShareIsRounded(t *testing.T) {
	for _, r := range roundings[:6] {
		for cases := r.Parts; cases < r.Parts+40; cases++ {
			for part := range cases + 1 {
				counts := [3]float64{float64(part), float64(cases - part), float64(cases)}
				is := r.Step(counts[0], counts[2])
				for step := max(0, is-1); step <= min(r.Parts, is+1); step++ {
					of, broken := ratio{parts: float64(r.Parts), step: float64(step)}, map[[2]int]bool{}
					for _, q := range of.inequalities() {
						if q.factor*counts[q.one]+q.times*counts[q.other] < q.least {
							broken[[2]int{q.one, q.other}] = true
						}
					}
					if step == is && len(broken) > 0 || step != is && len(broken) < 3 {
						t.Fatalf("%d of %d, which are %d of %d parts, and %d: %v", part, cases, is, r.Parts, step, broken)
					}
				}
			}
		}
	}
}

// randomShares counts persons who came, of them a few who gave up, and of the others a share.
func randomShares(random *rand.Rand) *sample {
	p, given := randomCountry(random)
	p.whole, p.Columns = true, 4
	p.Layers = []Layer{{Counts: []Form{{0, -1}}, Given: given}, {Counts: []Form{{1, -1}}, Given: given}, {Counts: []Form{{3, -1}, {2, 3}}, Given: given, Rounds: true}}
	p.Relations = []Relation{{Total: Term{Column: 0}, Parts: []Term{{Column: 1}, {Column: 2}}}}
	call, stayed := 0, 0
	persons := p.persons(random, 4+random.IntN(20), func(random *rand.Rand, n int) (some int) {
		switch call++; call % 3 {
		case 1:
			for range n {
				some += (random.IntN(8) + 1) / 8
			}
			stayed = n - some
		case 2:
			for range stayed {
				some += min(1, random.IntN(5))
			}
		}
		return some
	})
	for place := range p.Places {
		for slot := range p.Slots {
			all, gone, part := persons[[3]int{place, slot, 0}], persons[[3]int{place, slot, 1}], persons[[3]int{place, slot, 2}]
			for l, counts := range [][2]int{{all, 0}, {gone, 0}, {part, all - gone - part}} {
				if counts[0]+counts[1] > 0 && given[p.Places[place].Level][slot] {
					p.Layers[l].Cells = append(p.Layers[l].Cells, Cell{Place: place, Slot: slot, Counts: [2]float64{float64(counts[0]), float64(counts[1])}})
				}
			}
		}
	}
	p.addUp()
	return p
}

// Shares stand rounded, and who knows how they are rounded learns no small count from them.
func TestRoundedSharesTellNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(63, 64))
	tried, proven, whole, alone, unproven := 0, 0, 0, 0, 0
	for round := range 80 {
		c := control(t, []int{3, 5}[round%2])
		p := randomShares(random)
		outcome, n := p.protected(t, round, c)
		if outcome.Unproven == 0 {
			proven++
		}
		rounded := 0
		for i := range p.Layers[2].Cells {
			switch cell := &p.Layers[2].Cells[i]; {
			case cell.Reason == result.Shown:
			case !cell.Alone:
				whole++
			default:
				rounded++
				if c.Small(cell.Counts[0]) || c.Small(cell.Counts[1]) || cell.Counts[0]+cell.Counts[1] < 5 {
					t.Errorf("round %d: %v is rounded", round, cell.Counts)
				}
			}
		}
		if rounded != outcome.Rounded {
			t.Errorf("round %d: %d are rounded, %d are said to be", round, rounded, outcome.Rounded)
		}
		tried, unproven, alone = tried+n, unproven+outcome.Unproven, alone+rounded
	}
	t.Logf("%d small counts, %d unproven; %d publications proven; %d shares withheld whole, %d rounded", tried, unproven, proven, whole, alone)
	if tried < 1000 || proven < 40 || alone < 500 || 100*unproven > tried {
		t.Error("too few to tell, or too many unproven")
	}
}

// Who looks for all whole solutions finds little more.
func TestSearchFindsLittleMoreOfRoundedShares(t *testing.T) {
	searchFindsLittleMore(t, rand.New(rand.NewPCG(65, 66)), 3, randomShares)
}

// The proof can fail: where nobody minds that the cases of a share and those who gave up are
// all who came, many follow.
func TestProofFindsWhatCasesTell(t *testing.T) {
	manyFollow(t, rand.New(rand.NewPCG(67, 68)), randomShares)
}

// sharesOf is a country in which 41 came, 3 gave up, and part of the 38 others have it.
func sharesOf(part float64, known bool) *Publication {
	p := &Publication{Places: []Place{{Parent: -1}}, Slots: []Slot{{}}, Months: 1, Columns: 4,
		Relations: []Relation{{Total: Term{Column: 0}, Parts: []Term{{Column: 1}, {Column: 2}}}}}
	for l, counts := range [][2]float64{{41, 0}, {3, 0}, {part, 38 - part}, {part, 0}} {
		layer := Layer{Counts: []Form{{l, -1}}, Given: [][]bool{{true}}, Cells: []Cell{{Counts: counts}}}
		switch {
		case l == 2:
			layer.Counts, layer.Rounds = []Form{{3, -1}, {2, 3}}, true
		case l == 3 && !known:
			continue
		}
		p.Layers = append(p.Layers, layer)
	}
	return p
}

// 41 = 38 + 3: the share of the 38 stays, rounded. Where those who have it are known besides,
// 5-point steps of 38 say too much when it is all of them.
func TestAShareIsRoundedWhereThatIsEnough(t *testing.T) {
	for _, test := range []struct {
		part  float64
		known bool
		alone bool
	}{{30, false, true}, {38, false, true}, {30, true, true}, {38, true, false}} {
		p := sharesOf(test.part, test.known)
		outcome := control(t, 5).Protect(p)
		share := p.Layers[2].Cells[0]
		if share.Reason != result.ByIndicator || share.Alone != test.alone || outcome.Unproven > 0 {
			t.Errorf("%v of 38, known %v: %+v, %+v", test.part, test.known, share, outcome)
		}
		if p.Layers[0].Cells[0].Reason != result.Shown {
			t.Errorf("%v of 38, known %v: who came is withheld", test.part, test.known)
		}
	}
}

// A share that was withheld whole is not rounded later; one that was rounded stays so.
func TestRoundingIsRemembered(t *testing.T) {
	for _, before := range []Before{{Withheld: result.ByIndicator}, {Withheld: result.ByIndicator, Rounded: true}} {
		p := sharesOf(30, false)
		p.Layers[2].Cells[0].Before = before
		control(t, 5).Protect(p)
		if share := p.Layers[2].Cells[0]; share.Reason != result.ByIndicator || share.Alone != before.Rounded {
			t.Errorf("%+v: %+v", before, share)
		}
	}
	// Nothing is gained by withholding whole what has been seen rounded: something else goes.
	p := sharesOf(38, true)
	p.Layers[2].Cells[0].Before = Before{Withheld: result.ByIndicator, Rounded: true}
	outcome := control(t, 5).Protect(p)
	if p.Layers[0].Cells[0].Reason == result.Shown && p.Layers[3].Cells[0].Reason == result.Shown || outcome.Unproven > 0 {
		t.Errorf("%+v, %+v", p.Layers, outcome)
	}
}
