package main

import (
	"errors"
	"fmt"
	"testing"

	"tavolo/ingest/lake"
	"tavolo/transform"
)

// Whoever reads the status at night acts on it: what was refused may wait until
// the morning, a report that was not written may not.
func TestRefusedRowsHideNoOtherStatus(t *testing.T) {
	refused := &statusError{status: exitQuarantined}
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, exitDone},
		{refused, exitQuarantined},
		{errors.Join(refused, refused), exitQuarantined},
		{errors.Join(refused, errors.New("no space left on device")), exitError},
		{errors.Join(errors.New("no space left on device"), refused), exitError},
		{errors.Join(refused, &transform.CheckError{}), exitCheckFailed},
		{errors.Join(refused, fmt.Errorf("publications: %w", lake.ErrInUse)), exitLakeInUse},
		{errors.Join(refused, errInterrupted), exitInterrupted},
		{&filesError{errors.Join(errors.New("the file is empty"), refused)}, exitError},
		{errors.Join(&filesError{errors.New("the file is empty")}, &transform.CheckError{}), exitCheckFailed},
		{errors.Join(refused, &filesError{errors.New("the file is empty")}), exitError},
	} {
		if got := exitStatus(test.err); got != test.want {
			t.Errorf("%v: got %d, want %d", test.err, got, test.want)
		}
	}
}
