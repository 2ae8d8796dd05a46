package reports

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// checkThemes checks what each page of a theme says that no other does.
func checkThemes(t *testing.T, dir string) {
	for _, want := range []struct{ page, id, text string }{
		{"it/formazione.html", "measures-training_coverage-table", "Prestazione universale per anziani non autosufficienti"},
		{"it/formazione.html", "measures-training_coverage-table", "01/01/2025"},
		{"it/formazione.html", "regions-training_coverage-table", "Lazio"},
		{"en/training.html", "regions-training_coverage-table", "1 January 2025"},
		{"it/protocollo.html", "milestones-table", "09/10/2024"},
		{"it/protocollo.html", "missing", "Piemonte"},
		{"en/protocol.html", "maps", "Provinces with a protocol in force"},
		{"it/proposte.html", "outcomes-table", "Normativa"},
		{"it/proposte.html", "kinds-table", "Tecnologica"},
		{"en/proposals.html", "patronati-table", "Patronato ACLI"},
		{"it/qualita-dati.html", "arrivals-table", "bookings-sintetico"},
		{"it/qualita-dati.html", "days-completeness-table", "Lazio"},
		{"en/data-quality.html", "senders-table", "Unknown code"},
	} {
		if text := textOf(t, dir, want.page, want.id); !strings.Contains(text, want.text) {
			t.Errorf("%s: %s does not say %q: %s", want.page, want.id, want.text, text)
		}
	}
	if list := textOf(t, dir, "en/proposals.html", "patronati-table"); strings.Contains(list, "without a patronato") {
		t.Error("the citizen alone proposes as a patronato")
	}
}

// TestHeatHides checks that a withheld figure of a heat map is a word without a colour.
func TestHeatHides(t *testing.T) {
	set := fixture(t, "training_coverage")
	for k := range set.Cells {
		if c := &set.Cells[k]; c.Territory == "12" && c.Breakdown == string(kpi.ByMeasure) {
			c.Class = result.Hidden
		}
	}
	b := bareBuilder(t, set, "it")
	i := &set.Catalogue.Indicators[0]
	heat := b.measureHeat(i, b.x.measuresOf([]*kpi.Indicator{i}))
	if heat == nil {
		t.Fatal("no heat map")
	}
	for _, row := range heat.Table.Rows {
		for _, cell := range row.Cells[1:] {
			hidden := row.Cells[0].Text == "Lazio"
			if hidden != (cell.Text == "riservato") || hidden != (cell.Heat == "") || hidden && (!cell.Plain.Absent() || cell.Sort != "") {
				t.Errorf("%s is shown as %+v", row.Cells[0].Text, cell)
			}
		}
	}
}

func TestHeatClass(t *testing.T) {
	for value, want := range map[float64]string{10: "q1", 11.9: "q1", 12: "q2", 19.9: "q5", 20: "q5"} {
		if got := heatClass(value, 10, 20); got != want {
			t.Errorf("heatClass(%v, 10, 20) = %s, want %s", value, got, want)
		}
	}
	if got := heatClass(7, 7, 7); got != "q3" {
		t.Errorf("the class of the only value is %s", got)
	}
}

// TestOutcomes checks that the proposals still open are counted only where they
// belong to the same decided ones.
func TestOutcomes(t *testing.T) {
	set := fixture(t, "proposals_accepted_share", "proposal_decision_days")
	set.Cells = nil
	add := func(indicator, kind string, numerator, denominator, open float64) {
		c := absentCell(indicator, result.Italy)
		c.Grain, c.Start, c.Class, c.Breakdown, c.Item = result.Rolling12, set.Run.LastMonth, result.OK, "kind", kind
		c.Numerator, c.Denominator, c.Open = numerator, denominator, open
		set.Cells = append(set.Cells, c)
	}
	nan := absentCell("", "").Value
	add("proposals_accepted_share", "normativa", 30, 50, nan)
	add("proposals_accepted_share", "procedurale", 10, 40, nan)
	add("proposal_decision_days", "normativa", nan, 50, 5)
	add("proposal_decision_days", "procedurale", nan, 41, 6)
	b := bareBuilder(t, set, "it")
	heat := b.outcomes([]*kpi.Indicator{&set.Catalogue.Indicators[0], &set.Catalogue.Indicators[1]})
	if heat == nil {
		t.Fatal("no outcomes")
	}
	var rows []string
	for _, row := range heat.Table.Rows {
		rows = append(rows, row.Cells[0].Text+" "+row.Cells[2].Text+" "+row.Cells[3].Text+" "+row.Cells[4].Text)
	}
	if want := []string{"Normativa 30 20 5", "Procedurale 10 30 0"}; !slices.Equal(rows, want) {
		t.Errorf("outcomes %q, want %q", rows, want)
	}
	if want := "Proposte accolte o attuate: 40 su 90 decise. 5 sono ancora in esame."; heat.Finding != want {
		t.Errorf("the finding is %q, want %q", heat.Finding, want)
	}
}

// TestDeliveries checks what counts as late: no file of a source's first run, and
// a file of several months by its last one.
func TestDeliveries(t *testing.T) {
	set := fixture(t, "no_show_rate")
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	entry := func(run, from, to, received, outcome string) ledger.Entry {
		return ledger.Entry{RunID: run, Source: "agenda", Log: "bookings", EarliestMonth: from, LatestMonth: to, ReceivedAt: day(received), Outcome: outcome}
	}
	set.Batches = []ledger.Entry{
		entry("1", "2025-01", "2025-03", "2025-12-01", ledger.Committed), // history
		entry("2", "2025-04", "2025-05", "2025-06-20", ledger.Committed), // in time: due by 2 July
		entry("3", "2025-07", "2025-07", "2025-09-11", ledger.Committed), // due by 1 September
		entry("3", "2025-08", "2025-08", "2025-09-11", ledger.Refused),
	}
	found, first := bareBuilder(t, set, "it").deliveries("agenda", "bookings")
	want := map[string]delivery{"2025-01-01": {1, 0}, "2025-02-01": {1, 0}, "2025-03-01": {1, 0}, "2025-04-01": {1, 0}, "2025-05-01": {1, 0}, "2025-07-01": {1, 10}}
	if !first.Equal(day("2025-01-01")) || len(found) != len(want) {
		t.Errorf("from %v: %+v", first, found)
	}
	for month, d := range want {
		if found[day(month)] != d {
			t.Errorf("%s: %+v, want %+v", month, found[day(month)], d)
		}
	}
}

func TestExpectedFiles(t *testing.T) {
	monday := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)
	c := calendar{files: map[time.Time]int{}, first: monday}
	for week := range 13 {
		c.files[monday.AddDate(0, 0, 7*week)] = 1
	}
	if !c.expects(monday.AddDate(0, 0, 7*13)) {
		t.Error("after thirteen Mondays with a file the next owes none")
	}
	if c.expects(monday.AddDate(0, 0, 7*12)) {
		t.Error("after twelve Mondays the next owes one")
	}
	if c.expects(monday.AddDate(0, 0, 7*13+1)) {
		t.Error("a Tuesday owes a file, though none ever had one")
	}
	delete(c.files, monday.AddDate(0, 0, 7*5))
	if c.expects(monday.AddDate(0, 0, 7*13)) {
		t.Error("twelve Mondays of thirteen are taken for always")
	}
}

// TestCatalogueWithoutThemes checks that pages of what a catalogue lacks say so.
func TestCatalogueWithoutThemes(t *testing.T) {
	set := fixture(t, "no_show_rate")
	set.Charts, set.Batches, set.Refused, set.Arrivals = nil, nil, nil, nil
	dir := built(t, set)
	for page, want := range map[string]string{"it/formazione.html": "Il catalogo non ha indicatori della formazione.",
		"it/protocollo.html": "Qui il catalogo non ha indicatori del Protocollo.", "en/proposals.html": "The catalogue has no indicators by kind of proposal",
		"it/qualita-dati.html": "Nessun file è stato acquisito.", "en/regions/12-lazio.html": "The catalogue has no indicators of the Protocol here.",
		"it/patronati/acli.html": "I dati non dicono in quali regioni lavora questo patronato"} {
		if text := textOf(t, dir, page, "main"); !strings.Contains(text, want) {
			t.Errorf("%s does not say %q", page, want)
		}
	}
}
