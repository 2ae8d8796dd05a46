package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
)

// BatchID gives the identity of a file: the SHA-256 of its bytes, in hex.
func BatchID(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", &diagnostic.Error{File: path, Err: cause(err)}
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, contextReader{ctx, f}); err != nil {
		return "", &diagnostic.Error{File: path, Err: cause(err)}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// duplicates remembers the rows of a batch by 16 bytes of a hash over all
// their values. Two rows with the same key and the same content are one; the
// same key with another content is a newer version, which staging tells apart.
type duplicates struct {
	seen    map[[16]byte]struct{}
	scratch []byte
}

// add reports whether the row was there before, and remembers it.
func (d *duplicates) add(c *contract.Contract, row contract.Row) bool {
	if d.seen == nil {
		d.seen = map[[16]byte]struct{}{}
	}
	buffer := d.scratch[:0]
	for i, value := range row {
		switch {
		case value.Null:
			buffer = append(buffer, 0)
		case lakeType(c.Columns[i].Type) == lake.Text:
			buffer = append(buffer, 1)
			buffer = binary.AppendUvarint(buffer, uint64(len(value.Text)))
			buffer = append(buffer, value.Text...)
		default:
			buffer = append(buffer, 2)
			buffer = binary.AppendVarint(buffer, value.Int)
		}
	}
	d.scratch = buffer
	sum := sha256.Sum256(buffer)
	key := [16]byte(sum[:16])
	if _, ok := d.seen[key]; ok {
		return true
	}
	d.seen[key] = struct{}{}
	return false
}

// cause strips the path that [fs.PathError] repeats.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
