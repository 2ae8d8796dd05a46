package ingest

import (
	"math/bits"
	"sync"
)

// recycler is an Arrow allocator that gives memory out again once it is released:
// a file of any size passes through the same few megabytes, and the garbage
// collector has nothing to do. It keeps what was in use at once at most.
type recycler struct {
	mu   sync.Mutex
	free [96][][]byte // by class
}

// class numbers the sizes in use: four for each power of two.
func class(size int) (number, bytes int) {
	size = max(size, 64)
	power := bits.Len(uint(size-1)) - 1 // 2^power < size ≤ 2^(power+1)
	step := 1 << power / 4
	steps := (size - 1<<power + step - 1) / step // 1 to 4
	return (power-5)*4 + steps - 1, 1<<power + steps*step
}

// Allocate gives size bytes of anything.
func (r *recycler) Allocate(size int) []byte {
	if size == 0 {
		return nil
	}
	number, bytes := class(size)
	if number >= len(r.free) {
		return make([]byte, size)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.free[number]); n > 0 {
		b := r.free[number][n-1]
		r.free[number] = r.free[number][:n-1]
		return b[:size]
	}
	return make([]byte, size, bytes)
}

// Reallocate gives size bytes that begin with those of b.
func (r *recycler) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		return b[:size]
	}
	grown := r.Allocate(size)
	copy(grown, b)
	r.Free(b)
	return grown
}

// Free takes bytes back.
func (r *recycler) Free(b []byte) {
	if cap(b) == 0 {
		return
	}
	number, bytes := class(cap(b))
	if number >= len(r.free) || bytes != cap(b) {
		return // not one of ours
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free[number] = append(r.free[number], b[:cap(b)])
}
