package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest"
	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/mapping"
	"tavolo/ingest/postgres"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
	"tavolo/ingest/strictyaml"
)

func (a *app) sourcesSuggestCommand() *cobra.Command {
	var log, query string
	var from mapping.Postgres
	cmd := &cobra.Command{
		Use:   "suggest [FILE]",
		Short: "Print a first mapping of a file, or of a query, for tavolo.yaml",
		Long: `suggest prints an entry for "sources" in tavolo.yaml, made from the header of the file, the
form of its values, and the names and titles of the contracts. It is a beginning: read it,
complete what is marked, and try it. Nothing is written.

With --query it asks the PostgreSQL server, whose connection string the variable that
--url-env names holds, for what the SQL in that file gives, and suggests the entry of a
source that is a query.

Exit status: 0 done · 1 the file cannot be read · 2 usage.`,
		Example: "  tavolo sources suggest drops/agenda/2024-03.csv >> tavolo.yaml\n  tavolo sources suggest --query agenda.sql --url-env AGENDA_URL",
		Args: func(cmd *cobra.Command, args []string) error {
			if query != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if log != "" && !slices.Contains(contract.Logs(), log) {
				return usage(cmd, diagnostic.Hinted(fmt.Errorf("--log %q: no such log", log), diagnostic.DidYouMean(log, contract.Logs())))
			}
			if query != "" {
				return a.suggestQuery(cmd.Context(), query, from, log)
			}
			return a.eachTable(args[0], source.Format{}, func(_ string, r source.Reader) error { return a.suggest(args[0], r, log) })
		},
	}
	cmd.Flags().StringVar(&log, "log", "", "the log that the file belongs to; the likeliest when empty")
	cmd.Flags().StringVar(&query, "query", "", "a file with SQL, in the place of a FILE of rows")
	cmd.Flags().StringVar(&from.URLEnv, "url-env", "", "the variable with the connection string; libpq's own when empty")
	cmd.Flags().StringVar(&from.HighWater, "high-water", "", "the column of the query whose greatest value is its $1 the next time")
	return cmd
}

func (a *app) suggest(path string, r source.Reader, log string) error {
	best, err := likeliest(r, log)
	if err != nil {
		return err
	}
	path = pseudonym.MaskText(project.Dir(a.dir).Relative(path))
	fmt.Fprint(a.stdout, suggestionYAML(sourceName(path), "    files: "+strictyaml.Text(path)+"\n", r, best))
	return nil
}

// suggestQuery suggests the entry of a source that is a query.
func (a *app) suggestQuery(ctx context.Context, file string, from mapping.Postgres, log string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if from.URLEnv != "" && os.Getenv(from.URLEnv) == "" {
		return diagnostic.Hinted(fmt.Errorf("--url-env %s: the variable is not set", from.URLEnv),
			"export "+from.URLEnv+"=postgres://user@host/database; the password may be in ~/.pgpass")
	}
	from.Query = mapping.Query{Position: strictyaml.Position{Line: 1, Col: 1}, Text: string(text)}
	job := &ingest.Job{Dir: project.Dir(a.dir), Location: rome(), Getenv: os.Getenv}
	if p := a.maybeProject(); p != nil {
		job.Limits = p.Limits
	}
	name := sourceName(file)
	r, done, err := job.Peek(ctx, &mapping.Source{Name: name, Log: cmp.Or(log, contract.Logs()[0]), Postgres: &from})
	var wrong *postgres.QueryError
	if errors.As(err, &wrong) { // its place is in the file of the query
		at := from.Query.At(text, wrong.Char)
		return &diagnostic.Error{File: file, Line: at.Line, Col: at.Col, Err: wrong, Hint: wrong.Hint}
	}
	if err != nil {
		return err
	}
	best, err := likeliest(r, log)
	if err := errors.Join(err, r.Close(), done()); err != nil {
		return err
	}
	fmt.Fprint(a.stdout, suggestionYAML(name, queryYAML(from), r, best))
	return nil
}

// queryYAML writes where the rows of a query come from.
func queryYAML(from mapping.Postgres) string {
	var b strings.Builder
	b.WriteString("    postgres:\n")
	if from.URLEnv != "" {
		fmt.Fprintf(&b, "      url_env: %s\n", strictyaml.Text(from.URLEnv))
	}
	b.WriteString("      query: |\n")
	for line := range strings.Lines(strings.TrimRight(from.Query.Text, " \n")) {
		b.WriteString("        " + strings.TrimRight(line, " \r\n") + "\n")
	}
	if from.HighWater != "" {
		fmt.Fprintf(&b, "      high_water: %s\n", strictyaml.Text(from.HighWater))
	} else {
		b.WriteString("      # high_water: the column that grows with every change; without it everything is read each time\n")
	}
	return b.String()
}

// likeliest suggests the mapping of a log, or of the likeliest one.
func likeliest(r source.Reader, log string) (mapping.Suggestion, error) {
	looks, _, err := source.Looks(r, inspected)
	if err != nil {
		return mapping.Suggestion{}, err
	}
	all, err := suggestions(looks)
	if err != nil {
		return mapping.Suggestion{}, err
	}
	for _, s := range all {
		if s.Contract.Log == log {
			return s, nil
		}
	}
	return all[0], nil
}

// sourceName is the name that a source gets from its file.
func sourceName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// suggestionYAML writes a suggestion as an entry of "sources"; where says where the
// rows come from.
func suggestionYAML(name, where string, r source.Reader, s mapping.Suggestion) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  - name: %s\n    log: %s\n%s", strictyaml.Text(name), s.Contract.Log, where)
	if f := r.Dialect(); f.Delimiter != "" {
		fmt.Fprintf(&b, "    format: {type: %s, delimiter: %s, encoding: %s}\n", f.Type, strictyaml.Text(f.Delimiter), f.Encoding)
	}
	for _, doubt := range source.Ambiguities(r) {
		fmt.Fprintf(&b, "    # %s: %s was taken, it may be %s\n", doubt.What, doubt.Taken, doubt.Other)
	}
	b.WriteString("    columns:\n")
	for _, column := range s.Columns {
		switch {
		case column.From == "" && column.Column.Required && column.Column.Type == contract.Enum:
			fmt.Fprintf(&b, "      # %s: {value: %s} # every row must have it, and nothing in the file looks like it; or %s\n",
				column.Column.Name, column.Column.Values[0], strings.Join(column.Column.Values[1:], ", "))
		case column.From == "" && column.Column.Required:
			fmt.Fprintf(&b, "      # %s: every row must have it; nothing in the file looks like it\n", column.Column.Name)
		case column.From == "":
		case column.Clock != "":
			fmt.Fprintf(&b, "      %s: {from: [%s, %s], layout: %s}\n", column.Column.Name, strictyaml.Text(pseudonym.MaskText(column.From)),
				strictyaml.Text(pseudonym.MaskText(column.Clock)), strictyaml.Text(column.Layout))
		case column.Layout != "":
			fmt.Fprintf(&b, "      %s: {from: %s, layout: %s}\n", column.Column.Name, strictyaml.Text(pseudonym.MaskText(column.From)), strictyaml.Text(column.Layout))
		default:
			fmt.Fprintf(&b, "      %s: %s\n", column.Column.Name, strictyaml.Text(pseudonym.MaskText(column.From)))
		}
	}
	for _, unused := range s.Unused {
		fmt.Fprintf(&b, "      # in the file and not used: %s\n", pseudonym.MaskText(strings.Join(strings.Fields(unused), " ")))
	}
	return b.String()
}
