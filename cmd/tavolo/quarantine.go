package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
)

func (a *app) quarantineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "quarantine",
		GroupID: "ask",
		Short:   "See the refused rows, have them corrected, take them back",
		Long: `quarantine is where every refused row is kept, with the file and line that it came from
and every rule that it broke, identifiers of persons masked.

  tavolo quarantine list                      how many, by source and rule
  tavolo quarantine show BATCH:LINE           one row with all that is wrong with it
  tavolo quarantine export SOURCE             a work-list (XLSX, in Italian) for the office
  tavolo quarantine replay FILE               the filled-in list, or a corrected file, comes back
  tavolo quarantine discard BATCH:LINE --reason …   it will not come again

What is decided about a row is only ever added, with who, when and why; the row stays.

Exit status: see the help of each.`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, sub := range []*cobra.Command{
		a.quarantineListCommand(), a.quarantineShowCommand(), a.quarantineExportCommand(),
		a.quarantineReplayCommand(), a.quarantineDiscardCommand(),
	} {
		sub.Args = usageArgs(sub.Args)
		cmd.AddCommand(sub)
	}
	return cmd
}

func sourceNames(entries []ledger.Entry) []string {
	var names []string
	for _, e := range entries {
		if !slices.Contains(names, e.Source) {
			names = append(names, e.Source)
		}
	}
	slices.Sort(names)
	return names
}

func noSuchBatches(source string, names []string) error {
	hint := diagnostic.DidYouMean(source, names)
	if hint == "" && len(names) > 0 {
		hint = "there are files of " + strings.Join(names, ", ")
	}
	return diagnostic.Hinted(fmt.Errorf("source %q: no file of it was ingested", source), hint)
}

// chosen is what BATCH[:LINE] on the command line names.
type chosen struct {
	entry    ledger.Entry
	position int // 0: the whole batch
}

// batchID is the form of a batch's id, or of its beginning.
var batchID = regexp.MustCompile(`^[0-9a-f]{4,64}$`)

// choose finds the batch that a text names by the beginning of its id or by its
// file, as messages name it, with the line behind a colon.
func (a *app) choose(ctx context.Context, p *project.Project, text string) (chosen, error) {
	entries, err := a.entries(ctx, p, "")
	if err != nil {
		return chosen{}, err
	}
	name, position := text, 0
	if before, after, ok := cutLast(text, ":"); ok {
		if n, err := strconv.Atoi(after); err == nil && n > 0 {
			name, position = before, n
		}
	}
	var found []ledger.Entry
	for _, e := range entries {
		if e.File == pseudonym.MaskText(p.Dir.Relative(name)) || e.File == name || batchID.MatchString(name) && strings.HasPrefix(e.BatchID, name) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return chosen{}, diagnostic.Hinted(fmt.Errorf("batch %q: no such batch", name),
			"\"tavolo quarantine list --by batch\" lists those with refused rows; a batch is named by the beginning of its id, or by its file")
	case 1:
		return chosen{found[0], position}, nil
	}
	var ids []string
	for _, e := range found {
		ids = append(ids, e.BatchID[:12])
	}
	return chosen{}, diagnostic.Hinted(fmt.Errorf("batch %q: it is one of %d", name, len(found)), "name one by its id: "+strings.Join(ids, ", "))
}

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}

// records gives the refused records that were chosen.
func (c chosen) records(ctx context.Context, p *project.Project, look func([]ledger.Refusal) error) error {
	found := false
	err := ledger.EachRecord(ctx, p.Dir.Quarantine(), c.entry.BatchID, func(record []ledger.Refusal) error {
		if c.position != 0 && record[0].ID().Position != c.position {
			return nil
		}
		found = true
		return look(record)
	})
	if err == nil && !found {
		err = &diagnostic.Error{File: c.entry.File, Line: c.position, Msg: "no row was refused here"}
	}
	return err
}
