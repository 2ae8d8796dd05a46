package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/boundary"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/ingest/reference"
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
network. A failure leaves the last publication in force. figures/ in the folder
holds the figures that the pages show, as Parquet, for "tavolo diff" and for analysts.

With --pdf the pages of the country, the regions and the indicators are also printed as
PDF, in A4, by the Chromium that CHROMIUM names or that is in the path; with --packs, the
first page of each pack as well. One browser prints them all, about two a second on two
processors: the pages of the report take a minute, and those of all packs another.

With --packs it also writes a folder for each region and province, below packs/, to be
handed to that office alone, and the same as an archive, 058.zip, to be mailed. It is a
report of its own: with the rows of the territory and, of a region, of its provinces; the
totals of what is above it; and the others as points without a name, whose sizes are means
of three. No file, source or office is named. It has the pages in the first language of
the report, with drawn charts, and one workbook of all their tables. Codes make packs of
those territories alone: --packs=058,12.

Files that would be those of the publication before are taken over: they are on the disk
once, under two names. Their bytes are read first, and one that was changed is made anew.

Exit status: 0 done · 1 error, nothing to publish yet, or no Chromium for --pdf · 2 usage ·
5 another process is publishing · 130 interrupted.`,
		Example: "  tavolo publish --pdf\n  tavolo publish --packs=058,12 --pdf",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			defer fewerCollections()()
			return a.publish(cmd.Context(), p, beside)
		},
	}
	cmd.Flags().BoolVar(&beside.print, "pdf", false, "print pages as PDF too, with a Chromium")
	cmd.Flags().StringVar(&beside.packs, "packs", "", "also write a folder for each region and province, or for those of some `CODES`")
	cmd.Flags().Lookup("packs").NoOptDefVal = everyPack
	return cmd
}

// fewerCollections has the collector wait until the heap is three times what stays in
// it, unless GOGC says otherwise: half a million figures stay, and to go through them
// each time that it has doubled is an eighth of the work. What it gives puts it back.
func fewerCollections() (release func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(200)
	return func() { debug.SetGCPercent(before) }
}

// noCollections has the collector wait until what it gives is called, unless GOGC says
// otherwise. It is for reading what stays: a collection meanwhile finds nothing to free, and
// looks through room that no figure is in yet, each page of which the system must then give
// twice.
func noCollections() (release func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(before) }
}

// publishing says what is written beside the pages of the report.
type publishing struct {
	print bool   // PDF files of pages
	packs string // a folder for each region and province: everyPack, or codes with commas; "" for none
}

// everyPack asks for the packs of all regions and provinces.
const everyPack = "all"

// noteIn puts what is asked for into the options of a manifest. The error tells of a code
// that is no territory's.
func (beside publishing) noteIn(options map[string]string, territories *reference.Tables) error {
	if beside.print {
		options[pdfOption] = wanted
	}
	switch beside.packs {
	case "":
		return nil
	case everyPack:
		options[packsOption] = wanted
		return nil
	}
	var codes []string
	for _, code := range strings.Split(beside.packs, ",") {
		code = strings.TrimSpace(code)
		if t, ok := territories.Territory(code); !ok || t.Level == reference.LevelItaly {
			return diagnostic.Hinted(fmt.Errorf("--packs: %q is no region or province", code), "\"tavolo territories\" lists them")
		}
		codes = append(codes, code)
	}
	slices.Sort(codes)
	options[packsOption] = strings.Join(slices.Compact(codes), " ")
	return nil
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
	before, err := publication.Before(p.Dir.Publications())
	if err != nil {
		return diagnostic.Hinted(err, "the publication in force is damaged; \"tavolo publications rollback\" brings another into force")
	}
	boundaries, err := a.boundaries(p)
	if err != nil {
		return err
	}
	code := ahead(program)
	collect := noCollections()
	l, set, err := a.openResults(ctx, p)
	collect()
	if err != nil {
		return err
	}
	defer l.Close()
	figures := transform.ByIndicator(set.Cells)
	m, err := a.manifest(p, set)
	if err != nil {
		return err
	}
	m.Previous, m.Program, m.Boundaries = before, code(), boundaryHashes(boundaries)
	if err := beside.noteIn(m.Options, set.References); err != nil {
		return err
	}
	stated := m
	compared := ahead(func() (c outcome) {
		c.moved, c.err = restated(ctx, p, l, set, figures, stated)
		return c
	})
	defer compared() // it reads the lake
	moved := func() (*reports.Restated, error) {
		c := compared()
		if isForgotten(c.err) {
			m.Options[restatedOption] = unknownRestatements
			return unknownSince(m.Previous), nil
		}
		return c.moved, c.err
	}
	m, err = publication.Publish(p.Dir.Publications(), m, func(folder string, seals *publication.Seals) error {
		return writePublication(ctx, folder, set, figures, boundaries, moved, m, penned{chromium: chromium, earlier: earlierSite(p, m),
			note: func(path, inputs string) { m.Made[path] = inputs }, seals: seals})
	})
	if errors.Is(err, publication.ErrSuperseded) {
		return diagnostic.Hinted(err, "\"tavolo publish\" again writes one that follows it")
	}
	if err != nil {
		return err
	}
	return a.tellPublication(p, m)
}

// outcome is what restated gives.
type outcome struct {
	moved *reports.Restated
	err   error
}

// unknownSince says that it is not known any more what a publication showed.
func unknownSince(before *publication.Previous) *reports.Restated {
	return &reports.Restated{Before: before.ID, At: before.WrittenAt, Manifest: before.SHA256, Unknown: true}
}

// manifest says what a publication of a set is to be; not what it follows, nor what
// program writes it.
func (a *app) manifest(p *project.Project, set *result.Set) (publication.Manifest, error) {
	standards := a.parameters(p)
	standards.AsOf = time.Time{} // of no matter for what has been computed
	text, err := json.Marshal(standards)
	if err != nil {
		return publication.Manifest{}, err
	}
	return publication.Manifest{
		RunID: set.Run.ID, WrittenAt: a.clock().UTC(), Synthetic: set.Run.Synthetic,
		Versions: set.Run.Versions, WrittenBy: versions(),
		Snapshots: set.Run.Inputs(), Results: set.Stored, References: set.References.SHA256(),
		Options: map[string]string{languagesOption: strings.Join(p.ReportLanguages(), " "), standardsOption: string(text)},
		Made:    map[string]string{},
	}, nil
}

// The options of a manifest, which say what its pages are beside the results.
const (
	languagesOption = "languages"
	standardsOption = "standards" // transform.Parameters as JSON: how far a row reaches
	restatedOption  = "restated"  // whether what was restated is told; absent when it is

	pdfOption   = "pdf"   // whether pages lead to PDF files of themselves; absent when they do not
	packsOption = "packs" // that there is a folder for each territory, or for those with these codes; absent when there is none

	unknownRestatements = "unknown"
	wanted              = "yes"
)

// penned is how the files of a publication are written, which changes none of them.
type penned struct {
	chromium string                    // the browser that prints the PDF files
	printed  string                    // the folder of a publication that they are taken from, in place of printing them; "" to print
	earlier  *reports.Earlier          // what is the same is taken over from; nil to write all
	note     func(path, inputs string) // told what the pages are made of; may be nil
	seals    *publication.Seals        // told of each file that is there; may be nil
}

// writePublication writes the files of a publication into an empty folder. They
// follow from the set, the boundaries, the restatements and the manifest alone, so that verify can
// write them again: all but the PDF files, whose bytes are the Chromium's, and which the
// archives of the packs hold too. So verify takes those that were printed.
func writePublication(ctx context.Context, folder string, set *result.Set, figures []transform.Figures, boundaries []*boundary.Map, moved func() (*reports.Restated, error), m publication.Manifest, by penned) error {
	site := reports.Site{Set: set, Maps: boundaries, Languages: strings.Fields(m.Options[languagesOption]), Moved: moved, PDF: m.Options[pdfOption] == wanted,
		Chromium: by.chromium, Printed: by.printed, Packs: m.Options[packsOption] != "", Beside: figuresBeside(figures), Earlier: by.earlier, Note: by.note}
	if codes := m.Options[packsOption]; codes != wanted {
		site.PacksOf = strings.Fields(codes)
	}
	if by.seals != nil {
		site.Taken = func(path string, f reports.EarlierFile, size int) {
			by.seals.Taken(publication.File{Path: path, Bytes: int64(size), SHA256: f.SHA256})
		}
		site.Written = by.seals.Written
	}
	return reports.Write(ctx, folder, site)
}

// earlierSite is the publication that another follows, when the same program wrote it
// and said what of; else nil.
func earlierSite(p *project.Project, m publication.Manifest) *reports.Earlier {
	if m.Previous == nil || m.Program == "" {
		return nil
	}
	before, err := publication.Read(p.Dir.Publications(), m.Previous.ID)
	if err != nil || before.Program != m.Program {
		return nil
	}
	earlier := &reports.Earlier{Dir: filepath.Join(p.Dir.Publications(), before.ID), Files: map[string]reports.EarlierFile{}, Unchanged: isUnchanged(before, m)}
	for _, file := range before.Files {
		earlier.Files[file.Path] = reports.EarlierFile{Inputs: before.Made[file.Path], SHA256: file.SHA256}
	}
	return earlier
}

// isUnchanged tells whether the pages of two publications of the same program follow from
// the same, but for what moved since the publication before.
func isUnchanged(before, now publication.Manifest) bool {
	options := func(m publication.Manifest) map[string]string {
		some := maps.Clone(m.Options)
		delete(some, restatedOption)
		return some
	}
	return len(now.Results) > 0 && maps.Equal(before.Results, now.Results) && before.References == now.References &&
		maps.Equal(before.Boundaries, now.Boundaries) && maps.Equal(options(before), options(now))
}

// ahead begins something that is needed later, and gives what waits for it.
func ahead[T any](f func() T) (wait func() T) {
	done := make(chan T, 1)
	go func() { done <- f() }()
	return sync.OnceValue(func() T { return <-done })
}

// openResults opens the lake and reads back what the last transform computed, and the
// reference tables meanwhile. The caller closes the lake.
func (a *app) openResults(ctx context.Context, p *project.Project) (*lake.Lake, *result.Set, error) {
	type tables struct {
		read *reference.Tables
		err  error
	}
	references := ahead(func() (t tables) {
		t.read, t.err = a.references(p)
		return t
	})
	l, err := a.openLake(ctx, p, lake.Options{ReadOnly: true, Clock: a.clock})
	if err != nil {
		return nil, nil, cmp.Or(references().err, err)
	}
	set, err := transform.Load(ctx, l, nil)
	if errors.Is(err, lake.ErrNoTable) {
		err = &diagnostic.Error{File: p.Dir.Lake(), Msg: "no indicators yet", Hint: "\"tavolo transform\" computes them from what is ingested"}
	}
	if err = cmp.Or(references().err, err); err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	set.References = references().read
	return l, set, nil
}

// loadResults is openResults for those who need nothing else of the lake.
func (a *app) loadResults(ctx context.Context, p *project.Project) (*result.Set, error) {
	l, set, err := a.openResults(ctx, p)
	if err != nil {
		return nil, err
	}
	return set, l.Close()
}

func (a *app) tellPublication(p *project.Project, m publication.Manifest) error {
	index := filepath.Join(p.Dir.Current(), "index.html")
	if full, err := filepath.Abs(index); err == nil {
		index = full
	}
	if a.json {
		return a.printJSON(m)
	}
	a.say("published %s: %s, %s", m.ID, count(len(m.Files), "file"), megabytes(m.Bytes()))
	a.say("  open %s", index)
	_, err := os.Stat(index)
	return err
}
