package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/reports/publication"
	"tavolo/transform"
)

// The exit statuses of every command.
const (
	exitDone        = 0
	exitError       = 1
	exitUsage       = 2
	exitQuarantined = 3
	exitCheckFailed = 4
	exitLakeInUse   = 5
	exitNotRebuilt  = 6
	exitInterrupted = 130
)

const exitHelp = `Exit status: 0 done · 1 error · 2 usage · 3 done, and rows were quarantined ·
4 a check failed, nothing was published · 5 the lake or the publications are in use ·
6 a publication is whole, and cannot be written again here · 130 interrupted.`

// errInterrupted tells that the user, or the system, ended the program.
var errInterrupted = errors.New("interrupted; what was finished stays, what was under way left nothing")

// statusError carries an exit status. Without an error inside nothing is printed.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}
func (e *statusError) Unwrap() error { return e.err }

// exitStatus is the one place in which an error becomes a status. Of several
// errors that were joined, the first decides that a run does not go on after,
// else a file that could not be read, else rows that were refused.
func exitStatus(err error) int {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		worst := exitDone
		for _, one := range several.Unwrap() {
			status := exitStatus(one)
			if !goesOn(one) {
				return status
			}
			if worst != exitError && status != exitDone {
				worst = status
			}
		}
		return worst
	}
	var files *filesError
	var status *statusError
	var check *transform.CheckError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &files):
		return exitError
	case errors.As(err, &status):
		return status.status
	case errors.As(err, &check):
		return exitCheckFailed
	case errors.Is(err, lake.ErrInUse), errors.Is(err, publication.ErrInUse):
		return exitLakeInUse
	}
	return exitError
}

// usage marks an error of the command line and says where help is.
func usage(cmd *cobra.Command, err error) error {
	return &statusError{exitUsage, diagnostic.Hinted(err, fmt.Sprintf("\"%s --help\" tells how it is used", cmd.CommandPath()))}
}

// usageArgs makes what a command says of its arguments a usage error.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	if check == nil {
		check = cobra.NoArgs
	}
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			var names []string
			for _, one := range cmd.Commands() {
				names = append(names, one.Name())
			}
			if len(args) > 0 { // of a command that has others below it: a slip in their name
				err = diagnostic.Hinted(err, diagnostic.DidYouMean(args[0], names))
			}
			return usage(cmd, err)
		}
		return nil
	}
}

// isFullDisk says whether an error comes from one. The engine tells of it in words only.
func isFullDisk(err error) bool {
	full := syscall.ENOSPC
	return errors.Is(err, full) || strings.Contains(strings.ToLower(err.Error()), full.Error())
}
