package lake

import (
	"bytes"
	"testing"
)

// Memory comes back, of any size that fits, zero where that is asked for, and what was
// in it when it grows.
func TestRecycler(t *testing.T) {
	for _, zeroed := range []bool{false, true} {
		r := &Recycler{Zeroed: zeroed}
		for _, size := range []int{1, 63, 64, 65, 100, 1000, 1 << 20} {
			b := r.Allocate(size)
			if len(b) != size {
				t.Fatalf("%d bytes for %d", len(b), size)
			}
			for i := range b {
				b[i] = 7
			}
			first := &b[0]
			r.Free(b)
			again := r.Allocate(size)
			if &again[0] != first {
				t.Errorf("%d bytes are not given out again", size)
			}
			if want := bytes.Repeat([]byte{0}, size); zeroed && !bytes.Equal(again, want) {
				t.Errorf("%d bytes are not zero", size)
			}
			for i := range again {
				again[i] = 9
			}
			grown := r.Reallocate(2*size+1, again[:size/2+1])
			if len(grown) != 2*size+1 || !bytes.Equal(grown[:size/2+1], bytes.Repeat([]byte{9}, size/2+1)) {
				t.Errorf("%d bytes grew to others", size)
			}
			if rest := grown[size/2+1:]; zeroed && !bytes.Equal(rest, make([]byte, len(rest))) {
				t.Errorf("what %d bytes grew by is not zero", size)
			}
			r.Free(grown)
		}
	}
}
