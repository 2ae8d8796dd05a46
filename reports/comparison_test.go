package reports

import (
	"strings"
	"testing"

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
