package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// spoolPage is how many rows of a spooled answer are fetched at a time.
const spoolPage = 10_000

// Spool is Stream for a question whose answer may be of any size, which must be
// one SELECT: no more than most rows are computed, all when it is negative.
//
// The driver keeps the whole answer of a query beside the engine's memory, where
// no limit counts: the product of two logs took 24 GB under a limit of 2. So the
// answer becomes a temporary table first, which the limit holds and which may
// spill, and is fetched from there in pages.
func (e *Engine) Spool(ctx context.Context, m Model, most int, into *Result) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		conn, err := e.db.Conn(ctx)
		if err != nil {
			yield(nil, e.explain(ctx, err, m, 0))
			return
		}
		defer conn.Close()
		names, err := columnNames(ctx, conn, m.SQL)
		if err != nil {
			yield(nil, e.explain(ctx, err, m, 0))
			return
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), "drop table if exists temp.spooled; drop view if exists temp.question")
		if head, err := spool(ctx, conn, m.SQL, len(names), most); err != nil {
			yield(nil, e.explain(ctx, err, m, head))
			return
		}
		e.fetch(ctx, conn, m, names, into, yield)
	}
}

// columnNames gives the names of the columns that a query has, which need not
// differ. The query is bound and not run.
func columnNames(ctx context.Context, conn *sql.Conn, text string) ([]string, error) {
	var names []string
	err := conn.Raw(func(raw any) error {
		prepared, err := raw.(*duckdb.Conn).PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer prepared.Close()
		statement := prepared.(*duckdb.Stmt)
		count, err := statement.ColumnCount()
		if err != nil {
			return err
		}
		for i := range count {
			name, err := statement.ColumnName(i)
			if err != nil {
				return err
			}
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// spool fills the temporary table. A view with numbers for names stands between,
// so that the query stays at the end of its statement, where a semicolon and a
// comment may follow it, and two of its columns may have one name. With an error
// it gives the number of bytes before the query's own text.
func spool(ctx context.Context, conn *sql.Conn, text string, columns, most int) (int, error) {
	numbers := make([]string, columns)
	for i := range numbers {
		numbers[i] = fmt.Sprintf(`"%d"`, i)
	}
	head := "create temp view question(" + strings.Join(numbers, ", ") + ") as "
	if _, err := conn.ExecContext(ctx, head+text); err != nil {
		return len(head), err
	}
	fill := "create temp table spooled as select * from temp.question"
	if most >= 0 {
		fill += fmt.Sprintf(" limit %d", most)
	}
	_, err := conn.ExecContext(ctx, fill)
	return len(head), err
}

// fetch yields the rows of the temporary table, page by page.
func (e *Engine) fetch(ctx context.Context, conn *sql.Conn, m Model, names []string, into *Result, yield func([]any, error) bool) {
	for first := 0; ; first += spoolPage {
		rows, err := conn.QueryContext(ctx, "select * from temp.spooled where rowid >= $1 and rowid < $2", first, first+spoolPage)
		if err != nil {
			yield(nil, e.explain(ctx, err, m, 0))
			return
		}
		if err := into.describe(rows); err != nil {
			rows.Close()
			yield(nil, err)
			return
		}
		for i, name := range names {
			into.Columns[i].Name = name
		}
		given, more := 0, true
		for row, err := range scanned(rows, len(names)) {
			if err != nil {
				err = e.explain(ctx, err, m, 0)
			}
			given++
			if more = yield(row, err) && err == nil; !more {
				break
			}
		}
		rows.Close()
		if !more || given < spoolPage {
			return
		}
	}
}

// scanned yields rows as simple values. A row is valid until the next; an error
// is yielded last, with a nil row.
func scanned(rows *sql.Rows, columns int) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		values, pointers := make([]any, columns), make([]any, columns)
		for i := range values {
			pointers[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(pointers...); err != nil {
				yield(nil, err)
				return
			}
			for i := range values {
				values[i] = simple(values[i])
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}
