package boundary

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"tavolo/ingest/diagnostic"
)

// feature is one of a FeatureCollection.
type feature struct {
	at         int64 // where it begins in the text
	Type       string
	Properties map[string]any // numbers as json.Number
	Geometry   *struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// parse reads the features of a text. It walks the collection itself, so that each
// feature has a place that a message can name.
func parse(file string, text []byte) ([]feature, error) {
	p := parser{file: file, text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	p.decoder.UseNumber()
	features, kind, err := p.collection()
	if err == nil && kind == "FeatureCollection" {
		_, err = p.decoder.Token()
		if errors.Is(err, io.EOF) {
			return features, nil
		}
		if err == nil {
			err = errors.New("something follows the collection")
		}
	}
	switch {
	case err != nil:
		return nil, p.complain(err)
	case kind == "Topology":
		return nil, &diagnostic.Error{File: file, Msg: "it is TopoJSON, which is another format",
			Hint: "mapshaper makes GeoJSON of it: mapshaper in.json -o out.geojson format=geojson"}
	}
	return nil, &diagnostic.Error{File: file, Msg: fmt.Sprintf("type %q: not a GeoJSON FeatureCollection", kind)}
}

type parser struct {
	file    string
	text    []byte
	decoder *json.Decoder
}

// collection reads the outermost object: its features and its type. Of any other
// type it gives no features.
func (p *parser) collection() (features []feature, kind string, err error) {
	if err := p.expect('{'); err != nil {
		return nil, "", err
	}
	for p.decoder.More() {
		key, err := p.decoder.Token()
		if err != nil {
			return nil, "", err
		}
		switch key {
		case "type":
			err = p.decoder.Decode(&kind)
		case "features":
			features, err = p.features()
		default:
			var other json.RawMessage
			err = p.decoder.Decode(&other)
		}
		if err != nil {
			return nil, "", err
		}
	}
	return features, kind, p.expect('}')
}

func (p *parser) features() ([]feature, error) {
	if err := p.expect('['); err != nil {
		return nil, err
	}
	var all []feature
	for p.decoder.More() {
		f := feature{at: p.next()}
		if err := p.decoder.Decode(&f); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, p.expect(']')
}

func (p *parser) expect(want json.Delim) error {
	at := p.next()
	token, err := p.decoder.Token()
	if err != nil {
		return err
	}
	if token != want {
		return &misplaced{at, fmt.Errorf("not the %q that GeoJSON has here", want.String())}
	}
	return nil
}

// next is where the next value begins.
func (p *parser) next() int64 {
	at := p.decoder.InputOffset()
	for at < int64(len(p.text)) && bytes.IndexByte([]byte(" \t\r\n,:"), p.text[at]) >= 0 {
		at++
	}
	return at
}

// misplaced is an error at a place that encoding/json does not know.
type misplaced struct {
	at int64
	error
}

// complain gives an error its place in the file.
func (p *parser) complain(err error) error {
	at := p.decoder.InputOffset()
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var place *misplaced
	switch {
	case errors.As(err, &place):
		at, err = place.at, place.error
	case errors.As(err, &syntax):
		at = syntax.Offset - 1
	case errors.As(err, &kind):
		err = fmt.Errorf("a JSON %s where GeoJSON has none", kind.Value)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		at, err = int64(len(p.text)), errors.New("the file ends too soon")
	}
	line, col := position(p.text, at)
	return &diagnostic.Error{File: p.file, Line: line, Col: col, Msg: err.Error()}
}

// position gives the line and the column, in characters, of an offset.
func position(text []byte, at int64) (line, col int) {
	before := text[:min(max(at, 0), int64(len(text)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}
