package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/ingest/reference"
	"tavolo/reports/publication"
	"tavolo/transform"
	"tavolo/transform/kpi"
	"tavolo/transform/restatement"
)

// diffFlags are the flags of diff as they were given.
type diffFlags struct {
	indicator, territory, lang string
	months, csv                bool
	limit                      int
}

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:     "diff [A [B]]",
		GroupID: "history",
		Short:   "Tell which figures moved between two publications, and which files moved them",
		Long: `diff compares what two publications showed: by default the one that was in force before
(previous) with the one in force (current). For each figure that moved it tells from what
to what and by how much, whether its class changed, why, and which files came between the
two that hold rows of its territory and months. The heaviest moves come first: how far
the value moved over half the width of its 95% interval.

A figure of a period that was over and mature is restated. It is maturing when the
earlier publication said that it was immature. Figures of months that followed are new,
and only counted. A figure that is withheld in either publication is shown as withheld,
without numbers and files, whatever the other one said. Where no file is named, the
figure moved because its definition, a reference table or the day of the run changed.

Exit status: 0 done, whether figures moved or not · 1 no such publication, or its figures
are known no more · 2 usage · 130 interrupted.`,
		Example: "  tavolo diff\n  tavolo diff previous current --indicator no_show_rate --territory lazio\n  tavolo diff 20260301 current --csv > moves.csv",
		Args:    cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkLanguage(cmd, f.lang); err != nil {
				return err
			}
			if f.csv && a.json {
				return usage(cmd, errors.New("--csv and --json contradict each other"))
			}
			names := []string{"previous", "current"}
			copy(names, args)
			return a.diff(cmd.Context(), names[0], names[1], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.indicator, "indicator", "", "only this indicator")
	flags.StringVar(&f.territory, "territory", "", "only this territory: code, sigla or name of a province, a region or Italy")
	flags.BoolVar(&f.months, "months", false, "only figures of months, all together: what the restatements of the report are")
	flags.IntVar(&f.limit, "limit", 40, "how many moves to print, 0 for all; --csv and --json give all")
	flags.BoolVar(&f.csv, "csv", false, "print every move as CSV")
	languageFlag(cmd, &f.lang)
	return cmd
}

// difference is what diff found.
type difference struct {
	*restatement.Comparison
	before, after publication.Manifest
	refs          *reference.Tables
	catalogue     *kpi.Catalogue
	unattributed  error    // why no files are named; nil when they are
	changed       []string // indicators that are defined in another way
}

func (a *app) diff(ctx context.Context, before, after string, f diffFlags) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	d := &difference{}
	dir := p.Dir.Publications()
	if d.before, err = findPublication(dir, before); err != nil {
		return err
	}
	if d.after, err = findPublication(dir, after); err != nil {
		return err
	}
	if d.refs, err = a.references(p); err != nil {
		return err
	}
	indicators, err := a.indicators(p)
	if err != nil {
		return err
	}
	d.catalogue = indicators.Catalogue
	keep, err := f.filter(d)
	if err != nil {
		return err
	}
	if err := a.compare(ctx, p, d, keep); err != nil {
		return err
	}
	switch {
	case a.json:
		return a.printJSON(d.report())
	case f.csv:
		return d.writeCSV(a.stdout)
	}
	return d.print(a.stdout, f.lang, f.limit)
}

// filter tells which moves are asked for.
func (f diffFlags) filter(d *difference) (func(restatement.Move) bool, error) {
	territory := ""
	if f.indicator != "" {
		if _, err := findIndicator(d.catalogue, f.indicator); err != nil {
			return nil, err
		}
	}
	if f.territory != "" {
		code, err := resolveTerritory(d.refs, f.territory)
		if err != nil {
			return nil, err
		}
		territory = code
	}
	return func(m restatement.Move) bool {
		c := m.Cell()
		return (f.indicator == "" || c.Indicator == f.indicator) && (territory == "" || c.Territory == territory) &&
			(!f.months || c.Grain == "month" && c.Breakdown == "")
	}, nil
}

// compare compares the figures of the two publications, and names the files
// behind the moves that are asked for.
func (a *app) compare(ctx context.Context, p *project.Project, d *difference, keep func(restatement.Move) bool) error {
	l, err := a.openLake(ctx, p, lake.Options{ReadOnly: true, Clock: a.clock})
	if err != nil {
		return err
	}
	defer l.Close()
	from, err := publication.Describe(p.Dir.Publications(), d.before)
	if err != nil {
		return err
	}
	to, err := publication.Describe(p.Dir.Publications(), d.after)
	if err != nil {
		return err
	}
	before, err := publishedFigures(ctx, p, l, from)
	if err != nil {
		return err
	}
	after, err := publishedFigures(ctx, p, l, to)
	if err != nil {
		return err
	}
	d.Comparison = restatement.Compare(before, after)
	d.Moves = slices.DeleteFunc(d.Moves, func(m restatement.Move) bool { return !keep(m) })
	if d.backwards() { // what came between is the same
		from, to = to, from
	}
	err = attribute(ctx, p, l, d.refs, a.parameters(p), editionOf(from), editionOf(to), d.Moves)
	if err == nil {
		d.changed, err = transform.ChangedDefinitions(ctx, l, from.Results, to.Results)
	}
	if isForgotten(err) {
		d.unattributed, err = err, nil
	}
	return err
}

// backwards says that the publications were given with the later one first.
func (d *difference) backwards() bool { return d.after.WrittenAt.Before(d.before.WrittenAt) }

// periodText is the period of a move with its breakdown: "2024-03", "2024, patronato INCA".
func periodText(m *restatement.Move) string {
	c := m.Cell()
	return fmt.Sprintf("%s%s", periodLabel(c), itemLabel(c))
}
