package project

import (
	"errors"
	"io"
	"os"
	"slices"

	"tavolo/ingest/boundary"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/reference"
	"tavolo/ingest/strictyaml"
)

// Map is a file with the boundaries of the territories of a level, which the report
// draws its maps with.
type Map struct {
	strictyaml.Position
	// Level is that of the territories: region or province.
	Level string `yaml:"level"`
	// File is the path of a GeoJSON file, from the project folder unless it is absolute.
	File string `yaml:"file"`
	// Code is the property of each feature that holds the code of its territory.
	Code string `yaml:"code"`
	// Credit says under each map whose boundaries these are, as their licence asks.
	Credit string `yaml:"credit"`
}

// mapLevels are those that there are maps of.
var mapLevels = []string{reference.LevelRegion, reference.LevelProvince}

// validateMaps checks what can be known without the files.
func (p *Project) validateMaps(complain func(strictyaml.Position, string, string, ...any)) {
	lines := map[string]int{}
	for n, m := range p.Maps {
		switch line, twice := lines[m.Level]; {
		case !slices.Contains(mapLevels, m.Level):
			complain(m.Position, "there are maps of region and of province", "map %d: level %q: no such level of a map", n+1, m.Level)
		case twice:
			complain(m.Position, "", "map %d: level %q already has the map of line %d", n+1, m.Level, line)
		}
		lines[m.Level] = m.Line
		for _, key := range []struct{ name, value, hint string }{
			{"file", m.File, "a GeoJSON file, such as reference/province.geojson"},
			{"code", m.Code, "the property of its features that holds the territory's code, such as COD_PROV"},
			{"credit", m.Credit, `whose boundaries they are, such as "Confini: Istat, 2024": licences ask for it`},
		} {
			if key.value == "" {
				complain(m.Position, key.hint, "map %d: no %s", n+1, key.name)
			}
		}
	}
}

// Boundaries reads the files of the configured maps, in their order. Errors are
// [diagnostic.Error]s with positions, joined: a file that cannot be read is one of
// the configuration's line.
func (p *Project) Boundaries(territories *reference.Tables) ([]*boundary.Map, error) {
	var read []*boundary.Map
	var errs []error
	for _, m := range p.Maps {
		path := p.Dir.absolute(m.File)
		text, err := readBoundaries(path)
		if err != nil {
			errs = append(errs, &diagnostic.Error{File: p.Dir.Config(), Line: m.Line, Col: m.Col, Msg: "map of level " + m.Level + ": " + path,
				Err: cause(err), Hint: "the path is taken from the project folder"})
			continue
		}
		one, err := boundary.Read(boundary.Spec{File: path, Level: m.Level, Code: m.Code, Credit: m.Credit}, text, territories)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		read = append(read, one)
	}
	return read, errors.Join(errs...)
}

func readBoundaries(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, boundary.MaxBytes+1))
	if err == nil && len(text) > boundary.MaxBytes {
		err = errors.New("more than 64 MB: boundaries for a map need no such detail")
	}
	return text, err
}
