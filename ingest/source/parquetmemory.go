package source

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// parquetBytes is the most memory that the pages and values of a Parquet file may
// take at once. A page of a few kilobytes may hold a thousand values that are each
// a megabyte long, and nothing in the file says so before they are there.
const parquetBytes = 160 << 20

// boundedAllocator counts what is in use. Beyond the limit it panics with a
// [*FileError], as the functions that allocate can give no error; whoever calls
// them recovers.
type boundedAllocator struct {
	memory.Allocator
	used  atomic.Int64
	limit int64
}

func (a *boundedAllocator) Allocate(size int) []byte {
	a.take(int64(size))
	return a.Allocator.Allocate(size)
}

func (a *boundedAllocator) Reallocate(size int, b []byte) []byte {
	a.take(int64(size)) // for a moment both are there
	a.used.Add(-int64(len(b)))
	return a.Allocator.Reallocate(size, b)
}

func (a *boundedAllocator) Free(b []byte) {
	a.used.Add(-int64(len(b)))
	a.Allocator.Free(b)
}

func (a *boundedAllocator) take(size int64) {
	if used := a.used.Add(size); used > a.limit {
		a.used.Add(-size)
		panic(&FileError{TooLarge, fmt.Sprintf("has pages or values that take more than %d bytes at once", a.limit)})
	}
}

// broken makes what a Parquet file brought the library to the error of the file.
// The library's words are not passed on where they may quote a value.
func broken(what string, panicked any) error {
	var refused *FileError
	if err, ok := panicked.(error); ok && errors.As(err, &refused) {
		return refused
	}
	return &FileError{Corrupt, fmt.Sprintf("%s: %v", what, panicked)}
}
