package html

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is a page with a hostile text wherever a text can stand.
func page(text string) *Page {
	link := Link{Text: text, Href: "it/x.html"}
	table := &Table{ID: "t", Caption: text, Columns: []Column{{Title: text}, {Title: text, Numeric: true, Long: text}}, Filter: text, Sortable: true,
		Rows: []Row{{Group: text}, {ID: "r", Cells: []Cell{{Text: text, Sub: text}, {Text: text, Sort: text, Mark: &Mark{Kind: "above", Tone: "worse", Text: text, Long: text}}}}}, Notes: []string{text}}
	return &Page{Lang: "it", Path: "it/x.html", Title: text, Heading: text, Lead: text, Facts: []Fact{{text, text, text}}, Crumbs: []Link{link, link},
		Nav: []Link{link}, Languages: []Link{link}, Contents: []Link{link}, Banner: text, Owner: text, Footer: []string{text}, Kind: "quality",
		Data: Data{Search: []SearchGroup{{text, text, [][2]string{{text, text}}}}, Words: map[string]string{"rows": text}, Charts: map[string]json.RawMessage{"c": json.RawMessage(`{"a":1}`)}},
		Body: Quality{Sentences: []Sentence{{Mark: Mark{Kind: "met", Text: text}, Lead: text, Text: text, Href: text, More: text}}, Ledger: table, Refused: table, Checks: table, Reading: text}}
}

func TestTextStaysText(t *testing.T) {
	const hostile = `</script><img src=x onerror=alert(1)>"'` + "`" + `__f__`
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.Render(&out, page(hostile)); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "img":
			t.Error("a text became an element")
		case "script":
			scripts++
		case "h1":
			if n.FirstChild == nil || n.FirstChild.Data != hostile {
				t.Error("the heading is not shown as it is")
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(a.Val), "javascript:") {
				t.Errorf("<%s %s=%q> runs script", n.Data, a.Key, a.Val)
			}
			if n.Data == "script" && a.Key == "type" {
				var back Data
				if err := json.Unmarshal([]byte(n.FirstChild.Data), &back); err != nil || back.Search[0].Entries[0][0] != hostile {
					t.Errorf("the data does not come back: %v", err)
				}
			}
		}
	}
	if scripts != 2 {
		t.Errorf("%d script elements, want the data and the script", scripts)
	}
}

// TestPolicy checks that the policy of a page admits its own style and script,
// by their hash, and no others.
func TestPolicy(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.Render(&out, page("x")); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	policy := ""
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		switch {
		case attr["http-equiv"] == "Content-Security-Policy":
			policy = attr["content"]
		case n.Data == "style", n.Data == "script" && attr["type"] == "":
			if !strings.Contains(policy, digest([]byte(n.FirstChild.Data))) {
				t.Errorf("the policy does not admit the page's <%s>", n.Data)
			}
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "'self'") {
		t.Errorf("the policy is loose: %s", policy)
	}
}

func TestRenderRefuses(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	p := page("x")
	p.Lang = "de"
	if err := r.Render(new(bytes.Buffer), p); err == nil {
		t.Error("a page in German was made")
	}
}

func TestRelative(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"index.html", "it/index.html", "it/index.html"},
		{"it/index.html", "assets/echarts.min.js", "../assets/echarts.min.js"},
		{"it/regioni/12-lazio.html", "en/index.html#a", "../../en/index.html#a"},
		{"it/regioni/12-lazio.html", "it/province/058-roma.html", "../province/058-roma.html"},
		{"it/regioni/12-lazio.html", "it/regioni/12-lazio.html#t", "12-lazio.html#t"},
		{"it/index.html", "italia/x.html", "../italia/x.html"},
	} {
		if got := Relative(c.from, c.to); got != c.want {
			t.Errorf("Relative(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestSlim(t *testing.T) {
	style := "/* why;\n this */\nth, td { padding: 0 1px; }\n@media (min-width: 1em) {\n  a:hover b::after { content: \" ↕\"; }\n}\n"
	if got, want := slimStyle(style), `th,td{padding:0 1px;}@media (min-width:1em){a:hover b::after{content:" ↕";}}`; got != want {
		t.Errorf("style %q, want %q", got, want)
	}
	if got, want := slimScript("// what\nfunction f() {\n  return 1; // one\n\n}\n"), "function f() {\nreturn 1;\n}\n"; got != want {
		t.Errorf("script %q, want %q", got, want)
	}
}

func TestOutlines(t *testing.T) {
	shapes, box, err := Outlines()
	if errors.Is(err, ErrNotBuilt) {
		t.Fatalf("%v; here: npm ci && npm run assets", err)
	}
	if err != nil || len(shapes) != 20 || box != "0 0 610 793" {
		t.Errorf("Outlines: %d shapes in %q, %v", len(shapes), box, err)
	}
	for _, shape := range shapes {
		if !strings.HasPrefix(shape.Path, "M") || !strings.HasSuffix(shape.Path, "z") {
			t.Errorf("%s is no closed outline", shape.Name)
		}
	}
	for given, want := range map[string]string{
		"m 10,10 5,0 0,5 z m 3,3 1,1 z": "M10 10l5 0 0 5zM13 13l1 1z", // the second contour starts from where the first began
		"M 0,0 L 0.2,0 5,5 Z":           "M0 0l5 5z",
	} {
		if got, err := simplify(given); err != nil || got != want {
			t.Errorf("simplify(%q) = %q, %v, want %q", given, got, err, want)
		}
	}
	if _, err := simplify("M 0,0 C 1,1 2,2 3,3"); err == nil {
		t.Error("a curve was taken for lines")
	}
}

// TestPacker packs cells and reads them back: those of words recur once, and a text with
// a character that parts the others is kept whole.
func TestPacker(t *testing.T) {
	hostile := "3|4^5!6;7@8"
	table := &Table{Rows: []Row{
		{Cells: []Cell{{Text: "Lazio"}, {Text: "7,9 %", Sort: "0.079", Class: "ok"}, {Text: "inside"}, {Mark: &Mark{Kind: "above", Tone: "worse", Text: "Sopra (95 %)"}}}},
		{Cells: []Cell{{Text: "Molise"}, {Text: "5 %", Sort: "0.05", Class: "small"}, {Text: "inside"}, {Text: hostile}}},
		{Cells: []Cell{{Text: "Umbria"}, {Text: "riservato", Class: "hidden"}, {}, {Text: "3.210", Sort: "3210"}}},
	}}
	var packer Packer
	want := Packed{"7,9 %^0.079|@0|@1", "5 %^0.05!small|@0|@2", "@3|@4|3.210^"}
	if got := packer.Rows(table, nil, 1); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, none := packer.Rows(table, table, 1), (Packed{"||", "||", "||"}); !slices.Equal(got, none) {
		t.Errorf("what differs from itself: %q", got)
	}
	often := []OftenCell{{Text: "inside"}, {Text: "Sopra (95 %)", Kind: "above", Tone: "worse"}, {Text: hostile}, {Text: "riservato", Class: "hidden"}, {}}
	if !slices.Equal(packer.Often, often) {
		t.Errorf("%+v, want %+v", packer.Often, often)
	}
}
