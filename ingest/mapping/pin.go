package mapping

import (
	"fmt"
	"strings"

	"tavolo/ingest/source"
	"tavolo/ingest/strictyaml"
)

// FormatKey is one key of a format as tavolo.yaml has it.
type FormatKey struct {
	Name  string // as in the grammar: delimiter
	Value string // in YAML: ";" with its quotes
}

// FormatKeys gives what a format says, key by key, in the order in which it is
// written. What is empty is left out.
func FormatKeys(f source.Format) []FormatKey {
	var keys []FormatKey
	add := func(name, value string) {
		if value != "" {
			keys = append(keys, FormatKey{name, strictyaml.Text(value)})
		}
	}
	add("type", f.Type)
	add("sheet", f.Sheet)
	add("delimiter", f.Delimiter)
	add("quote", f.Quote)
	add("escape", f.Escape)
	add("encoding", f.Encoding)
	add("decimal", f.Decimal)
	if f.Header != nil {
		keys = append(keys, FormatKey{"header", fmt.Sprint(*f.Header)})
	}
	if f.HeaderRows > 1 {
		keys = append(keys, FormatKey{"header_rows", fmt.Sprint(f.HeaderRows)})
	}
	if len(f.Names) > 0 {
		names := make([]string, len(f.Names))
		for i, name := range f.Names {
			names[i] = strictyaml.Text(name)
		}
		keys = append(keys, FormatKey{"names", "[" + strings.Join(names, ", ") + "]"})
	}
	return keys
}

// FormatYAML writes a format in one line: {type: csv, delimiter: ";"}.
func FormatYAML(f source.Format) string {
	keys := FormatKeys(f)
	parts := make([]string, len(keys))
	for i, key := range keys {
		parts[i] = key.Name + ": " + key.Value
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// ParseFormat reads what [FormatYAML] writes, or a part of it without the braces,
// as an [source.Ambiguity] says it, over what f already has.
func ParseFormat(f source.Format, text string) (source.Format, error) {
	if !strings.HasPrefix(text, "{") {
		text = "{" + text + "}"
	}
	err := strictyaml.Decode("format", []byte(text), &f)
	return f, err
}

// Without leaves keys of a format open.
func Without(f source.Format, names ...string) source.Format {
	for _, name := range names {
		switch name {
		case "type":
			f.Type = ""
		case "sheet":
			f.Sheet = ""
		case "delimiter":
			f.Delimiter = ""
		case "quote":
			f.Quote = ""
		case "escape":
			f.Escape = ""
		case "encoding":
			f.Encoding = ""
		case "decimal":
			f.Decimal = ""
		case "header":
			f.Header, f.HeaderRows = nil, 0
		case "names":
			f.Names = nil
		}
	}
	return f
}

// Agree joins the formats of two files of one source: what one leaves open is
// taken from the other. Differing are the keys in which they contradict each
// other; the joined format then has those of the first.
func Agree(one, other source.Format) (both source.Format, differing []string) {
	differ := func(name string) { differing = append(differing, name) }
	both = one
	for _, key := range []struct {
		name string
		to   *string
		from string
	}{
		{"type", &both.Type, other.Type}, {"sheet", &both.Sheet, other.Sheet}, {"delimiter", &both.Delimiter, other.Delimiter},
		{"quote", &both.Quote, other.Quote}, {"escape", &both.Escape, other.Escape},
		{"encoding", &both.Encoding, other.Encoding}, {"decimal", &both.Decimal, other.Decimal},
	} {
		switch {
		case *key.to == "":
			*key.to = key.from
		case key.from != "" && key.from != *key.to:
			differ(key.name)
		}
	}
	switch {
	case both.Header == nil:
		both.Header, both.HeaderRows = other.Header, other.HeaderRows
	case other.Header != nil && (*both.Header != *other.Header || max(both.HeaderRows, 1) != max(other.HeaderRows, 1)):
		differ("header")
	}
	if len(both.Names) == 0 {
		both.Names = other.Names
	}
	return both, differing
}
