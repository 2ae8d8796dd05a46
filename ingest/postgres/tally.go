package postgres

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// tally is what the first reading finds out.
type tally struct {
	bytes int64
	all   chain // of all rows
	fresh chain // of those that are not at the mark before
	old   chain // of those that are
	at    chain // of those at the greatest value
	most  *point
	text  string // of most
}

func (x *Extraction) newTally() *tally {
	t := &tally{all: chain{Hash: sha256.New()}, fresh: chain{Hash: sha256.New()}, old: chain{Hash: sha256.New()}, at: chain{Hash: sha256.New()}}
	var named []byte
	for _, text := range x.scope() {
		named = binary.AppendUvarint(named, uint64(len(text)))
		named = append(named, text...)
	}
	t.all.Write(named)
	t.fresh.Write(named)
	return t
}

// scope is what identifies rows beside themselves.
func (x *Extraction) scope() []string {
	scope := []string{"postgres", x.query.Log}
	for _, column := range x.columns {
		scope = append(scope, column.name)
	}
	return scope
}

// tally adds a row to what is known of all.
func (x *Extraction) tally(t *tally, values [][]byte, sum [32]byte) {
	t.all.add(sum)
	if x.high < 0 {
		return
	}
	value := values[x.high]
	p, ok := x.scale.point(value)
	if ok && x.since != nil && p.compare(*x.since) == 0 {
		t.old.add(sum)
	} else {
		t.fresh.add(sum)
	}
	if !ok {
		return
	}
	if t.most == nil || p.compare(*t.most) > 0 {
		t.most, t.text = &p, x.scale.text(value, p)
		t.at.restart()
	}
	if p.compare(*t.most) == 0 {
		t.at.add(sum)
	}
}

// chain is a hash over the hashes of rows.
type chain struct {
	hash.Hash
	rows int
}

func (c *chain) add(row [32]byte) {
	c.Write(row[:])
	c.rows++
}

func (c *chain) restart() {
	c.Reset()
	c.rows = 0
}

func (c *chain) text() string { return hex.EncodeToString(c.Sum(nil)) }
