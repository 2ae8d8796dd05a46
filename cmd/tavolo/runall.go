package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"tavolo/ingest/project"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "run",
		GroupID: "job",
		Short:   "Ingest, transform and publish: the whole job",
		Long: `run does what ingest, transform and publish do, in this order. Rows that are refused do
not stop it: the report is published from those that passed, its data-quality page tells
of the others, and the status is 3. A file that cannot be read does not stop it either,
and makes the status 1.

Exit status: 0 done · 1 error · 2 usage · 3 done, and rows were quarantined · 4 a check
failed, nothing was published · 5 the lake is in use · 130 interrupted.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			return a.runAll(cmd.Context(), p)
		},
	}
}

// runAll does the three steps. What ingest complains of is told at the end,
// unless it left nothing to go on with.
func (a *app) runAll(ctx context.Context, p *project.Project) error {
	files, err := chooseFiles(p, "", nil)
	if err != nil {
		return err
	}
	if _, err := a.boundaries(p); err != nil { // to be told now, and not when all else is done
		return err
	}
	refused := a.ingest(ctx, p, files, false)
	if !goesOn(refused) {
		return refused
	}
	if err := a.transform(ctx, p, false); err != nil {
		return errors.Join(refused, err)
	}
	if err := a.publish(ctx, p, publishing{}); err != nil {
		return errors.Join(refused, err)
	}
	return refused
}

// goesOn tells whether the job goes on after ingest ended with err: refused
// rows and unreadable files concern themselves alone. Of several errors that
// were joined, as runAll does, each must.
func goesOn(err error) bool {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		return !slices.ContainsFunc(several.Unwrap(), func(one error) bool { return !goesOn(one) })
	}
	var files *filesError
	var status *statusError
	return err == nil || errors.As(err, &files) || errors.As(err, &status) && status.status == exitQuarantined
}
