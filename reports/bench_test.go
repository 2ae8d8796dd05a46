package reports

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"tavolo/transform/result"
)

// BenchmarkSite makes the whole site of all indicators in both languages: from nothing,
// after one that was made of the same, and after one since which the figures of
// one office, of its region and of Italy moved.
func BenchmarkSite(b *testing.B) {
	set := fixture(b)
	earlier := earlierOf(b, Site{Set: set})
	unchanged := &Earlier{Dir: earlier.Dir, Files: earlier.Files, Unchanged: true}
	for _, c := range []struct {
		name    string
		set     *result.Set
		earlier *Earlier
	}{{"cold", set, nil}, {"nothing", set, unchanged}, {"territory", oneOffice(b, set), earlier}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := Write(context.Background(), filepath.Join(b.TempDir(), "site"), Site{Set: c.set, Earlier: c.earlier}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// oneOffice is a set after six more rows of an office of Roma: the figures of bookings there
// and in its region are others, and so are the last digits of those of Italy, where there
// are a hundred thousand.
func oneOffice(b *testing.B, set *result.Set) *result.Set {
	b.Helper()
	moved := *set
	moved.Cells = append([]result.Cell(nil), set.Cells...)
	n := 0
	for k := range moved.Cells {
		c := &moved.Cells[k]
		i, ok := set.Catalogue.Indicator(c.Indicator)
		if ok && slices.Contains([]string{"appointments", "booking_waits", "onsite_waits"}, i.Mart) && (c.Territory == "058" || c.Territory == "12" || c.Territory == result.Italy) && known(c.Denominator) {
			more := c.Denominator / (c.Denominator + 6)
			if c.Territory == result.Italy {
				more = 1 - 6e-5
			}
			c.Value *= more
			c.Denominator += 6
			n++
		}
	}
	if n == 0 {
		b.Fatal("no figure moved")
	}
	return &moved
}

// BenchmarkPack makes the pack of one province.
func BenchmarkPack(b *testing.B) {
	shared, _, err := prepare(Site{Set: fixture(b)})
	if err != nil {
		b.Fatal(err)
	}
	territory, _ := shared.x.References.Territory("058")
	for b.Loop() {
		if err := packInto(shared, b.TempDir(), territory); err != nil {
			b.Fatal(err)
		}
	}
}
