package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

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

// figuresFile is the file of a publication with the figures that it shows.
const figuresFile = "figures.parquet"

// errNoFigures says that what a publication showed is not known any more.
var errNoFigures = errors.New("its figures are neither with it nor in the lake any more")

// publishedFigures reads the figures of a publication, as one that followed
// describes it: from its folder while it is there as it was, else from the lake.
func publishedFigures(ctx context.Context, p *project.Project, l *lake.Lake, of *publication.Previous) ([]result.Cell, error) {
	if path, ok := figuresOf(p.Dir.Publications(), of); ok {
		return transform.ReadFigures(ctx, path)
	}
	cells, err := transform.FiguresAt(ctx, l, of.Results)
	if errors.Is(err, lake.ErrNoVersion) || errors.Is(err, lake.ErrNoTable) {
		err = fmt.Errorf("publication %s: %w", of.ID, errNoFigures)
	}
	return cells, err
}

// readAhead begins to read the figures that lie with a publication; what waits for them
// gives nil when they cannot be read there.
func readAhead(ctx context.Context, p *project.Project, of *publication.Previous) (wait func() []result.Cell) {
	return ahead(func() []result.Cell {
		if of == nil {
			return nil
		}
		path, ok := figuresOf(p.Dir.Publications(), of)
		if !ok {
			return nil
		}
		cells, err := transform.ReadFigures(ctx, path)
		if err != nil {
			return nil // whoever needs them reads again, and tells
		}
		return cells
	})
}

// figuresOf gives the file of a publication with its figures, when it has one and
// neither that nor the manifest was changed.
func figuresOf(dir string, of *publication.Previous) (path string, ok bool) {
	seal, err := publication.Seal(dir, of.ID)
	if err != nil || seal != of.SHA256 {
		return "", false
	}
	m, err := publication.Read(dir, of.ID)
	if err != nil {
		return "", false
	}
	at := slices.IndexFunc(m.Files, func(f publication.File) bool { return f.Path == figuresFile })
	if at < 0 || publication.CheckFile(dir, of.ID, m.Files[at]) != nil {
		return "", false
	}
	return filepath.Join(dir, of.ID, figuresFile), true
}

// restated compares the figures of a publication that is to be written, as its
// manifest says, with those of the one before; nil when there is none. The error wraps
// errNoFigures, or lake.ErrNoVersion, when that cannot be told.
//
// The figures are those that readAhead reads; nil to read them here.
func restated(ctx context.Context, p *project.Project, l *lake.Lake, set *result.Set, m publication.Manifest, ready func() []result.Cell) (*reports.Restated, error) {
	before := m.Previous
	if before == nil {
		return nil, nil
	}
	var standards transform.Parameters
	if err := json.Unmarshal([]byte(m.Options[standardsOption]), &standards); err != nil {
		return nil, fmt.Errorf("option %s of the manifest: %w", standardsOption, err)
	}
	var figures []result.Cell
	if ready != nil {
		figures = ready()
	}
	if figures == nil {
		var err error
		if figures, err = publishedFigures(ctx, p, l, before); err != nil {
			return nil, err
		}
	}
	r := &reports.Restated{Before: before.ID, At: before.WrittenAt, Manifest: before.SHA256}
	r.Take(restatement.Compare(figures, set.Cells))
	for k := range r.Moves { // a few thousand figures moved, and half a million need not stay for them
		if from := r.Moves[k].From; from != nil {
			r.Moves[k].From = new(result.Cell)
			*r.Moves[k].From = *from
		}
	}
	err := attribute(ctx, p, l, set.References, standards, editionOf(before), transform.Edition{Inputs: set.Run.Inputs(), Stored: set.Stored}, r.Moves)
	return r, err
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
