// Package diagnostic is the one form in which every part of the program
// complains about a text: file, line and column in the way that editors
// understand, what is wrong, and where it helps, what to do about it.
package diagnostic

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a complaint about one place in a file. It prints as
// "file:line:col: message"; the parts that are zero are left out.
type Error struct {
	File string // as the user named it
	Line int    // physical, from 1; 0 when the complaint is about the whole file
	Col  int    // in characters, from 1; 0 when it is about the whole line
	Msg  string // lower case, the object before the cause
	Hint string // what to do, as a sentence without a capital; may be empty
	Err  error  // the cause that errors.Is and errors.As look into; may be nil
}

// Error gives the complaint without its hint.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		if e.Line > 0 {
			fmt.Fprintf(&b, ":%d", e.Line)
			if e.Col > 0 {
				fmt.Fprintf(&b, ":%d", e.Col)
			}
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	if e.Err != nil {
		if e.Msg != "" {
			b.WriteString(": ")
		}
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hinted wraps err with advice. The message of err does not change.
func Hinted(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &hinted{err, hint}
}

type hinted struct {
	err  error
	hint string
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }

// Hints collects the advice that err and everything it wraps carry,
// outermost first, each once.
func Hints(err error) []string {
	var hints []string
	seen := map[string]bool{}
	add := func(hint string) {
		if hint != "" && !seen[hint] {
			seen[hint] = true
			hints = append(hints, hint)
		}
	}
	var walk func(error)
	walk = func(err error) {
		switch e := err.(type) {
		case nil:
			return
		case *Error:
			add(e.Hint)
		case *hinted:
			add(e.hint)
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				walk(one)
			}
			return
		}
		walk(errors.Unwrap(err))
	}
	walk(err)
	return hints
}
