// Package own reads the indicators that a project adds to the built-in ones, and
// says everything that is against them.
//
// A project folder may hold
//
//	kpis/late_answers.sql   a mart, in the form of sql/marts
//	kpis/late_answers.yml   optional: its description, see kpi.Mart
//	kpis.yml                entries, and themes, in the grammar of package kpi
//
// An entry may read a mart of the project or a built-in one. A mart may read the
// staging models, the other marts, the reference tables, params, batches and the
// ledger. It may not read the logs themselves, in which a corrected row stands
// twice, nor anything that is not a relation.
//
// What is against a mart shows in three steps: from its text alone ([Indicators.Admit]),
// from the columns that it gives ([Indicators.Fit]), and from its rows, by
// queries that must find nothing ([Indicators.Rules]).
package own

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/subset"
)

// Indicators are what a project adds. The zero value adds nothing.
type Indicators struct {
	// Catalogue is the built-in catalogue with the project's entries after it.
	Catalogue *kpi.Catalogue
	// Entries are the project's own among them, in their order.
	Entries []*kpi.Indicator
	// Marts are the project's own, by name.
	Marts []*Mart

	file string // the project's catalogue, as it is named in messages
}

// Mart is a mart of the project.
type Mart struct {
	duckdb.Model
	Description *kpi.Mart // nil when no .yml stands beside it

	yml   string          // the file of the description, as it is named in messages
	query *subset.Query   // nil before Admit, and when it cannot be parsed
	types []duckdb.Column // the engine's, once it has run
}

// DescriptionFile is where the mart's description is, or would be.
func (m *Mart) DescriptionFile() string { return m.yml }

// name is what a mart may be called: its name becomes part of SQL text.
var name = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Read reads the marts of a folder and a catalogue, neither of which need exist.
// The error joins all that is wrong with their form, each a *diagnostic.Error;
// what could be read is given beside it.
func Read(folder, catalogue string, builtIn *kpi.Catalogue) (*Indicators, error) {
	o := &Indicators{Catalogue: builtIn, file: catalogue}
	errs := []error{o.readMarts(folder), o.readCatalogue(builtIn)}
	return o, errors.Join(errs...)
}

func (o *Indicators) readCatalogue(builtIn *kpi.Catalogue) error {
	text, err := os.ReadFile(o.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable(o.file, err)
	}
	merged, err := builtIn.Extend(o.file, text)
	if err != nil {
		return err
	}
	o.Catalogue = merged
	for i := len(builtIn.Indicators); i < len(merged.Indicators); i++ {
		o.Entries = append(o.Entries, &merged.Indicators[i])
	}
	return nil
}

func (o *Indicators) readMarts(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable(folder, err)
	}
	var errs []error
	descriptions := map[string]bool{}
	for _, entry := range entries {
		base, path := entry.Name(), filepath.Join(folder, entry.Name())
		switch filepath.Ext(base) {
		case ".sql":
			mart, err := readMart(folder, strings.TrimSuffix(base, ".sql"))
			if mart != nil {
				o.Marts = append(o.Marts, mart)
			}
			errs = append(errs, err)
		case ".yml":
			descriptions[path] = true
		}
	}
	for _, mart := range o.Marts {
		delete(descriptions, mart.yml)
	}
	for path := range descriptions {
		beside := strings.TrimSuffix(filepath.Base(path), ".yml") + ".sql"
		errs = append(errs, &diagnostic.Error{File: path, Msg: "there is no " + beside + " beside it",
			Hint: "entries of the catalogue belong into kpis.yml, in the project folder itself"})
	}
	return errors.Join(errs...)
}

// readMart reads a mart and what stands beside it. The mart is nil when its SQL
// cannot be read.
func readMart(folder, base string) (*Mart, error) {
	mart := &Mart{Model: duckdb.Model{Name: base, File: filepath.Join(folder, base+".sql")}, yml: filepath.Join(folder, base+".yml")}
	text, err := os.ReadFile(mart.File)
	if err != nil {
		return nil, unreadable(mart.File, err)
	}
	mart.SQL = string(text)
	if !name.MatchString(base) {
		return nil, &diagnostic.Error{File: mart.File, Msg: "the name of the file is the name of a table",
			Hint: "lower case letters, digits and _ make one"}
	}
	errs := []error{mart.checkHead()}
	description, err := os.ReadFile(mart.yml)
	switch {
	case err == nil:
		parsed, err := kpi.ParseMart(base, mart.yml, description)
		if err == nil {
			mart.Description = parsed
		}
		errs = append(errs, err)
	case !errors.Is(err, fs.ErrNotExist):
		errs = append(errs, unreadable(mart.yml, err))
	}
	return mart, errors.Join(errs...)
}

// checkHead demands the two comments that open every model: the grain, which may
// go on in lines that are indented, and the one thing that is surprising.
func (m *Mart) checkHead() error {
	const grain = "-- grain: one row per "
	lines := strings.Split(m.SQL, "\n")
	if !strings.HasPrefix(lines[0], grain) {
		return &diagnostic.Error{File: m.File, Line: 1, Col: 1, Msg: "the first line does not state the grain",
			Hint: `for example "` + grain + `month, province and channel"`}
	}
	next := 1
	for next < len(lines) && strings.HasPrefix(lines[next], "--  ") {
		next++
	}
	if next == len(lines) || !strings.HasPrefix(lines[next], "-- ") {
		return &diagnostic.Error{File: m.File, Line: next + 1, Col: 1, Msg: "below the grain there is no comment on what is surprising about the mart",
			Hint: "what would a careful reader of the numbers take for something else?"}
	}
	return nil
}

func unreadable(file string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &diagnostic.Error{File: file, Err: err}
}

// Models gives the marts as the engine runs them.
func (o *Indicators) Models() []duckdb.Model {
	if o == nil {
		return nil
	}
	models := make([]duckdb.Model, len(o.Marts))
	for i, mart := range o.Marts {
		models[i] = mart.Model
	}
	return models
}

// Uses gives the names of the marts that the project's entries read or that are
// its own, each once, sorted.
func (o *Indicators) Uses() []string {
	var marts []string
	for _, mart := range o.Marts {
		marts = append(marts, mart.Name)
	}
	for _, entry := range o.Entries {
		marts = append(marts, entry.Mart)
	}
	slices.Sort(marts)
	return slices.Compact(marts)
}

// mart gives the project's mart of a name, or nil.
func (o *Indicators) mart(name string) *Mart {
	for _, mart := range o.Marts {
		if mart.Name == name {
			return mart
		}
	}
	return nil
}

// entryError is a complaint about one key of an entry.
func (o *Indicators) entryError(k *kpi.Indicator, key, hint, msg string) error {
	at := k.At(key)
	return placed(o.file, at, "indicator \""+k.ID+"\": "+key+": "+msg, hint)
}

func placed(file string, at strictyaml.Position, msg, hint string) error {
	return &diagnostic.Error{File: file, Line: at.Line, Col: at.Col, Msg: msg, Hint: hint}
}
