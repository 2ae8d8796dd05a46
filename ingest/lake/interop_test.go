package lake

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// instantLayout is how every reader's instants are written for comparison.
const instantLayout = "2006-01-02T15:04:05.000000Z"

// everyType has each type twice: as a value that repeats, and as one that does not.
func everyType() Schema {
	s := Schema{Table: "every_type", Partition: "month"}
	for _, t := range []Type{Text, Integer, Decimal, Double, Boolean, Date, Timestamp} {
		s.Columns = append(s.Columns, Column{Name: string(t) + "_value", Type: t},
			Column{Name: string(t) + "_unique", Type: t, HighCardinality: true})
	}
	s.Columns = append(s.Columns, Column{Name: "month", Type: Date, Required: true})
	return s
}

// edges gives values of a type that readers are known to get wrong.
func edges(t Type) []string {
	switch t {
	case Text:
		return []string{"", "NULL", "NA", "città di Forlì", "€ 5 \"x\";\n", "日本", "\u00a0", strings.Repeat("lungo ", 500)}
	case Integer:
		return []string{"0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"}
	case Decimal:
		return []string{"0.00", "-0.05", "12.30", "9999999.99", "-9999999.99"}
	case Double:
		return []string{"0", "0.1", "-2.5", "1e+300", "5e-324", "0.30000000000000004"}
	case Boolean:
		return []string{"true", "false"}
	case Date:
		return []string{"1970-01-01", "1969-12-31", "1861-03-17", "2024-02-29", "9999-12-31"}
	default:
		return []string{
			"1970-01-01T00:00:00.000000Z", "1969-12-31T23:59:59.999999Z", "2024-03-31T01:30:00.000001Z",
			"1861-03-17T12:00:00.000000Z", "2262-04-12T00:00:00.000000Z",
		}
	}
}

// rowsOfEveryType gives n rows as texts; NULL with a final NUL is null.
func rowsOfEveryType(n int) [][]string {
	shape := everyType()
	rows := make([][]string, n)
	for i := range rows {
		for c, column := range shape.Columns {
			values := edges(column.Type)
			switch {
			case column.Name == "month":
				rows[i] = append(rows[i], []string{"2024-03-01", "2023-12-01"}[i%2])
			case (i+c)%5 == 4:
				rows[i] = append(rows[i], null)
			default:
				rows[i] = append(rows[i], values[(i*7+c)%len(values)])
			}
		}
	}
	return rows
}

const null = "NULL\x00"

// appendText puts a text into a builder as its type says.
func appendText(t *testing.T, b array.Builder, text string) {
	t.Helper()
	var err error
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(text)
	case *array.Decimal128Builder:
		var n decimal128.Num
		if n, err = decimal128.FromString(text, DecimalPrecision, DecimalScale); err == nil {
			b.Append(n)
		}
	case *array.TimestampBuilder:
		var at time.Time
		if at, err = time.Parse(instantLayout, text); err == nil {
			b.Append(arrow.Timestamp(at.UnixMicro()))
		}
	default:
		err = b.AppendValueFromString(text)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Three readers that share no code find in the lake's files what went in.
func TestThreeReadersAgree(t *testing.T) {
	l, _ := newLake(t, Options{BufferBytes: 1 << 18})
	shape := everyType()
	a, err := l.Append(t.Context(), shape)
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsOfEveryType(3000)
	for from := 0; from < len(rows); from += 500 {
		b := array.NewRecordBuilder(memory.DefaultAllocator, shape.Arrow())
		for _, row := range rows[from : from+500] {
			for c, text := range row {
				if text == null {
					b.Field(c).AppendNull()
				} else {
					appendText(t, b.Field(c), text)
				}
			}
		}
		rec := b.NewRecordBatch()
		if err := a.Write(rec); err != nil {
			t.Fatal(err)
		}
		rec.Release()
		b.Release()
	}
	s, err := a.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s = readBack(t, l, s)
	if len(s.Files) != 2 || s.Rows != 3000 {
		t.Fatalf("%d rows in %d files", s.Rows, len(s.Files))
	}
	want := map[string][][]string{}
	for _, row := range rows {
		month := row[len(row)-1]
		want[month] = append(want[month], row)
	}
	other := buildInterop(t)
	for _, f := range s.Files {
		compare(t, "arrow-go", byArrow(t, f.Path), want[f.Partition])
		compare(t, "DuckDB", byDuckDB(t, f.Path), want[f.Partition])
		compare(t, "xitongsys/parquet-go", byInterop(t, other, f.Path), want[f.Partition])
	}
}

func compare(t *testing.T, reader string, got, want [][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s reads %d rows, not %d", reader, len(got), len(want))
		return
	}
	shape := everyType()
	for i := range want {
		for c := range want[i] {
			if got[i][c] != want[i][c] {
				t.Errorf("%s: row %d, %s: %q, not %q", reader, i, shape.Columns[c].Name, got[i][c], want[i][c])
				return
			}
		}
	}
}

func byArrow(t *testing.T, path string) [][]string {
	tbl := readTable(t, path)
	defer tbl.Release()
	out := make([][]string, tbl.NumRows())
	for c := range int(tbl.NumCols()) {
		row := 0
		for _, chunk := range tbl.Column(c).Data().Chunks() {
			for i := range chunk.Len() {
				out[row] = append(out[row], arrowText(chunk, i))
				row++
			}
		}
	}
	return out
}

func arrowText(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return null
	}
	switch a := a.(type) {
	case *array.Decimal128:
		return a.Value(i).ToString(DecimalScale)
	case *array.Float64:
		return strconv.FormatFloat(a.Value(i), 'g', -1, 64)
	case *array.Timestamp:
		return time.UnixMicro(int64(a.Value(i))).UTC().Format(instantLayout)
	}
	return a.ValueStr(i)
}

// byDuckDB asks for texts, but for the exact bits of a double.
func byDuckDB(t *testing.T, path string) [][]string {
	db := engine(t)
	if _, err := db.ExecContext(t.Context(), "set TimeZone = 'UTC'"); err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, c := range everyType().Columns {
		expression := fmt.Sprintf("cast(%s as varchar)", c.Name)
		if c.Type == Timestamp {
			expression = fmt.Sprintf("strftime(timezone('UTC', %s), '%%Y-%%m-%%dT%%H:%%M:%%S.%%fZ')", c.Name)
		}
		columns = append(columns, fmt.Sprintf("coalesce(%s, 'NULL' || chr(0))", expression))
	}
	rows := query(t.Context(), t, db, fmt.Sprintf("select %s from read_parquet('%s')", strings.Join(columns, ", "), path))
	for i, c := range everyType().Columns {
		for _, row := range rows {
			if c.Type == Double && row[i] != null {
				value, err := strconv.ParseFloat(row[i], 64)
				if err != nil {
					t.Fatal(err)
				}
				row[i] = strconv.FormatFloat(value, 'g', -1, 64)
			}
		}
	}
	return rows
}

// buildInterop builds the reader in testdata/interop, a module of its own.
func buildInterop(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "interop")
	command := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	command.Dir = filepath.Join("..", "..", "testdata", "interop")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("build testdata/interop: %v\n%s", err, out)
	}
	return program
}

func byInterop(t *testing.T, program, path string) [][]string {
	t.Helper()
	var stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), program, path)
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("interop: %v\n%s", err, &stderr)
	}
	var rows [][]string
	lines := bufio.NewReader(bytes.NewReader(out))
	decoder := json.NewDecoder(lines)
	decoder.UseNumber() // 64-bit numbers as they are
	for decoder.More() {
		var values []any
		if err := decoder.Decode(&values); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = fmt.Sprint(v)
			if v == nil {
				row[i] = null
			}
			if everyType().Columns[i].Type == Double && v != nil {
				value, err := v.(json.Number).Float64()
				if err != nil || math.IsNaN(value) {
					t.Fatal(v, err)
				}
				row[i] = strconv.FormatFloat(value, 'g', -1, 64)
			}
		}
		rows = append(rows, row)
	}
	return rows
}
