package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
)

func (a *app) quarantineShowCommand() *cobra.Command {
	limit := 20
	cmd := &cobra.Command{
		Use:   "show BATCH[:LINE]",
		Short: "Show refused rows with all that is wrong with them",
		Long: `show prints refused rows: every rule that they broke in editor form (file:line: column
rule: message), the row as it came, with identifiers of persons masked, and what was
decided about it. BATCH is the beginning of a batch's id, or its file.

Exit status: 0 done · 1 error, or no such row · 2 usage.`,
		Example: "  tavolo quarantine show drops/agenda/2024-03.csv:118\n  tavolo quarantine show 4f2a91c03b7e --limit 0",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			which, err := a.choose(cmd.Context(), p, args[0])
			if err != nil {
				return err
			}
			return a.showQuarantine(cmd.Context(), p, which, limit)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "how many rows to show; 0: all")
	return cmd
}

// refusedReport is one refused record in the JSON that show and check print.
type refusedReport struct {
	BatchID    string            `json:"batch_id"`
	Source     string            `json:"source"`
	Log        string            `json:"log"`
	File       string            `json:"file"`
	Position   int               `json:"position"`
	FirstLine  int               `json:"first_line"`
	LastLine   int               `json:"last_line"`
	Offset     int64             `json:"byte_offset"`
	Raw        string            `json:"raw"`
	Violations []violationReport `json:"violations"`
	State      string            `json:"state,omitempty"`
	Decisions  []ledger.Decision `json:"decisions,omitempty"`
}

type violationReport struct {
	Column  string `json:"column"`
	Place   string `json:"place,omitempty"`
	Rule    string `json:"rule"`
	Value   string `json:"value"`
	Message string `json:"message"`
}

func reportOfRefused(record []ledger.Refusal) refusedReport {
	r := record[0]
	report := refusedReport{
		BatchID: r.BatchID, Source: r.Source, Log: r.Log, File: r.File, Position: r.ID().Position,
		FirstLine: r.FirstLine, LastLine: r.LastLine, Offset: r.Offset, Raw: r.Raw,
	}
	for _, one := range record {
		report.Violations = append(report.Violations, violationReport{one.Column, one.Place, one.Rule, one.Value, one.Message})
	}
	return report
}

func (a *app) showQuarantine(ctx context.Context, p *project.Project, which chosen, limit int) error {
	decisions, err := ledger.ReadDecisions(p.Dir.Quarantine())
	if err != nil {
		return err
	}
	shown, more := 0, 0
	err = which.records(ctx, p, func(record []ledger.Refusal) error {
		if limit > 0 && shown == limit {
			more++
			return nil
		}
		shown++
		report := reportOfRefused(record)
		report.State = decisions.State(record[0].ID())
		report.Decisions = decisionsAbout(decisions, record[0].ID())
		if a.json {
			return a.printJSON(report)
		}
		a.printRecord(report)
		return nil
	})
	if more > 0 {
		a.say("and %s more; --limit 0 shows all", count(more, "row"))
	}
	return err
}

// decisionsAbout gives the decisions about a record in their order.
func decisionsAbout(decisions *ledger.Decisions, id ledger.RecordID) []ledger.Decision {
	var about []ledger.Decision
	for _, d := range decisions.All {
		if d.BatchID == id.BatchID && (d.Position == id.Position || d.Position == 0) {
			about = append(about, d)
		}
	}
	return about
}

func (a *app) printRecord(r refusedReport) {
	for _, v := range r.Violations {
		fmt.Fprintln(a.stdout, violationLine(r.File, r.FirstLine, v))
	}
	for line := range strings.Lines(r.Raw) {
		fmt.Fprintf(a.stdout, "    %s\n", diagnostic.Visible(strings.TrimRight(line, "\r\n")))
	}
	for _, d := range r.Decisions {
		fmt.Fprintf(a.stdout, "  %s", d.Kind)
		if d.Became != nil {
			fmt.Fprintf(a.stdout, " as %s:%d", d.Became.BatchID[:min(12, len(d.Became.BatchID))], d.Became.Position)
		}
		fmt.Fprintf(a.stdout, " on %s", d.At.In(rome()).Format(time.DateOnly))
		if d.By != "" {
			fmt.Fprintf(a.stdout, " by %s", d.By)
		}
		if d.Reason != "" {
			fmt.Fprintf(a.stdout, ": %s", diagnostic.Visible(d.Reason))
		}
		fmt.Fprintln(a.stdout)
	}
}

// violationLine writes a violation in editor form: file:line: column rule: message.
func violationLine(file string, line int, v violationReport) string {
	what := v.Rule
	if v.Column != "" {
		what = v.Column + " " + v.Rule
	}
	message := v.Message
	if v.Column != "" { // which the message begins with
		message = strings.TrimLeft(strings.TrimPrefix(message, v.Column), ": ")
	}
	place := ""
	if v.Place != "" {
		place = " (" + v.Place + ")"
	}
	return diagnostic.Visible(fmt.Sprintf("%s:%d: %s: %s%s", file, line, what, message, place))
}
