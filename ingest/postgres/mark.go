package postgres

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"tavolo/ingest/diagnostic"
)

// Mark is how far an extraction got: the greatest value of the high-water column,
// and which rows were there.
type Mark struct {
	Value  string // as the server reads it: 2024-03-05T09:00:00.123456Z, 4711
	Rows   int    // that have this value
	Digest string // SHA-256 over theirs, in hexadecimal
}

// point is a value of a high-water column: of the types of whole numbers, dates
// and times a number, as the server has it; of numeric an exact one.
type point struct {
	whole int64
	exact *big.Rat
}

func (p point) compare(other point) int {
	if p.exact != nil {
		return p.exact.Cmp(other.exact)
	}
	return cmp.Compare(p.whole, other.whole)
}

// scale is how the values of a high-water column are read, compared and written.
type scale struct {
	oid  uint32
	most *int64 // of a date or time: the present moment of the server; nil: no value is too great
}

// newScale says which types can have a mark: those in whose order nothing depends on
// a collation, and whose values are as exact as their text.
func newScale(oid uint32) (scale, bool) {
	switch oid {
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.NumericOID,
		pgtype.DateOID, pgtype.TimestampOID, pgtype.TimestamptzOID:
		return scale{oid: oid}, true
	}
	return scale{}, false
}

// lowest is a value below all others, as the type of the parameter has one.
func lowest(parameter uint32) string {
	switch parameter {
	case pgtype.Int2OID:
		return strconv.Itoa(math.MinInt16)
	case pgtype.Int4OID:
		return strconv.Itoa(math.MinInt32)
	case pgtype.Int8OID:
		return strconv.FormatInt(math.MinInt64, 10)
	case pgtype.NumericOID:
		return "-1e1000" // older servers have no -Infinity
	}
	return "-infinity" // of dates, times and floating point
}

// point reads a value as it comes in a row. A value that moves no mark is not ok:
// null, infinite, not a number, or of the future.
func (s scale) point(value []byte) (p point, ok bool) {
	if value == nil {
		return point{}, false
	}
	switch s.oid {
	case pgtype.NumericOID:
		exact, ok := new(big.Rat).SetString(string(value))
		return point{exact: exact}, ok
	case pgtype.DateOID:
		day := int32(binary.BigEndian.Uint32(value))
		p.whole, ok = int64(day), day != math.MinInt32 && day != math.MaxInt32
	case pgtype.TimestampOID, pgtype.TimestamptzOID:
		p.whole = int64(binary.BigEndian.Uint64(value))
		ok = p.whole != math.MinInt64 && p.whole != math.MaxInt64
	default:
		whole, err := strconv.ParseInt(string(value), 10, 64)
		return point{whole: whole}, err == nil
	}
	return p, ok && p.whole > earliest(s.oid) && (s.most == nil || p.whole <= *s.most)
}

// earliest is the year 1: texts of what was before it are of another form.
func earliest(oid uint32) int64 {
	days := (time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()) / (24 * 60 * 60) // a Duration is too short
	if oid == pgtype.DateOID {
		return days
	}
	return days * microsOfADay
}

const (
	localForm   = "2006-01-02T15:04:05.999999"
	instantForm = "2006-01-02T15:04:05.999999Z"
)

// text writes a point as a [Mark] has it.
func (s scale) text(value []byte, p point) string {
	switch s.oid {
	case pgtype.DateOID:
		return dayOf(p.whole).Format(time.DateOnly)
	case pgtype.TimestampOID:
		return momentOf(p.whole).Format(localForm)
	case pgtype.TimestamptzOID:
		return momentOf(p.whole).Format(instantForm)
	}
	return string(value)
}

// parse reads the text of a mark.
func (s scale) parse(text string) (point, error) {
	form := ""
	switch s.oid {
	case pgtype.DateOID:
		form = time.DateOnly
	case pgtype.TimestampOID:
		form = localForm
	case pgtype.TimestamptzOID:
		form = instantForm
	}
	if form == "" {
		if p, ok := s.point([]byte(text)); ok {
			return p, nil
		}
	} else if at, err := time.Parse(form, text); err == nil {
		whole := at.UnixMicro() - epoch.UnixMicro()
		if s.oid == pgtype.DateOID {
			whole /= microsOfADay
		}
		return point{whole: whole}, nil
	}
	return point{}, &diagnostic.Error{Msg: fmt.Sprintf("the mark of the last extraction, %q, is no value of the column as it is now", text),
		Hint: "give the source another name: it then begins anew"}
}
