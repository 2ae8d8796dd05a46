package postgres

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/source"
)

const (
	cursorName = "tavolo"
	declare    = "declare " + cursorName + " scroll cursor for "
)

// Extraction is the rows that a query gives at one moment. It is for one goroutine
// at a time.
type Extraction struct {
	query   Query
	ctx     context.Context // of the job: it ends what is read
	conn    *pgconn.PgConn
	columns []column
	formats []int16
	high    int // the column of the mark, or -1
	scale   scale
	since   *point // of the mark before

	measured *tally
	leaveOut bool // the rows at the mark before
	consumed atomic.Int64
}

// Begin asks a server for the rows of a query. An error is a [*QueryError] where
// the query is wrong, and otherwise a [*diagnostic.Error]; neither has a secret or
// a value of a row in it. The context holds for all that is read.
func Begin(ctx context.Context, q Query) (*Extraction, error) {
	q.Limits = q.Limits.OrDefaults()
	q.SQL = strings.TrimRight(q.SQL, "; \t\r\n")
	conn, err := q.connect(ctx)
	if err != nil {
		return nil, err
	}
	x := &Extraction{query: q, ctx: ctx, conn: conn, high: -1}
	if err := x.open(ctx); err != nil {
		hangUp(conn)
		return nil, err
	}
	return x, nil
}

// open checks the query and opens the cursor.
func (x *Extraction) open(ctx context.Context) error {
	statement, err := x.conn.Prepare(ctx, "", x.query.SQL, nil)
	if err != nil {
		return x.query.rejected(err, 0)
	}
	if len(statement.Fields) == 0 {
		return &QueryError{Msg: "the query gives no columns", Hint: "it is one statement that gives rows: select, values or table"}
	}
	if n, most := len(statement.Fields), x.query.Limits.Columns; n > most {
		return &diagnostic.Error{File: x.query.Name,
			Err:  &source.FileError{Code: source.TooManyColumns, Msg: fmt.Sprintf("has %d columns, and no more than %d are read", n, most)},
			Hint: "name the columns in the query that are mapped"}
	}
	if x.columns, err = columnsOf(ctx, x.conn, statement.Fields); err != nil {
		return x.query.failed(err)
	}
	for i := range x.columns {
		format := int16(pgtype.TextFormatCode)
		if x.columns[i].binary() {
			format = pgtype.BinaryFormatCode
		}
		x.formats = append(x.formats, format)
	}
	values, err := x.parameters(ctx, statement.ParamOIDs)
	if err != nil {
		return err
	}
	_, err = x.conn.ExecParams(ctx, declare+x.query.SQL, values, statement.ParamOIDs, nil, nil).Close()
	if err != nil {
		return x.query.rejectedOpening(err)
	}
	return nil
}

// parameters gives the values of the parameters of the query: the mark, or none.
func (x *Extraction) parameters(ctx context.Context, oids []uint32) ([][]byte, error) {
	q := &x.query
	switch {
	case len(oids) > 1:
		return nil, &QueryError{Msg: fmt.Sprintf("the query has %d parameters, and there is one: $1, the mark", len(oids))}
	case q.HighWater == "" && len(oids) == 1:
		return nil, &QueryError{Msg: "the query has the parameter $1, and no high_water says of which column it is the mark"}
	case q.HighWater == "":
		return nil, nil
	case len(oids) == 0:
		return nil, &QueryError{Msg: "the query does not use $1, the mark of high_water, and would give all rows each time",
			Hint: fmt.Sprintf("write where %s >= $1, or leave high_water out", q.HighWater)}
	}
	names := make([]string, len(x.columns))
	for i, column := range x.columns {
		names[i] = column.name
	}
	x.high = slices.Index(names, q.HighWater)
	if x.high < 0 {
		return nil, &QueryError{Msg: fmt.Sprintf("high_water %s: the query gives no such column", q.HighWater),
			Hint: cmp.Or(diagnostic.DidYouMean(q.HighWater, names), "its columns are "+strings.Join(names, ", "))}
	}
	var ok bool
	if x.scale, ok = newScale(x.columns[x.high].oid); !ok {
		return nil, &QueryError{Msg: fmt.Sprintf("high_water %s: only a whole number, numeric, a date or a timestamp can be a mark", q.HighWater)}
	}
	if err := x.readClock(ctx); err != nil {
		return nil, err
	}
	if q.Since == nil {
		return x.beginning(ctx, oids)
	}
	since, err := x.scale.parse(q.Since.Value)
	if err != nil {
		return nil, &diagnostic.Error{File: q.Name, Err: err}
	}
	x.since = &since
	return [][]byte{[]byte(q.Since.Value)}, nil
}

// beginning gives $1 of the first run. What the server says of it is of the
// configuration alone, so all of it is told.
func (x *Extraction) beginning(ctx context.Context, oids []uint32) ([][]byte, error) {
	from := [][]byte{[]byte(cmp.Or(x.query.From, lowest(oids[0])))}
	err := x.conn.ExecParams(ctx, "select $1", from, oids, nil, nil).Read().Err
	var server *pgconn.PgError
	switch {
	case errors.As(err, &server):
		return nil, &QueryError{Msg: fmt.Sprintf("the query cannot begin from %q: %s (%s)", from[0], server.Message, server.Code),
			Hint: "give the first value of $1 as from, in the form of its type"}
	case err != nil:
		return nil, x.query.failed(err)
	}
	return from, nil
}

// readClock bounds the mark by the moment at which the server began.
func (x *Extraction) readClock(ctx context.Context) error {
	now := ""
	switch x.scale.oid {
	case pgtype.DateOID:
		now = "current_date"
	case pgtype.TimestampOID:
		now = "localtimestamp"
	case pgtype.TimestamptzOID:
		now = "current_timestamp"
	default:
		return nil
	}
	result := x.conn.ExecParams(ctx, "select "+now, nil, nil, nil, []int16{pgtype.BinaryFormatCode}).Read()
	if result.Err != nil {
		return x.query.failed(result.Err)
	}
	value := result.Rows[0][0]
	most := int64(0)
	if x.scale.oid == pgtype.DateOID {
		most = int64(int32(binary.BigEndian.Uint32(value)))
	} else {
		most = int64(binary.BigEndian.Uint64(value))
	}
	x.scale.most = &most
	return nil
}

// Hash reads the rows for the first time and gives the name of the batch that they
// are, a SHA-256 in hexadecimal. Where no row is new it gives [ErrNothingNew].
func (x *Extraction) Hash(ctx context.Context) (string, error) {
	t := x.newTally()
	r := rows{conn: x.conn, formats: x.formats}
	for {
		values, err := r.next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", x.query.failed(err)
		}
		sum, size := r.sum(values)
		t.bytes += size
		x.tally(t, values, sum)
	}
	x.measured = t
	before := x.query.Since
	x.leaveOut = before != nil && t.old.rows == before.Rows && t.old.text() == before.Digest
	rows, name := t.all.rows, t.all.text()
	if x.leaveOut {
		rows, name = t.fresh.rows, t.fresh.text()
	}
	if rows == 0 {
		return "", ErrNothingNew
	}
	return name, nil
}

// Mark gives the mark of the extraction after Hash: that of its rows, or where they
// are all below it the one before. It is nil where the query has none.
func (x *Extraction) Mark() *Mark {
	switch {
	case x.high < 0 || x.measured == nil:
		return nil
	case x.measured.most == nil, x.since != nil && x.measured.most.compare(*x.since) < 0:
		return x.query.Since
	}
	return &Mark{Value: x.measured.text, Rows: x.measured.at.rows, Digest: x.measured.at.text()}
}

// Name is the extraction in messages.
func (x *Extraction) Name() string { return x.query.Name }

// Member is empty: an extraction is one batch.
func (x *Extraction) Member() string { return "" }

// Size is how many bytes the values of all rows are, after Hash.
func (x *Extraction) Size() int64 {
	if x.measured == nil {
		return 0
	}
	return x.measured.bytes
}

// Consumed is how many bytes of values have been taken, for those who wait.
func (x *Extraction) Consumed() int64 { return x.consumed.Load() }

// Close ends the transaction and the connection.
func (x *Extraction) Close() error {
	hangUp(x.conn)
	return nil
}
