package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/reports"
	"tavolo/reports/pdf"
	"tavolo/reports/publication"
	"tavolo/transform"
	"tavolo/transform/result"
)

func (a *app) publishCommand() *cobra.Command {
	var beside publishing
	cmd := &cobra.Command{
		Use:     "publish",
		GroupID: "job",
		Short:   "Write the report of the last transform, and bring it into force",
		Long: `publish writes the report of what the last transform computed into a folder of its own
below publications/, and brings it into force by one rename: publications/current then
leads to it. The report opens from its folder, a share or a mail attachment, without a
network. A failure leaves the last publication in force.

With --pdf the pages of the country, the regions and the indicators are also printed as
PDF, in A4, by the Chromium that CHROMIUM names or that is in the path.

With --packs it also writes a folder for each region and province, below packs/, to be
handed to that office alone. It is a report of its own: with the rows of the territory
and, of a region, of its provinces; the totals of what is above it; and the others as
points without a name, whose sizes are means of three. No file, source or office is named.

Exit status: 0 done · 1 error, nothing to publish yet, or no Chromium for --pdf · 2 usage ·
130 interrupted.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			return a.publish(cmd.Context(), p, beside)
		},
	}
	cmd.Flags().BoolVar(&beside.print, "pdf", false, "print pages as PDF too, with a Chromium")
	cmd.Flags().BoolVar(&beside.packs, "packs", false, "also write a folder for each region and province")
	return cmd
}

// publishing says what is written beside the pages of the report.
type publishing struct {
	print bool // PDF files of pages
	packs bool // a folder for each region and province
}

// publish writes and brings into force the report of the last transform.
func (a *app) publish(ctx context.Context, p *project.Project, beside publishing) error {
	chromium := ""
	if beside.print {
		var err error
		if chromium, err = pdf.Find(); err != nil {
			return diagnostic.Hinted(err, "--pdf needs one: apt-get install chromium, or name it in CHROMIUM")
		}
	}
	set, err := a.loadResults(ctx, p)
	if err != nil {
		return err
	}
	m := publication.Manifest{
		RunID: set.Run.ID, WrittenAt: a.clock().UTC(), Synthetic: set.Run.Synthetic,
		Versions: set.Run.Versions, Snapshots: map[string]int64{},
	}
	for _, snapshot := range set.Run.Snapshots {
		m.Snapshots[snapshot.Table] = snapshot.ID
	}
	m, err = publication.Publish(p.Dir.Publications(), m, func(folder string) error {
		return reports.Write(ctx, folder, reports.Site{Set: set, Languages: p.ReportLanguages(), Chromium: chromium, Packs: beside.packs})
	})
	if err != nil {
		return err
	}
	return a.tellPublication(p, m)
}

// loadResults reads back what the last transform computed.
func (a *app) loadResults(ctx context.Context, p *project.Project) (*result.Set, error) {
	refs, err := a.references(p)
	if err != nil {
		return nil, err
	}
	l, err := a.openLake(ctx, p, lake.Options{ReadOnly: true, Clock: a.clock})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	set, err := transform.Load(ctx, l, refs)
	if errors.Is(err, lake.ErrNoTable) {
		return nil, &diagnostic.Error{File: p.Dir.Lake(), Msg: "no indicators yet", Hint: "\"tavolo transform\" computes them from what is ingested"}
	}
	return set, err
}

func (a *app) tellPublication(p *project.Project, m publication.Manifest) error {
	index := filepath.Join(p.Dir.Current(), "index.html")
	if full, err := filepath.Abs(index); err == nil {
		index = full
	}
	if a.json {
		return a.printJSON(m)
	}
	var size int64
	for _, file := range m.Files {
		size += file.Bytes
	}
	a.say("published %s: %s, %s", m.ID, count(len(m.Files), "file"), megabytes(size))
	a.say("  open %s", index)
	_, err := os.Stat(index)
	return err
}
