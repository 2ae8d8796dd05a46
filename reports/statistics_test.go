package reports

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// TestEveryStatisticHasItsPage builds a site of one indicator of each statistic
// and looks for what belongs on its page, and what does not.
func TestEveryStatisticHasItsPage(t *testing.T) {
	dir := built(t, fixture(t, "patronato_mix", "backlog_open", "backlog_days", "clearance_ratio", "milestone_digital_platform"))
	for id, page := range map[string]struct{ has, lacks []string }{
		"patronato_mix": {
			has:   []string{"Quota di ogni voce sul totale", `id="by-patronato-figure"`, ">14.26"},
			lacks: []string{`id="control-figure"`, `id="map-figure"`, `id="intervals-figure"`, `id="funnel-region-figure"`, ">100,0"},
		},
		"backlog_open": {
			has:   []string{"Conteggio alla fine del periodo", "alla fine di dicembre 2025", `id="control-figure"`},
			lacks: []string{`id="map-figure"`, `id="intervals-figure"`, `id="funnel-region-figure"`, "Nessun segnale"},
		},
		"backlog_days": {
			has:   []string{"diviso per la media giornaliera", `id="control-figure"`, `id="map-figure"`, `id="intervals-figure"`},
			lacks: []string{`id="funnel-region-figure"`, "Nessun segnale"},
		},
		"clearance_ratio": {
			has:   []string{`id="control-figure"`, `id="map-figure"`, `id="intervals-figure"`},
			lacks: []string{`id="funnel-region-figure"`},
		},
		"milestone_digital_platform": {
			has:   []string{">09/10/2024<", "Il giorno, dal quale non cambia più"},
			lacks: []string{`id="control-figure"`, `id="map-figure"`, "90° percentile", "1 casi"},
		},
	} {
		text, err := os.ReadFile(filepath.Join(dir, "it/indicatori", id+".html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range page.has {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("%s: the page lacks %s", id, want)
			}
		}
		for _, unwanted := range page.lacks {
			if at := bytes.Index(text, []byte(unwanted)); at >= 0 {
				t.Errorf("%s: the page has %s: %s", id, unwanted, text[max(0, at-80):at+20])
			}
		}
	}
	csv, err := os.ReadFile(filepath.Join(dir, "it/indicatori/milestone_digital_platform-territories.csv"))
	if err != nil || !strings.Contains(string(csv), ";2024-10-09;") {
		t.Errorf("a date is not exported as one: %v\n%s", err, csv)
	}
	region, err := os.ReadFile(filepath.Join(dir, "it/regioni/12-lazio.html"))
	if err != nil || !bytes.Contains(region, []byte(`id="mix-chart-figure"`)) {
		t.Errorf("the region does not show how its patronati share the work: %v", err)
	}
}

// A milestone that has not come about says so, in words of its own.
func TestMilestonesToCome(t *testing.T) {
	set := fixture(t, "milestone_digital_platform")
	for k := range set.Cells {
		c := &set.Cells[k]
		c.Value, c.P90, c.Denominator, c.Open, c.Class = math.NaN(), math.NaN(), 0, 1, result.Immature
	}
	text, err := os.ReadFile(filepath.Join(built(t, set), "en/indicators/milestone_digital_platform.html"))
	if err != nil || !bytes.Contains(text, []byte("not yet")) || !bytes.Contains(text, []byte("It had not happened by the end of the period.")) {
		t.Errorf("the page does not say that it has not come about: %v", err)
	}
}

// The parts of a composition are of its whole, withheld parts and all; without a
// composition they are of what is shown.
func TestSharesOfTheWork(t *testing.T) {
	set := fixture(t, "patronato_mix")
	for k := range set.Cells {
		if c := &set.Cells[k]; c.Item == "ACLI" {
			*c = withheld(result.Cell{Indicator: c.Indicator, Territory: c.Territory, Level: c.Level, Grain: c.Grain, Start: c.Start,
				Breakdown: c.Breakdown, Item: c.Item, Class: result.Hidden})
		}
	}
	b := &builder{words: words{x: newIndex(set), lang: "it"}}
	i := b.x.mixIndicator()
	if i == nil || i.ID != "patronato_mix" {
		t.Fatalf("the mix is read from %+v", i)
	}
	all, withheld := b.amounts(i, result.Italy, kpi.ByPatronato, mixCount(i))
	sum := 0.0
	for _, s := range all {
		if s.code == "ACLI" || s.part > 0.26 {
			t.Errorf("share %+v", s)
		}
		sum += s.part
	}
	if withheld != 1 || len(all) < 10 || !(sum > 0.4 && sum < 0.6) {
		t.Errorf("%d parts of %v together, %d withheld", len(all), sum, withheld)
	}
}

// An amount of twelve months of which two are left out as immature seems to have fallen
// since the year before; nothing is said of how it changed.
func TestAmountsThatLackMonthsHaveNoChange(t *testing.T) {
	set := fixture(t, "contacts_per_1000", "satisfaction_share")
	for _, class := range []result.Class{result.OK, result.Immature} {
		for k := range set.Cells {
			if c := &set.Cells[k]; c.Grain == result.Rolling12 && c.Start.Equal(set.Run.LastMonth) && c.Class != result.Hidden {
				c.Class = class
			}
		}
		x := newIndex(set)
		for id, comparable := range map[string]bool{"contacts_per_1000": class == result.OK, "satisfaction_share": true} {
			i, _ := set.Catalogue.Indicator(id)
			for _, territory := range []string{result.Italy, "058"} {
				if before := x.yearBefore(i.ID, territory); known(before.Value) != comparable {
					t.Errorf("%s of %s, %s: a year before %v", id, territory, class, before.Value)
				}
			}
			code := x.items(id, result.Italy, string(kpi.ByPatronato))[0].Item
			if _, ok := x.item(id, result.Italy, kpi.ByPatronato, code, 1); ok != comparable {
				t.Errorf("%s by %s, %s: a year before is given: %v", id, code, class, ok)
			}
		}
	}
}
