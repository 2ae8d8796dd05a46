package mapping

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
)

const agenda = `name: agenda
log: bookings
files: drops/agenda/*.csv
format: {delimiter: ";", decimal: ","}
max_quarantined: 5%
columns:
  booking_id: ID Prenotazione
  requested_at: {from: Data richiesta, layout: "dd/MM/yyyy HH:mm"}
  slot_at: {from: [Data, Ora], layout: "dd/MM/yyyy HH:mm"}
  status: {from: Stato, values: {Presentatosi: presentato, Assente: non_presentato, "-": ""}}
  province_code: {from: Prov}
  service_code: Prestazione
  mode: {value: fisico}
  citizen_id: {from: CF, kind: codice_fiscale}
`

var header = []string{"ID Prenotazione", "Data richiesta", "Data", "Ora", "Stato", "Prov", "Prestazione", "CF", "Note"}

func read(t *testing.T, text string) *Source {
	t.Helper()
	s := &Source{}
	if err := strictyaml.Decode("tavolo.yaml", []byte(text), s); err != nil {
		t.Fatal(err)
	}
	return s
}

func bookings(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := contract.Load("bookings")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBind(t *testing.T) {
	c := bookings(t)
	b, err := read(t, agenda).Bind(c, header, "tavolo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if b.Fields != len(header) || b.Decimal != ',' || len(b.Columns) != len(c.Columns) {
		t.Errorf("binding %+v", b)
	}
	of := func(name string) contract.BoundColumn { return b.Columns[c.Index(name)] }
	if slot := of("slot_at"); !slices.Equal(slot.Fields, []int{2, 3}) || slot.Layout != "dd/MM/yyyy HH:mm" {
		t.Errorf("slot_at %+v", slot)
	}
	if id := of("booking_id"); !slices.Equal(id.Fields, []int{0}) {
		t.Errorf("booking_id %+v", id)
	}
	if status := of("status"); status.Values["assente"] != "non_presentato" || len(status.Values) != 3 {
		t.Errorf("status %+v", status)
	}
	if mode := of("mode"); mode.Constant == nil || *mode.Constant != "fisico" {
		t.Errorf("mode %+v", mode)
	}
	if citizen := of("citizen_id"); citizen.Kind != contract.FiscalCode {
		t.Errorf("citizen_id %+v", citizen)
	}
	if office := of("office_code"); office.Fields != nil || office.Constant != nil {
		t.Errorf("office_code %+v is mapped by nothing", office)
	}
}

func TestHeadersMatchWithoutCaseAndSpaces(t *testing.T) {
	loose := []string{"id prenotazione", "DATA RICHIESTA", " Data", "ora ", "Stato", "PROV", "prestazione", "cf", "Note"}
	b, err := read(t, agenda).Bind(bookings(t), loose, "tavolo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if slot := b.Columns[bookings(t).Index("slot_at")]; !slices.Equal(slot.Fields, []int{2, 3}) {
		t.Errorf("slot_at %+v", slot)
	}
	// An exact name is not doubtful because another is like it.
	both := append(slices.Clone(header), "PROV")
	if _, err := read(t, agenda).Bind(bookings(t), both, "tavolo.yaml"); err != nil {
		t.Error(err)
	}
}

func TestMistakesInASource(t *testing.T) {
	for _, test := range []struct{ name, from, to, want, hint string }{
		{"a column that the file lacks", "from: Prov", "from: Provv", `tavolo.yaml:11:18: province_code: the file has no column "Provv"`, `did you mean "Prov"?`},
		{"one of two", "[Data, Ora]", "[Data, Orario]", `tavolo.yaml:9:12: slot_at: the file has no column "Orario"`, `did you mean "Ora"?`},
		{"a scalar that the file lacks", "Prestazione", "Servizio", `tavolo.yaml:12:17: service_code: the file has no column "Servizio"`, ""},
		{"a column that the log lacks", "  mode:", "  mood:", `tavolo.yaml:13:9: mood: the log bookings has no such column`, `did you mean "mode"?`},
		{"required columns left out", "  mode: {value: fisico}\n", "", "tavolo.yaml:1:1: source agenda leaves out what every row of bookings must have: mode", ""},
		{"a value outside the list", "presentato", "presentaot", `tavolo.yaml:10:11: status: "Presentatosi" is made "presentaot", which is not among its values`, `did you mean "presentato"?`},
		{"a constant outside the list", "value: fisico", "value: fisica", `tavolo.yaml:13:9: mode: "fisica" is not among its values`, `did you mean "fisico"?`},
		{"a layout with minutes for months", "[Data, Ora], layout: \"dd/MM", "[Data, Ora], layout: \"dd/mm",
			`tavolo.yaml:9:12: slot_at: layout "dd/mm/yyyy HH:mm": mm says again`, ""},
		{"a layout on a text", "{from: Prov}", "{from: Prov, layout: yyyy-MM-dd}", "tavolo.yaml:11:18: province_code: layout is for dates", ""},
		{"an unknown kind", "kind: codice_fiscale", "kind: fiscale", `tavolo.yaml:14:15: citizen_id: kind "fiscale": it is codice_fiscale or opaque`, ""},
		{"a kind on a text", "{from: Prov}", "{from: Prov, kind: opaque}", "tavolo.yaml:11:18: province_code: kind is for persons", ""},
		{"both", "value: fisico", "value: fisico, from: Prov", "tavolo.yaml:13:9: mode: from and value exclude each other", ""},
		{"nothing", "booking_id: ID Prenotazione", "booking_id:", "tavolo.yaml:1:1: booking_id: it says neither", ""},
		{"neither", "{value: fisico}", "{values: {a: fisico}}", "tavolo.yaml:13:9: mode: it says neither", ""},
		{"a limit that is none", "5%", "few", `tavolo.yaml:1:1: max_quarantined "few": neither a number of rows nor a share of them`, "write a share as in 5%"},
		{"an impossible format", `delimiter: ";"`, `delimiter: "----"`, `tavolo.yaml:1:1: format delimiter "----"`, ""},
	} {
		text := strings.Replace(agenda, test.from, test.to, 1)
		if text == agenda {
			t.Fatalf("%s: nothing replaced", test.name)
		}
		_, err := read(t, text).Bind(bookings(t), header, "tavolo.yaml")
		if err == nil || !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool { return strings.HasPrefix(line, test.want) }) {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, test.want)
			continue
		}
		if hints := diagnostic.Hints(err); test.hint != "" && !slices.Contains(hints, test.hint) {
			t.Errorf("%s: hints %q, want %q", test.name, hints, test.hint)
		}
	}
}

func TestMistakesInTheShape(t *testing.T) {
	for _, test := range []struct{ from, to, want string }{
		{"kind: codice_fiscale", "knd: codice_fiscale", `tavolo.yaml:14:26: unknown key "knd"`},
		{"from: Prov", "from: {a: b}", "tavolo.yaml:11:25: one column of the file or a list of them is wanted here"},
		{"from: Prov", "from: [[a]]", "tavolo.yaml:11:26: a column of the file is wanted here"},
		{"files:", "fiels:", `tavolo.yaml:3:1: unknown key "fiels"`},
	} {
		err := strictyaml.Decode("tavolo.yaml", []byte(strings.Replace(agenda, test.from, test.to, 1)), &Source{})
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

func TestAColumnGivenTwiceInTheFile(t *testing.T) {
	twice := append(slices.Clone(header), "Data")
	_, err := read(t, agenda).Bind(bookings(t), twice, "tavolo.yaml")
	if want := `tavolo.yaml:9:12: slot_at: the file has the column "Data" 2 times`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAFileOfTheWrongLog(t *testing.T) {
	s := read(t, agenda)
	trainings := []string{"Sessione", "Matricola", "Data", "Corso", "Ore"}
	_, err := s.Bind(bookings(t), trainings, "tavolo.yaml")
	var wrong *WrongFileError
	if !errors.As(err, &wrong) || wrong.Found != 1 || wrong.Wanted != 8 {
		t.Fatalf("got %v", err)
	}
	if want := "tavolo.yaml:1:1: only 1 of the 8 columns that the source agenda maps are in the file: it does not look like bookings"; err.Error() != want {
		t.Errorf("got %v", err)
	}
	courses := Source{Name: "courses", Columns: map[string]Column{
		"session_id": {From: Names{"Sessione"}}, "operator_id": {From: Names{"Matricola"}}, "held_on": {From: Names{"Data"}},
	}}
	if got := Likeliest([]Source{*s, courses}, trainings); got == nil || got.Name != "courses" {
		t.Errorf("likeliest source %+v", got)
	}
	if got := Likeliest([]Source{*s, courses}, []string{"x"}); got != nil {
		t.Errorf("likeliest source of an unknown file %+v", got)
	}
}

func TestTolerates(t *testing.T) {
	for _, test := range []struct {
		limit            string
		refused, records int
		want             bool
	}{
		{"", 10, 10, true}, {"5%", 5, 100, true}, {"5 %", 6, 100, false}, {"0%", 1, 100, false}, {"0.5%", 1, 200, true},
		{"10", 10, 20, true}, {"10", 11, 20, false}, {"0", 0, 0, true},
	} {
		if got, err := (&Source{MaxQuarantined: test.limit}).Tolerates(test.refused, test.records); got != test.want || err != nil {
			t.Errorf("%q: %d of %d: %v %v", test.limit, test.refused, test.records, got, err)
		}
	}
	for _, bad := range []string{"many", "-1", "101%", "NaN", "%"} {
		if _, err := (&Source{MaxQuarantined: bad}).Tolerates(0, 0); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}
