package contract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
)

// defaultMaxLength bounds a text without max_length, in characters.
const defaultMaxLength = 100

var columnName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Parse reads a contract from its YAML text. File stands in messages. All
// mistakes are reported together, each with its line.
func Parse(file string, text []byte) (*Contract, error) {
	c := &Contract{}
	if err := strictyaml.Decode(file, text, c); err != nil {
		return nil, err
	}
	v := validator{file: file, contract: c}
	v.contractItself()
	for i := range c.Columns {
		v.column(i)
	}
	for i := range c.Rules {
		v.rule(&c.Rules[i])
	}
	if len(v.errs) > 0 {
		return nil, errors.Join(v.errs...)
	}
	return c, nil
}

func unknownLog(log string) error {
	hint := diagnostic.DidYouMean(log, Logs())
	if hint == "" {
		hint = "the logs are " + strings.Join(Logs(), ", ")
	}
	return &diagnostic.Error{Msg: fmt.Sprintf("log %q: no such log", log), Hint: hint}
}

// validator collects what is wrong with a contract.
type validator struct {
	file     string
	contract *Contract
	errs     []error
}

func (v *validator) errorf(at strictyaml.Position, format string, args ...any) {
	v.errs = append(v.errs, &diagnostic.Error{
		File: v.file, Line: at.Line, Col: at.Col, Msg: fmt.Sprintf(format, args...),
	})
}

func (v *validator) contractItself() {
	c := v.contract
	if c.Log == "" {
		v.errorf(c.Position, "log is missing")
	}
	v.text(c.Position, "title", c.Title)
	v.text(c.Position, "description", c.Description)
	v.text(c.Position, "grain", c.Grain)
	if len(c.Key) == 0 {
		v.errorf(c.Position, "key is missing")
	}
	for _, name := range c.Key {
		if column := v.known(c.Position, "key", name); column != nil && !column.Required {
			v.errorf(column.Position, "column %s is in the key and must be required", name)
		}
	}
	month := v.known(c.Position, "month", c.Month)
	if month != nil && (!month.Required || month.Type != Date && month.Type != Timestamp) {
		v.errorf(month.Position, "column %s decides the month and must be a required date or timestamp", c.Month)
	}
}

func (v *validator) text(at strictyaml.Position, what string, t Text) {
	if strings.TrimSpace(t.IT) == "" || strings.TrimSpace(t.EN) == "" {
		v.errorf(at, "%s must be there in both languages, it and en", what)
	}
}

// known gives the column of a name, or complains.
func (v *validator) known(at strictyaml.Position, where, name string) *Column {
	column := v.contract.Column(name)
	if column == nil {
		v.errs = append(v.errs, &diagnostic.Error{
			File: v.file, Line: at.Line, Col: at.Col, Msg: fmt.Sprintf("%s: there is no column %q", where, name),
			Hint: diagnostic.DidYouMean(name, v.contract.ColumnNames()),
		})
	}
	return column
}

func (v *validator) column(i int) {
	column := &v.contract.Columns[i]
	complain := func(format string, args ...any) {
		v.errorf(column.Position, "column "+column.Name+": "+format, args...)
	}
	if !columnName.MatchString(column.Name) {
		complain("a name has small letters, digits and underscores")
	}
	if v.contract.Index(column.Name) != i {
		complain("the name is taken already")
	}
	if !slices.Contains(types(), column.Type) {
		complain("type %q: it is one of %v", column.Type, types())
	}
	v.text(column.Position, "column "+column.Name+": title", column.Title)
	v.text(column.Position, "column "+column.Name+": doc", column.Doc)
	v.severity(column.Position, column.Severity)
	if column.Severity == Warn && column.Required {
		complain("severity warn leaves the value out, which a required column cannot")
	}
	v.columnKeys(column, complain)
}

// columnKeys checks that a column has the keys of its type, and no others.
func (v *validator) columnKeys(column *Column, complain func(string, ...any)) {
	only := func(key string, given bool, allowed ...Type) {
		if given && !slices.Contains(allowed, column.Type) {
			complain("%s does not belong to the type %s", key, column.Type)
		}
	}
	only("values", column.Values != nil, Enum)
	only("aliases", column.Aliases != nil, Enum)
	only("min", column.Min != nil, Integer, Decimal)
	only("max", column.Max != nil, Integer, Decimal)
	only("max_length", column.MaxLength != 0, String)
	only("free", column.Free, String)
	only("references", column.References != "", String)
	only("kind", column.Kind != "", Person)
	if column.Type == Enum && len(column.Values) == 0 {
		complain("an enum has values")
	}
	if column.Type == Person && column.Kind != FiscalCode && column.Kind != Opaque {
		complain("kind of a person: it is %s or %s", FiscalCode, Opaque)
	}
	if column.References != "" && !slices.Contains(Kinds(), column.References) {
		complain("references %q: it is one of %v", column.References, Kinds())
	}
	if column.Min != nil && column.Max != nil && *column.Min > *column.Max {
		complain("min is above max")
	}
	for _, alias := range sortedKeys(column.Aliases) {
		if !slices.Contains(column.Values, column.Aliases[alias]) {
			complain("alias %q means %q, which is not among the values", alias, column.Aliases[alias])
		}
	}
}

func (v *validator) severity(at strictyaml.Position, s Severity) {
	if s != "" && s != Quarantine && s != Warn && s != Fail {
		v.errorf(at, "severity %q: it is quarantine, warn or fail", s)
	}
}

func (v *validator) rule(r *Rule) {
	v.severity(r.Position, r.Severity)
	v.text(r.Position, "doc of the rule", r.Doc)
	column := v.known(r.Position, "rule", r.Column)
	switch r.Rule {
	case NotBefore:
		other := v.known(r.Position, "rule", r.Other)
		if column != nil && other != nil && (column.Type != other.Type || column.Type != Date && column.Type != Timestamp) {
			v.errorf(r.Position, "rule not_before: %s and %s must be two dates or two timestamps", r.Column, r.Other)
		}
	case Requires, Forbids:
		if r.Other != "" {
			v.errorf(r.Position, "rule %s: other belongs to not_before", r.Rule)
		}
		if len(r.When) == 0 {
			v.errorf(r.Position, "rule %s: when is missing", r.Rule)
		}
	default:
		v.errorf(r.Position, "rule %q: it is %s, %s or %s", r.Rule, NotBefore, Requires, Forbids)
	}
	if r.Unless != "" {
		v.known(r.Position, "unless", r.Unless)
	}
	for _, name := range sortedKeys(r.When) {
		when := v.known(r.Position, "when", name)
		for _, value := range r.When[name] {
			if when != nil && !slices.Contains(when.Values, value) {
				v.errorf(r.Position, "when: %s has no value %q", name, value)
			}
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
