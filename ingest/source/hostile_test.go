package source

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
)

// repeated gives a piece of text again and again, without having it.
type repeated struct {
	piece string
	left  int64
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) && r.left > 0 {
		took := copy(p[n:min(len(p), n+int(min(r.left, int64(len(r.piece)))))], r.piece)
		n, r.left = n+took, r.left-int64(took)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestAGigabyteInOneLine costs the line itself, and the memory of a line within the
// limit, whatever it is made of; the lines around it are read.
func TestAGigabyteInOneLine(t *testing.T) {
	for _, test := range []struct{ name, before, piece, after, code string }{
		{"text", "a;b\n1;2\n", "x", "\n3;4\n", TooLong},
		{"quotes", "a;b\n1;2\n", `"`, "\n3;4\n", TooLong},
		{"delimiters", "a;b\n1;2\n", ";", "\n3;4\n", TooLong},
		{"NUL", "a;b\n1;2\n", "\x00", "\n3;4\n", TooLong},
		{"a JSON text", "{\"a\":1,\"b\":2}\n{\"a\":\"", "x", "\"}\n{\"a\":3,\"b\":4}\n", TooLong},
		{"deep JSON", "{\"a\":1,\"b\":2}\n{\"a\":", "[", "\n{\"a\":3,\"b\":4}\n", TooLong},
	} {
		size := int64(1) << 30
		if test.name != "text" && test.name != "a JSON text" {
			size >>= 3 // so that the test is not long either
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		stream := io.MultiReader(strings.NewReader(test.before), &repeated{strings.Repeat(test.piece, 64<<10), size}, strings.NewReader(test.after))
		r, err := New("t", stream, Format{}, Limits{})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got []string
		for {
			record, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if record.Problem != nil {
				got = append(got, record.Problem.Code)
			} else {
				got = append(got, string(bytes.Join(record.Fields, []byte(" "))))
			}
		}
		equal(t, test.name, got, []string{"1 2", test.code, "3 4"})
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 32<<20 {
			t.Errorf("%s: %d bytes were allocated", test.name, after.TotalAlloc-before.TotalAlloc)
		}
	}
}

// TestManyColumns reads a row of 100,000 columns, and a header of them, at the cost
// of the limit.
func TestManyColumns(t *testing.T) {
	wide := strings.Repeat("x;", 100_000)
	r, err := New("t", strings.NewReader("a;b\n1;2\n"+wide+"\n3;4\n"), Format{}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for record, err := r.Next(); err == nil; record, err = r.Next() {
		if record.Problem != nil {
			got = append(got, record.Problem.Code)
		} else {
			got = append(got, string(record.Fields[0]))
		}
	}
	equal(t, "a row", got, []string{"1", TooManyColumns, "3"})
	if _, err := New("t", strings.NewReader(wide+"\n"), Format{}, Limits{}); Code(err) != TooManyColumns {
		t.Errorf("a header: %v", err)
	}
}
