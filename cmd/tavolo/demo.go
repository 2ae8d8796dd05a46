package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/project"
	"tavolo/ingest/synthetic"
)

//go:embed demo.yaml
var demoConfig string

func (a *app) demoCommand() *cobra.Command {
	var options synthetic.Options
	cmd := &cobra.Command{
		Use:     "demo [DIR]",
		GroupID: "start",
		Short:   "Make a synthetic country, and its report",
		Long: `demo makes a project in DIR (default: tavolo-demo) and fills it with a synthetic
country: two years of the six logs for 107 provinces, as ordinary source files in the
shapes that offices really send, bad rows included. Then it does what "tavolo run" does
and says where the report is.

Some things in that country are true by construction: three provinces where more
appointments are missed, a region whose answers become faster, a measure whose training
came late in the South, and so on. truth.json lists them; the report finds them.
With --plain nothing is, and the report shows how chance looks. Everything is labelled
synthetic, on every page. The same seed gives the same files.

Exit status: 0 done · 1 error · 2 usage · 4 a check failed · 130 interrupted.`,
		Example: "  tavolo demo\n  tavolo demo --rows 3000000 large",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "tavolo-demo"
			if len(args) == 1 {
				dir = args[0]
			}
			if options.Rows < 0 {
				return usage(cmd, fmt.Errorf("--rows %d: below 0", options.Rows))
			}
			return a.demo(cmd.Context(), dir, options)
		},
	}
	cmd.Flags().IntVar(&options.Rows, "rows", 300_000, "about how many rows to make, all logs together")
	cmd.Flags().BoolVar(&options.Plain, "plain", false, "make nothing true by construction: what differs, differs by chance")
	cmd.Flags().Uint64Var(&options.Seed, "seed", 1, "which country to make")
	return cmd
}

func (a *app) demo(ctx context.Context, dir string, options synthetic.Options) error {
	if err := mustBeEmpty(dir); err != nil {
		return err
	}
	started := time.Now()
	p, err := project.Init(dir, []byte(demoConfig+synthetic.Sources()))
	if err != nil {
		return err
	}
	refs, err := a.references(nil)
	if err != nil {
		return err
	}
	options.References = refs
	truth, err := synthetic.Write(ctx, dir, options)
	if err != nil {
		return err
	}
	a.say("made a synthetic country in %s: %s in %s, in %s", dir, count(truth.Rows, "row"),
		count(len(truth.Files), "file"), time.Since(started).Round(10*time.Millisecond))
	if err := a.runAll(ctx, p); !goesOn(err) {
		return err
	}
	a.say("done in %s. To try next:", time.Since(started).Round(100*time.Millisecond))
	for _, line := range []string{
		`-C ` + dir + ` status`,
		`-C ` + dir + ` sql "select channel, count(*) as contacts from interactions group by channel order by contacts desc"`,
		`-C ` + dir + ` quarantine list`,
		`contract bookings`,
		`territories NA`,
	} {
		a.say("  %s %s", programName(), line)
	}
	return nil
}

// programName is how the user called the program, so that what it proposes can
// be typed as it stands.
func programName() string {
	if name := os.Args[0]; filepath.Base(name) == "tavolo" {
		return name
	}
	return "tavolo"
}

// mustBeEmpty refuses to make a demo in a folder that holds something.
func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	return &diagnostic.Error{File: dir, Msg: "the folder is not empty", Hint: "name another, or remove it first"}
}
