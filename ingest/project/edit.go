package project

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tavolo/ingest/mapping"
	"tavolo/ingest/source"
)

// editor changes a YAML text at the places that its nodes have, and leaves every
// other byte as it is.
type editor struct {
	text    []byte
	edits   []edit
	refused string     // why it cannot be done
	at      *yaml.Node // where
}

// edit replaces some bytes of a text.
type edit struct {
	from, to int
	with     string
}

func (e *editor) refuse(at *yaml.Node, why string) {
	if e.refused == "" {
		e.refused, e.at = why, at
	}
}

func (e *editor) replace(from, to int, with string) { e.edits = append(e.edits, edit{from, to, with}) }

// apply gives the text with all edits. Of edits at one place the first stands first.
func (e *editor) apply() []byte {
	slices.SortStableFunc(e.edits, func(a, b edit) int { return a.from - b.from })
	var made []byte
	at := 0
	for _, one := range e.edits {
		made = append(append(made, e.text[at:one.from]...), one.with...)
		at = one.to
	}
	return append(made, e.text[at:]...)
}

// format makes the format of a source the one given.
func (e *editor) format(entry *yaml.Node, f source.Format) {
	key, value := child(entry, "format")
	switch {
	case key == nil && entry.Style&yaml.FlowStyle != 0:
		files, _ := child(entry, "files")
		e.replace(e.offset(files), e.offset(files), "format: "+mapping.FormatYAML(f)+", ")
	case key == nil:
		files, of := child(entry, "files")
		e.insertLine(lastLine(of), files.Column, "format: "+mapping.FormatYAML(f))
	case value.Kind == yaml.AliasNode || value.Anchor != "":
		e.refuse(value, "its format is shared with others")
	case value.Kind == yaml.ScalarNode && value.Value == "":
		colon := e.offset(key) + len("format")
		if colon >= len(e.text) || e.text[colon] != ':' {
			e.refuse(key, "its key format is not written plainly")
			return
		}
		e.replace(colon+1, colon+1, " "+mapping.FormatYAML(f))
	case value.Style&yaml.FlowStyle != 0:
		e.flow(value, f)
	default:
		e.block(value, f)
	}
}

// flow changes a format that is written in braces. Where keys only come in it is
// left as it is before them; otherwise it is written anew.
func (e *editor) flow(value *yaml.Node, f source.Format) {
	from := e.offset(value)
	to, comment := closing(e.text, from)
	switch {
	case to < 0:
		e.refuse(value, "the end of its format is not plain to see")
		return
	case comment:
		e.refuse(value, "there is a comment within the braces of its format")
		return
	}
	changed, missing := compare(value, f)
	if changed {
		e.replace(from, to, mapping.FormatYAML(f))
		return
	}
	inside := bytes.TrimRight(e.text[from:to-1], " \t\r\n,")
	at := from + len(inside)
	for _, key := range missing {
		comma := ", "
		if len(inside) == 1 { // the brace
			comma, inside = "", nil
		}
		e.replace(at, at, comma+key.Name+": "+key.Value)
	}
}

// compare says whether a format has keys that are to be other or gone, and which it lacks.
func compare(value *yaml.Node, f source.Format) (changed bool, missing []mapping.FormatKey) {
	wanted := map[string]bool{}
	for _, key := range mapping.FormatKeys(f) {
		wanted[key.Name] = true
		if _, has := child(value, key.Name); has == nil {
			missing = append(missing, key)
		} else if !same(has, key.Value) {
			changed = true
		}
	}
	for i := 0; i < len(value.Content); i += 2 {
		changed = changed || !wanted[value.Content[i].Value]
	}
	return changed, missing
}

// same says whether a node means what a text in YAML does.
func same(n *yaml.Node, text string) bool {
	var has, wants any
	if n.Decode(&has) != nil || yaml.Unmarshal([]byte(text), &wants) != nil {
		return false
	}
	as := func(v any) string {
		written, err := yaml.Marshal(v)
		if err != nil {
			return ""
		}
		return string(written)
	}
	return as(has) == as(wants)
}

// block changes a format that has a line for each key.
func (e *editor) block(value *yaml.Node, f source.Format) {
	_, missing := compare(value, f)
	wanted := map[string]string{}
	for _, key := range mapping.FormatKeys(f) {
		wanted[key.Name] = key.Value
	}
	for i := 0; i < len(value.Content); i += 2 {
		key, has := value.Content[i], value.Content[i+1]
		want, wants := wanted[key.Value]
		switch {
		case wants && same(has, want):
		case has.Kind != yaml.ScalarNode || lastLine(has) != key.Line:
			e.refuse(has, "its "+key.Value+" takes several lines")
		case wants:
			from := e.offset(has)
			e.replace(from, e.scalarEnd(from), want)
		default:
			e.replace(e.lineStart(key.Line), e.lineStart(key.Line+1), "")
		}
	}
	for _, key := range missing {
		e.insertLine(lastLine(value), value.Column, key.Name+": "+key.Value)
	}
}

// insertLine adds a line after another one, indented to a column.
func (e *editor) insertLine(after, column int, line string) {
	at, end := e.lineStart(after+1), "\n"
	if start := e.lineStart(after); bytes.HasSuffix(e.text[start:at], []byte("\r\n")) {
		end = "\r\n"
	}
	line = strings.Repeat(" ", column-1) + line
	if at > 0 && e.text[at-1] != '\n' { // the last line of the file has no end, nor has it then
		e.replace(at, at, end+line)
		return
	}
	e.replace(at, at, line+end)
}

// lineStart gives the offset of a line, or of the end of the text.
func (e *editor) lineStart(line int) int {
	at := 0
	for range line - 1 {
		end := bytes.IndexByte(e.text[at:], '\n')
		if end < 0 {
			return len(e.text)
		}
		at += end + 1
	}
	return at
}

// offset gives the place of a node, whose column counts characters.
func (e *editor) offset(n *yaml.Node) int {
	at := e.lineStart(n.Line)
	for range n.Column - 1 {
		_, size := utf8.DecodeRune(e.text[at:])
		at += size
	}
	return at
}

// scalarEnd gives the end of a value that takes up the rest of its line.
func (e *editor) scalarEnd(from int) int {
	line := e.text[from:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	if len(line) > 0 && (line[0] == '"' || line[0] == '\'') {
		return from + quotedEnd(line, 0)
	}
	if comment := bytes.Index(line, []byte(" #")); comment >= 0 {
		line = line[:comment]
	}
	return from + len(bytes.TrimRight(line, " \t\r"))
}

// closing gives the end of what is written in braces or brackets from a place on,
// and whether there is a comment in it; −1 when nothing closes it.
func closing(text []byte, from int) (to int, comment bool) {
	depth := 0
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, comment
			}
		case '"', '\'':
			if bytes.IndexByte([]byte(" ,:{[\n\t"), text[i-1]) >= 0 {
				i = quotedEnd(text, i) - 1
			}
		case '#':
			comment = comment || text[i-1] == ' ' || text[i-1] == '\n' || text[i-1] == '\t'
		}
	}
	return -1, comment
}

// quotedEnd gives the end of a text in quotes that begins at a place.
func quotedEnd(text []byte, from int) int {
	quote := text[from]
	for i := from + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}

// lastLine gives the line in which a value ends, as far as its nodes tell.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, inner := range n.Content {
		last = max(last, lastLine(inner))
	}
	return last
}

func sortedNames(formats map[string]source.Format) []string {
	return slices.Sorted(maps.Keys(formats))
}
