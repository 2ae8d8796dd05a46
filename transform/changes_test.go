package transform

import (
	"math"
	"slices"
	"testing"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// One of two channels changes; two more are withheld, and nothing is said of them.
func TestContributions(t *testing.T) {
	var events []event
	for i := range 24 {
		month := date("2023-01-01").AddDate(0, i, 0).Format("2006-01")
		better := 0
		if i >= 12 {
			better = 20
		}
		events = append(events, contacts(month, "058", "pec", 100, 60)...)
		events = append(events, contacts(month, "058", "email", 50, 20+better)...)
	}
	events = append(events, contacts("2023-05", "058", "app", 8, 4)...)
	events = append(events, contacts("2023-05", "058", "portale", 9, 3)...)
	s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		k.Breakdowns = []kpi.Breakdown{kpi.ByChannel}
	}))
	found := map[string]result.Contribution{}
	for _, c := range s.Contribute {
		if c.Territory == result.Italy {
			found[c.Item] = c
		}
	}
	email, pec := found["email"], found["pec"]
	if len(found) != 2 || email.From != 0.4 || email.To != 0.8 || math.Abs(email.Rate-0.4/3) > 1e-3 || math.Abs(email.ShareTo-1.0/3) > 1e-12 {
		t.Errorf("contributions %+v", found)
	}
	if pec.Rate != 0 || math.Abs(pec.Mix) > 1e-3 {
		t.Errorf("a channel that did not change: %+v", pec)
	}
}

// patronati are the cells of Italy by patronato: alike but for one.
func patronati(last string) []result.Cell {
	cell := func(territory, item string, x, n float64) result.Cell {
		return result.Cell{Territory: territory, Grain: result.Rolling12, Start: date(last), Breakdown: string(kpi.ByPatronato), Item: item,
			Numerator: x, Denominator: n, Value: x / n, Class: result.OK}
	}
	cells := []result.Cell{cell(result.Italy, kpi.NoPatronato, 4000, 5000), cell("12", "LARICE", 90, 100)}
	for i, item := range []string{"ACERO", "BETULLA", "CEDRO", "FAGGIO", "GELSO", "NOCE", "OLMO", "TIGLIO"} {
		cells = append(cells, cell(result.Italy, item, 95+2*float64(i%5), 1000))
	}
	return append(cells, cell(result.Italy, "LARICE", 220, 1000))
}

func TestPatronatiAreJudgedAmongThemselves(t *testing.T) {
	share := &kpi.Indicator{Statistic: kpi.Rate, Interval: kpi.Wilson, Unit: kpi.Percent}
	f := &figures{k: share, at: horizon{last: date("2025-12-01")}, cells: patronati("2025-12-01")}
	f.judgePatronati()
	for _, c := range f.cells {
		want := "inside"
		switch {
		case c.Territory != result.Italy, c.Item == kpi.NoPatronato:
			want = ""
		case c.Item == "LARICE":
			want = "above998"
		}
		if c.Funnel != want {
			t.Errorf("%s %s: %q, want %q", c.Territory, c.Item, c.Funnel, want)
		}
	}
	few := &figures{k: share, at: f.at, cells: patronati("2025-12-01")[6:]}
	if few.judgePatronati(); few.cells[0].Funnel == "" {
		t.Error("five patronati are enough")
	}
	few.cells = patronati("2025-12-01")[7:]
	if few.judgePatronati(); few.cells[0].Funnel != "" {
		t.Error("four patronati were judged")
	}
	old := &figures{k: share, at: f.at, cells: patronati("2024-12-01")}
	if old.judgePatronati(); old.cells[3].Funnel != "" {
		t.Error("a year gone by was judged")
	}
}

// services are the cells of a territory's cases by service.
func services(territory string, total float64, counts map[string]float64) []result.Cell {
	cell := result.Cell{Indicator: "solved", Territory: territory, Grain: result.Rolling12, Start: date("2025-12-01"), Denominator: total}
	cells := []result.Cell{cell}
	for item, count := range counts {
		cell.Breakdown, cell.Item, cell.Denominator = string(kpi.ByService), item, count
		cells = append(cells, cell)
	}
	return cells
}

func TestPeers(t *testing.T) {
	refs, nan := references(t), math.NaN()
	catalogue := &kpi.Catalogue{Indicators: []kpi.Indicator{{ID: "solved", Statistic: kpi.Rate,
		Levels: []string{"italy", "region", "province"}, Breakdowns: []kpi.Breakdown{kpi.ByService}}}}
	cells := services(result.Italy, 1e5, nil)
	for _, territory := range refs.Territories() {
		pensions := 300.0
		switch territory.Code {
		case "058", "015", "063": // Roma, Milano and Napoli, all large, are about other things
			pensions = 900
		case "007": // withheld
			cells = append(cells, services(territory.Code, nan, nil)...)
			continue
		case "001": // Torino, whose largest service is withheld
			cells = append(cells, services(territory.Code, 1000, map[string]float64{"pensioni": nan, "naspi": 30})...)
			continue
		}
		if territory.Level != reference.LevelItaly {
			cells = append(cells, services(territory.Code, 1000, map[string]float64{"pensioni": pensions, "naspi": 1000 - pensions})...)
		}
	}
	all := peers(cells, catalogue, refs, date("2025-12-01"))
	of := map[string][]result.Peer{}
	for _, p := range all {
		of[p.Territory] = append(of[p.Territory], p)
		self, _ := refs.Territory(p.Territory)
		other, _ := refs.Territory(p.Peer)
		if self.Level != other.Level || p.Territory == p.Peer || p.Indicator != "solved" || p.SizeClass < 1 || p.SizeClass > p.Classes {
			t.Errorf("%s and %s: %+v", self.Name, other.Name, p)
		}
	}
	if len(of["007"]) > 0 {
		t.Errorf("a territory whose cases are withheld has peers: %+v", of["007"])
	}
	for _, p := range of["058"][:2] {
		if (p.Peer != "015" && p.Peer != "063") || p.Distance != 0 {
			t.Errorf("the nearest of Roma: %+v", of["058"])
		}
	}
	if near := of["001"]; len(near) != mostPeers || near[0].Distance != 0.67 && near[0].Distance != 0.07 {
		t.Errorf("Torino: %+v", near)
	}
	if of["12"] == nil || of["12"][0].Classes != regionClasses || of["058"][0].SizeClass != provinceClasses {
		t.Errorf("size classes: %+v", of["12"])
	}
	if !slices.Equal(all, peers(cells, catalogue, refs, date("2025-12-01"))) {
		t.Error("the same cells have other peers")
	}
	if peers(nil, catalogue, refs, date("2025-12-01")) != nil {
		t.Error("peers without cells")
	}
}

// A province that ceased in the month, or begins after it, is set beside nobody.
func TestPeersAreThere(t *testing.T) {
	for _, test := range []struct {
		from, to string
		there    bool
	}{
		{"", "", true}, {"2025-12-31", "", true}, {"2026-01-01", "", false},
		{"", "2025-12-31", true}, {"", "2025-12-30", false}, {"2025-01-01", "2025-11-30", false},
	} {
		var one reference.Territory
		if test.from != "" {
			one.ValidFrom = date(test.from)
		}
		if test.to != "" {
			one.ValidTo = date(test.to)
		}
		if got := isThere(&one, date("2025-12-01")); got != test.there {
			t.Errorf("from %q to %q: there in December 2025 is %v", test.from, test.to, got)
		}
	}
}
