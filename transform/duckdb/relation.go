package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Column is a column of a relation. Type is one of the lake's words: text,
// integer (64 bits), decimal (9 digits, 2 of them after the point), double,
// boolean, date, timestamp (an instant, microseconds). The SQL words varchar
// and bigint are accepted for text and integer.
type Column struct{ Name, Type string }

// sqlTypes gives the engine's type for each word of Column.Type; immutable.
var sqlTypes = map[string]string{
	"text": "varchar", "varchar": "varchar",
	"integer": "bigint", "bigint": "bigint",
	"decimal": "decimal(9,2)", "double": "double", "boolean": "boolean", "date": "date",
	"timestamp": "timestamp with time zone",
}

// lakeTypes gives the lake's word for each type of the engine that may be
// stored; immutable.
var lakeTypes = map[string]string{
	"VARCHAR": "text", "BIGINT": "integer", "DECIMAL(9,2)": "decimal", "DOUBLE": "double",
	"BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP WITH TIME ZONE": "timestamp",
}

func (c Column) sqlType() (string, error) {
	if t, ok := sqlTypes[c.Type]; ok {
		return t, nil
	}
	return "", fmt.Errorf("column %s: no type %q", c.Name, c.Type)
}

// Relation is a table of the lake as of one snapshot.
type Relation struct {
	Name    string
	Columns []Column
	Files   []string // absolute paths of Parquet files; none is an empty relation
}

// Register makes a view over exactly the files of r, with the declared columns
// and types whatever the files say. A file without one of the columns is an
// error when the view is read.
func (e *Engine) Register(ctx context.Context, r Relation) error {
	columns := make([]string, len(r.Columns))
	for i, column := range r.Columns {
		sqlType, err := column.sqlType()
		if err != nil {
			return fmt.Errorf("relation %s: %w", r.Name, err)
		}
		source := Name(column.Name)
		if len(r.Files) == 0 {
			source = "null"
		}
		columns[i] = fmt.Sprintf("cast(%s as %s) as %s", source, sqlType, Name(column.Name))
	}
	from := "where false"
	if len(r.Files) > 0 {
		from = "from " + parquet(r.Files)
	}
	text := fmt.Sprintf("create view %s as select %s %s", Name(r.Name), strings.Join(columns, ", "), from)
	if err := e.Exec(ctx, text); err != nil {
		return fmt.Errorf("relation %s: %w", r.Name, err)
	}
	e.files = append(e.files, r.Files...)
	return nil
}

// globbing escapes what DuckDB would take for a pattern in a path; immutable.
var globbing = strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]")

func parquet(files []string) string {
	quoted := make([]string, len(files))
	for i, file := range files {
		quoted[i] = Quote(globbing.Replace(file))
	}
	return "read_parquet([" + strings.Join(quoted, ", ") + "], hive_partitioning = false)"
}

// Table is a small relation whose rows are at hand. A value is its text: whole
// numbers in digits, dates as 2006-01-02, instants as RFC 3339, true and
// false; "" is null.
type Table struct {
	Name    string
	Columns []Column
	Rows    [][]string
}

// Create makes a table of t's rows. A value that is not of its column's type
// is an error that names table, row (from 1) and column.
func (e *Engine) Create(ctx context.Context, t Table) error {
	columns := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		sqlType, err := column.sqlType()
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		columns[i] = Name(column.Name) + " " + sqlType
	}
	if err := e.Exec(ctx, "create table "+Name(t.Name)+" ("+strings.Join(columns, ", ")+")"); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	defer conn.Close()
	err = conn.Raw(func(raw any) error {
		appender, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", t.Name)
		if err != nil {
			return err
		}
		return errors.Join(t.appendTo(appender), appender.Close())
	})
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, plain(err))
	}
	return nil
}

func (t Table) appendTo(appender *duckdb.Appender) error {
	values := make([]driver.Value, len(t.Columns))
	for number, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("row %d: %d values for %d columns", number+1, len(row), len(t.Columns))
		}
		for i, text := range row {
			value, err := parse(t.Columns[i].Type, text)
			if err != nil {
				return fmt.Errorf("row %d: %s: %w", number+1, t.Columns[i].Name, err)
			}
			values[i] = value
		}
		if err := appender.AppendRow(values...); err != nil {
			return fmt.Errorf("row %d: %w", number+1, err)
		}
	}
	return nil
}

// parse reads the text of one value of a Table.
func parse(kind, text string) (driver.Value, error) {
	if text == "" {
		return nil, nil
	}
	switch kind {
	case "integer", "bigint":
		return strconv.ParseInt(text, 10, 64)
	case "double":
		return strconv.ParseFloat(text, 64)
	case "decimal":
		return parseDecimal(text)
	case "boolean":
		return strconv.ParseBool(text)
	case "date":
		return time.Parse(time.DateOnly, text)
	case "timestamp":
		return time.Parse(time.RFC3339Nano, text)
	default:
		return text, nil
	}
}

// Columns gives the columns of a relation in the lake's types. A column of a
// type that the lake does not store is an error that says which cast is missing.
func (e *Engine) Columns(ctx context.Context, relation string) ([]Column, error) {
	described, err := e.Query(ctx, "select column_name, data_type from duckdb_columns() "+
		"where table_name = ? and not internal order by column_index", relation)
	if err != nil {
		return nil, err
	}
	if len(described.Rows) == 0 {
		return nil, fmt.Errorf("relation %s: no such relation", relation)
	}
	columns := make([]Column, len(described.Rows))
	for i, row := range described.Rows {
		name, engineType := row[0].(string), row[1].(string)
		kind, ok := lakeTypes[engineType]
		if !ok {
			return nil, fmt.Errorf("%s.%s: %s cannot be stored; cast it to one of bigint, decimal(9,2), double, varchar, boolean, date, timestamp with time zone",
				relation, name, strings.ToLower(engineType))
		}
		columns[i] = Column{name, kind}
	}
	return columns, nil
}

// Relations gives the names of all tables and views, sorted.
func (e *Engine) Relations(ctx context.Context) ([]string, error) {
	listed, err := e.Query(ctx, "select distinct table_name from duckdb_columns() where not internal")
	if err != nil {
		return nil, err
	}
	names := make([]string, len(listed.Rows))
	for i, row := range listed.Rows {
		names[i] = row[0].(string)
	}
	slices.Sort(names)
	return names, nil
}
