package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/source"
)

// ErrNothingNew says that a query gave no row beyond those of the last extraction.
var ErrNothingNew = errors.New("nothing new")

// QueryError is what is wrong with a query itself, before any row was read.
type QueryError struct {
	Char int // the character of the query that it is about, from 1; 0: the query as a whole
	Msg  string
	Hint string
}

func (e *QueryError) Error() string { return e.Msg }

// rejected makes what the server says of a query that it did not accept an error.
// It has seen no row yet, so all that it says is about the query.
func (q *Query) rejected(err error, before int) error {
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		return q.failed(err)
	}
	char := 0
	if server.Position > int32(before) {
		char = int(server.Position) - before
	}
	return &QueryError{Char: char, Msg: fmt.Sprintf("the server does not accept the query: %s (%s)", server.Message, server.Code), Hint: server.Hint}
}

// rejectedOpening is what the server says when the query begins: a value in the
// query may not be one, and what it plans it may compute from rows already.
func (q *Query) rejectedOpening(err error) error {
	var server *pgconn.PgError
	if errors.As(err, &server) && telling(server.Code) {
		return q.rejected(err, len(declare))
	}
	return q.failed(err)
}

// failed makes an error of the server, or of the way to it, one that quotes no row.
func (q *Query) failed(err error) error {
	var server *pgconn.PgError
	var large *pgproto3.ExceededMaxBodyLenErr
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &large):
		return &diagnostic.Error{File: q.Name,
			Err:  &source.FileError{Code: source.TooLarge, Msg: fmt.Sprintf("has a row of more than %d bytes", large.MaxExpectedBodyLen)},
			Hint: "leave out of the query what no column asks for"}
	case !errors.As(err, &server):
		return &diagnostic.Error{File: q.Name, Msg: "the connection was lost: " + network(err), Hint: "nothing was ingested; run it again"}
	case server.Code == "57014":
		return &diagnostic.Error{File: q.Name, Msg: "the server took longer than the timeout of the query",
			Hint: "an index on the column of high_water helps, or a longer timeout"}
	case telling(server.Code):
		return &diagnostic.Error{File: q.Name, Msg: fmt.Sprintf("the server says: %s (%s)", server.Message, server.Code)}
	}
	return &diagnostic.Error{File: q.Name, Msg: "the server cannot go on with the query: SQLSTATE " + server.Code,
		Hint: "its message may quote a row, so it is not shown here; run the query in psql, or look into the server's log"}
}

// telling says whether the messages of a class of errors speak of the server and
// of names in the database, and of no value in it.
func telling(code string) bool {
	if len(code) != 5 {
		return false
	}
	switch code[:2] {
	case "08", // connection
		"0A",             // what the server does not do
		"25", "3B", "40", // transaction
		"28", "3D", "3F", // authorisation, unknown database or schema
		"42",                   // names and rights
		"53", "55", "57", "58": // resources, state, operator, system
		return true
	}
	return false
}

// unreachable makes the error of a connection that did not come about. It names
// the host, and neither user nor password.
func (q *Query) unreachable(config *pgconn.Config, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	at := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	if strings.HasPrefix(config.Host, "/") {
		at = fmt.Sprintf("%s, port %d", config.Host, config.Port)
	}
	var server *pgconn.PgError
	switch {
	case !errors.As(err, &server):
		return &diagnostic.Error{File: q.Name, Msg: fmt.Sprintf("the server at %s cannot be reached: %s", at, network(err)),
			Hint: "check the connection string, and that the server runs and lets this machine in"}
	case strings.HasPrefix(server.Code, "28"): // its message has the user in it
		return &diagnostic.Error{File: q.Name, Msg: fmt.Sprintf("the server at %s does not let the user in (%s)", at, server.Code),
			Hint: "check user and password of the connection string, and pg_hba.conf of the server"}
	}
	return &diagnostic.Error{File: q.Name, Msg: fmt.Sprintf("the server at %s says: %s (%s)", at, server.Message, server.Code)}
}

// network gives the cause of a failure on the way, in its own words where these
// are those of the operating system or a resolver, and otherwise by its kind: what
// a library says may repeat what it was given.
func network(err error) string {
	var operation *net.OpError
	var lookup *net.DNSError
	var timeout interface{ Timeout() bool }
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return "its certificate is not trusted"
	case strings.Contains(err.Error(), "refused TLS"):
		return "it does no TLS, which the connection string asks for"
	case errors.As(err, &lookup):
		return "the name of the host is not known"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	case errors.As(err, &operation):
		return operation.Err.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the server closed it"
	}
	return "it does not speak the protocol as the connection string asks"
}
