package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"tavolo/ingest/diagnostic"
)

const (
	parquetRows = 1024     // read at once
	pageBytes   = 64 << 20 // largest page that is read
)

// parquetReader reads the rows of a Parquet file, a piece of a row group at a
// time. Its unit is the row of the file. Its columns are the values that are not
// in lists; those in structs have paths, as in persona.cf.
type parquetReader struct {
	name   string
	format Format
	limits Limits
	owner  io.Closer
	file   *file.Reader
	arrow  *pqarrow.FileReader
	memory *boundedAllocator
	most   int64 // bytes of text that its rows may become in all
	text   int64 // that they have become

	columns []parquetColumn // all that can be read
	header  []string        // those that are
	chosen  []parquetColumn
	moments []func([]byte, Moment) []byte
	batches pqarrow.RecordReader
	batch   arrow.RecordBatch
	values  []cellValue // of the batch, one a column
	at      int         // row in the batch
	row     int         // row in the file
	failed  int         // column of the problem, or -1

	record  Record
	problem Problem
	fields  [][]byte
	ends    []int
	room    []byte
}

// parquetColumn is a leaf of the file's schema.
type parquetColumn struct {
	path  []string
	leaf  int
	wrong string // why it cannot be read, or ""
}

func newParquet(name string, at io.ReaderAt, size int64, owner io.Closer, f Format, limits Limits) (r Reader, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			r, err = nil, broken("is no whole Parquet file", panicked)
		}
	}()
	bounded := &boundedAllocator{Allocator: memory.DefaultAllocator, limit: parquetBytes}
	properties := parquet.NewReaderProperties(bounded)
	properties.BufferedStreamEnabled = true
	properties.MaxUncompressedPageSize, properties.MaxCompressedPageSize = pageBytes, pageBytes
	opened, err := file.NewParquetReader(io.NewSectionReader(at, 0, size), file.WithReadProps(properties))
	if err != nil {
		return nil, &FileError{Corrupt, "is no whole Parquet file: " + err.Error()}
	}
	p := &parquetReader{name: name, format: f, limits: limits, owner: owner, file: opened, memory: bounded, failed: -1}
	p.most = limits.grown(size)
	p.format.Type, p.format.Delimiter, p.format.Quote, p.format.Encoding, p.format.Header = typeParquet, "", "", "", nil
	if p.format.Decimal == "" {
		p.format.Decimal = "."
	}
	if err := p.open(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *parquetReader) open() error {
	total := int64(0)
	for i := range p.file.NumRowGroups() {
		total += p.file.MetaData().RowGroup(i).TotalByteSize()
	}
	if total < 0 || total > p.most {
		return p.tooLarge()
	}
	if n := p.file.MetaData().Schema.NumColumns(); n > p.limits.Columns {
		return &FileError{TooManyColumns, fmt.Sprintf("has %d columns, and no more than %d are read", n, p.limits.Columns)}
	}
	// Among the notes may be a schema in Arrow's own form, which the library does
	// not verify: a few bytes of it can ask for more memory than there is, which
	// ends a program in Go. The schema of Parquet itself says all that is needed.
	p.file.MetaData().FileMetaData.KeyValueMetadata = nil
	var err error
	p.arrow, err = pqarrow.NewFileReader(p.file, pqarrow.ArrowReadProperties{BatchSize: parquetRows}, p.memory)
	if err != nil {
		return &FileError{Corrupt, "is no whole Parquet file: " + err.Error()}
	}
	schema, err := p.arrow.Schema()
	if err != nil {
		return &FileError{Corrupt, "has a schema that cannot be read: " + err.Error()}
	}
	leaf := 0
	for _, field := range schema.Fields() {
		p.addColumns(nil, field, &leaf)
	}
	all := make([]Selected, len(p.header))
	for i, name := range p.header {
		all[i].Name = name
	}
	return p.choose(all, true)
}

func (p *parquetReader) tooLarge() error {
	return &FileError{TooLarge, fmt.Sprintf("unpacks to more than %d bytes, which is more than is unpacked of a file of its size", p.most)}
}

// addColumns adds the columns of a field of the schema and counts its leaves.
func (p *parquetReader) addColumns(above []string, field arrow.Field, leaf *int) {
	path := append(above[:len(above):len(above)], field.Name)
	if group, ok := field.Type.(*arrow.StructType); ok {
		for _, below := range group.Fields() {
			p.addColumns(path, below, leaf)
		}
		return
	}
	from := *leaf
	*leaf += leavesOf(field.Type)
	column := parquetColumn{path: path, leaf: from}
	switch {
	case arrow.IsNested(field.Type.ID()):
		return // a list has no value of its own
	case p.file.MetaData().Schema.Column(from).PhysicalType() == parquet.Types.Int96:
		column.wrong = "it has timestamps of 96 bits, of which nobody knows whether they are local; write them as TIMESTAMP"
	case !readable(field.Type):
		column.wrong = "it is of the type " + field.Type.String()
	}
	p.columns = append(p.columns, column)
	p.header = append(p.header, column.name())
}

func (c parquetColumn) name() string {
	keys := make([]string, len(c.path))
	for i, key := range c.path {
		keys[i] = key
		if len(c.path) > 1 {
			keys[i] = pathKey(key)
		}
	}
	return strings.Join(keys, ".")
}

func leavesOf(t arrow.DataType) int {
	if extended, ok := t.(arrow.ExtensionType); ok { // which has fields only if what it is stored as has
		t = extended.StorageType()
	}
	nested, ok := t.(arrow.NestedType)
	if !ok {
		return 1
	}
	n := 0
	for _, field := range nested.Fields() {
		n += leavesOf(field.Type)
	}
	return n
}

// Select implements [Selector]: only the columns that are asked for are read.
func (p *parquetReader) Select(columns []Selected) error { return p.choose(columns, false) }

// choose makes columns the header. One that cannot be read is empty where nobody
// has asked for it.
func (p *parquetReader) choose(columns []Selected, unasked bool) error {
	var errs []error
	p.header, p.chosen, p.moments = nil, nil, nil
	for _, asked := range columns {
		found := false
		for _, column := range p.columns {
			if found = column.name() == asked.Name; !found {
				continue
			}
			if column.wrong != "" && !unasked {
				errs = append(errs, &diagnostic.Error{Msg: fmt.Sprintf("the column %q cannot be read: %s", asked.Name, column.wrong)})
			}
			p.header = append(p.header, asked.Name)
			p.chosen = append(p.chosen, column)
			p.moments = append(p.moments, asked.Moment)
			break
		}
		if !found {
			errs = append(errs, &diagnostic.Error{Msg: fmt.Sprintf("the file has no column %q", asked.Name)})
		}
	}
	p.fields, p.ends = make([][]byte, len(p.header)), make([]int, len(p.header))
	return errors.Join(errs...)
}

func (p *parquetReader) Sparse() bool     { return false }
func (p *parquetReader) Header() []string { return p.header }
func (p *parquetReader) Dialect() Format  { return p.format }
func (p *parquetReader) Lines() Lines     { return Lines{Unit: "row", Total: p.row} }

// Place gives the column and the row of a field.
func (p *parquetReader) Place(field int) string {
	if field < 0 {
		field = p.failed
	}
	if field < 0 || field >= len(p.header) {
		return fmt.Sprintf("row %d", p.row)
	}
	return fmt.Sprintf("%s, row %d", p.header[field], p.row)
}

func (p *parquetReader) Close() error {
	if p.batches != nil {
		p.batches.Release()
	}
	return p.owner.Close()
}

func (p *parquetReader) Next() (record *Record, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			record, err = nil, openError(p.name, broken(fmt.Sprintf("cannot be read on from row %d", p.row+1), panicked))
		}
	}()
	for p.batch == nil || p.at >= int(p.batch.NumRows()) {
		if err := p.nextBatch(); err != nil {
			if err == io.EOF {
				return nil, p.atEnd()
			}
			return nil, openError(p.name, err)
		}
	}
	p.row++
	p.read(p.at)
	p.at++
	if p.text += int64(len(p.room)) + 1; p.text > p.most { // as a line of text it would have an end
		return nil, openError(p.name, p.tooLarge())
	}
	return &p.record, nil
}

// atEnd holds the rows that came to the number that the file promises.
func (p *parquetReader) atEnd() error {
	if promised := p.file.NumRows(); int64(p.row) != promised {
		return openError(p.name, &FileError{Corrupt, fmt.Sprintf("has %d rows, and says that it has %d", p.row, promised)})
	}
	return io.EOF
}

func (p *parquetReader) nextBatch() error {
	if p.batches == nil {
		if err := p.begin(); err != nil {
			return err
		}
	}
	if !p.batches.Next() {
		if err := p.batches.Err(); err != nil && err != io.EOF {
			return &FileError{Corrupt, fmt.Sprintf("cannot be read on from row %d: %v", p.row+1, err)}
		}
		return io.EOF
	}
	p.batch, p.at, p.values = p.batches.RecordBatch(), 0, p.values[:0]
	for i, column := range p.chosen {
		if column.wrong != "" {
			p.values = append(p.values, nil)
			continue
		}
		value, err := valueOf(p.batch, column.path, p.moments[i], p.format.Decimal[0])
		if err != nil {
			return err
		}
		p.values = append(p.values, value)
	}
	return nil
}

func (p *parquetReader) begin() error {
	leaves := []int{}
	seen := map[int]bool{}
	for _, column := range p.chosen {
		if !seen[column.leaf] && column.wrong == "" {
			seen[column.leaf] = true
			leaves = append(leaves, column.leaf)
		}
	}
	if err := p.tryPages(leaves); err != nil {
		return err
	}
	var err error
	p.batches, err = p.arrow.GetRecordReader(context.Background(), leaves, nil)
	if err != nil {
		return &FileError{Corrupt, "cannot be read: " + err.Error()}
	}
	return nil
}

// tryPages opens the first pages of columns. The library does so again for those
// in structs, but in goroutines of its own, where nobody could recover from what a
// broken file makes it do.
func (p *parquetReader) tryPages(leaves []int) error {
	if p.file.NumRowGroups() == 0 {
		return nil
	}
	group := p.file.RowGroup(0)
	for _, leaf := range leaves {
		pages, err := group.GetColumnPageReader(leaf)
		if err != nil {
			return &FileError{Corrupt, "cannot be read: " + err.Error()}
		}
		if err := pages.Close(); err != nil {
			return &FileError{Corrupt, "cannot be read: " + err.Error()}
		}
	}
	return nil
}

// read makes the record of a row of the batch.
func (p *parquetReader) read(row int) {
	p.record = Record{Line: p.row, LastLine: p.row, Offset: int64(p.row - 1), Delimiter: '\t'}
	p.failed = -1
	p.room = p.room[:0]
	for i, value := range p.values {
		if len(p.room) > p.limits.RecordBytes {
			break // the rest would take memory for nothing
		}
		if i > 0 {
			p.room = append(p.room, '\t')
		}
		before := len(p.room)
		if value != nil {
			p.room = value(p.room, row)
		}
		if p.ends[i] = len(p.room); p.record.Problem == nil && !utf8.Valid(p.room[before:]) {
			p.complain(i, BadEncoding, "bytes that are not utf-8")
		}
	}
	if len(p.room) > p.limits.RecordBytes {
		p.complain(-1, TooLong, fmt.Sprintf("a record longer than %d bytes", p.limits.RecordBytes))
		p.room = p.room[:min(len(p.room), keptOfTooLong)]
	}
	if p.record.Problem != nil {
		p.record.Raw = []byte(strings.ToValidUTF8(string(p.room), "\ufffd"))
		return
	}
	p.record.Raw = p.room
	for i, from := 0, 0; i < len(p.fields); i++ {
		p.fields[i] = p.room[from:p.ends[i]:p.ends[i]]
		from = p.ends[i] + 1
	}
	p.record.Fields = p.fields
}

func (p *parquetReader) complain(field int, code, message string) {
	p.problem, p.failed = Problem{code, message}, field
	p.record.Problem = &p.problem
}
