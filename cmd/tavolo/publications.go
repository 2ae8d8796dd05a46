package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/project"
	"tavolo/reports/publication"
)

func (a *app) publicationsCommand() *cobra.Command {
	var code string
	cmd := &cobra.Command{
		Use:     "publications",
		GroupID: "history",
		Short:   "List what was published, bring an earlier one into force, remove old ones",
		Long: `publications lists the publications, oldest first: when each was written, its files, and
which is in force. After a rollback a later one than that in force is marked so.

The manifest's hash, publication.json's SHA-256, stands for every byte of a publication:
note it down where you announce figures, and anybody can prove later that none was
changed. Each manifest holds the hash of the one before.

A page and a workbook show a code of what they say. With --code the list is that of the
publications that have the page, and so of the runs that it comes from: a print can be
traced that does not name its run. The code of a page stands at its foot, that of a
workbook on its first sheet.

A publication may be named by its id, the beginning of it, "current", the one in force,
or "previous", the one that was in force before that.

Exit status: 0 done · 1 error · 2 usage.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			if code = strings.ReplaceAll(strings.ToLower(code), "-", ""); code != "" && !isCode.MatchString(code) {
				return usage(cmd, fmt.Errorf("--code %q: a code is three times four letters and digits, such as 5d36-de66-6171", code))
			}
			return a.listPublications(p, code)
		},
	}
	cmd.Flags().StringVar(&code, "code", "", "only those with the page or workbook that shows this code")
	for _, sub := range []*cobra.Command{a.rollbackCommand(), a.pruneCommand()} {
		sub.Args = usageArgs(sub.Args)
		cmd.AddCommand(sub)
	}
	return cmd
}

// isCode knows the code of a page, without the hyphens.
var isCode = regexp.MustCompile(`^[0-9a-f]{12}$`)

// filesWithCode gives the pages and workbooks of a publication that show a code.
func filesWithCode(m publication.Manifest, code string) []string {
	var paths []string
	for path, inputs := range m.Made {
		if strings.HasPrefix(inputs, code) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// publicationReport is a publication as the list shows it.
type publicationReport struct {
	ID         string            `json:"id"`
	RunID      string            `json:"run_id"`
	WrittenAt  time.Time         `json:"written_at"`
	Files      int               `json:"files"`
	Bytes      int64             `json:"bytes"`
	InForce    bool              `json:"in_force"`
	RolledBack bool              `json:"rolled_back"` // written after the one in force
	Synthetic  bool              `json:"synthetic"`
	Versions   map[string]string `json:"versions"`
	WrittenBy  map[string]string `json:"written_by,omitempty"`
	Options    map[string]string `json:"options,omitempty"`
	Previous   string            `json:"previous,omitempty"`
	SHA256     string            `json:"sha256"`          // of the manifest
	Coded      []string          `json:"coded,omitempty"` // its files with the code that was asked for
}

// publicationReports describes all publications, or those with a code. An error of one that cannot be
// read comes beside the others.
func publicationReports(dir, code string) ([]publicationReport, error) {
	all, err := publication.List(dir)
	current, currentErr := publication.Current(dir)
	if currentErr != nil && !errors.Is(currentErr, fs.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("in force: %w", currentErr))
	}
	reports, after := []publicationReport{}, false
	for _, m := range all {
		seal, sealErr := publication.Seal(dir, m.ID)
		err = errors.Join(err, sealErr)
		r := publicationReport{
			ID: m.ID, RunID: m.RunID, WrittenAt: m.WrittenAt, Files: len(m.Files), Bytes: m.Bytes(),
			InForce: m.ID == current.ID, RolledBack: after, Synthetic: m.Synthetic,
			Versions: m.Versions, WrittenBy: m.WrittenBy, Options: m.Options, SHA256: seal,
		}
		if m.Previous != nil {
			r.Previous = m.Previous.ID
		}
		after = after || r.InForce
		if code != "" {
			r.Coded = filesWithCode(m, code)
		}
		if code == "" || len(r.Coded) > 0 {
			reports = append(reports, r)
		}
	}
	return reports, err
}

func (a *app) listPublications(p *project.Project, code string) error {
	reports, err := publicationReports(p.Dir.Publications(), code)
	if a.json {
		return errors.Join(a.printJSON(reports), err)
	}
	if len(reports) == 0 && err == nil {
		if code != "" {
			return diagnostic.Hinted(fmt.Errorf("code %s: no publication has it", code), "one that had it may have been removed: \"tavolo publications prune\"")
		}
		fmt.Fprintln(a.stdout, "nothing is published yet")
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "publication\twritten\tfiles\tsize\ttavolo\tmanifest\tstate")
	for _, r := range reports {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, localTime(r.WrittenAt),
			group(r.Files), megabytes(r.Bytes), r.Versions["tavolo"], r.SHA256[:min(16, len(r.SHA256))], r.state())
	}
	if err := errors.Join(w.Flush(), err); code == "" || err != nil {
		return errors.Join(a.tellInForce(reports), err)
	}
	for _, r := range reports {
		for _, path := range r.Coded {
			fmt.Fprintf(a.stdout, "  %s/%s\n", r.ID, path)
		}
	}
	return nil
}

func (r publicationReport) state() string {
	var words []string
	switch {
	case r.InForce:
		words = append(words, "in force")
	case r.RolledBack:
		words = append(words, "rolled back")
	}
	if r.Synthetic {
		words = append(words, "synthetic")
	}
	return strings.Join(words, ", ")
}

// tellInForce says under the list what the list alone may leave in doubt.
func (a *app) tellInForce(reports []publicationReport) error {
	at := slices.IndexFunc(reports, func(r publicationReport) bool { return r.InForce })
	var err error
	switch {
	case len(reports) > 0 && at < 0:
		_, err = fmt.Fprintln(a.stdout, "none of them is in force")
	case at >= 0 && at < len(reports)-1:
		_, err = fmt.Fprintf(a.stdout, "rolled back: %s is in force, and not the newest, %s\n", reports[at].ID, reports[len(reports)-1].ID)
	}
	return err
}

// findPublication reads the manifest of the publication that a text names.
func findPublication(dir, name string) (publication.Manifest, error) {
	switch name {
	case "current", "previous":
		current, err := publication.Current(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return current, diagnostic.Hinted(errors.New("nothing is published yet"), "\"tavolo publish\" writes the report of the last transform")
		}
		if err != nil || name == "current" {
			return current, err
		}
		if current.Previous == nil {
			return current, fmt.Errorf("previous: publication %s is the first", current.ID)
		}
		m, err := publication.Read(dir, current.Previous.ID)
		if errors.Is(err, fs.ErrNotExist) {
			return m, fmt.Errorf("previous: publication %s was removed", current.Previous.ID)
		}
		return m, err
	}
	all, _ := publication.List(dir) // what cannot be read is no candidate; by its whole id it says why
	var found []publication.Manifest
	for _, m := range all {
		if m.ID == name {
			return m, nil
		}
		if name != "" && strings.HasPrefix(m.ID, name) {
			found = append(found, m)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) > 1 {
		return publication.Manifest{}, fmt.Errorf("publication %q: it is the beginning of %s and of %s", name, found[0].ID, found[1].ID)
	}
	m, err := publication.Read(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		err = diagnostic.Hinted(fmt.Errorf("publication %q: no such publication", name), "\"tavolo publications\" lists them")
	}
	return m, err
}
