package transform

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"tavolo/ingest"
	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/reference"
	"tavolo/transform/duckdb"
	"tavolo/transform/own"
	"tavolo/transform/subset"
)

// OwnCheck looks at what a project adds, and publishes nothing.
type OwnCheck struct {
	// Lake may be nil: the marts then run over empty tables, and only their rows
	// are not known.
	Lake       *lake.Lake
	References *reference.Tables
	SQL        fs.FS // as of Job
	Own        *own.Indicators
	Parameters Parameters
	Engine     duckdb.Options
	Clock      func() time.Time // time.Now when nil
}

// OwnReport says what a check of a project's own indicators looked at.
type OwnReport struct {
	Marts    []OwnMart
	Problems []error // each a *diagnostic.Error; none when all is well
	Empty    bool    // no rows were there to be looked at
}

// OwnMart is a mart of a project, as it came out.
type OwnMart struct {
	Name   string
	File   string
	Rows   int64
	Months int64 // with rows
}

// Run looks at everything, the texts, what the engine says, columns and rows,
// and collects what is wrong in the order of files and lines. What is wrong with one mart does not
// keep the others from being looked at. The error is of the lake or the engine.
func (o OwnCheck) Run(ctx context.Context) (*OwnReport, error) {
	e, err := duckdb.Open(o.Engine)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	c := &ownCheck{OwnCheck: o, engine: e, report: &OwnReport{}}
	for folder, models := range map[string]*[]duckdb.Model{stagingFolder: &c.staging, martsFolder: &c.marts} {
		if *models, err = readModels(o.SQL, folder); err != nil {
			return nil, err
		}
	}
	s, err := surroundings(ctx, e, o.References, c.staging, c.marts)
	if err != nil {
		return nil, err
	}
	c.report.Problems = o.Own.Admit(ctx, e, s, true)
	for _, step := range []func(context.Context) error{c.inputs, c.models, c.columns, c.rows} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(c.report.Problems, byPlace)
	return c.report, nil
}

// byPlace is the order of complaints in the order of files and lines.
func byPlace(a, b error) int {
	var one, other *diagnostic.Error
	if !errors.As(a, &one) || !errors.As(b, &other) {
		return 0
	}
	return cmp.Or(strings.Compare(one.File, other.File), cmp.Compare(one.Line, other.Line), cmp.Compare(one.Col, other.Col))
}

// ownCheck is a check under way.
type ownCheck struct {
	OwnCheck
	engine         *duckdb.Engine
	staging, marts []duckdb.Model
	report         *OwnReport
}

// inputs registers the lake, or what an empty one would have, and fences the
// engine in.
func (c *ownCheck) inputs(ctx context.Context) error {
	bound := c.Parameters.AsOf
	if bound.IsZero() {
		bound = now(c.Clock)
	}
	in, err := registerLake(ctx, c.engine, c.Lake, c.References)
	if err != nil {
		return err
	}
	at, err := findHorizon(ctx, c.engine, c.Parameters, bound, in.months)
	if errors.Is(err, ErrEmpty) {
		c.report.Empty = true
		month := firstOfMonth(bound)
		at, err = horizon{dataUntil: bound.UTC(), asOf: month, first: month, last: month}, nil
	}
	if err != nil {
		return err
	}
	if err := c.engine.Create(ctx, c.Parameters.table(at)); err != nil {
		return err
	}
	return c.engine.Seal(ctx)
}

func now(clock func() time.Time) time.Time {
	if clock == nil {
		return time.Now()
	}
	return clock()
}

// registerLake is registerInputs, also of a lake that is not there yet.
func registerLake(ctx context.Context, e *duckdb.Engine, l *lake.Lake, refs *reference.Tables) (inputs, error) {
	if l != nil {
		return registerInputs(ctx, e, l, refs)
	}
	for _, log := range contract.Logs() {
		c, err := contract.Load(log)
		if err != nil {
			return inputs{}, err
		}
		if err := e.Register(ctx, duckdb.Relation{Name: log, Columns: engineColumns(ingest.TableSchema(c))}); err != nil {
			return inputs{}, err
		}
	}
	for _, table := range slices.Concat([]duckdb.Table{ledgerTable(nil), batchTable(nil)}, referenceTables(refs)) {
		if err := e.Create(ctx, table); err != nil {
			return inputs{}, err
		}
	}
	return inputs{}, nil
}

// models runs the project's marts and what they, and the entries, read. What the
// engine has against one of them is a problem, and what reads it is left out.
func (c *ownCheck) models(ctx context.Context) error {
	order, err := ordered(ctx, c.engine, slices.Concat(c.staging, c.marts, c.Own.Models()))
	if err != nil {
		c.report.Problems = append(c.report.Problems, err) // a circle: there is no order to run anything in
		return nil
	}
	reads := map[string][]string{}
	needed := map[string]bool{}
	for _, name := range c.Own.Uses() {
		needed[name] = true
	}
	for _, model := range slices.Backward(order) {
		if !needed[model.Name] {
			continue
		}
		query, err := subset.Parse(ctx, c.engine, model)
		if err != nil {
			return err
		}
		reads[model.Name] = query.Reads()
		for _, read := range query.Reads() {
			needed[read] = true
		}
	}
	failed := map[string]bool{}
	for _, model := range order {
		if !needed[model.Name] {
			continue
		}
		if failed[model.Name] = slices.ContainsFunc(reads[model.Name], func(read string) bool { return failed[read] }); failed[model.Name] {
			continue
		}
		err := makeModel(ctx, c.engine, model)
		var placed *diagnostic.Error
		switch {
		case errors.As(err, &placed):
			failed[model.Name] = true
			c.report.Problems = append(c.report.Problems, err)
		case err != nil:
			return err
		}
	}
	return nil
}

func (c *ownCheck) columns(ctx context.Context) error {
	misfits, err := c.Own.Fit(ctx, c.engine)
	c.report.Problems = append(c.report.Problems, misfits...)
	return err
}

// rows puts the rules to the rows, where the columns that they ask for are there.
func (c *ownCheck) rows(ctx context.Context) error {
	for _, rule := range c.Own.Rules() {
		found, err := runCheck(ctx, c.engine, rule.Model)
		var placed *diagnostic.Error
		if errors.As(err, &placed) {
			continue // a column is missing or of a wrong type, which is told already
		}
		if err != nil {
			return err
		}
		if found.Rows > 0 {
			c.report.Problems = append(c.report.Problems, &diagnostic.Error{
				File: rule.File, Line: rule.Line, Col: rule.Col, Hint: rule.Hint, Msg: describeBreach(found),
			})
		}
	}
	for _, mart := range c.Own.Marts {
		answer, err := c.engine.Query(ctx, fmt.Sprintf("select count(*), count(distinct month) from %s", duckdb.Name(mart.Name)))
		if err != nil {
			continue // the mart could not be made, which is told already
		}
		c.report.Marts = append(c.report.Marts, OwnMart{mart.Name, mart.File, answer.Rows[0][0].(int64), answer.Rows[0][1].(int64)})
	}
	return nil
}

// describeBreach says how many rows break a rule, and names the first.
func describeBreach(found FailedCheck) string {
	text := fmt.Sprintf("%d rows break it", found.Rows)
	if found.Rows == 1 {
		text = "1 row breaks it"
	}
	text += ": " + found.Title
	for i, value := range found.Sample[0] {
		if i == 0 {
			text += " The first:"
		}
		text += " " + found.Columns[i] + "=" + value
	}
	return text
}
