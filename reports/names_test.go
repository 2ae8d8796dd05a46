package reports

import (
	"encoding/json"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tavolo/ingest/reference"
	pages "tavolo/reports/html"
	"tavolo/transform/result"
)

// checkNames listens to a site as one who does not see it: tabs and histories say the
// title of a page, lists of links and landmarks their names, and nothing around them.
func checkNames(t *testing.T, dir string) {
	titles := map[string]string{} // language and title → page
	eachPage(t, dir, func(name string, _ []byte, root *html.Node) {
		lang, _, _ := strings.Cut(name, "/")
		named, leads := map[string]int{}, map[string][]string{}
		for _, n := range elements(root) {
			label, _ := attribute(n, "aria-label")
			role, _ := attribute(n, "role")
			switch {
			case n.Data == "title" && n.Parent.Data == "head":
				title := lang + " " + text(n)
				if other, ok := titles[title]; ok {
					t.Errorf("%s and %s have the same title, %q", other, name, title)
				}
				titles[title] = name
			case n.Data == "nav", n.Data != "svg" && (role == "region" || role == "group"):
				if named[label]++; label == "" {
					t.Errorf("%s: <%s> has no name", name, n.Data)
				}
			case n.Data == "a" && !within(n, "nav"): // its own name tells what its links are about
				href, _ := attribute(n, "href")
				if label == "" {
					label = strings.TrimSpace(text(n))
				}
				if target, _, _ := strings.Cut(href, "#"); target != "" && !slices.Contains(leads[label], target) {
					leads[label] = append(leads[label], target)
				}
			}
		}
		for label, count := range named {
			if count > 1 {
				t.Errorf("%s: %d parts are called %q", name, count, label)
			}
		}
		for label, targets := range leads {
			if len(targets) > 1 && !hasDownload(targets) && !strings.HasPrefix(label, "Valle d'Aosta") { // a region that is its own province
				t.Errorf("%s: links called %q lead to %q", name, label, targets)
			}
		}
	})
}

// within tells whether an element stands in one of a name.
func within(n *html.Node, name string) bool {
	for up := range n.Ancestors() {
		if up.Data == name {
			return true
		}
	}
	return false
}

// hasDownload tells of links to files.
func hasDownload(targets []string) bool {
	return slices.ContainsFunc(targets, func(target string) bool { return path.Ext(target) != ".html" })
}

func territoryOf(set *result.Set, code string) reference.Territory {
	t, _ := set.References.Territory(code)
	return t
}

func headingsOf(columns []pages.Column) []string {
	var titles []string
	for _, column := range columns {
		titles = append(titles, column.Title)
	}
	return titles
}

// A pack of one of two provinces has nothing of its region, for which no column of
// tables is kept free; why it is not there stands beside them.
func TestAPairHasNoColumnOfItsRegion(t *testing.T) {
	set := fixture(t, "no_show_rate", "protocol_adoption")
	for code, with := range map[string]bool{"094": false, "058": true} { // of two provinces, of five
		part, err := set.Scoped(code)
		if err != nil {
			t.Fatal(err)
		}
		b := bareBuilder(t, part, "it")
		place, _ := part.References.Territory(code)
		region := b.place(place.Parent)
		for name, table := range map[string]struct {
			titles []string
			notes  []string
			cells  int
		}{
			"indicators": {headingsOf(b.territoryIndicators(place).Columns), b.territoryIndicators(place).Notes, len(b.territoryIndicators(place).Rows[1].Cells)},
			"protocol":   {headingsOf(b.protocolHere(place).Columns), b.protocolHere(place).Notes, len(b.protocolHere(place).Rows[0].Cells)},
		} {
			if slices.Contains(table.titles, region) != with || table.cells != len(table.titles) {
				t.Errorf("%s, %s: %d cells under the columns %q", code, name, table.cells, table.titles)
			}
			said := strings.Join(table.notes, " ")
			if strings.Contains(said, "per differenza") == with {
				t.Errorf("%s, %s: the notes are %q", code, name, said)
			}
		}
	}
	if got := bareBuilder(t, set, "it").pairNote(territoryOf(set, "094")); got != nil {
		t.Errorf("the whole report says %q of a province", got)
	}
}

var italysLine = regexp.MustCompile(`>Italia [0-9]`)

// Items that are parts of the value of all together are not counted as below it.
func TestPartsAreNotSetBesideTheirWhole(t *testing.T) {
	set := fixture(t, "contacts_per_1000", "patronato_mix", "abandonment_rate")
	b := bareBuilder(t, set, "it")
	b.options = map[string]json.RawMessage{}
	for n := range set.Catalogue.Indicators {
		i := &set.Catalogue.Indicators[n]
		want := i.ID != "abandonment_rate"
		for _, by := range i.Breakdowns {
			if got := areParts(i, by); got != want {
				t.Errorf("%s by %s: parts: %v", i.ID, by, got)
			}
		}
		figures := b.breakdowns(i)
		if len(figures) == 0 {
			t.Fatalf("%s has no breakdown", i.ID)
		}
		if err := b.finish(); err != nil {
			t.Fatal(err)
		}
		for _, figure := range figures {
			parts := strings.Contains(figure.Finding, "è una parte dell'insieme; la più grande è «")
			if parts != want || strings.Contains(figure.Finding, "Italia") == want || (figure.Reading == "") != want ||
				italysLine.MatchString(string(figure.Drawing.HTML)) == want {
				t.Errorf("%s: %s: %q, %q", i.ID, figure.Title, figure.Finding, figure.Reading)
			}
		}
	}
}

// A chart may be calm at its end and have had a signal: its drawing marks it, so its
// finding does not say that there is none.
func TestCalmChartsTellOfTheirPast(t *testing.T) {
	set := fixture(t, "no_show_rate")
	b := bareBuilder(t, set, "it")
	at := func(signals ...int) *result.Chart {
		c := &result.Chart{}
		for n := range 12 {
			p := result.ChartPoint{Start: set.Run.LastMonth.AddDate(0, n-11, 0), Value: 0.1}
			if slices.Contains(signals, n) {
				p.Signal = "outside"
			}
			c.Points = append(c.Points, p)
		}
		return c
	}
	for want, signals := range map[string][]int{
		"Nessun segnale, i mesi variano entro i limiti.":                                     nil,
		"Nessun segnale in corso; ne ha uno un mese già passato, a gennaio 2025.":            {0},
		"Nessun segnale in corso; ne hanno uno 3 mesi già passati, l'ultimo ad aprile 2025.": {0, 2, 3},
	} {
		if got := b.calmFinding(at(signals...)); got != want {
			t.Errorf("%v: %q, want %q", signals, got, want)
		}
	}
}

// Where the line of a chart breaks, its finding says why; what lies before the first month and
// after the last is no break.
func TestChartsTellOfTheirGaps(t *testing.T) {
	b := bareBuilder(t, fixture(t, "no_show_rate"), "it")
	for months, want := range map[string]string{
		"_xxxx_":  "",
		"______":  "",
		"xx_x__":  " Un mese manca: riservato, o senza dati.",
		"_x__x_x": " 3 mesi mancano: riservati, o senza dati.",
	} {
		c := &result.Chart{}
		for _, month := range months {
			value := 0.1
			if month == '_' {
				value = math.NaN()
			}
			c.Points = append(c.Points, result.ChartPoint{Value: value})
		}
		if got := b.gaps(c); got != want {
			t.Errorf("%s: %q, want %q", months, got, want)
		}
	}
}

// The target of a 90th percentile is missed by it, and not by the median that tables show.
func TestAMissedPercentileIsNamed(t *testing.T) {
	set := fixture(t, "onsite_wait_minutes")
	for k := range set.Cells {
		c := &set.Cells[k]
		if c.Territory == "058" && c.Grain == result.Rolling12 && c.Breakdown == "" && c.Start.Equal(set.Run.LastMonth) {
			c.Value, c.P90, c.Class, c.Denominator = 14, 90, result.OK, 5000
		}
	}
	got := bareBuilder(t, set, "it").targetsMissed(territoryOf(set, "058"))
	want := []string{"Attesa in sede 90\u00a0min al 90° percentile (obiettivo ≤\u00a060\u00a0min)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSharesHaveTheirArticle(t *testing.T) {
	for share, want := range map[float64]string{0.001: "dello 0,1\u202f%", 0.08: "dell'8,0\u202f%", 0.12: "del 12,0\u202f%", 0.01: "dell'1,0\u202f%"} {
		if got := (words{lang: "it"}).ofShare(share); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (words{lang: "en"}).ofShare(0.001); got != "0.1%" {
		t.Errorf("in English: %q", got)
	}
}

// A table of one row has nothing to sort or filter, and is not called that of all territories.
func TestOneValueIsNoTableOfTerritories(t *testing.T) {
	set := fixture(t, "notice_lead_days", "no_show_rate")
	b := bareBuilder(t, set, "it")
	for n := range set.Catalogue.Indicators {
		i := &set.Catalogue.Indicators[n]
		table, title := b.territoriesIn(b.periods(i)[0], i), b.territoriesTitle(i)
		alone := i.ID == "notice_lead_days"
		if alone != (len(table.Rows) == 1) || alone == table.Sortable || alone == (table.Filter != "") || alone == (len(table.Notes) > 0) ||
			alone != (title == "Il valore per l'Italia") {
			t.Errorf("%s: %q, %d rows, sortable %v, filter %q, notes %q", i.ID, title, len(table.Rows), table.Sortable, table.Filter, table.Notes)
		}
	}
}

// What is steady alone is not called another.
func TestSteadyIndicatorsAlone(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for k := range set.Charts {
		if c := &set.Charts[k]; c.Territory == "13" {
			c.Variation, c.Assurance, c.Upper = "common", "", 0.2
		}
	}
	b := bareBuilder(t, set, "it")
	if got, want := b.quiet("13", 0), "Un solo indicatore ha abbastanza mesi per un giudizio, e varia entro i propri limiti."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := b.quiet("13", 2), "Un altro indicatore varia entro i propri limiti, senza segnali."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A pack is heard as the whole report is, and its entrance says whose it is.
func TestAPackHasItsNames(t *testing.T) {
	shared, _, err := prepare(Site{Set: fixture(t, "no_show_rate", "protocol_adoption", "patronato_mix")})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := packInto(shared, dir, territoryOf(shared.Set, "066")); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, packsFolder, "066-l-aquila")
	checkNames(t, folder)
	for name, want := range map[string]string{
		"index.html":                    "Tavolo · Fascicolo della provincia dell'Aquila",
		"it/province/066-l-aquila.html": "Fascicolo della provincia dell'Aquila: contiene i suoi valori",
	} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if said := strings.ReplaceAll(string(content), "&#39;", "'"); err != nil || !strings.Contains(said, want) || strings.Contains(said, `class="languages"`) {
			t.Errorf("%s does not say %q, or offers languages: %v", name, want, err)
		}
	}
}
