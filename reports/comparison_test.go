package reports

import (
	"math"
	"strings"
	"testing"

	"tavolo/ingest/reference"
	pages "tavolo/reports/html"
	"tavolo/transform/result"
)

// TestComparisonHoldsWhatIsShown reads back the figures of the page of comparisons:
// they are those of the other pages, as written there, and withheld ones are not
// among them.
func TestComparisonHoldsWhatIsShown(t *testing.T) {
	set := fixture(t, "no_show_rate", "first_response_hours", "contacts_per_1000", "patronato_mix", "protocol_adoption_regional")
	set.Charts = nil
	set.Peers = []result.Peer{{Territory: "058", Peer: "015", Place: 1, SizeClass: 5, Classes: 5}, {Territory: "058", Peer: "063", Place: 2, SizeClass: 5, Classes: 5}}
	dir := built(t, set)
	data := dataOf(t, page(t, dir, "it/confronta.html"))
	b := &builder{words: words{x: newIndex(set), lang: "it", m: messages(t, "it")}}
	c, count := data.Compare, 0
	for _, compared := range c.Indicators {
		i, _ := set.Catalogue.Indicator(compared.ID)
		for n, packed := range compared.Figures {
			cell := b.x.headline(i.ID, c.Territories[n].Code)
			if packed == "" {
				if i.HasLevel(cell.Level) {
					t.Errorf("%s has no %s", c.Territories[n].Name, i.ID)
				}
				continue
			}
			fields := append(strings.Split(packed, "|"), "", "", "") // those at the end that are empty are left out
			if cell.Class == result.Hidden || cell.Class == result.NoData {
				if fields[0]+fields[1]+fields[2] != "" || len(fields) > 7+3 {
					t.Errorf("a figure that is withheld: %s", packed)
				}
				continue
			}
			v := b.value(i, cell)
			interval := strings.Replace(fields[1], "~", "–", 1)
			if interval != "" {
				interval += compared.IntervalSuffix
			}
			value, whole := strings.CutPrefix(fields[0], "=")
			if !whole {
				value += compared.Suffix
			}
			if value != v.Text || interval != v.Interval || fields[2] != v.N {
				t.Errorf("%s of %s: %q %q %q, elsewhere %q %q %q", i.ID, c.Territories[n].Name, value, interval, fields[2], v.Text, v.Interval, v.N)
			}
			count++
		}
	}
	if count < 400 {
		t.Errorf("only %d figures were compared", count)
	}
	for _, territory := range c.Territories {
		if territory.Code == "058" && (territory.Peers != "015 063" || territory.Region != "12") {
			t.Errorf("Roma: %+v", territory)
		}
	}
}

func messages(t *testing.T, lang string) *pages.Messages {
	t.Helper()
	m, err := pages.LoadMessages(lang)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestFunnelTellsWhomItLeavesOut checks that a caption accounts for every region: those
// that are judged, and for each reason those that are not, by name where they are few.
func TestFunnelTellsWhomItLeavesOut(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for k := range set.Cells {
		c := &set.Cells[k]
		if c.Level != reference.LevelRegion || c.Breakdown != "" || c.Grain != result.Rolling12 || !c.Start.Equal(set.Run.LastMonth) {
			continue
		}
		nan := math.NaN()
		c.Class, c.Funnel = result.OK, "inside"
		switch c.Territory {
		case "02", "14", "17", "18":
			c.Class, c.Funnel, c.Numerator, c.Denominator, c.Value = result.Hidden, "", nan, nan, nan
		case "04":
			c.Funnel, c.Numerator, c.Denominator, c.RoundedTo = "", nan, nan, 0.01
		case "11":
			c.Class, c.Funnel = result.Small, ""
		}
	}
	f := &result.Funnel{Indicator: "no_show_rate", Level: reference.LevelRegion, Grain: result.Rolling12, Start: set.Run.LastMonth}
	for _, c := range set.Cells {
		if c.Level == f.Level && c.Breakdown == "" && c.Grain == f.Grain && c.Start.Equal(f.Start) && known(c.Denominator) {
			f.Points = append(f.Points, result.FunnelPoint{Territory: c.Territory, N: c.Denominator, Value: c.Value, Position: c.Funnel})
		}
	}
	for lang, want := range map[string]string{
		"it": "Nessuna regione su 14 è oltre i limiti del 99,8\u202f%. Non giudicate: 4 riservate; una con il valore arrotondato e il numero dei casi riservato (Trentino-Alto Adige); una con troppo pochi casi (Marche).",
		"en": "None of 14 regions is beyond the 99.8% limits. Not judged: 4 withheld; one rounded, with its cases withheld (Trentino-Alto Adige); one with too few cases (Marche).",
	} {
		b := bareBuilder(t, set, lang)
		i, _ := set.Catalogue.Indicator("no_show_rate")
		if got := b.funnelFinding(i, f); got != want {
			t.Errorf("%s:\n got %s\nwant %s", lang, got, want)
		}
	}
}
