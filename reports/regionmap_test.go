package reports

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tavolo/ingest/boundary"
	"tavolo/ingest/reference"
)

// cellsIn are the tiles of a map without boundaries: class and text by address.
func cellsIn(root *html.Node) (classes, texts map[string]string) {
	classes, texts = map[string]string{}, map[string]string{}
	for _, list := range ofClass(root, "cells") {
		for _, n := range elements(list) {
			if n.Data != "a" {
				continue
			}
			href, _ := attribute(n, "href")
			class, _ := attribute(ofClass(n, "area")[0], "class")
			classes[href], texts[href] = strings.TrimPrefix(class, "area "), text(n)
		}
	}
	return classes, texts
}

// TestARegionMapsItsProvinces without boundaries: a tile each, in the classes of the map
// of Italy, with the value; nothing of one that is withheld; and the same of every
// indicator that can be chosen, as its own page has it.
func TestARegionMapsItsProvinces(t *testing.T) {
	set := fixture(t, "no_show_rate", "onsite_wait_minutes", "protocol_adoption")
	withhold(set, "no_show_rate", "057")
	dir := filepath.Join(t.TempDir(), "site")
	if err := Write(context.Background(), dir, Site{Set: set, Languages: []string{"it"}}); err != nil {
		t.Fatal(err)
	}
	x := newIndex(set)
	root := page(t, dir, "it/regioni/12-lazio.html")
	maps := dataOf(t, root).Maps
	if maps == nil || len(maps.Indicators) != 3 {
		t.Fatalf("maps to choose from: %+v", maps)
	}
	classes, texts := cellsIn(root)
	if len(classes) != 5 {
		t.Fatalf("%d tiles, want the five provinces: %v", len(classes), texts)
	}
	for _, one := range maps.Indicators {
		i, _ := set.Catalogue.Indicator(one.ID)
		var ends []float64
		for _, region := range x.regions {
			ends = append(ends, x.headline(i.ID, region.Code).Value)
		}
		sort.Float64s(ends)
		rows, _ := territoryRows(t, page(t, dir, "it/indicatori/"+one.ID+".html"))
		for n, province := range x.provinces["12"] {
			own := slices.IndexFunc(rows, func(row []drawnCell) bool {
				return row[0].text == placeName(province, "it") && row[1].text == "Provincia"
			})
			cells, want := unpackedRow(t, one.Rows[n], maps.Often), x.headline(i.ID, province.Code)
			if cells[0].Text != rows[own][3].text || cells[2].Text != rows[own][2].text || cells[0].Class != rows[own][3].class {
				t.Errorf("%s in %s: %+v, on its page %+v", one.ID, province.Name, cells, rows[own])
			}
			if class := "q" + one.Colours[n:n+1]; class != classOf(ends, want.Value) {
				t.Errorf("%s in %s: class %s of %v, on the map of Italy %s", one.ID, province.Name, class, want.Value, classOf(ends, want.Value))
			}
			href := "../province/" + province.Code + "-" + slug(placeName(province, "it")) + ".html"
			if one.ID == maps.Drawn && (classes[href] != "q"+one.Colours[n:n+1] || texts[href] != placeName(province, "it")+" "+cells[0].Text) {
				t.Errorf("%s is drawn as %s, %q", province.Name, classes[href], texts[href])
			}
		}
		if one.ID == "no_show_rate" && (!strings.Contains(one.Colours, "0") || one.Legend[len(one.Legend)-1][0] != "q0" || strings.Contains(one.Finding, "Rieti")) {
			t.Errorf("Rieti is withheld, and the map says %+v", one)
		}
		if !strings.Contains(one.Finding, "Lazio nel complesso: ") || !strings.Contains(one.Finding, "Italia: ") {
			t.Errorf("%s: %q", one.ID, one.Finding)
		}
	}
	if figure := byID(root, "chosen-figure"); !strings.Contains(text(figure), "Fonte: registri sintetici, dati fino al") || len(ofClass(figure, "legend")) != 1 {
		t.Errorf("the figure has no source or no legend: %s", text(figure))
	}
	if valle := page(t, dir, "it/regioni/02-valle-d-aosta.html"); byID(valle, "chosen-figure") != nil || dataOf(t, valle).Maps != nil {
		t.Error("a region of one province has a map of it")
	}
}

// TestClassesOfARegion: the legend of a region's map holds for any value.
func TestClassesOfARegion(t *testing.T) {
	set := fixture(t, "no_show_rate")
	b := &builder{words: words{x: newIndex(set), lang: "it", m: messages(t, "it")}}
	i, _ := set.Catalogue.Indicator("no_show_rate")
	sorted := []float64{0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.10}
	var texts []string
	for _, item := range b.classLegend(i, sorted) {
		texts = append(texts, item.Class+" "+item.Text)
	}
	want := "q1 fino a 2,0 %|q2 oltre 2,0 %, fino a 4,0 %|q3 oltre 4,0 %, fino a 6,0 %|q4 oltre 6,0 %, fino a 8,0 %|q5 oltre 8,0 %"
	if got := strings.ReplaceAll(strings.Join(texts, "|"), "\u202f", " "); got != want {
		t.Errorf("legend %q, want %q", got, want)
	}
	for value, class := range map[float64]string{0: "q1", 0.02: "q1", 0.021: "q2", 0.04: "q2", 0.0401: "q3", 0.0801: "q5", 0.5: "q5"} {
		if got := classOf(sorted, value); got != class {
			t.Errorf("%v has the class %s, want %s", value, got, class)
		}
	}
	if got := classOf([]float64{0, 0, 1, 1}, 7); got != "q5" {
		t.Errorf("above the greatest of two values the class is %s", got)
	}
}

// TestARegionIsCutOutOfTheMap of configured boundaries: its own provinces lead to their
// pages, and what lies around them is drawn without a name.
func TestARegionIsCutOutOfTheMap(t *testing.T) {
	set := fixture(t, "no_show_rate")
	maps := []*boundary.Map{chequered(set, reference.LevelProvince)}
	read := siteWith(t, maps, "03")
	var own []string
	for _, territory := range set.References.Territories() {
		if territory.Parent == "03" {
			own = append(own, "../province/"+territory.Code+"-"+slug(placeName(territory, "it"))+".html")
		}
	}
	for path, classes := range map[string]string{"it/regioni/03-lombardia.html": "map.about", "packs/03-lombardia/it/regioni/03-lombardia.html": "map.about.pack"} {
		text := read(path)
		figure := figureIn(text, "chosen")
		links, drawn := areas(figure)
		if !slices.Equal(links, own) {
			t.Errorf("%s maps %v, want %v", path, links, own)
		}
		if n := len(outlinePattern.FindAllString(text, -1)); n != len(own) || len(slices.Compact(slices.Sorted(slices.Values(drawn)))) != len(own) {
			t.Errorf("%s holds %d shapes and draws %v", path, n, drawn)
		}
		if strings.Count(figure, `class="around"`) != 1 || !strings.Contains(figure, "Confini di prova &lt;province&gt;.") {
			t.Errorf("%s draws nothing around the region, or credits nobody", path)
		}
		if about := messages(t, "it").T("region." + classes); !strings.Contains(text, strings.ReplaceAll(about, "'", "&#39;")) {
			t.Errorf("%s does not say whose the classes are: %q", path, about)
		}
	}
}

// TestAPackClassesItsOwnProvinces: its colours tell nothing of the regions that it may
// not hold.
func TestAPackClassesItsOwnProvinces(t *testing.T) {
	set := fixture(t, "no_show_rate")
	shared, _, err := prepare(Site{Set: set, Languages: []string{"it"}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	territory, _ := set.References.Territory("12")
	if err := packInto(shared, dir, territory); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, packsFolder, "12-lazio", "it/regioni/12-lazio.html")
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	classes, _ := cellsIn(page(t, filepath.Dir(file), "12-lazio.html"))
	var all []string
	for _, class := range classes {
		all = append(all, class)
	}
	slices.Sort(all)
	if !slices.Equal(all, []string{"q1", "q2", "q3", "q4", "q5"}) {
		t.Errorf("five different values have the classes %v", all)
	}
}
