package svg

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"strings"
	"testing"
)

// renderer starts a renderer with the library that make build fetches.
func renderer(t testing.TB) *Renderer {
	t.Helper()
	script, err := os.ReadFile("../html/assets/echarts.min.js")
	if err != nil {
		t.Fatalf("%v; in reports/html: npm ci && npm run assets", err)
	}
	library, err := Compile(script)
	if err != nil {
		t.Fatal(err)
	}
	r, err := library.Renderer()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// option is a chart with an axis of the given name and a point with the given label.
func option(name, label string) json.RawMessage {
	text, err := json.Marshal(map[string]any{
		"grid":  map[string]any{"left": 50, "top": 20, "right": 20, "bottom": 40, "outerBoundsMode": "none"},
		"xAxis": map[string]any{"type": "value", "name": name, "min": 0, "max": 5, "interval": 5, "axisLabel": map[string]any{"texts": map[string]string{"0": "zero", "5": "five"}}},
		"yAxis": map[string]any{"type": "value", "min": 0, "max": 4},
		"series": []any{
			map[string]any{"type": "scatter", "itemStyle": map[string]any{"color": "var(--accent)", "borderColor": "var(--surface)", "borderWidth": 1.5, "opacity": 1}, "symbolSize": 10,
				"data": []any{map[string]any{"name": label, "value": []float64{1, 2}, "label": map[string]any{"show": true, "formatter": label}}}},
			map[string]any{"type": "line", "showSymbol": false, "data": [][]float64{{0, 1}, {5, 2}}, "lineStyle": map[string]any{"color": "var(--limit)", "type": "dashed"}},
		},
	})
	if err != nil {
		panic(err)
	}
	return text
}

func TestRender(t *testing.T) {
	r := renderer(t)
	drawing := Drawing{ID: "c1", Title: "A <title>", Description: "What it & shows", Lang: "en", Width: 600, Height: 300}
	out, err := r.Render(option("cases", "Roma"), drawing)
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, want := range []string{
		`viewBox="0 0 600 300"`, `role="img"`, `lang="en"`, `aria-labelledby="c1-t c1-d"`,
		`<title id="c1-t">A &lt;title&gt;</title>`, `<desc id="c1-d">What it &amp; shows</desc>`,
		`fill="var(--accent)"`, `stroke="var(--limit)"`, `<circle `, ">cases<", ">zero<", ">five<", ">Roma<", `id="c1-c`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the drawing has no %s", want)
		}
	}
	for _, unwanted := range []string{"style", "class=\"zr", "ecmeta", "#fe0", "font-family", "\ue000", "zr0", "<script"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("the drawing has %q", unwanted)
		}
	}
	if err := xml.Unmarshal(out, new(any)); err != nil {
		t.Errorf("the drawing is not well formed: %v", err)
	}
	again, err := renderer(t).Render(option("cases", "Roma"), drawing)
	if err != nil || string(again) != text {
		t.Errorf("another engine draws other bytes (%v)", err)
	}
}

// TestLanguages checks that two languages share one drawing and keep their words.
func TestLanguages(t *testing.T) {
	r := renderer(t)
	drawings := 0
	for _, name := range []string{"casi", "a much longer name of an axis"} {
		out, err := r.Render(option(name, "Roma"), Drawing{ID: "c", Width: 600, Height: 300})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(out), ">"+name+"<") {
			t.Errorf("the drawing lost %q", name)
		}
	}
	r.library.drawn.Range(func(any, any) bool { drawings++; return true })
	if drawings != 1 {
		t.Errorf("%d drawings were made for one chart in two languages", drawings)
	}
}

func TestHostileLabel(t *testing.T) {
	const hostile = `</svg><img src=x onerror=alert(1)>`
	out, err := renderer(t).Render(option(hostile, hostile), Drawing{ID: "c", Title: hostile, Description: hostile, Width: 600, Height: 300})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "<img") {
		t.Errorf("a label became markup: %s", out)
	}
	if !strings.Contains(string(out), "&lt;img src=x onerror=alert(1)&gt;") {
		t.Error("a label with markup is not shown as text")
	}
}

func TestRenderRefuses(t *testing.T) {
	if _, err := Compile(nil); err == nil {
		t.Error("an empty library was compiled")
	}
	if _, err := renderer(t).Render(json.RawMessage(`{"series": [`), Drawing{ID: "c7"}); err == nil || !strings.Contains(err.Error(), "c7") {
		t.Errorf("broken options: %v, want an error that names the chart", err)
	}
}

func TestShorten(t *testing.T) {
	for given, want := range map[string]string{"1.005": "1", "12.3456": "12.35", "-0.0001": "0", "100.999": "101", "7.100": "7.1", "x": "x"} {
		if got := shorten(given); got != want {
			t.Errorf("shorten(%q) = %q, want %q", given, got, want)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	r := renderer(b)
	for b.Loop() {
		r.library.drawn.Clear()
		if _, err := r.Render(option("cases", "Roma"), Drawing{ID: "c", Width: 600, Height: 300}); err != nil {
			b.Fatal(err)
		}
	}
}
