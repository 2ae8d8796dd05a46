package transform

import (
	"context"
	"io"
	"iter"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"tavolo/ingest/lake"
)

// batchRows is the number of rows of an Arrow batch.
const batchRows = 8192

// recordBatches gives the rows of some row groups of a file of the lake, of all for nil, batch
// by batch: some of its columns, texts as dictionaries. A batch is valid until the next;
// an error is the last that is given.
func recordBatches(ctx context.Context, in *file.Reader, columns, groups []int) iter.Seq2[arrow.RecordBatch, error] {
	return func(yield func(arrow.RecordBatch, error) bool) {
		how := pqarrow.ArrowReadProperties{BatchSize: batchRows}
		for _, column := range columns {
			how.SetReadDict(column, in.MetaData().Schema.Column(column).PhysicalType() == parquet.Types.ByteArray)
		}
		reader, err := pqarrow.NewFileReader(in, how, &lake.Recycler{Zeroed: true})
		if err != nil {
			yield(nil, err)
			return
		}
		batches, err := reader.GetRecordReader(ctx, columns, groups)
		if err != nil {
			yield(nil, err)
			return
		}
		defer batches.Release()
		for {
			batch, err := batches.Read()
			if err == io.EOF || !yield(batch, err) || err != nil {
				return
			}
		}
	}
}
