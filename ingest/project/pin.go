package project

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/mapping"
	"tavolo/ingest/source"
)

// Pin writes the formats of sources, by their names, into the configuration. It
// changes the bytes of the formats and no other: comments, order and spelling stay.
// The file is replaced whole or not at all. With dry it is left alone. Changes are
// those to the lines of the file, in its order; none when it says all that already.
//
// What cannot be edited so, such as a format that several sources share by an
// alias, is an error whose hint is the line to write by hand.
func (d Dir) Pin(formats map[string]source.Format, dry bool) ([]LineChange, error) {
	before, err := os.ReadFile(d.Config())
	if err != nil {
		return nil, &diagnostic.Error{File: d.Config(), Err: cause(err)}
	}
	after := before
	for _, name := range sortedNames(formats) {
		if after, err = pinFormat(d.Config(), after, name, formats[name]); err != nil {
			return nil, err
		}
	}
	changes := lineChanges(before, after)
	if dry || len(changes) == 0 {
		return changes, nil
	}
	return changes, replace(d.Config(), before, after)
}

// pinFormat gives the text of a configuration in which a source has the format.
func pinFormat(file string, text []byte, name string, f source.Format) ([]byte, error) {
	byHand := func(at *yaml.Node, why string) error {
		return &diagnostic.Error{File: file, Line: at.Line, Col: at.Column, Msg: fmt.Sprintf("source %q: %s", name, why),
			Hint: "write it by hand: format: " + mapping.FormatYAML(f)}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, &diagnostic.Error{File: file, Err: err}
	}
	entry, index := sourceNode(&doc, name)
	if entry == nil {
		return nil, &diagnostic.Error{File: file, Msg: fmt.Sprintf("source %q: it is not written out in the list of sources", name)}
	}
	e := editor{text: text}
	e.format(entry, f)
	if e.refused != "" {
		return nil, byHand(e.at, e.refused)
	}
	made := e.apply()
	if !onlyFormat(text, made, index, f) {
		return nil, byHand(entry, "its format cannot be written without touching something else")
	}
	return made, nil
}

// sourceNode finds the entry of a source.
func sourceNode(doc *yaml.Node, name string) (entry *yaml.Node, index int) {
	if len(doc.Content) == 0 {
		return nil, 0
	}
	_, sources := child(doc.Content[0], "sources")
	if sources == nil || sources.Kind != yaml.SequenceNode {
		return nil, 0
	}
	for i, item := range sources.Content {
		if item.Kind != yaml.MappingNode {
			continue
		}
		if _, value := child(item, "name"); value != nil && value.Value == name {
			return item, i
		}
	}
	return nil, 0
}

// child finds a key of a mapping.
func child(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// onlyFormat says whether two configurations differ in nothing but the format of
// one source, and that this is the one wanted: whatever the edit took for the end
// of a value, it has not changed the meaning of anything.
func onlyFormat(before, after []byte, index int, f source.Format) bool {
	var old, made, want map[string]any
	if yaml.Unmarshal(before, &old) != nil || yaml.Unmarshal(after, &made) != nil ||
		yaml.Unmarshal([]byte(mapping.FormatYAML(f)), &want) != nil {
		return false
	}
	sources, ok := old["sources"].([]any)
	if !ok || index >= len(sources) {
		return false
	}
	entry, ok := sources[index].(map[string]any)
	if !ok {
		return false
	}
	entry["format"] = want
	return reflect.DeepEqual(old, made)
}

// LineChange is a run of lines that was replaced by another.
type LineChange struct {
	Line    int      `json:"line"` // of the first of them in the file as it was, from 1
	Removed []string `json:"removed"`
	Added   []string `json:"added"`
}

// lineChanges compares two texts line by line. A format is a few lines long and
// the edits are in the order of the file, so that looking ahead for the next
// common line is enough.
func lineChanges(before, after []byte) []LineChange {
	if bytes.Equal(before, after) {
		return nil
	}
	old, made := strings.SplitAfter(string(before), "\n"), strings.SplitAfter(string(after), "\n")
	var changes []LineChange
	for i, j := 0, 0; i < len(old) || j < len(made); {
		if i < len(old) && j < len(made) && old[i] == made[j] {
			i, j = i+1, j+1
			continue
		}
		removed, added := nextCommon(old[i:], made[j:])
		changes = append(changes, LineChange{i + 1, trimmed(old[i : i+removed]), trimmed(made[j : j+added])})
		i, j = i+removed, j+added
	}
	return changes
}

// nextCommon says how many lines of each stand before the next line that both have.
func nextCommon(old, made []string) (removed, added int) {
	for distance := 1; distance <= len(old)+len(made); distance++ {
		for r := max(0, distance-len(made)); r <= min(distance, len(old)); r++ {
			a := distance - r
			if r == len(old) && a == len(made) || r < len(old) && a < len(made) && old[r] == made[a] {
				return r, a
			}
		}
	}
	return len(old), len(made)
}

func trimmed(lines []string) []string {
	made := make([]string, len(lines))
	for i, line := range lines {
		made[i] = strings.TrimRight(line, "\r\n")
	}
	return made
}
