package transform

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// How peers are found. A size class holds about a fifth of the provinces, or a
// third of the regions; of those in it the nearest by their mix of services are
// the peers.
const (
	provinceClasses = 5
	regionClasses   = 3
	mostPeers       = 6
)

// peers finds for every province and region those that it is fairly set beside:
// of the same size class by residents and, within it, the nearest by the services
// that their cases are about, in the last twelve months.
//
// The mixes are read from the cells that are published, so that who is whose peer
// reveals nothing that they do not. They are those of the indicator that counts
// most cases: a territory whose total is withheld or absent has no peers.
func peers(cells []result.Cell, catalogue *kpi.Catalogue, refs *reference.Tables, last time.Time) []result.Peer {
	k := mixIndicator(cells, catalogue, last)
	if k == nil {
		return nil
	}
	mixes := mixesOf(cells, k, last)
	var all []result.Peer
	for level, classes := range map[string]int{reference.LevelRegion: regionClasses, reference.LevelProvince: provinceClasses} {
		var members []*reference.Territory
		for i := range refs.Territories() {
			if t := &refs.Territories()[i]; t.Level == level && t.Population > 0 && isThere(t, last) {
				members = append(members, t)
			}
		}
		slices.SortStableFunc(members, func(a, b *reference.Territory) int { return cmp.Compare(a.Population, b.Population) })
		for class := range classes {
			some := members[class*len(members)/classes : (class+1)*len(members)/classes]
			for _, t := range some {
				for place, p := range nearest(t.Code, some, mixes) {
					p.Place, p.SizeClass, p.Classes, p.Indicator = int64(place+1), int64(class+1), int64(classes), k.ID
					all = append(all, p)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b result.Peer) int {
		return cmp.Or(cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Place, b.Place))
	})
	return all
}

// isThere tells that a territory still is at the end of a month: nobody is set beside
// one that is no more, though it has cases of the months before.
func isThere(t *reference.Territory, month time.Time) bool {
	end := month.AddDate(0, 1, -1)
	return !t.ValidFrom.After(end) && (t.ValidTo.IsZero() || !t.ValidTo.Before(end))
}

// nearest gives the members of a size class that are nearest to a territory, itself left out.
func nearest(code string, members []*reference.Territory, mixes map[string]map[string]float64) []result.Peer {
	own := mixes[code]
	var some []result.Peer
	for _, other := range members {
		if mix := mixes[other.Code]; own != nil && mix != nil && other.Code != code {
			some = append(some, result.Peer{Territory: code, Peer: other.Code, Distance: mixDistance(own, mix)})
		}
	}
	slices.SortFunc(some, func(a, b result.Peer) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Peer, b.Peer))
	})
	return some[:min(len(some), mostPeers)]
}

// mixDistance is the total variation distance of two mixes: half the sum of the
// differences of their shares. Services that are not shown in both, be they
// withheld or absent, count as one.
func mixDistance(a, b map[string]float64) float64 {
	restA, restB, sum := 1.0, 1.0, 0.0
	for item, share := range a {
		if other, both := b[item]; both {
			sum += math.Abs(share - other)
			restA, restB = restA-share, restB-other
		}
	}
	// The shares come from a map, whose order is not fixed: sums are rounded so
	// that the same figures have the same peers.
	return math.Round((sum+math.Abs(restA-restB))/2*1e9) / 1e9
}

// mixIndicator is the rate of a flow of cases by service that counts most of
// them in the country and is given for provinces; nil when there is none.
func mixIndicator(cells []result.Cell, catalogue *kpi.Catalogue, last time.Time) *kpi.Indicator {
	var best *kpi.Indicator
	most := 0.0
	for i := range cells {
		c := &cells[i]
		if c.Territory != result.Italy || c.Grain != result.Rolling12 || !c.Start.Equal(last) || c.Breakdown != "" || !(c.Denominator > most) {
			continue
		}
		k, ok := catalogue.Indicator(c.Indicator)
		if ok && k.Statistic == kpi.Rate && !k.PerPopulation && !k.Stock && k.Divides(kpi.ByService) && k.HasLevel(reference.LevelProvince) &&
			slices.Contains(k.Breakdowns, kpi.ByService) {
			best, most = k, c.Denominator
		}
	}
	return best
}

// mixesOf gives the share of each service that is shown in the cases of each
// territory whose total is.
func mixesOf(cells []result.Cell, k *kpi.Indicator, last time.Time) map[string]map[string]float64 {
	totals, counts := map[string]float64{}, map[string]map[string]float64{}
	for i := range cells {
		c := &cells[i]
		if c.Indicator != k.ID || c.Grain != result.Rolling12 || !c.Start.Equal(last) || !(c.Denominator > 0) {
			continue
		}
		switch c.Breakdown {
		case "":
			totals[c.Territory] = c.Denominator
		case string(kpi.ByService):
			if counts[c.Territory] == nil {
				counts[c.Territory] = map[string]float64{}
			}
			counts[c.Territory][c.Item] = c.Denominator
		}
	}
	for territory, mix := range counts {
		if totals[territory] == 0 {
			delete(counts, territory)
		}
		for item := range mix {
			mix[item] /= totals[territory]
		}
	}
	return counts
}
