package reports

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"tavolo/transform/kpi"
)

// axis is one side of a plot. It has either names, or a range with ticks whose
// labels are already written in the page's language.
type axis struct {
	name      string
	nameAlign string   // left of a vertical axis: its name then begins at the axis and is not cut
	names     []string // of a side with categories, in order
	every     int      // with names: label every so many; 0 for all
	min       float64
	max       float64
	step      float64
	texts     map[string]string // written value of a tick → its label
	log       bool
	hidden    bool // no grid lines
}

// option writes the axis over what go-echarts made of it.
func (a axis) option(o map[string]any) map[string]any {
	label := map[string]any{"color": "var(--muted)", "fontSize": 12}
	o["axisLine"] = map[string]any{"show": a.names != nil, "lineStyle": map[string]any{"color": "var(--line)"}}
	o["axisTick"] = map[string]any{"show": false}
	o["splitLine"] = map[string]any{"show": a.names == nil && !a.hidden,
		"lineStyle": map[string]any{"color": "var(--rule)"}}
	o["nameTextStyle"] = map[string]any{"color": "var(--muted)", "fontSize": 12, "align": a.nameAlign}
	if a.names != nil {
		o["data"] = a.names
		label["interval"] = 0
		if a.every > 1 {
			label["interval"] = a.every - 1
		}
	} else {
		o["min"], o["max"] = a.min, a.max
		if !a.log {
			o["interval"] = a.step
		}
		label["texts"] = a.texts
	}
	o["axisLabel"] = label
	return o
}

func (a axis) kind() string {
	switch {
	case a.names != nil:
		return "category"
	case a.log:
		return "log"
	default:
		return "value"
	}
}

// unitAxis covers values of a unit from low to high with round ticks. It begins
// at zero unless the values lie far from it and close together.
func unitAxis(unit kpi.Unit, low, high float64, lang string) axis {
	if low > 0 && low < 0.6*high {
		low = 0
	}
	if high-low <= 1e-9*math.Abs(high) { // the same but for the last digit
		high = low + 1/unit.Scale()
		if unit == kpi.Percent && high > 1 { // there is no room above the whole
			low, high = low-1/unit.Scale(), 1
		}
	}
	step := niceStep((high - low) / 4.5)
	a := axis{min: math.Floor(low/step+1e-9) * step, max: math.Ceil(high/step-1e-9) * step, step: step,
		texts: map[string]string{}}
	if unit == kpi.Percent {
		a.min, a.max = math.Max(a.min, 0), math.Min(a.max, 1)
	}
	decimals := int(math.Max(0, -math.Floor(math.Log10(step*unit.Scale())+1e-9)))
	suffix := ""
	if unit == kpi.Percent {
		suffix = map[string]string{"it": "\u202f%", "en": "%"}[lang]
	}
	for i := 0; i <= 20; i++ {
		at := a.min + float64(i)*step
		if at > a.max+step/2 {
			break
		}
		a.texts[tickKey(at)] = kpi.Number(at*unit.Scale(), decimals, lang) + suffix
	}
	return a
}

// sizeAxis covers numbers of cases: by powers of ten where they differ much.
func sizeAxis(low, high float64, name, lang string) axis {
	if low > 0 && high/low > 15 {
		least := math.Pow(10, math.Floor(math.Log10(low)))
		a := axis{name: name, log: true, texts: map[string]string{}, min: least, max: niceStep(high)}
		if low >= 5*least {
			a.min = 5 * least
		}
		for at := least; at <= a.max*1.01; at *= 10 {
			a.texts[tickKey(math.Round(at))] = kpi.Number(at, 0, lang)
		}
		return a
	}
	a := unitAxis(kpi.Count, 0, high, lang)
	a.name = name
	return a
}

// share is how far along the axis a value lies, from 0 to 1.
func (a axis) share(value float64) float64 {
	if a.log {
		return math.Log(value/a.min) / math.Log(a.max/a.min)
	}
	return (value - a.min) / (a.max - a.min)
}

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(raw float64) float64 {
	magnitude := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, factor := range []float64{1, 2, 5, 10} {
		if raw <= factor*magnitude*(1+1e-9) {
			return factor * magnitude
		}
	}
	return 10 * magnitude
}

// tickKey writes a number as JavaScript's String does after rounding to twelve
// digits, so that the labels are found again.
func tickKey(value float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'e', 11, 64), 64)
	if rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// finite gives a coordinate to seven digits, or the mark by which ECharts
// leaves a gap.
func finite(value float64) any {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "-"
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 7, 64), 64)
	return rounded
}

// fine is finite to five digits, less than a pixel: lines have many points, and nobody
// reads them off one.
func fine(value float64) any {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "-"
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 5, 64), 64)
	return rounded
}

// room is the width that the labels of a vertical axis need, in pixels. It is
// an estimate from the number of letters: nothing can measure them here.
func (a axis) room() int {
	longest := 0
	for _, name := range a.names {
		longest = max(longest, utf8.RuneCountInString(name))
	}
	for _, text := range a.texts {
		longest = max(longest, utf8.RuneCountInString(text))
	}
	return 16 + int(6.9*float64(longest))
}

// overhang is the room that the last label of an axis from left to right needs beyond its
// end, in pixels, as room estimates it.
func (a axis) overhang() int {
	longest := 0
	for written, text := range a.texts {
		if at, err := strconv.ParseFloat(written, 64); err == nil && a.share(at) > 0.97 {
			longest = max(longest, utf8.RuneCountInString(text))
		}
	}
	return 4 + int(6.9*float64(longest)/2)
}

// clipped shortens a name that would take too much of a chart's width.
func clipped(name string) string {
	const most = 34
	if utf8.RuneCountInString(name) <= most {
		return name
	}
	return strings.TrimRight(string([]rune(name)[:most-1]), " ,") + "…"
}

// spread moves the labels of rules apart so that no two are closer than a line
// of text. The rules may be in any order; height is that of the plot's area.
func spread(rules []rule, a axis, height float64) {
	const line = 14.0
	order := make([]int, len(rules))
	for i := range order {
		order[i] = i
	}
	for i := 1; i < len(order); i++ { // few rules: insertion by value, highest first
		for j := i; j > 0 && rules[order[j]].at > rules[order[j-1]].at; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	below := math.Inf(-1)
	for _, i := range order {
		if rules[i].label == "" {
			continue
		}
		at := (a.max - rules[i].at) / (a.max - a.min) * height
		place := math.Max(at, below+line)
		rules[i].shift = int(math.Round(place - at))
		below = place
	}
}
