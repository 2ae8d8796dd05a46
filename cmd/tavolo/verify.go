package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/reports"
	"tavolo/reports/publication"
	"tavolo/transform"
	"tavolo/transform/result"
)

func (a *app) verifyCommand() *cobra.Command {
	var filesOnly bool
	cmd := &cobra.Command{
		Use:     "verify [PUBLICATION]",
		GroupID: "history",
		Short:   "Prove that a publication is whole, and that it follows from the lake",
		Long: `verify reads every byte of a publication, by default of the one in force. First, each
file that the manifest names must be there with its hash, and no other; and where a later
publication holds the hash of the manifest, that must be right. Then it writes the
publication again, from the versions of the lake's tables that the manifest names, into a
temporary folder, and compares it byte by byte. PDF files are not printed again, as their
bytes depend on the Chromium that printed them: those that are there are taken.

A publication that is whole may yet not be written again: the lake does not have the
versions any more, the reference tables were changed, or another version of the program
writes other bytes. The status is 6 then, and the reason is said.

Exit status: 0 it is whole, and was written again to the same bytes · 1 it is damaged, or
the same program writes other bytes · 2 usage · 6 it is whole, and cannot be written
again here · 130 interrupted.`,
		Example: "  tavolo verify\n  tavolo verify 20260301 --files",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			m, err := findPublication(p.Dir.Publications(), append(args, "current")[0])
			if err != nil {
				return err
			}
			v := verification{app: a, project: p, Manifest: m}
			return v.run(cmd.Context(), filesOnly)
		},
	}
	cmd.Flags().BoolVar(&filesOnly, "files", false, "look at the files alone, and do not write the publication again")
	return cmd
}

// verification is the proof of one publication.
type verification struct {
	*app
	project *project.Project
	publication.Manifest
}

// verified is what verify prints as JSON.
type verified struct {
	ID      string               `json:"id"`
	SHA256  string               `json:"sha256"` // of the manifest
	Files   int                  `json:"files"`
	Damages []publication.Damage `json:"damages"`
	Rebuilt bool                 `json:"rebuilt"`
	Differ  []publication.Damage `json:"differ"` // what is written again is not the same
	Reasons []string             `json:"reasons"`
}

func (v *verification) run(ctx context.Context, filesOnly bool) error {
	dir := v.project.Dir.Publications()
	found := verified{ID: v.ID, Files: len(v.Files), Damages: []publication.Damage{}, Differ: []publication.Damage{}, Reasons: []string{}}
	var err error
	if found.SHA256, err = publication.Seal(dir, v.ID); err != nil {
		return err
	}
	if found.Damages, err = publication.Check(dir, v.Manifest); err != nil {
		return err
	}
	chain, err := publication.Chain(dir, v.ID)
	if err != nil {
		return err
	}
	found.Damages = append(found.Damages, chain...)
	if len(found.Damages) > 0 || filesOnly {
		return v.tell(found)
	}
	found.Reasons = append(found.Reasons, v.otherProgram()...)
	differ, err := v.rebuild(ctx)
	var impossible *impossibleError
	switch {
	case errors.As(err, &impossible):
		found.Reasons = append(found.Reasons, impossible.Error())
	case err != nil:
		return err
	default:
		found.Rebuilt, found.Differ = true, append(found.Differ, differ...)
	}
	return v.tell(found)
}

// impossibleError says why a publication cannot be written again.
type impossibleError struct{ error }

func (e *impossibleError) Unwrap() error { return e.error }

// otherProgram gives the differences between the program that wrote the
// publication and this one.
func (v *verification) otherProgram() []string {
	var reasons []string
	now := versions()
	for _, name := range slices.Sorted(maps.Keys(v.WrittenBy)) {
		if now[name] != v.WrittenBy[name] {
			reasons = append(reasons, fmt.Sprintf("it was written with %s %s, and this is %s", name, v.WrittenBy[name], now[name]))
		}
	}
	return reasons
}

// rebuild writes the publication again, and gives the files that are not the same.
func (v *verification) rebuild(ctx context.Context) ([]publication.Damage, error) {
	if len(v.Results) == 0 {
		return nil, &impossibleError{errors.New("its manifest does not say which versions of the results it shows")}
	}
	refs, err := v.references(v.project)
	if err != nil {
		return nil, err
	}
	if refs.SHA256() != v.References {
		return nil, &impossibleError{errors.New("the reference tables are not those that it was written with")}
	}
	boundaries, err := v.boundaries(v.project)
	if err != nil {
		return nil, &impossibleError{err}
	}
	if !maps.Equal(boundaryHashes(boundaries), v.Boundaries) {
		return nil, &impossibleError{errors.New("the boundaries of its maps are not those that it was written with")}
	}
	l, err := v.openLake(ctx, v.project, lake.Options{ReadOnly: true, Clock: v.clock})
	if errors.Is(err, lake.ErrNoLake) {
		err = &impossibleError{err}
	}
	if err != nil {
		return nil, err
	}
	defer l.Close()
	set, err := transform.LoadVersions(ctx, l, refs, v.Results)
	if errors.Is(err, lake.ErrNoVersion) || errors.Is(err, lake.ErrNoTable) {
		err = &impossibleError{fmt.Errorf("the lake does not have what it shows any more: %w", err)}
	}
	if err != nil {
		return nil, err
	}
	figures := transform.ByIndicator(set.Cells)
	moved := func() (*reports.Restated, error) { return v.restatedAgain(ctx, l, set, figures) }
	folder, err := os.MkdirTemp("", "tavolo-verify-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	made := map[string]string{}
	if err := writePublication(ctx, folder, set, figures, boundaries, moved, v.Manifest, penned{printed: filepath.Join(v.project.Dir.Publications(), v.ID),
		note: func(path, inputs string) { made[path] = inputs }}); err != nil {
		return nil, err
	}
	files, err := publication.Files(folder)
	if err != nil {
		return nil, err
	}
	differ := publication.Compare(v.Files, files)
	if len(v.Made) > 0 && !maps.Equal(v.Made, made) {
		differ = append(differ, publication.Damage{Path: "publication.json: made", What: publication.Changed})
	}
	return differ, nil
}

func isPDF(f publication.File) bool { return path.Ext(f.Path) == ".pdf" }

// restatedAgain compares with the publication before, where this one does.
func (v *verification) restatedAgain(ctx context.Context, l *lake.Lake, set *result.Set, figures []transform.Figures) (*reports.Restated, error) {
	if v.Options[restatedOption] == unknownRestatements {
		return unknownSince(v.Previous), nil
	}
	found, err := restated(ctx, v.project, l, set, figures, v.Manifest)
	if isForgotten(err) {
		err = &impossibleError{fmt.Errorf("what it restates is not known any more: %w", err)}
	}
	return found, err
}

// shownDamages is how many files verify names.
const shownDamages = 10

// tell prints what was found, and gives the error that the command ends with.
func (v *verification) tell(found verified) error {
	if v.json {
		if err := v.printJSON(found); err != nil {
			return err
		}
	}
	switch {
	case len(found.Damages) > 0:
		return &statusError{exitError, v.complaint("it is not as its manifest says", found.Damages)}
	case len(found.Differ) > 0:
		err := v.complaint("written again from the lake it is not the same", found.Differ)
		if len(found.Reasons) > 0 {
			return &statusError{exitNotRebuilt, diagnostic.Hinted(err, found.Reasons[0])}
		}
		return &statusError{exitError, err}
	case !found.Rebuilt && len(found.Reasons) > 0:
		v.say("%s is whole: %s, %s", v.ID, count(found.Files, "file"), megabytes(v.Bytes()))
		return &statusError{exitNotRebuilt, fmt.Errorf("publication %s cannot be written again: %s", v.ID, found.Reasons[len(found.Reasons)-1])}
	}
	v.say("%s is whole: %s, %s", v.ID, count(found.Files, "file"), megabytes(v.Bytes()))
	if found.Rebuilt {
		except := ""
		if slices.ContainsFunc(v.Files, isPDF) {
			except = " but of the PDF files, which are not printed again"
		}
		v.say("  written again from the lake, every byte is the same%s", except)
	}
	v.say("  its manifest is %s", found.SHA256)
	return nil
}

// complaint names the first files that are not as they must be.
func (v *verification) complaint(what string, damages []publication.Damage) error {
	errs := []error{fmt.Errorf("publication %s: %s: %s", v.ID, what, count(len(damages), "file"))}
	for i, damage := range damages {
		if i == shownDamages {
			errs = append(errs, fmt.Errorf("… and %d more", len(damages)-i))
			break
		}
		errs = append(errs, fmt.Errorf("%s/%s", v.ID, damage))
	}
	return errors.Join(errs...)
}
