// Package lake keeps the accepted rows and the computed tables as Apache
// Iceberg tables in one folder, with no server: any engine that reads Iceberg
// or Parquet can read them.
//
// What it promises:
//
//   - One append or one replacement is one Iceberg commit: it is there whole or
//     not at all, also after a crash or a power cut. Every file and every folder
//     entry is synced to the disk before the commit that needs it.
//   - One writer at a time, held by a lock that dies with its process; any number
//     of readers, who never wait and never see half a commit.
//   - A lake that was moved or copied opens where it is now. Iceberg's metadata
//     holds absolute paths; they all start with the location at which the lake
//     was created (recorded in lake.json), and this package maps that prefix to
//     the folder that was opened. A copy therefore never touches its original.
//
// The folder:
//
//	lake.json                     the location that the metadata's paths start with
//	lock                          held by the writer; its process id while it works
//	known_files.json              not the lake's: how package ingest knows files again unread
//	tavolo/TABLE/metadata/…       Iceberg metadata, manifests and snapshots
//	tavolo/TABLE/data/…           Parquet, one folder a partition
//
// The catalogue is iceberg-go's directory catalogue: the current version of a
// table is its highest numbered metadata/vN.metadata.json.
package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	"github.com/apache/iceberg-go/catalog/hadoop"
	"github.com/apache/iceberg-go/table"

	"tavolo/ingest/diagnostic"
)

// namespace is the Iceberg namespace of all tables.
const namespace = "tavolo"

// What Open and the reading methods answer when there is nothing to read.
var (
	ErrNoLake  = errors.New("no lake here")
	ErrNoTable = errors.New("no such table")
	// ErrReadOnly is the answer of a writing method on a lake opened for reading.
	ErrReadOnly = errors.New("lake was opened for reading only")
	// ErrInUse says that another process is writing; the message names it.
	ErrInUse = errors.New("lake is in use")
	// ErrOtherKey says that the rows of the lake were written under another key.
	ErrOtherKey = errors.New("the rows of the lake are under another key")
	// ErrDamaged says that files are gone without which the others are not to be
	// read. Nothing is cleaned up then, and nothing taken for empty.
	ErrDamaged = errors.New("the lake is damaged")
)

// Options says how to open a lake. The zero value opens it for writing.
type Options struct {
	// ReadOnly opens without the lock: while a writer is at work, each call sees
	// the last committed state.
	ReadOnly bool
	// Clock gives the time that commits are stamped with; nil is time.Now.
	Clock func() time.Time
	// BufferBytes bounds the rows held in memory by one appender over all its open
	// partitions, in bytes as they are in Arrow; 0 is 96 MiB. When half of it is
	// there, every partition's rows are written out as a row group, while the other
	// half fills up.
	BufferBytes int64
	// FileBytes is the size after which a new Parquet file is begun; 0 is 256 MiB.
	FileBytes int64

	fault func(op, path string) error // tests make a file operation fail
}

// Lake is an open lake. Its methods may be called from several goroutines.
type Lake struct {
	dir     string
	options Options
	fs      *rooted
	catalog *hadoop.Catalog
	unmount func()
	lock    *writerLock // nil when read-only

	mu     sync.Mutex       // held during a commit, and for the fields below
	dirty  bool             // a failed operation may have left files that no table knows
	next   map[string]int64 // table → number of the next appender's files
	staged map[string]bool  // folders given out by Staging and not committed yet

	current sync.Map // table → *table.Table: what the writer, being alone, knows to be current
}

// Create makes an empty lake in dir, which is created where absent. A folder
// that already holds a lake is left as it is.
func Create(ctx context.Context, dir string) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if _, err := readLocation(abs); err == nil {
		return nil
	}
	if err := mkdirAll(filepath.Join(abs, namespace)); err != nil {
		return fmt.Errorf("create lake: %w", err)
	}
	return writeLocation(abs, locationFor(abs))
}

// Open opens the lake in dir. It answers ErrNoLake where there is none and
// ErrInUse, with the process that holds it, where another writer is at work.
// After a crash, opening for writing removes the files that no commit reached.
func Open(ctx context.Context, dir string, o Options) (*Lake, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	location, err := readLocation(abs)
	if errors.Is(err, fs.ErrNotExist) {
		if hints, _ := filepath.Glob(filepath.Join(quotedGlob(abs), versionHint("*"))); len(hints) > 0 {
			return nil, damaged(dir, locationFile+", which names the folder that the lake was made in, is gone")
		}
		return nil, diagnostic.Hinted(fmt.Errorf("%s: %w", dir, ErrNoLake),
			`"tavolo init" makes a project with its lake, "tavolo ingest" fills it`)
	}
	if err != nil {
		return nil, err
	}
	l := &Lake{dir: abs, options: o, next: map[string]int64{}, staged: map[string]bool{}}
	l.fs = &rooted{location: location, root: abs, readOnly: o.ReadOnly, fault: o.fault}
	crashed := false
	if !o.ReadOnly {
		if l.lock, crashed, err = acquire(filepath.Join(abs, lockFile)); err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
	}
	if l.catalog, l.unmount, err = openCatalog(l.fs); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), l.lock.release(false))
	}
	if crashed {
		if err := l.sweep(ctx); err != nil {
			l.dirty = true
			return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), l.Close())
		}
	}
	return l, nil
}

// openCatalog gives iceberg-go's directory catalogue over the file system, and
// what to call when neither it nor its tables are needed any more.
func openCatalog(files *rooted) (*hadoop.Catalog, func(), error) {
	token, unmount := mount(files)
	cat, err := hadoop.NewCatalog(namespace, files.location, iceberg.Properties{mountKey: token})
	if err != nil {
		unmount()
		return nil, nil, err
	}
	return cat, unmount, nil
}

// Dir is the folder of the lake, as it was opened.
func (l *Lake) Dir() string { return l.dir }

// Close gives back the lock. It removes what was staged and never committed.
func (l *Lake) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for dir := range l.staged {
		errs = append(errs, os.RemoveAll(dir))
	}
	clear(l.staged)
	defer l.unmount()
	return errors.Join(append(errs, l.lock.release(!l.dirty), l.catalog.Close())...)
}

// Tables gives the names of the tables, sorted.
func (l *Lake) Tables(ctx context.Context) ([]string, error) {
	names := []string{}
	for ident, err := range l.catalog.ListTables(ctx, table.Identifier{namespace}) {
		if err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		names = append(names, ident[len(ident)-1])
	}
	lost, err := l.unlisted(ctx, names)
	names = append(names, lost...)
	slices.Sort(names)
	return names, err
}

// load gives a table with its current metadata. A reader may lose a race with a
// writer that removes an old metadata file just after it was found: the newer
// file is there by then.
func (l *Lake) load(ctx context.Context, name string) (*table.Table, error) {
	if known, ok := l.current.Load(name); ok {
		return known.(*table.Table), nil
	}
	var tbl *table.Table
	var err error
	for range 3 {
		tbl, err = l.loadOnce(ctx, name)
		if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrNoTable) {
			break
		}
	}
	if err == nil && l.lock != nil {
		l.current.Store(name, tbl)
	}
	return tbl, err
}

func (l *Lake) loadOnce(ctx context.Context, name string) (*table.Table, error) {
	tbl, err := l.catalog.LoadTable(ctx, table.Identifier{namespace, name})
	if errors.Is(err, catalog.ErrNoSuchTable) && l.hadMetadata(name) { // or a writer made it just now
		if tbl, err = l.catalog.LoadTable(ctx, table.Identifier{namespace, name}); errors.Is(err, catalog.ErrNoSuchTable) {
			return nil, damaged(filepath.Join(l.dir, namespace, name), "the metadata of table "+name+" is gone")
		}
	}
	if errors.Is(err, catalog.ErrNoSuchTable) {
		return nil, fmt.Errorf("table %q: %w", name, ErrNoTable)
	}
	if err != nil {
		return nil, fmt.Errorf("table %q: %w", name, err)
	}
	return tbl, nil
}

// writable refuses where the lake was opened for reading.
func (l *Lake) writable() error {
	if l.options.ReadOnly {
		return ErrReadOnly
	}
	return nil
}
