package own

import (
	"context"
	"slices"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/subset"
)

// Surroundings are the names that are there before a project adds its own.
type Surroundings struct {
	// Readable are the relations that a mart may read, built-in marts included.
	Readable subset.Relations
	// Marts are the built-in marts.
	Marts []string
	// Taken are all names that no mart of a project may have; what each is, as
	// in "a log".
	Taken map[string]string
	// Personal are the relations whose rows are of persons.
	Personal []string
	// Persons are the columns that name persons, be it by pseudonyms.
	Persons []string
	// Reads gives the relations that the built-in models read.
	Reads map[string][]string
}

// Admit judges the marts and entries by their texts alone, so that nothing runs
// that was not admitted. Each error is a *diagnostic.Error; the marts with one
// are left out of Marts when drop is true, so that the others can be looked at
// further.
func (o *Indicators) Admit(ctx context.Context, e *duckdb.Engine, s Surroundings, drop bool) []error {
	var errs []error
	readable := subset.Relations{Names: slices.Clone(s.Readable.Names), Instead: s.Readable.Instead}
	marts := slices.Clone(s.Marts)
	for _, mart := range o.Marts {
		readable.Names = append(readable.Names, mart.Name)
		marts = append(marts, mart.Name)
	}
	reads := map[string][]string{}
	var admitted []*Mart
	for _, mart := range o.Marts {
		found := mart.admit(ctx, e, readable, s)
		errs = append(errs, found...)
		if len(found) == 0 {
			admitted = append(admitted, mart)
		}
		if mart.query != nil {
			reads[mart.Name] = mart.query.Reads()
		}
	}
	for _, entry := range o.Entries {
		if !slices.Contains(marts, entry.Mart) {
			hint := diagnostic.DidYouMean(entry.Mart, marts)
			if hint == "" {
				hint = "it is to be kpis/" + entry.Mart + ".sql, or a built-in one (\"tavolo kpi list\" names them)"
			}
			errs = append(errs, o.entryError(entry, "mart", hint, "there is no mart \""+entry.Mart+"\""))
		}
		if personal := s.personal(entry.Mart, reads, nil); entry.Disclosure == kpi.Unlimited && personal != "" {
			errs = append(errs, o.entryError(entry, "disclosure", "leave it out: small counts are then withheld",
				"none is for counts of institutions; "+entry.Mart+" reads "+personal+", whose rows are of persons"))
		}
	}
	if drop {
		o.Marts = admitted
	}
	return errs
}

// admit judges one mart by its text.
func (m *Mart) admit(ctx context.Context, e *duckdb.Engine, readable subset.Relations, s Surroundings) []error {
	var errs []error
	if what, ok := s.Taken[m.Name]; ok {
		errs = append(errs, &diagnostic.Error{File: m.File, Line: 1, Col: 1, Msg: "the name " + m.Name + " is taken by " + what, Hint: "give the file another name"})
	}
	query, err := subset.Parse(ctx, e, m.Model)
	if err != nil {
		return append(errs, err)
	}
	m.query = query
	errs = append(errs, query.Check(readable)...)
	for _, column := range query.Columns() {
		for _, origin := range query.Origins(column.Name) {
			if slices.Contains(s.Persons, origin) {
				errs = append(errs, m.columnError(column.Name, "a mart counts persons; it names none", column.Name+" is "+origin+", which names persons"))
			}
		}
	}
	return errs
}

// personal gives the relation with rows of persons that a model reads, itself or
// through others, or "". The path holds the models on the way, so that a circle ends.
func (s Surroundings) personal(model string, own map[string][]string, path []string) string {
	if slices.Contains(s.Personal, model) {
		return model
	}
	if slices.Contains(path, model) {
		return ""
	}
	for _, read := range append(slices.Clone(own[model]), s.Reads[model]...) {
		if found := s.personal(read, own, append(path, model)); found != "" {
			return found
		}
	}
	return ""
}
