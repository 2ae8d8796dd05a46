// Package reference loads the tables that give the rows of the logs their
// meaning: territories, patronati, offices, services, measures, operators and
// the calendar. It resolves what a source calls them to one code.
//
// A table is one CSV file: UTF-8, a header, comma or semicolon, one row an
// entry. The built-in tables are those of the folder sql/seeds, where each
// states its source. A project overrides a table by a file of the same name in
// its own reference folder; it replaces the built-in one whole. When a project
// replaces a table that other built-in tables point into (its own territories,
// say), the built-in rows that then point nowhere are left out; a row of the
// project's own that points nowhere is an error.
//
// Loading is strict. An unknown file or column, a missing column, an empty
// required value, a bad number or date, a code given twice for overlapping
// days, a parent that does not exist and an alias of two codes are errors that
// name file, line and column.
package reference

import (
	"io/fs"
	"time"
)

// Levels of a territory, from the whole to the part.
const (
	LevelItaly    = "italy"
	LevelRegion   = "region"
	LevelProvince = "province"
)

// Italy is the code of the territory at the top of the hierarchy.
const Italy = "IT"

// Territory is the whole country, a region or a province.
type Territory struct {
	Code           string    // IT; ISTAT's two digits for a region, three for a province, as text
	Name           string    // as ISTAT writes it
	Sigla          string    // of a province: RM, NA; otherwise empty
	Level          string    // LevelItaly, LevelRegion or LevelProvince
	Parent         string    // code of the region of a province, IT for a region
	NUTS           string    // NUTS 2 of a region (several joined by +), prevailing NUTS 3 of a province
	Macro          string    // ripartizione: Nord-ovest, Nord-est, Centro, Sud, Isole; empty for Italy
	Population     int64     // residents on PopulationDate; 0 when unknown
	PopulationDate time.Time // zero when Population is unknown
	ValidFrom      time.Time // first day on which the code is in use; zero: always was
	ValidTo        time.Time // last day; zero: still is
}

// Patronato is an institute that assists citizens with INPS.
type Patronato struct {
	Code, Name         string
	ValidFrom, ValidTo time.Time // as of Territory
}

// Office is a branch of INPS.
type Office struct {
	Code         string // the four digits of the INPS sede
	Name, Kind   string
	ProvinceCode string // where it stands
}

// Service is a family of benefits.
type Service struct {
	Code             string // an Italian word: naspi, assegno_unico
	NameIT, NameEN   string
	Group            string // code of the group
	GroupIT, GroupEN string
}

// Measure is a norm that brings something new to citizens and patronati.
type Measure struct {
	Code          string
	Title         string
	Norm          string
	AnnouncedOn   time.Time // publication in the Gazzetta Ufficiale
	EffectiveFrom time.Time // first day on which citizens may claim
}

// Points is the weight of an accepted application in the financing of the
// patronati. The built-in table has no rows.
type Points struct {
	ServiceCode string
	Points      float64
	ValidFrom   time.Time
}

// Operators is how many people worked for a patronato in a province in a month.
// The built-in table has no rows.
type Operators struct {
	Month           time.Time // its first day
	ProvinceCode    string
	PatronatoCode   string
	ActiveOperators int64
}

// Tables are all reference tables together. They do not change after Load and
// may be used by many goroutines.
type Tables struct {
	sheets      map[string]*sheet
	index       map[string]resolver // by kind
	territories []Territory
	byCode      map[string]int // into territories
	patronati   []Patronato
	offices     []Office
	services    []Service
	measures    []Measure
	points      []Points
	operators   []Operators
}

// Load reads the built-in tables from seeds (sql.Seeds) and the project's from
// overrides, which may be nil. The error joins every *diagnostic.Error found.
func Load(seeds, overrides fs.FS) (*Tables, error) {
	sheets, err := readSheets(seeds, overrides)
	if err != nil {
		return nil, err
	}
	t := &Tables{sheets: sheets}
	if err := t.link(); err != nil {
		return nil, err
	}
	t.fill()
	if err := t.buildIndex(); err != nil {
		return nil, err
	}
	return t, nil
}

// Territories gives Italy, then the regions, then the provinces, each by code.
func (t *Tables) Territories() []Territory { return t.territories }

// Territory gives the territory with exactly this code.
func (t *Tables) Territory(code string) (Territory, bool) {
	i, ok := t.byCode[code]
	if !ok {
		return Territory{}, false
	}
	return t.territories[i], true
}

// Patronati gives the patronati by code.
func (t *Tables) Patronati() []Patronato { return t.patronati }

// Offices gives the offices by code; none when the project has not supplied them.
func (t *Tables) Offices() []Office { return t.offices }

// Services gives the families of benefits by code.
func (t *Tables) Services() []Service { return t.services }

// Measures gives the measures by code.
func (t *Tables) Measures() []Measure { return t.measures }

// Points gives the weights by service and date; none when the project has not supplied them.
func (t *Tables) Points() []Points { return t.points }

// Operators gives the operators by month, province and patronato; none when
// the project has not supplied them.
func (t *Tables) Operators() []Operators { return t.operators }
