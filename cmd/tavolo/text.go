package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// group writes a count with its thousands apart: 1,234,567.
func group(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// count writes a count with its noun in the right number.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "ch") {
		noun += "e"
	}
	return group(n) + " " + noun + "s"
}

// megabytes writes a size as people read it, in powers of ten.
func megabytes(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%.0f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// printJSON prints one value as one line of JSON.
func (a *app) printJSON(v any) error { return json.NewEncoder(a.stdout).Encode(v) }
