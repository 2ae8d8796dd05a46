package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"tavolo/ingest/source"
)

// column is a column of the result.
type column struct {
	name  string
	oid   uint32
	wrong string // why its values cannot be written as text, or ""
}

// binary says whether the values come in the form that the server computes in: of
// dates and times it is exact, and the same whatever the session is set to.
func (c *column) binary() bool {
	switch c.oid {
	case pgtype.DateOID, pgtype.TimeOID, pgtype.TimestampOID, pgtype.TimestamptzOID:
		return true
	}
	return false
}

// readable says whether a type has values that are one text each.
func readable(oid uint32, category string) bool {
	switch oid {
	case pgtype.BoolOID, pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.OIDOID, pgtype.NumericOID,
		pgtype.Float4OID, pgtype.Float8OID, pgtype.DateOID, pgtype.TimeOID, pgtype.TimetzOID,
		pgtype.TimestampOID, pgtype.TimestamptzOID, pgtype.IntervalOID, pgtype.UUIDOID, pgtype.QCharOID:
		return true
	}
	return category == "S" || category == "E" // strings and enumerations
}

// columnsOf finds out what the columns of a result are.
func columnsOf(ctx context.Context, conn *pgconn.PgConn, fields []pgconn.FieldDescription) ([]column, error) {
	columns := make([]column, len(fields))
	oids := make([]string, len(fields))
	for i, field := range fields {
		columns[i] = column{name: field.Name, oid: field.DataTypeOID}
		oids[i] = strconv.FormatUint(uint64(field.DataTypeOID), 10)
	}
	result := conn.ExecParams(ctx,
		"select oid, typcategory, pg_catalog.format_type(oid, null) from pg_catalog.pg_type where oid = any($1::oid[])",
		[][]byte{[]byte("{" + strings.Join(oids, ",") + "}")}, nil, nil, nil).Read()
	if result.Err != nil {
		return nil, result.Err
	}
	for _, row := range result.Rows {
		for i := range columns {
			if string(row[0]) == oids[i] && !readable(columns[i].oid, string(row[1])) {
				columns[i].wrong = fmt.Sprintf("it is of the type %s", row[2])
			}
		}
	}
	return columns, nil
}

// epoch is the moment from which the server counts.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func dayOf(days int64) time.Time { return epoch.AddDate(0, 0, int(days)) }

// momentOf adds in seconds: the last of the server's timestamps are no whole number
// of microseconds since 1970.
func momentOf(microseconds int64) time.Time {
	const second = int64(time.Second / time.Microsecond)
	return time.Unix(epoch.Unix()+microseconds/second, microseconds%second*int64(time.Microsecond)).UTC()
}

const (
	infinite     = "infinity"
	microsOfADay = int64(24 * time.Hour / time.Microsecond)
)

// append writes a value that is not null as text.
func (c *column) append(to, value []byte, moment func([]byte, source.Moment) []byte) []byte {
	if moment == nil {
		moment = source.AppendISO
	}
	switch c.oid {
	case pgtype.BoolOID:
		return strconv.AppendBool(to, len(value) == 1 && value[0] == 't')
	case pgtype.Float4OID:
		return appendFloat(to, value, 32)
	case pgtype.Float8OID:
		return appendFloat(to, value, 64)
	case pgtype.DateOID:
		day := int32(binary.BigEndian.Uint32(value))
		if text := infinity(int64(day), math.MinInt32, math.MaxInt32); text != "" {
			return append(to, text...)
		}
		return moment(to, source.Moment{Time: dayOf(int64(day)), Day: true})
	case pgtype.TimestampOID, pgtype.TimestamptzOID:
		at := int64(binary.BigEndian.Uint64(value))
		if text := infinity(at, math.MinInt64, math.MaxInt64); text != "" {
			return append(to, text...)
		}
		return moment(to, source.Moment{Time: momentOf(at), Day: true, Clock: true, Zone: c.oid == pgtype.TimestamptzOID})
	case pgtype.TimeOID:
		at := int64(binary.BigEndian.Uint64(value))
		if at == microsOfADay {
			return append(to, "24:00:00"...) // which no clock shows: the check refuses it
		}
		return moment(to, source.Moment{Time: momentOf(at), Clock: true})
	}
	return append(to, value...)
}

func infinity(value, least, most int64) string {
	switch value {
	case least:
		return "-" + infinite
	case most:
		return infinite
	}
	return ""
}

// appendFloat writes a number without an exponent, which the checks do not take.
func appendFloat(to, value []byte, bits int) []byte {
	number, err := strconv.ParseFloat(string(value), bits)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return append(to, value...)
	}
	return strconv.AppendFloat(to, number, 'f', -1, bits)
}
