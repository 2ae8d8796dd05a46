package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
)

func (a *app) quarantineListCommand() *cobra.Command {
	var by, source string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Count the refused rows, by source and rule",
		Long: `list counts the refused rows by source, column and rule: how many are open, how many came
again and were accepted (corrected), came again and were refused again (returned: what
they became is counted as open in their place), or were discarded. A row that broke two
rules counts in both; the totals count it once.

--by batch counts by file instead, with the ids that "show" and "discard" take.

Exit status: 0 done · 1 error · 2 usage.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if by != "rule" && by != "batch" {
				return usage(cmd, fmt.Errorf("--by %q: it is rule or batch", by))
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			return a.listQuarantine(cmd.Context(), p, source, by)
		},
	}
	cmd.Flags().StringVar(&by, "by", "rule", "one line per rule or per batch")
	cmd.Flags().StringVar(&source, "source", "", "only what was refused of this source")
	return cmd
}

// refusedCount counts refused records by what holds about them.
type refusedCount struct {
	Source    string `json:"source"`
	Log       string `json:"log"`
	BatchID   string `json:"batch_id,omitempty"`
	File      string `json:"file,omitempty"`
	Held      bool   `json:"held_back,omitempty"`
	Column    string `json:"column,omitempty"`
	Rule      string `json:"rule,omitempty"`
	Open      int    `json:"open"`
	Corrected int    `json:"corrected"`
	Returned  int    `json:"returned"`
	Discarded int    `json:"discarded"`
	Example   string `json:"example,omitempty"` // where one of them is, the first that is open
}

func (c *refusedCount) add(state string) {
	switch state {
	case ledger.Open:
		c.Open++
	case ledger.Corrected:
		c.Corrected++
	case ledger.Returned:
		c.Returned++
	case ledger.Discarded:
		c.Discarded++
	}
}

// refusedCounts adds up refused records.
type refusedCounts struct {
	decisions *ledger.Decisions
	lines     map[refusedCount]*refusedCount // by what they are counted by
	total     refusedCount
}

// record counts one record: once in the total, and once in each line that it
// belongs to.
func (c *refusedCounts) record(e ledger.Entry, record []ledger.Refusal, by string) {
	state := c.decisions.State(record[0].ID())
	c.total.add(state)
	counted := map[*refusedCount]bool{}
	for _, refusal := range record {
		key := refusedCount{Source: e.Source, Log: e.Log, Column: refusal.Column, Rule: refusal.Rule}
		if by == "batch" {
			key = refusedCount{Source: e.Source, Log: e.Log, BatchID: e.BatchID, File: e.File, Held: e.Outcome == ledger.Held}
		}
		line := c.lines[key]
		if line == nil {
			line = &refusedCount{}
			*line = key
			c.lines[key] = line
		}
		if counted[line] {
			continue
		}
		counted[line] = true
		if line.add(state); state == ledger.Open && line.Example == "" {
			line.Example = fmt.Sprintf("%s:%d", e.BatchID[:12], refusal.ID().Position)
		}
	}
}

// sorted gives the lines: those with the most open records first.
func (c *refusedCounts) sorted() []refusedCount {
	var lines []refusedCount
	for _, line := range c.lines {
		lines = append(lines, *line)
	}
	slices.SortFunc(lines, func(a, b refusedCount) int {
		return cmp.Or(cmp.Compare(a.Log, b.Log), cmp.Compare(a.Source, b.Source), cmp.Compare(b.Open, a.Open),
			cmp.Compare(a.File, b.File), cmp.Compare(a.BatchID, b.BatchID), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule))
	})
	return lines
}

func (a *app) listQuarantine(ctx context.Context, p *project.Project, source, by string) error {
	entries, err := a.entries(ctx, p, source)
	if err != nil {
		return err
	}
	decisions, err := ledger.ReadDecisions(p.Dir.Quarantine())
	if err != nil {
		return err
	}
	counts := refusedCounts{decisions: decisions, lines: map[refusedCount]*refusedCount{}}
	for _, entry := range entries {
		err := ledger.EachRecord(ctx, p.Dir.Quarantine(), entry.BatchID, func(record []ledger.Refusal) error {
			counts.record(entry, record, by)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if a.json {
		return printEach(a, counts.sorted())
	}
	return a.printRefused(counts.sorted(), counts.total, by)
}

func (a *app) printRefused(lines []refusedCount, total refusedCount, by string) error {
	if len(lines) == 0 {
		a.say("no row was refused")
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	head := "log\tsource\tcolumn\trule\topen\tcorrected\treturned\tdiscarded\tfor example"
	if by == "batch" {
		head = "log\tsource\tbatch\tfile\topen\tcorrected\treturned\tdiscarded\tfor example"
	}
	fmt.Fprintln(w, head)
	for _, l := range lines {
		third, fourth := cmp.Or(l.Column, "(the row)"), l.Rule
		if by == "batch" {
			third, fourth = l.BatchID[:12], diagnostic.Visible(l.File)
			if l.Held {
				fourth += " (held back)"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Log, l.Source, third, fourth,
			group(l.Open), group(l.Corrected), group(l.Returned), group(l.Discarded), l.Example)
	}
	err := w.Flush()
	a.say("%s open, %s corrected, %s returned, %s discarded", count(total.Open, "row"), group(total.Corrected), group(total.Returned), group(total.Discarded))
	return err
}
