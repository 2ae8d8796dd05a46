package strictyaml

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"tavolo/ingest/diagnostic"
)

// longestPlaced is the number of lines up to which the line of an error is looked
// for, which takes a reading for each.
const longestPlaced = 5000

// grammarError places an error of the grammar. The library names the line in which
// the block begins that a line further down does not fit into, which may be the
// first of the file; here it is the first line without which, and without all
// below, the rest can be read.
func grammarError(file string, text []byte, err error) error {
	placed, ok := syntaxError(file, err).(*diagnostic.Error)
	if !ok {
		return err
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	if len(lines) > longestPlaced {
		return placed
	}
	sound := len(lines) - 1
	for ; sound > 0; sound-- {
		var doc yaml.Node
		if yaml.Unmarshal(bytes.Join(lines[:sound], nil), &doc) == nil {
			break
		}
	}
	for sound < len(lines)-1 && isRemark(lines[sound]) {
		sound++
	}
	placed.Line = sound + 1
	placed.Hint = "look at its indentation, its colon and its quotes, and at those of the line above"
	return placed
}

// isRemark says whether a line has no part in the grammar.
func isRemark(line []byte) bool {
	rest := strings.TrimSpace(string(line))
	return rest == "" || rest[0] == '#'
}
