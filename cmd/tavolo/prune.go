package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/reports/publication"
	"tavolo/transform"
)

func (a *app) pruneCommand() *cobra.Command {
	var keep int
	var dry bool
	cmd := &cobra.Command{
		Use:   "prune --keep N",
		Short: "Remove old publications",
		Long: `prune removes all publications but the newest N and the one in force, and says which.
The versions of marts and results in the lake that no publication needs any more go with
them: what is needed is what those that stay show, and what they restate. Logs and ledger
stay as they are, whatever is removed.

Exit status: 0 done · 1 error, or a publication that cannot be read · 2 usage ·
5 the lake or the publications are in use.`,
		Example: "  tavolo publications prune --keep 12 --dry-run",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if keep < 1 {
				return usage(cmd, errors.New("--keep is missing: how many publications stay, 1 or more"))
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			return a.prune(cmd.Context(), p, keep, dry)
		},
	}
	cmd.Flags().IntVar(&keep, "keep", 0, "how many of the newest publications stay")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would go, and remove nothing")
	return cmd
}

// pruned is what prune prints as JSON.
type pruned struct {
	Removed []string          `json:"removed"`
	DryRun  bool              `json:"dry_run"`
	Expired transform.Expired `json:"expired"` // versions of tables of the lake
}

func (a *app) prune(ctx context.Context, p *project.Project, keep int, dry bool) error {
	dir := p.Dir.Publications()
	l, err := lake.Open(ctx, p.Dir.Lake(), lake.Options{ReadOnly: dry, Clock: a.clock})
	if err != nil && !errors.Is(err, lake.ErrNoLake) {
		return err
	}
	if l != nil {
		defer l.Close()
	}
	gone, err := publication.Prune(dir, keep, dry)
	if err != nil {
		return diagnostic.Hinted(err, "\"tavolo publications\" lists what there is")
	}
	found := pruned{Removed: []string{}, DryRun: dry}
	for _, m := range gone {
		found.Removed = append(found.Removed, m.ID)
	}
	if l != nil {
		runs, err := neededRuns(dir, gone)
		if err != nil {
			return err
		}
		if found.Expired, err = transform.Expire(ctx, l, runs, dry); err != nil {
			return err
		}
	}
	if a.json {
		return a.printJSON(found)
	}
	a.tellPruned(gone, found)
	return nil
}

// neededRuns gives the runs that the publications need which stay when some go:
// their own, and those of the publications before, whose figures they compare with.
func neededRuns(dir string, gone []publication.Manifest) ([]string, error) {
	all, err := publication.List(dir)
	if err != nil {
		return nil, err
	}
	removed := map[string]bool{}
	for _, m := range gone {
		removed[m.ID] = true
	}
	var runs []string
	for _, m := range all {
		if removed[m.ID] { // of a dry run
			continue
		}
		runs = append(runs, m.RunID)
		if m.Previous != nil {
			runs = append(runs, m.Previous.RunID)
		}
	}
	return runs, nil
}

func (a *app) tellPruned(gone []publication.Manifest, found pruned) {
	verb := "removed"
	if found.DryRun {
		verb = "would remove"
	}
	var size int64
	for _, m := range gone {
		size += m.Bytes()
		a.say("%s %s of %s, %s", verb, m.ID, localTime(m.WrittenAt), megabytes(m.Bytes()))
	}
	a.say("%s %s, %s", verb, count(len(gone), "publication"), megabytes(size))
	switch {
	case found.Expired.Versions > 0 && found.DryRun:
		a.say("%s %s of tables of the lake", verb, count(found.Expired.Versions, "version"))
	case found.Expired.Versions > 0:
		a.say("%s %s of tables of the lake, %s", verb, count(found.Expired.Versions, "version"), megabytes(found.Expired.Bytes))
	}
}
