package own

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/subset"
)

// The engine's words for the types of columns that have a part to play.
const (
	typeText   = "varchar"
	typeWhole  = "bigint"
	typeDouble = "double"
	typeDate   = "date"
	typeMoney  = "decimal(9,2)"
)

// storable are the types that a table of the lake can have; immutable.
var storable = []string{typeText, typeWhole, typeDouble, typeDate, typeMoney, "boolean", "timestamp with time zone"}

// Fit judges the marts and entries by the columns that the marts give. All that
// Uses names and that are tables of the engine are judged; the others could not
// be made, which is somebody else's complaint.
func (o *Indicators) Fit(ctx context.Context, e *duckdb.Engine) ([]error, error) {
	made, err := e.Relations(ctx)
	if err != nil {
		return nil, err
	}
	var errs []error
	columns := map[string][]duckdb.Column{}
	for _, mart := range o.Uses() {
		if !slices.Contains(made, mart) {
			continue
		}
		described, err := e.Query(ctx, "describe "+duckdb.Name(mart))
		if err != nil {
			return nil, err
		}
		for _, row := range described.Rows {
			columns[mart] = append(columns[mart], duckdb.Column{Name: row[0].(string), Type: strings.ToLower(row[1].(string))})
		}
		if own := o.mart(mart); own != nil {
			own.types = columns[mart]
			errs = append(errs, own.fit()...)
		}
	}
	for _, entry := range o.Entries {
		if has, ok := columns[entry.Mart]; ok {
			errs = append(errs, o.fitEntry(entry, has)...)
		}
	}
	return errs, nil
}

// fit judges a mart by its columns: what every mart has, what the lake can
// store, and what its description says.
func (m *Mart) fit() []error {
	var errs []error
	for name, kind := range map[string]string{"month": typeDate, "territory_code": typeText} {
		i := slices.IndexFunc(m.types, func(c duckdb.Column) bool { return c.Name == name })
		switch {
		case i < 0:
			errs = append(errs, &diagnostic.Error{File: m.File, Line: m.line(), Msg: "there is no column " + name,
				Hint: "every mart has month (the first of the month, a date) and territory_code"})
		case m.types[i].Type != kind:
			errs = append(errs, m.columnError(name, "cast(… as "+kind+")", fmt.Sprintf("%s is a %s, not a %s", name, m.types[i].Type, kind)))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	for _, column := range m.types {
		if !slices.Contains(storable, column.Type) {
			hint := "cast it to one of bigint, decimal(9, 2), double, varchar, boolean, date, timestamp with time zone"
			if column.Type == "hugeint" {
				hint = "a sum of whole numbers is wider than they are: cast(sum(…) as bigint)"
			}
			errs = append(errs, m.columnError(column.Name, hint, fmt.Sprintf("%s is a %s, which the lake does not store", column.Name, column.Type)))
		}
	}
	return append(errs, m.fitDescription()...)
}

// fitDescription holds the .yml to the columns: the same, in the same order.
func (m *Mart) fitDescription() []error {
	if m.Description == nil {
		return nil
	}
	var errs []error
	names := make([]string, len(m.types))
	for i, column := range m.types {
		names[i] = column.Name
	}
	var described []string
	for _, column := range m.Description.Columns {
		described = append(described, column.Name)
		if !slices.Contains(names, column.Name) {
			errs = append(errs, placed(m.yml, column.Position, "the mart has no column "+column.Name, diagnostic.DidYouMean(column.Name, names)))
		}
	}
	for _, name := range names {
		if !slices.Contains(described, name) {
			errs = append(errs, m.columnError(name, "add it to the columns of "+m.yml, name+" is not described"))
		}
	}
	if len(errs) == 0 && !slices.Equal(names, described) {
		errs = append(errs, placed(m.yml, strictyaml.Position{}, "the columns are not in the order of the mart", "the mart gives "+strings.Join(names, ", ")))
	}
	return errs
}

// columnError is a complaint about a column, at its place in the last select.
func (m *Mart) columnError(name, hint, msg string) error {
	at := m.at(name)
	return &diagnostic.Error{File: m.File, Line: at.Line, Col: at.Col, Msg: msg, Hint: hint}
}

func (m *Mart) at(name string) strictyaml.Position {
	for _, column := range m.columns() {
		if column.Name == name {
			return strictyaml.Position{Line: column.Line, Col: column.Col}
		}
	}
	return strictyaml.Position{Line: 1}
}

// line is the line of the last select's first column.
func (m *Mart) line() int {
	if columns := m.columns(); len(columns) > 0 {
		return columns[0].Line
	}
	return 1
}

func (m *Mart) columns() []subset.Column {
	if m.query == nil {
		return nil
	}
	return m.query.Columns()
}

// part is a column that an entry names, with the types that it may have.
type part struct {
	key, column string
	types       []string
}

// parts gives the columns that an entry names.
func parts(k *kpi.Indicator) []part {
	counts := []string{typeWhole, typeDouble, typeMoney}
	all := []part{{"numerator", k.Numerator, counts}, {"denominator", k.Denominator, counts},
		{"value", k.Value, []string{typeWhole}}, {"count", k.Count, []string{typeWhole}}, {"open", k.Open, []string{typeWhole}}}
	if k.PerPopulation {
		all[1].column = ""
	}
	for _, stratum := range k.Strata {
		all = append(all, part{"strata", stratum, []string{typeText, typeWhole, "boolean"}})
	}
	for _, breakdown := range k.Breakdowns {
		for _, column := range breakdown.Columns() {
			all = append(all, part{"breakdowns", column, []string{typeText}})
		}
	}
	return slices.DeleteFunc(all, func(p part) bool { return p.column == "" })
}

// fitEntry holds an entry to the columns of its mart.
func (o *Indicators) fitEntry(k *kpi.Indicator, has []duckdb.Column) []error {
	var errs []error
	for _, p := range parts(k) {
		i := slices.IndexFunc(has, func(c duckdb.Column) bool { return c.Name == p.column })
		if i < 0 {
			names := make([]string, len(has))
			for i, column := range has {
				names[i] = column.Name
			}
			hint := diagnostic.DidYouMean(p.column, names)
			if hint == "" {
				hint = k.Mart + " has " + strings.Join(names, ", ")
			}
			errs = append(errs, o.entryError(k, p.key, hint, fmt.Sprintf("%s has no column %q", k.Mart, p.column)))
			continue
		}
		if kind := has[i].Type; !slices.Contains(p.types, kind) && slices.Contains(storable, kind) {
			errs = append(errs, o.entryError(k, p.key, "", fmt.Sprintf("%s.%s is a %s; it must be %s", k.Mart, p.column, kind, strings.Join(p.types, " or "))))
		}
	}
	return errs
}
