package result

import (
	"math"
	"slices"
	"testing"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/sql"
	"tavolo/transform/kpi"
)

// whole is a set with one indicator, of which every territory has one figure.
func whole(t *testing.T) *Set {
	t.Helper()
	tables, err := reference.Load(sql.Seeds(), nil)
	if err != nil {
		t.Fatal(err)
	}
	last := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	s := &Set{References: tables, Run: Run{LastMonth: last}, Models: map[string]string{"m": "select 1", "other": "select 2"},
		Catalogue: &kpi.Catalogue{Indicators: []kpi.Indicator{{ID: "a", Mart: "m", Levels: []string{"italy", "region", "province"}},
			{ID: "national", Mart: "other", Levels: []string{"italy"}}}},
		Batches: []ledger.Entry{{BatchID: "b1", Source: "sede", File: "sede.csv", Log: "bookings", Outcome: ledger.Committed, Lines: 3, Accepted: ledger.Count{Records: 3, Lines: 3}}},
		Refused: []RefusedCount{{Source: "x", Log: "bookings", Rule: "r", Column: "c", Records: 2, Example: "Vercelli"}, {Source: "y", Log: "bookings", Rule: "r", Column: "c", Records: 3}}}
	for _, territory := range tables.Territories() {
		if territory.Level == reference.LevelProvince {
			s.Arrivals = append(s.Arrivals, ArrivalDay{Day: last, Territory: territory.Code, Log: "bookings"})
		}
	}
	funnels := map[string]*Funnel{}
	for n, territory := range tables.Territories() {
		cell := Cell{Indicator: "a", Territory: territory.Code, Level: territory.Level, Grain: Rolling12, Start: last, Value: 0.1 + float64(n)/1e4, Denominator: float64(1000 + 7*n)}
		bySource := cell
		bySource.Breakdown, bySource.Item = "source", "sede"
		s.Cells = append(s.Cells, cell, bySource, Cell{Indicator: "national", Territory: territory.Code})
		s.Charts = append(s.Charts, Chart{Indicator: "a", Territory: territory.Code})
		s.Decomposed = append(s.Decomposed, Decomposition{Indicator: "a", Territory: territory.Code, By: "service"})
		s.Contribute = append(s.Contribute, Contribution{Indicator: "a", Territory: territory.Code, By: "service"}, Contribution{Indicator: "a", Territory: territory.Code, By: "source"})
		s.Peers = append(s.Peers, Peer{Territory: territory.Code, Peer: "058"})
		f := funnels[territory.Level]
		if f == nil {
			f = &Funnel{Indicator: "a", Level: territory.Level, Grain: Rolling12, Start: last}
			funnels[territory.Level] = f
		}
		f.Points = append(f.Points, FunnelPoint{Territory: territory.Code, N: cell.Denominator, Value: cell.Value, Position: "inside"})
	}
	for _, level := range []string{"region", "province"} {
		f := funnels[level]
		for n := 1007.3; n < 3000; n *= 1.02 {
			f.Limits = append(f.Limits, FunnelLimit{N: n, Lower95: -1 / n, Upper95: 1 / n, Lower998: -2 / n, Upper998: 2 / n})
		}
		s.Funnels = append(s.Funnels, *f)
	}
	return s
}

func territoriesOf(s *Set) []string {
	var codes []string
	for _, c := range s.Cells {
		codes = append(codes, c.Territory)
	}
	return codes
}

// TestScoped checks whose rows a scope has.
func TestScoped(t *testing.T) {
	s := whole(t)
	for code, want := range map[string][]string{
		"10":  {"IT", "10", "054", "055"}, // Umbria
		"054": {"IT", "054"},              // Perugia: Umbria minus Perugia is Terni
		"058": {"IT", "12", "058"},        // Roma
		"007": {"IT", "02", "007"},        // Aosta: the region is the province
	} {
		part, err := s.Scoped(code)
		if err != nil {
			t.Fatal(err)
		}
		if got := territoriesOf(part); !slices.Equal(got, want) {
			t.Errorf("%s has the rows of %v, want %v", code, got, want)
		}
		if len(part.Charts) != len(want) || len(part.Decomposed) != len(want) {
			t.Errorf("%s has %d charts and %d decompositions, want %d", code, len(part.Charts), len(part.Decomposed), len(want))
		}
		var days []string
		for _, a := range part.Arrivals {
			days = append(days, a.Territory)
		}
		if own := slices.DeleteFunc(slices.Clone(want), func(code string) bool { return len(code) != len("058") }); !slices.Equal(days, own) {
			t.Errorf("%s has the days of %v, want %v", code, days, own)
		}
		if len(part.Contribute) != len(want) || len(part.Peers) != 0 {
			t.Errorf("%s has %d contributions, want %d, and %d named peers", code, len(part.Contribute), len(want), len(part.Peers))
		}
		if len(part.Catalogue.Indicators) != 1 || len(part.Models) != 1 {
			t.Errorf("%s has %d indicators and %d models, want those of its level", code, len(part.Catalogue.Indicators), len(part.Models))
		}
		if len(part.Refused) != 1 || part.Refused[0] != (RefusedCount{Log: "bookings", Rule: "r", Column: "c", Records: 5}) {
			t.Errorf("%s: refused %v", code, part.Refused)
		}
		if e := part.Batches[0]; e.Source != "" || e.File != "" || e.BatchID != "" || e.Balance() != nil {
			t.Errorf("%s: batch %+v, balance %v", code, e, e.Balance())
		}
		if _, ok := part.References.Territory("015"); ok {
			t.Errorf("%s: the tables name Milano", code)
		}
	}
	if len(s.Cells) != 3*128 || s.Funnels[0].Points[0].Territory == "" {
		t.Error("the set itself was changed")
	}
	for _, code := range []string{"IT", "999", ""} {
		if _, err := s.Scoped(code); err == nil {
			t.Errorf("a scope of %q", code)
		}
	}
}

// TestAnonymous checks what is left of the peers: each size is that of three, no
// exact figure is there, and the limits do not end where the territories do.
func TestAnonymous(t *testing.T) {
	s := whole(t)
	for _, code := range []string{"058", "12"} {
		part, err := s.Scoped(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range part.Funnels {
			exact := map[float64]bool{}
			for _, all := range s.Funnels {
				for _, at := range all.Points {
					exact[at.N], exact[at.Value] = true, true
				}
			}
			sizes := map[float64]int{}
			for _, at := range f.Points {
				if at.Territory != "" {
					continue
				}
				sizes[at.N]++
				if at.N != twoDigits(at.N) || at.Value != twoDigits(at.Value) {
					t.Errorf("%s: a peer at %v with %v", code, at.N, at.Value)
				}
			}
			for n, count := range sizes {
				if count < peersTogether {
					t.Errorf("%s: %d peers of size %v", code, count, n)
				}
			}
			for _, limit := range f.Limits {
				if exact[limit.N] || math.Abs(limit.Upper95*limit.N-1) > 0.01 {
					t.Errorf("%s: limits at %v: %v", code, limit.N, limit.Upper95)
				}
			}
			if len(f.Limits) < 4 {
				t.Errorf("%s: %d limits", code, len(f.Limits))
			}
		}
	}
	if two := together([]FunnelPoint{{N: 1, Value: 1}, {N: 2, Value: 1}}); two != nil {
		t.Errorf("two peers are drawn: %v", two)
	}
}

// FuzzTogether checks that no peer is alone, whatever the sizes.
func FuzzTogether(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 200})
	f.Fuzz(func(t *testing.T, sizes []byte) {
		var peers []FunnelPoint
		for i, size := range sizes {
			peers = append(peers, FunnelPoint{N: float64(size) + 1, Value: float64(i)})
		}
		count := map[float64]int{}
		grouped := together(peers)
		for _, at := range grouped {
			count[at.N]++
		}
		for n, some := range count {
			if some < peersTogether {
				t.Errorf("%d of size %v", some, n)
			}
		}
		if len(sizes) >= peersTogether && len(grouped) != len(sizes) {
			t.Errorf("%d of %d peers", len(grouped), len(sizes))
		}
	})
}
