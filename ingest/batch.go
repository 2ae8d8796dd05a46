package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/postgres"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
	"tavolo/ingest/worklist"
)

// batch is one file, or the rows of one query, on its way into the lake.
type batch struct {
	job      *Job
	delivery delivery
	source   *mapping.Source
	contract *contract.Contract
	binding  *contract.Binding
	reader   source.Reader
	path     string // in messages
	entry    ledger.Entry
	seen     seen
	months   months
	consumed int64 // bytes of the file that were read before its rows were

	held      *ledger.Entry // of the same bytes, when they were held back before
	stillHeld bool          // they are again, for the same reason

	refusals *ledger.QuarantineWriter
}

// open prepares everything that can fail before a row is read.
func (j *Job) open(d delivery, id string) (*batch, error) {
	from := d.file.Source
	c, err := contract.Load(from.Log)
	if err != nil {
		return nil, err
	}
	consumed := d.opened.Consumed()
	reader, err := d.part.Open(from.Format)
	if err != nil {
		return nil, err
	}
	if d.file.Wrap != nil {
		reader = d.file.Wrap(reader)
	}
	header := slices.Clone(reader.Header())
	binding, err := from.BindReader(c, reader, j.Dir.Config())
	if err != nil {
		var wrong *mapping.WrongFileError
		if other := mapping.Likeliest(j.Sources, header); errors.As(err, &wrong) && other != nil {
			err = diagnostic.Hinted(err, fmt.Sprintf("it looks like the source %s (%s)", other.Name, other.Log))
		}
		return nil, errors.Join(&diagnostic.Error{File: d.part.Name(), Err: err}, reader.Close())
	}
	b := &batch{
		job: j, delivery: d, source: from, contract: c, binding: binding, reader: reader,
		path: d.part.Name(), seen: seen{dir: j.Dir.Temp()}, consumed: consumed,
		entry: ledger.Entry{
			BatchID: id, RunID: j.RunID, Source: from.Name, Log: c.Log, File: d.name(j.Dir, id), Bytes: d.opened.Size(),
			ReceivedAt: j.Clock().UTC().Truncate(time.Second), Columns: worklist.BoundColumns(from, c, binding),
		},
	}
	if query, ok := d.part.(*postgres.Extraction); ok {
		b.entry.HighWater = highWaterOf(from, query.Mark())
	}
	if d.info != nil {
		b.entry.ReceivedAt = d.info.ModTime().UTC().Truncate(time.Second)
	}
	return b, nil
}

// run reads the batch to its end and commits it, or leaves nothing.
func (b *batch) run(ctx context.Context) (entry ledger.Entry, err error) {
	defer func() { err = errors.Join(err, b.seen.close(), b.reader.Close()) }()
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
	err = b.read(ctx, &intake{b, appender})
	if err == nil {
		err = b.finish()
	}
	if err != nil {
		return entry, errors.Join(err, appender.Abort())
	}
	if b.entry.Outcome == ledger.Held {
		if b.held != nil && b.held.Reason == b.entry.Reason {
			b.stillHeld = true
			return b.entry, appender.Abort()
		}
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

// intake takes the rows of a batch into the lake, and the rest into the quarantine.
type intake struct {
	*batch
	lake *lake.Appender
}

func (i *intake) refuse(r refused) error {
	if err := i.refusals.Write(r.reasons); err != nil {
		return &lakeError{err}
	}
	return nil
}

func (i *intake) accept(rows arrow.RecordBatch, accepted []int32) error {
	if err := i.lake.WriteRows(rows, accepted); err != nil {
		return &lakeError{err}
	}
	return nil
}

// refusalsOf gives the reasons against a record as they are kept.
func (b *batch) refusalsOf(record *source.Record, violations []contract.Violation, raw string) []ledger.Refusal {
	refusals := make([]ledger.Refusal, len(violations))
	for i, v := range violations {
		refusals[i] = ledger.Refusal{
			BatchID: b.entry.BatchID, Source: b.entry.Source, Log: b.entry.Log, File: b.entry.File,
			FirstLine: record.Line, LastLine: record.LastLine, Offset: record.Offset, Position: record.Position(), Raw: raw,
			Column: v.Column, Place: pseudonym.MaskText(b.place(v.Column)), Rule: v.Rule, Value: v.Value, Message: v.Message,
		}
	}
	return refusals
}

// place says where in the file the value of a column of the contract is: in the
// words of its format, or by the names of its columns.
func (b *batch) place(column string) string {
	var fields []int
	if i := b.contract.Index(column); i >= 0 {
		fields = b.binding.Columns[i].Fields
	}
	placer, exact := b.reader.(source.Placer)
	if len(fields) == 0 {
		if exact && column == "" {
			return placer.Place(-1)
		}
		return ""
	}
	places := make([]string, len(fields))
	for i, field := range fields {
		if exact {
			places[i] = placer.Place(field)
		} else {
			places[i] = b.reader.Header()[field]
		}
	}
	return strings.Join(places, ", ")
}

// changed gives an error when the file is not what it was when its hash was taken.
func (b *batch) changed() error {
	before := b.delivery.info
	if before == nil {
		return nil
	}
	after, err := os.Stat(b.delivery.file.Path)
	if err != nil {
		return &diagnostic.Error{File: b.path, Err: cause(err)}
	}
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return &diagnostic.Error{File: b.path, Err: &source.FileError{Code: source.Changed, Msg: "the file changed while it was read; nothing was ingested"},
			Hint: "deliver a file under another name and rename it when it is whole"}
	}
	return nil
}

// finish completes the ledger entry, holds it to its balance and closes the quarantine.
func (b *batch) finish() error {
	if err := b.changed(); err != nil {
		return err
	}
	b.account()
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

// account completes the ledger entry by what the reader knows at the end of the file.
func (b *batch) account() {
	lines := b.reader.Lines()
	b.entry.Unit = lines.Unit
	b.entry.Lines, b.entry.Header, b.entry.Preamble, b.entry.Blank = lines.Total, lines.Header, lines.Preamble, lines.Blank
	b.entry.IngestedAt = b.job.Clock().UTC().Truncate(time.Millisecond)
	b.entry.Format = pseudonym.MaskText(b.reader.Dialect().String()) // a sheet may be named after a person
	b.entry.EarliestMonth, b.entry.LatestMonth = b.months.names()
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

// progress tells how far the batch is, by what was read of the file.
func (b *batch) progress(read int64) {
	if b.job.Progress == nil {
		return
	}
	d := b.delivery
	b.job.Progress(Progress{
		File: b.entry.File, Index: d.index, Of: d.of,
		Bytes: min(read-b.consumed, d.opened.Size()), Total: d.opened.Size(),
		Rows:    int64(b.entry.Accepted.Records + b.entry.Duplicate.Records + b.entry.Quarantined.Records),
		Refused: int64(b.entry.Quarantined.Records),
	})
}

// count adds one record of so many physical lines to a class.
func (b *batch) count(class *ledger.Count, lines int) {
	*class = class.Add(ledger.Count{Records: 1, Lines: lines})
}
