package svg

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
)

// option is the part of ECharts' options that can be drawn. Fields without a
// name of their own are for the pointer and the browser: they are accepted and
// leave no trace in a drawing.
type option struct {
	Grid   grid     `json:"grid"`
	X      axis     `json:"xAxis"`
	Y      axis     `json:"yAxis"`
	Series []series `json:"series"`

	Animation ignored `json:"animation"`
	Tooltip   ignored `json:"tooltip"`
	Tips      ignored `json:"tips"` // where the script of a page finds the texts of the points
}

type ignored = json.RawMessage

// grid is the margins of the area of a plot, in pixels.
type grid struct {
	Left   float64 `json:"left"`
	Right  float64 `json:"right"`
	Top    float64 `json:"top"`
	Bottom float64 `json:"bottom"`

	OuterBoundsMode ignored `json:"outerBoundsMode"` // none: ECharts keeps to the margins as we do
}

// axis is one side of a plot: of names, of numbers, or of their logarithms.
type axis struct {
	Type     string   `json:"type"` // category, value, log
	Name     string   `json:"name"`
	Names    []string `json:"data"`     // of a category axis
	Min      float64  `json:"min"`      // of the others
	Max      float64  `json:"max"`      //
	Interval float64  `json:"interval"` // of a value axis: from tick to tick
	Inverse  bool     `json:"inverse"`  // begins at the right, or above

	NameLocation string    `json:"nameLocation"` // middle or end
	NameGap      *float64  `json:"nameGap"`      // from the axis; 15 pixels
	NameStyle    textStyle `json:"nameTextStyle"`
	Label        struct {
		Color    string            `json:"color"`
		FontSize float64           `json:"fontSize"`
		Texts    map[string]string `json:"texts"`    // written value of a tick → its label
		Interval int               `json:"interval"` // names without a label between two that have one
	} `json:"axisLabel"`
	Line  stroke `json:"axisLine"`
	Split stroke `json:"splitLine"`
	Tick  struct {
		Show bool `json:"show"`
	} `json:"axisTick"`
}

type textStyle struct {
	Align    string  `json:"align"` // left, center
	Color    string  `json:"color"`
	FontSize float64 `json:"fontSize"`
}

// stroke is a line that may be hidden.
type stroke struct {
	Show  bool      `json:"show"`
	Style lineStyle `json:"lineStyle"`
}

type lineStyle struct {
	Color string  `json:"color"`
	Type  string  `json:"type"`  // solid, dashed, dotted
	Width float64 `json:"width"` // in pixels; 0 is 1
}

// series is one sort of marks.
type series struct {
	Type        string    `json:"type"` // line, scatter, bar
	Data        []datum   `json:"data"`
	Symbol      string    `json:"symbol"` // circle, triangle, diamond, rect, none
	Size        float64   `json:"symbolSize"`
	Rotate      float64   `json:"symbolRotate"` // 0 or 180
	Item        itemStyle `json:"itemStyle"`
	Line        lineStyle `json:"lineStyle"`
	BarMaxWidth string    `json:"barMaxWidth"` // in pixels
	MarkLine    markLine  `json:"markLine"`
	Z           *int      `json:"z"` // what is higher lies above

	Name        ignored `json:"name"`
	Emphasis    ignored `json:"emphasis"`
	Silent      ignored `json:"silent"`
	ShowSymbol  ignored `json:"showSymbol"`
	LabelLayout ignored `json:"labelLayout"` // hideOverlap, as here
}

type itemStyle struct {
	Color       string   `json:"color"`
	BorderColor string   `json:"borderColor"`
	BorderWidth float64  `json:"borderWidth"`
	Opacity     *float64 `json:"opacity"`
}

// markLine is straight lines across the area of the plot.
type markLine struct {
	Data []struct {
		X     *float64  `json:"xAxis"` // upright at this value, or
		Y     *float64  `json:"yAxis"` // level at this one
		Label label     `json:"label"`
		Line  lineStyle `json:"lineStyle"`
	} `json:"data"`

	Symbol    string  `json:"symbol"` // none
	Silent    ignored `json:"silent"`
	Animation ignored `json:"animation"`
	Precision ignored `json:"precision"`
}

// label is a text beside a mark or at an end of a line.
type label struct {
	Show        bool       `json:"show"`
	Text        string     `json:"formatter"`
	Position    string     `json:"position"` // of a mark: left, right; of a line: start, end
	Color       string     `json:"color"`
	FontSize    float64    `json:"fontSize"`
	BorderColor string     `json:"textBorderColor"` // around the letters
	BorderWidth float64    `json:"textBorderWidth"`
	Offset      [2]float64 `json:"offset"`
}

// datum is one point or bar. A coordinate is NaN where ECharts gets "-": a gap.
type datum struct {
	at    []float64 // one number of a bar, two of others; of a point whose text is elsewhere also where
	label label
	item  itemStyle
}

// UnmarshalJSON takes a bare pair, or an object with a value.
func (d *datum) UnmarshalJSON(text []byte) error {
	var whole struct {
		Value json.RawMessage `json:"value"`
		Label label           `json:"label"`
		Item  itemStyle       `json:"itemStyle"`
		Name  ignored         `json:"name"`
	}
	whole.Value = text
	if bytes.HasPrefix(text, []byte("{")) {
		if err := strict(text, &whole); err != nil {
			return err
		}
	}
	d.label, d.item = whole.Label, whole.Item
	var many []any
	if err := json.Unmarshal(whole.Value, &many); err != nil {
		many = make([]any, 1)
		if err := json.Unmarshal(whole.Value, &many[0]); err != nil {
			return err
		}
	}
	for _, one := range many {
		switch value := one.(type) {
		case float64:
			d.at = append(d.at, value)
		case string: // "-"
			d.at = append(d.at, math.NaN())
		default:
			return fmt.Errorf("a point at %s", whole.Value)
		}
	}
	return nil
}

// readOption reads options and refuses what cannot be drawn.
func readOption(text []byte) (*option, error) {
	o := &option{}
	if err := strict(text, o); err != nil {
		return nil, fmt.Errorf("options: %w", err)
	}
	for _, a := range []axis{o.X, o.Y} {
		switch {
		case a.Tick.Show:
			return nil, errors.New("options: ticks of an axis cannot be drawn")
		case a.Type == "category" && len(a.Names) == 0:
			return nil, errors.New("options: an axis of names has none")
		case a.Type == "value" || a.Type == "log":
			if a.Max <= a.Min || a.Type == "log" && a.Min <= 0 {
				return nil, fmt.Errorf("options: an axis from %v to %v", a.Min, a.Max)
			}
		case a.Type != "category":
			return nil, fmt.Errorf("options: an axis of type %q cannot be drawn", a.Type)
		}
	}
	return o, nil
}

func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// inOrder gives the series from the lowest to the uppermost.
func (o *option) inOrder() iter.Seq[*series] {
	order := make([]*series, len(o.Series))
	for i := range o.Series {
		order[i] = &o.Series[i]
	}
	slices.SortStableFunc(order, func(a, b *series) int { return cmp.Compare(a.height(), b.height()) })
	return slices.Values(order)
}

// height is a series' place in the pile.
func (s *series) height() int {
	if s.Z != nil {
		return *s.Z
	}
	return 2 // ECharts' own default
}

// thickest is the greatest width of a bar, in pixels; infinite without a limit.
func (s *series) thickest() float64 {
	if width, err := strconv.ParseFloat(s.BarMaxWidth, 64); err == nil {
		return width
	}
	return math.Inf(1)
}
