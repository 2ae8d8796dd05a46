// Package duckdb is the embedded engine: it runs SQL over the Parquet files of
// the lake, in memory, in this process, and fetches nothing.
//
// An [Engine] is empty when it opens. [Engine.Register] gives it views over
// exactly the files that the lake planned, [Engine.Create] small tables of
// reference rows, [Engine.Run] the tables that models compute. Nothing lists a
// directory, infers a type or survives Close.
//
// Times are instants in UTC. Every engine runs with the session time zone UTC,
// so results do not depend on the machine; models name Europe/Rome where they
// mean it.
package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	driver "github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// Options configures an engine. The zero value takes DuckDB's own defaults:
// four fifths of the memory, all processors, and no spilling to disk.
type Options struct {
	MemoryLimit string // such as "2GB"; a wish, not a wall: single large values can pass it
	Threads     int    // 0: one for each processor
	TempDir     string // where intermediate results may spill; "" forbids it
}

// Engine is one in-memory database. Its methods may be called from several
// goroutines. Close frees everything.
type Engine struct {
	db    *sql.DB
	files []string // of all registered relations
}

// Open starts an empty engine.
func Open(o Options) (*Engine, error) {
	connector, err := driver.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("duckdb: %w", err)
	}
	e := &Engine{db: sql.OpenDB(connector)}
	for _, setting := range o.settings() {
		if _, err := e.db.Exec("set global " + setting); err != nil {
			e.Close()
			return nil, fmt.Errorf("duckdb: setting %s: %w", setting, plain(err))
		}
	}
	if err := e.quickInstants(context.Background()); err != nil {
		e.Close()
		return nil, fmt.Errorf("duckdb: %w", err)
	}
	return e, nil
}

func (o Options) settings() []string {
	settings := []string{
		"errors_as_json = true", // errors carry the exact position that way
		"TimeZone = 'UTC'",
		"preserve_insertion_order = true", // "order by" then decides the bytes of a file, at any number of threads
		"autoinstall_known_extensions = false",
		"autoload_known_extensions = false",
		"allow_community_extensions = false",
		"temp_directory = " + Quote(o.TempDir),
	}
	if o.MemoryLimit != "" {
		settings = append(settings, "memory_limit = "+Quote(o.MemoryLimit))
	}
	if o.Threads > 0 {
		settings = append(settings, fmt.Sprintf("threads = %d", o.Threads))
	}
	return settings
}

// SetThreads changes how many threads one query may use; 0 is one for each
// processor. A caller that runs several queries at once gives each a part.
func (e *Engine) SetThreads(ctx context.Context, threads int) error {
	if threads == 0 {
		return e.Exec(ctx, "reset global threads")
	}
	return e.Exec(ctx, fmt.Sprintf("set global threads = %d", threads))
}

// Close ends the engine and everything in it.
func (e *Engine) Close() error { return e.db.Close() }

// Version is the version of the DuckDB library, such as "v1.5.6".
func Version() string { return mapping.LibraryVersion() }

// Seal takes rights away, for good: from then on the engine opens no file but
// those of the registered relations, and no setting can be changed. It is a
// fence against mistakes. It is no sandbox: memory and time stay unlimited.
func (e *Engine) Seal(ctx context.Context) error {
	return e.Exec(ctx, "set global allowed_paths = ["+e.quotedFiles()+"];"+
		"set global enable_external_access = false;"+
		"set global lock_configuration = true")
}

// quotedFiles are the files of all registered relations as literals.
func (e *Engine) quotedFiles() string {
	paths := make([]string, len(e.files))
	for i, file := range e.files {
		paths[i] = Quote(file)
	}
	return strings.Join(paths, ", ")
}

// Fence takes rights away, for good: from then on the engine opens no file but
// those of the registered relations and those in folders, empty names left out.
// Settings can still be changed, this one not. As of Seal, it is no sandbox.
func (e *Engine) Fence(ctx context.Context, folders ...string) error {
	var names []string
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		full, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		names = append(names, Quote(full))
	}
	return e.Exec(ctx, "set global allowed_paths = ["+e.quotedFiles()+"];"+
		"set global allowed_directories = ["+strings.Join(names, ", ")+"];"+
		"set global enable_external_access = false")
}

// Exec runs statements that give no rows, separated by semicolons.
func (e *Engine) Exec(ctx context.Context, text string, args ...any) error {
	if _, err := e.db.ExecContext(ctx, text, args...); err != nil {
		return e.explain(ctx, err, Model{SQL: text}, 0)
	}
	return nil
}

// Names gives the relations that a query reads, each once: what is named after
// from and join, without the query's own common table expressions. The
// relations need not exist. Those of subqueries in expressions are left out, so
// models are put in order by their syntax tree instead: see package subset.
//
// It asks a database that is empty: where no relation is known no type is, and
// without types the functions of quickInstants cannot be told apart.
func (e *Engine) Names(ctx context.Context, m Model) ([]string, error) {
	connector, err := driver.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("duckdb: %w", err)
	}
	empty := sql.OpenDB(connector)
	defer empty.Close()
	if _, err := empty.ExecContext(ctx, "set errors_as_json = true"); err != nil {
		return nil, fmt.Errorf("duckdb: %w", plain(err))
	}
	conn, err := empty.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	names, err := driver.GetTableNames(conn, m.SQL, false)
	if err != nil {
		return nil, e.explain(ctx, err, m, 0)
	}
	return names, nil
}

// Quote writes text as an SQL literal.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// Day writes a day as an SQL literal.
func Day(day time.Time) string { return "date " + Quote(day.Format(time.DateOnly)) }

// Name writes an identifier so that any text can be one.
func Name(identifier string) string {
	return `"` + strings.ReplaceAll(identifier, `"`, `""`) + `"`
}
