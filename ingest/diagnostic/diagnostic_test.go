package diagnostic_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"tavolo/ingest/diagnostic"
)

func TestErrorIsInEditorForm(t *testing.T) {
	for _, test := range []struct {
		err  *diagnostic.Error
		want string
	}{
		{&diagnostic.Error{File: "a.yml", Line: 3, Col: 7, Msg: "unknown key"}, "a.yml:3:7: unknown key"},
		{&diagnostic.Error{File: "a.csv", Line: 3, Msg: "not a date"}, "a.csv:3: not a date"},
		{&diagnostic.Error{File: "a.csv", Col: 7, Msg: "empty"}, "a.csv: empty"},
		{&diagnostic.Error{Msg: "no query"}, "no query"},
		{&diagnostic.Error{File: "a.csv", Err: fs.ErrNotExist}, "a.csv: file does not exist"},
		{&diagnostic.Error{File: "a.csv", Msg: "cannot be read", Err: fs.ErrPermission}, "a.csv: cannot be read: permission denied"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
	if !errors.Is(&diagnostic.Error{Err: fs.ErrNotExist}, fs.ErrNotExist) {
		t.Error("the cause is not found")
	}
}

func TestHintsAreCollectedOnce(t *testing.T) {
	inner := &diagnostic.Error{Msg: "a", Hint: "first"}
	err := errors.Join(
		fmt.Errorf("wrapped: %w", diagnostic.Hinted(inner, "outer")),
		&diagnostic.Error{Msg: "b", Hint: "first"},
		diagnostic.Hinted(errors.New("c"), "second"),
	)
	if got, want := diagnostic.Hints(err), []string{"outer", "first", "second"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if diagnostic.Hinted(nil, "advice") != nil {
		t.Error("advice made an error of none")
	}
}

func TestNearest(t *testing.T) {
	columns := []string{"booking_id", "requested_at", "slot_at", "status", "Stato"}
	for word, want := range map[string]string{
		"Statto": "Stato", "STATO": "Stato", "sloat_t": "slot_at", "bookingid": "booking_id", "zzzzzz": "", "reqeusted_at": "requested_at",
	} {
		if got := diagnostic.Nearest(word, columns); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
	if got := diagnostic.DidYouMean("statuss", columns); got != `did you mean "status"?` {
		t.Error(got)
	}
}
