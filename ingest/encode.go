package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
)

// TableSchema is the lake table of a log: the columns of its contract, then
// month (the first day of the local month that the row counts in, by which the
// table is partitioned), batch_id and line (physical, from 1), so that any
// figure leads back to a file and a line.
func TableSchema(c *contract.Contract) lake.Schema {
	s := lake.Schema{Table: c.Log, Partition: "month"}
	for _, column := range c.Columns {
		s.Columns = append(s.Columns, lake.Column{
			Name: column.Name, Type: lakeType(column.Type), Required: column.Required, Doc: column.Doc.EN,
			HighCardinality: column.Type == contract.Person || column.Type == contract.Timestamp || slices.Contains(c.Key, column.Name),
		})
	}
	s.Columns = append(s.Columns,
		lake.Column{Name: "month", Type: lake.Date, Required: true, Doc: "first day of the month, in Europe/Rome, that the row counts in"},
		lake.Column{Name: "batch_id", Type: lake.Text, Required: true, Doc: "SHA-256 of the file that the row came in"},
		lake.Column{Name: "line", Type: lake.Integer, Required: true, Doc: "physical line of the row's first byte in that file, from 1", HighCardinality: true},
	)
	return s
}

func lakeType(t contract.Type) lake.Type {
	switch t {
	case contract.Integer:
		return lake.Integer
	case contract.Decimal:
		return lake.Decimal
	case contract.Boolean:
		return lake.Boolean
	case contract.Date:
		return lake.Date
	case contract.Timestamp:
		return lake.Timestamp
	default: // text, enumerations and pseudonyms
		return lake.Text
	}
}

// batchRows is the number of rows of an Arrow batch: large enough to amortise
// the hand-over, small enough that two in flight are a few megabytes.
const batchRows = 16384

// encoder turns rows into Arrow batches and hands them to the lake on a
// goroutine of its own, so that parsing and Parquet encoding overlap.
type encoder struct {
	ctx     context.Context
	batchID string
	builder *array.RecordBuilder
	pending int

	batches chan arrow.RecordBatch
	done    chan error
	failed  error
	stopped bool

	earliest, latest int32 // months as days since 1970, of the rows appended
}

func newEncoder(ctx context.Context, c *contract.Contract, batchID string, to *lake.Appender) *encoder {
	e := &encoder{
		ctx: ctx, batchID: batchID,
		builder: array.NewRecordBuilder(memory.DefaultAllocator, TableSchema(c).Arrow()),
		batches: make(chan arrow.RecordBatch, 2), done: make(chan error, 1),
	}
	go func() {
		var failed error
		for batch := range e.batches {
			if failed == nil {
				if err := to.Write(batch); err != nil {
					failed = &lakeError{err}
				}
			}
			batch.Release()
		}
		e.done <- failed
	}()
	return e
}

// append adds a row of a month, in days since 1970; row is not kept.
func (e *encoder) append(row contract.Row, month int32, line int) error {
	for i, value := range row {
		appendValue(e.builder.Field(i), value)
	}
	if e.pending == 0 && e.latest == 0 && e.earliest == 0 {
		e.earliest, e.latest = month, month
	}
	e.earliest, e.latest = min(e.earliest, month), max(e.latest, month)
	n := len(row)
	e.builder.Field(n).(*array.Date32Builder).Append(arrow.Date32(month))
	e.builder.Field(n + 1).(*array.StringBuilder).Append(e.batchID)
	e.builder.Field(n + 2).(*array.Int64Builder).Append(int64(line))
	if e.pending++; e.pending >= batchRows {
		return e.flush()
	}
	return nil
}

func (e *encoder) flush() error {
	if e.pending == 0 {
		return nil
	}
	e.pending = 0
	select {
	case e.batches <- e.builder.NewRecordBatch():
		return nil
	case <-e.ctx.Done():
		return e.ctx.Err()
	}
}

// close hands over the last rows and waits until all are written.
func (e *encoder) close() error {
	if e.stopped {
		return e.failed
	}
	e.stopped = true
	flushed := e.flush()
	close(e.batches)
	e.failed = <-e.done
	e.builder.Release()
	if e.failed == nil {
		e.failed = flushed
	}
	return e.failed
}

// months gives the earliest and the latest month as 2024-03, or "" when no row was accepted.
func (e *encoder) months() (earliest, latest string) {
	if e.earliest == 0 && e.latest == 0 {
		return "", ""
	}
	name := func(day int32) string { return time.Unix(int64(day)*86400, 0).UTC().Format("2006-01") }
	return name(e.earliest), name(e.latest)
}

func appendValue(to array.Builder, v contract.Value) {
	if v.Null {
		to.AppendNull()
		return
	}
	switch b := to.(type) {
	case *array.StringBuilder:
		b.BinaryBuilder.Append(v.Text)
	case *array.Int64Builder:
		b.Append(v.Int)
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(v.Int))
	case *array.Date32Builder:
		b.Append(arrow.Date32(v.Int))
	case *array.BooleanBuilder:
		b.Append(v.Int != 0)
	case *array.Decimal128Builder:
		b.Append(decimal128.FromI64(v.Int))
	default:
		panic(fmt.Sprintf("ingest: no encoding for a column of %s", to.Type()))
	}
}
