package html

import (
	"regexp"
	"strings"
)

// Style and scripts stand in every page, so that one that is sent alone still looks
// right: what is for their authors alone is left out of them.

var (
	styleComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	styleRoom    = regexp.MustCompile(`[ \n]*([{};,])[ \n]*`)
	styleColon   = regexp.MustCompile(`: +`)
	styleLine    = regexp.MustCompile(`\n[ \n]*`)
)

// slimStyle takes comments and needless space out of a style sheet. No string in it
// may hold a bracket, comma, colon or semicolon beside a space.
func slimStyle(text string) string {
	text = styleComment.ReplaceAllString(text, "")
	text = styleRoom.ReplaceAllString(text, "$1")
	text = styleColon.ReplaceAllString(text, ":")
	return strings.TrimSpace(styleLine.ReplaceAllString(text, "\n"))
}

// slimScript takes indentation and comments out of a script. Lines stay lines, as some end
// a statement; no string in it may go over several, or hold two slashes after a space.
func slimScript(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(" "+line, " //")
		if line = strings.TrimSpace(line); line != "" {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}
