package transform

import (
	"math"
	"reflect"
	"slices"
	"strings"

	"tavolo/ingest/lake"
	"tavolo/transform/kpi"
)

// themeRow is one theme of the catalogue that a run computed with.
type themeRow struct {
	kpi.Theme
	Place int64
}

// themeTable is the themes, in the order in which reports show them.
//
// Grain: one per theme.
var themeTable = table[themeRow]{"indicator_themes", []column[themeRow]{
	integer("place", "in the order of the catalogue, from 1", func(r *themeRow) *int64 { return &r.Place }),
	text("theme", "id", func(r *themeRow) *string { return &r.ID }),
	text("title_it", "", func(r *themeRow) *string { return &r.Title.IT }),
	text("title_en", "", func(r *themeRow) *string { return &r.Title.EN }),
	text("description_it", "", func(r *themeRow) *string { return &r.Description.IT }),
	text("description_en", "", func(r *themeRow) *string { return &r.Description.EN }),
}}

// entryRow is one entry of the catalogue that a run computed with.
type entryRow struct {
	kpi.Indicator
	Place int64
	// aside holds what is stored in another type than the entry has: lists as
	// words with a space between them, which no name holds, whole numbers in 64
	// bits, and an absent number as NaN. By the name of the field.
	aside map[string]any
}

// entryTable is the catalogue that the figures were computed with, so that what
// a report says of a figure is what was meant when it was computed, whatever
// has become of the catalogue since. It has one column for each key of the
// grammar, two for a text, because it is made from the type that the grammar
// fills: a key that is added to the one is not forgotten in the other.
//
// Grain: one per indicator.
var entryTable = table[entryRow]{"indicators", slices.Concat(
	[]column[entryRow]{integer("place", "in the order of the catalogue, from 1", func(r *entryRow) *int64 { return &r.Place })},
	entryColumns(),
)}

// renamed are the keys that are no good names of columns; immutable.
var renamed = map[string]string{"id": "indicator", "not": "is_not"}

// entryColumns gives the columns of all keys of an entry, in their order.
func entryColumns() []column[entryRow] {
	const doc = "see the grammar of kpis.yml"
	var columns []column[entryRow]
	for field := range fieldsOfEntry() {
		name := field.Tag.Get("yaml")
		if other, ok := renamed[name]; ok {
			name = other
		}
		kind := lake.Text
		switch field.Type.Kind() {
		case reflect.Struct: // a kpi.Text
			for _, lang := range []string{"IT", "EN"} {
				columns = append(columns, text(name+"_"+strings.ToLower(lang), doc, func(r *entryRow) *string {
					return r.field(field.Name).FieldByName(lang).Addr().Interface().(*string)
				}))
			}
			continue
		case reflect.Pointer, reflect.Float64:
			kind = lake.Double
		case reflect.Int:
			kind = lake.Integer
		case reflect.Bool:
			kind = lake.Boolean
		}
		columns = append(columns, column[entryRow]{
			Column: lake.Column{Name: name, Type: kind, Required: kind != lake.Double, Doc: doc},
			at:     func(r *entryRow) any { return r.at(field.Name) },
		})
	}
	return columns
}

// fieldsOfEntry yields the fields of an entry that are keys of the grammar.
func fieldsOfEntry() func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, field := range reflect.VisibleFields(reflect.TypeFor[kpi.Indicator]()) {
			if field.Tag.Get("yaml") != "" && !yield(field) {
				return
			}
		}
	}
}

func (r *entryRow) field(name string) reflect.Value {
	return reflect.ValueOf(&r.Indicator).Elem().FieldByName(name)
}

// at gives the place of a field's value in a type that a table stores.
func (r *entryRow) at(name string) any {
	value := r.field(name)
	switch value.Kind() {
	case reflect.String:
		return value.Addr().Convert(reflect.TypeFor[*string]()).Interface()
	case reflect.Bool, reflect.Float64:
		return value.Addr().Interface()
	}
	if r.aside == nil {
		r.aside = map[string]any{}
	}
	if r.aside[name] == nil {
		r.aside[name] = aside(value)
	}
	return r.aside[name]
}

// aside makes a place for a value in a type that a table stores.
func aside(value reflect.Value) any {
	switch value.Kind() {
	case reflect.Int:
		number := value.Int()
		return &number
	case reflect.Pointer: // a number that may be absent
		number := math.NaN()
		if !value.IsNil() {
			number = value.Elem().Float()
		}
		return &number
	}
	var words []string
	for i := range value.Len() {
		words = append(words, value.Index(i).String())
	}
	list := strings.Join(words, " ")
	return &list
}

// entry is the entry with what was read aside put in its place.
func (r *entryRow) entry() kpi.Indicator {
	for name, place := range r.aside {
		value := r.field(name)
		switch v := place.(type) {
		case *int64:
			value.SetInt(*v)
		case *float64:
			if !math.IsNaN(*v) {
				value.Set(reflect.ValueOf(v))
			}
		case *string:
			words := reflect.MakeSlice(value.Type(), 0, 0)
			for _, word := range strings.Fields(*v) {
				words = reflect.Append(words, reflect.ValueOf(word).Convert(value.Type().Elem()))
			}
			value.Set(words)
		}
	}
	return r.Indicator
}

func themeRows(c *kpi.Catalogue) []themeRow {
	var rows []themeRow
	for i, theme := range c.Themes {
		rows = append(rows, themeRow{theme, int64(i + 1)})
	}
	return rows
}

func entryRows(c *kpi.Catalogue) []entryRow {
	var rows []entryRow
	for i, k := range c.Indicators {
		rows = append(rows, entryRow{Indicator: k, Place: int64(i + 1)})
	}
	return rows
}

// catalogueOf puts the catalogue together again. Rows are in their order.
func catalogueOf(themes []themeRow, entries []entryRow) *kpi.Catalogue {
	c := &kpi.Catalogue{}
	for _, row := range themes {
		c.Themes = append(c.Themes, row.Theme)
	}
	for i := range entries {
		c.Indicators = append(c.Indicators, entries[i].entry())
	}
	return c
}
