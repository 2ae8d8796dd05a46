// Package boundary reads the boundaries of territories from GeoJSON files
// (RFC 7946), for the maps of the reports.
//
// A file is a FeatureCollection of polygons and multipolygons, each with a
// property that holds the code of its territory: as the reference tables spell it,
// or as a number (1 is province 001, and region 01). Several features may be parts
// of one territory. Coordinates are longitudes and latitudes; those that cannot be,
// such as the metres of a projection, are taken as they are, with y to the north.
//
// Reading is strict: a code that no territory of the level has, a territory without
// a shape and a geometry that is no area are errors with file, line and column.
package boundary

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/reference"
)

// MaxBytes is the size of the largest file that is read: many times that of the
// most detailed boundaries of the Italian provinces.
const MaxBytes = 64 << 20

// Spec says what a file holds.
type Spec struct {
	File   string // its name in messages
	Level  string // of its territories: reference.LevelRegion or reference.LevelProvince
	Code   string // the property that holds the code
	Credit string // who made the boundaries, as it is to stand under a map
}

// Point is a position: degrees of longitude and latitude, or what a projection
// made of them, y to the north.
type Point struct{ X, Y float64 }

// Ring is a closed line: its last point leads to its first one and does not repeat it.
type Ring []Point

// Shape is the area of a territory: what an odd number of its rings surround. So it
// does not matter which way a ring runs, nor which ones are holes.
type Shape struct {
	Code  string // of the territory
	Rings []Ring // at least one, each of three points or more
}

// Map is the shapes of all territories of a level.
type Map struct {
	Level, Credit string
	SHA256        string  // of the file, of how it was read and of the credit, in hexadecimal
	Projected     bool    // the points are no degrees
	Shapes        []Shape // by code
}

// Read makes a map of a GeoJSON text. The error joins a *diagnostic.Error for each of
// the first mistakes found.
func Read(spec Spec, text []byte, territories *reference.Tables) (*Map, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	features, err := parse(spec.File, text)
	if err != nil {
		return nil, err
	}
	r := reader{spec: spec, text: text, territories: territories, rings: map[string][]Ring{}}
	for n, f := range features {
		r.take(n, f)
	}
	if r.unread > 0 {
		r.errs = append(r.errs, &diagnostic.Error{File: spec.File, Msg: fmt.Sprintf("%d more features are wrong in such ways", r.unread)})
	}
	if len(r.errs) == 0 {
		r.complete()
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	m := &Map{Level: spec.Level, Credit: spec.Credit, SHA256: digest(spec, text)}
	for code, rings := range r.rings {
		m.Shapes = append(m.Shapes, Shape{code, rings})
		m.Projected = m.Projected || slices.ContainsFunc(rings, isProjected)
	}
	slices.SortFunc(m.Shapes, func(a, b Shape) int { return strings.Compare(a.Code, b.Code) })
	return m, nil
}

// Of is the map of those of its territories that are wanted.
func (m *Map) Of(wanted func(code string) bool) *Map {
	part := *m
	part.Shapes = slices.DeleteFunc(slices.Clone(m.Shapes), func(s Shape) bool { return !wanted(s.Code) })
	return &part
}

// isProjected tells of points that cannot be degrees.
func isProjected(ring Ring) bool {
	return slices.ContainsFunc(ring, func(p Point) bool { return p.X < -180 || p.X > 180 || p.Y < -90 || p.Y > 90 })
}

func digest(spec Spec, text []byte) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q %q\n", spec.Level, spec.Code, spec.Credit)
	sum.Write(text)
	return hex.EncodeToString(sum.Sum(nil))
}
