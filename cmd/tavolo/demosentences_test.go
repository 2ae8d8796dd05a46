package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tavolo/ingest/synthetic"
)

// told is a sentence of a page: the judgement beside it, and the text.
type told struct{ mark, text string }

// sentences reads what a page of the current publication says.
func sentences(t *testing.T, dir, page string) []told {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "publications", "current", page))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	root, err := html.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []told
	for n := range root.Descendants() {
		if n.Data != "li" || n.Parent == nil || class(n.Parent) != "sentences" {
			continue
		}
		var one told
		for part := range n.Descendants() {
			switch {
			case part.Data == "p":
				one.text = textOf(part)
			case class(part) == "sentence-mark":
				one.mark = strings.TrimSpace(textOf(part))
			}
		}
		all = append(all, one)
	}
	return all
}

func class(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "class" {
			return a.Val
		}
	}
	return ""
}

// textOf is the text of an element, its spaces ordinary.
func textOf(n *html.Node) string {
	var b strings.Builder
	for part := range n.Descendants() {
		if part.Type == html.TextNode {
			b.WriteString(part.Data)
		}
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.String())
}

// pageOf is the page of the region that a territory is, or is in.
func pageOf(t *testing.T, dir, territory string) string {
	t.Helper()
	region := territory[:2]
	if len(territory) == 3 {
		region = one(t, dir, "select parent from territories where code = '"+territory+"'")["parent"].(string)
	}
	found, err := filepath.Glob(filepath.Join(dir, "publications", "current", "it", "regioni", region+"-*.html"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the page of region %s: %v, %v", region, found, err)
	}
	return "it/regioni/" + filepath.Base(found[0])
}

// titleOf is what pages call an indicator, and nameOf a territory, a patronato or a measure.
func titleOf(t *testing.T, dir, indicator string) string {
	t.Helper()
	return named(t, dir, "select indicator as code, title_it as name from indicators", indicator)
}

func nameOf(t *testing.T, dir, table, column, code string) string {
	t.Helper()
	return named(t, dir, "select code, "+column+" as name from "+table, code)
}

// namesOf holds what named has asked for, by folder and query: a question costs half a
// second of the processor, and each of the sentences has three names in it.
var namesOf = map[[2]string]map[string]string{}

// named gives the name of a code by a query that gives all of them.
func named(t *testing.T, dir, query, code string) string {
	t.Helper()
	names := namesOf[[2]string{dir, query}]
	if names == nil {
		names = map[string]string{}
		for _, row := range ask(t, dir, query) {
			names[fmt.Sprint(row["code"])] = fmt.Sprint(row["name"])
		}
		namesOf[[2]string{dir, query}] = names
	}
	if names[code] == "" {
		t.Fatalf("%s: no %q", query, code)
	}
	return names[code]
}

// mustTell demands a sentence that has a judgement and all of some texts.
func mustTell(t *testing.T, all []told, mark string, texts ...string) string {
	t.Helper()
sentence:
	for _, s := range all {
		if !strings.HasPrefix(s.mark, mark) {
			continue
		}
		for _, text := range texts {
			if !strings.Contains(s.text, text) {
				continue sentence
			}
		}
		return s.text
	}
	t.Errorf("no sentence %q with %q among\n%v", mark, texts, all)
	return ""
}

// mustNotTell refuses a sentence with all of some texts.
func mustNotTell(t *testing.T, all []told, texts ...string) {
	t.Helper()
sentence:
	for _, s := range all {
		for _, text := range texts {
			if !strings.Contains(s.text, text) {
				continue sentence
			}
		}
		t.Errorf("said of nothing: %s: %s", s.mark, s.text)
	}
}

// tellers say, by kind of planted truth, how the sentences of the pages tell it:
// the indicator, where, which way, since when and which item.
var tellers = map[string]func(*testing.T, string, synthetic.Planted){
	synthetic.NoShowExcess: func(t *testing.T, dir string, p synthetic.Planted) {
		mustTell(t, sentences(t, dir, pageOf(t, dir, p.Territory)), "Molto sopra (99,8 %)", titleOf(t, dir, p.Indicator),
			"in provincia di "+nameOf(t, dir, "territories", "name", p.Territory), "A parità di composizione dei casi")
	},
	synthetic.CaseMixTrap: func(t *testing.T, dir string, p synthetic.Planted) {
		mustNotTell(t, sentences(t, dir, pageOf(t, dir, p.Territory)), titleOf(t, dir, p.Indicator), nameOf(t, dir, "territories", "name", p.Territory))
	},
	synthetic.CorrectedFile: func(t *testing.T, dir string, p synthetic.Planted) {
		mustNotTell(t, sentences(t, dir, pageOf(t, dir, p.Territory)), titleOf(t, dir, p.Indicator), nameOf(t, dir, "territories", "name", p.Territory))
	},
	synthetic.ResponseImproves: func(t *testing.T, dir string, p synthetic.Planted) {
		text := mustTell(t, sentences(t, dir, pageOf(t, dir, p.Territory)), "Miglioramento", titleOf(t, dir, p.Indicator),
			"Il segnale dura da ", "(−", "Per ", " scende in ") // by channel or by patronato: it is planted in all of them
		from, _ := time.Parse(time.DateOnly, p.From)
		months := []string{"dicembre 2024", "gennaio 2025", "febbraio 2025", "marzo 2025", "aprile 2025"} // of one month before to three after
		if from.Format("2006-01") != "2025-01" {
			t.Fatalf("the improvement is planted in %s, and the test expects January 2025", p.From)
		}
		for _, month := range months {
			if strings.Contains(text, "dura da "+month) {
				return
			}
		}
		t.Errorf("improved from %s on; the page says: %s", p.From, text)
	},
	synthetic.LateTraining: func(t *testing.T, dir string, p synthetic.Planted) {
		// Where operators are few, or those who were late, the region is not judged or withheld.
		regions := ask(t, dir, "select distinct code from territories inner join indicator_cells on territory_code = code "+
			"where territories.level = 'region' and macro = '"+p.Macro+"' and indicator = '"+p.Indicator+"' and grain = 'rolling12' "+
			"and breakdown = 'measure' and item = '"+p.Measure+"' and class = 'ok'")
		if len(regions) < 2 {
			t.Fatalf("%d regions in %s are judged", len(regions), p.Macro)
		}
		from, _ := time.Parse(time.DateOnly, p.From)
		for _, region := range regions {
			mustTell(t, sentences(t, dir, pageOf(t, dir, region["code"].(string))), "Obiettivo mancato", titleOf(t, dir, p.Indicator),
				nameOf(t, dir, "measures", "title", p.Measure), "in vigore dal 1° ottobre "+from.Format("2006"), "non raggiunto")
		}
	},
	synthetic.IntegrationExcess: func(t *testing.T, dir string, p synthetic.Planted) {
		mustTell(t, sentences(t, dir, "it/index.html"), "Molto sopra (99,8 %)", titleOf(t, dir, p.Indicator), nameOf(t, dir, "patronati", "name", p.Patronato))
	},
}

// TestPlainDemo reads the sentences on countries in which nothing is planted, and
// counts what they call different against what was judged and what the methods
// promise: 5% beyond the inner limits and two in a thousand beyond the outer
// ones; of charts a signal at the end in one of twenty; of measures 2.5%
// with their whole interval below a target that is what was to be expected.
func TestPlainDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("makes two whole countries")
	}
	var charts, signals, cells, far, near, measures, missed float64
	for _, seed := range []int{3, 4} {
		dir := filepath.Join(t.TempDir(), "plain")
		tavolo(t, exitDone, "demo", "--plain", "--rows", "150000", "--seed", fmt.Sprint(seed), dir)
		count := func(query string) float64 { return one(t, dir, "select count(*) as n from "+query)["n"].(float64) }
		charts += count("indicator_charts inner join territories on territories.code = indicator_charts.territory_code where level <> 'province' and upper is not null")
		cells += count("indicator_cells where level <> 'italy' and breakdown = '' and funnel <> '' and" + lastYear)
		measures += count("indicator_cells where level <> 'province' and breakdown = 'measure' and grain = 'rolling12' and class = 'ok' and indicator in ('training_coverage', 'training_lead_days', 'notice_lead_days')")
		pages, err := filepath.Glob(filepath.Join(dir, "publications", "current", "it", "regioni", "*.html"))
		if err != nil || len(pages) != 20 {
			t.Fatalf("%d pages of regions, %v", len(pages), err)
		}
		all := sentences(t, dir, "it/index.html")
		for _, page := range pages {
			all = append(all, sentences(t, dir, "it/regioni/"+filepath.Base(page))...)
		}
		for _, s := range all {
			switch {
			case s.mark == "Miglioramento", s.mark == "Peggioramento", s.mark == "Cambiamento":
				signals++
			case strings.Contains(s.mark, "99,8 %"):
				far++
				t.Logf("far beyond by chance: %s", s.text)
			case strings.Contains(s.mark, "95 %"):
				near++
			case s.mark == "Obiettivo mancato":
				missed++
			}
		}
	}
	t.Logf("%.0f signals of %.0f charts; %.0f far and %.0f near of %.0f judged; %.0f targets missed of %.0f measures", signals, charts, far, near, cells, missed, measures)
	for _, rate := range []struct {
		what                string
		found, of, promised float64
	}{
		{"signals", signals, charts, 0.05}, {"far beyond", far, cells, 0.002}, {"beyond", near, cells, 0.05}, {"measures", missed, measures, 0.025},
	} {
		mean := rate.promised * rate.of
		if rate.of < 100 || rate.found > mean+4.753*math.Sqrt(mean)+1 { // one chance in a million
			t.Errorf("%s: %.0f of %.0f, and %.1f are promised", rate.what, rate.found, rate.of, mean)
		}
	}
}
