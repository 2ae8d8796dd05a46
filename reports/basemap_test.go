package reports

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/boundary"
	"tavolo/ingest/reference"
	"tavolo/transform/result"
)

// chequered is a map of a level on which each territory is a square.
func chequered(set *result.Set, level string) *boundary.Map {
	m := &boundary.Map{Level: level, Credit: "Confini di prova <" + level + ">", SHA256: "hash-of-" + level}
	for _, t := range set.References.Territories() {
		if t.Level != level {
			continue
		}
		n := len(m.Shapes)
		x, y := 8+float64(n%10), 36+float64(n/10)
		m.Shapes = append(m.Shapes, boundary.Shape{Code: t.Code, Rings: []boundary.Ring{{{X: x, Y: y}, {X: x + 1, Y: y}, {X: x + 1, Y: y + 1}, {X: x, Y: y + 1}}}})
	}
	return m
}

// siteWith writes an Italian site of one indicator with some maps, and the pack of a territory.
func siteWith(t *testing.T, maps []*boundary.Map, pack string) (read func(path string) string) {
	t.Helper()
	set := fixture(t, "no_show_rate")
	shared, _, err := prepare(Site{Set: set, Maps: maps, Languages: []string{"it"}})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "site")
	if err := Write(context.Background(), dir, shared.Site); err != nil {
		t.Fatal(err)
	}
	if pack != "" {
		territory, _ := shared.x.References.Territory(pack)
		if err := packInto(shared, dir, territory); err != nil {
			t.Fatal(err)
		}
	}
	return func(path string) string {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// figureIn gives the text of a figure of a page, "" when it has none.
func figureIn(page, id string) string {
	_, figure, ok := strings.Cut(page, `id="`+id+`-figure"`)
	if !ok {
		return ""
	}
	figure, _, _ = strings.Cut(figure, "</figure>")
	return figure
}

var (
	areaPattern    = regexp.MustCompile(`<a href="([^"]*)"[^>]*><title>([^<]*)</title><use href="#(o-[^"]*)" class="area (q[0-5])"/></a>`)
	outlinePattern = regexp.MustCompile(`<path id="(o-[^"]*)" d="([^"]*)"/>`)
)

// areas gives what a map leads to, and the ids of the shapes that it draws.
func areas(figure string) (links, shapes []string) {
	for _, area := range areaPattern.FindAllStringSubmatch(figure, -1) {
		links, shapes = append(links, area[1]), append(shapes, area[3])
	}
	return links, shapes
}

func TestProvincesOnTheMap(t *testing.T) {
	set := fixture(t, "no_show_rate")
	read := siteWith(t, []*boundary.Map{chequered(set, reference.LevelProvince)}, "")
	page := read("it/indicatori/no_show_rate.html")
	figure := figureIn(page, "map-provinces")
	links, drawn := areas(figure)
	if len(links) != 107 || !slices.Contains(links, "../province/058-roma.html") {
		t.Errorf("the map has %d provinces", len(links))
	}
	stored := map[string]string{}
	for _, outline := range outlinePattern.FindAllStringSubmatch(page, -1) {
		if stored[outline[1]] != "" {
			t.Errorf("shape %s is there twice", outline[1])
		}
		stored[outline[1]] = outline[2]
	}
	for _, id := range drawn {
		if stored[id] == "" {
			t.Errorf("there is no shape %s", id)
		}
	}
	for _, want := range []string{"Confini di prova &lt;province&gt;.", "Il valore più basso è in provincia ", `class="legend"`, `href="#territories"`} {
		if !strings.Contains(figure, want) {
			t.Errorf("the map does not say %q", want)
		}
	}
	if links, _ := areas(figureIn(page, "map")); len(links) != 20 || !strings.Contains(figureIn(page, "map"), "@svg-maps/italy") {
		t.Errorf("beside it the built-in map has %d regions", len(links))
	}
	if !strings.Contains(page, "@svg-maps/italy, CC BY 4.0. Confini di prova &lt;province&gt;.") {
		t.Error("the foot of the page does not credit both maps")
	}
	if method := read("it/metodo.html"); !strings.Contains(method, "hash-of-province") {
		t.Error("the method page does not name the boundaries")
	}
	if without := siteWith(t, nil, ""); figureIn(without("it/indicatori/no_show_rate.html"), "map-provinces") != "" {
		t.Error("there are provinces without boundaries")
	}
}

// TestConfiguredRegionsReplaceTheBuiltInOnes on every page that has a map.
func TestConfiguredRegionsReplaceTheBuiltInOnes(t *testing.T) {
	set := fixture(t, "no_show_rate")
	read := siteWith(t, []*boundary.Map{chequered(set, reference.LevelRegion)}, "")
	for _, path := range []string{"it/index.html", "it/indicatori/no_show_rate.html"} {
		page := read(path)
		if strings.Contains(page, "svg-maps") || strings.Contains(page, "o-lazio") {
			t.Errorf("%s shows or credits the built-in map", path)
		}
		if outlines := outlinePattern.FindAllString(page, -1); len(outlines) != 20 || !strings.Contains(page, "Confini di prova &lt;region&gt;.") {
			t.Errorf("%s draws %d regions", path, len(outlines))
		}
	}
}

// TestAPackMapsItsOwnProvinces, as large as fits, and nothing of others.
func TestAPackMapsItsOwnProvinces(t *testing.T) {
	set := fixture(t, "no_show_rate")
	maps := []*boundary.Map{chequered(set, reference.LevelRegion), chequered(set, reference.LevelProvince)}
	const lombardia = "03"
	read := siteWith(t, maps, lombardia)
	page := read("packs/03-lombardia/it/indicatori/no_show_rate.html")
	links, _ := areas(figureIn(page, "map-provinces"))
	var own []string
	for _, territory := range set.References.Territories() {
		if territory.Parent == lombardia {
			own = append(own, "../province/"+territory.Code)
		}
	}
	for n, link := range links {
		links[n] = link[:len("../province/000")]
	}
	if !slices.Equal(links, own) {
		t.Errorf("the pack maps %v, want %v", links, own)
	}
	if outlines := outlinePattern.FindAllString(page, -1); len(outlines) != len(own) {
		t.Errorf("the pack holds %d shapes, want those of its %d provinces", len(outlines), len(own))
	}
	if strings.Contains(page, "Confini di prova &lt;region&gt;") {
		t.Error("the pack credits a map that it does not show")
	}
	province := siteWith(t, maps, "058")("packs/058-roma/it/indicatori/no_show_rate.html")
	if outlinePattern.MatchString(province) {
		t.Error("the pack of a province holds shapes")
	}
}
