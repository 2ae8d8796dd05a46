package ingest

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
)

// duplicates remembers the rows of a batch by a hash over all their values. Two
// rows with the same key and the same content are one; the same key with another
// content is a newer version, which staging tells apart.
type duplicates struct {
	seen    seen
	scratch []byte
}

// add reports whether the row was there before, and remembers it.
func (d *duplicates) add(c *contract.Contract, row contract.Row) (bool, error) {
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
	return d.seen.add(hash{binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])})
}

// cause strips the path that [fs.PathError] repeats.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
