package source

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// drawn is a table in a random dialect.
type drawn struct {
	rows      [][]string
	text      []byte
	lines     []int // physical line at which each row begins
	delimiter string
}

// draw makes a table of about size bytes. Fields hold delimiters, quotes and
// line ends, which are then quoted.
func draw(random *rand.Rand, size int) drawn {
	delimiter := []string{";", ",", "\t", "|"}[random.IntN(4)]
	ends := []string{"\n", "\r\n", "\r"}
	end := ends[random.IntN(3)]
	// No field has both a delimiter and a line end: such a record may be two with
	// a stray quote each, and is refused for that.
	pieces := [2][]string{
		{"a", "12", "x y", "è", "€", "", "", "\"", "\n", "\r\n", "longer than the others"},
		{"a", "12", "x y", "è", "€", "", "", "\"", delimiter, delimiter, "longer than the others"},
	}
	d := drawn{delimiter: delimiter}
	columns := 2 + random.IntN(8)
	var text bytes.Buffer
	line := 1
	for n := 0; text.Len() < size; n++ {
		row := make([]string, columns)
		for i := range row {
			from := pieces[random.IntN(2)]
			for range random.IntN(4) {
				row[i] += from[random.IntN(len(from))]
			}
		}
		row[0] = fmt.Sprint("r", n) // never blank
		if n == 0 {
			row[0] = "id" // and the header is one
			for i := range columns - 1 {
				row[i+1] = "name " + row[i+1]
			}
		}
		d.rows, d.lines = append(d.rows, row), append(d.lines, line)
		line += 1 + writeRow(&text, row, delimiter, end)
	}
	d.text = text.Bytes()
	return d
}

// writeRow writes a row and gives the line ends inside its fields.
func writeRow(text *bytes.Buffer, row []string, delimiter, end string) (inside int) {
	for i, field := range row {
		if i > 0 {
			text.WriteString(delimiter)
		}
		if strings.ContainsAny(field, delimiter+"\"\r\n") {
			inside += lineEnds([]byte(field))
			field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
		}
		text.WriteString(field)
	}
	text.WriteString(end)
	return inside
}

// chunks gives its bytes in pieces of random size, so that every kind of record
// meets the end of a buffer.
type chunks struct {
	text   []byte
	random *rand.Rand
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.text) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 1+c.random.IntN(5000))], c.text)
	c.text = c.text[n:]
	return n, nil
}

func TestRoundTrip(t *testing.T) {
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 0))
		want := draw(random, 1<<20)
		r, err := New("t.csv", &chunks{want.text, random}, Format{}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(r.Header(), "|") != strings.Join(want.rows[0], "|") {
			t.Fatalf("seed %d: header %q, want %q", seed, r.Header(), want.rows[0])
		}
		for n, row := range want.rows[1:] {
			record, err := r.Next()
			if err != nil {
				t.Fatalf("seed %d, row %d: %v", seed, n, err)
			}
			got := make([]string, len(record.Fields))
			for i, field := range record.Fields {
				got[i] = string(field)
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", row) || record.Line != want.lines[n+1] {
				t.Fatalf("seed %d, delimiter %q: line %d %q, want line %d %q (%v)",
					seed, want.delimiter, record.Line, got, want.lines[n+1], row, record.Problem)
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("seed %d: %v after the last row", seed, err)
		}
	}
}

func TestNothingIsAllocatedForARecord(t *testing.T) {
	text := "a;b;c\n" + strings.Repeat("12;\"x \"\"y\"\"\";per\xf2\n", 200_000)
	r, err := New("t.csv", strings.NewReader(text), Format{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	allocated := testing.AllocsPerRun(100_000, func() {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	})
	if allocated > 0 {
		t.Errorf("%v allocations a record", allocated)
	}
}
