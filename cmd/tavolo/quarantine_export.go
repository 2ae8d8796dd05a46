package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/worklist"
)

func (a *app) quarantineExportCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "export SOURCE",
		Short: "Write a work-list (XLSX, in Italian) of the rows that a source must correct",
		Long: `export writes a workbook of the rows of a SOURCE that are open, for the office that must
correct them: one row each, with file and line, the reasons in Italian, and the columns
of its file as they came. The cells to look at are marked; where a person was named there
is ***, for identifiers are not kept. The office fills it in and sends it back, and
"tavolo quarantine replay" reads it. Nothing about the quarantine changes.

Rows of a file that was held back whole are not in the list: that file must come again.

Exit status: 0 done, also when nothing is open and no file is written · 1 error · 2 usage.`,
		Example: "  tavolo quarantine export agenda --output agenda-da-correggere.xlsx",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			s, err := sourceNamed(p, args[0])
			if err != nil {
				return err
			}
			if output == "" {
				output = fmt.Sprintf("da-correggere-%s-%s.xlsx", s.Name, a.clock().In(rome()).Format("2006-01-02"))
			}
			return a.exportQuarantine(cmd.Context(), p, s, output)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "the workbook to write (default: da-correggere-SOURCE-DATE.xlsx)")
	return cmd
}

func (a *app) exportQuarantine(ctx context.Context, p *project.Project, s *mapping.Source, output string) error {
	c, err := contract.Load(s.Log)
	if err != nil {
		return err
	}
	entries, err := a.entries(ctx, p, "")
	if err != nil {
		return err
	}
	decisions, err := ledger.ReadDecisions(p.Dir.Quarantine())
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e ledger.Entry) bool { return e.Source != s.Name || e.Log != s.Log })
	refs, err := a.references(p)
	if err != nil {
		return err
	}
	written, err := worklist.Write(ctx, output, worklist.List{
		Contract: c, Source: s, Entries: entries, Quarantine: p.Dir.Quarantine(), Decisions: decisions, Day: a.clock().In(rome()),
		Codes: func(kind string) (codes [][2]string) {
			for _, c := range refs.Codes(kind) {
				codes = append(codes, [2]string{c.Code, c.Name})
			}
			return codes
		},
	})
	if err != nil {
		return &diagnostic.Error{File: output, Err: err}
	}
	if a.json {
		return a.printJSON(struct {
			Source      string `json:"source"`
			File        string `json:"file,omitempty"`
			Rows        int    `json:"rows"`
			Unsplit     int    `json:"unsplit"`
			LeftOut     int    `json:"left_out"`
			OfHeldFiles int    `json:"of_held_back_files"`
		}{s.Name, map[bool]string{true: output}[written.Rows > 0], written.Rows, written.Unsplit, written.Left, written.Held})
	}
	a.tellExport(s.Name, output, written)
	return nil
}

func (a *app) tellExport(source, output string, w worklist.Written) {
	if w.Rows == 0 {
		a.say("no row of %s is open: nothing to correct", source)
	} else {
		a.say("%s: %s to correct", output, count(w.Rows, "row"))
	}
	if w.Unsplit > 0 {
		a.say("%s could not be split into columns: the office finds them by their line", count(w.Unsplit, "row"))
	}
	if w.Left > 0 {
		a.warn("%s left out: a work-list has at most %s", count(w.Left, "row"), group(worklist.MaxRows))
	}
	if w.Held > 0 {
		a.say("left out: %s of files that were held back; those must be corrected and sent whole", count(w.Held, "row"))
	}
}
