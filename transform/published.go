package transform

import (
	"context"
	"math"
	"slices"

	"tavolo/ingest/lake"
	"tavolo/transform/result"
)

// figureColumns are the columns of indicator_cells that a publication keeps: what a
// figure is, and what it says. The comparisons with others follow from these and the
// other figures of the same publication.
var figureColumns = []string{
	"indicator", "territory_code", "level", "grain", "start", "breakdown", "item",
	"numerator", "denominator", "value", "lower", "upper", "p90", "class",
}

// figureTable is the published figures as a publication keeps them: those that
// disclosure control has let through.
//
// Grain: as result.Cell.
func figureTable() table[result.Cell] {
	t := table[result.Cell]{name: "figures"}
	for _, column := range cellTable.columns {
		if slices.Contains(figureColumns, column.Name) {
			t.columns = append(t.columns, column)
		}
	}
	return t
}

// WriteFigures writes published figures to a new Parquet file: the same cells give
// the same bytes.
func WriteFigures(path string, cells []result.Cell) error {
	return figureTable().create(path, cells)
}

// ReadFigures reads what WriteFigures wrote. Of a cell it gives the key, Numerator,
// Denominator, Value, Lower, Upper, P90 and Class; the other numbers are NaN.
func ReadFigures(ctx context.Context, path string) ([]result.Cell, error) {
	cells, err := figureTable().read(ctx, path, nil)
	strip(cells)
	return cells, err
}

// FiguresAt reads the same from the lake, of an earlier run whose tables had the
// versions; errors as of LoadVersions.
func FiguresAt(ctx context.Context, l *lake.Lake, stored map[string]int64) ([]result.Cell, error) {
	t := figureTable()
	t.name = cellTable.name
	cells, _, err := t.loadAt(ctx, l, versionsOf(stored))
	strip(cells)
	return cells, err
}

// strip takes away what a publication does not keep.
func strip(cells []result.Cell) {
	nan := math.NaN()
	for i := range cells {
		c := &cells[i]
		c.Open, c.Expected, c.Standardised, c.StdLower, c.StdUpper = nan, nan, nan, nan, nan
		c.Shrunk, c.RankLower, c.RankUpper, c.Previous, c.YearAgo = nan, nan, nan, nan, nan
		c.Funnel = ""
	}
}
