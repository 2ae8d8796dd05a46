package mapping

import (
	"strings"
	"testing"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/source"
)

const nested = `name: agenda
log: bookings
files: drops/agenda/*.json
columns:
  booking_id: id
  requested_at: richiesta
  slot_at: slot
  status: stato
  province_code: sede.prov
  service_code: prestazione
  mode: {value: fisico}
  citizen_id: persona.contatti[0].cf
  patronato_code: sede.patronato
`

// TestBindToJSON allows a path that the beginning of the file does not have, unless
// every row must have it or it looks like a slip of the pen.
func TestBindToJSON(t *testing.T) {
	const object = `{"id":1,"richiesta":"x","slot":"x","stato":"x","prestazione":"x","sede":{"prov":"RM"%s},"persona":{"nome":"x"}}`
	for _, test := range []struct{ more, old, new, want string }{
		{"", "", "", ""},
		{"", "sede.prov\n", "sede.citta\n", `province_code: the file has no column "sede.citta"`},
		{`,"patronado":"x"`, "", "", `patronato_code: the file has no column "sede.patronato"`},
		{"", "contatti[0]", "contatti[zero]", `"persona.contatti[zero].cf" is no path into JSON`},
	} {
		r, err := source.New("t.json", strings.NewReader(strings.Replace(object, "%s", test.more, 1)), source.Format{}, source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		s := read(t, strings.Replace(nested, test.old, test.new, 1))
		binding, err := s.BindReader(bookings(t), r, "tavolo.yaml")
		if test.want != "" {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.new, err)
			continue
		}
		if binding.Fields != 8 || len(r.Header()) != 8 {
			t.Errorf("%d fields of %q: only what is mapped is read", binding.Fields, r.Header())
		}
	}
}

// TestMomentsAreWrittenAsTheyAreRead writes dates and times that a file has as such
// in the layout of their column, and in ISO 8601 where that would lose something.
func TestMomentsAreWrittenAsTheyAreRead(t *testing.T) {
	at := func(hour, minute, second int) time.Time {
		return time.Date(2024, 3, 5, hour, minute, second, 0, time.UTC)
	}
	day := source.Moment{Time: at(0, 0, 0), Day: true}
	both := source.Moment{Time: at(9, 7, 0), Day: true, Clock: true}
	for _, test := range []struct {
		column contract.Type
		layout string
		n, of  int
		moment source.Moment
		want   string
	}{
		{contract.Date, "", 0, 1, day, "2024-03-05"},
		{contract.Date, "dd/MM/yyyy", 0, 1, day, "05/03/2024"},
		{contract.Date, "dd/MM/yyyy", 0, 1, both, "2024-03-05T09:07:00"},
		{contract.Date, "", 0, 1, source.Moment{Time: at(0, 0, 0), Day: true, Clock: true}, "2024-03-05"},
		{contract.Timestamp, "", 0, 1, day, "2024-03-05T00:00:00"},
		{contract.Timestamp, "d/M/yyyy H:mm", 0, 1, both, "5/3/2024 9:07"},
		{contract.Timestamp, "d/M/yyyy H:mm", 0, 1, source.Moment{Time: at(9, 7, 30), Day: true, Clock: true}, "2024-03-05T09:07:30"},
		{contract.Timestamp, "d/M/yyyy H:mm", 0, 1, source.Moment{Time: at(9, 7, 0), Day: true, Clock: true, Zone: true}, "2024-03-05T09:07:00Z"},
		{contract.Timestamp, "dd/MM/yyyy HH:mm", 0, 2, day, "05/03/2024"},
		{contract.Timestamp, "dd/MM/yyyy HH:mm", 1, 2, source.Moment{Time: at(9, 7, 0), Clock: true}, "09:07"},
		{contract.Timestamp, "", 0, 2, day, "2024-03-05"},
		{contract.Timestamp, "", 1, 2, source.Moment{Time: at(9, 7, 0), Clock: true}, "09:07:00"},
	} {
		if got := string(momentWriter(test.column, test.layout, test.n, test.of)(nil, test.moment)); got != test.want {
			t.Errorf("%s %q: %s, want %s", test.column, test.layout, got, test.want)
		}
	}
	if momentWriter(contract.Date, "ddMMyy", 0, 1) != nil {
		t.Error("digits that are a date and a serial number are taken for the number")
	}
}
