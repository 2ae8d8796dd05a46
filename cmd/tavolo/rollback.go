package main

import (
	"errors"

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
	a.say("in force: publication %s of %s", now.ID, localTime(now.WrittenAt))
	if before.ID != "" {
		a.say("  until now it was %s", before.ID)
	}
	return nil
}
