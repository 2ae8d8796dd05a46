package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tavolo/ingest/boundary"
	"tavolo/ingest/reference"
	pages "tavolo/reports/html"
	"tavolo/transform/result"
)

// some are indicators of every shape: a rate with strata and a target, a
// distribution with a target on its 90th percentile, a rate per residents, one
// of training, those of the Protocol, of proposals and of completeness.
var some = []string{"no_show_rate", "onsite_wait_minutes", "first_response_hours", "abandonment_rate",
	"patronato_share", "patronato_mix", "patronato_mix_contacts", "patronato_services", "contacts_per_1000", "integration_rate", "training_coverage", "protocol_adoption",
	"milestone_operational_protocol", "proposals_accepted_share", "proposal_decision_days", "completeness"}

// built writes the site of a set and gives its folder.
func built(t *testing.T, set *result.Set) string {
	t.Helper()
	if _, err := pages.ChartLibrary(); errors.Is(err, pages.ErrNotBuilt) {
		t.Fatalf("%v; in reports/html: npm ci && npm run assets", err)
	}
	dir := filepath.Join(t.TempDir(), "site")
	if err := Write(context.Background(), dir, Site{Set: set, Maps: []*boundary.Map{chequered(set, reference.LevelProvince)}}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// eachPage calls f with the path and the tree of every page of a site.
func eachPage(t *testing.T, dir string, f func(name string, text []byte, root *html.Node)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		root, err := html.Parse(bytes.NewReader(text))
		if err != nil {
			return err
		}
		f(name, text, root)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// elements gives all elements of a tree in order.
func elements(root *html.Node) []*html.Node {
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// TestSite builds one site and looks at it as text and in a browser.
func TestSite(t *testing.T) {
	set := fixture(t, some...)
	withhold(set, "abandonment_rate", "14")
	lengthen(set)
	dir := built(t, set)
	t.Run("pages", func(t *testing.T) { checkPages(t, dir) })
	t.Run("names", func(t *testing.T) { checkNames(t, dir) })
	t.Run("exports", func(t *testing.T) { checkExports(t, dir) })
	t.Run("themes", func(t *testing.T) { checkThemes(t, dir) })
	t.Run("patronati", func(t *testing.T) { checkPatronati(t, dir) })
	t.Run("territories", func(t *testing.T) { checkTerritories(t, dir) })
	t.Run("choice", func(t *testing.T) { checkMapChoice(t, dir) })
	t.Run("periods", func(t *testing.T) { checkPeriodChoice(t, dir, set) })
	t.Run("days", func(t *testing.T) { checkDays(t, dir) })
	writeOnePack(t, dir, "058")
	writeOnePack(t, dir, "12")
	t.Run("browser", func(t *testing.T) { checkInBrowser(t, dir) })
}

// checkPages checks every page of a site: size, one h1, unique ids, no inline
// style or handler, a banner, and that every link leads somewhere.
func checkPages(t *testing.T, dir string) {
	ids := map[string]map[string]bool{} // page → ids
	links := map[string][]string{}      // page → hrefs
	count := 0
	eachPage(t, dir, func(name string, text []byte, root *html.Node) {
		count++
		if len(text) > 300_000 {
			t.Errorf("%s has %d bytes, more than 300,000", name, len(text))
		}
		headings := 0
		ids[name] = map[string]bool{}
		for _, n := range elements(root) {
			if n.Data == "h1" {
				headings++
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "style", strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: <%s> has an attribute %s", name, n.Data, a.Key)
				case a.Key == "id" && ids[name][a.Val]:
					t.Errorf("%s: id %q is there twice", name, a.Val)
				case a.Key == "id":
					ids[name][a.Val] = true
				case a.Key == "href" && n.Data != "use":
					links[name] = append(links[name], a.Val)
				}
			}
		}
		if headings != 1 {
			t.Errorf("%s has %d h1, want 1", name, headings)
		}
		if !bytes.Contains(text, []byte(`class="banner"`)) {
			t.Errorf("%s does not say that its data are synthetic", name)
		}
	})
	if want := 1 + 2*(8+20+107+23+result.ArrivalMonths+len(some)); count != want {
		t.Errorf("%d pages, want %d", count, want)
	}
	for page, hrefs := range links {
		for _, href := range hrefs {
			checkLink(t, dir, page, href, ids)
		}
	}
}

func checkLink(t *testing.T, dir, page, href string, ids map[string]map[string]bool) {
	t.Helper()
	if href == "data:," {
		return
	}
	file, fragment, _ := strings.Cut(href, "#")
	target := page
	if file != "" {
		target = path.Join(path.Dir(page), file)
	}
	if _, err := os.Stat(filepath.Join(dir, target)); err != nil {
		t.Errorf("%s: link to %q leads nowhere", page, href)
	} else if strings.Contains(fragment, "=") { // a choice on the page of comparisons
		if chosen := regexp.MustCompile(`^(t=(IT|[0-9]{2,3})|i=[a-z0-9_]+)$`); !chosen.MatchString(fragment) || !strings.Contains(target, "/co") {
			t.Errorf("%s: link to %q chooses nothing", page, href)
		}
	} else if fragment != "" && !ids[target][fragment] {
		t.Errorf("%s: link to %q: %s has no id %q", page, href, target, fragment)
	}
}

// TestSameBytes checks that the same set gives the same site, whether pages are
// made one after another or several at a time.
func TestSameBytes(t *testing.T) {
	read := func(dir string) map[string]string {
		all := map[string]string{}
		_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				text, _ := os.ReadFile(filepath.Join(dir, name))
				all[name] = string(text)
			}
			return err
		})
		return all
	}
	set := fixture(t, "no_show_rate")
	alone := filepath.Join(t.TempDir(), "site")
	if err := Write(context.Background(), alone, Site{Set: set, Maps: []*boundary.Map{chequered(set, reference.LevelProvince)}, Workers: 1}); err != nil {
		t.Fatal(err)
	}
	first, second := read(built(t, set)), read(alone)
	if len(first) != len(second) {
		t.Fatalf("%d files, then %d", len(first), len(second))
	}
	for name, text := range first {
		if text != second[name] {
			t.Errorf("%s differs from one run to the next", name)
		}
	}
}

// TestHostileLabels puts markup into every name that reaches a page and looks
// for it in the trees of the pages.
func TestHostileLabels(t *testing.T) {
	const hostile = `</script><img src=x onerror=alert(1)>__f__{{7*7}}`
	set := fixture(t, "integration_rate")
	set.Charts = nil // they hold no name; without them the site is built sooner
	i := &set.Catalogue.Indicators[0]
	i.Title.IT, i.Title.EN, i.Short.IT, i.Not.IT, i.DenominatorText.IT = hostile, hostile, hostile, hostile, hostile
	set.Run.Owner, set.Run.ID = hostile, hostile
	set.Models[i.Mart] = hostile
	for k := range set.Batches {
		set.Batches[k].File, set.Batches[k].Source = hostile, "=cmd|' /C calc'!A0"
	}
	for k := range set.Refused {
		set.Refused[k].Example, set.Refused[k].Column = hostile, hostile
	}
	for k := range set.Cells {
		if set.Cells[k].Breakdown != "" {
			set.Cells[k].Item = hostile
		}
	}
	dir := built(t, set)
	eachPage(t, dir, func(name string, text []byte, root *html.Node) {
		for _, n := range elements(root) {
			if n.Data == "img" {
				t.Errorf("%s: a label became an element", name)
			}
			if _, ok := attribute(n, "onerror"); ok {
				t.Errorf("%s: a label became a handler", name)
			}
			if id, _ := attribute(n, "id"); n.Data == "script" && id == "data" && !json.Valid([]byte(n.FirstChild.Data)) {
				t.Errorf("%s: the data is not JSON", name)
			}
		}
	})
	for _, name := range []string{"it/qualita-dati-ledger.csv", "it/qualita-dati.xlsx"} {
		rows := unpacked(t, filepath.Join(dir, name))
		if strings.Contains(rows, "\n=cmd") || strings.Contains(rows, ">=cmd") || !strings.Contains(rows, "'=cmd") {
			t.Errorf("a formula is not defused in %s:\n%s", name, rows)
		}
		if strings.Contains(rows, "<f>") {
			t.Errorf("%s has a formula", name)
		}
	}
}

// TestHidden checks that a withheld figure is nowhere, and that it is said.
func TestHidden(t *testing.T) {
	set := fixture(t, "no_show_rate")
	set.Charts = nil
	secret := 0.123456
	for k := range set.Cells {
		c := &set.Cells[k]
		if c.Territory == "007" && c.Grain == result.Rolling12 { // withheld, but carelessly
			*c = absentCell(c.Indicator, c.Territory)
			c.Level, c.Grain, c.Start, c.Class, c.Value = "province", result.Rolling12, set.Run.LastMonth, result.Hidden, secret
		}
	}
	dir := built(t, set)
	text, err := os.ReadFile(filepath.Join(dir, "it/indicatori/no_show_rate.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"it/indicatori/no_show_rate.xlsx", "it/indicatori/no_show_rate-territories.csv", "data/indicators/territories.parquet"} {
		for _, leak := range []string{"12.3456", "12,3456", "0.123456", "0,123456", packed(secret), packed(100 * secret)} {
			if strings.Contains(unpacked(t, filepath.Join(dir, name)), leak) {
				t.Errorf("%s holds a withheld figure as %q", name, leak)
			}
		}
	}
	for from, to := range map[string]string{`href="../province/007-valle-d-aosta.html" tabindex`: "</a>", `<th scope=row><a href="../province/007-valle-d-aosta.html"`: "</tr>"} {
		at := bytes.Index(text, []byte(from))
		if at < 0 {
			t.Errorf("the page has no %s", from)
			continue
		}
		place, _, _ := bytes.Cut(text[at:], []byte(to))
		if !bytes.Contains(place, []byte("riservato")) {
			t.Errorf("a withheld cell does not say so: %s", place)
		}
		for _, leak := range []string{"12,3", "12.3", "0,123", "0.123"} {
			if bytes.Contains(place, []byte(leak)) {
				t.Errorf("a withheld cell shows its figure: %s", place)
			}
		}
	}
}

// TestThin checks that a set with hardly anything in it still gives a site.
func TestThin(t *testing.T) {
	set := fixture(t, "no_show_rate")
	set.Cells, set.Funnels, set.Charts, set.Decomposed = nil, nil, nil, nil
	set.Batches, set.Refused, set.Checks, set.Models = nil, nil, nil, nil
	set.Run.Synthetic = false
	dir := built(t, set)
	text, err := os.ReadFile(filepath.Join(dir, "it/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte(`class="banner"`)) || !bytes.Contains(text, []byte("n.d.")) || bytes.Contains(text, []byte(">NaN")) {
		t.Error("a set without figures does not say so")
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := Write(context.Background(), dir, Site{}); err == nil {
		t.Error("a site without a set was written")
	}
	if err := os.WriteFile(filepath.Join(dir, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), dir, Site{Set: &result.Set{}}); err == nil || !strings.Contains(err.Error(), "must be empty") {
		t.Errorf("a folder with files in it: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, filepath.Join(dir, "new"), Site{Set: fixture(t, "no_show_rate")}); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupt: %v", err)
	}
}

func TestChartRefusesNoNumber(t *testing.T) {
	p := plot{width: 100, height: 100, y: axis{max: math.Inf(1)}, x: axis{names: []string{"a"}}}
	if _, err := p.build(); err == nil {
		t.Error("options with an infinity were accepted")
	}
	p = plot{width: 100, height: 100, x: axis{max: 1, step: 1}, y: axis{max: 1, step: 1},
		groups: []group{{points: []point{{x: math.NaN(), y: 1}}}}}
	c, err := p.build()
	if err != nil || !strings.Contains(string(c.option), `["-",1]`) {
		t.Errorf("a point without a value is no gap: %v %s", err, c.option)
	}
}
