package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/sql"
	"tavolo/transform"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/own"
)

func (a *app) transformCommand() *cobra.Command {
	var whole bool
	cmd := &cobra.Command{
		Use:     "transform",
		GroupID: "job",
		Short:   "Compute the indicators from the lake, and check them",
		Long: `transform runs the SQL models over the lake's present snapshot, runs every check, and
computes the indicators with their intervals, limits and signals. Only when every check
holds are the results stored, as tables of the lake that "tavolo sql" can ask. The
project's own indicators (kpis.yml and kpis/) are judged as "tavolo kpi check" does.

Of the large marts only the months are computed that rows have come to since the last
run, or that were not over or not settled on its day, and what follows from the same as
in the last run, marts, checks and indicators, is kept. The result is the same; with
--whole everything is computed.

Exit status: 0 done · 1 error · 2 usage · 4 a check failed: it is named with the first
rows that break it, and the last results stay · 5 the lake is in use · 130 interrupted.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			return a.transform(cmd.Context(), p, whole)
		},
	}
	cmd.Flags().BoolVar(&whole, "whole", false, "compute everything, also what nothing has come to")
	return cmd
}

// transform computes the indicators; whole has no month kept from the run before.
func (a *app) transform(ctx context.Context, p *project.Project, whole bool) error {
	refs, err := a.references(p)
	if err != nil {
		return err
	}
	indicators, err := a.indicators(p)
	if err != nil {
		return err
	}
	l, err := a.openLake(ctx, p, lake.Options{Clock: a.clock})
	if err != nil {
		return err
	}
	defer l.Close()
	job := &transform.Job{
		Lake: l, References: refs, SQL: sql.Files, Catalogue: indicators.Catalogue, Own: indicators,
		Parameters: a.parameters(p), Engine: engine(p), Quarantine: p.Dir.Quarantine(),
		Clock: a.clock, RunID: runID(a.clock()), Program: program(), Versions: versions(),
		Owner: p.Owner, Synthetic: p.Synthetic, Progress: a.step, Whole: whole,
	}
	started := time.Now()
	outcome, err := job.Run(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(outcome)
	}
	a.say("computed %s over %s in %s; %s hold", count(outcome.Indicators, "indicator"),
		count(outcome.Cells, "figure"), time.Since(started).Round(10*time.Millisecond), count(outcome.Checks, "check"))
	if a.verbose {
		a.say("  withheld to protect persons: %s, and of %s the counts alone; small counts that follow all the same: %d; shown by earlier runs as they are: %s",
			count(outcome.Hidden, "figure"), count(outcome.Uncounted, "other"), outcome.Unproven, group(outcome.Known))
	}
	return nil
}

// step tells of one step of the computation, for those who want to see it.
func (a *app) step(name string, done, total int) {
	if a.verbose {
		a.say("%4d/%d %s", done, total, name)
	}
}

// parameters gives the numbers that the definitions depend on, from the configuration.
func (a *app) parameters(p *project.Project) transform.Parameters {
	return transform.Parameters{
		AsOf:                  p.Day(a.clock, rome()),
		StandardWorkingDays:   p.Standards.AppointmentWorkingDays,
		ResponseStandardHours: p.Standards.ResponseHours,
		DecisionStandardDays:  p.Standards.DecisionDays,
		FollowUpDays:          p.Standards.FollowUpDays,
		TablesPerHalfYear:     p.Standards.TablesPerHalfYear,
		DisclosureThreshold:   p.Config.Disclosure.Threshold,
	}
}

// engine gives the bounds of the SQL engine, from the configuration.
func engine(p *project.Project) duckdb.Options {
	memory := p.Config.Engine.Memory
	if memory == "" {
		memory = "2GB"
	}
	return duckdb.Options{MemoryLimit: memory, Threads: p.Config.Engine.Threads, TempDir: p.Dir.Temp()}
}

// indicators gives the built-in indicators and the project's own, with the
// project's targets.
func (a *app) indicators(p *project.Project) (*own.Indicators, error) {
	indicators, err := a.ownIndicators(p)
	if err != nil {
		return nil, err
	}
	indicators.Catalogue, err = indicators.Catalogue.WithTargets(p.Targets)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Dir.Config(), err)
	}
	return indicators, nil
}

// ownIndicators gives the built-in indicators and the project's own, as far as
// they can be read, beside everything that is wrong with their form.
func (a *app) ownIndicators(p *project.Project) (*own.Indicators, error) {
	builtIn, err := builtInIndicators()
	if err != nil {
		return nil, err
	}
	return own.Read(p.Dir.OwnMarts(), p.Dir.OwnIndicators(), builtIn)
}

func builtInIndicators() (*kpi.Catalogue, error) {
	text, err := sql.Files.ReadFile("kpis.yml")
	if err != nil {
		return nil, err
	}
	return kpi.Parse("sql/kpis.yml", text)
}
