package result

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// peersTogether is how many peers share one size. Three is the fewest of which
// none can tell the other two apart.
const peersTogether = 3

// anonymous gives the funnel with the points of the territories that named
// accepts, and of the others only what a comparison needs. A territory is known
// by its size, so leaving out its name is not enough:
//
//   - they stand three together, by size, at their mean size to two digits, which
//     is microaggregation (Defays and Nanopoulos, 1993); fewer than three are left out;
//   - their values have two digits, and they are in the order of size and value,
//     which says nothing that the picture does not;
//   - the limits are given at round sizes, as they end at those of the smallest
//     and of the greatest territory.
func (f Funnel) anonymous(named func(territory string) bool) Funnel {
	var own, peers []FunnelPoint
	for _, at := range f.Points {
		switch {
		case named(at.Territory):
			own = append(own, at)
		case at.N > 0 && !math.IsNaN(at.Value):
			at.Territory = ""
			peers = append(peers, at)
		}
	}
	f.Points = append(own, together(peers)...)
	f.Limits = atRoundSizes(f.Limits)
	return f
}

// together moves points of like size onto one size.
func together(peers []FunnelPoint) []FunnelPoint {
	if len(peers) < peersTogether {
		return nil
	}
	slices.SortFunc(peers, func(a, b FunnelPoint) int { return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Value, b.Value)) })
	for start := 0; start < len(peers); {
		end := start + peersTogether
		if len(peers)-end < peersTogether {
			end = len(peers)
		}
		sum := 0.0
		for _, at := range peers[start:end] {
			sum += at.N
		}
		mean := twoDigits(sum / float64(end-start))
		for i := range peers[start:end] {
			peers[start+i].N, peers[start+i].Value = mean, twoDigits(peers[start+i].Value)
		}
		start = end
	}
	slices.SortFunc(peers, func(a, b FunnelPoint) int {
		return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Position, b.Position))
	})
	return peers
}

// twoDigits rounds to two significant digits.
func twoDigits(x float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 2, 64), 64)
	if err != nil {
		return x
	}
	return rounded
}

// roundSizes are the sizes within a power of ten at which limits are given.
var roundSizes = []float64{1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8}

// atRoundSizes interpolates limits, along the logarithm of the size.
func atRoundSizes(limits []FunnelLimit) []FunnelLimit {
	var some []FunnelLimit
	for i := 1; i < len(limits); i++ {
		from, to := limits[i-1], limits[i]
		if !(from.N > 0) || !(to.N > from.N) {
			continue
		}
		for power := math.Pow(10, math.Floor(math.Log10(from.N))); power <= to.N; power *= 10 {
			for _, round := range roundSizes {
				n := round * power
				if n <= from.N || n > to.N {
					continue
				}
				share := math.Log(n/from.N) / math.Log(to.N/from.N)
				between := func(a, b float64) float64 { return a + share*(b-a) }
				some = append(some, FunnelLimit{N: n, Lower95: between(from.Lower95, to.Lower95), Upper95: between(from.Upper95, to.Upper95),
					Lower998: between(from.Lower998, to.Lower998), Upper998: between(from.Upper998, to.Upper998)})
			}
		}
	}
	return some
}
