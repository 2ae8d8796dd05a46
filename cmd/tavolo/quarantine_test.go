package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tavolo/ingest/worklist"
)

const agendaConfig = `as_of: 2024-05-01
sources:
  - name: agenda
    log: bookings
    files: drops/*.csv
    columns:
      booking_id:    ID
      requested_at:  {from: Richiesta, layout: "dd/MM/yyyy HH:mm"}
      slot_at:       {from: [Data, Ora], layout: "dd/MM/yyyy HH:mm"}
      status:        Stato
      province_code: Prov
      service_code:  {value: naspi}
      mode:          {value: fisico}
      citizen_id:    {from: CF, kind: codice_fiscale}
`

const agendaHeader = "ID;Richiesta;Data;Ora;Stato;Prov;CF;Nota\n"

// Three rows are good; a day that is none, a province that is none with a status
// that is none, a formula in the place of a status, and a row that is cut off.
const agendaRows = `A1;01/04/2024 10:00;02/04/2024;09:00;presentato;NA;RSSMRA85T10A562S;
A2;31/02/2024 10:00;02/04/2024;10:00;presentato;058;RSSMRA85T10A562S;Rossi Mario
A3;01/04/2024 10:00;02/04/2024;11:00;forse;XX;RSSMRA85T10A562S;
A4;01/04/2024 10:00;02/04/2024;12:00;=1+1;RM;;
A5;01/04/2024 10:00
A6;01/04/2024 10:00;02/04/2024;14:00;presentato;58;;
`

// agendaProject makes a project in which the rows were ingested, and gives its folder.
func agendaProject(t *testing.T) string {
	t.Helper()
	t.Setenv("TAVOLO_NOW", "2024-05-02T09:00:00+02:00")
	dir := filepath.Join(t.TempDir(), "p")
	tavolo(t, exitDone, "init", dir)
	put(t, filepath.Join(dir, "tavolo.yaml"), agendaConfig)
	put(t, filepath.Join(dir, "drops", "agenda.csv"), agendaHeader+agendaRows)
	tavolo(t, exitQuarantined, "-C", dir, "ingest")
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fill changes cells of a work-list: line of the refused row → column → value.
func fill(t *testing.T, path string, changes map[string]map[string]string) {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(worklist.SheetName)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i, row := range rows[1:] {
		for n, name := range rows[0] {
			value, ok := changes[row[1]][name]
			if !ok {
				continue
			}
			changed++
			at, err := excelize.CoordinatesToCellName(n+1, i+2)
			if err == nil {
				err = book.SetCellStr(worklist.SheetName, at, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	want := 0
	for _, columns := range changes {
		want += len(columns)
	}
	if changed != want {
		t.Fatalf("%d cells changed, want %d", changed, want)
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
}

// states gives how many rows are open, corrected, returned and discarded, by batch.
func states(t *testing.T, dir string) (open, corrected, returned, discarded int) {
	t.Helper()
	for line := range strings.Lines(tavolo(t, exitDone, "-C", dir, "--json", "quarantine", "list", "--by", "batch")) {
		var c refusedCount
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		open, corrected, returned, discarded = open+c.Open, corrected+c.Corrected, returned+c.Returned, discarded+c.Discarded
	}
	return open, corrected, returned, discarded
}

func wantStates(t *testing.T, dir string, open, corrected, returned, discarded int) {
	t.Helper()
	o, c, r, d := states(t, dir)
	if o != open || c != corrected || r != returned || d != discarded {
		t.Errorf("%d open, %d corrected, %d returned, %d discarded; want %d, %d, %d, %d", o, c, r, d, open, corrected, returned, discarded)
	}
}

func bookings(t *testing.T, dir string) int {
	t.Helper()
	return int(one(t, dir, "select count(*) as n from bookings")["n"].(float64))
}

// TestWorkListComesBack sends a work-list out and takes it back twice: filled in
// in part, then wholly. Every row ends in one state, and no row comes in twice.
func TestWorkListComesBack(t *testing.T) {
	dir := agendaProject(t)
	list := filepath.Join(dir, "lista.xlsx")
	wantStates(t, dir, 4, 0, 0, 0)
	tavolo(t, exitDone, "-C", dir, "quarantine", "export", "agenda", "-o", list)

	fill(t, list, map[string]map[string]string{
		"3": {"Richiesta": "29/02/2024 10:00", "CF": "RSSMRA85T10A562S"}, // right
		"4": {"Prov": "RM", "CF": "RSSMRA85T10A562S"},                    // the status is still wrong
	})
	tavolo(t, exitQuarantined, "-C", dir, "quarantine", "replay", "--source", "agenda", "--by", "anna", list)
	wantStates(t, dir, 3, 1, 1, 0)
	if n := bookings(t, dir); n != 3 {
		t.Errorf("%d bookings, want 3", n)
	}

	again := tavolo(t, exitDone, "-C", dir, "quarantine", "replay", "--source", "agenda", list)
	if !strings.Contains(again, "already ingested") {
		t.Errorf("the same list again: %s", again)
	}
	wantStates(t, dir, 3, 1, 1, 0)

	fill(t, list, map[string]map[string]string{
		"4": {"Stato": "presentato"},
		"5": {"Stato": "presentato"},
		"6": {"ID": "A5", "Richiesta": "01/04/2024 10:00", "Data": "02/04/2024", "Ora": "13:00", "Stato": "presentato", "Prov": "NA"},
	})
	said := tavolo(t, exitDone, "-C", dir, "quarantine", "replay", "--source", "agenda", list)
	if !strings.Contains(said, "3 corrected and 0 refused again") || !strings.Contains(said, "1 row of the list corrected before") {
		t.Errorf("the second time: %s", said)
	}
	wantStates(t, dir, 0, 5, 0, 0) // four rows, and the one that line 4 had become
	if n := bookings(t, dir); n != 6 {
		t.Errorf("%d bookings, want 6", n)
	}
	shown := tavolo(t, exitDone, "-C", dir, "quarantine", "show", "drops/agenda.csv:3")
	if !strings.Contains(shown, "corrected as ") || !strings.Contains(shown, " by anna") {
		t.Errorf("show does not tell of the correction: %s", shown)
	}
	if one(t, dir, "select count(*) as n from bookings where booking_id = 'A2' and citizen_id is not null")["n"] != 1.0 {
		t.Error("the person of A2 did not come in")
	}
	tavolo(t, exitDone, "-C", dir, "ledger") // every batch balances
	if said := tavolo(t, exitDone, "-C", dir, "quarantine", "export", "agenda", "-o", filepath.Join(dir, "none.xlsx")); !strings.Contains(said, "nothing to correct") {
		t.Error(said)
	}
	if _, err := os.Stat(filepath.Join(dir, "none.xlsx")); err == nil {
		t.Error("a work-list without rows was written")
	}
}

// TestWorkListHoldsNoPersonAndNoFormula reads every cell of a work-list.
func TestWorkListHoldsNoPersonAndNoFormula(t *testing.T) {
	dir := agendaProject(t)
	list := filepath.Join(dir, "lista.xlsx")
	tavolo(t, exitDone, "-C", dir, "quarantine", "export", "agenda", "-o", list)
	book, err := excelize.OpenFile(list)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	cells := map[string]bool{}
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, value := range row {
				cells[value] = true
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := book.GetCellFormula(name, at); err != nil || formula != "" {
					t.Errorf("%s!%s holds the formula %q (%v)", name, at, formula, err)
				}
				if strings.ContainsAny(value[:min(1, len(value))], "=+-@") {
					t.Errorf("%s!%s begins like a formula: %q", name, at, value)
				}
				if strings.Contains(value, "RSSMRA") || strings.Contains(value, "Rossi") {
					t.Errorf("%s!%s names a person: %q", name, at, value)
				}
			}
		}
	}
	for _, want := range []string{"'=1+1", "***", "058", "La riga ha più o meno campi dell'intestazione.",
		"«Provincia»: il valore «XX» non è tra i codici e i nomi conosciuti alla data della riga.\n" +
			"«Stato»: il valore «forse» non è tra quelli ammessi: prenotato, confermato, spostato, annullato_utente, annullato_inps, presentato, non_presentato, concluso."} {
		if !cells[want] {
			t.Errorf("no cell holds %q", want)
		}
	}
	info, err := os.Stat(list)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestCorrectedFileComesBack links the rows of a file in the form of the source
// by their key, and makes up for decisions that were lost.
func TestCorrectedFileComesBack(t *testing.T) {
	dir := agendaProject(t)
	corrected := filepath.Join(dir, "corretto.csv")
	put(t, corrected, agendaHeader+`A2;28/02/2024 10:00;02/04/2024;10:00;presentato;058;RSSMRA85T10A562S;
A3;01/04/2024 10:00;02/04/2024;11:00;ancora no;NA;RSSMRA85T10A562S;
A9;01/04/2024 10:00;02/04/2024;11:00;presentato;NA;RSSMRA85T10A562S;
`)
	said := tavolo(t, exitQuarantined, "-C", dir, "quarantine", "replay", "--source", "agenda", corrected)
	if !strings.Contains(said, "1 corrected and 1 refused again") || !strings.Contains(said, "1 row of no refused row") {
		t.Error(said)
	}
	wantStates(t, dir, 3, 1, 1, 0)
	// As if the program had been killed between the commit and the decisions.
	if err := os.Remove(filepath.Join(dir, "quarantine", "decisions.ndjson")); err != nil {
		t.Fatal(err)
	}
	wantStates(t, dir, 5, 0, 0, 0)
	tavolo(t, exitDone, "-C", dir, "quarantine", "replay", "--source", "agenda", corrected)
	wantStates(t, dir, 3, 1, 1, 0)
	tavolo(t, exitDone, "-C", dir, "quarantine", "replay", "--source", "agenda", corrected)
	wantStates(t, dir, 3, 1, 1, 0)
}

// TestDiscard decides about one row, then about what is left of its file; a row
// that comes back all the same counts as corrected.
func TestDiscard(t *testing.T) {
	dir := agendaProject(t)
	list := filepath.Join(dir, "lista.xlsx")
	tavolo(t, exitDone, "-C", dir, "quarantine", "export", "agenda", "-o", list)
	tavolo(t, exitUsage, "-C", dir, "quarantine", "discard", "drops/agenda.csv:6")
	tavolo(t, exitDone, "-C", dir, "quarantine", "discard", "drops/agenda.csv:6", "--reason", "riga di prova", "--by", "anna")
	wantStates(t, dir, 3, 0, 0, 1)
	tavolo(t, exitError, "-C", dir, "quarantine", "discard", "drops/agenda.csv:6", "--reason", "ancora")
	tavolo(t, exitDone, "-C", dir, "quarantine", "discard", "drops/agenda.csv", "--reason", "file di prova")
	wantStates(t, dir, 0, 0, 0, 4)
	if shown := tavolo(t, exitDone, "-C", dir, "quarantine", "show", "drops/agenda.csv:6"); !strings.Contains(shown, "discarded on 2024-05-02 by anna: riga di prova") {
		t.Error(shown)
	}
	fill(t, list, map[string]map[string]string{"5": {"Stato": "presentato"}})
	tavolo(t, exitDone, "-C", dir, "quarantine", "replay", "--source", "agenda", list)
	wantStates(t, dir, 0, 1, 0, 3)
}
