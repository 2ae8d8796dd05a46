package duckdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/big"
	"strings"
	"time"

	driver "github.com/duckdb/duckdb-go/v2"
)

// Decimal is an exact decimal number as text, such as "7.50".
type Decimal string

// Result is the answer to a query: rows of values in the order of Columns.
//
// A value is nil (null), bool, int64, float64, Decimal, string or time.Time
// (UTC). A whole number beyond 64 bits is a Decimal; a list, struct or other
// composite is its JSON text; a blob is a string of its bytes.
type Result struct {
	Columns []Column // Type is the engine's own word in lower case, such as bigint
	Rows    [][]any
}

// Query runs one query and keeps all its rows; for many of them use Rows.
func (e *Engine) Query(ctx context.Context, text string, args ...any) (*Result, error) {
	return e.QueryModel(ctx, Model{SQL: text}, args...)
}

// QueryModel is Query with errors that have a place in the model's file.
func (e *Engine) QueryModel(ctx context.Context, m Model, args ...any) (*Result, error) {
	result := &Result{}
	for row, err := range e.rows(ctx, m, result, args) {
		if err != nil {
			return nil, err
		}
		result.Rows = append(result.Rows, append([]any(nil), row...))
	}
	return result, nil
}

// Rows runs one query and yields its rows one by one. A row is valid until the
// next. An error is yielded last, with a nil row.
func (e *Engine) Rows(ctx context.Context, text string, args ...any) iter.Seq2[[]any, error] {
	return e.rows(ctx, Model{SQL: text}, &Result{}, args)
}

// Stream is Rows that also tells the columns: into.Columns is set before the
// first row is yielded, and when there is none. into.Rows is not touched.
func (e *Engine) Stream(ctx context.Context, m Model, into *Result) iter.Seq2[[]any, error] {
	return e.rows(ctx, m, into, nil)
}

func (e *Engine) rows(ctx context.Context, m Model, into *Result, args []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := e.db.QueryContext(ctx, m.SQL, args...)
		if err != nil {
			yield(nil, e.explain(ctx, err, m, 0))
			return
		}
		defer rows.Close()
		if err := into.describe(rows); err != nil {
			yield(nil, err)
			return
		}
		for row, err := range scanned(rows, len(into.Columns)) {
			if err != nil {
				err = e.explain(ctx, err, m, 0)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (r *Result) describe(rows *sql.Rows) error {
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	r.Columns = make([]Column, len(types))
	for i, t := range types {
		r.Columns[i] = Column{t.Name(), strings.ToLower(t.DatabaseTypeName())}
	}
	return nil
}

// simple turns what the driver scans into one of the few types of a Result.
func simple(value any) any {
	switch v := value.(type) {
	case nil, bool, int64, float64, string:
		return v
	case time.Time:
		return v.UTC()
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case uint64:
		if v > math.MaxInt64 {
			return Decimal(fmt.Sprint(v))
		}
		return int64(v)
	case float32:
		return float64(v)
	case *big.Int:
		if v.IsInt64() {
			return v.Int64()
		}
		return Decimal(v.String())
	case driver.Decimal:
		return decimalText(v)
	case []byte:
		return string(v)
	}
	return composite(value)
}

func composite(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// decimalText writes all digits of the scale: 7.50, not 7.5.
func decimalText(d driver.Decimal) Decimal {
	digits := new(big.Int).Abs(d.Value).String()
	if missing := int(d.Scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	if d.Scale > 0 {
		point := len(digits) - int(d.Scale)
		digits = digits[:point] + "." + digits[point:]
	}
	if d.Value.Sign() < 0 {
		digits = "-" + digits
	}
	return Decimal(digits)
}

// parseDecimal reads text as decimal(9,2).
func parseDecimal(text string) (driver.Decimal, error) {
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return driver.Decimal{}, fmt.Errorf("%q is not a decimal number", text)
	}
	hundredths := number.Mul(number, big.NewRat(100, 1))
	if !hundredths.IsInt() {
		return driver.Decimal{}, fmt.Errorf("%q has more than two decimals", text)
	}
	return driver.Decimal{Width: 9, Scale: 2, Value: hundredths.Num()}, nil
}
