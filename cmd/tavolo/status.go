package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
	"tavolo/reports/publication"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		GroupID: "ask",
		Short:   "Show what the lake holds, per source, and which publication is in force",
		Long: `status shows, per source, how many files and rows came in, how many were refused
and are still open, and which months they are of; and the publication in force. It only reads, and may be asked
while a run is under way.

Exit status: 0 done · 1 error · 2 usage.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			s, err := a.readStatus(cmd.Context(), p)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(s)
			}
			return a.printStatus(s)
		},
	}
}

// statusReport is what status prints.
type statusReport struct {
	Project     string         `json:"project"`
	Sources     []sourceStatus `json:"sources"`
	Publication string         `json:"publication,omitempty"`
	PublishedAt *time.Time     `json:"published_at,omitempty"`
}

// sourceStatus adds up the batches of one source.
type sourceStatus struct {
	Source      string    `json:"source"`
	Log         string    `json:"log"`
	Files       int       `json:"files"`
	Held        int       `json:"held_back"`
	Accepted    int       `json:"accepted"`
	Quarantined int       `json:"quarantined"`
	Open        int       `json:"open"` // of Quarantined: neither corrected nor discarded nor refused again
	Duplicate   int       `json:"duplicate"`
	From        string    `json:"from,omitempty"`
	To          string    `json:"to,omitempty"`
	Last        time.Time `json:"last_ingested_at"`
}

func (a *app) readStatus(ctx context.Context, p *project.Project) (statusReport, error) {
	s := statusReport{Project: string(p.Dir)}
	l, err := lake.Open(ctx, p.Dir.Lake(), lake.Options{ReadOnly: true, Clock: a.clock})
	if err == nil {
		defer l.Close()
		entries, err := ledger.Read(ctx, l)
		if err != nil {
			return s, err
		}
		decisions, err := ledger.ReadDecisions(p.Dir.Quarantine())
		if err != nil {
			return s, err
		}
		s.Sources = bySource(entries, decisions)
	} else if !errors.Is(err, lake.ErrNoLake) {
		return s, err
	}
	m, err := publication.Current(p.Dir.Publications())
	switch {
	case err == nil:
		s.Publication, s.PublishedAt = m.ID, &m.WrittenAt
	case !errors.Is(err, fs.ErrNotExist):
		return s, err
	}
	return s, nil
}

// bySource adds up the entries of each source, sorted by log and source.
func bySource(entries []ledger.Entry, decisions *ledger.Decisions) []sourceStatus {
	type key struct{ source, log string }
	sums := map[key]*sourceStatus{}
	for _, e := range entries {
		k := key{e.Source, e.Log}
		s := sums[k]
		if s == nil {
			s = &sourceStatus{Source: e.Source, Log: e.Log}
			sums[k] = s
		}
		s.add(e)
		s.Open += decisions.Undecided(e.BatchID, e.Quarantined.Records)
	}
	all := make([]sourceStatus, 0, len(sums))
	for _, s := range sums {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b sourceStatus) int {
		return cmp.Or(cmp.Compare(a.Log, b.Log), cmp.Compare(a.Source, b.Source))
	})
	return all
}

func (s *sourceStatus) add(e ledger.Entry) {
	s.Quarantined += e.Quarantined.Records
	if e.IngestedAt.After(s.Last) {
		s.Last = e.IngestedAt
	}
	if e.Outcome == ledger.Held {
		s.Held++
		return
	}
	s.Files++
	s.Accepted += e.Accepted.Records
	s.Duplicate += e.Duplicate.Records
	if e.EarliestMonth != "" && (s.From == "" || e.EarliestMonth < s.From) {
		s.From = e.EarliestMonth
	}
	s.To = max(s.To, e.LatestMonth)
}

func (a *app) printStatus(s statusReport) error {
	if len(s.Sources) == 0 {
		fmt.Fprintln(a.stdout, "the lake is empty; \"tavolo ingest\" reads source files into it")
	} else {
		w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "log\tsource\tfiles\taccepted\trefused\topen\tduplicate\tmonths\tlast ingested")
		for _, one := range s.Sources {
			files := group(one.Files)
			if one.Held > 0 {
				files += fmt.Sprintf(" (%d held back)", one.Held)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%10s\t%7s\t%5s\t%9s\t%s – %s\t%s\n", one.Log, one.Source, files,
				group(one.Accepted), group(one.Quarantined), group(one.Open), group(one.Duplicate), one.From, one.To,
				localTime(one.Last))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if s.Publication == "" {
		fmt.Fprintln(a.stdout, "nothing is published yet")
		return nil
	}
	fmt.Fprintf(a.stdout, "in force: publication %s of %s\n", s.Publication, localTime(*s.PublishedAt))
	return nil
}
