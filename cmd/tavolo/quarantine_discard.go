package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
)

func (a *app) quarantineDiscardCommand() *cobra.Command {
	var reason, by string
	cmd := &cobra.Command{
		Use:   "discard BATCH[:LINE]",
		Short: "Decide that refused rows will not come again, and say why",
		Long: `discard settles refused rows that nobody will correct: one LINE, or all that are open of a
BATCH. The rows stay where they are; who decided, when and why is added to the decisions
beside them, and nothing is ever taken away there. A row that comes back all the same
counts as corrected.

Exit status: 0 done · 1 error, or no such row is open · 2 usage.`,
		Example: "  tavolo quarantine discard drops/agenda/2024-03.csv:118 --reason \"riga di prova\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return usage(cmd, errors.New("--reason: a decision without a reason cannot be understood later"))
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			which, err := a.choose(cmd.Context(), p, args[0])
			if err != nil {
				return err
			}
			return a.discard(cmd.Context(), p, which, ledger.Decision{Kind: ledger.Discarded, By: by, Reason: reason})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for those who ask later")
	cmd.Flags().StringVar(&by, "by", userName(), "who decides it")
	return cmd
}

// discard adds a decision for each chosen record that is open.
func (a *app) discard(ctx context.Context, p *project.Project, which chosen, decision ledger.Decision) error {
	decision.At = a.clock()
	discarded := 0
	err := ledger.Decide(p.Dir.Quarantine(), func(before *ledger.Decisions) ([]ledger.Decision, error) {
		var decisions []ledger.Decision
		err := which.records(ctx, p, func(record []ledger.Refusal) error {
			id := record[0].ID()
			if before.State(id) == ledger.Open {
				decision.RecordID = id
				decisions = append(decisions, decision)
			} else if which.position != 0 {
				return &diagnostic.Error{File: which.entry.File, Line: record[0].FirstLine, Msg: "is " + before.State(id) + ", not open"}
			}
			return nil
		})
		discarded = len(decisions)
		return decisions, err
	})
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(struct {
			BatchID   string `json:"batch_id"`
			Discarded int    `json:"discarded"`
		}{which.entry.BatchID, discarded})
	}
	a.say("%s: %s discarded", which.entry.File, count(discarded, "row"))
	return nil
}
