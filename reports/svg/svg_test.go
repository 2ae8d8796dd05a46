package svg

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// option is a chart with an axis of the given name and a point with the given label.
func optionOf(name, label string) json.RawMessage {
	text, err := json.Marshal(map[string]any{
		"grid":  map[string]any{"left": 50, "top": 20, "right": 50, "bottom": 40, "outerBoundsMode": "none"},
		"xAxis": map[string]any{"type": "value", "name": name, "min": 0, "max": 5, "interval": 5, "splitLine": map[string]any{"show": true, "lineStyle": map[string]any{"color": "var(--rule)"}}, "axisLabel": map[string]any{"fontSize": 12, "texts": map[string]string{"0": "zero", "5": "five"}}},
		"yAxis": map[string]any{"type": "value", "min": 0, "max": 4},
		"series": []any{
			map[string]any{"type": "scatter", "name": "cases", "symbol": "circle", "symbolSize": 10,
				"itemStyle": map[string]any{"color": "var(--accent)", "borderColor": "var(--surface)", "borderWidth": 1.5, "opacity": 1},
				"data":      []any{map[string]any{"name": "tooltip", "value": []float64{1, 2}, "label": map[string]any{"show": true, "formatter": label, "fontSize": 11.5}}}},
			map[string]any{"type": "line", "symbol": "none", "z": 1, "data": []any{[]any{0, 1}, []any{2, "-"}, []any{5, 2}, []any{5, 4}}, "lineStyle": map[string]any{"color": "var(--limit)", "type": "dashed", "width": 1.25}},
			map[string]any{"type": "scatter", "data": []any{}, "markLine": map[string]any{"symbol": "none", "data": []any{map[string]any{"yAxis": 3,
				"label": map[string]any{"show": true, "position": "end", "formatter": "limit", "fontSize": 11.5}, "lineStyle": map[string]any{"color": "var(--limit)", "type": "dotted"}}}}},
		},
	})
	if err != nil {
		panic(err)
	}
	return text
}

func drawn(t *testing.T, options json.RawMessage, d Drawing) string {
	t.Helper()
	out, err := Draw(options, d)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(out, new(any)); err != nil {
		t.Errorf("the drawing is not well formed: %v", err)
	}
	return string(out)
}

func TestDraw(t *testing.T) {
	drawing := Drawing{ID: "c1", Title: "A <title>", Description: "What it & shows", Lang: "en", Width: 600, Height: 300}
	text := drawn(t, optionOf("share", "Roma"), drawing)
	for _, want := range []string{
		`viewBox="0 0 600 300"`, `role="img"`, `lang="en"`, `aria-labelledby="c1-t c1-d"`,
		`<title id="c1-t">A &lt;title&gt;</title>`, `<desc id="c1-d">What it &amp; shows</desc>`,
		`<foreignObject class="plot" x="50" y="20" width="500" height="240">`, `<circle cx="20%" cy="50%" r="5"/>`, `fill="var(--accent)" stroke="var(--surface)" stroke-width="1.5"`,
		`d="M0 180M500 120L500 0" fill="none" stroke="var(--limit)" stroke-width="1.25" stroke-dasharray="5,2.5"`,
		`d="M0 0V240M500 0V240" fill="none" stroke="var(--rule)"`,
		`d="M0 60H500" fill="none" stroke="var(--limit)" stroke-dasharray="1"`,
		">share<", ">zero<", ">five<", ">Roma<", ">limit<",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the drawing has no %s", want)
		}
	}
	for _, unwanted := range []string{"style", "tooltip", "cases", "<script", "NaN"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("the drawing has %q", unwanted)
		}
	}
	if strings.Index(text, "<circle") < strings.Index(text, "stroke-dasharray=\"5") {
		t.Error("a line of a lower level lies above the marks")
	}
	if again := drawn(t, optionOf("share", "Roma"), drawing); again != text {
		t.Error("the same options give other bytes")
	}
}

func TestHostileLabel(t *testing.T) {
	const hostile = `</svg><img src=x onerror=alert(1)>"`
	text := drawn(t, optionOf(hostile, hostile), Drawing{ID: hostile, Title: hostile, Description: hostile, Lang: hostile, Width: 600, Height: 300})
	if strings.Contains(text, "<img") {
		t.Errorf("a label became markup: %s", text)
	}
	if !strings.Contains(text, "&lt;img src=x onerror=alert(1)&gt;") {
		t.Error("a label with markup is not shown as text")
	}
}

// TestRefuses checks that what cannot be drawn is an error that names the chart
// and the cause, and never a drawing that lacks something.
func TestRefuses(t *testing.T) {
	good := string(optionOf("share", "Roma"))
	for name, test := range map[string]struct{ old, new, want string }{
		"no JSON":           {`"series"`, `"series`, "options"},
		"an unknown option": {`"series"`, `"legend":{},"series"`, `"legend"`},
		"an unknown key":    {`"symbolSize"`, `"symbolKeepAspect":true,"symbolSize"`, `"symbolKeepAspect"`},
		"another series":    {`"type":"line"`, `"type":"pie"`, `"pie"`},
		"another symbol":    {`"symbol":"circle"`, `"symbol":"pin"`, `"pin"`},
		"another axis":      {`"type":"value"`, `"type":"time"`, `"time"`},
		"an empty axis":     {`"max":5`, `"max":0`, "from 0 to 0"},
		"a sloping symbol":  {`"symbolSize"`, `"symbolRotate":45,"symbolSize"`, "45"},
		"a bare value":      {`"value":[1,2]`, `"value":1`, "1 coordinates"},
		"no place":          {`"value":[1,2]`, `"value":[1,null]`, "null"},
		"a label below":     {`"position":"end"`, `"position":"start"`, "start"},
	} {
		if !strings.Contains(good, test.old) {
			t.Fatalf("%s: nothing to change", name)
		}
		broken := strings.Replace(good, test.old, test.new, 1)
		if _, err := Draw(json.RawMessage(broken), Drawing{ID: "c7", Width: 600, Height: 300}); err == nil ||
			!strings.Contains(err.Error(), "c7") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error that names the chart and has %s", name, err, test.want)
		}
	}
}

// TestScales checks where values of each sort of axis stand.
func TestScales(t *testing.T) {
	names := axis{Type: "category", Names: []string{"a", "b", "c", "d"}}
	log := axis{Type: "log", Min: 10, Max: 1000}
	value := axis{Type: "value", Min: -1, Max: 3, Interval: 1}
	flipped := names
	flipped.Inverse = true
	for name, test := range map[string]struct {
		axis     axis
		from, to float64
		value    float64
		want     float64
	}{
		"the first band":      {names, 0, 400, 0, 50},
		"the last band":       {names, 0, 400, 3, 350},
		"the first, above":    {flipped, 400, 0, 0, 50},
		"the middle of a log": {log, 100, 300, 100, 200},
		"the end of a log":    {log, 100, 300, 1000, 300},
		"zero":                {value, 0, 400, 0, 100},
		"upwards":             {value, 400, 0, 3, 0},
	} {
		if got := newScale(test.axis, test.from, test.to).at(test.value); got != test.want {
			t.Errorf("%s: at %v, want %v", name, got, test.want)
		}
	}
	if got := newScale(value, 0, 400).zero(); got != 100 {
		t.Errorf("bars begin at %v, want 100", got)
	}
	if got := newScale(log, 0, 400).splits(); len(got) != 3 {
		t.Errorf("lines across at %v, want one at each power of ten", got)
	}
}

// TestOverlap checks that of two labels in one place that of the larger mark is
// written, and that those apart from each other both are.
func TestOverlap(t *testing.T) {
	point := func(size int, y float64, label string) map[string]any {
		return map[string]any{"type": "scatter", "symbol": "diamond", "symbolSize": size, "itemStyle": map[string]any{},
			"data": []any{map[string]any{"value": []float64{1, y}, "label": map[string]any{"show": true, "formatter": label, "position": "right", "fontSize": 11.5}}}}
	}
	options, err := json.Marshal(map[string]any{"xAxis": map[string]any{"type": "value", "max": 5}, "yAxis": map[string]any{"type": "value", "max": 5},
		"series": []any{point(10, 2, "small"), point(14, 2.05, "large"), point(10, 4, "apart")}})
	if err != nil {
		t.Fatal(err)
	}
	text := drawn(t, options, Drawing{ID: "c", Width: 600, Height: 300})
	for label, want := range map[string]bool{">small<": false, ">large<": true, ">apart<": true} {
		if strings.Contains(text, label) != want {
			t.Errorf("label %s is written: %v, want %v", label, !want, want)
		}
	}
}

// TestWithin checks the property that nothing is drawn beyond the drawing, but
// what a clipping area cuts off.
func TestWithin(t *testing.T) {
	options := strings.Replace(string(optionOf("share", "Roma")), `[5,4]`, `[9,40]`, 1)
	text := drawn(t, json.RawMessage(options), Drawing{ID: "c", Width: 600, Height: 300})
	if !strings.Contains(text, `<svg class="lines cut"`) {
		t.Error("a line that leaves the plot is not cut off")
	}
	for _, found := range regexp.MustCompile(` (?:cx|cy|x|y)="([^"]+)%"`).FindAllStringSubmatch(text, -1) {
		if part, err := strconv.ParseFloat(found[1], 64); err != nil || part < 0 || part > 100 {
			t.Errorf("%s lies beyond the plot", found[0])
		}
	}
}

func TestPixels(t *testing.T) {
	for given, want := range map[float64]string{1.005: "1", 12.3456: "12.35", -0.0001: "0", 100.999: "101", 7.1: "7.1", 50: "50", 0: "0"} {
		if got := pixels(given); got != want {
			t.Errorf("pixels(%v) = %q, want %q", given, got, want)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	options := optionOf("share", "Roma")
	for b.Loop() {
		if _, err := Draw(options, Drawing{ID: "c", Width: 600, Height: 300}); err != nil {
			b.Fatal(err)
		}
	}
}
