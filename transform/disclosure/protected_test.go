package disclosure

import (
	"math/rand/v2"
	"testing"
)

// protected protects a publication, and complains of the small counts that follow all the same,
// by solving or by bounds, where Protect says that none does, and of more than it says. It
// gives how many small counts that was asked of.
func (p *sample) protected(t *testing.T, round int, c *Control) (outcome Outcome, tried int) {
	outcome = c.Protect(&p.Publication)
	solved, tried := p.solved(c)
	pinned, _, _ := p.pinned(c, false)
	if outcome.Unproven == 0 {
		for _, leak := range append(solved, pinned...) {
			t.Errorf("round %d: %s", round, leak)
		}
	}
	if len(solved) > outcome.Unproven {
		t.Errorf("round %d: %d counts follow, %d are said to", round, len(solved), outcome.Unproven)
	}
	return outcome, tried
}

// searchFindsLittleMore complains where who looks for all whole solutions finds the numbers of
// more than one small count in fifty.
func searchFindsLittleMore(t *testing.T, random *rand.Rand, rounds int, sampled func(random *rand.Rand) *sample) {
	t.Helper()
	tried, single, ruled := 0, 0, 0
	for range rounds {
		c := control(t, 5)
		p := sampled(random)
		c.Protect(&p.Publication)
		leaks, n, r := p.pinned(c, true)
		tried, single, ruled = tried+n, single+len(leaks), ruled+r
	}
	t.Logf("of %d small counts %d can be one number alone; %d values are ruled out", tried, single, ruled)
	if tried < 100 || 50*single > tried {
		t.Errorf("of %d small counts %d can be one number alone", tried, single)
	}
}

// manyFollow complains where of publications that are protected as if their columns had no
// relations few small counts follow: the proof would be blind.
func manyFollow(t *testing.T, random *rand.Rand, sampled func(random *rand.Rand) *sample) {
	t.Helper()
	found, tried := 0, 0
	for range 10 {
		c := control(t, 5)
		p := sampled(random)
		p.Relations = nil
		c.Protect(&p.Publication)
		solved, n := p.solved(c)
		found, tried = found+len(solved), tried+n
	}
	if 10*found < tried || tried == 0 {
		t.Errorf("of %d small counts %d follow", tried, found)
	}
}
