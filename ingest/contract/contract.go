package contract

import (
	"embed"
	"fmt"
	"slices"

	"tavolo/ingest/strictyaml"
)

//go:embed datasets/*.yml
var datasets embed.FS

// Contract is what a row of a log must look like. It is read-only once loaded.
type Contract struct {
	strictyaml.Position
	Log         string   `yaml:"log"`
	Title       Text     `yaml:"title"`
	Description Text     `yaml:"description"`
	Grain       Text     `yaml:"grain"` // what one row is
	Key         []string `yaml:"key"`   // the columns that name a row across its versions
	Month       string   `yaml:"month"` // the column that decides the month of a row
	Columns     []Column `yaml:"columns"`
	Rules       []Rule   `yaml:"rules"` // across columns
}

// Text is a text in the two languages.
type Text struct {
	IT string `yaml:"it"`
	EN string `yaml:"en"`
}

// Type is the type of a column, and with it what its [Value] holds.
type Type string

// The types.
const (
	String    Type = "text"      // Value.Text: without spaces around it
	Integer   Type = "integer"   // Value.Int
	Decimal   Type = "decimal"   // Value.Int: hundredths
	Boolean   Type = "boolean"   // Value.Int: 0 or 1
	Date      Type = "date"      // Value.Int: days since 1970-01-01
	Timestamp Type = "timestamp" // Value.Int: microseconds since 1970-01-01 00:00 UTC
	Enum      Type = "enum"      // Value.Text: one of Column.Values
	Person    Type = "person"    // Value.Text: a pseudonym, never the identifier
)

func types() []Type {
	return []Type{String, Integer, Decimal, Boolean, Date, Timestamp, Enum, Person}
}

// Column is one column of a log.
type Column struct {
	strictyaml.Position
	Name       string            `yaml:"name"`
	Type       Type              `yaml:"type"`
	Title      Text              `yaml:"title"`
	Doc        Text              `yaml:"doc"`
	Required   bool              `yaml:"required"`
	Values     []string          `yaml:"values"`     // of an enum, as they are stored
	Aliases    map[string]string `yaml:"aliases"`    // of an enum: another spelling → the value
	Min        *int64            `yaml:"min"`        // of an integer or decimal, inclusive, in units
	Max        *int64            `yaml:"max"`        // the same
	MaxLength  int               `yaml:"max_length"` // of a text, in characters; 0: 100
	Free       bool              `yaml:"free"`       // a text in which people write what they like
	References string            `yaml:"references"` // a kind of code: see [Kinds]
	Kind       string            `yaml:"kind"`       // of a person: codice_fiscale or opaque
	Severity   Severity          `yaml:"severity"`   // of a violation here; "": quarantine
}

// The kinds of identifier that a person column may hold.
const (
	FiscalCode = "codice_fiscale" // checked, then pseudonymised
	Opaque     = "opaque"         // any text that means a person to its sender, pseudonymised as it is
)

// Severity is what a violation does.
type Severity string

// The severities.
const (
	Quarantine Severity = "quarantine" // the row is refused and kept in the quarantine
	Warn       Severity = "warn"       // the row is accepted and counted; of a column, without the value
	Fail       Severity = "fail"       // the whole batch is refused
)

// Rule is a condition across columns. Its grammar is in the package comment.
type Rule struct {
	strictyaml.Position
	Rule     string              `yaml:"rule"`   // not_before, requires or forbids
	Column   string              `yaml:"column"` // the column that a violation is reported at
	Other    string              `yaml:"other"`  // of not_before: the column that comes first
	When     map[string][]string `yaml:"when"`   // enum column → values: the rule holds only then
	Unless   string              `yaml:"unless"` // the rule does not hold where this column has a value
	Severity Severity            `yaml:"severity"`
	Doc      Text                `yaml:"doc"`
}

// The rules across columns; their names are also the codes of their violations.
const (
	NotBefore = "not_before"
	Requires  = "requires"
	Forbids   = "forbids"
)

// The codes of the other violations: stable, for counting. Those of records that
// could not be read are [source.Ragged] and its companions.
const (
	RuleRequired        = "required"
	RuleInteger         = "not_an_integer"
	RuleDecimal         = "not_a_decimal"
	RuleBoolean         = "not_a_boolean"
	RuleDate            = "not_a_date"
	RuleTimestamp       = "not_a_timestamp"
	RuleList            = "not_in_list"
	RuleRange           = "out_of_range"
	RuleReference       = "unknown_reference"
	RuleFiscalCode      = "invalid_fiscal_code"
	RuleHoldsFiscalCode = "holds_fiscal_code"
	RuleGap             = "gap_in_local_time"
	RuleAmbiguous       = "ambiguous_local_time"
	RuleLength          = "too_long"
)

// Kinds gives the kinds of code that a column may refer to.
func Kinds() []string {
	return []string{"measure", "office", "patronato", "province", "region", "service", "territory"}
}

// Logs gives the names of the six logs, in the order in which they are shown.
func Logs() []string {
	return []string{"interactions", "applications", "bookings", "trainings", "contributions", "agreements"}
}

// Load reads the built-in contract of a log. An error means that there is no
// such log: the built-in contracts are tested.
func Load(log string) (*Contract, error) {
	if !slices.Contains(Logs(), log) {
		return nil, unknownLog(log)
	}
	file := "datasets/" + log + ".yml"
	text, err := datasets.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("contract of %s: %w", log, err)
	}
	return Parse(file, text)
}

// Index gives the place of a column among c.Columns, or -1.
func (c *Contract) Index(name string) int {
	return slices.IndexFunc(c.Columns, func(column Column) bool { return column.Name == name })
}

// Column gives the column of a name, or nil.
func (c *Contract) Column(name string) *Column {
	if i := c.Index(name); i >= 0 {
		return &c.Columns[i]
	}
	return nil
}

// ColumnNames gives the names of all columns, in their order.
func (c *Contract) ColumnNames() []string {
	names := make([]string, len(c.Columns))
	for i := range c.Columns {
		names[i] = c.Columns[i].Name
	}
	return names
}
