package pseudonym

import "testing"

func BenchmarkAppend(b *testing.B) {
	key := Derive(make([]byte, masterBytes), "citizen")
	room, code := make([]byte, 0, Size), []byte("RSSMRA80A01H501U")
	b.ReportAllocs()
	for b.Loop() {
		room = key.Append(room[:0], code)
	}
}

func BenchmarkAppendFiscalCode(b *testing.B) {
	room, code := make([]byte, 0, codeLength), []byte("rssmra80a01h501u")
	b.ReportAllocs()
	for b.Loop() {
		var reason Reason
		if room, reason = AppendFiscalCode(room[:0], code); reason != "" {
			b.Fatal(reason)
		}
	}
}
