package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"tavolo/ingest/boundary"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/project"
	"tavolo/ingest/reference"
	"tavolo/sql"
)

// rome is the time zone in which months and days are counted.
func rome() *time.Location {
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err) // the time zones are part of the program
	}
	return loc
}

// localTime writes a moment as clocks in Italy show it, with the name of their time, CET
// or CEST, whatever the zone of this machine.
func localTime(t time.Time) string { return t.In(rome()).Format("2006-01-02 15:04 MST") }

// runID names a run; ids sort by time.
func runID(now time.Time) string { return now.UTC().Format("20060102T150405.000Z") }

func personKeyFromEnvironment() string { return os.Getenv(project.KeyVariable) }

// references loads the built-in reference tables and the project's own.
func (a *app) references(p *project.Project) (*reference.Tables, error) {
	var own fs.FS
	if p != nil {
		own = os.DirFS(p.Dir.Reference())
	}
	return reference.Load(sql.Seeds(), own)
}

// boundaries reads what the project's maps are drawn with; the built-in map is none of it.
func (a *app) boundaries(p *project.Project) ([]*boundary.Map, error) {
	if len(p.Maps) == 0 {
		return nil, nil
	}
	refs, err := a.references(p)
	if err != nil {
		return nil, err
	}
	return p.Boundaries(refs)
}

// boundaryHashes gives the hash of each map by level, as manifests have it.
func boundaryHashes(maps []*boundary.Map) map[string]string {
	hashes := map[string]string{}
	for _, m := range maps {
		hashes[m.Level] = m.SHA256
	}
	return hashes
}

// openLake opens the project's lake; a writer makes it when it is not there.
func (a *app) openLake(ctx context.Context, p *project.Project, o lake.Options) (*lake.Lake, error) {
	l, err := lake.Open(ctx, p.Dir.Lake(), o)
	if !errors.Is(err, lake.ErrNoLake) {
		return l, err
	}
	if o.ReadOnly {
		return nil, &diagnostic.Error{File: p.Dir.Lake(), Msg: "the lake is empty", Hint: "\"tavolo ingest\" reads source files into it"}
	}
	if err := lake.Create(ctx, p.Dir.Lake()); err != nil {
		return nil, err
	}
	return lake.Open(ctx, p.Dir.Lake(), o)
}
