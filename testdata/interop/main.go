// Interop prints the rows of Parquet files as this reader, xitongsys/parquet-go,
// understands them, so that a test can hold them against what other readers say.
//
//	interop FILE…
//
// Each row is a line of JSON: an array with one value a column, in the order of
// the file. Null is null; a text, a date, an instant and a decimal are strings
// (2024-03-01, 2024-03-01T10:00:00.000001Z, -12.30); a number is a number.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"time"

	"github.com/xitongsys/parquet-go-source/local"
	"github.com/xitongsys/parquet-go/parquet"
	"github.com/xitongsys/parquet-go/reader"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	for _, path := range os.Args[1:] {
		if err := printFile(out, path); err != nil {
			fmt.Fprintf(os.Stderr, "interop: %s: %v\n", path, err)
			os.Exit(1)
		}
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintf(os.Stderr, "interop: %v\n", err)
		os.Exit(1)
	}
}

// printFile reads the columns one after another, then prints by row.
func printFile(out io.Writer, path string) error {
	file, err := local.NewLocalFileReader(path)
	if err != nil {
		return err
	}
	defer file.Close()
	columns, err := reader.NewParquetColumnReader(file, 1)
	if err != nil {
		return err
	}
	defer columns.ReadStop()
	rows := columns.GetNumRows()
	leaves := leavesOf(columns.SchemaHandler.SchemaElements)
	values := make([][]any, len(leaves))
	for i, leaf := range leaves {
		raw, _, _, err := columns.ReadColumnByIndex(int64(i), rows)
		if err != nil {
			return fmt.Errorf("column %s: %w", leaf.Name, err)
		}
		if int64(len(raw)) != rows {
			return fmt.Errorf("column %s: %d values in %d rows", leaf.Name, len(raw), rows)
		}
		for _, v := range raw {
			value, err := plain(v, leaf)
			if err != nil {
				return fmt.Errorf("column %s: %w", leaf.Name, err)
			}
			values[i] = append(values[i], value)
		}
	}
	return printRows(out, values, int(rows))
}

// leavesOf gives the columns of a flat schema; its first element is the root.
func leavesOf(elements []*parquet.SchemaElement) []*parquet.SchemaElement {
	return elements[1:]
}

func printRows(out io.Writer, values [][]any, rows int) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for i := range rows {
		row := make([]any, len(values))
		for j := range values {
			row[j] = values[j][i]
		}
		if err := encoder.Encode(row); err != nil {
			return err
		}
	}
	return nil
}

// plain writes a value by its column's logical type.
func plain(v any, column *parquet.SchemaElement) (any, error) {
	if v == nil {
		return nil, nil
	}
	logical := column.LogicalType
	switch {
	case logical == nil:
		return v, nil
	case logical.IsSetDATE():
		days, ok := v.(int32)
		if !ok {
			return nil, fmt.Errorf("a date is %T", v)
		}
		return time.Unix(int64(days)*86400, 0).UTC().Format(time.DateOnly), nil
	case logical.IsSetTIMESTAMP():
		micros, ok := v.(int64)
		if !ok || !logical.TIMESTAMP.Unit.IsSetMICROS() || !logical.TIMESTAMP.IsAdjustedToUTC {
			return nil, fmt.Errorf("an instant is %T, %v", v, logical.TIMESTAMP)
		}
		return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z"), nil
	case logical.IsSetDECIMAL():
		unscaled, ok := v.(int32)
		if !ok {
			return nil, fmt.Errorf("a decimal is %T", v)
		}
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(logical.DECIMAL.Scale)), nil)
		return new(big.Rat).SetFrac(big.NewInt(int64(unscaled)), scale).FloatString(int(logical.DECIMAL.Scale)), nil
	}
	return v, nil
}
