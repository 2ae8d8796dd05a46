package lake

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// properties says how the files of this schema are written: zstd, version 1 data
// pages, which every reader has, and a dictionary where values repeat.
func (s Schema) properties() *parquet.WriterProperties {
	options := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithStoreDecimalAsInteger(true), // as Iceberg asks of up to 9 digits
		parquet.WithCreatedBy("tavolo"),
	}
	for _, c := range s.Columns {
		if c.HighCardinality {
			options = append(options, parquet.WithDictionaryFor(c.Name, false))
		}
	}
	return parquet.NewWriterProperties(options...)
}

// ParquetFile is one Parquet file in the lake's manner, being written.
type ParquetFile struct {
	schema  *arrow.Schema
	file    *os.File
	buffer  *bufio.Writer
	writer  *pqarrow.FileWriter
	pending []arrow.RecordBatch // the rows of the next row group
}

// CreateParquet begins a Parquet file at path, which must not exist, readable
// as mode says. The rows have the shape of s.Arrow().
func CreateParquet(path string, s Schema, mode os.FileMode) (*ParquetFile, error) {
	return createParquet(path, s, s.Arrow(), mode)
}

func createParquet(path string, s Schema, arrowSchema *arrow.Schema, mode os.FileMode) (*ParquetFile, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewWriterSize(file, 1<<16) // no Close: the file is synced before
	writer, err := pqarrow.NewFileWriter(arrowSchema, buffer, s.properties(), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return &ParquetFile{schema: arrowSchema, file: file, buffer: buffer, writer: writer}, nil
}

// Write adds rows to the row group that is open. They stay in memory as they
// are until Flush or Close: the writer's own buffered row groups hold more than
// the rows, and end a file with an empty one.
func (f *ParquetFile) Write(rec arrow.RecordBatch) error {
	if int(rec.NumCols()) != f.schema.NumFields() {
		return fmt.Errorf("%d columns, not %d", rec.NumCols(), f.schema.NumFields())
	}
	// The same columns under the file's schema, which has the field ids.
	f.pending = append(f.pending, array.NewRecordBatch(f.schema, rec.Columns(), rec.NumRows()))
	return nil
}

// Flush writes the open row group to the file.
func (f *ParquetFile) Flush() error {
	if len(f.pending) == 0 {
		return nil
	}
	defer f.drop()
	rows := array.NewTableFromRecords(f.schema, f.pending)
	defer rows.Release()
	return errors.Join(f.writer.WriteTable(rows, rows.NumRows()), f.buffer.Flush())
}

// drop forgets the open row group.
func (f *ParquetFile) drop() {
	for _, rec := range f.pending {
		rec.Release()
	}
	f.pending = nil
}

// Size is the number of bytes in the file by now.
func (f *ParquetFile) Size() (int64, error) {
	info, err := f.file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Close ends the file and syncs it; its entry in the folder is the caller's to
// sync, once for all files of the folder.
func (f *ParquetFile) Close() error {
	return errors.Join(f.Flush(), f.writer.Close(), f.buffer.Flush(), f.file.Sync(), f.file.Close())
}

// Abort removes the file.
func (f *ParquetFile) Abort() error {
	f.drop()
	return errors.Join(f.file.Close(), os.Remove(f.file.Name()))
}
