package lake

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// properties says how the files of this schema are written: zstd, version 1 data
// pages, which every reader has, a dictionary where texts repeat, and differences
// where numbers, days and instants lie close together. Its fastest level serves:
// what repeats is in dictionaries, and pseudonyms do not get smaller.
func (s Schema) properties() *parquet.WriterProperties {
	options := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(fastest),
		parquet.WithStoreDecimalAsInteger(true), // as Iceberg asks of up to 9 digits
		parquet.WithCreatedBy("tavolo"),
	}
	for _, c := range s.Columns {
		switch {
		case c.Type == Integer || c.Type == Date || c.Type == Timestamp:
			options = append(options, parquet.WithDictionaryFor(c.Name, false),
				parquet.WithEncodingFor(c.Name, parquet.Encodings.DeltaBinaryPacked))
		case c.HighCardinality:
			options = append(options, parquet.WithDictionaryFor(c.Name, false))
		}
	}
	return parquet.NewWriterProperties(options...)
}

const fastest = 1 // level of zstd

// ParquetFile is one Parquet file in the lake's manner, being written.
type ParquetFile struct {
	file    *os.File
	sink    *sink
	buffer  *bufio.Writer
	writer  *file.Writer
	pending []selection // the rows of the next row group
	groups  *rowGroupWriter
}

// CreateParquet begins a Parquet file at path, which must not exist, readable
// as mode says. The rows have the shape of s.Arrow().
func CreateParquet(path string, s Schema, mode os.FileMode) (*ParquetFile, error) {
	f, err := createParquet(path, s, s.Arrow(), mode)
	if err == nil {
		f.groups = &rowGroupWriter{schema: s}
	}
	return f, err
}

func createParquet(path string, s Schema, arrowSchema *arrow.Schema, mode os.FileMode) (*ParquetFile, error) {
	properties := s.properties()
	schema, err := pqarrow.ToParquet(arrowSchema, properties, pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	to := &sink{file: f}
	buffer := bufio.NewWriterSize(to, 1<<16) // no Close: the file is synced before
	writer, err := file.NewParquetWriterWithError(buffer, schema.Root(), file.WithWriterProps(properties))
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(path))
	}
	return &ParquetFile{file: f, sink: to, buffer: buffer, writer: writer}, nil
}

// Write adds rows to the row group that is open. They stay in memory as they
// are until Flush or Close.
func (f *ParquetFile) Write(rec arrow.RecordBatch) error {
	if want := len(f.groups.schema.Columns); int(rec.NumCols()) != want {
		return fmt.Errorf("%d columns, not %d", rec.NumCols(), want)
	}
	rec.Retain()
	f.pending = append(f.pending, selection{batch: rec})
	return nil
}

// Flush writes the open row group to the file.
func (f *ParquetFile) Flush() error {
	if len(f.pending) == 0 {
		return nil
	}
	defer f.drop()
	return f.write(f.groups, f.pending)
}

// write makes one row group of some rows.
func (f *ParquetFile) write(groups *rowGroupWriter, rows []selection) error {
	err := errors.Join(groups.write(f.writer, rows), f.buffer.Flush())
	startWriting(f.file)
	return f.sink.cause(err)
}

// drop forgets the open row group.
func (f *ParquetFile) drop() {
	for _, s := range f.pending {
		s.batch.Release()
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
	err := errors.Join(f.Flush(), f.writer.Close(), f.buffer.Flush())
	return errors.Join(f.sink.cause(err), f.file.Sync(), f.file.Close())
}

// Abort removes the file.
func (f *ParquetFile) Abort() error {
	f.drop()
	return errors.Join(f.file.Close(), os.Remove(f.file.Name()))
}

// sink writes to a file, and keeps the first error: on a full disk the writer above it
// goes on, and complains of each of its parts that does not come to its end.
type sink struct {
	file   *os.File
	failed error
}

func (s *sink) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	if s.failed == nil {
		s.failed = err
	}
	return n, err
}

// cause is the error that an error of the writer above follows from, if there is one.
func (s *sink) cause(err error) error {
	if err != nil && s.failed != nil {
		return s.failed
	}
	return err
}
