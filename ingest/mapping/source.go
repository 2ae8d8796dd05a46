// Package mapping says how somebody's files become rows of a log: the entries
// under "sources" in tavolo.yaml.
//
// # Grammar
//
//	name: agenda-appuntamenti             # names the source in the ledger
//	log: bookings                         # see package contract
//	files: drops/agenda/*.csv             # a path or pattern
//	format: {delimiter: ";", decimal: ","}   # all optional: see [source.Format]
//	max_quarantined: 5%                   # or a number of rows: beyond it the batch is held back whole
//	columns:                              # column of the log: where it comes from
//	  booking_id: ID Prenotazione         # a column of the file, or a mapping with
//	  slot_at:
//	    from: [Data, Ora]                 # one column, or several, joined by a space
//	    layout: dd/MM/yyyy HH:mm          # of a date or timestamp: see [contract.ParseLayout]
//	  status:
//	    from: Stato
//	    values: {Assente: non_presentato} # before the check; case and separators do not matter;
//	                                      # a value for "" is a missing value
//	  mode: {value: fisico}               # the same for every row
//	  citizen_id: {from: CF, kind: codice_fiscale}   # of a person: or opaque
//
// Columns of a file are found as they are written, and if not, without regard
// to case and spaces. A file without a header has the columns "1", "2", ….
//
// In the place of files and format a source may have a query of a PostgreSQL
// server, whose columns are then those of the result (see package postgres):
//
//	postgres:
//	  url_env: AGENDA_URL                 # variable that holds the connection string; optional
//	  query: |                            # one statement that gives rows
//	    select id, requested_at, status, changed_at from appointments
//	    where changed_at >= $1 order by changed_at, id
//	  high_water: changed_at              # optional: $1 is its greatest value so far
//	  from: 2023-01-01                    # $1 of the first run; optional
//	  timeout: 15m                        # of each step of the server; default 10m
package mapping

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/source"
	"tavolo/ingest/strictyaml"
)

// Source is one entry of "sources": which files hold rows of which log, and how.
type Source struct {
	strictyaml.Position
	Name           string            `yaml:"name"`
	Log            string            `yaml:"log"`
	Files          string            `yaml:"files"`
	Postgres       *Postgres         `yaml:"postgres"` // in the place of Files
	Format         source.Format     `yaml:"format"`
	Columns        map[string]Column `yaml:"columns"` // column of the log → where it comes from
	MaxQuarantined string            `yaml:"max_quarantined"`
}

// Column says where one column of the log comes from: From or Value, not both.
type Column struct {
	strictyaml.Position
	From   Names             `yaml:"from"`   // columns of the file, joined by a space
	Layout string            `yaml:"layout"` // of a date or timestamp
	Values map[string]string `yaml:"values"` // value in the file → value for the contract
	Value  *string           `yaml:"value"`  // the value of every row
	Kind   string            `yaml:"kind"`   // of a person: codice_fiscale or opaque
}

// Names is one name or a list of them.
type Names []string

// UnmarshalYAML reads a name alone as the column of the file.
func (c *Column) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		c.Position = strictyaml.Position{Line: n.Line, Col: n.Column}
		return c.From.UnmarshalYAML(n)
	}
	type plain Column
	return strictyaml.DecodeNode(n, (*plain)(c))
}

// UnmarshalYAML reads a name alone as a list of one.
func (names *Names) UnmarshalYAML(n *yaml.Node) error {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return &diagnostic.Error{Line: n.Line, Col: n.Column, Msg: "a column of the file is wanted here"}
		}
		*names = Names{n.Value}
		return nil
	case yaml.SequenceNode:
		*names = nil
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				return &diagnostic.Error{Line: item.Line, Col: item.Column, Msg: "a column of the file is wanted here"}
			}
			*names = append(*names, item.Value)
		}
		return nil
	}
	return &diagnostic.Error{Line: n.Line, Col: n.Column, Msg: "one column of the file or a list of them is wanted here"}
}

// Tolerates says whether a batch may be committed although so many of its records
// were refused. MaxQuarantined is a number of records or a share of them such as
// 5%; where it is empty any number may. An error says that it is neither.
func (s *Source) Tolerates(refused, records int) (bool, error) {
	text := strings.TrimSpace(s.MaxQuarantined)
	if text == "" {
		return true, nil
	}
	number, isShare := strings.CutSuffix(text, "%")
	most, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(most >= 0) || isShare && most > 100 {
		return false, &diagnostic.Error{
			Msg:  fmt.Sprintf("max_quarantined %q: neither a number of rows nor a share of them", s.MaxQuarantined),
			Hint: "write a share as in 5%",
		}
	}
	if isShare {
		most *= float64(records) / 100
	}
	return float64(refused) <= most, nil
}
