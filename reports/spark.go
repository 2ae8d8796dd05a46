package reports

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// tenths writes a coordinate to a tenth, without a zero that says nothing.
func tenths(at float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(at, 'f', 1, 64), ".0")
}

// spark is the course of the months of a control chart, small: line, limits,
// target, and a dot where there is a signal and at the last month.
func (b *builder) spark(i *kpi.Indicator, c *result.Chart) template.HTML {
	if c == nil || len(c.Points) < 2 {
		return ""
	}
	v := html.Spark{Width: 240, Height: 48}
	low, high := sparkRange(i, c)
	if !(high > low) {
		return ""
	}
	x := func(n int) string {
		return tenths(4 + float64(n)*232/float64(len(c.Points)-1))
	}
	y := func(value float64) string {
		return tenths(44 - (value-low)/(high-low)*40)
	}
	if known(c.Lower) && known(c.Upper) {
		top, bottom := y(c.Upper), y(math.Max(c.Lower, low))
		v.Band = "M0 " + top + "H240V" + bottom + "H0z"
	}
	if i.Target != nil && i.TargetOn != "p90" && *i.Target >= low && *i.Target <= high {
		v.Target = "M0 " + y(*i.Target) + "H240"
	}
	v.Lines = sparkLines(c, x, y)
	last := -1
	for n, at := range c.Points {
		if !known(at.Value) {
			continue
		}
		last = n
		if at.Kind != "" && !at.Immature || alone(c, n) {
			v.Dot("M"+x(n)+" "+y(at.Value)+"h0", sparkClass(at.Kind))
		}
	}
	if last < 0 {
		return ""
	}
	class := sparkClass(c.Points[last].Kind)
	if c.Points[last].Immature {
		class = "immature"
	}
	v.Dot("M"+x(last)+" "+y(c.Points[last].Value)+"h0", class)
	v.Label = b.m.T("spark.label", "from", b.month(c.Points[0].Start), "to", b.month(c.Points[len(c.Points)-1].Start),
		"last", i.Unit.FormatTo(c.Points[last].Value, chartDigits(i, c), b.lang))
	return v.Draw()
}

func sparkClass(kind string) string {
	switch kind {
	case "improvement":
		return "better"
	case "concern":
		return "worse"
	}
	return kind
}

func sparkRange(i *kpi.Indicator, c *result.Chart) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, at := range c.Points {
		if known(at.Value) {
			low, high = math.Min(low, at.Value), math.Max(high, at.Value)
		}
	}
	if known(c.Lower) && known(c.Upper) {
		low, high = math.Min(low, math.Max(c.Lower, floorOf(i))), math.Max(high, c.Upper)
	}
	if i.Target != nil && i.TargetOn != "p90" { // shown when it is near; far away it would flatten the line
		if t := *i.Target; t > low-(high-low) && t < high+(high-low) {
			low, high = math.Min(low, t), math.Max(high, t)
		}
	}
	return low, high
}

// alone says whether a month has no value on either side, and so no line.
func alone(c *result.Chart, n int) bool {
	return (n == 0 || !known(c.Points[n-1].Value)) && (n == len(c.Points)-1 || !known(c.Points[n+1].Value))
}

// sparkLines are the stretches between months without a value.
func sparkLines(c *result.Chart, x func(int) string, y func(float64) string) []string {
	var lines []string
	var line strings.Builder
	for n, at := range c.Points {
		if !known(at.Value) {
			if line.Len() > 0 {
				lines = append(lines, line.String())
				line.Reset()
			}
			continue
		}
		letter := "L"
		if line.Len() == 0 {
			letter = "M"
		}
		line.WriteString(letter + x(n) + " " + y(at.Value))
	}
	if line.Len() > 0 {
		lines = append(lines, line.String())
	}
	return lines
}
