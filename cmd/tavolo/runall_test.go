package main

import (
	"errors"
	"testing"
)

// TestOnlyRefusedRowsLetARunGoOn: what transform or publish fails with is no
// refused row, though both are told together.
func TestOnlyRefusedRowsLetARunGoOn(t *testing.T) {
	refused := &statusError{status: exitQuarantined}
	unreadable := &filesError{errors.New("a.csv: empty")}
	failed := errors.New("no report")
	for _, test := range []struct {
		err  error
		want bool
	}{
		{nil, true}, {refused, true}, {unreadable, true}, {errors.Join(refused, unreadable), true},
		{failed, false}, {errors.Join(refused, failed), false}, {errors.Join(failed, refused), false},
	} {
		if got := goesOn(test.err); got != test.want {
			t.Errorf("%v: goes on %t, want %t", test.err, got, test.want)
		}
	}
}
