package transform

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/transform/disclosure"
	"tavolo/transform/duckdb"
)

// Parameters are the numbers that the definitions of indicators depend on. The
// zero value is the Protocol's defaults.
type Parameters struct {
	// AsOf is the moment after which nothing is taken for known; the clock's when
	// zero. Windows are closed by the newest event up to then: see [Job.Run].
	AsOf time.Time
	// Months is how many months back the figures go, the last one included; 36 when 0.
	Months int
	// StandardWorkingDays is the standard wait for an appointment; 7 when 0.
	StandardWorkingDays int
	// ResponseStandardHours is the standard of a first answer; 48 when 0.
	ResponseStandardHours int
	// DecisionStandardDays is the standard of a decision, in calendar days; 30 when 0.
	DecisionStandardDays int
	// FollowUpDays is how long nobody comes back after a contact that solved it; 30 when 0.
	FollowUpDays int
	// TablesPerHalfYear is how many technical tables a territory plans for a half-year; 2 when 0.
	TablesPerHalfYear int
	// DisclosureThreshold is the smallest count of persons that is shown; 5 when 0,
	// an error below 3.
	DisclosureThreshold int
}

func orDefault(value, otherwise int) int {
	if value == 0 {
		return otherwise
	}
	return value
}

// horizon is what the lake knows and what the report is about.
type horizon struct {
	dataUntil time.Time // newest event, an instant in UTC
	asOf      time.Time // its day in Europe/Rome, as UTC midnight
	first     time.Time // first month of the figures
	last      time.Time // last month of the figures: the last whole one with rows
}

// notYet names the columns that may lie in the future of the day on which they
// are written, and those that tell of the row and not of the world; immutable.
var notYet = map[string]bool{"slot_at": true, "first_offered_at": true, "valid_until": true, "updated_at": true}

// findHorizon asks the registered logs for their newest event up to bound, and
// takes from months, the first days of all months that have rows, what is whole.
func findHorizon(ctx context.Context, e *duckdb.Engine, p Parameters, bound time.Time, months []time.Time) (horizon, error) {
	if len(months) == 0 {
		return horizon{}, diagnostic.Hinted(ErrEmpty, `"tavolo ingest" reads source files into it`)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return horizon{}, err
	}
	var h horizon
	for _, log := range contract.Logs() {
		newest, err := newestEvent(ctx, e, log, bound, rome)
		if err != nil {
			return horizon{}, err
		}
		if newest.After(h.dataUntil) {
			h.dataUntil = newest
		}
	}
	earliest, latest := months[0], months[len(months)-1]
	if h.dataUntil.IsZero() {
		return horizon{}, diagnostic.Hinted(fmt.Errorf("every row lies after %s: %w", bound.In(rome).Format(time.DateOnly), ErrEmpty),
			"as_of in tavolo.yaml, or the computer's clock, may be wrong")
	}
	local := h.dataUntil.In(rome)
	h.asOf = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	whole, err := isWhole(ctx, e, h.asOf)
	if err != nil {
		return horizon{}, err
	}
	h.last = firstOfMonth(h.asOf)
	if !whole {
		h.last = h.last.AddDate(0, -1, 0)
	}
	if latest.Before(h.last) {
		h.last = latest
	}
	if h.last.Before(earliest) { // a project in its first month: better a part than nothing
		h.last = earliest
	}
	h.first = h.last.AddDate(0, 1-orDefault(p.Months, 36), 0)
	if h.first.Before(earliest) {
		h.first = earliest
	}
	return h, nil
}

// ErrEmpty says that there are no rows to compute anything from.
var ErrEmpty = errors.New("the lake is empty")

func firstOfMonth(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// newestEvent gives the newest instant up to bound at which something happened
// according to a log; a day counts as its end. Zero when nothing did.
func newestEvent(ctx context.Context, e *duckdb.Engine, log string, bound time.Time, rome *time.Location) (time.Time, error) {
	c, err := contract.Load(log)
	if err != nil {
		return time.Time{}, err
	}
	var columns []string
	for _, column := range c.Columns {
		name := duckdb.Name(column.Name)
		switch {
		case notYet[column.Name]:
		case column.Type == contract.Timestamp:
			columns = append(columns, fmt.Sprintf("max(%s) filter (where %s <= timestamptz %s)",
				name, name, duckdb.Quote(bound.UTC().Format(time.RFC3339Nano))))
		case column.Type == contract.Date:
			columns = append(columns, fmt.Sprintf("max(%s) filter (where %s <= %s)", name, name, duckdb.Day(bound.In(rome))))
		}
	}
	answer, err := e.Query(ctx, "select "+strings.Join(columns, ", ")+" from "+duckdb.Name(log))
	if err != nil {
		return time.Time{}, err
	}
	var newest time.Time
	for i, value := range answer.Rows[0] {
		at, ok := value.(time.Time)
		if !ok {
			continue
		}
		if answer.Columns[i].Type == "date" {
			at = time.Date(at.Year(), at.Month(), at.Day(), 23, 59, 59, 0, rome)
			if at.After(bound) {
				at = bound
			}
		}
		if at.After(newest) {
			newest = at
		}
	}
	return newest.UTC(), nil
}

// isWhole says whether the month of a day is over in practice: no working day of
// it is left. Days that the calendar does not hold count as working days.
func isWhole(ctx context.Context, e *duckdb.Engine, day time.Time) (bool, error) {
	end := firstOfMonth(day).AddDate(0, 1, -1)
	answer, err := e.Query(ctx, fmt.Sprintf(
		"select count(*) from calendar where not is_working_day and date > %s and date <= %s",
		duckdb.Day(day), duckdb.Day(end)))
	if err != nil {
		return false, err
	}
	free, _ := answer.Rows[0][0].(int64)
	return int(free) == end.Day()-day.Day(), nil
}

// standards gives the parameters that are numbers by the names of their columns.
func (p Parameters) standards() map[string]int {
	return map[string]int{
		"standard_working_days":   orDefault(p.StandardWorkingDays, 7),
		"response_standard_hours": orDefault(p.ResponseStandardHours, 48),
		"decision_standard_days":  orDefault(p.DecisionStandardDays, 30),
		"follow_up_days":          orDefault(p.FollowUpDays, 30),
		"tables_per_half_year":    orDefault(p.TablesPerHalfYear, 2),
	}
}

// table is the one row of parameters that the models read.
func (p Parameters) table(h horizon) duckdb.Table {
	standards := p.standards()
	number := func(name string) string { return strconv.Itoa(standards[name]) }
	return duckdb.Table{
		Name: "params",
		Columns: []duckdb.Column{
			{Name: "data_until", Type: "timestamp"}, {Name: "as_of", Type: "date"},
			{Name: "first_month", Type: "date"}, {Name: "last_month", Type: "date"},
			{Name: "standard_working_days", Type: "integer"}, {Name: "response_standard_hours", Type: "integer"},
			{Name: "decision_standard_days", Type: "integer"}, {Name: "follow_up_days", Type: "integer"},
			{Name: "tables_per_half_year", Type: "integer"}, {Name: "disclosure_threshold", Type: "integer"},
		},
		Rows: [][]string{{
			h.dataUntil.Format(time.RFC3339Nano), h.asOf.Format(time.DateOnly),
			h.first.Format(time.DateOnly), h.last.Format(time.DateOnly),
			number("standard_working_days"), number("response_standard_hours"),
			number("decision_standard_days"), number("follow_up_days"), number("tables_per_half_year"),
			strconv.Itoa(orDefault(p.DisclosureThreshold, disclosure.Default)),
		}},
	}
}
