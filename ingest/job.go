package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
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
	// Limits bound what a file may cost; the zero value is the defaults.
	Limits source.Limits
	// Stdin is what a File with the path "-" reads; nil when there is none.
	Stdin io.Reader
	// Getenv gives the connection strings of queries, by the names of variables of
	// the environment; nil when there are none.
	Getenv func(string) string

	// Workers is how many goroutines check rows; one a processor when 0. The
	// result does not depend on it.
	Workers int
	// Reread has every file read, also one that looks as it did when it was ingested.
	Reread bool

	entries []ledger.Entry // of the lake, plus this run's
	known   *knownFiles
}

// Progress tells how far a batch is.
type Progress struct {
	File          string
	Index, Of     int   // this file's number, from 1, and how many there are
	Bytes, Total  int64 // read of the file
	Rows, Refused int64 // records read and records refused
}

// Stdin is the path of a [File] that is standard input.
const Stdin = "-"

// File is one source file to ingest, or the query of a source in its place.
type File struct {
	Source *mapping.Source
	Path   string // or Stdin; empty: the query of the source is asked
	Member string // of an archive of several files, the one that a result is about; Run opens them all
	// Wrap changes how the file is read, before its columns are bound; may be nil.
	Wrap func(source.Reader) source.Reader
}

// Name is the file in messages: its path, and after a "!" the member; of a query,
// postgres: and the source. Persons after whom a file is named are masked.
func (f File) Name() string {
	if f.IsQuery() {
		return "postgres:" + f.Source.Name
	}
	if f.Member != "" {
		return pseudonym.MaskText(f.Path) + "!" + f.Member
	}
	return pseudonym.MaskText(f.Path)
}

// Result is what became of one file, or of one member of an archive: an entry that
// was committed, or an earlier entry of the same bytes, or an error that concerns
// this file alone; [source.Code] says of some errors what kind they are.
type Result struct {
	File    File
	Entry   ledger.Entry
	Already bool // Entry is of an earlier batch with the same bytes; nothing was done
	Nothing bool // the query gave nothing that it had not given before; there is no Entry
	Err     error
}

// Files gives the files and queries of the sources in the order in which they are
// ingested: by source as configured, then by name. A source without files is no error.
func Files(dir project.Dir, sources []mapping.Source) ([]File, error) {
	var files []File
	for i := range sources {
		if sources[i].Postgres != nil {
			files = append(files, File{Source: &sources[i]})
			continue
		}
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

// Run ingests the files in order and gives a result for each, of an archive one
// for each of its members. A file that cannot be read, or is held back, does not
// stop the others. The error is for
// what stops the run: an interrupted context, a lake that cannot be written.
func (j *Job) Run(ctx context.Context, files []File) ([]Result, error) {
	if err := j.Lake.BindKey(ctx, pseudonym.Fingerprint(j.Master)); err != nil {
		return nil, diagnostic.Hinted(fmt.Errorf("the key of the pseudonyms: %w", err),
			"restore person.key from a backup: under another key no person is recognised again, and each would count as two")
	}
	entries, err := ledger.Read(ctx, j.Lake)
	if err != nil {
		return nil, err
	}
	j.entries = entries
	if err := ledger.RemoveOrphans(j.Dir.Quarantine(), entries); err != nil {
		return nil, err
	}
	j.known = readKnownFiles(j.Dir.Lake())
	defer j.known.write() // what is not kept is read again
	results := make([]Result, 0, len(files))
	for i, file := range files {
		for _, result := range j.file(ctx, file, i+1, len(files)) {
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
	}
	return results, nil
}

// lakeError marks an error of the lake or the quarantine: it would befall every
// file, so it stops the run.
type lakeError struct{ err error }

func (e *lakeError) Error() string { return e.err.Error() }
func (e *lakeError) Unwrap() error { return e.err }

// file ingests a file, or all members of an archive. It stops at what stops the run.
func (j *Job) file(ctx context.Context, file File, index, of int) []Result {
	if file.IsQuery() {
		return []Result{j.query(ctx, file, index, of)}
	}
	since := time.Now()
	name := pseudonym.MaskText(j.Dir.Relative(file.Path))
	info, err := j.look(file)
	if err != nil {
		return []Result{{File: file, Err: err}}
	}
	known := j.known.batches(name, info)
	if len(known) == 1 { // of an archive, it says how its members are called
		if before, ok := j.recognised(file, known[0]); ok {
			return []Result{{File: file, Entry: before, Already: true}}
		}
	}
	opened, info, err := j.openFile(file)
	if err != nil {
		return []Result{{File: file, Err: err}}
	}
	defer opened.Close()
	var results []Result
	for n, part := range opened.Parts() {
		file.Member = part.Member()
		result := Result{File: file}
		d := delivery{file: file, opened: opened, part: part, info: info, index: index, of: of}
		if len(known) == len(opened.Parts()) {
			d.known = known[n]
		}
		result.Entry, result.Already, result.Err = j.part(ctx, d)
		results = append(results, result)
		var broken *lakeError
		if ctx.Err() != nil || errors.As(result.Err, &broken) {
			return results
		}
	}
	j.known.keep(name, info, since, results)
	return results
}

// recognised gives the batch that a file, or a part of it, was when it was read; ok is false
// where that was not committed, or must be read to be told from another log's.
func (j *Job) recognised(file File, id string) (before ledger.Entry, ok bool) {
	if id == "" || j.Reread {
		return before, false
	}
	before, ok = ledger.Find(j.entries, id)
	return before, ok && before.Outcome == ledger.Committed && before.Log == file.Source.Log
}

// part is what becomes one batch.
type part interface {
	Name() string                              // in messages
	Hash(context.Context) (string, error)      // the batch's name, of all that is in it
	Open(source.Format) (source.Reader, error) // to read it after that
}

// whole is what parts are read from.
type whole interface {
	Size() int64     // in bytes
	Consumed() int64 // of these, so far
}

// delivery is a part of a file, or an extraction, on its way to becoming a batch.
type delivery struct {
	file      File
	opened    whole
	part      part
	info      os.FileInfo // the file as it was before it was read; nil for standard input
	known     string      // the batch that the part was when it was read; "" when it must be read to be known
	index, of int
}

// name is the file as the ledger names it. The extractions of a query differ only
// by the batch that they are, so it is part of their name.
func (d delivery) name(dir project.Dir, id string) string {
	name := Stdin
	switch {
	case d.file.IsQuery():
		return d.file.Name() + "@" + id[:12]
	case d.file.Path != Stdin:
		name = pseudonym.MaskText(dir.Relative(d.file.Path))
	}
	if d.file.Member != "" {
		name += "!" + d.file.Member
	}
	return name
}

func (j *Job) part(ctx context.Context, d delivery) (ledger.Entry, bool, error) {
	if before, ok := j.recognised(d.file, d.known); ok {
		return before, true, nil
	}
	id, err := d.part.Hash(ctx)
	if err != nil {
		return ledger.Entry{}, false, err
	}
	before, known := ledger.Find(j.entries, id)
	switch {
	case known && before.Log != d.file.Source.Log:
		return ledger.Entry{}, false, &diagnostic.Error{
			File: d.part.Name(), Msg: fmt.Sprintf("is already in the lake as %s, from the source %s", before.Log, before.Source),
			Hint: "a file holds rows of one log; one of the two sources should not match it",
		}
	case known && before.Outcome == ledger.Committed:
		return before, true, nil
	}
	b, err := j.open(d, id)
	if err != nil {
		return ledger.Entry{}, false, err
	}
	if known {
		b.held = &before
	}
	entry, err := b.run(ctx)
	if err != nil {
		return ledger.Entry{}, false, err
	}
	if b.stillHeld {
		return before, true, nil
	}
	j.entries = append(j.entries, entry)
	return entry, false, nil
}

// look sees whether a File may be read, and what the system says of it: nil of standard input.
func (j *Job) look(file File) (os.FileInfo, error) {
	if file.Path == Stdin {
		return nil, nil
	}
	if err := j.Dir.Contains(file.Source.Files, file.Path); err != nil {
		return nil, err
	}
	info, err := os.Stat(file.Path)
	if err != nil {
		return nil, &diagnostic.Error{File: file.Name(), Err: cause(err)}
	}
	return info, nil
}

// openFile opens what a File names, and tells what it was before it is read.
func (j *Job) openFile(file File) (*source.File, os.FileInfo, error) {
	options := source.Options{Limits: j.Limits, Temp: j.Dir.Temp(), Told: pseudonym.MaskText}
	if file.Path == Stdin {
		if j.Stdin == nil {
			return nil, nil, &diagnostic.Error{File: Stdin, Msg: "there is no standard input to read"}
		}
		opened, err := source.OpenStream("standard input", j.Stdin, options)
		return opened, nil, err
	}
	info, err := j.look(file)
	if err != nil {
		return nil, nil, err
	}
	opened, err := source.OpenFile(file.Path, options)
	return opened, info, err
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
