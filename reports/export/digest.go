package export

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
)

// Digest names all that a workbook holds: a SHA-256 in hexadecimal. Two books with
// the same digest give the same bytes.
func (b *Book) Digest() string {
	d := digest{Hash: sha256.New()}
	d.text(b.Title, b.Creator, b.Lang, b.Name, b.List[0], b.List[1], b.Warning)
	d.number(b.At.UnixNano(), int64(len(b.Facts)), int64(len(b.Sheets)))
	for _, f := range b.Facts {
		d.text(f.Name, f.Text)
	}
	for _, s := range b.Sheets {
		d.text(s.Name)
		d.table(s.Table)
	}
	return hex.EncodeToString(d.Sum(nil))
}

// digest takes in texts and numbers, so that no two sequences of them are the same bytes.
type digest struct {
	hash.Hash
	room []byte
}

func (d *digest) text(some ...string) {
	for _, text := range some {
		d.number(int64(len(text)))
		d.room = append(d.room[:0], text...)
		d.Write(d.room)
	}
}

func (d *digest) number(some ...int64) {
	for _, n := range some {
		d.room = binary.AppendVarint(d.room[:0], n)
		d.Write(d.room)
	}
}

func (d *digest) table(t *Table) {
	d.text(t.Name, t.Caption)
	d.text(t.Notes...)
	d.number(int64(len(t.Notes)), int64(len(t.Columns)), int64(len(t.Rows)))
	for _, c := range t.Columns {
		d.text(c.Key, c.Title, c.Unit.Code, c.Unit.Name)
		d.number(int64(c.Kind))
	}
	for _, row := range t.Rows {
		for _, v := range row {
			d.text(v.Code, v.Text, v.Before, v.After, v.Unit.Code, v.Unit.Name, v.Class)
			d.number(int64(v.Kind), int64(math.Float64bits(v.Number)), int64(v.Digits), v.At.UnixNano())
		}
	}
}
