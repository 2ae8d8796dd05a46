package lake

import (
	"fmt"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/iceberg-go"
)

// Type is the type of a column, in the words of the contracts.
type Type string

// The types, with what holds them in Arrow, Parquet and Iceberg.
const (
	Text      Type = "text"      // UTF-8 string
	Integer   Type = "integer"   // 64 bits
	Decimal   Type = "decimal"   // decimal(9,2): hundredths, exact
	Double    Type = "double"    // IEEE 754 binary64
	Boolean   Type = "boolean"   //
	Date      Type = "date"      // day, without a time zone
	Timestamp Type = "timestamp" // instant in µs: Iceberg timestamptz, Arrow timestamp[us, UTC]
)

// Precision and scale of Decimal.
const (
	DecimalPrecision = 9
	DecimalScale     = 2
)

// Column is one column of a table.
type Column struct {
	Name     string
	Type     Type
	Required bool   // never null
	Doc      string // kept in the table's metadata
	// HighCardinality says that values hardly ever repeat (identifiers,
	// pseudonyms, instants): a dictionary would cost time and save nothing. It
	// steers the writing only and is not kept.
	HighCardinality bool
}

// Schema is the shape of a table. Partition names the column by whose value the
// rows are filed: a required date, or "" for none.
type Schema struct {
	Table     string
	Columns   []Column
	Partition string
}

// Arrow gives the schema of the record batches that Write takes.
func (s Schema) Arrow() *arrow.Schema {
	fields := make([]arrow.Field, len(s.Columns))
	for i, c := range s.Columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.arrow(), Nullable: !c.Required}
	}
	return arrow.NewSchema(fields, nil)
}

// arrowWithIDs is Arrow with the field ids by which Iceberg finds a column in a file.
func (s Schema) arrowWithIDs(ids []int) *arrow.Schema {
	fields := s.Arrow().Fields()
	for i := range fields {
		fields[i].Metadata = arrow.NewMetadata([]string{"PARQUET:field_id"}, []string{strconv.Itoa(ids[i])})
	}
	return arrow.NewSchema(fields, nil)
}

// Index gives the position of the named column, or -1.
func (s Schema) Index(name string) int {
	for i, c := range s.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// check refuses a schema that cannot be a table's.
func (s Schema) check() error {
	if s.Table == "" || len(s.Columns) == 0 {
		return fmt.Errorf("table %q: a table needs a name and columns", s.Table)
	}
	seen := map[string]bool{}
	for _, c := range s.Columns {
		if c.Type.arrow() == nil {
			return fmt.Errorf("table %q: column %q: no such type %q", s.Table, c.Name, c.Type)
		}
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("table %q: column %q occurs twice or has no name", s.Table, c.Name)
		}
		seen[c.Name] = true
	}
	if s.Partition == "" {
		return nil
	}
	if i := s.Index(s.Partition); i < 0 || s.Columns[i].Type != Date || !s.Columns[i].Required {
		return fmt.Errorf("table %q: partition %q: not a required date column", s.Table, s.Partition)
	}
	return nil
}

// difference says in words where two schemas part, or "" where they agree.
// Docs and HighCardinality may differ.
func (s Schema) difference(other Schema) string {
	if s.Partition != other.Partition {
		return fmt.Sprintf("partition is %q, not %q", s.Partition, other.Partition)
	}
	for i, c := range s.Columns {
		if i >= len(other.Columns) {
			return fmt.Sprintf("column %q is missing", c.Name)
		}
		if o := other.Columns[i]; o.Name != c.Name || o.Type != c.Type || o.Required != c.Required {
			return fmt.Sprintf("column %d is %s, not %s", i+1, describe(c), describe(o))
		}
	}
	if len(other.Columns) > len(s.Columns) {
		return fmt.Sprintf("column %q is unknown", other.Columns[len(s.Columns)].Name)
	}
	return ""
}

func describe(c Column) string {
	if c.Required {
		return fmt.Sprintf("%s %s required", c.Name, c.Type)
	}
	return fmt.Sprintf("%s %s", c.Name, c.Type)
}

func (t Type) arrow() arrow.DataType {
	switch t {
	case Text:
		return arrow.BinaryTypes.String
	case Integer:
		return arrow.PrimitiveTypes.Int64
	case Decimal:
		return &arrow.Decimal128Type{Precision: DecimalPrecision, Scale: DecimalScale}
	case Double:
		return arrow.PrimitiveTypes.Float64
	case Boolean:
		return arrow.FixedWidthTypes.Boolean
	case Date:
		return arrow.FixedWidthTypes.Date32
	case Timestamp:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	}
	return nil
}

// takes says whether a column of a batch may have a type: its own, a dictionary
// of texts, or no type at all where every value is null.
func (c Column) takes(t arrow.DataType) bool {
	return arrow.TypeEqual(t, c.Type.arrow()) || c.Type == Text && isCodes(t) || !c.Required && t.ID() == arrow.NULL
}

func (t Type) iceberg() iceberg.Type {
	switch t {
	case Text:
		return iceberg.PrimitiveTypes.String
	case Integer:
		return iceberg.PrimitiveTypes.Int64
	case Decimal:
		return iceberg.DecimalTypeOf(DecimalPrecision, DecimalScale)
	case Double:
		return iceberg.PrimitiveTypes.Float64
	case Boolean:
		return iceberg.PrimitiveTypes.Bool
	case Date:
		return iceberg.PrimitiveTypes.Date
	case Timestamp:
		return iceberg.PrimitiveTypes.TimestampTz
	}
	return nil
}

// typeOf is the inverse of iceberg; "" for a type that this package never writes.
func typeOf(t iceberg.Type) Type {
	for _, candidate := range []Type{Text, Integer, Decimal, Double, Boolean, Date, Timestamp} {
		if t.Equals(candidate.iceberg()) {
			return candidate
		}
	}
	return ""
}

// iceberg gives the Iceberg schema of a new table: ids 1, 2, … in column order.
func (s Schema) iceberg() *iceberg.Schema {
	fields := make([]iceberg.NestedField, len(s.Columns))
	for i, c := range s.Columns {
		fields[i] = iceberg.NestedField{ID: i + 1, Name: c.Name, Type: c.Type.iceberg(), Required: c.Required, Doc: c.Doc}
	}
	return iceberg.NewSchema(0, fields...)
}

// spec gives the partition specification that belongs to an Iceberg schema.
func (s Schema) spec(sc *iceberg.Schema) (*iceberg.PartitionSpec, error) {
	if s.Partition == "" {
		return iceberg.UnpartitionedSpec, nil
	}
	field, ok := sc.FindFieldByName(s.Partition)
	if !ok {
		return nil, fmt.Errorf("table %q: partition %q: no such column", s.Table, s.Partition)
	}
	spec := iceberg.NewPartitionSpec(iceberg.PartitionField{
		SourceIDs: []int{field.ID}, FieldID: iceberg.PartitionDataIDStart,
		Transform: iceberg.IdentityTransform{}, Name: s.Partition,
	})
	return &spec, nil
}

// schemaOf reads a table's shape back from its metadata.
func schemaOf(name string, sc *iceberg.Schema, spec iceberg.PartitionSpec) Schema {
	s := Schema{Table: name}
	for _, f := range sc.Fields() {
		s.Columns = append(s.Columns, Column{Name: f.Name, Type: typeOf(f.Type), Required: f.Required, Doc: f.Doc})
	}
	for _, field := range spec.Fields() {
		s.Partition = field.Name
	}
	return s
}
