package ingest

import (
	"context"
	"fmt"
	"slices"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/source"
	"tavolo/ingest/worklist"
)

// Replayed is what became of a file that came back.
type Replayed struct {
	Result
	IsList    bool // it was a work-list
	Corrected int  // refused records that were accepted now
	Returned  int  // refused records that were refused again; what they became is open
	Untouched int  // rows of the list left as they were
	Settled   int  // rows of the list whose record had been corrected before
	Unlinked  int  // records that correct no refused one
}

// Replay ingests a file that came back, a filled-in work-list or a corrected file
// in the form of its source, as a batch, and decides about the refused records
// that it corrects. By says who brings it back.
//
// What was corrected is not read again, and a file that was replayed before is
// not either. When a replay was cut off between the commit of its rows and its
// decisions, doing it again makes up for the decisions.
func (j *Job) Replay(ctx context.Context, file File, by string) (Replayed, error) {
	list, err := j.list(ctx, file)
	if err != nil {
		return Replayed{}, err
	}
	back, format, err := j.read(ctx, file, list)
	if err != nil {
		return Replayed{}, err
	}
	replayed := Replayed{IsList: back.IsList, Untouched: back.Untouched, Settled: back.Settled, Unlinked: back.Unlinked}
	as := *file.Source
	as.Format, as.Postgres = format, nil // what comes back is a file, wherever it came from
	results, err := j.Run(ctx, []File{{Source: &as, Path: file.Path, Wrap: back.Wrap}})
	if err != nil {
		return replayed, err
	}
	replayed.Result = results[0]
	if replayed.Err != nil || replayed.Entry.Outcome != ledger.Committed {
		return replayed, nil
	}
	refused := map[int]bool{}
	err = ledger.EachRecord(ctx, j.Dir.Quarantine(), replayed.Entry.BatchID, func(record []ledger.Refusal) error {
		refused[record[0].ID().Position] = true
		return nil
	})
	if err != nil {
		return replayed, err
	}
	err = ledger.Decide(j.Dir.Quarantine(), func(before *ledger.Decisions) ([]ledger.Decision, error) {
		decisions := back.Decide(before, replayed.Entry, refused, j.Clock(), by)
		for _, decision := range decisions {
			if decision.Kind == ledger.Corrected {
				replayed.Corrected++
			} else {
				replayed.Returned++
			}
		}
		return decisions, nil
	})
	return replayed, err
}

// list gathers what was refused of the source of a file.
func (j *Job) list(ctx context.Context, file File) (worklist.List, error) {
	c, err := contract.Load(file.Source.Log)
	if err != nil {
		return worklist.List{}, err
	}
	entries, err := ledger.Read(ctx, j.Lake)
	if err != nil {
		return worklist.List{}, err
	}
	decisions, err := ledger.ReadDecisions(j.Dir.Quarantine())
	if err != nil {
		return worklist.List{}, err
	}
	entries = slices.DeleteFunc(entries, func(e ledger.Entry) bool { return e.Source != file.Source.Name || e.Log != c.Log })
	return worklist.List{
		Contract: c, Source: file.Source, Entries: ledger.Latest(entries), Quarantine: j.Dir.Quarantine(), Decisions: decisions, Day: j.Clock(),
	}, nil
}

// read reads the file once, as a work-list if it is one and otherwise in the
// format of its source, to find what it corrects.
func (j *Job) read(ctx context.Context, file File, list worklist.List) (*worklist.Return, source.Format, error) {
	format := file.Source.Format
	if file.Path == Stdin {
		return nil, format, &diagnostic.Error{File: Stdin, Msg: "a file that comes back is read twice", Hint: "name it"}
	}
	opened, _, err := j.openFile(file)
	if err != nil {
		return nil, format, err
	}
	defer opened.Close()
	if n := len(opened.Parts()); n > 1 {
		return nil, format, &diagnostic.Error{File: file.Name(), Msg: fmt.Sprintf("is an archive of %d files", n), Hint: "replay them one by one"}
	}
	part := opened.Parts()[0]
	asList := source.Format{Sheet: worklist.SheetName, Decimal: format.Decimal}
	reader, err := part.Open(asList)
	if err == nil && worklist.IsList(reader.Header()) {
		format = asList
	} else {
		if err == nil {
			if err := reader.Close(); err != nil {
				return nil, format, err
			}
		}
		if reader, err = part.Open(format); err != nil {
			return nil, format, err
		}
	}
	defer reader.Close()
	back, err := worklist.Read(ctx, reader, list)
	if err != nil {
		return nil, format, &diagnostic.Error{File: file.Name(), Err: err}
	}
	return back, format, nil
}
