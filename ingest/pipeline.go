package ingest

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"runtime"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/source"
)

// A batch passes through four stages at once:
//
//	read       one goroutine splits the file into chunks of records
//	check      several make columns of rows, and reasons against the others
//	settle     one takes the chunks in the order of the file: it finds the rows
//	           that came before, and counts each record in its class
//	write      the lake's own, several: see [lake.Appender]
//
// All that depends on the order of the rows happens where there is one order, so
// that the same file gives the same bytes, however many processors there are.
type pipeline struct {
	free    chan *chunk
	work    chan *chunk // to be checked
	ordered chan *chunk // the same, in the order of the file
	running sync.WaitGroup
}

// start begins to read and to check. The goroutines end when the file does, or
// the context.
func (b *batch) start(ctx context.Context) (*pipeline, error) {
	workers := b.job.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	_, inPlace := b.reader.(source.Placer)
	if inPlace { // it knows the places of the values of its last record only
		workers = 1
	}
	inFlight := 2*workers + 2
	p := &pipeline{free: make(chan *chunk, inFlight), work: make(chan *chunk, inFlight), ordered: make(chan *chunk, inFlight)}
	for range inFlight {
		p.free <- &chunk{}
	}
	seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	memory := &lake.Recycler{}
	for range workers {
		k, err := b.newChunkChecker(seeds, memory)
		if err != nil {
			close(p.work)
			return nil, err
		}
		if inPlace {
			p.running.Go(func() { b.readChunks(ctx, p, k) })
			return p, nil
		}
		p.running.Go(func() {
			for c := range p.work {
				k.columns.reserve(len(c.records))
				k.check(c)
			}
		})
	}
	p.running.Go(func() { b.readChunks(ctx, p, nil) })
	return p, nil
}

func (b *batch) newChunkChecker(seeds [2]maphash.Seed, memory *lake.Recycler) (*chunkChecker, error) {
	checker, err := contract.NewChecker(b.contract, b.binding, b.job.References, b.job.keyFor(b.contract), b.job.Location)
	if err != nil {
		return nil, &diagnostic.Error{File: b.path, Err: err}
	}
	return &chunkChecker{
		checker: checker, hasher: newRowHasher(b.contract, seeds), reasons: b.refusalsOf,
		columns: newColumnBuilder(b.contract, b.binding, b.entry.BatchID, memory),
	}, nil
}

// readChunks reads the file to its end. With a checker it also checks, and
// otherwise leaves it to others.
func (b *batch) readChunks(ctx context.Context, p *pipeline, k *chunkChecker) {
	defer close(p.ordered)
	defer close(p.work)
	for more := true; more; {
		select {
		case c := <-p.free:
			c.empty()
			more = b.fill(c, k)
			p.ordered <- c // there is room for all chunks
			if k == nil {
				p.work <- c
			}
		case <-ctx.Done():
			return
		}
	}
}

// fill reads a chunk, and says whether there may be another.
func (b *batch) fill(c *chunk, k *chunkChecker) (more bool) {
	if k != nil {
		k.columns.reserve(chunkRecords)
		defer k.finish(c)
	}
	defer func() { c.read = b.delivery.opened.Consumed() }()
	for !c.full() {
		record, err := b.reader.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				c.failed = err
			}
			return false
		}
		if k == nil {
			c.add(record)
			continue
		}
		kept := *record
		kept.Fields, kept.Raw = nil, nil
		c.records = append(c.records, kept)
		k.one(c, int32(len(c.records)-1), record)
	}
	return true
}

// sink takes what became of the records of a batch, in their order.
type sink interface {
	refuse(refused) error
	accept(rows arrow.RecordBatch, accepted []int32) error // those of the rows that count, by their places
}

// read takes the file through all the stages.
func (b *batch) read(ctx context.Context, to sink) error {
	ctx, cancel := context.WithCancel(ctx)
	p, err := b.start(ctx)
	if err == nil {
		err = b.settleAll(ctx, p, to)
		cancel()
		p.running.Wait()
	}
	cancel()
	return err
}

func (b *batch) settleAll(ctx context.Context, p *pipeline, to sink) error {
	for c := range p.ordered {
		<-c.checked
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.settle(c, to); err != nil {
			return err
		}
		b.progress(c.read)
		p.free <- c
	}
	return ctx.Err()
}

// settle puts each record of a chunk into exactly one class.
func (b *batch) settle(c *chunk, to sink) error {
	defer c.batch.Release()
	for _, r := range c.refused {
		record := &c.records[r.record]
		b.count(&b.entry.Quarantined, record.Span())
		if record.Delimiter != 0 {
			b.entry.Delimiter = string(rune(record.Delimiter))
		}
		if why := r.fails(); why != "" {
			return &diagnostic.Error{File: b.path, Line: record.Line, Msg: why, Hint: "the contract refuses the whole file for this; nothing was ingested"}
		}
		if err := to.refuse(r); err != nil {
			return err
		}
	}
	b.seen.warm(c.rows)
	accepted := make([]int32, 0, len(c.rows))
	for i, row := range c.rows {
		lines := c.records[row.record].Span()
		again, err := b.seen.add(row.hash)
		switch {
		case err != nil:
			return &lakeError{err}
		case again:
			b.count(&b.entry.Duplicate, lines)
			continue
		case row.warned:
			b.count(&b.entry.Warned, lines)
		}
		b.count(&b.entry.Accepted, lines)
		accepted = append(accepted, int32(i))
	}
	b.months.add(c.batch, accepted)
	if err := to.accept(c.batch, accepted); err != nil {
		return err
	}
	return c.failed
}
