package transform

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

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

// Figures are the published figures of one indicator.
type Figures struct {
	Indicator string
	Cells     []result.Cell // in the order in which they were given
	Digest    string        // SHA-256 of all that WriteFigures writes of them
}

// ByIndicator parts published figures by their indicator, in the order of the indicators.
// The figures of two runs that have the same digest are the same.
func ByIndicator(cells []result.Cell) []Figures {
	place := map[string]int{}
	var all []Figures
	for from := 0; from < len(cells); {
		id, to := cells[from].Indicator, from+1
		for to < len(cells) && cells[to].Indicator == id {
			to++
		}
		if at, known := place[id]; known { // the figures are not in order
			all[at].Cells = append(slices.Clip(all[at].Cells), cells[from:to]...)
		} else {
			place[id] = len(all)
			all = append(all, Figures{Indicator: id, Cells: cells[from:to]})
		}
		from = to
	}
	slices.SortFunc(all, func(a, b Figures) int { return strings.Compare(a.Indicator, b.Indicator) })
	var several sync.WaitGroup
	for k := range runtime.GOMAXPROCS(0) {
		several.Go(func() {
			for i := k; i < len(all); i += runtime.GOMAXPROCS(0) {
				all[i].Digest = digest(all[i].Cells)
			}
		})
	}
	several.Wait()
	return all
}

// digest hashes what a publication keeps of figures.
func digest(cells []result.Cell) string {
	sum, row := sha256.New(), make([]byte, 0, 256)
	for i := range cells {
		c := &cells[i]
		row = row[:0]
		for _, text := range []string{c.Indicator, c.Territory, c.Level, string(c.Grain), c.Breakdown, c.Item, string(c.Class)} {
			row = append(append(row, text...), 0)
		}
		row = binary.LittleEndian.AppendUint64(row, uint64(c.Start.Unix()))
		for _, number := range []float64{c.Numerator, c.Denominator, c.Value, c.Lower, c.Upper, c.P90} {
			if math.IsNaN(number) {
				number = math.NaN() // there are many, and one null
			}
			row = binary.LittleEndian.AppendUint64(row, math.Float64bits(number))
		}
		sum.Write(row)
	}
	return hex.EncodeToString(sum.Sum(nil))
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
		c.Open, c.RoundedTo, c.Expected, c.Standardised, c.StdLower, c.StdUpper = nan, nan, nan, nan, nan, nan
		c.Shrunk, c.RankLower, c.RankUpper, c.Previous, c.YearAgo = nan, nan, nan, nan, nan
		c.Funnel = ""
	}
}
