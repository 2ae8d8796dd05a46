package boundary_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"tavolo/ingest/boundary"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/reference"
	"tavolo/sql"
)

// country has two regions, of which one has two provinces.
func country(t testing.TB) *reference.Tables {
	t.Helper()
	tables, err := reference.Load(sql.Seeds(), fstest.MapFS{"territories.csv": {Data: []byte(
		"code,name,sigla,level,parent,nuts,macro,population,population_date,valid_from,valid_to\n" +
			"IT,Italia,,italy,,,,10,2020-01-01,,\n01,Nord,,region,IT,,,6,2020-01-01,,\n02,Sud,,region,IT,,,4,2020-01-01,,\n" +
			"001,Alfa,AA,province,01,,,3,2020-01-01,,\n002,Beta,BB,province,01,,,3,2020-01-01,,\n009,Antica,ZZ,province,02,,,,,,2009-12-31\n")}})
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

const square = `[[0,0],[1,0],[1,1],[0,1],[0,0]]`

// polygon is a feature with a property cod.
func polygon(code, rings string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"cod":%s,"nome":"x"},"geometry":{"type":"Polygon","coordinates":[%s]}}`, code, rings)
}

func collection(features ...string) string {
	return "{\"type\":\"FeatureCollection\",\n\"features\":[\n" + strings.Join(features, ",\n") + "\n]}\n"
}

func read(t testing.TB, text string) (*boundary.Map, error) {
	t.Helper()
	return boundary.Read(boundary.Spec{File: "p.geojson", Level: "province", Code: "cod", Credit: "Istat"}, []byte(text), country(t))
}

func TestCodesAsTheyAreSpelt(t *testing.T) {
	for _, spelling := range []string{`"001"`, `1`, `1.0`, `"1"`, `" 001 "`, `"01"`} {
		m, err := read(t, collection(polygon(spelling, square), polygon(`2`, square)))
		if err != nil {
			t.Errorf("%s: %v", spelling, err)
			continue
		}
		if len(m.Shapes) != 2 || m.Shapes[0].Code != "001" || m.Shapes[1].Code != "002" {
			t.Errorf("%s: %+v", spelling, m.Shapes)
		}
	}
	regions := boundary.Spec{File: "r.geojson", Level: "region", Code: "cod", Credit: "Istat"}
	m, err := boundary.Read(regions, []byte(collection(polygon(`2`, square), polygon(`1`, square))), country(t))
	if err != nil || m.Shapes[0].Code != "01" || m.Shapes[1].Code != "02" {
		t.Errorf("regions: %+v, %v", m, err)
	}
}

func TestPartsOfATerritory(t *testing.T) {
	hole := `[[0.2,0.2],[0.2,0.8],[0.8,0.8],[0.8,0.2],[0.2,0.2]]`
	islands := `{"type":"Feature","id":7,"bbox":[0,0,9,9],"properties":{"cod":"001"},"geometry":{"type":"MultiPolygon","coordinates":[[` +
		square + `,` + hole + `],[[[5,5,12.5],[6,5,0],[6,6,0],[6,6,0]]]]}}`
	m, err := read(t, "\ufeff"+collection(islands, polygon(`"002"`, square), polygon(`"001"`, `[[8,8],[9,8],[9,9],[8,8]]`)))
	if err != nil {
		t.Fatal(err)
	}
	rings := m.Shapes[0].Rings
	if len(rings) != 4 || len(rings[0]) != 4 || len(rings[1]) != 4 || len(rings[2]) != 3 || rings[3][0] != (boundary.Point{X: 8, Y: 8}) {
		t.Errorf("the rings of 001: %v", rings)
	}
	if m.Projected {
		t.Error("degrees were taken for metres")
	}
	if m, err := read(t, collection(polygon(`1`, square), polygon(`2`, `[[500000,4600000],[510000,4600000],[510000,4610000],[500000,4600000]]`))); err != nil || !m.Projected {
		t.Errorf("metres: %v", err)
	}
}

func TestTheHashIsOfAllThatAMapShows(t *testing.T) {
	text := []byte(collection(polygon(`1`, square), polygon(`2`, square)))
	spec := boundary.Spec{File: "p.geojson", Level: "province", Code: "cod", Credit: "Istat"}
	of := func(spec boundary.Spec, text []byte) string {
		m, err := boundary.Read(spec, text, country(t))
		if err != nil {
			t.Fatal(err)
		}
		return m.SHA256
	}
	first := of(spec, text)
	elsewhere, credited := spec, spec
	elsewhere.File, credited.Credit = "copy.geojson", "another"
	if of(elsewhere, text) != first {
		t.Error("the hash depends on where the file lies")
	}
	if of(credited, text) == first || of(spec, append(text, '\n')) == first {
		t.Error("the hash does not tell of another credit or another text")
	}
}

func TestBadFiles(t *testing.T) {
	whole := polygon(`2`, square)
	for name, c := range map[string]struct{ text, want, hint string }{
		"empty":            {"", "p.geojson:1:1: the file ends too soon", ""},
		"cut short":        {collection(whole)[:60], "p.geojson:3:", ""},
		"no JSON":          {"code;name\n", "p.geojson:1:1: invalid character 'c'", ""},
		"a list":           {"[]", `p.geojson:1:1: not the "{"`, ""},
		"features no list": {`{"features": {}}`, `p.geojson:1:14: not the "["`, ""},
		"feature no thing": {collection("3"), "p.geojson:3:", ""},
		"more":             {collection(whole) + "{}", "p.geojson:5:", ""},
		"TopoJSON":         {`{"type":"Topology","objects":{},"arcs":[]}`, "p.geojson: it is TopoJSON", "mapshaper"},
		"one feature":      {whole, `p.geojson: type "Feature": not a GeoJSON FeatureCollection`, ""},
		"no property": {collection(whole, `  {"type":"Feature","properties":{"nome":"x","COD":1},"geometry":null}`),
			`p.geojson:4:3: feature 2: no property "cod"`, "its properties are COD, nome"},
		"no properties":   {collection(`{"properties":null}`), `no property "cod"`, "it has no properties"},
		"unknown code":    {collection(polygon(`"ITX9"`, square)), "p.geojson:3:1: feature 1: cod ITX9: no province has this code", `"tavolo territories" lists`},
		"of a region":     {collection(polygon(`"IT"`, square)), "no province has this code", ""},
		"no code":         {collection(polygon(`null`, square)), "cod <nil>: no province has this code", ""},
		"no shape":        {collection(whole), "p.geojson: province without a shape: 001 Alfa", "boundaries of another year"},
		"no geometry":     {collection(`{"properties":{"cod":1}}`), "feature 1 (cod 1): it has no geometry", ""},
		"a point":         {collection(`{"properties":{"cod":1},"geometry":{"type":"Point","coordinates":[1,2]}}`), `geometry "Point": a territory is a Polygon`, ""},
		"not a polygon's": {collection(`{"properties":{"cod":1},"geometry":{"type":"Polygon","coordinates":[1,2]}}`), "its coordinates are not those of a Polygon", ""},
		"without rings":   {collection(polygon(`1`, ``)), "its geometry is empty", ""},
		"a line":          {collection(polygon(`1`, `[[0,0],[1,1],[0,0]]`)), "ring 1: fewer than three different points", ""},
		"one coordinate":  {collection(polygon(`1`, `[[0,0],[1],[1,1],[0,0]]`)), "ring 1: position 2 has not two coordinates", ""},
		"off the Earth":   {collection(polygon(`1`, `[[0,0],[1e300,0],[1,1],[0,0]]`)), "ring 1: position 2 is on no map of the Earth", ""},
		"many": {collection(polygon(`10`, square), polygon(`11`, square), polygon(`12`, square), polygon(`13`, square), polygon(`14`, square),
			polygon(`15`, square), polygon(`16`, square)), "p.geojson: 2 more features are wrong in such ways", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := read(t, c.text)
			if err == nil {
				t.Fatalf("it was taken: %+v", m)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want %q", err, c.want)
			}
			if hints := strings.Join(diagnostic.Hints(err), "\n"); !strings.Contains(hints, c.hint) {
				t.Errorf("hints %q, want %q", hints, c.hint)
			}
		})
	}
}

func TestAPartOfAMap(t *testing.T) {
	m, err := read(t, collection(polygon(`1`, square), polygon(`2`, square)))
	if err != nil {
		t.Fatal(err)
	}
	part := m.Of(func(code string) bool { return code == "002" })
	if len(part.Shapes) != 1 || part.Shapes[0].Code != "002" || len(m.Shapes) != 2 {
		t.Errorf("a part has %v, the whole %v", part.Shapes, m.Shapes)
	}
}

// FuzzRead: whatever the text, there is a whole map or there are complaints that name
// the file.
func FuzzRead(f *testing.F) {
	f.Add(collection(polygon(`1`, square), polygon(`"002"`, square)))
	f.Add(`{"type":"Topology"}`)
	f.Add(collection(`{"properties":{"cod":1},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2,3],[4,5],[6,7e2]]]]}}`))
	tables := country(f)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := boundary.Read(boundary.Spec{File: "p.geojson", Level: "province", Code: "cod", Credit: "x"}, []byte(text), tables)
		if err != nil {
			var complaint *diagnostic.Error
			if !errors.As(err, &complaint) || complaint.File != "p.geojson" || complaint.Msg == "" {
				t.Errorf("an error without a place: %v", err)
			}
			return
		}
		if len(m.Shapes) != 2 && len(m.Shapes) != 3 {
			t.Errorf("a map of %d provinces", len(m.Shapes))
		}
		for _, shape := range m.Shapes {
			for _, ring := range shape.Rings {
				if len(ring) < 3 {
					t.Errorf("%s has a ring of %d points", shape.Code, len(ring))
				}
			}
		}
	})
}
