package reference_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/reference"
	"tavolo/sql"
)

func TestTerritoriesAreConsistent(t *testing.T) {
	tables := builtin(t)
	count, population := map[string]int{}, map[string]int64{}
	below := map[string]int64{} // population of the children, by parent
	dates := map[string]bool{}
	for _, territory := range tables.Territories() {
		count[territory.Level]++
		population[territory.Level] += territory.Population
		below[territory.Parent] += territory.Population
		dates[territory.PopulationDate.Format("2006-01-02")] = true
		if (territory.Level == reference.LevelProvince) != (len(territory.Sigla) == 2) {
			t.Errorf("%s %s has the sigla %q", territory.Level, territory.Name, territory.Sigla)
		}
		if territory.NUTS == "" || (territory.Macro == "") != (territory.Code == reference.Italy) {
			t.Errorf("%s: NUTS %q, macro area %q", territory.Name, territory.NUTS, territory.Macro)
		}
	}
	if count["italy"] != 1 || count["region"] != 20 || count["province"] != 107 {
		t.Errorf("territories by level: %v", count)
	}
	for level, sum := range population {
		if sum != 59433744 {
			t.Errorf("the population of level %s is %d, want that of the census, 59433744", level, sum)
		}
	}
	if len(dates) != 1 || !dates["2011-10-09"] {
		t.Errorf("dates of the populations: %v; rates of two levels must not mix dates", dates)
	}
	for _, territory := range tables.Territories() {
		if territory.Level != reference.LevelProvince && below[territory.Code] != territory.Population {
			t.Errorf("%s: %d residents, and its parts have %d", territory.Name, territory.Population, below[territory.Code])
		}
	}
	if napoli, ok := tables.Territory("063"); !ok || napoli.Sigla != "NA" || napoli.Parent != "15" {
		t.Errorf("Territory(063) = %+v, %t", napoli, ok)
	}
	if _, ok := tables.Territory("63"); ok {
		t.Error("Territory(63) must not guess")
	}
}

func TestServicesAreConsistent(t *testing.T) {
	tables := builtin(t)
	groups := map[string]bool{}
	for _, service := range tables.Services() {
		groups[service.Group] = true
	}
	if len(groups) != 6 || len(tables.Services()) < 25 {
		t.Errorf("%d services in %d groups", len(tables.Services()), len(groups))
	}
	if len(tables.Patronati()) < 20 {
		t.Errorf("%d patronati", len(tables.Patronati()))
	}
	if len(tables.Offices())+len(tables.Points())+len(tables.Operators()) != 0 {
		t.Error("the built-in tables of offices, points and operators must be empty: no public list exists")
	}
	for _, measure := range tables.Measures() {
		if measure.AnnouncedOn.After(measure.EffectiveFrom) {
			t.Errorf("%s is announced after it takes effect", measure.Code)
		}
	}
}

func TestRelations(t *testing.T) {
	rows := map[string][][]string{}
	for _, relation := range builtin(t).Relations() {
		for i, row := range relation.Rows {
			if len(row) != len(relation.Columns) {
				t.Fatalf("%s row %d: %d values for %d columns", relation.Name, i, len(row), len(relation.Columns))
			}
		}
		rows[relation.Name] = relation.Rows
	}
	if got := len(rows["territory_ancestors"]); got != 1+20*2+107*3 {
		t.Errorf("%d ancestors", got)
	}
	wanted := map[string]bool{"058 058 province": true, "058 12 region": true, "058 IT italy": true}
	for _, row := range rows["territory_ancestors"] {
		delete(wanted, strings.Join(row, " "))
	}
	if len(wanted) > 0 {
		t.Errorf("ancestors not found: %v", wanted)
	}
	for _, name := range []string{"territories", "patronati", "services", "service_codes", "measures", "calendar"} {
		if len(rows[name]) == 0 {
			t.Errorf("relation %s is empty", name)
		}
	}
}

const header = "code,name,sigla,level,parent,nuts,macro,population,population_date,valid_from,valid_to\n"

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want, hint string }{
		"unknown column":  {"patronati.csv", "code,nome,valid_from,valid_to\n", `reference/patronati.csv:1:6: unknown column "nome"`, `did you mean "name"?`},
		"missing column":  {"patronati.csv", "code,name,valid_from\n", `reference/patronati.csv:1: column "valid_to" is missing`, ""},
		"column twice":    {"patronati.csv", "code,name,name,valid_from,valid_to\n", `reference/patronati.csv:1:11: column "name" is given twice`, ""},
		"empty file":      {"patronati.csv", "", "reference/patronati.csv: empty file", "a table without rows still has its header"},
		"empty code":      {"patronati.csv", "code,name,valid_from,valid_to\n,X,,\n", "reference/patronati.csv:2:1: code is empty", ""},
		"ragged":          {"patronati.csv", "code,name,valid_from,valid_to\nX,Y\n", "reference/patronati.csv:2: 2 fields, and the header has 4", ""},
		"open quote":      {"patronati.csv", "code,name,valid_from,valid_to\nX,\"Y,,\n", "reference/patronati.csv:2:", ""},
		"bad date":        {"patronati.csv", "code,name,valid_from,valid_to\nX,Y,31/12/2024,\n", `reference/patronati.csv:2:5: valid_from "31/12/2024" is not a date of the form yyyy-MM-dd`, ""},
		"code twice":      {"patronati.csv", "code,name,valid_from,valid_to\nX,Y,,\nX,Z,,\n", `reference/patronati.csv:3:1: code "X" is already given in line 2`, ""},
		"overlap":         {"patronati.csv", "code,name,valid_from,valid_to\nX,Y,,2024-06-30\nX,Z,2024-06-30,\n", `reference/patronati.csv:3:1: code "X" is already given in line 2`, ""},
		"unknown parent":  {"territories.csv", header + "IT,Italia,,italy,,,,,,,\n01,P,,region,XX,,,,,,\n", `reference/territories.csv:3:14: parent "XX": no such entry of territories`, ""},
		"wrong level":     {"territories.csv", header + "IT,Italia,,italy,,,,,,,\n001,T,TO,province,IT,,,,,,\n", `parent "IT" of a province is not of level region`, ""},
		"no Italy":        {"territories.csv", header, `reference/territories.csv: no territory "IT" of level italy`, "the country as a whole is a row too"},
		"negative people": {"territories.csv", header + "IT,Italia,,italy,,,,-1,2011-10-09,,\n", `population "-1" is not a whole number of 0 or more`, ""},
		"undated people":  {"territories.csv", header + "IT,Italia,,italy,,,,12,,,\n", "population and population_date go together", ""},
		"alias of two":    {"patronato_aliases.csv", "alias,patronato_code\nX.Y.,INCA\nxy,INAS\n", `reference/patronato_aliases.csv:3:1: alias "xy" already stands for "INCA"`, ""},
		"alias of none":   {"patronato_aliases.csv", "alias,patronato_code\nX,NONE\n", `reference/patronato_aliases.csv:2:3: patronato_code "NONE": no such entry of patronati`, ""},
		"not a province":  {"offices.csv", "code,name,kind,province_code\n0700,S,x,12\n", `province_code "12": no such province`, ""},
		"unknown table":   {"territori.csv", "", "reference/territori.csv: no such reference table", `did you mean "territories"?`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := reference.Load(sql.Seeds(), fstest.MapFS{c.file: {Data: []byte(c.text)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			var placed *diagnostic.Error
			if !errors.As(err, &placed) || placed.File != "reference/"+c.file {
				t.Errorf("the error does not name the file: %v", err)
			}
			if hints := strings.Join(diagnostic.Hints(err), "\n"); !strings.Contains(hints, c.hint) {
				t.Errorf("hints %q, want %q", hints, c.hint)
			}
		})
	}
}

func TestACodeMayHaveTwoLives(t *testing.T) {
	tables, err := reference.Load(sql.Seeds(), fstest.MapFS{"patronati.csv": {Data: []byte(
		"code,name,valid_from,valid_to\nX,Old,,2023-12-31\nX,New,2024-01-01,\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := tables.Patronati(); len(got) != 2 || got[0].Name != "Old" || got[1].Name != "New" {
		t.Errorf("patronati %+v", got)
	}
}

func TestAnyTwoLevelTerritoryWorks(t *testing.T) {
	tables, err := reference.Load(sql.Seeds(), fstest.MapFS{
		"territories.csv": {Data: []byte(header + "IT,Somewhere,,italy,,,,10,2020-01-01,,\nN,North,,region,IT,,,10,2020-01-01,,\nN1,North One,,province,N,,,10,2020-01-01,,\n")},
		"README.txt":      {Data: []byte("not a table")},
	})
	if err != nil {
		t.Fatalf("the built-in aliases of other territories must give way: %v", err)
	}
	if got, _ := tables.Resolve(reference.KindProvince, "north one", day); got != "N1" {
		t.Errorf("North One is %q", got)
	}
	if got, ok := tables.Resolve(reference.KindProvince, "Forlì", day); ok {
		t.Errorf("Forlì is %q, and there is no such territory here", got)
	}
}
