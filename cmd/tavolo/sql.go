package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/sql"
	"tavolo/transform"
	"tavolo/transform/duckdb"
	"tavolo/transform/query"
)

func (a *app) sqlCommand() *cobra.Command {
	var format, output string
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

With --output the answer goes into a file, whole or not at all, in the format that its
name ends with: .csv, .json or .xlsx.

Exit status: 0 done · 1 error · 2 usage · 130 interrupted.`,
		Example: "  tavolo sql \"select province_code, count(*) as n from bookings group by 1 order by n desc limit 5\"\n" +
			"  tavolo sql --format csv < question.sql > answer.csv\n" +
			"  tavolo sql --output answer.xlsx \"select * from indicators\"",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.json {
				format = string(query.JSON)
			}
			if extension := strings.TrimPrefix(filepath.Ext(output), "."); output != "" && !cmd.Flags().Changed("format") && !a.json {
				format = extension
			}
			if format == string(query.XLSX) && output == "" {
				return usage(cmd, errors.New("--format xlsx: a workbook goes into a file; --output names it"))
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
			q := asked{text: text, format: query.Format(format), rows: rows}
			if output == "" {
				return a.ask(cmd.Context(), q, a.stdout)
			}
			return writeWhole(output, func(w io.Writer) error { return a.ask(cmd.Context(), q, w) })
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, json (one object a line) or xlsx")
	cmd.Flags().StringVarP(&output, "output", "o", "", "the file to write")
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

// asked is what is asked, and how the answer is to look.
type asked struct {
	text   string
	format query.Format
	rows   int // the most of them; 0: as many as suit the format
}

// ask opens a session on the lake, puts one question to it and writes the answer.
func (a *app) ask(ctx context.Context, q asked, w io.Writer) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	e, end, err := a.session(ctx, p)
	if err != nil {
		return err
	}
	defer end()
	limits := query.Limits{Rows: q.rows}
	if q.rows == 0 && q.format != query.Table {
		limits = query.Limits{Rows: -1, Bytes: -1}
	}
	session, err := query.Guard(ctx, e, limits)
	if err != nil {
		return err
	}
	cut, err := session.Write(ctx, q.text, w, q.format)
	if err != nil {
		return err
	}
	if cut != "" {
		a.warn("%s", cut)
	}
	return nil
}

// writeWhole writes a file beside its place and renames it into it, readable by its
// owner alone: the rows of an answer may be of persons.
func writeWhole(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	var placed *fs.PathError
	if errors.As(err, &placed) { // of which the name is one of ours
		return &diagnostic.Error{File: path, Err: placed.Err}
	}
	if err != nil {
		return err
	}
	if err = write(file); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// session opens an engine on the lake as it is now; end closes both.
func (a *app) session(ctx context.Context, p *project.Project) (e *duckdb.Engine, end func(), err error) {
	refs, err := a.references(p)
	if err != nil {
		return nil, nil, err
	}
	l, err := a.openLake(ctx, p, lake.Options{ReadOnly: true, Clock: a.clock})
	if err != nil {
		return nil, nil, err
	}
	e, err = transform.Session(ctx, l, refs, transform.SessionOptions{
		SQL: sql.Files, Quarantine: p.Dir.Quarantine(), Parameters: a.parameters(p), Clock: a.clock, Engine: engine(p),
	})
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	return e, func() { e.Close(); l.Close() }, nil
}
