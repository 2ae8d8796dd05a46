package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
)

// Job ingests the files of one run. It is not safe for concurrent use.
type Job struct {
	Lake       *lake.Lake
	References contract.References
	// Master is the key that the pseudonyms are derived from, one key a purpose.
	Master []byte
	// Dir is the project folder: files are named relative to it.
	Dir project.Dir
	// Location is the time zone of times without an offset, and of months: Europe/Rome.
	Location *time.Location
	// Clock tells when a batch was ingested.
	Clock func() time.Time
	// Sources are all that are configured: a file that does not fit its own
	// source may be told which other one it looks like.
	Sources []mapping.Source
	// RunID marks the batches of this run.
	RunID string
	// Progress is called now and then, from one goroutine; may be nil.
	Progress func(Progress)

	entries []ledger.Entry // of the lake, plus this run's
}

// Progress tells how far a batch is.
type Progress struct {
	File          string
	Index, Of     int   // this file's number, from 1, and how many there are
	Bytes, Total  int64 // read of the file
	Rows, Refused int64 // records read and records refused
}

// File is one source file to ingest.
type File struct {
	Source *mapping.Source
	Path   string
}

// Result is what became of one file: an entry that was committed, or an earlier
// entry of the same bytes, or an error that concerns this file alone.
type Result struct {
	File    File
	Entry   ledger.Entry
	Already bool // Entry is of an earlier batch with the same bytes; nothing was done
	Err     error
}

// Files gives the files of the sources in the order in which they are ingested:
// by source as configured, then by name. A source without files is no error.
func Files(dir project.Dir, sources []mapping.Source) ([]File, error) {
	var files []File
	for i := range sources {
		paths, err := dir.Files(sources[i].Files)
		if err != nil {
			return nil, fmt.Errorf("source %q: %w", sources[i].Name, err)
		}
		for _, path := range paths {
			files = append(files, File{Source: &sources[i], Path: path})
		}
	}
	return files, nil
}

// Run ingests the files in order and gives a result for each. A file that
// cannot be read, or is held back, does not stop the others. The error is for
// what stops the run: an interrupted context, a lake that cannot be written.
func (j *Job) Run(ctx context.Context, files []File) ([]Result, error) {
	entries, err := ledger.Read(ctx, j.Lake)
	if err != nil {
		return nil, err
	}
	j.entries = entries
	if err := ledger.RemoveOrphans(j.Dir.Quarantine(), entries); err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(files))
	for i, file := range files {
		result := Result{File: file}
		result.Entry, result.Already, result.Err = j.file(ctx, file, i+1, len(files))
		if result.Err != nil {
			if ctx.Err() != nil {
				return results, context.Cause(ctx)
			}
			var broken *lakeError
			if errors.As(result.Err, &broken) {
				return results, result.Err
			}
		}
		results = append(results, result)
	}
	return results, nil
}

// lakeError marks an error of the lake or the quarantine: it would befall every
// file, so it stops the run.
type lakeError struct{ err error }

func (e *lakeError) Error() string { return e.err.Error() }
func (e *lakeError) Unwrap() error { return e.err }

func (j *Job) file(ctx context.Context, file File, index, of int) (ledger.Entry, bool, error) {
	info, err := stat(file.Path)
	if err != nil {
		return ledger.Entry{}, false, err
	}
	id, err := BatchID(ctx, file.Path)
	if err != nil {
		return ledger.Entry{}, false, err
	}
	if entry, ok := ledger.Find(j.entries, id); ok {
		return entry, true, nil
	}
	b, err := j.open(file, id, info)
	if err != nil {
		return ledger.Entry{}, false, err
	}
	b.report = func(p Progress) {
		if j.Progress != nil {
			p.File, p.Index, p.Of, p.Total = b.entry.File, index, of, info.Size()
			j.Progress(p)
		}
	}
	entry, err := b.run(ctx)
	if err != nil {
		return ledger.Entry{}, false, err
	}
	j.entries = append(j.entries, entry)
	return entry, false, nil
}

func stat(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &diagnostic.Error{File: path, Err: cause(err)}
	}
	if info.IsDir() {
		return nil, &diagnostic.Error{File: path, Err: errors.New("is a folder"), Hint: "name the files in it, or a glob such as " + path + "/*.csv"}
	}
	return info, nil
}

// keyFor derives the key of the pseudonyms of a log: citizens share one across
// logs, so that their contacts and applications can be joined; operators have
// another, so that an operator is never joined with himself as a citizen.
func (j *Job) keyFor(c *contract.Contract) *pseudonym.Key {
	for _, column := range c.Columns {
		if column.Type == contract.Person && column.Name == "operator_id" {
			return pseudonym.Derive(j.Master, "operator")
		}
	}
	return pseudonym.Derive(j.Master, "citizen")
}
