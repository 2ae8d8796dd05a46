package contract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

// tables knows a few codes, one of them only until 2020.
type tables struct{}

func (tables) Resolve(kind, raw string, on time.Time) (string, bool) {
	if kind == "province" && raw == "CI" {
		return "107", on.Year() < 2020
	}
	code, ok := map[string]string{
		"province RM": "058", "province NA": "063", "territory 12": "12", "office 7000": "7000",
		"patronato INCA": "inca", "service pensioni": "pensioni", "measure M1": "M1",
	}[kind+" "+raw]
	return code, ok
}

func rome(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// checkerOf binds the named columns of a log to the fields of a record in order.
// A name may carry a layout after a "@".
func checkerOf(t testing.TB, log string, names ...string) *Checker {
	c, err := Load(log)
	if err != nil {
		t.Fatal(err)
	}
	b := &Binding{Columns: make([]BoundColumn, len(c.Columns)), Fields: len(names), Decimal: ','}
	for field, name := range names {
		name, layout, _ := strings.Cut(name, "@")
		if i := c.Index(name); i >= 0 { // others stay unmapped
			b.Columns[i].Fields, b.Columns[i].Layout = []int{field}, layout
		}
	}
	k, err := NewChecker(c, b, tables{}, pseudonym.Derive(make([]byte, 32), "citizen"), rome(t))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func record(fields ...string) *source.Record {
	r := &source.Record{Line: 2, LastLine: 2, Delimiter: ';', Raw: []byte(strings.Join(fields, ";"))}
	for _, field := range fields {
		r.Fields = append(r.Fields, []byte(field))
	}
	return r
}

// codesOf gives violations as "column rule", with "?" after a warning.
func codesOf(violations []Violation) string {
	var codes []string
	for _, v := range violations {
		code := strings.TrimSpace(v.Column + " " + v.Rule)
		if v.Severity == Warn {
			code += "?"
		}
		codes = append(codes, code)
	}
	return strings.Join(codes, ", ")
}

var bookingColumns = []string{"booking_id", "requested_at@dd/MM/yyyy HH:mm", "slot_at@dd/MM/yyyy HH:mm", "mode",
	"province_code", "service_code", "citizen_id", "status", "checked_in_at", "called_at", "Note"}

func booking(change map[int]string) *source.Record {
	fields := []string{"B1", "01/03/2024 09:00", "05/03/2024 10:30", "fisico", "RM", "pensioni",
		"RSSMRA80A01H501U", "prenotato", "", "", "chiama Mario Rossi"}
	for i, value := range change {
		fields[i] = value
	}
	return record(fields...)
}

func TestBookings(t *testing.T) {
	for _, test := range []struct {
		name   string
		change map[int]string
		want   string
	}{
		{"good", nil, ""},
		{"empty key", map[int]string{0: "  "}, "booking_id required"},
		{"no such date", map[int]string{2: "31/02/2024 09:00"}, "slot_at not_a_timestamp"},
		{"another form", map[int]string{2: "2024-03-05 10:30"}, "slot_at not_a_timestamp"},
		{"another century", map[int]string{1: "01/03/1024 09:00"}, "requested_at out_of_range"},
		{"spring gap", map[int]string{1: "31/03/2024 02:30", 2: "05/04/2024 10:30"}, "requested_at gap_in_local_time"},
		{"autumn hour", map[int]string{1: "27/10/2024 02:30", 2: "05/11/2024 10:30"}, "requested_at ambiguous_local_time?"},
		{"slot before request", map[int]string{2: "28/02/2024 10:30"}, "slot_at not_before"},
		{"alias and case", map[int]string{3: " In  Presenza ", 7: "NON-PRESENTATO"}, ""},
		{"not in the list", map[int]string{7: "presentto"}, "status not_in_list"},
		{"Napoli", map[int]string{4: "NA"}, ""},
		{"no such province", map[int]string{4: "XX"}, "province_code unknown_reference"},
		{"province of another time", map[int]string{4: "CI"}, "province_code unknown_reference"},
		{"province of its time", map[int]string{4: "CI", 1: "01/03/2012 09:00"}, ""},
		{"bad check character", map[int]string{6: "RSSMRA80A01H501X"}, "citizen_id invalid_fiscal_code"},
		{"person in the wrong column", map[int]string{0: "RSSMRA80A01H501U"}, "booking_id holds_fiscal_code"},
		{"called before checked in", map[int]string{8: "2024-03-05T10:20", 9: "2024-03-05T10:10:59"}, "called_at not_before"},
		{"long", map[int]string{0: strings.Repeat("è", 101)}, "booking_id too_long"},
		{"all at once", map[int]string{0: "", 1: "x", 4: "XX", 7: "boh"},
			"requested_at not_a_timestamp, booking_id required, province_code unknown_reference, status not_in_list"},
		{"a bad column is not judged again by a rule", map[int]string{1: "05/04/2024", 2: "05/03/2024 10:30"}, "requested_at not_a_timestamp"},
	} {
		k := checkerOf(t, "bookings", bookingColumns...)
		row, violations := k.Check(booking(test.change))
		if got := codesOf(violations); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		if accepted := test.want == "" || strings.HasSuffix(test.want, "?"); (row != nil) != accepted {
			t.Errorf("%s: row %v", test.name, row)
		}
	}
}

func TestRulesOfTheOtherLogs(t *testing.T) {
	interactions := []string{"interaction_id", "opened_at", "closed_at", "channel", "province_code", "service_code", "outcome",
		"queue_seconds", "satisfaction", "assisted_digital"}
	applications := []string{"application_id", "submitted_at", "first_decided_at", "service_code", "province_code", "status", "review"}
	trainings := []string{"session_id", "operator_id", "held_on@d/M/yyyy", "course_code", "hours", "mode", "organiser",
		"province_code", "patronato_code", "attended"}
	contributions := []string{"contribution_id", "submitted_on", "patronato_code", "level", "territory_code", "kind", "status", "decided_on"}
	for _, test := range []struct {
		log     string
		columns []string
		row     string
		want    string
	}{
		{"interactions", interactions, "1|2024-03-01 09:00|2024-03-01 10:00|Call center|RM|pensioni|risolto|10|5|sì", ""},
		{"interactions", interactions, "1|2024-03-01 09:00||pec|RM|pensioni|risolto|||", "closed_at requires"},
		{"interactions", interactions, "1|2024-03-01 09:00|2024-03-01 10:00|pec|RM|pensioni|in corso|||", "closed_at forbids"},
		{"interactions", interactions, "1|2024-03-01 09:00|2024-03-01 08:00|pec|RM|pensioni|risolto|||", "closed_at not_before"},
		{"interactions", interactions, "1|2024-03-01 09:00||pec|RM|pensioni|annullato|-1|6|forse",
			"assisted_digital not_a_boolean, queue_seconds out_of_range, satisfaction out_of_range"},
		{"interactions", interactions, "1|2024-03-01||pec|RM|pensioni|annullato|1,5|4.0|", "opened_at not_a_timestamp, queue_seconds not_an_integer, satisfaction not_an_integer"},
		{"applications", applications, "1|2024-03-01T09:00:00+01:00|2024-04-01 10:00|pensioni|RM|accolta|", ""},
		{"applications", applications, "1|2024-03-01T09:00:00Z||pensioni|RM|respinta|", "first_decided_at requires"},
		{"applications", applications, "1|2024-03-01T09:00:00Z|2024-04-01 10:00|pensioni|RM|in istruttoria|", "first_decided_at forbids"},
		{"applications", applications, "1|2024-03-01T09:00:00Z|2024-04-01 10:00|pensioni|RM|in istruttoria|riesame", ""},
		{"trainings", trainings, "S1|op-7|1/3/2024|C1|7,50|e-learning|territoriale|RM|INCA|no", ""},
		{"trainings", trainings, "S1|op-7|1/3/2024|C1|7.5|aula|centrale|RM|INCA|x", "hours not_a_decimal"},
		{"trainings", trainings, "S1|op-7|1/3/2024|C1|-1|aula|centrale|RM|INCA|x", "hours out_of_range"},
		{"trainings", trainings, "S1||1/3/2024|C1|1,125|aula|centrale|RM|INCA|x", "operator_id required, hours not_a_decimal"},
		{"contributions", contributions, "1|2024-03-01|INCA|nazionale||normativa|accolto|2024-04-01", ""},
		{"contributions", contributions, "1|2024-03-01|INCA|regionale||normativa|accolto|2024-02-01", "territory_code requires, decided_on not_before"},
	} {
		k := checkerOf(t, test.log, test.columns...)
		_, violations := k.Check(record(strings.Split(test.row, "|")...))
		if got := sortedCodes(violations); got != sortedText(test.want) {
			t.Errorf("%s %s:\n got %q\nwant %q", test.log, test.row, got, test.want)
		}
	}
}

func sortedCodes(violations []Violation) string { return sortedText(codesOf(violations)) }

func sortedText(list string) string {
	parts := map[string]int{}
	for _, part := range strings.Split(list, ", ") {
		parts[part]++
	}
	return fmt.Sprint(parts) // maps print in order of their keys
}

func TestValues(t *testing.T) {
	k := checkerOf(t, "trainings", "session_id", "operator_id", "held_on", "course_code", "hours", "mode", "organiser",
		"province_code", "patronato_code", "attended", "title", "test_score", "measure_code")
	row, violations := k.Check(record(" S1 ", "op-7", "2024-03-31", "C1", "+7,5", "E-Learning", "centrale", "NA", "INCA", "Sì",
		"Corso di RSSMRA80A01H501U", "100", ""))
	if row == nil {
		t.Fatal(violations)
	}
	want := map[string]string{
		"session_id": "S1", "held_on": "19813", "hours": "750", "mode": "e_learning", "organiser": "centrale", "province_code": "063",
		"patronato_code": "inca", "attended": "1", "title": "Corso di ***", "test_score": "100", "measure_code": "null",
		"passed": "null", "updated_at": "null",
	}
	for i, column := range k.contract.Columns {
		got := fmt.Sprint(row[i].Int)
		switch {
		case row[i].Null:
			got = "null"
		case row[i].Text != nil:
			got = string(row[i].Text)
		}
		if w, ok := want[column.Name]; ok && got != w {
			t.Errorf("%s: got %s, want %s", column.Name, got, w)
		}
		if column.Name == "operator_id" && (!strings.HasPrefix(got, "v1:") || strings.Contains(got, "op-7")) {
			t.Errorf("operator_id: %s is no pseudonym", got)
		}
	}
	if got := time.Unix(k.Month()*secondsPerDay, 0).UTC().Format(time.DateOnly); got != "2024-03-01" {
		t.Errorf("month %s", got)
	}
}
