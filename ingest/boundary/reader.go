package boundary

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/reference"
)

// shownErrors is how many features are complained of: in a file of another level all
// of them are wrong.
const shownErrors = 5

// shownNames is how many territories without a shape are named.
const shownNames = 5

// reader gathers the shapes of a file and what is wrong with it.
type reader struct {
	spec        Spec
	text        []byte
	territories *reference.Tables
	rings       map[string][]Ring // by code
	errs        []error
	unread      int // features that are wrong beyond those complained of
}

// take adds the n-th feature to the shape of its territory.
func (r *reader) take(n int, f feature) {
	name := fmt.Sprintf("feature %d", n+1)
	value, ok := f.Properties[r.spec.Code]
	if !ok {
		names := slices.Sorted(maps.Keys(f.Properties))
		hint := "it has no properties"
		if len(names) > 0 {
			hint = "its properties are " + strings.Join(names, ", ")
		}
		r.complain(f, hint, "%s: no property %q", name, r.spec.Code)
		return
	}
	code, ok := r.resolve(value)
	if !ok {
		r.complain(f, `"tavolo territories" lists their codes`, "%s: %s %v: no %s has this code", name, r.spec.Code, value, r.spec.Level)
		return
	}
	rings, err := f.area()
	if err != nil {
		r.complain(f, "", "%s (%s %v): %s", name, r.spec.Code, value, err)
		return
	}
	r.rings[code] = append(r.rings[code], rings...)
}

// resolve gives the code of the territory that a property means. Programs that make
// numbers of codes drop their leading zeros.
func (r *reader) resolve(value any) (code string, ok bool) {
	switch value := value.(type) {
	case string:
		code = strings.TrimSpace(value)
	case json.Number:
		code = strings.TrimSuffix(value.String(), ".0")
	}
	for range 3 {
		if t, ok := r.territories.Territory(code); ok && t.Level == r.spec.Level {
			return code, true
		}
		code = "0" + code
	}
	return "", false
}

// complete complains of the territories that have no shape. One whose code is no
// longer in use need not have any.
func (r *reader) complete() {
	var missing []string
	for _, t := range r.territories.Territories() {
		if t.Level == r.spec.Level && r.rings[t.Code] == nil && t.ValidTo.IsZero() {
			missing = append(missing, t.Code+" "+t.Name)
		}
	}
	if len(missing) == 0 {
		return
	}
	named := strings.Join(missing[:min(len(missing), shownNames)], ", ")
	if more := len(missing) - shownNames; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	r.errs = append(r.errs, &diagnostic.Error{File: r.spec.File, Msg: fmt.Sprintf("%s without a shape: %s", r.spec.Level, named),
		Hint: "a map shows every territory of its level; boundaries of another year may lack some"})
}

func (r *reader) complain(f feature, hint, format string, args ...any) {
	if len(r.errs) == shownErrors {
		r.unread++
		return
	}
	line, col := position(r.text, f.at)
	r.errs = append(r.errs, &diagnostic.Error{File: r.spec.File, Line: line, Col: col, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// area gives the rings of a feature.
func (f feature) area() ([]Ring, error) {
	if f.Geometry == nil {
		return nil, errors.New("it has no geometry")
	}
	var polygons [][][][]float64
	var err error
	switch f.Geometry.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
	default:
		return nil, fmt.Errorf("geometry %q: a territory is a Polygon or a MultiPolygon", f.Geometry.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("its coordinates are not those of a %s", f.Geometry.Type)
	}
	var rings []Ring
	for _, polygon := range polygons {
		for _, positions := range polygon {
			ring, err := ringOf(positions)
			if err != nil {
				return nil, fmt.Errorf("ring %d: %w", len(rings)+1, err)
			}
			rings = append(rings, ring)
		}
	}
	if len(rings) == 0 {
		return nil, errors.New("its geometry is empty")
	}
	return rings, nil
}

// ringOf makes a ring of positions, whose height is of no matter. A position that
// only repeats the one before is left out.
func ringOf(positions [][]float64) (Ring, error) {
	var ring Ring
	for n, position := range positions {
		if len(position) < 2 {
			return nil, fmt.Errorf("position %d has not two coordinates", n+1)
		}
		if !onEarth(position[0]) || !onEarth(position[1]) {
			return nil, fmt.Errorf("position %d is on no map of the Earth", n+1)
		}
		if p := (Point{position[0], position[1]}); len(ring) == 0 || ring[len(ring)-1] != p {
			ring = append(ring, p)
		}
	}
	if len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	if len(ring) < 3 {
		return nil, errors.New("fewer than three different points")
	}
	return ring, nil
}

// onEarth tells of a coordinate that degrees or the metres of a projection may have;
// it is so generous that feet pass too.
func onEarth(coordinate float64) bool { return -1e9 < coordinate && coordinate < 1e9 }
