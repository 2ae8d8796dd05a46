package transform

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// monthAt is a month in a territory.
type monthAt struct{ month, territory string } // the month as 2006-01-02

// totals are what columns of counts hold, by their names, in each month that figures are
// about and each territory, all items together. What counts nobody is left out.
type totals map[string]map[monthAt]float64

// readTotals asks each mart once. A column that a mart lacks has none: that is said where
// its indicator is computed.
func (r *run) readTotals(ctx context.Context, all []counted) (totals, error) {
	of := totals{}
	for columns := range byTheirMart(all) {
		columns, err := r.known(ctx, columns)
		if err != nil {
			return nil, err
		}
		if len(columns) == 0 {
			continue
		}
		query := fmt.Sprintf("select cast(month as varchar), territory_code%s from %s where %s group by month, territory_code",
			sumsOf(columns), duckdb.Name(columns[0].mart), r.inMonths())
		for row, err := range r.engine.Rows(ctx, query) {
			if err != nil {
				return nil, fmt.Errorf("counts of %s: %w", columns[0].mart, err)
			}
			at := monthAt{fmt.Sprint(row[0]), fmt.Sprint(row[1])}
			for i, c := range columns {
				n, _ := row[2+i].(float64)
				of.add(c.String(), at, n)
			}
		}
	}
	return of, nil
}

func (of totals) add(column string, at monthAt, n float64) {
	if n == 0 {
		return
	}
	if of[column] == nil {
		of[column] = map[monthAt]float64{}
	}
	of[column][at] = n
}

// byTheirMart gives the columns of one mart after those of another.
func byTheirMart(all []counted) iter.Seq[[]counted] {
	return func(yield func([]counted) bool) {
		for rest := all; len(rest) > 0; {
			n := slices.IndexFunc(rest, func(c counted) bool { return c.mart != rest[0].mart })
			if n < 0 {
				n = len(rest)
			}
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}

// known gives those of the columns of one mart that it has.
func (r *run) known(ctx context.Context, columns []counted) ([]counted, error) {
	has, err := r.engine.Columns(ctx, columns[0].mart)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(columns), func(c counted) bool {
		return !slices.ContainsFunc(has, func(column duckdb.Column) bool { return column.Name == c.column })
	}), nil
}

// sumsOf continues a select list with the sums of columns.
func sumsOf(columns []counted) string {
	var sums strings.Builder
	for _, c := range columns {
		fmt.Fprintf(&sums, ", cast(sum(%s) as double)", duckdb.Name(c.column))
	}
	return sums.String()
}

// margins are counts of columns and of their items, in rows that can be compared.
type margins struct {
	rows map[string]int // the name of a row → its place
	of   map[term][]float64

	name, grouping string // SQL: of the row that a month and a territory count in, and by what to group
	where          string // SQL: the months
}

// wholeMargins has a row for each month, the country's, and one for each territory, of
// all months: whatever relates columns shows in them, and they are few.
func (r *run) wholeMargins(of totals) *margins {
	m := &margins{rows: map[string]int{}, of: map[term][]float64{}}
	m.name, m.grouping, m.where = "coalesce(cast(month as varchar), territory_code)", "grouping sets ((month, item), (territory_code, item))", r.inMonths()
	for month := r.at.first; !month.After(r.at.last); month = month.AddDate(0, 1, 0) {
		m.rows[month.Format(time.DateOnly)] = len(m.rows)
	}
	for _, place := range r.places {
		m.rows[place] = len(m.rows)
	}
	m.addTotals(of, func(at monthAt) []string { return []string{at.month, at.territory} })
	return m
}

// sampleMargins has a row for each territory in each of a few months. What holds in all
// months holds in these, so they are enough to refute.
func (r *run) sampleMargins(of totals, months []string) *margins {
	m := &margins{rows: map[string]int{}, of: map[term][]float64{}}
	days := make([]string, len(months))
	for i, month := range months {
		days[i] = "date " + duckdb.Quote(month)
		for _, place := range r.places {
			m.rows[month+" "+place] = len(m.rows)
		}
	}
	m.name, m.grouping, m.where = "cast(month as varchar) || ' ' || territory_code", "month, territory_code, item", "month in ("+strings.Join(days, ", ")+")"
	m.addTotals(of, func(at monthAt) []string { return []string{at.month + " " + at.territory} })
	return m
}

// addTotals adds what columns count in all items together; rows names the rows that a
// month and a territory count in.
func (m *margins) addTotals(of totals, rows func(monthAt) []string) {
	for column, counts := range of {
		for at, n := range counts {
			for _, name := range rows(at) {
				m.add(term{Column: column}, name, n)
			}
		}
	}
}

// add counts in a row; one that is of no known territory is left out.
func (m *margins) add(t term, row string, n float64) {
	at, ok := m.rows[row]
	if !ok {
		return
	}
	if m.of[t] == nil {
		m.of[t] = make([]float64, len(m.rows))
	}
	m.of[t][at] += n
}

// ask reads what columns of one mart count of each item of a breakdown.
func (m *margins) ask(ctx context.Context, e *duckdb.Engine, columns []counted, by kpi.Breakdown) error {
	for row, err := range e.Rows(ctx, fmt.Sprintf(`with counts as (
    select %s as item, mart.*
    from %s as mart
    where %s
)
select %s, item%s
from counts
group by %s`, itemOf(by.Columns(), "''"), duckdb.Name(columns[0].mart), m.where, m.name, sumsOf(columns), m.grouping)) {
		if err != nil {
			return fmt.Errorf("counts of %s: %w", columns[0].mart, err)
		}
		item := fmt.Sprint(row[1])
		for i, c := range columns {
			if n, _ := row[2+i].(float64); n != 0 && item != "" {
				m.add(term{c.String(), by, item}, fmt.Sprint(row[0]), n)
			}
		}
	}
	return nil
}
