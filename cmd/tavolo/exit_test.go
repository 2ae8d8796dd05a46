package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
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

// A full disk is told with what to do, also where the engine tells of it in words.
func TestFullDiskIsAdvised(t *testing.T) {
	for _, test := range []struct {
		err  error
		want bool
	}{
		{&os.PathError{Op: "write", Path: "lake/lock", Err: syscall.ENOSPC}, true},
		{errors.Join(errors.New("page x"), fmt.Errorf("copying contacts: %w", errors.New(`could not write file "x.parquet": No space left on device`))), true},
		{errors.New("permission denied"), false},
	} {
		var stderr strings.Builder
		(&app{stderr: &stderr}).complain(test.err)
		if got := strings.Contains(stderr.String(), "hint: the disk is full"); got != test.want {
			t.Errorf("%v: told %q", test.err, stderr.String())
		}
	}
}
