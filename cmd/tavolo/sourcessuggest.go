package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
	"tavolo/ingest/strictyaml"
)

func (a *app) sourcesSuggestCommand() *cobra.Command {
	var log string
	cmd := &cobra.Command{
		Use:   "suggest FILE",
		Short: "Print a first mapping of a file for tavolo.yaml",
		Long: `suggest prints an entry for "sources" in tavolo.yaml, made from the header of the file, the
form of its values, and the names and titles of the contracts. It is a beginning: read it,
complete what is marked, and try it. Nothing is written.

Exit status: 0 done · 1 the file cannot be read · 2 usage.`,
		Example: "  tavolo sources suggest drops/agenda/2024-03.csv >> tavolo.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if log != "" && !slices.Contains(contract.Logs(), log) {
				return usage(cmd, diagnostic.Hinted(fmt.Errorf("--log %q: no such log", log), diagnostic.DidYouMean(log, contract.Logs())))
			}
			return a.eachTable(args[0], source.Format{}, func(_ string, r source.Reader) error { return a.suggest(args[0], r, log) })
		},
	}
	cmd.Flags().StringVar(&log, "log", "", "the log that the file belongs to; the likeliest when empty")
	return cmd
}

func (a *app) suggest(path string, r source.Reader, log string) error {
	looks, _, err := source.Looks(r, inspected)
	if err != nil {
		return err
	}
	all, err := suggestions(looks)
	if err != nil {
		return err
	}
	best := all[0]
	for _, s := range all {
		if s.Contract.Log == log {
			best = s
		}
	}
	fmt.Fprint(a.stdout, suggestionYAML(pseudonym.MaskText(project.Dir(a.dir).Relative(path)), r, best))
	return nil
}

// suggestionYAML writes a suggestion as an entry of "sources".
func suggestionYAML(path string, r source.Reader, s mapping.Suggestion) string {
	var b strings.Builder
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	fmt.Fprintf(&b, "  - name: %s\n    log: %s\n    files: %s\n", strictyaml.Text(name), s.Contract.Log, strictyaml.Text(path))
	if f := r.Dialect(); f.Delimiter != "" {
		fmt.Fprintf(&b, "    format: {type: %s, delimiter: %s, encoding: %s}\n", f.Type, strictyaml.Text(f.Delimiter), f.Encoding)
	}
	for _, doubt := range source.Ambiguities(r) {
		fmt.Fprintf(&b, "    # %s: %s was taken, it may be %s\n", doubt.What, doubt.Taken, doubt.Other)
	}
	b.WriteString("    columns:\n")
	for _, column := range s.Columns {
		switch {
		case column.From == "" && column.Column.Required:
			fmt.Fprintf(&b, "      # %s: every row must have it; nothing in the file looks like it\n", column.Column.Name)
		case column.From == "":
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
