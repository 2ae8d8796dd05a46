package mapping

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
)

// complaints collects what is wrong with a source, in the words of its file.
type complaints struct {
	file string
	errs []error
}

func (c *complaints) add(at strictyaml.Position, hint, format string, args ...any) {
	c.errs = append(c.errs, &diagnostic.Error{
		File: c.file, Line: at.Line, Col: at.Col, Msg: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// addAll places errors that do not know where they are.
func (c *complaints) addAll(at strictyaml.Position, prefix string, err error) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			c.addAll(at, prefix, one)
		}
		return
	}
	var placed *diagnostic.Error
	if errors.As(err, &placed) {
		c.add(at, placed.Hint, "%s%s", prefix, placed.Msg)
	} else if err != nil {
		c.add(at, "", "%s%v", prefix, err)
	}
}

func (c *complaints) err() error { return errors.Join(c.errs...) }

// Validate checks a source against the contract of its log, without any file.
// File is the name of the configuration in messages. Everything wrong is
// reported together, each a [*diagnostic.Error] with its line.
func (s *Source) Validate(c *contract.Contract, file string) error {
	bad := &complaints{file: file}
	s.validate(c, bad)
	return bad.err()
}

func (s *Source) validate(c *contract.Contract, bad *complaints) {
	bad.addAll(s.Position, "", s.Format.Validate())
	if s.Postgres != nil {
		s.validatePostgres(bad)
	}
	_, err := s.Tolerates(0, 0)
	bad.addAll(s.Position, "", err)
	for _, name := range s.columnNames() {
		mapped, column := s.Columns[name], c.Column(name)
		if mapped.Line == 0 { // "name:" with nothing after it
			mapped.Position = s.Position
		}
		if column == nil {
			bad.add(mapped.Position, diagnostic.DidYouMean(name, c.ColumnNames()),
				"%s: the log %s has no such column", name, c.Log)
			continue
		}
		validateColumn(mapped, column, bad)
	}
	var missing []string
	for i := range c.Columns {
		if _, ok := s.Columns[c.Columns[i].Name]; !ok && c.Columns[i].Required {
			missing = append(missing, c.Columns[i].Name)
		}
	}
	if len(missing) > 0 {
		bad.add(s.Position, "a column that the files do not have can be given a constant, as in {value: fisico}",
			"source %s leaves out what every row of %s must have: %s", s.Name, c.Log, strings.Join(missing, ", "))
	}
}

func validateColumn(mapped Column, column *contract.Column, bad *complaints) {
	complain := func(hint, format string, args ...any) {
		bad.add(mapped.Position, hint, column.Name+": "+format, args...)
	}
	timed := column.Type == contract.Date || column.Type == contract.Timestamp
	switch {
	case len(mapped.From) == 0 && mapped.Value == nil:
		complain("", "it says neither from where the value comes nor which it is")
	case len(mapped.From) > 0 && mapped.Value != nil:
		complain("", "from and value exclude each other")
	}
	if mapped.Layout != "" && !timed {
		complain("", "layout is for dates and timestamps, and this is of the type %s", column.Type)
	} else if mapped.Layout != "" {
		_, err := contract.ParseLayout(mapped.Layout)
		bad.addAll(mapped.Position, column.Name+": ", err)
	}
	switch {
	case mapped.Kind != "" && column.Type != contract.Person:
		complain("", "kind is for persons, and this is of the type %s", column.Type)
	case mapped.Kind != "" && mapped.Kind != contract.FiscalCode && mapped.Kind != contract.Opaque:
		complain(diagnostic.DidYouMean(mapped.Kind, []string{contract.FiscalCode, contract.Opaque}),
			"kind %q: it is %s or %s", mapped.Kind, contract.FiscalCode, contract.Opaque)
	}
	if column.Type == contract.Enum {
		validateValues(mapped, column, complain)
	}
}

// validateValues checks what the mapping makes of values before a row does.
func validateValues(mapped Column, column *contract.Column, complain func(hint, format string, args ...any)) {
	known := func(value string) bool {
		folded := contract.Fold(value)
		if folded == "" {
			return true
		}
		for alias := range column.Aliases {
			if contract.Fold(alias) == folded {
				return true
			}
		}
		return slices.ContainsFunc(column.Values, func(v string) bool { return contract.Fold(v) == folded })
	}
	hint := func(value string) string {
		if near := diagnostic.DidYouMean(value, column.Values); near != "" {
			return near
		}
		return "its values are " + strings.Join(column.Values, ", ")
	}
	for _, from := range sortedKeys(mapped.Values) {
		if to := mapped.Values[from]; !known(to) {
			complain(hint(to), "%q is made %q, which is not among its values", from, to)
		}
	}
	if mapped.Value != nil && mapped.Values == nil && !known(*mapped.Value) {
		complain(hint(*mapped.Value), "%q is not among its values", *mapped.Value)
	}
}

// columnNames gives the mapped columns of the log in the order of the file, so
// that complaints come in it too.
func (s *Source) columnNames() []string {
	names := sortedKeys(s.Columns)
	sort.SliceStable(names, func(i, j int) bool {
		a, b := s.Columns[names[i]].Position, s.Columns[names[j]].Position
		return a.Line < b.Line || a.Line == b.Line && a.Col < b.Col
	})
	return names
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
