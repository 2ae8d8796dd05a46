package kpi_test

import (
	"slices"
	"testing"

	"tavolo/transform/kpi"
)

// TestCrossedItems takes items of a crossed breakdown apart and puts them together.
func TestCrossedItems(t *testing.T) {
	for item, parts := range map[string][]string{
		"INCA/naspi": {"INCA", "naspi"}, "nessuno/": {"nessuno", ""}, "A/B/naspi": {"A/B", "naspi"},
	} {
		if got := kpi.ByPatronatoService.Parts(item); !slices.Equal(got, parts) {
			t.Errorf("%s is made of %q, want %q", item, got, parts)
		}
		if got := kpi.ByPatronatoService.Item(parts...); got != item {
			t.Errorf("%q make %s, want %s", parts, got, item)
		}
	}
	if got := kpi.ByPatronato.Parts("A/B"); !slices.Equal(got, []string{"A/B"}) {
		t.Errorf("a patronato was taken apart: %q", got)
	}
	if got := kpi.ByPatronatoService.Columns(); !slices.Equal(got, []string{"patronato_code", "service_code"}) {
		t.Errorf("columns %q", got)
	}
}
