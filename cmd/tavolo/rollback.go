package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/reports/publication"
)

func (a *app) rollbackCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rollback PUBLICATION",
		Short: "Bring an earlier publication into force",
		Long: `rollback brings a publication into force again, by one rename, after it has read every
byte of it: one that is not as its manifest says is refused, and the one in force stays.
The lake and the results are as they were, so that the next publish brings a new one
into force; going forward again is a rollback to the later one.

Exit status: 0 done · 1 error, or the publication is damaged · 2 usage · 5 another
process is publishing.`,
		Example: "  tavolo publications rollback previous",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			return a.rollback(p.Dir.Publications(), args[0])
		},
	}
}

func (a *app) rollback(dir, name string) error {
	m, err := findPublication(dir, name)
	if err != nil {
		return err
	}
	now, before, err := publication.Rollback(dir, m.ID)
	var damaged *publication.DamagedError
	if errors.As(err, &damaged) {
		return diagnostic.Hinted(err, "\"tavolo verify "+m.ID+"\" names every file that is not as it was")
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]string{"in_force": now.ID, "before": before.ID})
	}
	if now.ID == before.ID {
		a.say("%s is in force already", now.ID)
		return nil
	}
	a.say("in force: publication %s of %s", now.ID, now.WrittenAt.In(rome()).Format("2006-01-02 15:04"))
	if before.ID != "" {
		a.say("  until now it was %s", before.ID)
	}
	return nil
}

func (a *app) pruneCommand() *cobra.Command {
	var keep int
	var dry bool
	cmd := &cobra.Command{
		Use:   "prune --keep N",
		Short: "Remove old publications",
		Long: `prune removes all publications but the newest N and the one in force, and says which.
What their figures were is then known from the lake alone, as long as it keeps the
versions of its tables; the ledger, and with it every batch, stays whatever is removed.

Exit status: 0 done · 1 error, or a publication that cannot be read · 2 usage ·
5 another process is publishing.`,
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
			return a.prune(p.Dir.Publications(), keep, dry)
		},
	}
	cmd.Flags().IntVar(&keep, "keep", 0, "how many of the newest publications stay")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would go, and remove nothing")
	return cmd
}

func (a *app) prune(dir string, keep int, dry bool) error {
	gone, err := publication.Prune(dir, keep, dry)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return diagnostic.Hinted(err, "\"tavolo publications\" lists what there is")
	}
	if a.json {
		removed := []string{}
		for _, m := range gone {
			removed = append(removed, m.ID)
		}
		return a.printJSON(map[string]any{"removed": removed, "dry_run": dry})
	}
	verb := "removed"
	if dry {
		verb = "would remove"
	}
	var size int64
	for _, m := range gone {
		size += m.Bytes()
		a.say("%s %s of %s, %s", verb, m.ID, m.WrittenAt.In(rome()).Format("2006-01-02 15:04"), megabytes(m.Bytes()))
	}
	a.say("%s", fmt.Sprintf("%s %s, %s", verb, count(len(gone), "publication"), megabytes(size)))
	return nil
}
