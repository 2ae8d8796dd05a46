package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavolo/ingest/contract"
	"tavolo/ingest/datasheet"
	"tavolo/ingest/reference"
)

func (a *app) contractCommand() *cobra.Command {
	var language string
	var example bool
	cmd := &cobra.Command{
		Use:     "contract [LOG]",
		GroupID: "ask",
		Short:   "Print what a row of a log must look like, or an example file",
		Long: `contract prints the contract of a LOG as a document (Markdown): what one row is, each
column with its type, whether it must be there and what it may hold, and the rules with
the codes that a refusal names. Send it to those who deliver the files. Without a LOG it
lists the six.

With --example it prints a small CSV file that the contract accepts, in which each column
has the name that the contract gives it.

Exit status: 0 done · 1 no such log · 2 usage.`,
		Example: "  tavolo contract bookings --lang it > appuntamenti.md\n  tavolo contract bookings --example > esempio.csv",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(datasheet.Languages(), language) {
				return usage(cmd, fmt.Errorf("--lang %q: it is %s", language, strings.Join(datasheet.Languages(), " or ")))
			}
			if len(args) == 0 {
				if example {
					return usage(cmd, fmt.Errorf("--example: of which log? It is one of %s", strings.Join(contract.Logs(), ", ")))
				}
				return a.listContracts(language)
			}
			c, err := contract.Load(args[0])
			if err != nil {
				return err
			}
			return a.printContract(c, language, example)
		},
	}
	cmd.Flags().StringVar(&language, "lang", "en", "language of the document: it or en")
	cmd.Flags().BoolVar(&example, "example", false, "print an example file that the contract accepts")
	return cmd
}

func (a *app) printContract(c *contract.Contract, language string, example bool) error {
	switch {
	case example:
		refs, err := a.references(a.maybeProject())
		if err != nil {
			return err
		}
		return datasheet.Example(a.stdout, c, exampleCodes(refs))
	case a.json:
		return a.printJSON(reportOfContract(c))
	}
	return datasheet.Write(a.stdout, c, language)
}

// listContracts prints a line about each log.
func (a *app) listContracts(language string) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	for _, log := range contract.Logs() {
		c, err := contract.Load(log)
		if err != nil {
			return err
		}
		if a.json {
			if err := a.printJSON(reportOfContract(c)); err != nil {
				return err
			}
			continue
		}
		title, grain := c.Title.EN, c.Grain.EN
		if language == "it" {
			title, grain = c.Title.IT, c.Grain.IT
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", log, title, grain)
	}
	return w.Flush()
}

// exampleCodes gives a few codes of each kind that are valid on the days of an example.
func exampleCodes(refs *reference.Tables) datasheet.Codes {
	codes := map[string][]string{}
	add := func(kind, code string) {
		if _, ok := refs.Resolve(kind, code, datasheet.ExampleDay()); ok && len(codes[kind]) < 4 {
			codes[kind] = append(codes[kind], code)
		}
	}
	for _, t := range refs.Territories() {
		add(t.Level, t.Code)
		add("territory", t.Code)
	}
	for _, o := range refs.Offices() {
		add("office", o.Code)
	}
	for _, p := range refs.Patronati() {
		add("patronato", p.Code)
	}
	for _, s := range refs.Services() {
		add("service", s.Code)
	}
	for _, m := range refs.Measures() {
		add("measure", m.Code)
	}
	return func(kind string) []string { return codes[kind] }
}
