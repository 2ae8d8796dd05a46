package kpi

import (
	"math"
	"slices"

	"tavolo/ingest/strictyaml"
)

// Text is a text in the two languages of the reports. Neither is empty in a
// catalogue that Parse accepted.
type Text struct {
	IT string `yaml:"it"`
	EN string `yaml:"en"`
}

// In gives the text in a language, "it" or "en"; any other gives the Italian one.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.IT
}

// IsZero tells that neither language has a text.
func (t Text) IsZero() bool { return t == Text{} }

// Theme groups indicators in reports.
type Theme struct {
	strictyaml.Position
	ID          string `yaml:"id"`
	Title       Text   `yaml:"title"`
	Description Text   `yaml:"description"`
}

// Statistic is the kind of figure that an indicator is.
type Statistic string

// The statistics.
const (
	Rate         Statistic = "rate"         // sum of numerators over sum of denominators
	Distribution Statistic = "distribution" // nearest-rank median and 90th percentile of whole numbers
	Sum          Statistic = "sum"          // a count or an amount, over nothing
	StockDays    Statistic = "stock_days"   // a stock at the end of a period over the mean daily flow of the period
)

// Direction tells which way an indicator improves.
type Direction string

// The directions.
const (
	Up   Direction = "up"
	Down Direction = "down"
	None Direction = "none" // context: no way is better
)

// OpenIs tells on which side of the observed values of a distribution the open
// ones lie.
type OpenIs string

// The sides. What still runs lasts longer than what has ended; a notice that was
// not given is shorter than any that was.
const (
	Longer  OpenIs = "longer"
	Shorter OpenIs = "shorter"
)

// Interval is the method of the 95% interval of an indicator's value.
type Interval string

// The methods of intervals.
const (
	Wilson     Interval = "wilson" // numerator is part of the denominator
	Byar       Interval = "byar"   // numerator is a count, denominator an exposure
	Counts     Interval = "counts" // numerator and denominator are both counts, neither part of the other
	Median     Interval = "median" // order statistics around the median
	NoInterval Interval = "none"   // the whole population is known, nothing is sampled
)

// Disclosure tells whether the counts of an indicator describe persons.
type Disclosure string

// The kinds of disclosure control.
const (
	Persons   Disclosure = "persons" // small counts are withheld
	Unlimited Disclosure = "none"    // counts of institutions or of files: nothing to protect
)

// Indicator is one entry of the catalogue. The package comment gives the
// meaning of each field beside its key.
type Indicator struct {
	strictyaml.Position
	strictyaml.Keys        // of an entry that was parsed; see At
	ID              string `yaml:"id"`
	Theme           string `yaml:"theme"`
	Title           Text   `yaml:"title"`
	Short           Text   `yaml:"short"`
	Description     Text   `yaml:"description"`
	Not             Text   `yaml:"not"`

	Mart            string    `yaml:"mart"`
	Statistic       Statistic `yaml:"statistic"`
	Numerator       string    `yaml:"numerator"`        // column; all but distributions
	Denominator     string    `yaml:"denominator"`      // column; rates and days of a stock
	NumeratorText   Text      `yaml:"numerator_text"`   // what is counted above the line; for a distribution, what is measured
	DenominatorText Text      `yaml:"denominator_text"` // what is counted below; for a distribution, over what
	Value           string    `yaml:"value"`            // column; distributions only
	Count           string    `yaml:"count"`            // column; distributions, and sums that are no counts themselves
	Open            string    `yaml:"open"`             // column; "" when nothing is censored
	OpenIs          OpenIs    `yaml:"open_is"`          // distributions with Open only

	Unit           Unit      `yaml:"unit"`
	Direction      Direction `yaml:"direction"`
	Target         *float64  `yaml:"target"` // nil without a target
	TargetOn       string    `yaml:"target_on"`
	MinDenominator float64   `yaml:"min_denominator"`
	MaturityDays   int       `yaml:"maturity_days"`

	Strata        []string    `yaml:"strata"`
	Breakdowns    []Breakdown `yaml:"breakdowns"`
	Undivided     []Breakdown `yaml:"undivided"` // some of Breakdowns; rates only
	Levels        []string    `yaml:"levels"`
	Interval      Interval    `yaml:"interval"`
	Stock         bool        `yaml:"stock"`
	PerPopulation bool        `yaml:"per_population"`
	Disclosure    Disclosure  `yaml:"disclosure"`
}

// At is the place of one of the entry's keys in its file, or of the entry where
// it lacks the key.
func (i *Indicator) At(key string) strictyaml.Position {
	if at, ok := i.Keys[key]; ok {
		return at
	}
	return i.Position
}

// HasLevel tells whether the indicator is given at a territory level (italy, region, province).
func (i *Indicator) HasLevel(level string) bool {
	for _, one := range i.Levels {
		if one == level {
			return true
		}
	}
	return false
}

// ChartKind is how the months of an indicator are judged.
type ChartKind string

// The kinds of charts.
const (
	XmR ChartKind = "xmr" // a control chart: limits, signals, assurance
	Run ChartKind = "run" // the points alone: months that follow from one another vary by no chance

	NoChart ChartKind = "none" // every month is the same
)

// Chart is the kind of chart of the indicator's months. A stock has a run
// chart: each month is the one before plus what was added, so the differences of
// neighbours say nothing of how far the series moves, and the rules for signals,
// which suppose independent months, would call every growth a signal. So has the
// number of days that a stock amounts to.
//
// A composition is 100% in every month, and the date of a milestone does not
// move: neither has a chart.
func (i *Indicator) Chart() ChartKind {
	switch {
	case i.IsComposition(), i.Unit == Date:
		return NoChart
	case i.Stock, i.Statistic == StockDays:
		return Run
	}
	return XmR
}

// IsComposition tells that the indicator says how a whole is divided among the
// items of its breakdowns: numerator and denominator are one column. All
// together it is 1, in every territory; only its items are figures.
func (i *Indicator) IsComposition() bool {
	return i.Statistic == Rate && i.Numerator != "" && i.Numerator == i.Denominator
}

// Grows tells that a figure is the more the more months it counts: a sum, and what
// comes of each resident. A share or a median of ten months may be set beside that of
// twelve, such an amount may not.
func (i *Indicator) Grows() bool {
	return !i.Stock && (i.Statistic == Sum || i.PerPopulation)
}

// Divides tells whether the items of a breakdown have denominators of their own.
// Where they have not, an item has the denominator of all together.
func (i *Indicator) Divides(by Breakdown) bool { return !slices.Contains(i.Undivided, by) }

// Met tells whether a value meets the target: 1 it does, -1 it does not, 0
// without a target, a better direction or a value. The value is the one that
// the target is about, see TargetOn.
func (i *Indicator) Met(value float64) int {
	switch {
	case i.Target == nil || i.Direction == None || math.IsNaN(value):
		return 0
	case i.Direction == Up && value >= *i.Target, i.Direction == Down && value <= *i.Target:
		return 1
	default:
		return -1
	}
}

// Columns gives the columns of its mart that the indicator reads, apart from
// month and territory_code, each once, in the order numbers, strata, breakdowns.
func (i *Indicator) Columns() []string {
	names := []string{i.Numerator, i.Denominator, i.Value, i.Count, i.Open}
	if i.PerPopulation {
		names[1] = ""
	}
	names = append(names, i.Strata...)
	for _, breakdown := range i.Breakdowns {
		names = append(names, breakdown.Columns()...)
	}
	seen := map[string]bool{"": true}
	var columns []string
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			columns = append(columns, name)
		}
	}
	return columns
}

// Catalogue is a set of indicators and the themes that group them.
type Catalogue struct {
	Themes     []Theme     `yaml:"themes"`
	Indicators []Indicator `yaml:"indicators"`
}

// Indicator gives the entry with an id.
func (c *Catalogue) Indicator(id string) (*Indicator, bool) {
	for i := range c.Indicators {
		if c.Indicators[i].ID == id {
			return &c.Indicators[i], true
		}
	}
	return nil, false
}

// Of gives the indicators of a theme, in the order of the catalogue.
func (c *Catalogue) Of(theme string) []*Indicator {
	var some []*Indicator
	for i := range c.Indicators {
		if c.Indicators[i].Theme == theme {
			some = append(some, &c.Indicators[i])
		}
	}
	return some
}

// Marts gives the names of the marts that the indicators read, each once, in
// the order of the catalogue.
func (c *Catalogue) Marts() []string {
	var marts []string
	seen := map[string]bool{}
	for _, indicator := range c.Indicators {
		if !seen[indicator.Mart] {
			seen[indicator.Mart] = true
			marts = append(marts, indicator.Mart)
		}
	}
	return marts
}
