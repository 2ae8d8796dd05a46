package postgres

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
)

// TestMarksReadBack writes values of every type as marks and reads them back: they
// are the same, and in the same order.
func TestMarksReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	micros := func() []byte {
		// the years 1 to 9999
		at := random.Int64N(315_000_000_000_000_000) - 63_000_000_000_000_000
		return binary.BigEndian.AppendUint64(nil, uint64(at))
	}
	for oid, value := range map[uint32]func() []byte{
		pgtype.Int8OID: func() []byte { return strconv.AppendInt(nil, random.Int64()-random.Int64(), 10) },
		pgtype.NumericOID: func() []byte {
			return fmt.Appendf(nil, "%d.%09d%09d", random.Int64()-random.Int64(), random.IntN(1e9), random.IntN(1e9))
		},
		pgtype.DateOID: func() []byte {
			return binary.BigEndian.AppendUint32(nil, uint32(int32(random.IntN(3_600_000)-730_000)))
		},
		pgtype.TimestampOID: micros, pgtype.TimestamptzOID: micros,
	} {
		s, ok := newScale(oid)
		if !ok {
			t.Fatalf("type %d has no marks", oid)
		}
		previous := point{}
		for i := range 1000 {
			v := value()
			p, ok := s.point(v)
			if !ok {
				t.Fatalf("type %d: %x is no point", oid, v)
			}
			back, err := s.parse(s.text(v, p))
			if err != nil || back.compare(p) != 0 {
				t.Fatalf("type %d: %x is written %s, which is read %v, %v", oid, v, s.text(v, p), back, err)
			}
			if i > 0 && p.compare(previous) != -previous.compare(p) {
				t.Fatalf("type %d: the order of %v and %v depends on who asks", oid, p, previous)
			}
			previous = p
		}
		if _, err := s.parse("ieri"); err == nil {
			t.Errorf("type %d: ieri is a mark", oid)
		}
	}
	if _, ok := newScale(pgtype.TextOID); ok {
		t.Error("texts have marks, whose order depends on a collation")
	}
}
