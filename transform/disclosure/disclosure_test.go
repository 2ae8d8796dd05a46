package disclosure

import (
	"math"
	"testing"
)

func control(t *testing.T, k int) *Control {
	t.Helper()
	c, err := New(k)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestThreshold(t *testing.T) {
	if k := control(t, 0).Threshold(); k != 5 {
		t.Errorf("default threshold %d", k)
	}
	for _, k := range []int{-1, 1, 2} {
		if _, err := New(k); err == nil {
			t.Errorf("threshold %d is accepted", k)
		}
	}
	c := control(t, 3)
	for count, want := range map[float64]bool{0: false, 1: true, 2: true, 3: false, math.NaN(): false} {
		if c.Small(count) != want {
			t.Errorf("small(%v) = %v", count, !want)
		}
	}
}
