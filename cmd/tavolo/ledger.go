package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
)

// ledgerGrains are what the ledger can be added up by.
var ledgerGrains = [...]string{"batch", "source", "day"}

func (a *app) ledgerCommand() *cobra.Command {
	var by, source string
	var rows bool
	cmd := &cobra.Command{
		Use:     "ledger",
		GroupID: "ask",
		Short:   "Show what happened to every line of every file",
		Long: `ledger shows, for each batch (a source file), where its lines went: header, preamble,
blank, accepted, quarantined or duplicate. They add up to the lines of the file, for a
batch that does not balance is not committed; the column "balance" says so again. Of a
file that was held back whole no row is in the lake: what was right in it is "held back".

--rows also reads every row of the lake and of the quarantine, for a file of theirs may
have been damaged or lost since: each batch must have as many as its entry says.

--by source adds up the batches of a source, --by day those of a day of ingest. It only
reads, and may be asked while a run is under way.

Exit status: 0 done · 1 error, or a batch that does not balance or has lost rows · 2 usage.`,
		Example: "  tavolo ledger\n  tavolo ledger --by day\n  tavolo ledger --source agenda --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(ledgerGrains[:], by) {
				return usage(cmd, fmt.Errorf("--by %q: it is one of %s", by, strings.Join(ledgerGrains[:], ", ")))
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			entries, err := a.entries(cmd.Context(), p, source)
			if err != nil {
				return err
			}
			if err := a.printLedger(entries, by); err != nil || !rows {
				return err
			}
			return a.readRows(cmd.Context(), p, entries)
		},
	}
	cmd.Flags().StringVar(&by, "by", "batch", "one line per batch, source or day")
	cmd.Flags().StringVar(&source, "source", "", "only the batches of this source")
	cmd.Flags().BoolVar(&rows, "rows", false, "read every row that the ledger tells of, too")
	return cmd
}

// entries reads the ledger, or of it what is of one source: the latest entry of
// each batch, in the order in which they were ingested. An empty lake has none.
func (a *app) entries(ctx context.Context, p *project.Project, source string) ([]ledger.Entry, error) {
	l, err := lake.Open(ctx, p.Dir.Lake(), lake.Options{ReadOnly: true, Clock: a.clock})
	if errors.Is(err, lake.ErrNoLake) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer l.Close()
	entries, err := ledger.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	if source != "" {
		names := sourceNames(entries)
		entries = slices.DeleteFunc(entries, func(e ledger.Entry) bool { return e.Source != source })
		if len(entries) == 0 {
			return nil, noSuchBatches(source, names)
		}
	}
	entries = ledger.Latest(entries)
	slices.SortStableFunc(entries, func(a, b ledger.Entry) int { return a.IngestedAt.Compare(b.IngestedAt) })
	return entries, nil
}

// ledgerLine is the sum of the batches of one batch, source or day.
type ledgerLine struct {
	Name        string       `json:"name"`
	Log         string       `json:"log,omitempty"`
	Batches     int          `json:"batches"`
	Held        int          `json:"held_batches"`
	Lines       int          `json:"lines"`
	Header      int          `json:"header"`
	Preamble    int          `json:"preamble"`
	Blank       int          `json:"blank"`
	Accepted    ledger.Count `json:"accepted"`
	Quarantined ledger.Count `json:"quarantined"`
	Duplicate   ledger.Count `json:"duplicate"`
	HeldBack    ledger.Count `json:"held_back"` // of files held back whole, the rows that nothing was wrong with
	Warned      ledger.Count `json:"warned"`
	Balances    bool         `json:"balances"`
	unbalanced  []error
}

func (l *ledgerLine) add(e ledger.Entry) {
	l.Batches++
	l.Lines += e.Lines
	l.Header += e.Header
	l.Preamble += e.Preamble
	l.Blank += e.Blank
	l.Quarantined = l.Quarantined.Add(e.Quarantined)
	if e.Outcome == ledger.Held {
		l.Held++
		l.HeldBack = l.HeldBack.Add(e.Accepted).Add(e.Duplicate)
	} else {
		l.Accepted = l.Accepted.Add(e.Accepted)
		l.Duplicate = l.Duplicate.Add(e.Duplicate)
		l.Warned = l.Warned.Add(e.Warned)
	}
	if err := e.Balance(); err != nil {
		l.unbalanced = append(l.unbalanced, err)
	}
	l.Balances = len(l.unbalanced) == 0
}

// ledgerLines adds entries up; lines come in the order of their first batch, of
// sources by log and name.
func ledgerLines(entries []ledger.Entry, by string) []ledgerLine {
	var lines []ledgerLine
	places := map[string]int{}
	for i, e := range entries {
		name, log := e.File, e.Log
		key := fmt.Sprint(i) // each batch a line
		switch by {
		case "source":
			name, key = e.Source, e.Log+"\x00"+e.Source
		case "day":
			name, log = e.IngestedAt.In(rome()).Format("2006-01-02"), ""
			key = name
		}
		place, known := places[key]
		if !known {
			place = len(lines)
			places[key] = place
			lines = append(lines, ledgerLine{Name: name, Log: log})
		}
		lines[place].add(e)
	}
	if by == "source" {
		slices.SortStableFunc(lines, func(a, b ledgerLine) int {
			return cmp.Or(cmp.Compare(a.Log, b.Log), cmp.Compare(a.Name, b.Name))
		})
	}
	return lines
}

func (a *app) printLedger(entries []ledger.Entry, by string) error {
	lines := ledgerLines(entries, by)
	var unbalanced []error
	for _, line := range lines {
		unbalanced = append(unbalanced, line.unbalanced...)
	}
	var err error
	switch {
	case a.json && by == "batch":
		err = printEach(a, entries)
	case a.json:
		err = printEach(a, lines)
	case len(lines) == 0:
		a.say("the ledger is empty; \"tavolo ingest\" reads source files into the lake")
	default:
		err = a.printLedgerTable(entries, lines, by)
	}
	return errors.Join(append(unbalanced, err)...)
}

func (a *app) printLedgerTable(entries []ledger.Entry, lines []ledgerLine, by string) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	first := map[string]string{"batch": "batch\tlog\tfile", "source": "log\tsource\tbatches", "day": "day\tbatches"}[by]
	fmt.Fprintln(w, first+"\tlines\t= header\t+ preamble\t+ blank\t+ accepted\t+ quarantined\t+ duplicate\t+ held back\tbalance")
	for i, l := range lines {
		batches := group(l.Batches)
		if l.Held > 0 {
			batches += fmt.Sprintf(" (%d held back)", l.Held)
		}
		switch by {
		case "batch":
			fmt.Fprintf(w, "%s\t%s\t%s", entries[i].BatchID[:12], l.Log, diagnostic.Visible(l.Name))
		case "source":
			fmt.Fprintf(w, "%s\t%s\t%s", l.Log, l.Name, batches)
		case "day":
			fmt.Fprintf(w, "%s\t%s", l.Name, batches)
		}
		fmt.Fprintf(w, "\t%9s\t%8s\t%10s\t%7s\t%10s\t%13s\t%11s\t%11s\t%s\n", group(l.Lines), group(l.Header), group(l.Preamble), group(l.Blank),
			group(l.Accepted.Lines), group(l.Quarantined.Lines), group(l.Duplicate.Lines),
			group(l.HeldBack.Lines), map[bool]string{true: "ok", false: "NO"}[l.Balances])
	}
	return w.Flush()
}

// printEach prints values as JSON, one a line.
func printEach[T any](a *app, values []T) error {
	for _, value := range values {
		if err := a.printJSON(value); err != nil {
			return err
		}
	}
	return nil
}
