package reference

import (
	"fmt"
	"testing"
)

// The hash of the tables is kept with every publication: it stays the one of %q.
func TestQuotedAsFormatted(t *testing.T) {
	for _, rows := range [][][]string{nil, {}, {{}}, {{"a"}}, {{"a", ""}, {`"q"`, "è\n\t\\", "\xff\u2028"}, nil}} {
		if got, want := string(quoted(rows)), fmt.Sprintf("%q", rows); got != want {
			t.Errorf("%q is written as %s, want %s", rows, got, want)
		}
	}
}
