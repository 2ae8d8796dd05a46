package transform

import (
	"math/bits"
	"sync"
)

// recycler gives Arrow the memory again that it has released: a table is read in
// batches, each of which needs as much as the one before, and memory that was never
// touched costs more than that.
type recycler struct {
	mu   sync.Mutex
	free [48][][]byte // by the power of two that they hold
}

// class is the power of two that a size needs.
func class(size int) int { return max(bits.Len(uint(size-1)), 6) }

// Allocate gives so many bytes, which are zero.
func (r *recycler) Allocate(size int) []byte {
	if size <= 0 {
		return nil
	}
	k := class(size)
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.free[k])
	if n == 0 {
		return make([]byte, size, 1<<k)
	}
	found := r.free[k][n-1][:size]
	r.free[k] = r.free[k][:n-1]
	clear(found)
	return found
}

// Reallocate gives memory of another size with the same beginning.
func (r *recycler) Reallocate(size int, old []byte) []byte {
	if size <= cap(old) {
		if size > len(old) {
			grown := old[:size]
			clear(grown[len(old):])
			return grown
		}
		return old[:size]
	}
	grown := r.Allocate(size)
	copy(grown, old)
	r.Free(old)
	return grown
}

// Free takes memory back.
func (r *recycler) Free(old []byte) {
	if k := bits.Len(uint(cap(old))) - 1; cap(old) >= 64 && cap(old) == 1<<k {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.free[k] = append(r.free[k], old[:cap(old)])
	}
}
