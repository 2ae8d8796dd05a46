package diagnostic_test

import (
	"testing"

	"tavolo/ingest/diagnostic"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"drops/è già.csv":      "drops/è già.csv",
		"a\x1b[31m\nb\a.csv":   `a\x1b[31m\nb\a.csv`,
		"tab\tand \u202e back": `tab\tand \u202e back`,
		"not utf-8 \xff":       `not utf-8 �`,
	} {
		if got := diagnostic.Visible(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
