package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// ID names the record that was refused.
func (r Refusal) ID() RecordID { return RecordID{r.BatchID, cmp.Or(r.Position, r.FirstLine)} }

// Latest gives the latest entry of each batch, in the order of entries: a file
// that was held back and came again, when more was tolerated, has two.
func Latest(entries []Entry) []Entry {
	type batch struct{ id, log string }
	last := map[batch]int{}
	for i, e := range entries {
		last[batch{e.BatchID, e.Log}] = i
	}
	var latest []Entry
	for i, e := range entries {
		if last[batch{e.BatchID, e.Log}] == i {
			latest = append(latest, e)
		}
	}
	return latest
}

// EachRecord gives the refused records of a batch one after the other, in the
// order of the source file, each as all the reasons why it was refused. It holds
// a few thousand at a time, however many there are. The slice is look's to keep.
// A batch without a quarantine file has none; an error of look ends the reading.
func EachRecord(ctx context.Context, dir, batchID string, look func(record []Refusal) error) error {
	path := QuarantineFile(dir, batchID)
	f, err := file.OpenParquetFile(path, false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: batchRows}, memory.DefaultAllocator)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	batches, err := reader.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer batches.Release()
	var record []Refusal
	for batches.Next() {
		refusals, err := decodeRefusals(batches.RecordBatch())
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, refusal := range refusals {
			if len(record) > 0 && record[0].ID() != refusal.ID() {
				if err := look(record); err != nil {
					return err
				}
				record = nil
			}
			record = append(record, refusal)
		}
	}
	if err := batches.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(record) == 0 {
		return nil
	}
	return look(record)
}
