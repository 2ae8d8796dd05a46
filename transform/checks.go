package transform

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"tavolo/transform/duckdb"
	"tavolo/transform/result"
)

// sampleRows is how many offending rows a failed check shows.
const sampleRows = 5

// CheckError says that checks found rows that must not be. Nothing was stored;
// the last results stay in force.
type CheckError struct {
	Failed []FailedCheck // at least one, by name
}

// FailedCheck is a check with the first of the rows that break it.
type FailedCheck struct {
	result.Check
	File    string
	Columns []string
	Sample  [][]string // at most five rows, values as text, null as "null"
}

// Error names every failed check, in editor form, each with its first rows.
func (e *CheckError) Error() string {
	var b strings.Builder
	for i, failed := range e.Failed {
		if i > 0 {
			b.WriteByte('\n')
		}
		rows := "1 row breaks"
		if failed.Rows != 1 {
			rows = fmt.Sprintf("%d rows break", failed.Rows)
		}
		fmt.Fprintf(&b, "%s:1: %s it: %s", failed.File, rows, failed.Title)
		for _, row := range failed.Sample {
			b.WriteString("\n   ")
			for j, value := range row {
				fmt.Fprintf(&b, " %s=%s", failed.Columns[j], value)
			}
		}
	}
	return b.String()
}

// check runs the checks in order, but those that the run before has run over the very
// same rows: they held. The error is a *CheckError when some found rows.
func (r *run) check(ctx context.Context, models []duckdb.Model) ([]result.Check, error) {
	reads, err := readsOf(ctx, r.engine, models)
	if err != nil {
		return nil, err
	}
	maps.Copy(r.reads, reads)
	var checks []result.Check
	var failed []FailedCheck
	for _, model := range models {
		key, inputs, note := inputsKey+"."+model.Name, r.inputsOf(model), ", kept"
		one := FailedCheck{Check: result.Check{Name: model.Name, Title: titleOf(model)}}
		if r.before == nil || r.before.checked[key] != inputs {
			note = ""
			if err := r.ready(ctx, model.Name); err != nil {
				return nil, err
			}
			if one, err = runCheck(ctx, r.engine, model); err != nil {
				return nil, err
			}
		}
		r.checked[key] = inputs
		checks = append(checks, one.Check)
		if one.Rows > 0 {
			failed = append(failed, one)
		}
		r.step("check " + model.Name + note)
	}
	if len(failed) > 0 {
		return checks, &CheckError{Failed: failed}
	}
	return checks, nil
}

func runCheck(ctx context.Context, e *duckdb.Engine, model duckdb.Model) (FailedCheck, error) {
	failed := FailedCheck{Check: result.Check{Name: model.Name, Title: titleOf(model)}, File: model.File}
	var answer duckdb.Result
	for row, err := range e.Stream(ctx, model, &answer) {
		if err != nil {
			return failed, err
		}
		failed.Rows++
		if len(failed.Sample) < sampleRows {
			failed.Sample = append(failed.Sample, texts(row))
		}
	}
	for _, column := range answer.Columns {
		failed.Columns = append(failed.Columns, column.Name)
	}
	return failed, nil
}

// titleOf is the first line of a check, which says in words what must hold.
func titleOf(model duckdb.Model) string {
	first, _, _ := strings.Cut(model.SQL, "\n")
	if title, ok := strings.CutPrefix(first, "--"); ok {
		return strings.TrimSpace(title)
	}
	return model.Name
}

func texts(row []any) []string {
	values := make([]string, len(row))
	for i, value := range row {
		switch v := value.(type) {
		case nil:
			values[i] = "null"
		case time.Time:
			values[i] = strings.TrimSuffix(v.Format(time.RFC3339), "T00:00:00Z")
		default:
			values[i] = fmt.Sprint(v)
		}
	}
	return values
}
