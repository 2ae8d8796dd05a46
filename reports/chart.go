package reports

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// chart is the picture of some figures: options that ECharts draws both in the
// browser and without one. Plain JSON: no functions, no number that is not finite.
//
// Two things in the options are ours and resolved on either side before ECharts
// sees them: colours are custom properties (`var(--accent)`), and axisLabel.texts
// gives the ticks their labels, written in the page's language.
type chart struct {
	option        json.RawMessage
	width, height int // of the static drawing, in CSS pixels
}

// The widths of still drawings: that of the page, and of two beside each other.
// They are near to what the pages give them, so that letters keep their size.
const (
	wide = 960
	half = 560
)

// point is one mark of a chart. Name is the whole text of its tooltip; where the plot has
// tips, row is where that stands.
type point struct {
	x, y  float64
	name  string
	row   int
	label string // written beside the mark; "" for none
	left  bool   // the label stands to the left of the mark, where the right has no room
}

// look is how the points of one kind appear: shape and colour, never colour alone.
type look struct {
	series string // name in the legend
	symbol string // circle, triangle, diamond, rect, or with 180° arrow-like by rotate
	rotate int
	size   int
	fill   string
	edge   string
}

// group is the points of one kind.
type group struct {
	look
	points []point
}

// rule is a straight line across a chart at one value, with its label at the end.
type rule struct {
	at     float64
	label  string
	colour string
	dash   string // solid, dashed, dotted
	shift  int    // of the label in pixels, so that two labels do not meet
}

// curve is a line through points.
type curve struct {
	series string
	points [][2]float64
	colour string
	dash   string
	width  float32
}

// plot is everything that one chart shows.
type plot struct {
	width, height int
	x, y          axis
	curves        []curve
	groups        []group
	rules         []rule // at values of the y axis; of the x axis when the y axis has names
	bars          []bar
	right         int // room for the labels of rules
	tips          *tips
}

// tips tell the script of the page to make the tooltips of the points from the rows of a
// table of the page, which say the same. The columns of Interval and Word are -1 for none;
// the word is said of a figure with a caution alone, or, when Always, of each.
type tips struct {
	Table    string `json:"table"`
	Value    int    `json:"value"`
	Interval int    `json:"interval"`
	N        int    `json:"n"`
	Word     int    `json:"word"`
	Always   bool   `json:"always"`
}

// bar is one horizontal bar.
type bar struct {
	value  float64
	name   string
	colour string
}

// build gives the options of a plot, checked.
func (p plot) build() (*chart, error) {
	c := charts.NewScatter()
	c.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: opts.FuncOpts("{b}"),
			BackgroundColor: "var(--surface)", BorderColor: "var(--line)"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithXAxisOpts(opts.XAxis{Type: p.x.kind(), Name: p.x.name, NameLocation: "middle", NameGap: 28}),
		charts.WithYAxisOpts(opts.YAxis{Type: p.y.kind(), Name: p.y.name, NameLocation: "end"}),
	)
	p.addBars(c)
	p.addCurves(c)
	p.addGroups(c)
	p.addRules(c)
	c.Validate()
	option, err := p.refine(c.JSON())
	if err != nil {
		return nil, err
	}
	return &chart{option, p.width, p.height}, nil
}

func (p plot) addBars(c *charts.Scatter) {
	if len(p.bars) == 0 {
		return
	}
	items := make([]opts.BarData, len(p.bars))
	for i, b := range p.bars {
		items[i] = opts.BarData{Name: b.name, Value: b.value, ItemStyle: &opts.ItemStyle{Color: b.colour}}
	}
	c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{Type: "bar", Data: items, BarMaxWidth: "16"})
}

func (p plot) addCurves(c *charts.Scatter) {
	for _, line := range p.curves {
		items := make([]opts.LineData, len(line.points))
		for i, at := range line.points {
			items[i] = opts.LineData{Value: []any{fine(at[0]), fine(at[1])}}
		}
		c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{
			Type: "line", Name: line.series, Data: items, ShowSymbol: opts.Bool(false), Symbol: "none",
			ItemStyle: &opts.ItemStyle{Color: line.colour},
			LineStyle: &opts.LineStyle{Color: line.colour, Type: line.dash, Width: line.width},
		})
	}
}

func (p plot) addGroups(c *charts.Scatter) {
	for _, g := range p.groups {
		if len(g.points) == 0 {
			continue
		}
		items := make([]opts.ScatterData, len(g.points))
		for i, at := range g.points {
			items[i] = opts.ScatterData{Name: at.name, Value: []any{finite(at.x), finite(at.y)}}
		}
		c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{
			Type: "scatter", Name: g.series, Data: items, Symbol: g.symbol, SymbolSize: g.size,
			ItemStyle: &opts.ItemStyle{Color: g.fill, BorderColor: g.edge, BorderWidth: 1.5, Opacity: opts.Float(1)},
		})
	}
}

// addRules hangs the straight lines on a series of their own without marks.
func (p plot) addRules(c *charts.Scatter) {
	if len(p.rules) == 0 {
		return
	}
	lines := make([]any, len(p.rules))
	for i, r := range p.rules {
		side, position := "yAxis", "end"
		if p.y.names != nil {
			side, position = "xAxis", "start" // the upper end, as the names run downwards
		}
		lines[i] = map[string]any{
			side:        r.at,
			"lineStyle": map[string]any{"color": r.colour, "type": r.dash, "width": 1.25},
			"label": map[string]any{"show": r.label != "", "formatter": r.label, "position": position,
				"color": "var(--ink)", "fontSize": 11.5, "offset": []int{0, r.shift}},
		}
	}
	c.MultiSeries = append(c.MultiSeries, charts.SingleSeries{
		Type: "scatter", Data: []opts.ScatterData{}, MarkLines: &opts.MarkLines{Data: lines},
	})
}

// refine adds to the options what go-echarts' types have no field for, and
// checks that they are JSON: a NaN or an infinity is refused here.
func (p plot) refine(built map[string]any) (json.RawMessage, error) {
	text, err := json.Marshal(built)
	if err != nil {
		return nil, fmt.Errorf("chart options: %w", err)
	}
	var option map[string]any
	if err := json.Unmarshal(text, &option); err != nil {
		return nil, fmt.Errorf("chart options: %w", err)
	}
	for _, unused := range []string{"title", "toolbox", "legend", "color"} {
		delete(option, unused)
	}
	p.x.nameAlign, p.y.nameAlign = "center", "left"
	option["xAxis"] = p.x.option(first(option["xAxis"]))
	option["yAxis"] = p.y.option(first(option["yAxis"]))
	if p.y.names != nil {
		option["yAxis"].(map[string]any)["inverse"] = true // the first name is the uppermost
	}
	option["grid"] = map[string]any{"left": p.y.room(), "right": p.right, "top": p.top(), "bottom": p.bottom(),
		"outerBoundsMode": "none"}
	option["tooltip"].(map[string]any)["renderMode"] = "richText"
	option["tooltip"].(map[string]any)["confine"] = true
	option["tooltip"].(map[string]any)["textStyle"] = map[string]any{"color": "var(--ink)", "fontSize": 13}
	series, _ := option["series"].([]any)
	groups := p.drawn()
	for _, one := range series {
		s := one.(map[string]any)
		switch s["type"] {
		case "line":
			s["silent"], s["z"] = true, 1
			s["emphasis"] = map[string]any{"disabled": true}
			for i, item := range s["data"].([]any) { // bare pairs: a third of the length
				s["data"].([]any)[i] = item.(map[string]any)["value"]
			}
		case "scatter":
			s["z"] = 3
			if _, isRules := s["markLine"]; isRules {
				refineRules(s)
			} else {
				refineGroup(s, groups[0], p.tips != nil)
				groups = groups[1:]
			}
		}
	}
	if p.tips != nil {
		option["tips"] = p.tips
	}
	checked, err := json.Marshal(option)
	if err != nil {
		return nil, fmt.Errorf("chart options: %w", err)
	}
	return checked, nil
}

func refineRules(series map[string]any) {
	line := series["markLine"].(map[string]any)
	line["symbol"], line["silent"], line["animation"] = "none", true, false
	line["precision"] = 12 // by default ECharts rounds the place of a line to two digits: 7.9% would be drawn at 8%
	series["silent"] = true
}

// refineGroup gives the points of a group their rotation and their labels, and, where
// their texts stand in a table, its row in place of them.
func refineGroup(series map[string]any, g group, hasTips bool) {
	if g.rotate != 0 {
		series["symbolRotate"] = g.rotate
	}
	series["labelLayout"] = map[string]any{"hideOverlap": true}
	items := series["data"].([]any)
	for i, at := range g.points {
		if item := items[i].(map[string]any); hasTips {
			item["value"] = append(item["value"].([]any), at.row)
			delete(item, "name")
			if at.label == "" {
				items[i] = item["value"]
			}
		}
		if at.label != "" {
			side := "right"
			if at.left {
				side = "left"
			}
			items[i].(map[string]any)["label"] = map[string]any{"show": true, "formatter": at.label, "position": side,
				"color": "var(--ink)", "fontSize": 11.5, "textBorderColor": "var(--surface)", "textBorderWidth": 3}
		}
	}
}

func (p plot) drawn() []group {
	var some []group
	for _, g := range p.groups {
		if len(g.points) > 0 {
			some = append(some, g)
		}
	}
	return some
}

// top and bottom leave room for the name of an axis, the label of a rule and
// the labels of the ticks.
func (p plot) top() int {
	if p.y.name != "" || p.y.names != nil && len(p.rules) > 0 {
		return 28
	}
	return 12
}

func (p plot) bottom() int {
	if p.x.name != "" {
		return 48
	}
	return 28
}

func first(list any) map[string]any {
	if all, ok := list.([]any); ok && len(all) > 0 {
		if one, ok := all[0].(map[string]any); ok {
			return one
		}
	}
	return map[string]any{}
}
