package main

import (
	"github.com/spf13/cobra"

	"tavolo/ingest/project"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "init [DIR]",
		GroupID: "start",
		Short:   "Make a project folder for your own files",
		Long: `init makes a project folder (the current one, or DIR): a commented tavolo.yaml, the
folders for source files, refused rows and publications, and the key from which the
pseudonyms of persons are made. Nothing that exists is overwritten.

The key (person.key, readable by you alone) is not part of the lake: whoever has the
lake without it cannot tell who a person is, and who loses it can never again join new
rows to old ones, for a lake takes rows under one key alone. Keep a copy in a safe
place. The environment variable ` + project.KeyVariable + ` may hold it instead.

Exit status: 0 done · 1 error · 2 usage.`,
		Example: "  tavolo init veneto\n  tavolo init && $EDITOR tavolo.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := a.dir
			if len(args) == 1 {
				dir = args[0]
			}
			p, err := project.Init(dir, nil)
			if err != nil {
				return err
			}
			a.say("%s is ready. Next:", p.Dir.Config())
			a.say("  1. put source files into %s", p.Dir.Drops())
			a.say("  2. describe them under sources in %s; \"tavolo sources suggest FILE\" writes a first entry", p.Dir.Config())
			a.say("  3. tavolo --project %s run", dir)
			return nil
		},
	}
}
