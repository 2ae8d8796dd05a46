package ingest

import (
	"context"
	"errors"

	"github.com/apache/arrow-go/v18/arrow"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/pseudonym"
)

// Checked is what ingest would make of a file.
type Checked struct {
	Result
	Rules []RuleCount // of the records that would be refused, in the order in which they came up
}

// RuleCount counts the records of a file that break one rule at one column.
type RuleCount struct {
	Column  string `json:"column"` // of the contract; "" for the record as a whole
	Rule    string `json:"rule"`
	Records int    `json:"records"`
}

// Check does with a file all that ingest does, and writes nothing: the file is
// read, each row is checked, duplicates are found, and the lines are balanced. It
// gives a result for the file, or for each member of an archive; what is wrong
// with one as a whole is in its Err. Look gets each record that would be refused,
// identifiers masked; it may be nil. The job needs no Lake and no Master:
// pseudonyms are made with a key of the moment. With a Lake the query of a source
// begins at its mark, as ingest would, and otherwise from the beginning.
func (j *Job) Check(ctx context.Context, file File, look func(record []ledger.Refusal) error) ([]Checked, error) {
	master, err := pseudonym.NewMaster()
	if err != nil {
		return nil, err
	}
	own := *j
	own.Master = master
	if file.IsQuery() {
		return own.checkQuery(ctx, file, look)
	}
	opened, info, err := own.openFile(file)
	if err != nil {
		return []Checked{{Result: Result{File: file, Err: err}}}, nil
	}
	defer opened.Close()
	var all []Checked
	for _, part := range opened.Parts() {
		file.Member = part.Member()
		checked := Checked{Result: Result{File: file}}
		err := own.check(ctx, delivery{file: file, opened: opened, part: part, info: info}, &checked, look)
		if err := stopped(ctx, err); err != nil {
			return all, err
		}
		checked.Err = err
		all = append(all, checked)
	}
	return all, nil
}

// stopped gives what ends a check as a whole: an interrupt, or who looks on.
func stopped(ctx context.Context, err error) error {
	var looking *lookError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &looking):
		return looking.err
	}
	return nil
}

func (j *Job) check(ctx context.Context, d delivery, checked *Checked, look func([]ledger.Refusal) error) (err error) {
	id, err := d.part.Hash(ctx)
	if err != nil {
		return err
	}
	b, err := j.open(d, id)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.seen.close(), b.reader.Close()) }()
	return b.check(ctx, checked, look)
}

// lookError marks an error of who looks on: it is not the file's.
type lookError struct{ err error }

func (e *lookError) Error() string { return e.err.Error() }
func (e *lookError) Unwrap() error { return e.err }

// check reads the batch to its end and writes nothing.
func (b *batch) check(ctx context.Context, checked *Checked, look func([]ledger.Refusal) error) error {
	if err := b.read(ctx, &trial{checked, look}); err != nil {
		return err
	}
	b.account()
	b.entry.Outcome = ledger.Committed
	reason, err := b.tooManyRefused()
	if reason != "" {
		b.entry.Outcome, b.entry.Reason = ledger.Held, reason
	}
	checked.Entry = b.entry
	return errors.Join(b.entry.Balance(), err)
}

// trial looks at what would be refused, and keeps nothing.
type trial struct {
	checked *Checked
	look    func([]ledger.Refusal) error
}

func (t *trial) refuse(r refused) error {
	t.checked.count(r.violations)
	if t.look == nil {
		return nil
	}
	if err := t.look(r.reasons); err != nil {
		return &lookError{err}
	}
	return nil
}

func (t *trial) accept(arrow.RecordBatch, []int32) error { return nil }

// count adds a refused record to the rules that it breaks.
func (c *Checked) count(violations []contract.Violation) {
	for i, v := range violations {
		if v.Severity == contract.Warn || repeated(violations[:i], v) {
			continue
		}
		at := -1
		for n := range c.Rules {
			if c.Rules[n].Column == v.Column && c.Rules[n].Rule == v.Rule {
				at = n
			}
		}
		if at < 0 {
			at = len(c.Rules)
			c.Rules = append(c.Rules, RuleCount{Column: v.Column, Rule: v.Rule})
		}
		c.Rules[at].Records++
	}
}

func repeated(before []contract.Violation, v contract.Violation) bool {
	for _, one := range before {
		if one.Column == v.Column && one.Rule == v.Rule {
			return true
		}
	}
	return false
}
