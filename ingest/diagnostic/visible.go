package diagnostic

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible shows control characters as escapes, line ends among them, so that a
// value or the name of a file can neither break a line nor send commands to the
// terminal that shows it.
func Visible(text string) string {
	isHarmless := func(r rune) bool { return r == ' ' || unicode.IsGraphic(r) && r != utf8.RuneError }
	if strings.IndexFunc(text, func(r rune) bool { return !isHarmless(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if isHarmless(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}
