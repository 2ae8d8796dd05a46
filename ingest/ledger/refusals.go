package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// Refusals reads the quarantine file of a batch, in the order of the source
// file. A batch without one has none.
func Refusals(dir, batchID string) ([]Refusal, error) {
	path := QuarantineFile(dir, batchID)
	f, err := file.OpenParquetFile(path, false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("quarantine: %w", err)
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: batchRows}, memory.DefaultAllocator)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	batches, err := reader.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer batches.Release()
	var out []Refusal
	for batches.Next() {
		refusals, err := decodeRefusals(batches.RecordBatch())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, refusals...)
	}
	return out, batches.Err()
}

func decodeRefusals(rec arrow.RecordBatch) ([]Refusal, error) {
	schema := QuarantineSchema()
	var texts [len(textColumns)]*array.String
	var numbers [4]*array.Int64
	ok := int(rec.NumCols()) == len(schema.Columns)
	for i := 0; ok && i < len(texts); i++ {
		texts[i], ok = rec.Column(textColumns[i]).(*array.String)
	}
	for i := 0; ok && i < len(numbers); i++ {
		numbers[i], ok = rec.Column(firstNumber + i).(*array.Int64)
	}
	if !ok {
		return nil, errors.New("not a quarantine file")
	}
	out := make([]Refusal, rec.NumRows())
	for row := range out {
		r := &out[row]
		fields := []*string{&r.BatchID, &r.Source, &r.Log, &r.File, &r.Raw, &r.Column, &r.Place, &r.Rule, &r.Value, &r.Message}
		for i, field := range fields {
			*field = texts[i].Value(row)
		}
		r.FirstLine, r.LastLine = int(numbers[0].Value(row)), int(numbers[1].Value(row))
		r.Offset, r.Position = numbers[2].Value(row), int(numbers[3].Value(row))
	}
	return out, nil
}
