package transform

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"time"

	"tavolo/ingest/lake"
	"tavolo/transform/duckdb"
)

// martFiles is a mart as it lies in files of the lake: those that the run has
// written, and those that it keeps of the run before.
type martFiles struct {
	schema  lake.Schema
	files   []string
	summary map[string]string // properties of its snapshot, beside the run's
	note    string            // how much of it was computed, after its name; "" for all
}

// unmade is a mart that is being computed.
type unmade struct {
	model  duckdb.Model
	months *monthwise // nil: it is stored as one file
	inputs string
}

// storeAll computes marts that do not read each other, as much of them as must be,
// straight into files that become their tables when everything is done, and lets all
// that reads them read these: what is checked and measured is what is published, and
// takes no memory meanwhile.
func (r *run) storeAll(ctx context.Context, marts []duckdb.Model) error {
	var computed []unmade
	for _, mart := range marts {
		before, err := r.storedBefore(ctx, mart.Name)
		if err != nil {
			return err
		}
		inputs := r.inputsOf(mart)
		if before != nil && before.Summary[inputsKey] == inputs {
			r.stored[mart.Name] = keepMart(before)
			r.step("model " + mart.Name + r.stored[mart.Name].note)
			continue
		}
		months, err := r.plan(ctx, mart, before)
		if err != nil {
			return err
		}
		if err := r.ready(ctx, mart.Name); err != nil {
			return err
		}
		computed = append(computed, unmade{mart, months, inputs})
	}
	slices.SortStableFunc(computed, func(a, b unmade) int { return cmp.Compare(r.work(b.model.Name), r.work(a.model.Name)) })
	files := make([]*martFiles, len(computed))
	err := r.inParallel(ctx, len(computed), func(ctx context.Context, i int) (err error) {
		if files[i], err = r.computeMart(ctx, computed[i]); err == nil {
			r.step("model " + computed[i].model.Name + files[i].note)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, one := range computed {
		r.stored[one.model.Name] = files[i]
	}
	for _, mart := range marts {
		if err := r.register(ctx, mart.Name); err != nil {
			return err
		}
	}
	return nil
}

// register lets all that reads a mart read its files.
func (r *run) register(ctx context.Context, mart string) error {
	s := r.stored[mart]
	return r.engine.Register(ctx, duckdb.Relation{Name: mart, Columns: engineColumns(s.schema), Files: s.files})
}

// work is how many rows of logs a model has to do with, as often as it reads them. Where
// it is large it begins first, so that no processor waits for one at the end.
func (r *run) work(model string) int64 {
	rows := r.rowsOf(model)
	for _, read := range r.reads[model] {
		rows += r.work(read)
	}
	return rows
}

// keepMart is a mart all of whose files stay.
func keepMart(before *lake.Snapshot) *martFiles {
	s := &martFiles{schema: before.Schema, summary: map[string]string{inputsKey: before.Summary[inputsKey]}, note: ", kept"}
	if fingerprint, ok := before.Summary[fingerprintKey]; ok {
		s.summary[fingerprintKey] = fingerprint
	}
	for _, file := range before.Files {
		s.files = append(s.files, file.Path)
	}
	return s
}

// computeMart writes the files of a mart. While it does, the mart's name stands for
// its query.
func (r *run) computeMart(ctx context.Context, mart unmade) (*martFiles, error) {
	name, m := mart.model.Name, mart.months
	if err := r.engine.View(ctx, mart.model); err != nil {
		return nil, err
	}
	s := &martFiles{summary: map[string]string{inputsKey: mart.inputs}, note: m.note()}
	var err error
	if s.schema, err = r.schemaOf(ctx, name); err != nil {
		return nil, err
	}
	folder, err := r.job.Lake.Staging(name)
	if err != nil {
		return nil, err
	}
	if m == nil {
		if s.files, err = r.copyWhole(ctx, mart.model, folder); err != nil {
			return nil, err
		}
	} else {
		s.summary[fingerprintKey] = m.fingerprint
		if s.files, err = r.copyMonths(ctx, mart.model, m, folder); err != nil {
			return nil, err
		}
		s.files = append(s.files, m.kept...)
	}
	return s, r.engine.Exec(ctx, "drop view "+duckdb.Name(name))
}

// copyWhole writes a mart to one file; none where it has no rows.
func (r *run) copyWhole(ctx context.Context, mart duckdb.Model, folder string) (files []string, err error) {
	file := filepath.Join(folder, mart.Name+".parquet")
	rows, err := r.engine.CopyModel(ctx, mart, file)
	if err != nil || rows == 0 {
		return nil, err
	}
	return []string{file}, nil
}

// schemaOf gives a relation's columns as the lake stores them.
func (r *run) schemaOf(ctx context.Context, name string) (lake.Schema, error) {
	schema := lake.Schema{Table: name}
	columns, err := r.engine.Columns(ctx, name)
	if err != nil {
		return schema, err
	}
	for _, column := range columns {
		schema.Columns = append(schema.Columns, lake.Column{Name: column.Name, Type: lake.Type(column.Type)})
	}
	return schema, nil
}

// monthly is from how many rows of a log on its months are computed one after the other:
// of fewer, to plan each costs more than to compute all.
const monthly = 1_000_000

// copyMonths computes the months of a mart that must be, a file each. Where a large log
// is filed by the months of the mart, a month reads no more than its own part of the
// log, and takes the memory of a month; else all are computed at once, and put in order.
func (r *run) copyMonths(ctx context.Context, mart duckdb.Model, m *monthwise, folder string) (files []string, err error) {
	from, months := mart, m.months
	switch {
	case m.isFiled && m.whole && r.rowsOf(m.log) >= monthly:
		months = r.filedMonths(m.log)
	case m.whole || !m.isFiled && len(months) > 0:
		from.Name = freshName(mart.Name)
		if err := r.engine.RunMonths(ctx, mart, from.Name, r.near(mart.Name, m), months...); err != nil {
			return nil, err
		}
		if months, err = r.monthsOf(ctx, from.Name); err != nil {
			return nil, err
		}
	}
	for _, month := range months {
		file := filepath.Join(folder, month.Format(time.DateOnly)+".parquet")
		rows, err := r.engine.CopyMonth(ctx, from, month, from.Name != mart.Name, file)
		if err != nil {
			return nil, err
		}
		if rows > 0 {
			files = append(files, file)
		}
	}
	if from.Name != mart.Name {
		return files, r.engine.Exec(ctx, "drop table "+duckdb.Name(from.Name))
	}
	return files, nil
}

// freshName is the table of the months of a mart that are computed.
func freshName(mart string) string { return "fresh_" + mart }

// filedMonths gives the months by which the rows of a log are filed, ascending.
func (r *run) filedMonths(log string) []time.Time {
	return slices.DeleteFunc(slices.Clone(r.inputs.months), func(month time.Time) bool {
		return !slices.ContainsFunc(r.inputs.files[log], func(file lake.File) bool { return file.Partition == month.Format(time.DateOnly) })
	})
}

// rowsOf is how many rows the files of a log hold.
func (r *run) rowsOf(log string) (rows int64) {
	for _, file := range r.inputs.files[log] {
		rows += file.Rows
	}
	return rows
}

// monthsOf gives the months that a relation has rows of, ascending.
func (r *run) monthsOf(ctx context.Context, relation string) (months []time.Time, err error) {
	answer, err := r.engine.Query(ctx, "select distinct month from "+duckdb.Name(relation)+" where month is not null order by month")
	if err != nil {
		return nil, err
	}
	for _, row := range answer.Rows {
		months = append(months, row[0].(time.Time))
	}
	return months, nil
}

// ready makes what is in staging that a model reads, each the first time that
// something reads it: a run that computes little makes little.
func (r *run) ready(ctx context.Context, model string) error {
	for _, read := range r.reads[model] {
		if !r.isStaging(read) || r.made[read] {
			continue
		}
		if err := r.ready(ctx, read); err != nil {
			return err
		}
		if err := makeModel(ctx, r.engine, r.models[read]); err != nil {
			return err
		}
		r.made[read] = true
	}
	return nil
}

func (r *run) isStaging(name string) bool {
	return slices.ContainsFunc(r.staging, func(model duckdb.Model) bool { return model.Name == name })
}
