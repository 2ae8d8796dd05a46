package transform

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	Failed []FailedCheck // at least one, by the name of the file
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

// check runs the checks, but those that the run before has run over the very same rows:
// they held. A folder of checks is one check of which each file is a part. The error is
// a *CheckError when some found rows.
func (r *run) check(ctx context.Context, models []duckdb.Model) ([]result.Check, error) {
	reads, err := readsOf(ctx, r.engine, models)
	if err != nil {
		return nil, err
	}
	maps.Copy(r.reads, reads)
	var due []duckdb.Model
	for _, model := range models {
		key, inputs := inputsKey+"."+model.Name, r.inputsOf(model)
		r.checked[key] = inputs
		if r.before != nil && r.before.checked[key] == inputs {
			r.step("check " + model.Name + ", kept")
			continue
		}
		if err := r.ready(ctx, model.Name); err != nil {
			return nil, err
		}
		due = append(due, model)
	}
	found := make([]FailedCheck, len(due))
	err = r.inParallel(ctx, len(due), func(ctx context.Context, i int) (err error) {
		if found[i], err = runCheck(ctx, r.engine, due[i]); err == nil {
			r.step("check " + due[i].Name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	checks := rulesOf(models)
	var failed []FailedCheck
	for _, one := range found {
		if one.Rows == 0 {
			continue
		}
		failed = append(failed, one)
		rule := slices.IndexFunc(checks, func(check result.Check) bool { return check.Name == one.Name })
		checks[rule].Rows += one.Rows
	}
	if len(failed) > 0 {
		return checks, &CheckError{Failed: failed}
	}
	return checks, nil
}

// rulesOf gives the rules that checks are parts of, each once, in their order.
func rulesOf(models []duckdb.Model) (rules []result.Check) {
	for _, model := range models {
		if name := ruleOf(model); len(rules) == 0 || rules[len(rules)-1].Name != name {
			rules = append(rules, result.Check{Name: name, Title: titleOf(model)})
		}
	}
	return rules
}

// ruleOf is the name of the rule that a check is a part of: that of its folder.
func ruleOf(model duckdb.Model) string {
	rule, _, _ := strings.Cut(model.Name, "/")
	return rule
}

func runCheck(ctx context.Context, e *duckdb.Engine, model duckdb.Model) (FailedCheck, error) {
	failed := FailedCheck{Check: result.Check{Name: ruleOf(model), Title: titleOf(model)}, File: model.File}
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
