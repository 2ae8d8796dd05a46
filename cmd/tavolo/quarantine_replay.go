package main

import (
	"context"
	"os"
	"os/user"

	"github.com/spf13/cobra"

	"tavolo/ingest"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/source"
	"tavolo/ingest/worklist"
)

func (a *app) quarantineReplayCommand() *cobra.Command {
	var source, by string
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Take corrected rows back in, and link each to the row that was refused",
		Long: `replay reads a FILE with corrected rows into the lake as a batch of its own: the work-list
of "export", filled in, or a corrected file in the form of its source. A row that is now
accepted settles the refused row that it corrects; a row that is refused again takes its
place. Work-lists say which row is which; in other files it is found by the business key.

Nothing comes twice: rows of a work-list that were left as they were, or settled before,
are not read, and a FILE that was replayed before changes nothing.

Exit status: 0 done · 1 error · 2 usage · 3 done, and rows were refused again ·
5 the lake is in use · 130 interrupted.`,
		Example: "  tavolo quarantine replay agenda-da-correggere.xlsx\n  tavolo quarantine replay --source agenda agenda-corretta.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			s, err := a.sourceOfReturn(cmd.Context(), p, source, args[0])
			if err != nil {
				return err
			}
			return a.replayQuarantine(cmd.Context(), p, ingest.File{Source: s, Path: args[0]}, by)
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "the source that FILE belongs to (default: what a work-list says, or the one whose pattern it matches)")
	cmd.Flags().StringVar(&by, "by", userName(), "who brings the file back")
	return cmd
}

// userName names who runs the program, for the record; "" where nobody can tell.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

func (a *app) sourceOfReturn(ctx context.Context, p *project.Project, name, path string) (*mapping.Source, error) {
	if name != "" {
		return sourceNamed(p, name)
	}
	reader, err := source.Open(path, source.Format{Sheet: worklist.SheetName})
	if err != nil { // no workbook, or none of ours; what is wrong with it is told when it is read
		return sourceOf(p, path)
	}
	defer reader.Close()
	entries, err := a.entries(ctx, p, "")
	if err != nil {
		return nil, err
	}
	if name, err = worklist.SourceOf(reader, entries); err != nil || name == "" {
		return sourceOf(p, path)
	}
	return sourceNamed(p, name)
}

// replayReport is what replay prints as JSON.
type replayReport struct {
	File      string        `json:"file"`
	Source    string        `json:"source"`
	WorkList  bool          `json:"work_list"`
	Already   bool          `json:"already_ingested"`
	Corrected int           `json:"corrected"`
	Returned  int           `json:"returned"`
	Untouched int           `json:"untouched"`
	Settled   int           `json:"settled"`
	Unlinked  int           `json:"unlinked"`
	Entry     *ledger.Entry `json:"entry"`
}

func (a *app) replayQuarantine(ctx context.Context, p *project.Project, file ingest.File, by string) error {
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
	job := &ingest.Job{
		Lake: l, References: refs, Master: master, Dir: p.Dir, Location: rome(),
		Clock: a.clock, RunID: runID(a.clock()), Sources: p.Sources, Limits: p.Limits,
	}
	r, err := job.Replay(ctx, file, by)
	if err != nil {
		return err
	}
	if r.Err != nil {
		return r.Err
	}
	if a.json {
		err = a.printJSON(replayReport{
			File: file.Name(), Source: file.Source.Name, WorkList: r.IsList, Already: r.Already, Corrected: r.Corrected,
			Returned: r.Returned, Untouched: r.Untouched, Settled: r.Settled, Unlinked: r.Unlinked, Entry: &r.Entry,
		})
		if err != nil {
			return err
		}
	} else {
		a.tellReplay(file, r)
	}
	if r.Entry.Outcome == ledger.Held && !r.Already {
		return &statusError{exitQuarantined, diagnostic.Hinted(&diagnostic.Error{File: file.Name(), Msg: "held back whole: " + r.Entry.Reason},
			"correct the file, or raise max_quarantined of its source")}
	}
	if r.Entry.Quarantined.Records > 0 && !r.Already {
		return &statusError{status: exitQuarantined}
	}
	return nil
}

func (a *app) tellReplay(file ingest.File, r ingest.Replayed) {
	a.tellFile(ingest.Result{File: file, Entry: r.Entry, Already: r.Already})
	a.say("of the refused rows %s corrected and %s refused again", group(r.Corrected), group(r.Returned))
	if r.Untouched > 0 {
		a.say("%s of the list left as they were: they stay open", count(r.Untouched, "row"))
	}
	if r.Settled > 0 {
		a.say("%s of the list corrected before: not read again", count(r.Settled, "row"))
	}
	if r.Unlinked > 0 && !r.Already {
		a.say("%s of no refused row that is known: taken all the same", count(r.Unlinked, "row"))
	}
}
