package disclosure

import (
	"fmt"
	"math"

	"tavolo/transform/result"
)

// The thresholds k: counts from 1 to k − 1 are small.
const (
	Default = 5
	Floor   = 3
)

// Control applies one threshold. Make it with New.
type Control struct {
	threshold float64
}

// New gives the control with threshold k; 0 is the default, 5. A k below 3 is
// an error: the law allows none.
func New(k int) (*Control, error) {
	if k == 0 {
		k = Default
	}
	if k < Floor {
		return nil, fmt.Errorf("disclosure threshold %d: must be %d or more", k, Floor)
	}
	return &Control{threshold: float64(k)}, nil
}

// Threshold is k: a withheld count may be shown as "<k".
func (c *Control) Threshold() int { return int(c.threshold) }

// Small says whether a count is from 1 to k − 1.
func (c *Control) Small(count float64) bool { return count > 0 && count < c.threshold }

// primary gives the reason for which a cell is withheld for its own sake, if any.
func (c *Control) primary(cell *Cell) result.Reason {
	switch {
	case c.Small(cell.Counts[0]):
		return result.Few
	case c.Small(cell.Counts[1]):
		return result.AllButFew
	}
	return result.Shown
}

// told gives the least and the most that a count of a withheld figure can be, by
// the reason alone: a small count for which it is withheld is from 1 to k − 1, or,
// where not only whole numbers are counted, from 0 to k; of any other nothing is
// known.
func (c *Control) told(cell *Cell, count int, reason result.Reason) (least, most float64) {
	if reason != [...]result.Reason{result.Few, result.AllButFew}[count] {
		return 0, math.Inf(1)
	}
	if n := cell.Counts[count]; n != math.Trunc(n) {
		return 0, c.threshold
	}
	return 1, c.threshold - 1
}
