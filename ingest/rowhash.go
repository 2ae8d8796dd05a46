package ingest

import (
	"encoding/binary"
	"hash/maphash"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
)

// rowHasher hashes all the values of a row: two rows with the same key and the
// same content are one; the same key with another content is a newer version,
// which staging tells apart. The hash is of 128 bits, keyed with two random
// seeds: no two rows of any file share one, also when their sender would like it.
type rowHasher struct {
	seeds   [2]maphash.Seed
	texts   []bool // by column: its values are texts
	scratch []byte
}

func newRowHasher(c *contract.Contract, seeds [2]maphash.Seed) *rowHasher {
	h := &rowHasher{seeds: seeds}
	for i := range c.Columns {
		h.texts = append(h.texts, lakeType(c.Columns[i].Type) == lake.Text)
	}
	return h
}

func (h *rowHasher) hash(row contract.Row) hash {
	b := h.scratch[:0]
	for i := range row {
		value := &row[i]
		switch {
		case value.Null:
			b = append(b, 0)
		case h.texts[i]:
			b = append(b, 1)
			b = binary.AppendUvarint(b, uint64(len(value.Text)))
			b = append(b, value.Text...)
		default:
			b = append(b, 2)
			b = binary.LittleEndian.AppendUint64(b, uint64(value.Int))
		}
	}
	h.scratch = b
	return hash{maphash.Bytes(h.seeds[0], b), maphash.Bytes(h.seeds[1], b)}
}
