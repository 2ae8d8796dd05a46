package source

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// TestRandomDialects writes a table in a dialect drawn by chance, and reads it
// back equal without a hint.
func TestRandomDialects(t *testing.T) {
	encodings := map[string]encoding.Encoding{
		utf8Name: encoding.Nop, windows1252Name: charmap.Windows1252,
		utf16LEName: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), utf16BEName: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	}
	names := []string{utf8Name, windows1252Name, utf16LEName, utf16BEName}
	base := newTable(40)
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 7))
		pick := func(from ...string) string { return from[random.IntN(len(from))] }
		w := writing{delimiter: pick(";", ",", "\t", "|", ", ", "; ", "#", "^", "~", "||"), quote: pick(`"`, `"`, "'"),
			end: pick("\n", "\r\n", "\r"), all: random.IntN(3) == 0}
		w.escape = pick(w.quote, w.quote, `\`)
		preamble := strings.Repeat("Estrazione del mese"+w.end, random.IntN(3))
		encoded := pick(names...)
		what := fmt.Sprintf("seed %d: %+v, %d bytes of preamble, %s", seed, w, len(preamble), encoded)
		table := table{header: base.header, rows: slices.Clone(base.rows)}
		random.Shuffle(len(table.rows), func(i, j int) { table.rows[i], table.rows[j] = table.rows[j], table.rows[i] })
		text, err := encodings[encoded].NewEncoder().Bytes([]byte(preamble + string(table.written(w, nil))))
		if err != nil {
			t.Fatal(err)
		}
		r, err := New("t.csv", bytes.NewReader(text), Format{}, Limits{})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if !slices.Equal(r.Header(), table.header) {
			t.Errorf("%s: header %q", what, r.Header())
			continue
		}
		for i, want := range table.rows {
			record, err := r.Next()
			if err != nil {
				t.Fatalf("%s: row %d: %v", what, i, err)
			}
			if got := string(bytes.Join(record.Fields, []byte("\x00"))); record.Problem != nil || got != strings.Join(want, "\x00") {
				t.Errorf("%s: row %d: %q (%v), want %q; read as %s", what, i, got, record.Problem, want, r.Dialect())
				break
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("%s: %v after the last row", what, err)
		}
		if d := r.Dialect().Encoding; d != encoded {
			t.Errorf("%s: read as %s", what, d)
		}
	}
}
