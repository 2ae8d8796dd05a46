package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/source"
)

// Query is what is asked of which server.
type Query struct {
	// Name is the extraction in messages and in the ledger.
	Name string
	// URL is the connection string, as a URL or as key=value pairs. What it leaves
	// open is taken from libpq's own variables and files: PGHOST, PGSERVICE, ~/.pgpass.
	URL string
	// SQL is the query, one statement that gives rows; $1 in it is the mark.
	SQL string
	// Log is the log that the rows are for. It is part of their identity.
	Log string
	// HighWater is the column of the mark; without one each extraction is of all rows.
	HighWater string
	// From is $1 as long as there is no mark; below every value when empty.
	From string
	// Since is the mark of the last extraction that was committed, or nil.
	Since *Mark
	// Timeout bounds each step that the server takes; ten minutes when 0.
	Timeout time.Duration
	// TimeZone is that of the session, which dates of instants depend on; UTC when empty.
	TimeZone string
	// Limits bound a row: RecordBytes and Columns.
	Limits source.Limits
}

const (
	defaultTimeout = 10 * time.Minute
	connectTimeout = 10 * time.Second // unless the connection string has another
	closeTimeout   = time.Second

	// messageBytes is the longest row that is received at all. Longer ones would
	// be in memory before their length could be complained of.
	messageBytes = 64 << 20
)

// connect opens a connection and its transaction.
func (q *Query) connect(ctx context.Context) (*pgconn.PgConn, error) {
	config, err := pgconn.ParseConfig(q.URL)
	if err != nil { // its text may have what is secret
		return nil, &diagnostic.Error{File: q.Name, Msg: "the connection string cannot be read",
			Hint: "it is of the form postgres://user@host:5432/database, or host=… dbname=… user=…; the password may be in ~/.pgpass"}
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	config.MaxProtocolMessageBodyLen = max(messageBytes, 2*q.Limits.RecordBytes)
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		// Without a request the server would go on with a query that nobody waits for.
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: closeTimeout}
	}
	conn, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return nil, q.unreachable(config, err)
	}
	if err := conn.Exec(ctx, q.begin()).Close(); err != nil {
		hangUp(conn)
		return nil, q.failed(err)
	}
	return conn, nil
}

// begin opens the transaction. The settings that the texts of values depend on are
// made in it, not asked for at the connection, which a pooler may refuse.
func (q *Query) begin() string {
	timeout := q.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	zone := q.TimeZone
	if zone == "" {
		zone = "UTC"
	}
	settings := []struct{ name, value string }{
		{"client_encoding", "UTF8"}, {"application_name", "tavolo"},
		{"statement_timeout", strconv.FormatInt(max(timeout.Milliseconds(), 1), 10)},
		{"timezone", zone}, {"datestyle", "ISO, YMD"}, {"intervalstyle", "iso_8601"}, {"extra_float_digits", "3"},
		{"cursor_tuple_fraction", "1"}, // all rows will be wanted
	}
	var b strings.Builder
	b.WriteString("begin transaction isolation level repeatable read, read only")
	for _, s := range settings {
		fmt.Fprintf(&b, "; set local %s = '%s'", s.name, strings.ReplaceAll(s.value, "'", "''"))
	}
	return b.String()
}

// hangUp ends a connection, whatever it is in the middle of. When the server is
// gone, whoever read from it has been told.
func hangUp(conn *pgconn.PgConn) {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = conn.Close(ctx)
}
