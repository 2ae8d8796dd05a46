package svg

import (
	"encoding/json"
	"strings"
	"testing"
)

// on is a drawing of a chart with an axis of values below, the labels given at its left, and
// points with labels.
func on(t *testing.T, x, y map[string]any, points ...map[string]any) string {
	t.Helper()
	label := map[string]any{"fontSize": 12}
	for _, side := range []map[string]any{x, y} {
		if side["axisLabel"] == nil {
			side["axisLabel"] = label
		}
	}
	data := make([]any, len(points))
	for n, one := range points {
		one["label"] = map[string]any{"show": true, "formatter": one["label"], "position": "right", "fontSize": 11.5}
		data[n] = one
	}
	options, err := json.Marshal(map[string]any{"grid": map[string]any{"left": 60, "right": 40, "top": 20, "bottom": 40}, "xAxis": x, "yAxis": y,
		"series": []any{map[string]any{"type": "scatter", "symbol": "circle", "symbolSize": 9, "itemStyle": map[string]any{}, "data": data}}})
	if err != nil {
		t.Fatal(err)
	}
	return drawn(t, options, Drawing{ID: "c", Width: 560, Height: 300})
}

func values(texts map[string]string) map[string]any {
	return map[string]any{"type": "value", "min": 0, "max": 10, "axisLabel": map[string]any{"fontSize": 12, "texts": texts}}
}

// TestNarrow checks what a narrow screen is told of a drawing: how its plot is laid out,
// how high it becomes, which texts have no room, and which turn to the other side.
func TestNarrow(t *testing.T) {
	rows := map[string]any{"type": "category", "data": []string{"Friuli-Venezia Giulia", "Roma"}, "inverse": true}
	few := map[string]string{"0": "0 %", "5": "5 %", "10": "10 %"}
	many := map[string]string{"0": "100.000", "2": "200.000", "4": "300.000", "6": "400.000", "8": "500.000", "10": "600.000"}
	for name, test := range map[string]struct {
		text           string
		want, unwanted []string
	}{
		"rows": {on(t, values(few), rows, map[string]any{"value": []float64{5, 0}, "label": ""}),
			[]string{`class="plot rows"`, `height="460"`, `<g class="names"`, `class="at-start">0 %<`, `100%">5 %<`, `class="at-end">10 %<`}, []string{"no-room"}},
		"upright": {on(t, values(few), values(few)),
			[]string{`class="plot"`, `height="300"`, `100%">0 %<`, `class="at-end">10 %<`}, []string{"names", "at-start", "no-room"}},
		"long labels": {on(t, values(many), values(many)),
			[]string{`class="plot deep"`, `class="no-room">200.000<`, `100%">100.000<`}, []string{`class="no-room">100.000<`}},
		"names beside marks": {on(t, values(few), values(few),
			map[string]any{"value": []float64{1, 1}, "label": "Roma"}, map[string]any{"value": []float64{6, 3}, "label": "Reggio di Calabria"},
			map[string]any{"value": []float64{4, 5}, "label": "a name that is too long for a phone"}),
			[]string{`<text class="flip" x="60%" y="70%"`, `<text class="no-room" x="40%" y="50%"`, `<text x="10%" y="90%"`}, nil},
	} {
		for _, want := range test.want {
			if !strings.Contains(test.text, want) {
				t.Errorf("%s: no %s in %s", name, want, test.text)
			}
		}
		for _, unwanted := range test.unwanted {
			if strings.Contains(test.text, unwanted) {
				t.Errorf("%s: there is %s", name, unwanted)
			}
		}
	}
}
