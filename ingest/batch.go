package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/source"
)

// batch is one file on its way into the lake.
type batch struct {
	job      *Job
	source   *mapping.Source
	contract *contract.Contract
	checker  *contract.Checker
	reader   source.Reader
	before   os.FileInfo // the file as it was when its hash was taken
	path     string
	entry    ledger.Entry
	seen     duplicates
	report   func(Progress)

	refusals *ledger.QuarantineWriter
}

// open prepares everything that can fail before a row is read.
func (j *Job) open(file File, id string, info os.FileInfo) (*batch, error) {
	c, err := contract.Load(file.Source.Log)
	if err != nil {
		return nil, err
	}
	reader, err := source.Open(file.Path, file.Source.Format)
	if err != nil {
		return nil, err
	}
	binding, err := file.Source.Bind(c, reader.Header(), j.Dir.Config())
	if err == nil {
		var checker *contract.Checker
		checker, err = contract.NewChecker(c, binding, j.References, j.keyFor(c), j.Location)
		if err == nil {
			return &batch{
				job: j, source: file.Source, contract: c, checker: checker, reader: reader,
				before: info, path: file.Path,
				entry: ledger.Entry{
					BatchID: id, RunID: j.RunID, Source: file.Source.Name, Log: c.Log,
					File: j.Dir.Relative(file.Path), Bytes: info.Size(),
					ReceivedAt: info.ModTime().UTC().Truncate(time.Second),
				},
			}, nil
		}
	}
	reader.Close()
	var wrong *mapping.WrongFileError
	if other := mapping.Likeliest(j.Sources, reader.Header()); errors.As(err, &wrong) && other != nil {
		err = diagnostic.Hinted(err, fmt.Sprintf("it looks like the source %s (%s)", other.Name, other.Log))
	}
	return nil, &diagnostic.Error{File: file.Path, Err: err}
}

// run reads the batch to its end and commits it, or leaves nothing.
func (b *batch) run(ctx context.Context) (entry ledger.Entry, err error) {
	defer b.reader.Close()
	b.refusals, err = ledger.CreateQuarantine(b.job.Dir.Quarantine(), b.entry.BatchID)
	if err != nil {
		return entry, &lakeError{err}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.refusals.Abort())
		}
	}()
	appender, err := b.job.Lake.Append(ctx, TableSchema(b.contract))
	if err != nil {
		return entry, &lakeError{err}
	}
	rows := newEncoder(ctx, b.contract, b.entry.BatchID, appender)
	err = errors.Join(b.read(ctx, rows), rows.close())
	if err == nil {
		err = b.finish(rows)
	}
	if err != nil {
		return entry, errors.Join(err, appender.Abort())
	}
	if b.entry.Outcome == ledger.Held {
		// The rows stay out, but that the file came and why it was held is kept.
		if err := errors.Join(appender.Abort(), b.commitHeld(ctx)); err != nil {
			return entry, &lakeError{err}
		}
		return b.entry, nil
	}
	if _, err := appender.Commit(ctx, map[string]string{ledger.SummaryKey: b.entry.Encode()}); err != nil {
		return entry, &lakeError{err}
	}
	return b.entry, nil
}

// read takes every record through the checker.
func (b *batch) read(ctx context.Context, rows *encoder) error {
	for n := 0; ; n++ {
		if n%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		record, err := b.reader.Next()
		if errors.Is(err, io.EOF) {
			b.progress(b.before.Size())
			return nil
		}
		if err != nil {
			return err
		}
		if n%8192 == 0 {
			b.progress(record.Offset)
		}
		if err := b.record(record, rows); err != nil {
			return err
		}
	}
}

// record puts one record into exactly one class.
func (b *batch) record(record *source.Record, rows *encoder) error {
	lines := record.LastLine - record.Line + 1
	row, violations := b.checker.Check(record)
	if row == nil {
		b.count(&b.entry.Quarantined, lines)
		for _, v := range violations {
			if v.Severity == contract.Fail {
				return &diagnostic.Error{File: b.path, Line: record.Line, Msg: v.Message, Hint: "the contract refuses the whole file for this; nothing was ingested"}
			}
		}
		return b.refuse(record, violations)
	}
	if b.seen.add(b.contract, row) {
		b.count(&b.entry.Duplicate, lines)
		return nil
	}
	if len(violations) > 0 {
		b.count(&b.entry.Warned, lines)
	}
	b.count(&b.entry.Accepted, lines)
	return rows.append(row, int32(b.checker.Month()), record.Line)
}

func (b *batch) refuse(record *source.Record, violations []contract.Violation) error {
	raw := b.checker.Mask(record)
	refusals := make([]ledger.Refusal, len(violations))
	for i, v := range violations {
		refusals[i] = ledger.Refusal{
			BatchID: b.entry.BatchID, Source: b.entry.Source, Log: b.entry.Log, File: b.entry.File,
			FirstLine: record.Line, LastLine: record.LastLine, Offset: record.Offset, Raw: raw,
			Column: v.Column, Rule: v.Rule, Value: v.Value, Message: v.Message,
		}
	}
	if err := b.refusals.Write(refusals); err != nil {
		return &lakeError{err}
	}
	return nil
}

// finish completes the ledger entry, holds it to its balance and closes the quarantine.
func (b *batch) finish(rows *encoder) error {
	after, err := os.Stat(b.path)
	if err != nil {
		return &diagnostic.Error{File: b.path, Err: cause(err)}
	}
	if after.Size() != b.before.Size() || !after.ModTime().Equal(b.before.ModTime()) {
		return &diagnostic.Error{File: b.path, Msg: "the file changed while it was read; nothing was ingested", Hint: "deliver a file under another name and rename it when it is whole"}
	}
	lines := b.reader.Lines()
	b.entry.Lines, b.entry.Header, b.entry.Preamble, b.entry.Blank = lines.Total, lines.Header, lines.Preamble, lines.Blank
	b.entry.IngestedAt = b.job.Clock().UTC().Truncate(time.Millisecond)
	b.entry.Format = b.reader.Dialect().String()
	b.entry.EarliestMonth, b.entry.LatestMonth = rows.months()
	b.entry.Outcome = ledger.Committed
	if err := b.entry.Balance(); err != nil {
		return fmt.Errorf("%s: %w; nothing was ingested", b.path, err)
	}
	if reason, err := b.tooManyRefused(); err != nil {
		return err
	} else if reason != "" {
		b.entry.Outcome, b.entry.Reason = ledger.Held, reason
	}
	if err := b.refusals.Close(); err != nil {
		return &lakeError{err}
	}
	return nil
}

// tooManyRefused says why the batch must be held back, if it must.
func (b *batch) tooManyRefused() (string, error) {
	refused := b.entry.Quarantined.Records
	records := refused + b.entry.Accepted.Records + b.entry.Duplicate.Records
	tolerated, err := b.source.Tolerates(refused, records)
	if err != nil || tolerated {
		return "", err
	}
	return fmt.Sprintf("%d of %d rows refused, more than max_quarantined %s", refused, records, b.source.MaxQuarantined), nil
}

// commitHeld records a batch that was held back, without its rows: none of its
// lines counts as accepted.
func (b *batch) commitHeld(ctx context.Context) error {
	appender, err := b.job.Lake.Append(ctx, TableSchema(b.contract))
	if err != nil {
		return err
	}
	_, err = appender.Commit(ctx, map[string]string{ledger.SummaryKey: b.entry.Encode()})
	if err != nil {
		return errors.Join(err, appender.Abort())
	}
	return nil
}

func (b *batch) progress(offset int64) {
	b.report(Progress{
		Bytes:   offset,
		Rows:    int64(b.entry.Accepted.Records + b.entry.Duplicate.Records + b.entry.Quarantined.Records),
		Refused: int64(b.entry.Quarantined.Records),
	})
}

// count adds one record of so many physical lines to a class.
func (b *batch) count(class *ledger.Count, lines int) {
	*class = class.Add(ledger.Count{Records: 1, Lines: lines})
}
