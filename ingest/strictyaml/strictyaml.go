// Package strictyaml reads YAML files into structs and lets no mistake pass:
// an unknown key, a key given twice, a value of the wrong kind and a second
// document are errors that name the file, the line and the column, and for an
// unknown key the nearest one that exists.
//
// Fields are named by their `yaml` tag. A value that wants to know where it
// stood in the file embeds or holds a [Position] field without a tag; one that
// wants to know where each of its keys stood, a [Keys] field.
package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tavolo/ingest/diagnostic"
)

// Position is the place in its file at which a value begins. A struct with a
// field of this type (untagged, exported, named Position) has it filled in.
type Position struct {
	Line, Col int
}

// Keys gives the place of each key of a mapping. A struct with a field of this
// type (untagged, exported, named Keys) has it filled in.
type Keys map[string]Position

// Decode reads the one YAML document in text into the struct that into points
// to. File is the name to use in messages. All unknown keys are reported
// together, joined; each error is a *diagnostic.Error. An empty document leaves
// *into as it was.
func Decode(file string, text []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return grammarError(file, text, err)
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		return &diagnostic.Error{File: file, Line: second.Line, Msg: "a second YAML document; this file holds one"}
	} else if !errors.Is(err, io.EOF) {
		return grammarError(file, text, err)
	}
	return decodeNode(file, doc.Content[0], into)
}

// DecodeNode is Decode for a part of a document: an UnmarshalYAML method that
// accepts several shapes calls it for the shape that is a mapping. The file is
// not known there; the Decode that is under way adds it to the error.
func DecodeNode(n *yaml.Node, into any) error { return decodeNode("", n, into) }

func decodeNode(file string, n *yaml.Node, into any) error {
	c := checker{file: file}
	c.check(n, reflect.TypeOf(into).Elem(), "")
	if len(c.errs) > 0 {
		return errors.Join(c.errs...)
	}
	if err := n.Decode(into); err != nil {
		return syntaxError(file, err)
	}
	place(n, reflect.ValueOf(into).Elem())
	return nil
}

// checker walks a document beside the type that it is to fill.
type checker struct {
	file string
	errs []error
}

func (c *checker) errorf(n *yaml.Node, hint, format string, args ...any) {
	c.errs = append(c.errs, &diagnostic.Error{
		File: c.file, Line: n.Line, Col: n.Column, Msg: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (c *checker) check(n *yaml.Node, t reflect.Type, path string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return // the type reads itself
	}
	switch {
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		c.checkStruct(n, t, path)
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Map:
		c.checkTwice(n)
		for i := 0; i < len(n.Content); i += 2 {
			c.check(n.Content[i+1], t.Elem(), join(path, n.Content[i].Value))
		}
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, item := range n.Content {
			c.check(item, t.Elem(), path)
		}
	case isNull(n):
	case t.Kind() == reflect.Struct:
		c.errorf(n, "", "%s must be a mapping of keys to values", name(path))
	case t.Kind() == reflect.Slice:
		c.errorf(n, "", "%s must be a list", name(path))
	case n.Kind != yaml.ScalarNode && t.Kind() != reflect.Interface:
		c.errorf(n, "", "%s must be a single value", name(path))
	}
}

func (c *checker) checkStruct(n *yaml.Node, t reflect.Type, path string) {
	c.checkTwice(n)
	fields := fieldsOf(t)
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, ok := fields[key.Value]
		if !ok {
			names := make([]string, 0, len(fields))
			for known := range fields {
				names = append(names, known)
			}
			sort.Strings(names)
			hint := diagnostic.DidYouMean(key.Value, names)
			if hint == "" {
				hint = "known keys: " + strings.Join(names, ", ")
			}
			c.errorf(key, hint, "unknown key %q%s", key.Value, within(path))
			continue
		}
		c.check(value, field.Type, join(path, key.Value))
	}
}

func (c *checker) checkTwice(n *yaml.Node) {
	first := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if line, ok := first[key.Value]; ok {
			c.errorf(key, "", "key %q is already given in line %d", key.Value, line)
		}
		first[key.Value] = key.Line
	}
}

// fieldsOf gives the fields of a struct by their YAML names, embedded ones included.
func fieldsOf(t reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	for _, field := range reflect.VisibleFields(t) {
		tag := strings.Split(field.Tag.Get("yaml"), ",")[0]
		if tag != "" && tag != "-" {
			fields[tag] = field
		}
	}
	return fields
}

// place fills the Position fields of v from the node that it was read from.
func place(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch {
	case n.Kind == yaml.MappingNode && v.Kind() == reflect.Struct:
		placeStruct(n, v)
	case n.Kind == yaml.MappingNode && v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		for i := 0; i < len(n.Content); i += 2 {
			key := reflect.ValueOf(n.Content[i].Value).Convert(v.Type().Key())
			if item := v.MapIndex(key); item.IsValid() {
				filled := reflect.New(item.Type()).Elem()
				filled.Set(item)
				place(n.Content[i+1], filled)
				v.SetMapIndex(key, filled)
			}
		}
	case n.Kind == yaml.SequenceNode && v.Kind() == reflect.Slice:
		for i, item := range n.Content {
			if i < v.Len() {
				place(item, v.Index(i))
			}
		}
	}
}

func placeStruct(n *yaml.Node, v reflect.Value) {
	at := v.FieldByName("Position")
	if at.IsValid() && at.CanSet() && at.Type() == positionType {
		at.Set(reflect.ValueOf(Position{n.Line, n.Column}))
	}
	keys := v.FieldByName("Keys")
	if keys.IsValid() && keys.CanSet() && keys.Type() == keysType {
		places := Keys{}
		for i := 0; i < len(n.Content); i += 2 {
			places[n.Content[i].Value] = Position{n.Content[i].Line, n.Content[i].Column}
		}
		keys.Set(reflect.ValueOf(places))
	}
	fields := fieldsOf(v.Type())
	for i := 0; i < len(n.Content); i += 2 {
		if field, ok := fields[n.Content[i].Value]; ok {
			place(n.Content[i+1], v.FieldByIndex(field.Index))
		}
	}
}

var (
	positionType = reflect.TypeFor[Position]()
	keysType     = reflect.TypeFor[Keys]()
	unmarshaler  = reflect.TypeFor[yaml.Unmarshaler]()
	lineInText   = regexp.MustCompile(`^line (\d+): (.*)$`)
)

// syntaxError turns the library's "yaml: line 3: …" into our form.
func syntaxError(file string, err error) error {
	var placed *diagnostic.Error
	if errors.As(err, &placed) {
		nameFile(file, err)
		return err
	}
	var typed *yaml.TypeError
	if errors.As(err, &typed) {
		errs := make([]error, len(typed.Errors))
		for i, text := range typed.Errors {
			errs[i] = positioned(file, text)
		}
		return errors.Join(errs...)
	}
	return positioned(file, strings.TrimPrefix(err.Error(), "yaml: "))
}

// nameFile adds the file to the errors of a type that read itself from a node.
func nameFile(file string, err error) {
	if placed, ok := err.(*diagnostic.Error); ok && placed.File == "" {
		placed.File = file
	}
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			nameFile(file, one)
		}
	case interface{ Unwrap() error }:
		nameFile(file, e.Unwrap())
	}
}

func positioned(file, text string) error {
	if m := lineInText.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		return &diagnostic.Error{File: file, Line: line, Msg: m[2]}
	}
	return &diagnostic.Error{File: file, Msg: text}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func name(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

func within(path string) string {
	if path == "" {
		return ""
	}
	return " in " + path
}
