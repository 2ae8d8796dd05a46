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
