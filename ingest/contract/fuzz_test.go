package contract

import (
	"slices"
	"testing"
	"unicode/utf8"

	"tavolo/ingest/pseudonym"
)

// FuzzCheck holds the checker to its promises on any value in any column: a row
// or a reason, enumerations from their list, the same answer again, and no
// codice fiscale in anything that is kept.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"", "31/03/2024 02:30", "RSSMRA80A01H501U", "non presentato", "RM", "2024-02-30T25:61", "1,25", "\xff\x00"} {
		f.Add(seed, uint8(len(seed)))
	}
	k := checkerOf(f, "bookings", bookingColumns...)
	f.Fuzz(func(t *testing.T, value string, field uint8) {
		if !utf8.ValidString(value) {
			return // the reader gives UTF-8
		}
		r := booking(map[int]string{int(field) % len(bookingColumns): value})
		row, violations := k.Check(r)
		first := codesOf(violations)
		refused := slices.ContainsFunc(violations, func(v Violation) bool { return v.Severity != Warn })
		if (row == nil) != refused {
			t.Fatalf("%q: row %v with %q", value, row, first)
		}
		for i := range row {
			column := &k.contract.Columns[i]
			if column.Type == Enum && !row[i].Null && !slices.Contains(column.Values, string(row[i].Text)) {
				t.Errorf("%s: %q is not in its list", column.Name, row[i].Text)
			}
			if pseudonym.HoldsFiscalCode(row[i].Text) && column.Type != Person {
				t.Errorf("%s: %q holds a codice fiscale", column.Name, row[i].Text)
			}
		}
		for _, v := range violations {
			if pseudonym.HoldsFiscalCode([]byte(v.Value)) {
				t.Errorf("the violation %+v holds a codice fiscale", v)
			}
		}
		if masked := k.Mask(r); pseudonym.HoldsFiscalCode([]byte(masked)) {
			t.Errorf("%q holds a codice fiscale", masked)
		}
		if _, violations = k.Check(r); codesOf(violations) != first {
			t.Errorf("%q: first %q, then %q", value, first, codesOf(violations))
		}
	})
}
