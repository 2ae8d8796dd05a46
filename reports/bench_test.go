package reports

import (
	"context"
	"path/filepath"
	"testing"
)

// BenchmarkSite makes the whole site of all indicators in both languages.
func BenchmarkSite(b *testing.B) {
	set := fixture(b)
	for b.Loop() {
		if err := Write(context.Background(), filepath.Join(b.TempDir(), "site"), Site{Set: set}); err != nil {
			b.Fatal(err)
		}
	}
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
