package export

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"sync"
)

// Digest names all that a workbook holds: a SHA-256 in hexadecimal. Two books with
// the same digest give the same bytes.
func (b *Book) Digest() string {
	d := newDigest()
	d.text(b.Title, b.Creator, b.Lang, b.Name, b.List[0], b.List[1], b.Warning)
	d.number(b.At.UnixNano(), int64(len(b.Facts)), int64(len(b.Sheets)))
	for _, f := range b.Facts {
		d.text(f.Name, f.Text)
	}
	for _, s := range b.Sheets {
		d.text(s.Name, s.Table.Digest())
	}
	return d.end()
}

// Digest names all that a table holds, as Book.Digest does a workbook. The table is not
// to be changed after.
func (t *Table) Digest() string {
	if t.digest == "" {
		d := newDigest()
		d.table(t)
		t.digest = d.end()
	}
	return t.digest
}

// digest takes in texts and numbers, so that no two sequences of them are the same bytes.
type digest struct {
	hash.Hash
	room []byte
}

// together is how many bytes are hashed at once, but for a text that is longer.
const together = 1 << 13

// digests are kept, with their room.
var digests = sync.Pool{New: func() any { return &digest{Hash: sha256.New(), room: make([]byte, 0, 2*together)} }}

func newDigest() *digest {
	d := digests.Get().(*digest)
	d.Reset()
	return d
}

func (d *digest) text(some ...string) {
	for _, text := range some {
		d.room = append(binary.AppendVarint(d.room, int64(len(text))), text...)
	}
	d.flush(together)
}

func (d *digest) number(some ...int64) {
	for _, n := range some {
		d.room = binary.AppendVarint(d.room, n)
	}
	d.flush(together)
}

func (d *digest) flush(from int) {
	if len(d.room) >= from {
		d.Write(d.room)
		d.room = d.room[:0]
	}
}

// end gives the digest, which is not to be used after.
func (d *digest) end() string {
	d.flush(0)
	defer digests.Put(d)
	return hex.EncodeToString(d.Sum(nil))
}

func (d *digest) table(t *Table) {
	d.text(t.Name, t.Caption)
	d.text(t.Notes...)
	d.number(int64(len(t.Notes)), int64(len(t.Columns)), int64(len(t.Rows)))
	for _, c := range t.Columns {
		d.text(c.Key, c.Title, c.Base, c.Unit.Code, c.Unit.Name)
		d.number(int64(c.Kind))
	}
	for _, row := range t.Rows {
		for _, v := range row {
			d.text(v.Code, v.Text, v.Before, v.After, v.Unit.Code, v.Unit.Name, v.Class)
			d.number(int64(v.Kind), int64(v.Digits))
			if v.Kind.IsNumber() {
				d.room = binary.LittleEndian.AppendUint64(d.room, math.Float64bits(v.Number))
			}
			if v.Kind.IsTime() {
				d.number(v.At.Unix(), int64(v.At.Nanosecond()))
			}
		}
	}
}
