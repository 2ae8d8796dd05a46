package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest/lake"
	"tavolo/sql"
	"tavolo/transform"
	"tavolo/transform/query"
)

func (a *app) sqlCommand() *cobra.Command {
	var format string
	var rows int
	cmd := &cobra.Command{
		Use:     "sql [QUERY]",
		GroupID: "ask",
		Short:   "Ask one SQL question of the logs, the marts and the reference tables",
		Long: `sql answers one SELECT over the lake: the logs by name (interactions, applications,
bookings, trainings, contributions, agreements), their newest versions (stg_…), the
marts, the catalogue and the figures of the last transform (indicators, indicator_cells …),
the ledger, the quarantine, and the reference tables (territories, patronati, services, measures …).
Without QUERY it is read from standard input. It only reads, and may be asked while a
run is under way. Nothing but the lake can be reached from a query.

"show tables" lists what there is, "describe TABLE" the columns of one. A query has a minute.

Exit status: 0 done · 1 error · 2 usage · 130 interrupted.`,
		Example: "  tavolo sql \"select province_code, count(*) as n from bookings group by 1 order by n desc limit 5\"\n" +
			"  tavolo sql --format csv < question.sql > answer.csv",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.json {
				format = string(query.JSON)
			}
			if !slices.Contains(query.Formats(), query.Format(format)) {
				return usage(cmd, fmt.Errorf("--format %q: it is one of %v", format, query.Formats()))
			}
			text, err := a.queryText(args)
			if err != nil {
				return err
			}
			if strings.TrimSpace(text) == "" {
				return usage(cmd, errors.New("no query"))
			}
			return a.ask(cmd.Context(), text, query.Format(format), rows)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json (one object a line)")
	cmd.Flags().IntVar(&rows, "rows", 0, "the most rows to print (default: 1,000 as a table, all otherwise)")
	return cmd
}

func (a *app) queryText(args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	text, err := io.ReadAll(a.stdin)
	return string(text), err
}

// ask opens a session on the lake, puts one question to it and prints the answer.
func (a *app) ask(ctx context.Context, text string, format query.Format, rows int) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	refs, err := a.references(p)
	if err != nil {
		return err
	}
	l, err := a.openLake(ctx, p, lake.Options{ReadOnly: true, Clock: a.clock})
	if err != nil {
		return err
	}
	defer l.Close()
	e, err := transform.Session(ctx, l, refs, transform.SessionOptions{
		SQL: sql.Files, Quarantine: p.Dir.Quarantine(), Parameters: a.parameters(p), Clock: a.clock, Engine: engine(p),
	})
	if err != nil {
		return err
	}
	defer e.Close()
	limits := query.Limits{Rows: rows}
	if rows == 0 && format != query.Table {
		limits = query.Limits{Rows: -1, Bytes: -1}
	}
	session, err := query.Guard(ctx, e, limits)
	if err != nil {
		return err
	}
	cut, err := session.Write(ctx, text, a.stdout, format)
	if err != nil {
		return err
	}
	if cut != "" {
		a.warn("%s", cut)
	}
	return nil
}
