package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/ingest/reference"
	"tavolo/reports"
	"tavolo/reports/publication"
	"tavolo/sql"
	"tavolo/transform"
	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

// figuresFolder holds, in a publication, the figures that it shows: a Parquet file for
// each indicator, which publications between which none of them moved have in common.
const figuresFolder = "figures/"

func figuresFile(indicator string) string { return figuresFolder + indicator + ".parquet" }

// errNoFigures says that what a publication showed is not known any more.
var errNoFigures = errors.New("its figures are neither with it nor in the lake any more")

// figuresBeside are the files with the figures of a publication.
func figuresBeside(figures []transform.Figures) []reports.Beside {
	files := make([]reports.Beside, len(figures))
	for i, f := range figures {
		files[i] = reports.Beside{Path: figuresFile(f.Indicator), Inputs: f.Digest,
			Write: func(file string) error { return transform.WriteFigures(file, f.Cells) }}
	}
	return files
}

// publishedFigures reads the figures of a publication, as one that followed
// describes it: from its folder while they are there as they were, else from the lake.
func publishedFigures(ctx context.Context, p *project.Project, l *lake.Lake, of *publication.Previous) ([]result.Cell, error) {
	if kept := figuresOf(p.Dir.Publications(), of); kept != nil {
		var all []result.Cell
		for _, file := range kept.files {
			cells, err := kept.read(ctx, file)
			if err != nil {
				return nil, err
			}
			all = append(all, cells...)
		}
		return all, nil
	}
	cells, err := transform.FiguresAt(ctx, l, of.Results)
	if errors.Is(err, lake.ErrNoVersion) || errors.Is(err, lake.ErrNoTable) {
		err = fmt.Errorf("publication %s: %w", of.ID, errNoFigures)
	}
	return cells, err
}

// keptFigures are the figures that lie with a publication.
type keptFigures struct {
	dir   string // of publications
	m     publication.Manifest
	files []publication.File // by indicator
}

// figuresOf gives the figures that lie with a publication; nil when they or the manifest
// were changed.
func figuresOf(dir string, of *publication.Previous) *keptFigures {
	seal, err := publication.Seal(dir, of.ID)
	if err != nil || seal != of.SHA256 {
		return nil
	}
	m, err := publication.Read(dir, of.ID)
	if err != nil {
		return nil
	}
	kept := &keptFigures{dir: dir, m: m}
	for _, file := range m.Files {
		if strings.HasPrefix(file.Path, figuresFolder) {
			if publication.CheckFile(dir, of.ID, file) != nil {
				return nil
			}
			kept.files = append(kept.files, file)
		}
	}
	if len(kept.files) == 0 {
		return nil
	}
	return kept
}

func (k *keptFigures) read(ctx context.Context, file publication.File) ([]result.Cell, error) {
	return transform.ReadFigures(ctx, filepath.Join(k.dir, k.m.ID, filepath.FromSlash(file.Path)))
}

// compare compares the figures with later ones. What has the same digest is not read.
func (k *keptFigures) compare(ctx context.Context, later []transform.Figures) (*restatement.Comparison, error) {
	now := map[string]transform.Figures{}
	for _, f := range later {
		now[figuresFile(f.Indicator)] = f
	}
	byIndicator := map[string]*restatement.Comparison{}
	for _, file := range k.files {
		f := now[file.Path]
		if f.Digest != "" && f.Digest == k.m.Made[file.Path] {
			byIndicator[file.Path] = &restatement.Comparison{Same: len(f.Cells)}
			continue
		}
		before, err := k.read(ctx, file)
		if err != nil {
			return nil, err
		}
		byIndicator[file.Path] = restatement.Compare(before, f.Cells)
	}
	for path, f := range now {
		if byIndicator[path] == nil {
			byIndicator[path] = restatement.Compare(nil, f.Cells)
		}
	}
	var parts []*restatement.Comparison
	for _, path := range slices.Sorted(maps.Keys(byIndicator)) {
		parts = append(parts, byIndicator[path])
	}
	return restatement.Join(parts...), nil
}

// restated compares the figures of a publication that is to be written, as its
// manifest says, with those of the one before; nil when there is none. The error wraps
// errNoFigures, or lake.ErrNoVersion, when that cannot be told.
func restated(ctx context.Context, p *project.Project, l *lake.Lake, set *result.Set, figures []transform.Figures, m publication.Manifest) (*reports.Restated, error) {
	before := m.Previous
	if before == nil {
		return nil, nil
	}
	var standards transform.Parameters
	if err := json.Unmarshal([]byte(m.Options[standardsOption]), &standards); err != nil {
		return nil, fmt.Errorf("option %s of the manifest: %w", standardsOption, err)
	}
	compared, err := compareWith(ctx, p, l, before, set, figures)
	if err != nil {
		return nil, err
	}
	r := &reports.Restated{Before: before.ID, At: before.WrittenAt, Manifest: before.SHA256}
	r.Take(compared)
	for k := range r.Moves { // a few thousand figures moved, and half a million need not stay for them
		if from := r.Moves[k].From; from != nil {
			r.Moves[k].From = new(result.Cell)
			*r.Moves[k].From = *from
		}
	}
	err = attribute(ctx, p, l, set.References, standards, editionOf(before), transform.Edition{Inputs: set.Run.Inputs(), Stored: set.Stored}, r.Moves)
	return r, err
}

// compareWith compares the figures of an earlier publication with those of a set, which
// are given by indicator, too.
func compareWith(ctx context.Context, p *project.Project, l *lake.Lake, of *publication.Previous, set *result.Set, figures []transform.Figures) (*restatement.Comparison, error) {
	if kept := figuresOf(p.Dir.Publications(), of); kept != nil {
		return kept.compare(ctx, figures)
	}
	before, err := publishedFigures(ctx, p, l, of)
	if err != nil {
		return nil, err
	}
	return restatement.Compare(before, set.Cells), nil
}

func editionOf(of *publication.Previous) transform.Edition {
	return transform.Edition{Inputs: of.Snapshots, Stored: of.Results}
}

// attribute names the batches behind moves.
func attribute(ctx context.Context, p *project.Project, l *lake.Lake, refs *reference.Tables, standards transform.Parameters, from, to transform.Edition, moves []restatement.Move) error {
	options := transform.SessionOptions{SQL: sql.Files, Parameters: standards, Engine: engine(p)}
	return transform.Attribute(ctx, l, refs, options, from, to, moves)
}

// isForgotten says that an error tells of a version that is known no more.
func isForgotten(err error) bool {
	return errors.Is(err, errNoFigures) || errors.Is(err, lake.ErrNoVersion) || errors.Is(err, lake.ErrNoTable) || errors.Is(err, fs.ErrNotExist)
}
