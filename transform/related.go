package transform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// relation says that a column of counts holds what another counts of some items: contacts on
// dedicated channels are, of the contacts by patronati, those of three channels. Who reads
// the definitions knows; it is found in the numbers, of a project's own marts too.
type relation struct {
	Total term   `json:"total"`
	Parts []term `json:"parts"`
}

// term is a column, or one item of it.
type term struct {
	Column    string        `json:"column"` // "mart.column", the first of those that hold the same
	Breakdown kpi.Breakdown `json:"breakdown,omitempty"`
	Item      string        `json:"item,omitempty"`
}

// remainder says that a stock is in the last month what is open of all months.
type remainder struct {
	Stock string `json:"stock"`
	Open  string `json:"open"`
}

// fewMonths is in how many months a column must count somebody for its relations to be told
// from chance: of what begins, none is found yet.
const fewMonths = 4

// margins are the totals of columns of counts: the country's by month, then the territories'
// of all months.
type margins struct {
	run     *run
	same    *families
	columns []counted       // one for each that holds something else
	opens   map[string]bool // those of what is still running
	months  int
	rows    map[string]int // month or territory → its place among the totals
	of      map[term][]float64
}

// relate finds the relations between columns of counts that are not the same.
func (r *run) relate(ctx context.Context, same *families, all []counted, byMart map[string][]*kpi.Indicator) error {
	m := &margins{run: r, same: same, opens: map[string]bool{}, rows: map[string]int{}, of: map[term][]float64{}}
	for _, c := range all {
		if same.columnOf(c.mart, c.column) == c.String() {
			m.columns = append(m.columns, c)
		}
	}
	if err := m.read(ctx); err != nil {
		return err
	}
	stocks := map[string]bool{}
	for _, indicators := range byMart {
		for _, k := range indicators {
			if k.Statistic == kpi.Distribution && k.Open != "" {
				m.opens[same.columnOf(k.Mart, k.Open)] = true
			}
			stocks[same.columnOf(k.Mart, k.Numerator)] = stocks[same.columnOf(k.Mart, k.Numerator)] || k.Stock
		}
	}
	same.Relations = m.subsets()
	var err error
	same.Remainders, err = m.remainders(ctx, stocks)
	return err
}

// read asks the marts for the totals, all together and by their breakdowns.
func (m *margins) read(ctx context.Context) error {
	for month := m.run.at.first; !month.After(m.run.at.last); month = month.AddDate(0, 1, 0) {
		m.rows[month.Format("2006-01-02")] = m.months
		m.months++
	}
	for _, place := range m.run.places {
		m.rows[place] = len(m.rows)
	}
	for rest := m.columns; len(rest) > 0; {
		n := slices.IndexFunc(rest, func(c counted) bool { return c.mart != rest[0].mart })
		if n < 0 {
			n = len(rest)
		}
		for _, by := range append([]kpi.Breakdown{""}, rest[0].breakdowns...) {
			if len(by.Crosses()) > 0 {
				continue
			}
			if err := m.ask(ctx, rest[:n], by); err != nil {
				return err
			}
		}
		rest = rest[n:]
	}
	return nil
}

// ask reads the totals of the columns of one mart.
func (m *margins) ask(ctx context.Context, columns []counted, by kpi.Breakdown) error {
	item := "''"
	if by != "" {
		item = itemOf(by.Columns(), "''")
	}
	known, err := m.run.engine.Columns(ctx, columns[0].mart)
	if err != nil {
		return err
	}
	columns = slices.DeleteFunc(slices.Clone(columns), func(c counted) bool {
		return !slices.ContainsFunc(known, func(column duckdb.Column) bool { return column.Name == c.column })
	})
	var sums strings.Builder
	for _, c := range columns {
		fmt.Fprintf(&sums, ", cast(sum(%s) as double)", duckdb.Name(c.column))
	}
	if len(columns) == 0 {
		return nil
	}
	answer, err := m.run.engine.Query(ctx, fmt.Sprintf(`with counts as (
    select cast(month as varchar) as month, territory_code, %s as item, mart.* exclude (month, territory_code)
    from %s as mart
    where %s
)
select coalesce(month, territory_code), item%s
from counts
group by grouping sets ((month, item), (territory_code, item))`, item, duckdb.Name(columns[0].mart), m.run.inMonths(), sums.String()))
	if err != nil {
		return fmt.Errorf("counts of %s: %w", columns[0].mart, err)
	}
	for _, row := range answer.Rows {
		at, ok := m.rows[fmt.Sprint(row[0])]
		if !ok {
			continue
		}
		for i, c := range columns {
			t := term{c.String(), by, fmt.Sprint(row[1])}
			n, _ := row[2+i].(float64)
			if by != "" && t.Item == "" || n == 0 {
				continue
			}
			if m.of[t] == nil {
				m.of[t] = make([]float64, len(m.rows))
			}
			m.of[t][at] = n
		}
	}
	return nil
}

// subsets finds columns that count all together what another counts of one item or of some.
func (m *margins) subsets() (relations []relation) {
	for _, of := range m.columns {
		for _, by := range of.breakdowns {
			f := m.fit(of.String(), by)
			if f == nil {
				continue
			}
			for _, c := range m.columns {
				total := term{Column: c.String()}
				if c.String() == of.String() || !m.tells(total) {
					continue
				}
				if items := f.some(m.of[total]); len(items) > 0 {
					relations = append(relations, relation{total, items})
				}
			}
		}
	}
	return relations
}

// tells says whether a column counts somebody in so many months that it can be compared.
func (m *margins) tells(t term) bool {
	counts := 0
	for month := range min(m.months, len(m.of[t])) {
		if m.of[t][month] > 0 {
			counts++
		}
	}
	return counts >= fewMonths
}

// remainders finds stocks that are, in the last month, what is open of all months.
func (m *margins) remainders(ctx context.Context, stocks map[string]bool) (some []remainder, err error) {
	for _, c := range m.columns {
		if !stocks[c.String()] || !m.tells(term{Column: c.String()}) {
			continue
		}
		answer, err := m.run.engine.Query(ctx, fmt.Sprintf("select territory_code, cast(sum(%s) as double) from %s where month = %s group by territory_code",
			duckdb.Name(c.column), duckdb.Name(c.mart), duckdb.Day(m.run.at.last)))
		if err != nil {
			return nil, fmt.Errorf("counts of %s: %w", c.mart, err)
		}
		last := make([]float64, len(m.rows))
		for _, row := range answer.Rows {
			if at, ok := m.rows[fmt.Sprint(row[0])]; ok {
				last[at], _ = row[1].(float64)
			}
		}
		for _, open := range m.columns {
			if of := m.of[term{Column: open.String()}]; m.opens[open.String()] && of != nil && slices.Equal(of[m.months:], last[m.months:]) {
				some = append(some, remainder{c.String(), open.String()})
			}
		}
	}
	return some, nil
}
