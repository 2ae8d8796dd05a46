package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest"
	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/source"
)

func (a *app) checkCommand() *cobra.Command {
	var name string
	limit := 20
	cmd := &cobra.Command{
		Use:     "check [FILE…]",
		GroupID: "start",
		Short:   "Try files before they are delivered: what ingest would do, without doing it",
		Long: `check does with the given FILEs all that ingest does, and writes nothing: it reads each,
checks every row against the contract, finds duplicates, and says what would become of
every line. The first rows that would be refused are printed in editor form
(file:line: column rule: message), then how many there are by rule. It needs neither the
lake nor the key of the persons, and can run beside anything.

A FILE belongs to the source whose pattern it matches; --source names it otherwise.
Without a FILE, what --source names is tried: its files, or what its query gives now.

Exit status: 0 every row would be accepted · 1 a file could not be read · 2 usage ·
3 rows would be refused · 130 interrupted.`,
		Example: "  tavolo check drops/agenda/2024-03.csv\n  tavolo check --source agenda ~/agenda-aprile.csv",
		Args: func(cmd *cobra.Command, args []string) error {
			if name != "" {
				return nil
			}
			return cobra.MinimumNArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			files, err := chooseFiles(p, name, args)
			if err != nil {
				return err
			}
			return a.check(cmd.Context(), p, files, limit)
		},
	}
	cmd.Flags().StringVar(&name, "source", "", "the source that the FILEs belong to")
	cmd.Flags().IntVar(&limit, "limit", limit, "how many refused rows of a file to show; 0: all")
	return cmd
}

// checkReport is one file in the JSON that check prints.
type checkReport struct {
	File    string             `json:"file"`
	Source  string             `json:"source"`
	Error   string             `json:"error,omitempty"`
	Code    string             `json:"code,omitempty"`  // of the error, where it has one
	Entry   *ledger.Entry      `json:"entry,omitempty"` // as the ledger would have it
	Rules   []ingest.RuleCount `json:"rules"`
	Refused []refusedReport    `json:"refused"` // the first of them
}

// check tries files and prints what would become of each.
func (a *app) check(ctx context.Context, p *project.Project, files []ingest.File, limit int) error {
	refs, err := a.references(p)
	if err != nil {
		return err
	}
	job := &ingest.Job{References: refs, Dir: p.Dir, Location: rome(), Clock: a.clock, RunID: runID(a.clock()), Sources: p.Sources,
		Limits: p.Limits, Stdin: a.stdin, Getenv: os.Getenv}
	if slices.ContainsFunc(files, ingest.File.IsQuery) { // it begins where the last one in the lake ended
		l, err := lake.Open(ctx, p.Dir.Lake(), lake.Options{ReadOnly: true})
		switch {
		case err == nil:
			defer l.Close()
			job.Lake = l
		case !errors.Is(err, lake.ErrNoLake):
			return err
		}
	}
	defer boundHeap()()
	var failed []error
	refused := 0
	for _, file := range files {
		results, err := a.checkFile(ctx, job, file, limit)
		if err != nil {
			return err
		}
		for _, checked := range results {
			if checked.Err != nil {
				failed = append(failed, checked.Err)
			}
			refused += checked.Entry.Quarantined.Records
		}
	}
	switch {
	case len(failed) > 0:
		return &filesError{errors.Join(failed...)}
	case refused > 0:
		return &statusError{status: exitQuarantined}
	}
	return nil
}

// checkFile tries one file, which may be an archive of several. The first rows
// that would be refused are printed as they are found, or kept for the JSON.
func (a *app) checkFile(ctx context.Context, job *ingest.Job, file ingest.File, limit int) ([]ingest.Checked, error) {
	seen := map[string]int{}
	first := map[string][]refusedReport{}
	results, err := job.Check(ctx, file, func(record []ledger.Refusal) error {
		id := record[0].BatchID
		if seen[id]++; limit > 0 && seen[id] > limit {
			return nil
		}
		report := reportOfRefused(record)
		if a.json {
			first[id] = append(first[id], report)
			return nil
		}
		path := file.Name() // as it was given, so that an editor finds it
		if _, member, ok := strings.Cut(report.File, "!"); ok {
			path += "!" + member
		}
		for _, v := range report.Violations {
			a.say("%s", violationLine(path, report.FirstLine, v))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, checked := range results {
		if !a.json {
			a.tellCheck(checked, seen[checked.Entry.BatchID], limit)
			continue
		}
		report := checkReport{
			File: checked.File.Name(), Source: file.Source.Name,
			Rules: append([]ingest.RuleCount{}, checked.Rules...), Refused: append([]refusedReport{}, first[checked.Entry.BatchID]...),
		}
		switch {
		case checked.Err != nil:
			report.Error, report.Code = checked.Err.Error(), cmp.Or(source.Code(checked.Err), mapping.Code(checked.Err))
		case !checked.Nothing:
			report.Entry = &checked.Entry
		}
		if err := a.printJSON(report); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// tellCheck prints what would become of a file that could be read.
func (a *app) tellCheck(c ingest.Checked, refused, limit int) {
	if c.Err != nil {
		return // told at the end, with its hints
	}
	if c.Nothing {
		a.say("%s: nothing new", c.File.Name())
		return
	}
	if limit > 0 && refused > limit {
		a.say("and %s more that would be refused; --limit 0 shows all", count(refused-limit, "row"))
	}
	rules := slices.Clone(c.Rules)
	slices.SortStableFunc(rules, func(a, b ingest.RuleCount) int { return cmp.Compare(b.Records, a.Records) })
	for _, rule := range rules {
		a.say("  %10s  %s%s", group(rule.Records), strings.TrimSpace(rule.Column+" "+rule.Rule), whereCodesAre(c.Entry.Log, rule))
	}
	e := c.Entry
	a.say("%s: %s: %s would be accepted, %s refused, %s duplicate (%s)", c.File.Name(), count(e.Lines, "line"),
		count(e.Accepted.Records, "row"), group(e.Quarantined.Records), group(e.Duplicate.Records), e.Format)
	if e.Warned.Records > 0 {
		a.say("  %s of the accepted with a warning", group(e.Warned.Records))
	}
	if e.Outcome == ledger.Held {
		a.complain(diagnostic.Hinted(fmt.Errorf("%s: would be held back: %s", c.File.Name(), e.Reason), "correct the file, or raise max_quarantined of its source"))
	}
}

// whereCodesAre tells, of a rule about codes, which command lists those that there are.
func whereCodesAre(log string, rule ingest.RuleCount) string {
	c, err := contract.Load(log)
	if err != nil || rule.Rule != contract.RuleReference {
		return ""
	}
	return fmt.Sprintf(" (\"tavolo codes %s\" lists those that are known)", c.Column(rule.Column).References)
}
