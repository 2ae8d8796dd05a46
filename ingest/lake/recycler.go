package lake

import (
	"math/bits"
	"sync"
)

// Recycler is an Arrow allocator that gives memory out again once it is released: a
// file of any size passes through the same few megabytes, and the garbage collector has
// nothing to do. It keeps what was in use at once at most. Its methods may be called
// from several goroutines; the zero value is ready.
type Recycler struct {
	// Zeroed has all memory zero when it is given out, as readers of Parquet take it
	// to be; builders write all of theirs.
	Zeroed bool

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

// Allocate gives size bytes, of anything unless they are to be zero.
func (r *Recycler) Allocate(size int) []byte {
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
		b := r.free[number][n-1][:size]
		r.free[number] = r.free[number][:n-1]
		if r.Zeroed {
			clear(b)
		}
		return b
	}
	return make([]byte, size, bytes)
}

// Reallocate gives size bytes that begin with those of b.
func (r *Recycler) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		grown := b[:size]
		if r.Zeroed && size > len(b) {
			clear(grown[len(b):])
		}
		return grown
	}
	grown := r.Allocate(size)
	copy(grown, b)
	r.Free(b)
	return grown
}

// Free takes bytes back.
func (r *Recycler) Free(b []byte) {
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
