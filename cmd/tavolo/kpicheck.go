package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/sql"
	"tavolo/transform"
	"tavolo/transform/own"
)

func (a *app) kpiCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check [FILES]",
		Short: "Say everything that is against the indicators that the project adds",
		Long: `check looks at the project's own indicators (kpis.yml, kpis/*.sql and the .yml beside
them) and publishes nothing. It reads the entries, holds the SQL to the subset that all
engines share and to relations that a mart may read, runs it over the lake's newest rows
(over empty tables where there are none), and looks whether the grain is what it is said
to be, months and territories are known, and no count, share or distribution leaves its
domain. What it finds is told all together, each with file, line and column. With FILES
only what is against these is told.

The same is demanded by "tavolo transform" before it computes anything.

Exit status: 0 nothing is against them · 1 something is, or another error · 2 usage ·
130 interrupted.`,
		Example: "  tavolo kpi check\n  tavolo kpi check kpis/late_answers.sql",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			indicators, form := a.ownIndicators(p)
			if indicators == nil {
				return form
			}
			only, err := chosenFiles(p, indicators, args)
			if err != nil {
				return usage(cmd, err)
			}
			report, err := a.checkOwn(cmd.Context(), p, indicators)
			if err != nil {
				return err
			}
			report.Problems = onlyIn(only, append(flattenAll(form), report.Problems...))
			return a.tellOwnCheck(p, indicators, report, only)
		},
	}
}

// chosenFiles gives the files named on the command line as messages name them;
// none stands for all.
func chosenFiles(p *project.Project, indicators *own.Indicators, args []string) ([]string, error) {
	known := []string{p.Dir.OwnIndicators()}
	for _, mart := range indicators.Marts {
		known = append(known, mart.File, mart.DescriptionFile())
	}
	var chosen []string
	for _, arg := range args {
		i := slices.IndexFunc(known, func(file string) bool { return sameFile(file, arg) })
		if i < 0 {
			return nil, fmt.Errorf("%s: not one of the project's own indicators, which are %s and the files in %s",
				arg, p.Dir.OwnIndicators(), p.Dir.OwnMarts())
		}
		chosen = append(chosen, known[i])
	}
	return chosen, nil
}

func sameFile(a, b string) bool {
	full, err := filepath.Abs(a)
	other, err2 := filepath.Abs(b)
	return err == nil && err2 == nil && full == other
}

func flattenAll(err error) []error {
	if err == nil {
		return nil
	}
	return flatten(err)
}

// onlyIn gives the problems of some files; all, where no file was chosen.
func onlyIn(files []string, problems []error) []error {
	if len(files) == 0 {
		return problems
	}
	return slices.DeleteFunc(problems, func(problem error) bool {
		var placed *diagnostic.Error
		return errors.As(problem, &placed) && !slices.Contains(files, placed.File)
	})
}

func (a *app) checkOwn(ctx context.Context, p *project.Project, indicators *own.Indicators) (*transform.OwnReport, error) {
	refs, err := a.references(p)
	if err != nil {
		return nil, err
	}
	l, err := lake.Open(ctx, p.Dir.Lake(), lake.Options{ReadOnly: true, Clock: a.clock})
	if errors.Is(err, lake.ErrNoLake) {
		l = nil
	} else if err != nil {
		return nil, err
	} else {
		defer l.Close()
	}
	return transform.OwnCheck{
		Lake: l, References: refs, SQL: sql.Files, Own: indicators,
		Parameters: a.parameters(p), Engine: engine(p), Clock: a.clock,
	}.Run(ctx)
}

// problemReport is one problem in the JSON that check prints.
type problemReport struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// ownCheckReport is what check prints with --json.
type ownCheckReport struct {
	Problems   []problemReport `json:"problems"`
	Marts      []martReport    `json:"marts"`
	Indicators []string        `json:"indicators"`
	EmptyLake  bool            `json:"empty_lake"`
}

type martReport struct {
	Mart   string `json:"mart"`
	File   string `json:"file"`
	Rows   int64  `json:"rows"`
	Months int64  `json:"months"`
}

// tellOwnCheck prints what was found, in all files or in some; the error has the
// problems, if there are any.
func (a *app) tellOwnCheck(p *project.Project, indicators *own.Indicators, report *transform.OwnReport, only []string) error {
	if a.json {
		if err := a.printJSON(reportOfOwnCheck(indicators, report)); err != nil {
			return err
		}
		if len(report.Problems) > 0 {
			return &statusError{status: exitError}
		}
		return nil
	}
	for _, mart := range report.Marts {
		a.say("%s: %s over %s", mart.File, count(int(mart.Rows), "row"), count(int(mart.Months), "month"))
	}
	switch {
	case len(report.Problems) > 0:
		return errors.Join(report.Problems...)
	case len(only) > 0:
		a.say("nothing is against %s", strings.Join(only, ", "))
	case len(indicators.Entries) == 0 && len(indicators.Marts) == 0:
		a.say("the project adds no indicators; %s holds an example", p.Dir.OwnIndicators())
	case report.Empty:
		a.say("nothing is against %s; the lake has no rows to look at", count(len(indicators.Entries), "indicator"))
	default:
		a.say("nothing is against %s", count(len(indicators.Entries), "indicator"))
	}
	return nil
}

func reportOfOwnCheck(indicators *own.Indicators, report *transform.OwnReport) ownCheckReport {
	out := ownCheckReport{Problems: []problemReport{}, Marts: []martReport{}, Indicators: []string{}, EmptyLake: report.Empty}
	for _, problem := range report.Problems {
		one := problemReport{Message: problem.Error()}
		var placed *diagnostic.Error
		if errors.As(problem, &placed) {
			message := *placed
			message.File = ""
			one = problemReport{placed.File, placed.Line, placed.Col, message.Error(), placed.Hint}
		}
		out.Problems = append(out.Problems, one)
	}
	for _, mart := range report.Marts {
		out.Marts = append(out.Marts, martReport{mart.Name, mart.File, mart.Rows, mart.Months})
	}
	for _, entry := range indicators.Entries {
		out.Indicators = append(out.Indicators, entry.ID)
	}
	return out
}
