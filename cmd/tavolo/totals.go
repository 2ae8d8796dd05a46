package main

import (
	"errors"
	"time"

	"tavolo/ingest"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
)

// ingestTotals adds up the results of a run of ingest.
type ingestTotals struct {
	files, already, nothing, held, failed        int
	accepted, quarantined, duplicate, lines, byt int
}

func (t *ingestTotals) add(r ingest.Result) {
	switch {
	case r.Err != nil:
		t.failed++
	case r.Nothing:
		t.nothing++
	case r.Already:
		t.already++
	case r.Entry.Outcome == ledger.Held:
		t.held++
		t.quarantined += r.Entry.Quarantined.Records
	default:
		t.files++
		t.accepted += r.Entry.Accepted.Records
		t.quarantined += r.Entry.Quarantined.Records
		t.duplicate += r.Entry.Duplicate.Records
		t.lines += r.Entry.Lines
		t.byt += int(r.Entry.Bytes)
	}
}

func (t *ingestTotals) tell(a *app, took time.Duration) {
	a.say("ingested %s, %s: %s accepted, %s quarantined, %s duplicate, in %s",
		count(t.files, "file"), count(t.lines, "line"), count(t.accepted, "row"),
		group(t.quarantined), group(t.duplicate), took.Round(10*time.Millisecond))
	if t.already > 0 {
		a.say("%s in the lake already, not read again", count(t.already, "file"))
	}
	if t.nothing > 0 {
		a.say("%s with nothing new", count(t.nothing, "source"))
	}
}

// status turns the totals into the error that the command ends with.
func (t *ingestTotals) status(failed []error) error {
	if len(failed) > 0 {
		return &filesError{errors.Join(failed...)}
	}
	if t.held > 0 {
		return &statusError{exitQuarantined, diagnostic.Hinted(
			errors.New(count(t.held, "file")+" held back whole"), "correct the file, or raise max_quarantined of its source")}
	}
	if t.quarantined > 0 {
		return &statusError{status: exitQuarantined}
	}
	return nil
}

// filesError says that files could not be ingested; the others were.
type filesError struct{ error }

func (e *filesError) Unwrap() error { return e.error }
