package reports

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tavolo/reports/export"
	"tavolo/reports/html"
)

// moments are instants with what clocks in Italy show then. Those of the last two are the
// same hour, twice in one night.
var moments = []struct{ at, it, en, csv, clock string }{
	{"2026-01-15T23:30:00Z", "16/01/2026 00:30 CET", "16 January 2026 00:30 CET", "2026-01-16T00:30:00+01:00", "16/01/2026 00:30 CET"},
	{"2026-07-31T22:05:00Z", "01/08/2026 00:05 CEST", "1 August 2026 00:05 CEST", "2026-08-01T00:05:00+02:00", "01/08/2026 00:05 CEST"},
	{"2026-10-25T00:30:00Z", "25/10/2026 02:30 CEST", "25 October 2026 02:30 CEST", "2026-10-25T02:30:00+02:00", "25/10/2026 02:30 CEST"},
	{"2026-10-25T01:30:00Z", "25/10/2026 02:30 CET", "25 October 2026 02:30 CET", "2026-10-25T02:30:00+01:00", "25/10/2026 02:30 CET"},
}

// TestMoments checks that pages and exports write a moment as Italian clocks show it, with
// the name of their time, wherever the program runs; and for machines in UTC.
func TestMoments(t *testing.T) {
	set := fixture(t, "no_show_rate")
	shared, _, err := prepare(Site{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	it, en := words{shared.x, "it", shared.pages.Messages("it")}, words{shared.x, "en", shared.pages.Messages("en")}
	table := &html.Table{Caption: "Moments", Columns: []html.Column{{Title: "N"}, {Key: "at", Title: "At"}}}
	for _, m := range moments {
		at, err := time.Parse(time.RFC3339, m.at)
		if err != nil {
			t.Fatal(err)
		}
		at = at.In(time.FixedZone("elsewhere", -7*3600)) // where the program runs
		if got := plainSpaces(it.stamp(at)); got != m.it {
			t.Errorf("%s is %q in Italian, want %q", m.at, got, m.it)
		}
		if got := plainSpaces(en.stamp(at)); got != m.en {
			t.Errorf("%s is %q in English, want %q", m.at, got, m.en)
		}
		cell := it.momentCell(at)
		if cell.Sort != m.at {
			t.Errorf("%s is %q for machines", m.at, cell.Sort)
		}
		table.Rows = append(table.Rows, html.Row{Cells: []html.Cell{{Text: m.at}, cell}})
	}
	held := export.Of("moments", table, it.m)
	lines := strings.Split(string(held.CSV("it")), "\r\n")
	book := &export.Book{Title: "Moments", Lang: "it", Name: "First", Sheets: []export.Sheet{{Name: "Moments", Table: held}}}
	content, err := book.XLSX()
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := sheet.GetRows("Moments")
	if err != nil {
		t.Fatal(err)
	}
	for n, m := range moments {
		if want := m.at + ";" + m.csv; lines[n+1] != want {
			t.Errorf("the CSV has %q, want %q", lines[n+1], want)
		}
		if got := rows[len(rows)-len(moments)+n][1]; got != m.clock {
			t.Errorf("the workbook shows %q, want %q", got, m.clock)
		}
	}
}

// TestMomentsForMachines looks for the moments of a page where machines look for them.
func TestMomentsForMachines(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for _, e := range set.Batches {
		if e.IngestedAt.IsZero() {
			t.Fatal("the fixture has a file that was never ingested")
		}
	}
	_, page := qualityPage(t, set, nil)
	if want := `<time datetime="` + set.Run.At.UTC().Format("2006-01-02T15:04:05Z") + `">`; !strings.Contains(page, want) {
		t.Errorf("the page has no %s", want)
	}
}

func plainSpaces(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }
