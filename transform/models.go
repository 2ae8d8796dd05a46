package transform

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"tavolo/transform/duckdb"
	"tavolo/transform/subset"
)

// The folders of SQL files.
const (
	stagingFolder = "staging"
	martsFolder   = "marts"
	checksFolder  = "checks"
)

// readModels gives the SQL files of a folder by name: that of the file, for one in a
// folder of its own "folder/file". A folder that does not exist has none.
func readModels(files fs.FS, folder string) ([]duckdb.Model, error) {
	var models []duckdb.Model
	for _, pattern := range []string{"/*.sql", "/*/*.sql"} {
		names, err := fs.Glob(files, folder+pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, err
			}
			models = append(models, duckdb.Model{
				Name: strings.TrimSuffix(strings.TrimPrefix(name, folder+"/"), ".sql"), File: "sql/" + name, SQL: string(text),
			})
		}
	}
	slices.SortFunc(models, func(a, b duckdb.Model) int { return strings.Compare(a.Name, b.Name) })
	return models, nil
}

// ordered gives the models so that each comes after those that it reads; where
// that leaves a choice, by their order in models. A circle is an error that
// names its models.
func ordered(ctx context.Context, e *duckdb.Engine, models []duckdb.Model) ([]duckdb.Model, error) {
	reads, err := readsOf(ctx, e, models)
	if err != nil {
		return nil, err
	}
	return inOrder(models, reads)
}

// readsOf gives the relations that each model reads, by its name, sorted.
func readsOf(ctx context.Context, e *duckdb.Engine, models []duckdb.Model) (map[string][]string, error) {
	reads := map[string][]string{}
	for _, model := range models {
		query, err := subset.Parse(ctx, e, model)
		if err != nil {
			return nil, err
		}
		reads[model.Name] = query.Reads()
	}
	return reads, nil
}

// inOrder is ordered with what the models read at hand.
func inOrder(models []duckdb.Model, reads map[string][]string) ([]duckdb.Model, error) {
	byName := map[string]duckdb.Model{}
	for _, model := range models {
		if twin, ok := byName[model.Name]; ok {
			return nil, fmt.Errorf("%s: there is already a model %s in %s", model.File, model.Name, twin.File)
		}
		byName[model.Name] = model
	}
	o := ordering{byName: byName, reads: reads, done: map[string]bool{}}
	for _, model := range models {
		if err := o.visit(model.Name); err != nil {
			return nil, err
		}
	}
	return o.order, nil
}

// ordering is a walk over the models, depth first.
type ordering struct {
	byName map[string]duckdb.Model
	reads  map[string][]string
	done   map[string]bool
	path   []string // from the model that was asked for to the one being visited
	order  []duckdb.Model
}

func (o *ordering) visit(name string) error {
	model, ok := o.byName[name]
	if !ok || o.done[name] {
		return nil
	}
	if at := slices.Index(o.path, name); at >= 0 {
		circle := append(slices.Clone(o.path[at:]), name)
		return fmt.Errorf("%s: models read each other in a circle: %s", model.File, strings.Join(circle, " → "))
	}
	o.path = append(o.path, name)
	for _, read := range o.reads[name] {
		if err := o.visit(read); err != nil {
			return err
		}
	}
	o.path = o.path[:len(o.path)-1]
	o.done[name] = true
	o.order = append(o.order, model)
	return nil
}
