package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// stepRows is how many rows are fetched in one step: enough to make the way to the
// server cost nothing, few enough that the server keeps them in memory.
const stepRows = 2000

// rows steps through a cursor from its beginning.
type rows struct {
	conn    *pgconn.PgConn
	formats []int16
	step    *pgconn.ResultReader // under way, or nil
	got     int                  // rows of the step
	scratch []byte
}

// rewind goes to the beginning.
func (r *rows) rewind(ctx context.Context) error {
	return r.conn.Exec(ctx, "move absolute 0 in "+cursorName).Close()
}

// next gives the values of the next row, valid until the next call, or io.EOF.
func (r *rows) next(ctx context.Context) ([][]byte, error) {
	for {
		if r.step == nil {
			r.got = 0
			r.step = r.conn.ExecParams(ctx, "fetch forward "+strconv.Itoa(stepRows)+" from "+cursorName, nil, nil, nil, r.formats)
		}
		if r.step.NextRow() {
			r.got++
			return r.step.Values(), nil
		}
		_, err := r.step.Close()
		r.step = nil
		if err != nil {
			return nil, err
		}
		if r.got < stepRows {
			return nil, io.EOF
		}
	}
}

// sum gives the SHA-256 of a row. Each value has its length before it, so that no
// two rows are hashed from the same bytes; null has a length of its own. Size is
// how many bytes they are.
func (r *rows) sum(values [][]byte) (sum [32]byte, size int64) {
	b := r.scratch[:0]
	for _, value := range values {
		if value == nil {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, uint64(len(value))+1)
		b = append(b, value...)
		size += int64(len(value))
	}
	r.scratch = b
	return sha256.Sum256(b), size
}
