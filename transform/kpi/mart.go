package kpi

import (
	"errors"
	"fmt"
	"strings"

	"tavolo/ingest/strictyaml"
)

// Mart describes a relation of sql/marts: what one row of it is and what its
// columns hold. It is read from the .yml beside the .sql:
//
//	grain: one row per month, province and service
//	key: [month, territory_code, service_code]   # no two rows agree in all of these; null counts as a value
//	columns:                                     # all of them, in the order of the mart
//	  - {name: month, description: first of the month of …}
//	  - {name: wait_days, description: …, nullable: true}
//	months: {log: bookings, on: slot_at}         # optional, see MartMonths
type Mart struct {
	Name    string       // of the relation: the file's name without .yml
	Grain   string       `yaml:"grain"`
	Key     []string     `yaml:"key"`
	Columns []MartColumn `yaml:"columns"`
	Months  *MartMonths  `yaml:"months"` // nil: a run computes the mart whole
}

// MartMonths says which months of a mart a row of a log counts in, so that a run
// computes those that new rows touch and keeps the others. A month that was not over,
// or not settled, on the day of the run before is computed again whatever came.
type MartMonths struct {
	Log string `yaml:"log"`
	// On is the column of the log, an instant or a date, in whose month a row counts;
	// the month that the log is filed by when empty.
	On string `yaml:"on"`
	// Until is the column of the log, an instant or a date, up to whose month a row
	// counts in every month from that of On; up to the last month where it is null.
	Until string `yaml:"until"`
	// Reach names the parameter with the days before a row for which it counts, too.
	Reach string `yaml:"reach"`
	// Settled names the parameter with the days or hours after which a month that is
	// over says the same on whatever day it is computed; at once when empty.
	Settled string `yaml:"settled"`
}

// MartColumn describes one column of a mart. A column is never null unless it
// is nullable.
type MartColumn struct {
	strictyaml.Position
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Nullable    bool   `yaml:"nullable"`
}

// ParseMart reads the description of the mart called name. All complaints are
// joined; each is a *diagnostic.Error.
func ParseMart(name, file string, text []byte) (*Mart, error) {
	m := &Mart{Name: name}
	if err := strictyaml.Decode(file, text, m); err != nil {
		return nil, err
	}
	r := report{file: file, object: "mart " + quoted(name)}
	r.identifier("name", name)
	if m.Grain == "" {
		r.errorf("", "grain is missing")
	}
	seen := map[string]int{}
	for _, column := range m.Columns {
		r.at = column.Position
		r.identifier("name", column.Name)
		r.once(seen, "column "+column.Name, column.Name)
		if column.Description == "" {
			r.errorf("", "column %s has no description", column.Name)
		}
	}
	r.at = strictyaml.Position{}
	for _, column := range m.Key {
		if _, ok := seen[column]; !ok {
			r.errorf("", "key: there is no column %q", column)
		}
	}
	if len(m.Key) == 0 {
		r.errorf("", "key is missing")
	}
	if m.Months != nil && m.Months.Log == "" {
		r.errorf("", "months: log is missing")
	}
	return m, errors.Join(r.errs...)
}

// Check is a query that returns the rows that break the description: a null
// where none may be, and each key that more than one row has. Columns: problem
// (text), mart_rows (their number).
func (m *Mart) Check() string {
	var parts []string
	for _, column := range m.Columns {
		if !column.Nullable {
			parts = append(parts, fmt.Sprintf("select '%s is null' as problem, count(*) as mart_rows from %s where %s is null having count(*) > 0",
				column.Name, m.Name, column.Name))
		}
	}
	key := strings.Join(m.Key, ", ")
	parts = append(parts, fmt.Sprintf("select 'two rows for one %s' as problem, count(*) as mart_rows from (select %s from %s group by %s having count(*) > 1) as repeated having count(*) > 0",
		key, key, m.Name, key))
	return strings.Join(parts, "\nunion all\n")
}
