package transform

import (
	"context"
	"errors"
	"slices"

	"tavolo/ingest/contract"
	"tavolo/ingest/reference"
	"tavolo/transform/duckdb"
	"tavolo/transform/own"
	"tavolo/transform/subset"
)

// surroundings gives the names among which a project's own marts have to find
// their places: everything that models may read, and everything that has a name.
func surroundings(ctx context.Context, e *duckdb.Engine, refs *reference.Tables, staging, marts []duckdb.Model) (own.Surroundings, error) {
	s := own.Surroundings{Taken: map[string]string{}, Reads: map[string][]string{}, Readable: subset.Relations{Instead: map[string]string{}}}
	for _, name := range publishedTables() {
		s.Taken[name] = "a table of the lake"
	}
	readable := []string{"params", "batches", "ledger"}
	for _, relation := range refs.Relations() {
		s.Taken[relation.Name] = "a reference table"
		readable = append(readable, relation.Name)
	}
	for _, models := range [][]duckdb.Model{staging, marts} {
		for _, model := range models {
			s.Taken[model.Name] = "the built-in model " + model.File
			readable = append(readable, model.Name)
			query, err := subset.Parse(ctx, e, model)
			if err != nil {
				return s, err
			}
			s.Reads[model.Name] = query.Reads()
		}
	}
	for _, mart := range marts {
		s.Marts = append(s.Marts, mart.Name)
	}
	for _, log := range contract.Logs() {
		s.Taken[log] = "a log"
		s.Readable.Instead[log] = "stg_" + log + " has each row once, in its newest version"
		c, err := contract.Load(log)
		if err != nil {
			return s, err
		}
		for _, column := range c.Columns {
			if column.Type == contract.Person {
				s.Personal, s.Persons = append(s.Personal, log), append(s.Persons, column.Name)
			}
		}
	}
	s.Readable.Names = readable
	return s, nil
}

// admitOwn takes the project's own marts among those of the run, if there is
// nothing against their texts: none of them has run yet.
func (r *run) admitOwn(ctx context.Context) error {
	if r.job.Own == nil {
		return nil
	}
	s, err := surroundings(ctx, r.engine, r.job.References, r.staging, r.marts)
	if err != nil {
		return err
	}
	r.marts = append(r.marts, r.job.Own.Models()...)
	return errors.Join(r.job.Own.Admit(ctx, r.engine, s, false)...)
}

// ownChecks gives what the rows of the project's own marts must keep, once the
// models have run, or what is against their columns.
func (r *run) ownChecks(ctx context.Context) ([]duckdb.Model, error) {
	if r.job.Own == nil {
		return nil, nil
	}
	misfits, err := r.job.Own.Fit(ctx, r.engine)
	if err := errors.Join(append(misfits, err)...); err != nil {
		return nil, err
	}
	var checks []duckdb.Model
	for _, rule := range r.job.Own.Rules() {
		checks = append(checks, rule.Model)
	}
	r.total += len(checks)
	return checks, nil
}

func (r *run) isOwn(mart string) bool {
	return r.job.Own != nil && slices.ContainsFunc(r.job.Own.Models(), func(model duckdb.Model) bool { return model.Name == mart })
}

// makeOwn computes a mart of the project as a table of the engine: it goes into a file when
// its rows have been judged.
func (r *run) makeOwn(ctx context.Context, mart duckdb.Model) error {
	if err := r.ready(ctx, mart.Name); err != nil {
		return err
	}
	return makeModel(ctx, r.engine, mart)
}

// storeOwn writes the project's own marts to files, which stand for their tables from then on.
func (r *run) storeOwn(ctx context.Context) error {
	for _, mart := range r.marts {
		if !r.isOwn(mart.Name) {
			continue
		}
		s := &martFiles{}
		var err error
		if s.schema, err = r.schemaOf(ctx, mart.Name); err != nil {
			return err
		}
		folder, err := r.job.Lake.Staging(mart.Name)
		if err != nil {
			return err
		}
		if s.files, err = r.copyWhole(ctx, mart, folder); err != nil {
			return err
		}
		if err := r.engine.Exec(ctx, "drop table "+duckdb.Name(mart.Name)); err != nil {
			return err
		}
		r.stored[mart.Name] = s
		if err := r.register(ctx, mart.Name); err != nil {
			return err
		}
	}
	return nil
}
