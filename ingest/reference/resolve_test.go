package reference_test

import (
	"testing"
	"testing/fstest"
	"time"

	"tavolo/ingest/reference"
	"tavolo/sql"
)

func builtin(t testing.TB) *reference.Tables {
	t.Helper()
	tables, err := reference.Load(sql.Seeds(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

var day = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)

func TestResolve(t *testing.T) {
	tables := builtin(t)
	for _, c := range []struct{ kind, raw, want string }{
		{"province", "058", "058"},
		{"province", "58", "058"},
		{"province", "1", "001"},
		{"province", "RM", "058"},
		{"province", "rm ", "058"},
		{"province", "ROMA", "058"},
		{"province", "258", "058"},
		{"province", "NA", "063"},
		{"province", "na", "063"},
		{"province", "Forlì-Cesena", "040"},
		{"province", "Forli' Cesena", "040"},
		{"province", "FORLI CESENA", "040"},
		{"province", "Bolzano/Bozen", "021"},
		{"province", "Bolzano", "021"},
		{"province", "Reggio Emilia", "035"},
		{"province", "REGGIO NELL'EMILIA", "035"},
		{"province", "Reggio di Calabria", "080"},
		{"province", "Monza e Brianza", "108"},
		{"province", "Massa Carrara", "045"},
		{"province", "L’Aquila", "066"},
		{"province", "L'AQUILA", "066"},
		{"province", "Valle d'Aosta", "007"},
		{"province", "Lazio", ""},
		{"province", "ITX9", ""},
		{"province", "Reggio", ""},
		{"province", "", ""},
		{"province", "999", ""},
		{"region", "Emilia Romagna", "08"},
		{"region", "8", "08"},
		{"region", "Valle d'Aosta", "02"},
		{"region", "Trentino Alto Adige", "04"},
		{"region", "Trentino-Alto Adige/Südtirol", "04"},
		{"region", "Roma", ""},
		{"territory", "07", "07"},
		{"territory", "007", "007"},
		{"territory", "7", ""},
		{"territory", "58", "058"},
		{"territory", "Valle d'Aosta", "02"},
		{"territory", "Lazio", "12"},
		{"territory", "Napoli", "063"},
		{"territory", "Italia", "IT"},
		{"patronato", "50&PIÙ", "ENASCO"},
		{"patronato", "50 & Più Enasco", "ENASCO"},
		{"patronato", "E.N.A.S.C.", "ENASC"},
		{"patronato", "enasc", "ENASC"},
		{"patronato", "Patronato INCA", "INCA"},
		{"patronato", "INCA-CGIL", "INCA"},
		{"patronato", "EPASA ITACO", "EPASA-ITACO"},
		{"patronato", "Nessuno", ""},
		{"service", "naspi", "naspi"},
		{"service", "NASpI", "naspi"},
		{"service", "Pensione di vecchiaia", "pensione_vecchiaia"},
		{"service", "0001-0001-0001", "pensione_anticipata"},
		{"service", "0004-0031-0001", "assegno_sociale"},
		{"service", "9999-0001-0001", ""},
		{"office", "7000", "7000"},
		{"office", "700", ""},
		{"office", "70A0", ""},
		{"measure", "assegno_unico", "assegno_unico"},
		{"measure", "Assegno unico e universale", "assegno_unico"},
		{"planet", "Roma", ""},
	} {
		got, ok := tables.Resolve(c.kind, c.raw, day)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Resolve(%s, %q) = %q, %t; want %q", c.kind, c.raw, got, ok, c.want)
		}
	}
}

func TestEveryOwnNameResolvesToItself(t *testing.T) {
	tables := builtin(t)
	for _, territory := range tables.Territories() {
		if territory.Level == reference.LevelItaly {
			continue
		}
		for _, name := range []string{territory.Code, territory.Name, territory.Sigla} {
			if name == "" {
				continue
			}
			if got, _ := tables.Resolve(territory.Level, name, day); got != territory.Code {
				t.Errorf("Resolve(%s, %q) = %q, want %q", territory.Level, name, got, territory.Code)
			}
		}
	}
	for _, service := range tables.Services() {
		for _, name := range []string{service.Code, service.NameIT, service.NameEN} {
			if got, _ := tables.Resolve(reference.KindService, name, day); got != service.Code {
				t.Errorf("Resolve(service, %q) = %q, want %q", name, got, service.Code)
			}
		}
	}
}

func TestResolveIsValidAtTheDate(t *testing.T) {
	tables, err := reference.Load(sql.Seeds(), fstest.MapFS{"territory_aliases.csv": {Data: []byte(
		"alias,territory_code,valid_from,valid_to\nGallura,090,2006-01-01,2016-12-31\nGallura,091,2017-01-01,\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]string{"2005-12-31": "", "2006-01-01": "090", "2016-12-31": "090", "2017-01-01": "091"} {
		date, err := time.Parse("2006-01-02", on)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := tables.Resolve(reference.KindProvince, "Gallura", date); got != want {
			t.Errorf("on %s Gallura is %q, want %q", on, got, want)
		}
	}
	if got, _ := tables.Resolve(reference.KindProvince, "Gallura", time.Time{}); got != "090" {
		t.Errorf("on any day Gallura is %q, want its first meaning", got)
	}
}

func TestResolveOfficeOfATable(t *testing.T) {
	tables, err := reference.Load(sql.Seeds(), fstest.MapFS{"offices.csv": {Data: []byte(
		"code;name;kind;province_code\n0700;Sede di prova;provinciale;058\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{"0700": "0700", "700": "0700", "Sede di Prova": "0700", "7000": ""} {
		if got, _ := tables.Resolve(reference.KindOffice, raw, day); got != want {
			t.Errorf("Resolve(office, %q) = %q, want %q", raw, got, want)
		}
	}
}

func TestResolveAllocatesNothing(t *testing.T) {
	tables := builtin(t)
	allocs := testing.AllocsPerRun(100, func() {
		for _, raw := range []string{"RM", "Forlì-Cesena", "Città metropolitana di Roma Capitale", "ITX9"} {
			tables.Resolve(reference.KindProvince, raw, day)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations, want none", allocs)
	}
}

func TestSuggest(t *testing.T) {
	if got := builtin(t).Suggest(reference.KindProvince, "Bolonia"); got != `did you mean "Bologna"?` {
		t.Errorf("Suggest = %q", got)
	}
}

func BenchmarkResolve(b *testing.B) {
	tables := builtin(b)
	for b.Loop() {
		tables.Resolve(reference.KindProvince, "Forlì-Cesena", day)
	}
}
