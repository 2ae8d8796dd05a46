package contract

import (
	"strings"
	"testing"

	"tavolo/ingest/source"
)

// No identifier that goes into a checker comes out of it, whichever column it stands in.
func TestNoPersonComesOut(t *testing.T) {
	for _, code := range []string{"RSSMRA80A01H501U", "rssmra80a01h501x", "RSS MRA 80A01 H501U"} {
		for field := range bookingColumns {
			k := checkerOf(t, "bookings", bookingColumns...)
			r := booking(map[int]string{field: "x " + code, 7: "boh"})
			_, violations := k.Check(r)
			out := k.Mask(r)
			for _, v := range violations {
				out += v.Value + v.Message
			}
			if squeezed := strings.ToUpper(strings.ReplaceAll(out, " ", "")); strings.Contains(squeezed, "RSSMRA80A01") {
				t.Errorf("field %d: %q comes out as %s", field, code, out)
			}
		}
	}
}

func TestMask(t *testing.T) {
	k := checkerOf(t, "bookings", bookingColumns...)
	r := booking(map[int]string{0: `a;"b"`, 6: "Mario Rossi", 9: ""})
	if got, want := k.Mask(r), `"a;""b""";01/03/2024 09:00;05/03/2024 10:30;fisico;RM;pensioni;***;prenotato;;;…`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	ragged := booking(nil)
	ragged.Problem = &source.Problem{Code: source.Ragged, Message: "3 fields where the header has 11"}
	if got := k.Mask(ragged); got != Withheld {
		t.Errorf("a record that could not be split, with persons in the file: %s", got)
	}
	row, violations := k.Check(ragged)
	if row != nil || len(violations) != 1 || violations[0].Rule != source.Ragged || violations[0].Severity != Quarantine {
		t.Errorf("ragged: %v %+v", row, violations)
	}
	without := checkerOf(t, "bookings", "booking_id", "Note")
	ragged.Raw = []byte("B1;a;RSSMRA80A01H501U")
	if got := without.Mask(ragged); got != "B1;a;***" {
		t.Errorf("without persons in the file: %s", got)
	}
}

func TestMessages(t *testing.T) {
	k := checkerOf(t, "bookings", bookingColumns...)
	for _, test := range []struct {
		change map[int]string
		want   string
	}{
		{map[int]string{2: "31/02/2024 09:00"}, `slot_at: "31/02/2024 09:00" is not a date of the form dd/MM/yyyy HH:mm`},
		{map[int]string{8: "ieri"}, `checked_in_at: "ieri" is not a date of the form yyyy-MM-dd HH:mm; the layout of the column may say another`},
		{map[int]string{0: ""}, "booking_id is empty, and every row must have it"},
		{map[int]string{4: "ITX9"}, `province_code: "ITX9" is no known province`},
		{map[int]string{7: "presentto"}, `status: "presentto" is not in the list; did you mean "presentato"?`},
		{map[int]string{6: "RSSMRA80A01H501X"}, "citizen_id: the value is not a codice fiscale: its check character does not match"},
		{map[int]string{2: "28/02/2024 10:30"}, "slot_at is before requested_at"},
		{map[int]string{1: "31/03/2024 02:30"}, `requested_at: "31/03/2024 02:30" is a time that did not exist: the clocks went forward over it`},
	} {
		_, violations := k.Check(booking(test.change))
		if len(violations) == 0 || violations[0].Message != test.want {
			t.Errorf("got %+v\nwant %s", violations, test.want)
		}
	}
}
