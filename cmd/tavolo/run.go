package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
)

// app is what every command gets: the streams, the persistent flags and the clock.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	clock          func() time.Time

	dir     string // --project
	verbose bool
	quiet   bool
	json    bool
}

// run is the whole program: args without the program's name in, exit status out.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, clock: clock}
	log.SetOutput(stderr) // a library tells there what it lives with, such as a hint that it could not write
	log.SetFlags(0)
	log.SetPrefix("tavolo: ")
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil {
		err = errInterrupted
	}
	a.complain(err)
	return exitStatus(err)
}

// clock is the time of day, or the moment that TAVOLO_NOW names (RFC 3339): a
// run can then be repeated to the byte.
func clock() time.Time {
	if now, err := time.Parse(time.RFC3339, os.Getenv("TAVOLO_NOW")); err == nil {
		return now
	}
	return time.Now()
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tavolo",
		Short: "From raw logs to reports that hold up in a meeting",
		Long: `tavolo measures, for every Italian territory, what the patronati contribute and
how well the service works. It ingests raw logs into a Parquet lake in which each
row is accounted for, computes a published catalogue of indicators in SQL, and
publishes reports that open from a file, without a network.

Start with "tavolo demo", which makes a synthetic country and its report, or with
"tavolo init", which makes a project for your own files.

` + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(cmd, err)
	})
	flags := root.PersistentFlags()
	flags.StringVarP(&a.dir, "project", "C", ".", "the project folder")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "say more of what is done")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print errors only")
	flags.BoolVar(&a.json, "json", false, "print results as JSON, for scripts")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if a.verbose && a.quiet {
			return usage(cmd, errors.New("--verbose and --quiet contradict each other"))
		}
		return nil
	}
	root.AddGroup(
		&cobra.Group{ID: "start", Title: "To begin with:"},
		&cobra.Group{ID: "job", Title: "The job, step by step or whole:"},
		&cobra.Group{ID: "history", Title: "What was published:"},
		&cobra.Group{ID: "ask", Title: "To ask:"},
	)
	for _, c := range []*cobra.Command{
		a.initCommand(), a.demoCommand(), a.checkCommand(),
		a.ingestCommand(), a.transformCommand(), a.publishCommand(), a.runCommand(),
		a.sourcesCommand(), a.sqlCommand(), a.kpiCommand(), a.statusCommand(), a.contractCommand(), a.ledgerCommand(), a.quarantineCommand(),
		a.publicationsCommand(), a.diffCommand(), a.verifyCommand(), a.territoriesCommand(), a.codesCommand(),
		a.versionCommand(),
	} {
		c.Args = usageArgs(c.Args)
		root.AddCommand(c)
	}
	return root
}

// open reads the project that --project names.
func (a *app) open() (*project.Project, error) { return project.Open(a.dir) }

// say prints a line about what is going on, unless --quiet or --json is given.
func (a *app) say(format string, args ...any) {
	if !a.quiet && !a.json {
		fmt.Fprintf(a.stdout, format+"\n", visible(args)...)
	}
}

// warn prints a line on standard error that names the program.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.stderr, "tavolo: "+format+"\n", visible(args)...)
}

// visible has the texts among the arguments of a format show control characters,
// which a file's name may hold as well as a value.
func visible(args []any) []any {
	shown := slices.Clone(args)
	for i, arg := range args {
		switch v := arg.(type) {
		case string:
			shown[i] = diagnostic.Visible(v)
		case error:
			shown[i] = diagnostic.Visible(v.Error())
		}
	}
	return shown
}

// complain prints an error in editor form, one line each, with its hints below it;
// a hint that follows from several errors stands below the last in a row of them.
// Nothing of the form of a codice fiscale is ever printed, whatever an error quotes.
func (a *app) complain(err error) {
	if err == nil {
		return
	}
	all := flatten(err)
	told := map[string]bool{}
	for i, one := range all {
		a.warn("%s", pseudonym.MaskCodes(one.Error()))
		hints := diagnostic.Hints(one)
		if i+1 < len(all) && slices.Equal(hints, diagnostic.Hints(all[i+1])) {
			continue
		}
		for _, hint := range hints {
			a.warn("hint: %s", pseudonym.MaskCodes(hint))
			told[hint] = true
		}
	}
	for _, hint := range diagnostic.Hints(err) { // of all the errors together
		if !told[hint] {
			a.warn("hint: %s", pseudonym.MaskCodes(hint))
		}
	}
	if isFullDisk(err) {
		a.warn(`hint: the disk is full; what was in force still is. Make room ("tavolo publications prune" removes old ones), and run the same again`)
	}
}

// flatten takes joined errors apart, each to be told on a line of its own.
func flatten(err error) []error {
	switch e := err.(type) {
	case *filesError:
		return flatten(e.error)
	case *statusError:
		if e.err == nil {
			return nil
		}
		return flatten(e.err)
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range joined.Unwrap() {
			all = append(all, flatten(one)...)
		}
		return all
	}
	return []error{err}
}
