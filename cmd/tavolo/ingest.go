package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
)

func (a *app) ingestCommand() *cobra.Command {
	var source string
	var reread bool
	cmd := &cobra.Command{
		Use:     "ingest [FILE…]",
		GroupID: "job",
		Short:   "Read source files into the lake, and put refused rows aside",
		Long: `ingest reads the files of every source in tavolo.yaml (or just the given FILEs) into
the lake, one batch a file. Each row is checked against the contract of its log; rows
that break a rule go to the quarantine with file, line, column, rule and reason, and the
rest goes in. A file that is in the lake already is not ingested again: it is known by what
is in it, and is not even read for that while nobody has touched it, but with --reread.

A source may have a query of a PostgreSQL server in the place of files. What it gives is
one batch, and with a high-water mark the next run asks for what has changed since.

A FILE belongs to the source whose pattern it matches; --source names it otherwise.

Exit status: 0 done · 1 a file could not be read, the others were · 2 usage ·
3 done, and rows were quarantined · 5 the lake is in use · 130 interrupted.`,
		Example: "  tavolo ingest\n  tavolo ingest drops/agenda/2024-03.csv",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			files, err := chooseFiles(p, source, args)
			if err != nil {
				return err
			}
			return a.ingest(cmd.Context(), p, files, reread)
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "the source that the FILEs belong to, or the only one to ingest")
	cmd.Flags().BoolVar(&reread, "reread", false, "tell files that are in the lake by what is in them, also those that nobody has touched")
	return cmd
}

// chooseFiles gives the files to ingest: those named, or those that the sources find.
func chooseFiles(p *project.Project, source string, args []string) ([]ingest.File, error) {
	if len(p.Sources) == 0 {
		return nil, &diagnostic.Error{File: p.Dir.Config(), Msg: "no sources", Hint: "describe your files under sources; the file shows how"}
	}
	sources := p.Sources
	if source != "" {
		found, err := sourceNamed(p, source)
		if err != nil {
			return nil, err
		}
		sources = []mapping.Source{*found}
	}
	if len(args) == 0 {
		files, err := ingest.Files(p.Dir, sources)
		if err == nil && len(files) == 0 {
			err = &diagnostic.Error{File: p.Dir.Config(), Msg: "no file matches the patterns of the sources", Hint: "patterns are relative to the project folder, such as drops/agenda/*.csv"}
		}
		return files, err
	}
	files := make([]ingest.File, len(args))
	for i, path := range args {
		s := &sources[0]
		if source == "" {
			var err error
			if s, err = sourceOf(p, path); err != nil {
				return nil, err
			}
		}
		files[i] = ingest.File{Source: s, Path: path}
	}
	return files, nil
}

func sourceNamed(p *project.Project, name string) (*mapping.Source, error) {
	names := make([]string, len(p.Sources))
	for i := range p.Sources {
		if names[i] = p.Sources[i].Name; names[i] == name {
			return &p.Sources[i], nil
		}
	}
	return nil, &diagnostic.Error{File: p.Dir.Config(), Msg: fmt.Sprintf("source %q: no such source", name), Hint: diagnostic.DidYouMean(name, names)}
}

// sourceOf finds the source whose pattern a path matches.
func sourceOf(p *project.Project, path string) (*mapping.Source, error) {
	for i := range p.Sources {
		if p.Dir.Matches(p.Sources[i].Files, path) {
			return &p.Sources[i], nil
		}
	}
	return nil, &diagnostic.Error{File: path, Msg: "matches the pattern of no source", Hint: "--source names the source that it belongs to"}
}

// ingest reads files into the lake and prints what became of each.
func (a *app) ingest(ctx context.Context, p *project.Project, files []ingest.File, reread bool) error {
	refs, err := a.references(p)
	if err != nil {
		return err
	}
	master, err := p.Dir.Master(personKeyFromEnvironment())
	if err != nil {
		return err
	}
	l, err := a.openLake(ctx, p, lake.Options{Clock: a.clock})
	if err != nil {
		return err
	}
	defer l.Close()
	show := newProgress(a, files)
	job := &ingest.Job{
		Lake: l, References: refs, Master: master, Dir: p.Dir, Location: rome(),
		Clock: a.clock, RunID: runID(a.clock()), Progress: show.update, Sources: p.Sources,
		Limits: p.Limits, Stdin: a.stdin, Getenv: os.Getenv, Reread: reread,
	}
	started := time.Now()
	release := boundHeap()
	results, err := job.Run(ctx, files)
	release()
	show.finish()
	if err != nil {
		return err
	}
	return a.tellIngest(results, time.Since(started))
}

// heapLimit is what ingest needs, with room: whatever the size of the files, some
// 200 MB are in use, and the collector alone would let them become twice as many.
const heapLimit = 400 << 20

// boundHeap has the collector keep the heap small, unless GOMEMLIMIT says how
// large it may be. What it gives puts the limit back.
func boundHeap() (release func()) {
	before := debug.SetMemoryLimit(-1)
	if before == math.MaxInt64 {
		debug.SetMemoryLimit(heapLimit)
	}
	return func() { debug.SetMemoryLimit(before) }
}

// fileReport is one file in the JSON that ingest prints.
type fileReport struct {
	File    string        `json:"file"`
	Source  string        `json:"source"`
	Already bool          `json:"already_ingested"`
	Nothing bool          `json:"nothing_new,omitempty"` // the query gave nothing that it had not given before
	Error   string        `json:"error,omitempty"`
	Entry   *ledger.Entry `json:"entry,omitempty"`
}

// manyFiles is the number of files from which on they are told of by source.
const manyFiles = 10

// tellIngest prints the results and gives the error that decides the status.
func (a *app) tellIngest(results []ingest.Result, took time.Duration) error {
	var total ingestTotals
	var failed []error
	for _, r := range results {
		total.add(r)
		if r.Err != nil {
			failed = append(failed, r.Err)
		}
	}
	switch {
	case a.json:
		if err := a.tellFilesJSON(results); err != nil {
			return err
		}
	case a.verbose || len(results) <= manyFiles:
		for _, r := range results {
			a.tellFile(r)
		}
	default:
		a.tellSources(results)
	}
	total.tell(a, took)
	return total.status(failed)
}

func (a *app) tellFilesJSON(results []ingest.Result) error {
	encoder := json.NewEncoder(a.stdout)
	for _, r := range results {
		report := fileReport{File: r.File.Name(), Source: r.File.Source.Name, Already: r.Already, Nothing: r.Nothing}
		switch {
		case r.Err != nil:
			report.Error = r.Err.Error()
		case !r.Nothing:
			report.Entry = &r.Entry
		}
		if err := encoder.Encode(report); err != nil {
			return err
		}
	}
	return nil
}

// tellFile prints a line about a file. Errors are told at the end.
func (a *app) tellFile(r ingest.Result) {
	e := r.Entry
	switch {
	case r.Err != nil:
	case r.Nothing:
		a.say("%s: nothing new", r.File.Name())
	case r.Already:
		a.say("%s: already ingested as %s (%s)", r.File.Name(), e.BatchID[:12], e.File)
	case e.Outcome == ledger.Held:
		a.warn("%s: held back: %s", r.File.Name(), e.Reason)
	default:
		a.say("%s: %s accepted, %s quarantined, %s duplicate", r.File.Name(),
			count(e.Accepted.Records, "row"), group(e.Quarantined.Records), group(e.Duplicate.Records))
	}
}

// tellSources prints a line about the files of each source, in their order.
func (a *app) tellSources(results []ingest.Result) {
	var names []string
	totals := map[string]*ingestTotals{}
	for _, r := range results {
		name := r.File.Source.Name
		if totals[name] == nil {
			totals[name] = &ingestTotals{}
			names = append(names, name)
		}
		totals[name].add(r)
		if r.Err == nil && r.Entry.Outcome == ledger.Held && !r.Already {
			a.tellFile(r)
		}
	}
	for _, name := range names {
		t := totals[name]
		a.say("  %-22s %10s, %14s accepted, %5s quarantined, %5s duplicate", name, count(t.files, "file"),
			count(t.accepted, "row"), group(t.quarantined), group(t.duplicate))
	}
}
