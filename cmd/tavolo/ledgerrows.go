package main

import (
	"context"
	"errors"
	"fmt"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
)

// readRows reads every value of the logs and of the quarantine, and holds what is
// there to the ledger: each batch must have as many rows as its entry says.
func (a *app) readRows(ctx context.Context, p *project.Project, entries []ledger.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	e, end, err := a.session(ctx, p)
	if err != nil {
		return err
	}
	defer end()
	rows := map[string]int{} // in the lake, by log and batch
	for _, log := range contract.Logs() {
		// The sum of the hashes is of no use but that every page must be read for it.
		text := fmt.Sprintf("select batch_id, count(*) as held, bit_xor(hash(%[1]s)) as pages from %[1]s group by batch_id", log)
		for row, err := range e.Rows(ctx, text) {
			if err != nil {
				return err
			}
			batch, _ := row[0].(string)
			held, _ := row[1].(int64)
			rows[log+" "+batch] = int(held)
		}
	}
	var wrong []error
	total, refused := 0, 0
	for _, entry := range entries {
		want := entry.Accepted.Records
		if entry.Outcome == ledger.Held {
			want = 0
		}
		got := rows[entry.Log+" "+entry.BatchID]
		wrong = append(wrong, differs(entry, "the lake", got, want))
		total += got
		records := 0
		err := ledger.EachRecord(ctx, p.Dir.Quarantine(), entry.BatchID, func([]ledger.Refusal) error {
			records++
			return nil
		})
		if err != nil {
			return err
		}
		wrong = append(wrong, differs(entry, "the quarantine", records, entry.Quarantined.Records))
		refused += records
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	a.say("read %s of the lake and %s of the quarantine: each batch has what its entry says", count(total, "row"), group(refused))
	return nil
}

// differs is the error of a batch of which a store has other rows than it should, or nil.
func differs(e ledger.Entry, where string, got, want int) error {
	if got == want {
		return nil
	}
	return &diagnostic.Error{File: e.File, Msg: fmt.Sprintf("batch %s: %s in %s, and the ledger tells of %s", e.BatchID[:12], count(got, "row"), where, group(want)),
		Hint: "restore the lake and the quarantine from one backup"}
}
