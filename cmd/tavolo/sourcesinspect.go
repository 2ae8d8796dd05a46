package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavolo/ingest/contract"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

func (a *app) sourcesInspectCommand() *cobra.Command {
	var records, personal bool
	var name string
	cmd := &cobra.Command{
		Use:   "inspect [FILE…]",
		Short: "Show how a file is read: dialect, encoding, columns, and what it looks like",
		Long: `inspect reads a file as ingest would without a hint, and shows the dialect, the encoding,
the header, each column with the form of its values and some of them, and the log that it
is likely to belong to. Where more than one reading is possible it shows the one that it
took and the other, and how to say which is meant: ingest refuses such a file.

With --source it shows instead what the query of that source gives on its PostgreSQL
server, from the beginning.

With --records it prints one JSON object a line: first the dialect and the header, then
every record with "line", "last_line" and "values", and "error" where it would be refused;
values are then what can be told of it, or absent.

What looks like a codice fiscale is masked, and so is each column from which the mapping of
the file takes a person, unless --show-personal is given.

Exit status: 0 done · 1 a file cannot be read · 2 usage.`,
		Example: "  tavolo sources inspect drops/agenda/2024-03.csv\n  tavolo sources inspect --records drops/agenda/2024-03.csv | head",
		Args: func(cmd *cobra.Command, args []string) error {
			if name != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.MinimumNArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			look := func(persons func(header []string) []bool) func(string, source.Reader) error {
				return func(name string, r source.Reader) error {
					v := view{personal: personal, persons: persons(r.Header())}
					if records {
						return a.printRecords(name, r, v)
					}
					return a.inspect(name, r, v)
				}
			}
			if name != "" {
				return a.lookAtQuery(cmd.Context(), name, look(a.personsOfSource(name)))
			}
			var failed []error
			for _, path := range args {
				failed = append(failed, a.eachTable(path, source.Format{}, look(a.personsOfFile(path))))
			}
			return errors.Join(failed...)
		},
	}
	cmd.Flags().StringVar(&name, "source", "", "a source whose query is asked, in the place of a FILE")
	cmd.Flags().BoolVar(&records, "records", false, "print every record, one JSON object a line")
	cmd.Flags().BoolVar(&personal, "show-personal", false, "do not mask identifiers of persons")
	return cmd
}

// dialectReport is how a file is read, in the JSON that inspect prints.
type dialectReport struct {
	File        string             `json:"file"`
	Type        string             `json:"type"`
	Delimiter   string             `json:"delimiter,omitempty"`
	Quote       string             `json:"quote,omitempty"`
	Escape      string             `json:"escape,omitempty"`
	Encoding    string             `json:"encoding,omitempty"`
	Sheet       string             `json:"sheet,omitempty"`
	HeaderLine  int                `json:"header_line"`
	Header      []string           `json:"header"`
	Ambiguities []source.Ambiguity `json:"ambiguities,omitempty"`
	Columns     []inspectedColumn  `json:"columns,omitempty"`
	LikelyLog   string             `json:"likely_log,omitempty"`
}

// inspectedColumn is one column in the JSON that inspect prints.
type inspectedColumn struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Samples []string `json:"samples"`
}

// view says what of a file may be shown.
type view struct {
	personal bool   // all of it
	persons  []bool // the columns that are known to hold persons; nil: none is
}

// value gives a value of a column as it is shown; −1 is no column of the file.
func (v view) value(column int, value string) string {
	switch {
	case v.personal:
		return value
	case column >= 0 && column < len(v.persons) && v.persons[column]:
		return pseudonym.Mask(value)
	}
	return pseudonym.MaskText(value)
}

// personsOfFile says which columns of a file its source in the project, if it has
// one, takes persons from: an identifier without a form cannot be told otherwise.
func (a *app) personsOfFile(path string) func(header []string) []bool {
	return a.persons(func(p *project.Project) (*mapping.Source, error) { return sourceOf(p, path) })
}

// personsOfSource is [app.personsOfFile] for what a source that is named delivers.
func (a *app) personsOfSource(name string) func(header []string) []bool {
	return a.persons(func(p *project.Project) (*mapping.Source, error) { return sourceNamed(p, name) })
}

func (a *app) persons(find func(*project.Project) (*mapping.Source, error)) func(header []string) []bool {
	return func(header []string) []bool {
		p := a.maybeProject()
		if p == nil {
			return nil
		}
		s, err := find(p)
		if err != nil {
			return nil
		}
		c, err := contract.Load(s.Log)
		if err != nil {
			return nil
		}
		persons := make([]bool, len(header))
		for i, name := range header {
			persons[i] = s.NamesPerson(c, name)
		}
		return persons
	}
}

func reportDialect(name string, r source.Reader, v view) dialectReport {
	f := r.Dialect()
	report := dialectReport{
		File: name, Type: f.Type, Delimiter: f.Delimiter, Quote: f.Quote, Escape: f.Escape, Encoding: f.Encoding, Sheet: v.value(-1, f.Sheet),
		Header: make([]string, len(r.Header())), Ambiguities: source.Ambiguities(r),
	}
	for i, column := range r.Header() { // which may be the first row of a file that has none
		report.Header[i] = v.value(-1, column)
	}
	if f.Header != nil {
		report.HeaderLine = *f.Header
	}
	return report
}

// recordReport is one record in the JSON that inspect --records prints.
type recordReport struct {
	Line     int      `json:"line"`
	LastLine int      `json:"last_line"`
	Values   []string `json:"values,omitempty"`
	Error    *problem `json:"error,omitempty"`
}

// problem is why a record would be refused.
type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// printRecords prints the dialect and every record.
func (a *app) printRecords(name string, r source.Reader, v view) error {
	out := bufio.NewWriter(a.stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(reportDialect(name, r, v)); err != nil {
		return err
	}
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		report := recordReport{Line: record.Line, LastLine: record.LastLine}
		for i, field := range record.Fields {
			report.Values = append(report.Values, v.value(i, string(field)))
		}
		if record.Problem != nil {
			report.Error = &problem{record.Problem.Code, record.Problem.Message}
		}
		if err := encoder.Encode(report); err != nil {
			return err
		}
	}
}

// inspect prints what a file looks like.
func (a *app) inspect(name string, r source.Reader, v view) error {
	looks, refused, err := source.Looks(r, inspected)
	if err != nil {
		return err
	}
	report := reportDialect(name, r, v)
	for i, look := range looks {
		column := inspectedColumn{Name: v.value(-1, look.Name), Kind: look.Kind, Samples: []string{}}
		for _, sample := range look.Samples {
			column.Samples = append(column.Samples, v.value(i, sample))
		}
		report.Columns = append(report.Columns, column)
	}
	suggestions, err := suggestions(looks)
	if err != nil {
		return err
	}
	if suggestions[0].Score >= likely {
		report.LikelyLog = suggestions[0].Contract.Log
	}
	if a.json {
		return a.printJSON(report)
	}
	a.tellInspected(report, r, refused)
	return nil
}

// likely is the least score of a log that a file is said to belong to.
const likely = 0.4

func suggestions(looks []source.Look) ([]mapping.Suggestion, error) {
	var contracts []*contract.Contract
	for _, log := range contract.Logs() {
		c, err := contract.Load(log)
		if err != nil {
			return nil, err
		}
		contracts = append(contracts, c)
	}
	return mapping.Suggest(contracts, looks, func(value string) bool { return pseudonym.HoldsFiscalCode([]byte(value)) }), nil
}

// tellInspected prints the report for people.
func (a *app) tellInspected(report dialectReport, r source.Reader, refused int) {
	f := r.Dialect()
	f.Sheet = report.Sheet
	a.say("%s: %s", report.File, f)
	where := fmt.Sprintf("header in line %d", report.HeaderLine)
	switch {
	case r.Dialect().Header == nil: // of a format that has no such line
		where = "columns by name"
	case report.HeaderLine == 0:
		where = "no header: columns go by their numbers"
	}
	a.say("%s, %s", where, count(len(report.Header), "column"))
	if refused > 0 {
		a.say("of the first %d records %d would be refused", inspected, refused)
	}
	for _, doubt := range report.Ambiguities {
		a.say("more than one reading is possible: %s: %s was taken, the other is %s; format: {%s} settles it, and \"tavolo sources pin\" writes it", doubt.What, doubt.Taken, doubt.Other, doubt.Pin)
	}
	if !a.quiet {
		w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "\ncolumn\tlooks like\tsample")
		for _, column := range report.Columns {
			fmt.Fprintf(w, "%s\t%s\t%s\n", cell(column.Name), column.Kind, cell(strings.Join(column.Samples, " · ")))
		}
		w.Flush()
	}
	if report.LikelyLog == "" {
		a.say("\nlikely log: none of the six; \"tavolo contract\" shows what they hold")
		return
	}
	if report.Type == "postgres" {
		a.say("\nlikely log: %s", report.LikelyLog)
		return
	}
	a.say("\nlikely log: %s; \"tavolo sources suggest %s\" prints a first mapping", report.LikelyLog, report.File)
}

// longestCell bounds what of a value is shown, in characters.
const longestCell = 60

// cell gives a text as it fits into a line of a table.
func cell(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > longestCell {
		return string(runes[:longestCell-1]) + "…"
	}
	return string(runes)
}
