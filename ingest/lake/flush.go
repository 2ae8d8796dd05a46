package lake

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
)

// flush begins to write the rows that are held, a row group for each partition,
// and returns while they are being written: the caller goes on reading. It waits
// for the flush before it, so that no more than two are ever in memory.
func (a *Appender) flush() error {
	if err := errors.Join(a.await(), a.rotate()); err != nil {
		return err
	}
	batches := a.pending
	a.pending, a.buffered = nil, 0
	days := slices.Sorted(maps.Keys(a.open))
	tasks := make([]func(*rowGroupWriter) error, 0, len(days))
	for _, day := range days {
		p := a.open[day]
		if len(p.rows) == 0 {
			continue
		}
		rows := p.rows
		p.rows = nil
		tasks = append(tasks, func(groups *rowGroupWriter) error {
			if err := a.ctx.Err(); err != nil {
				return err
			}
			return p.file.write(groups, rows)
		})
	}
	done := make(chan error, 1)
	a.flushing = done
	go func() {
		err := each(tasks, func() *rowGroupWriter { return &rowGroupWriter{schema: a.schema} })
		release(batches)
		done <- err
	}()
	return nil
}

// await waits for the row groups that are being written.
func (a *Appender) await() error {
	if a.flushing == nil {
		return nil
	}
	err := <-a.flushing
	a.flushing = nil
	if err != nil {
		return fmt.Errorf("table %q: %w", a.schema.Table, err)
	}
	return nil
}

// rotate begins the next file of the partitions whose file has become large.
// Nothing is being written to them.
func (a *Appender) rotate() error {
	var full []*ParquetFile
	for _, day := range slices.Sorted(maps.Keys(a.open)) {
		p := a.open[day]
		size, err := p.file.Size()
		if err != nil {
			return err
		}
		if len(p.rows) == 0 || size < orDefault(a.lake.options.FileBytes, defaultFileBytes) {
			continue
		}
		next, err := a.begin(day)
		if err != nil {
			return err
		}
		full = append(full, p.file)
		p.file = next
	}
	return a.end(full)
}

// end closes files that have all their rows.
func (a *Appender) end(files []*ParquetFile) error {
	var tasks []func(struct{}) error
	for _, file := range files {
		a.files = append(a.files, file.file.Name())
		tasks = append(tasks, func(struct{}) error { return file.Close() })
	}
	if err := each(tasks, func() struct{} { return struct{}{} }); err != nil {
		return fmt.Errorf("table %q: %w", a.schema.Table, err)
	}
	return nil
}

// each runs tasks on all processors. Room makes what the tasks of one goroutine
// share. All tasks have ended when it returns; of their errors it gives all.
func each[R any](tasks []func(R) error, room func() R) error {
	errs := make([]error, len(tasks))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		workers.Go(func() {
			r := room()
			for i := range next {
				errs[i] = tasks[i](r)
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	workers.Wait()
	return errors.Join(errs...)
}

func release(batches []arrow.RecordBatch) {
	for _, batch := range batches {
		batch.Release()
	}
}
