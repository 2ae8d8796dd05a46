package mapping

import (
	"strings"
	"testing"

	"tavolo/ingest/strictyaml"
)

const agendaQuery = `name: agenda
log: bookings
postgres:
  url_env: AGENDA_URL
  query: |
    select è, "ID",
        altro
      from agenda where changed >= $1
  high_water: changed
  from: 2023-01-01
  timeout: 15m
columns: {booking_id: id, requested_at: at, slot_at: slot, status: stato, province_code: prov, service_code: s, mode: m}
`

func TestPostgres(t *testing.T) {
	s := read(t, agendaQuery)
	if err := s.Validate(bookings(t), "tavolo.yaml"); err != nil {
		t.Fatal(err)
	}
	p := s.Postgres
	if p.URLEnv != "AGENDA_URL" || p.HighWater != "changed" || p.From != "2023-01-01" || p.Limit().Minutes() != 15 {
		t.Errorf("%+v", p)
	}
}

// TestQueryAt finds characters of a query in its file, in each way to write one.
func TestQueryAt(t *testing.T) {
	for _, test := range []struct {
		config, at string
		want       strictyaml.Position
	}{
		{agendaQuery, "select", strictyaml.Position{Line: 6, Col: 5}},
		{agendaQuery, `"ID"`, strictyaml.Position{Line: 6, Col: 15}},
		{agendaQuery, "altro", strictyaml.Position{Line: 7, Col: 9}},
		{agendaQuery, "$1", strictyaml.Position{Line: 8, Col: 36}},
		{"postgres: {query: select uno from due}", "due", strictyaml.Position{Line: 1, Col: 35}},
		{"postgres:\n  query: 'select uno from due'", "due", strictyaml.Position{Line: 2, Col: 27}},
		{"postgres:\n  query: |-\n   select uno from due", "due", strictyaml.Position{Line: 3, Col: 20}},
		{"postgres:\n  query: >\n   select uno\n   from due", "due", strictyaml.Position{Line: 2, Col: 10}}, // folded: that of the whole
	} {
		query := read(t, test.config).Postgres.Query
		char := len([]rune(query.Text[:strings.Index(query.Text, test.at)])) + 1
		if got := query.At([]byte(test.config), char); got != test.want {
			t.Errorf("%s of\n%s\nis at %v, want %v", test.at, test.config, got, test.want)
		}
	}
	query := read(t, agendaQuery).Postgres.Query
	for _, char := range []int{0, -1, 1000} {
		if got := query.At([]byte(agendaQuery), char); got != query.Position {
			t.Errorf("character %d is at %v", char, got)
		}
	}
	if got := query.At(nil, 1); got != query.Position {
		t.Errorf("without the file: %v", got)
	}
}

func TestPostgresIsChecked(t *testing.T) {
	for _, test := range []struct{ from, to, want string }{
		{"log: bookings", "log: bookings\nfiles: x.csv", "files and postgres exclude each other"},
		{"log: bookings", "log: bookings\nformat: {decimal: ','}", "format is of files"},
		{"AGENDA_URL", "postgres://u:segreto@h/d", "url_env is the name of a variable of the environment"},
		{"high_water: changed", "", "from is where high_water begins"},
		{"15m", "-1s", `timeout "-1s" is none`},
		{"15m", "soon", `timeout "soon" is none`},
		{"query: |", "query: ''\n  other: |", `unknown key "other" in postgres`},
		{"query: |", "query: {a: b}\n  high_water: |", "high_water"},
	} {
		config := strings.Replace(agendaQuery, test.from, test.to, 1)
		s := &Source{}
		err := strictyaml.Decode("tavolo.yaml", []byte(config), s)
		if err == nil {
			err = s.Validate(bookings(t), "tavolo.yaml")
		}
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "tavolo.yaml:") {
			t.Errorf("%s: %v, want %s", test.to, err, test.want)
		} else if strings.Contains(err.Error(), "segreto") {
			t.Errorf("%v tells a secret", err)
		}
	}
	for _, config := range []string{"postgres: {query: ' '}", "postgres: {url_env: A}"} {
		err := read(t, config).Validate(bookings(t), "tavolo.yaml")
		if err == nil || !strings.Contains(err.Error(), "postgres without a query") {
			t.Errorf("%s: %v", config, err)
		}
	}
	if err := strictyaml.Decode("tavolo.yaml", []byte("postgres: {query: [a]}"), &Source{}); err == nil || !strings.Contains(err.Error(), "tavolo.yaml:1:19: a query in SQL is wanted here") {
		t.Error(err)
	}
}
