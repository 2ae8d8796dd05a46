package transform

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// fingerprintKey is the property of a mart's snapshot that names all that the mart
// is computed from but the rows of the logs and the day of the run.
const fingerprintKey = "tavolo.fingerprint"

// monthwise is a mart that is stored with one file a month.
type monthwise struct {
	fingerprint string
	log         string
	isFiled     bool // a month's rows are of the same month of the log alone
	isNear      bool // they are of the same month of the log and of the days of reach after it
	reach       int
	whole       bool        // every month is computed
	months      []time.Time // that are computed where not all are, ascending
	kept        []string    // the files of all other months, as the run before stored them
}

// note tells, after the name of a mart, how much of it is computed; "" for all.
func (m *monthwise) note() string {
	switch {
	case m == nil || m.whole:
		return ""
	case len(m.months) == 0:
		return ", kept"
	case len(m.months) == 1:
		return ", 1 month"
	}
	return fmt.Sprintf(", %d months", len(m.months))
}

// plan decides which months of a mart are computed, given how the run before stored
// it; nil for a model that does not say how its months follow from a log.
func (r *run) plan(ctx context.Context, mart duckdb.Model, before *lake.Snapshot) (*monthwise, error) {
	described, err := r.describe(mart)
	if err != nil || described == nil || described.Months == nil {
		return nil, err
	}
	m := &monthwise{
		fingerprint: r.fingerprint(mart.Name), log: described.Months.Log, whole: true,
		isNear: described.Months.On == "" && described.Months.Until == "", reach: r.days(described.Months.Reach),
	}
	m.isFiled = m.isNear && described.Months.Reach == ""
	stored := storedMonths(before, m.fingerprint)
	if stored == nil {
		return m, nil
	}
	touched, known, err := r.touched(ctx, described.Months)
	if err != nil || !known {
		return m, err
	}
	for month := range stored {
		if !r.isSettled(month, described.Months) {
			touched[month] = true
		}
	}
	if !r.before.run.DataUntil.Equal(r.at.dataUntil) {
		// Rows may have waited for the day to come into months that were never stored.
		for month := firstOfMonth(r.before.run.AsOf); !month.After(r.at.asOf); month = month.AddDate(0, 1, 0) {
			touched[month] = true
		}
	}
	m.whole, m.months = false, slices.SortedFunc(maps.Keys(touched), time.Time.Compare)
	for month, file := range stored {
		if !touched[month] {
			m.kept = append(m.kept, file)
		}
	}
	slices.Sort(m.kept)
	return m, nil
}

// describe reads the description of a built-in mart; nil when it has none, as the
// marts of a project, which are always computed whole.
func (r *run) describe(mart duckdb.Model) (*kpi.Mart, error) {
	name := martsFolder + "/" + mart.Name + ".yml"
	text, err := fs.ReadFile(r.job.SQL, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return kpi.ParseMart(mart.Name, "sql/"+name, text)
}

// storedMonths gives the file of each month of a mart, when the run before computed
// it from the same definitions; else nil.
func storedMonths(before *lake.Snapshot, fingerprint string) map[time.Time]string {
	if before == nil || before.Summary[fingerprintKey] != fingerprint {
		return nil
	}
	months := map[time.Time]string{}
	for _, file := range before.Files {
		month, err := time.Parse(time.DateOnly+".parquet", filepath.Base(file.Path))
		if err != nil {
			return nil // stored by a program that did not do so by month
		}
		months[month] = file.Path
	}
	return months
}

// isSettled says whether a month cannot look different because another day has
// come: it was over and settled on the day of the run before, or the lake knows no
// more than it did then.
func (r *run) isSettled(month time.Time, m *kpi.MartMonths) bool {
	if r.before.run.DataUntil.Equal(r.at.dataUntil) {
		return true
	}
	day := r.before.run.AsOf
	if r.at.asOf.Before(day) {
		day = r.at.asOf
	}
	return month.AddDate(0, 1, r.days(m.Settled)).Before(day)
}

// days gives a parameter in whole days, 0 for "".
func (r *run) days(parameter string) int {
	n := r.parameters[parameter]
	if strings.HasSuffix(parameter, "_hours") {
		return (n + 23) / 24
	}
	return n
}

// touched gives the months in which rows count that have come since the run before,
// in any of their versions; known is false when it cannot be told what has come.
func (r *run) touched(ctx context.Context, m *kpi.MartMonths) (months map[time.Time]bool, known bool, err error) {
	arrived, err := r.arrived(ctx, m.Log)
	if err != nil || !arrived.known {
		return nil, false, err
	}
	months = map[time.Time]bool{}
	if len(arrived.files) == 0 {
		return months, true, nil
	}
	query, err := r.touchedQuery(m)
	if err != nil {
		return nil, false, err
	}
	for row, err := range r.engine.Rows(ctx, query) {
		if err != nil {
			return nil, false, err
		}
		last := row[1].(time.Time)
		for month := row[0].(time.Time); !month.After(last); month = month.AddDate(0, 1, 0) {
			months[month] = true
		}
	}
	return months, true, nil
}

// near gives a with clause by which the months of a mart that are computed read no more of
// its log than they follow from: a filter on the mart's months does not pass through its
// windows, and the whole log would be read for one month. "" where they follow from more.
func (r *run) near(mart string, m *monthwise) string {
	if m.whole || !m.isNear {
		return ""
	}
	var days []string
	for _, month := range m.logMonths() {
		days = append(days, duckdb.Day(month))
	}
	var with []string
	define := func(name, query string) {
		with = append(with, duckdb.Name(name)+" as not materialized (\n"+query+"\n)")
	}
	seen := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		for _, read := range r.reads[name] {
			switch {
			case seen[read]:
			case read == m.log:
				define(read, fmt.Sprintf("select * from main.%s where month in (%s)", duckdb.Name(read), strings.Join(days, ", ")))
			case r.isStaging(read) && isView(read):
				add(read)
				define(read, strings.TrimRight(r.models[read].SQL, "; \t\r\n"))
			}
			seen[read] = true
		}
	}
	add(mart)
	if !seen[m.log] {
		return ""
	}
	return "with " + strings.Join(with, ",\n")
}

// logMonths gives the months of the log from which those that are computed follow, where
// these are of the same month and of the days of reach after it.
func (m *monthwise) logMonths() []time.Time {
	follow := map[time.Time]bool{}
	for _, month := range m.months {
		last := month.AddDate(0, 1, m.reach-1)
		for ; !month.After(last); month = month.AddDate(0, 1, 0) {
			follow[month] = true
		}
	}
	return slices.SortedFunc(maps.Keys(follow), time.Time.Compare)
}

// touchedQuery asks for the months of all versions of the rows that have come, each
// from that of the days of reach before to the last in which it counts.
func (r *run) touchedQuery(m *kpi.MartMonths) (string, error) {
	c, err := contract.Load(m.Log)
	if err != nil {
		return "", err
	}
	on, err := dayOf(c, cmp.Or(m.On, c.Month))
	if err != nil {
		return "", err
	}
	until := on
	if m.Until != "" {
		if until, err = dayOf(c, m.Until); err != nil {
			return "", err
		}
		until = fmt.Sprintf("greatest(%s, coalesce(%s, %s))", on, until, duckdb.Day(r.at.last))
	}
	var keys, same []string
	for _, column := range c.Key {
		keys = append(keys, duckdb.Name(column))
		same = append(same, fmt.Sprintf("keys.%s = log.%[1]s", duckdb.Name(column)))
	}
	return fmt.Sprintf(`with keys as (select distinct %s from %s),
days as (select distinct %s as first_day, %s as last_day from %s as log inner join keys on %s)
select distinct
    cast(date_trunc('month', first_day - %d) as date) as first_month,
    cast(date_trunc('month', last_day) as date) as last_month
from days
where first_day is not null`, strings.Join(keys, ", "), duckdb.Name(arrivedName(m.Log)), on, until,
		duckdb.Name(m.Log), strings.Join(same, " and "), r.days(m.Reach)), nil
}

// dayOf is the expression of the day in Europe/Rome of a column of a log.
func dayOf(c *contract.Contract, column string) (string, error) {
	at := c.Index(column)
	if at < 0 {
		return "", fmt.Errorf("months: the log %s has no column %q", c.Log, column)
	}
	day := "log." + duckdb.Name(column)
	if c.Columns[at].Type == contract.Timestamp {
		day = "cast(" + day + " at time zone 'Europe/Rome' as date)"
	}
	return day, nil
}

// fingerprint hashes what a mart is computed from: its own SQL and that of all that
// it reads, the reference tables among them, the parameters that do not move by
// themselves, and the engine. The rows of the logs, and the order in which batches
// came, which only grows, are left out.
func (r *run) fingerprint(mart string) string {
	hash := sha256.New()
	fmt.Fprintln(hash, duckdb.Version())
	seen := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		fmt.Fprintf(hash, "%q\n", name)
		if model, ok := r.models[name]; ok {
			fmt.Fprintf(hash, "%q\n", model.SQL)
			for _, read := range r.reads[name] {
				add(read)
			}
			return
		}
		if table, ok := r.references[name]; ok {
			fmt.Fprintf(hash, "%q\n%q\n", table.Columns, table.Rows)
		}
	}
	add(mart)
	for _, name := range slices.Sorted(maps.Keys(r.parameters)) {
		fmt.Fprintln(hash, name, r.parameters[name])
	}
	for name := range seen {
		if sql := r.models[name].SQL; strings.Contains(sql, "first_month") || strings.Contains(sql, "last_month") {
			fmt.Fprintln(hash, r.at.first, r.at.last)
			break
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}
