package strictyaml

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// plain is what YAML reads as a text without quotes, wherever it stands.
var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)

// Text writes a text as YAML has it, in quotes where it must be.
func Text(text string) string {
	if plain.MatchString(text) && !slices.Contains([]string{"true", "false", "yes", "no", "null", "on", "off", "y", "n"}, strings.ToLower(text)) {
		return text
	}
	if strings.Contains(text, `"`) && !strings.ContainsFunc(text, func(r rune) bool { return r == '\'' || r < ' ' || r > '~' }) {
		return "'" + text + "'"
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text can always be written
	}
	return string(quoted)
}
