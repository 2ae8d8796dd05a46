package reports

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// textOf gives the text of the element of a page that has an id, each run of
// space as one.
func textOf(t *testing.T, dir, name, id string) string {
	t.Helper()
	n := byID(page(t, dir, name), id)
	if n == nil {
		t.Fatalf("%s has no element %q", name, id)
	}
	var text strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			text.WriteString(child.Data + " ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// bareBuilder words pages of a set without drawing any.
func bareBuilder(t *testing.T, set *result.Set, lang string) *builder {
	t.Helper()
	s, _, err := prepare(Site{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	return &builder{words: words{s.x, lang, s.pages.Messages(lang)}, site: s, at: address{kind: "italy"}, path: lang + "/index.html",
		exports: map[string][]byte{}}
}

func TestOfMeasure(t *testing.T) {
	set := fixture(t, "training_coverage")
	i := &set.Catalogue.Indicators[0]
	x := newIndex(set)
	var measure reference.Measure
	for _, one := range set.References.Measures() {
		if one.Code == "prestazione_universale" {
			measure = one
		}
	}
	inItaly, ok := x.ofMeasure(i, result.Italy, measure)
	if !ok || inItaly.Item != measure.Code {
		t.Fatalf("Italy has %+v of the measure", inItaly)
	}
	inRome, ok := x.ofMeasure(i, "058", measure)
	if want, _ := x.inMonth(i.ID, "058", monthOf(measure.EffectiveFrom)); !ok || inRome.Value != want.Value {
		t.Errorf("Rome has %v of the measure, want that of its month, %v", inRome.Value, want.Value)
	}
	// Where the month of Italy is not that of the measure, a month of a province says nothing of it.
	for k := range set.Cells {
		if c := &set.Cells[k]; c.Territory == result.Italy && c.Grain == result.Month && c.Start.Equal(monthOf(measure.EffectiveFrom)) {
			c.Value /= 2
		}
	}
	if c, ok := newIndex(set).ofMeasure(i, "058", measure); ok {
		t.Errorf("Rome has %v of a measure that does not count in its month", c.Value)
	}
}

func TestAgenda(t *testing.T) {
	set := fixture(t, "abandonment_rate", "no_show_rate", "protocol_adoption", "technical_tables")
	put := func(indicator, territory string, change func(*result.Cell)) {
		for k := range set.Cells {
			c := &set.Cells[k]
			if c.Indicator == indicator && c.Territory == territory && c.Grain == result.Rolling12 && c.Breakdown == "" && c.Start.Equal(set.Run.LastMonth) {
				change(c)
			}
		}
	}
	put("protocol_adoption", "060", func(c *result.Cell) { c.Value, c.Numerator, c.Denominator, c.Class = 0, 0, 1, result.OK })
	put("technical_tables", "060", func(c *result.Cell) { c.Value, c.Numerator, c.Denominator, c.Class = 0.5, 1, 2, result.OK })
	put("no_show_rate", "060", func(c *result.Cell) { c.Value, c.Funnel, c.Class = 0.125, "above998", result.OK })
	b := bareBuilder(t, set, "it")
	frosinone, _ := set.References.Territory("060")
	said := ""
	for _, point := range b.agenda(frosinone) {
		said += point.Mark.Text + "|" + point.Lead + " " + point.Text + "\n"
	}
	for _, want := range []string{
		"Da discutere|Peggiora, o è oltre i limiti in senso sfavorevole: Appuntamenti mancati 12,5\u202f% (Italia ",
		"Obiettivi|Obiettivo non raggiunto negli ultimi dodici mesi: Appuntamenti mancati 12,5\u202f% (obiettivo ≤\u00a07,6\u202f%).",
		"Protocollo|Impegni non ancora attuati: Protocolli provinciali (qui non ancora); Tavoli provinciali (1 su 2).",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the agenda does not say %q:\n%s", want, said)
		}
	}
	lazio, _ := set.References.Territory("12") // whose rate of abandoning rises from a month on
	said = ""
	for _, point := range b.agenda(lazio) {
		said += point.Text + "\n"
	}
	if want := ", in peggioramento da marzo 2025"; !strings.Contains(said, want) {
		t.Errorf("the agenda does not say since when something worsens, %q:\n%s", want, said)
	}
	hidden := func(c *result.Cell) {
		*c = withheld(result.Cell{Indicator: c.Indicator, Territory: c.Territory, Grain: c.Grain, Start: c.Start, Class: result.Hidden, Funnel: "above998"})
	}
	for _, i := range set.Catalogue.Indicators {
		put(i.ID, "060", hidden)
	}
	set.Charts = slices.DeleteFunc(set.Charts, func(c result.Chart) bool { return c.Territory == "060" })
	if points := bareBuilder(t, set, "it").agenda(frosinone); len(points) > 0 {
		t.Errorf("withheld figures are brought to the table: %+v", points)
	}
}

func TestSince(t *testing.T) {
	set := fixture(t, "protocol_adoption")
	month := func(n int) time.Time { return set.Run.LastMonth.AddDate(0, n, 0) }
	give := func(values ...float64) *index {
		kept := set.Cells[:0:0]
		for n, value := range values {
			c := absentCell("protocol_adoption", "058")
			c.Grain, c.Start, c.Value, c.Denominator, c.Class = result.Month, month(n-len(values)+1), value, 1, result.OK
			kept = append(kept, c)
		}
		other := *set
		other.Cells = kept
		return newIndex(&other)
	}
	if since, ok := give(0, 0, 1, 1, 1).since("protocol_adoption", "058"); !ok || !since.Equal(month(-2)) {
		t.Errorf("in force since %v, want %v", since, month(-2))
	}
	if _, ok := give(0, 1, 1, 0).since("protocol_adoption", "058"); ok {
		t.Error("what is no more in force has a month since which it is")
	}
	if _, ok := give(1, 1, 1).since("protocol_adoption", "058"); ok {
		t.Error("what was in force when the data begin has a month since which it is")
	}
}

// checkTerritories checks that the page of a province stands beside its region
// and says what is withheld.
func checkTerritories(t *testing.T, dir string) {
	indicators := textOf(t, dir, "it/province/058-roma.html", "indicators")
	for _, want := range []string{"Lazio", "Italia", "Fra le province", "Appuntamenti mancati"} {
		if !strings.Contains(indicators, want) {
			t.Errorf("the indicators of Rome lack %q", want)
		}
	}
	if text := textOf(t, dir, "en/provinces/007-valle-d-aosta.html", "indicators"); !strings.Contains(text, "withheld") {
		t.Errorf("the page of a province does not say what is withheld: %s", text)
	}
	for _, page := range []string{"it/province/058-roma.html", "it/regioni/12-lazio.html"} {
		if text := textOf(t, dir, page, "training"); !strings.Contains(text, "Prestazione universale") || !strings.Contains(text, "01/01/2025") {
			t.Errorf("%s: training does not tell a measure and its day: %s", page, text)
		}
		if text := textOf(t, dir, page, "protocol"); !strings.Contains(text, "Province con un protocollo in vigore") {
			t.Errorf("%s: nothing of the Protocol: %s", page, text)
		}
		if text := textOf(t, dir, page, "work"); !strings.Contains(text, "Contatti tramite patronato per canale") {
			t.Errorf("%s: channels are missing: %s", page, text)
		}
	}
}

func TestWorkIndicator(t *testing.T) {
	x := newIndex(fixture(t))
	for by, want := range map[kpi.Breakdown]string{kpi.ByService: "patronato_share", kpi.ByChannel: "contacts_per_1000"} {
		if i := x.workIndicator(by); i == nil || i.ID != want {
			t.Errorf("work by %s is read from %+v, want %s", by, i, want)
		}
	}
	if i := newIndex(fixture(t, "no_show_rate")).workIndicator(kpi.ByService); i != nil {
		t.Errorf("a catalogue without a mix has its work in %s", i.ID)
	}
}

// TestAmountsKnowTheWhole checks that parts are of all that a territory counts, whether
// the indicator tells it or another that counts the same, and of nothing less.
func TestAmountsKnowTheWhole(t *testing.T) {
	for name, one := range map[string]struct{ own, mix, first float64 }{
		"told":                   {100, 100, 0.5},
		"told by another":        {math.NaN(), 200, 0.25},
		"of neither":             {math.NaN(), math.NaN(), math.NaN()},
		"of the items, together": {math.NaN(), math.NaN(), 0.625},
	} {
		set := fixture(t, "patronato_share", "patronato_mix")
		set.Cells = nil
		add := func(indicator, item string, n float64, class result.Class) {
			c := absentCell(indicator, "12")
			c.Grain, c.Start, c.Numerator, c.Class = result.Rolling12, set.Run.LastMonth, n, class
			if item != "" {
				c.Breakdown, c.Item = "service", item
			}
			set.Cells = append(set.Cells, c)
		}
		add("patronato_share", "", one.own, result.OK)
		add("patronato_mix", "", one.mix, result.OK)
		add("patronato_share", "a", 30, result.OK)
		add("patronato_share", "b", 50, result.OK)
		hidden := 0
		if name != "of the items, together" {
			hidden = 2
			add("patronato_share", "c", math.NaN(), result.Hidden)
			add("patronato_share", "d", math.NaN(), result.Hidden)
		}
		b := bareBuilder(t, set, "it")
		i, _ := set.Catalogue.Indicator("patronato_share")
		all, withheld := b.amounts(i, "12", kpi.ByService, numeratorOf)
		if withheld != hidden || len(all) != 2 || all[0].code != "b" {
			t.Fatalf("whole %s: %d withheld of %+v", name, withheld, all)
		}
		if got := all[0].part; got != one.first && !(math.IsNaN(got) && math.IsNaN(one.first)) {
			t.Errorf("whole %s: the first part is %v, want %v", name, got, one.first)
		}
		lazio, _ := b.x.References.Territory("12")
		if cell := b.work(lazio, kpi.ByService).Rows[0].Cells[2]; known(one.first) == (cell.Text == "–") || !known(one.first) && cell.Plain.Kind.IsNumber() && !cell.Plain.Absent() {
			t.Errorf("whole %s: the first part is shown as %+v", name, cell)
		}
	}
}

// TestPartsOfItalyThatAreWithheld checks that an item of which Italy's count is withheld
// has no part there, neither by itself nor in the rest, rather than one of nothing.
func TestPartsOfItalyThatAreWithheld(t *testing.T) {
	set := fixture(t, "patronato_share", "patronato_mix")
	set.Cells = nil
	add := func(territory, item string, n float64, class result.Class) {
		c := absentCell("patronato_share", territory)
		c.Grain, c.Start, c.Numerator, c.Class, c.Breakdown, c.Item = result.Rolling12, set.Run.LastMonth, n, class, "service", item
		set.Cells = append(set.Cells, c)
	}
	services := newIndex(set).References.Services()[:workShown+2]
	for n, service := range services {
		add("12", service.Code, float64(100-n), result.OK)
		if n == 0 || n == len(services)-1 {
			add(result.Italy, service.Code, math.NaN(), result.Hidden)
		} else {
			add(result.Italy, service.Code, float64(1000-n), result.OK)
		}
	}
	whole := absentCell("patronato_share", result.Italy)
	whole.Grain, whole.Start, whole.Numerator = result.Rolling12, set.Run.LastMonth, 20000
	set.Cells = append(set.Cells, whole)
	b := bareBuilder(t, set, "it")
	lazio, _ := b.x.References.Territory("12")
	table := b.work(lazio, kpi.ByService)
	for n, row := range table.Rows {
		italy := row.Cells[4]
		hidden := n == 0 || n == len(table.Rows)-1
		if (italy.Text == "riservato") != hidden || hidden && (italy.Plain.Kind.IsNumber() && !italy.Plain.Absent() || italy.Sort != "") {
			t.Errorf("%s: the part in Italy is %+v, withheld: %t", row.Cells[0].Text, italy, hidden)
		}
		if marked := strings.Contains(string(row.Cells[3].Draw), "bar-mark"); marked == hidden || !strings.Contains(string(row.Cells[3].Draw), "bar-part") {
			t.Errorf("%s: drawn as %s, withheld: %t", row.Cells[0].Text, row.Cells[3].Draw, hidden)
		}
	}
}
