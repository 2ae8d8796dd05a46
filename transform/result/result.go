// Package result holds what a run found out, in the shape in which it is
// published: plain rows, in the grain of the published tables of the lake.
// transform fills it and stores it; reports renders it and computes nothing.
//
// Absent numbers are NaN in memory and null in the lake, never 0.
package result

import (
	"math"
	"time"
)

// Class says how far a figure may be trusted.
type Class string

// The classes, from best to worst. A figure has exactly one: the last that applies.
const (
	OK       Class = "ok"
	Small    Class = "small"    // the denominator is below the indicator's minimum: shown, not judged
	Immature Class = "immature" // the window of the period has not closed yet, or the median is still among what is open: shown, takes part in no signal
	Hidden   Class = "hidden"   // withheld by disclosure control: the numbers are NaN
	NoData   Class = "no_data"  // nothing to divide by
)

// Reason says why a figure is withheld. It is published; what it is about is not.
type Reason string

// The reasons. Few and AllButFew are about the figure itself, the others about
// one that is withheld and could be computed if this one were shown.
const (
	Shown       Reason = ""
	Few         Reason = "few"         // fewer than the threshold are counted, but not nobody
	AllButFew   Reason = "all_but_few" // of a share: fewer than the threshold are not counted, but not nobody
	ByTerritory Reason = "territory"   // from the total of the territories
	ByItem      Reason = "item"        // from the total of all items of the breakdown
	ByPeriod    Reason = "period"      // from a longer period, or another that overlaps
	ByIndicator Reason = "indicator"   // from another indicator that counts the same
)

// Grain is the length of a period.
type Grain string

// The grains.
const (
	Month     Grain = "month"
	Quarter   Grain = "quarter"
	Year      Grain = "year"
	Rolling12 Grain = "rolling12" // twelve months that end with the month that Start names; fewer only for the last month of a short history
)

// Italy is the code of the whole country among the territories.
const Italy = "IT"

// Cell is one published figure. Periods longer than a month count their mature
// months only; an amount of which months are left out so is Immature. Breakdowns are given for Year, and for the Rolling12 that end with
// the last month and a year before; for provinces only for the former Rolling12.
//
// Grain: one per Indicator, Territory, Grain, Start, Breakdown and Item.
type Cell struct {
	Indicator string    // id of the catalogue entry
	Territory string    // Italy, a region (2 digits) or a province (3 digits)
	Level     string    // italy, region, province
	Grain     Grain     //
	Start     time.Time // first day of the period (of its last month for Rolling12), UTC midnight
	Breakdown string    // "" for all together, else patronato, channel or service
	Item      string    // code within the breakdown; "" when Breakdown is

	Numerator   float64 // of a rate; a sum; the stock of days of a stock, at the end of the period; NaN for a distribution
	Denominator float64 // NaN of an Uncounted figure, as Numerator is; of a rate (persons for "per 1,000"); the flow of days of a stock, over the whole period; number of observations of a distribution, of events in a sum that is an amount
	Value       float64 // in the indicator's unit (a share is 0–1, not per cent; a date is in days since 1970); the median of a distribution: NaN with class Immature when it is not known yet
	Lower       float64 // 95% interval of Value; NaN where the method gives none, or (one limit of a median) not yet
	Upper       float64
	P90         float64 // distributions only; NaN also when it is not known yet
	Open        float64 // censored observations of a distribution (still open): they are not in Denominator, but count in Value, Lower, Upper and P90; NaN when it has none
	Class       Class
	Reason      Reason  // why it is withheld, or of an Uncounted one its counts; else Shown
	RoundedTo   float64 // of an Uncounted share, the step of which Value is a multiple (0.05 for five points); NaN of all else

	Expected     float64 // numerator expected from the national rates of the strata, to a whole event; NaN without strata
	Standardised float64 // Value as it would be with the national mix of strata: Value national × Numerator/Expected, of a share at most 1; NaN where no event is expected
	StdLower     float64 // 95% interval of Standardised, which allows for the half event that Expected may be off
	StdUpper     float64

	// Funnel is the position among the territories of the level; of an item of the
	// breakdown by patronato, for Italy and the Rolling12 that end with the last month,
	// among the patronati: inside, above95, below95, above998, below998; "" when not judged.
	Funnel string
	Shrunk float64 // empirical-Bayes estimate beside the raw value; NaN where not computed

	// RankLower and RankUpper are the limits between which the territory's rank lies
	// with 95%, among those of its level that are shown: 1 has the smallest value. Given
	// with Shrunk for the Rolling12 that end with the last month; NaN elsewhere.
	RankLower, RankUpper float64

	Previous float64 // Value of the previous period of the same grain; NaN when absent or hidden, and for an amount of which immature months are left out
	YearAgo  float64 // Value of the same period a year before
}

// Uncounted tells of a figure that is shown without its counts, which would give away another
// figure that is withheld: of a distribution, whose quantiles do not depend on its number of
// observations; and of a share, which is rounded and has no interval. Every other figure
// with a value has a numerator, or is of a distribution and has its number.
func (c *Cell) Uncounted() bool {
	return c.Class != Hidden && c.Class != NoData && math.IsNaN(c.Numerator) && math.IsNaN(c.Denominator)
}

// Funnel is the comparison of all territories of one level on one indicator, in the last
// month, the twelve months that end with it, the last quarter and each year.
//
// Grain: one per Indicator, Level, Grain and Start.
type Funnel struct {
	Indicator    string
	Level        string // region or province
	Grain        Grain
	Start        time.Time
	Centre       float64 // Σ numerators / Σ denominators of the level; the national value when Standardised
	Phi          float64 // dispersion, winsorised: 1 is what chance alone gives
	Tau2         float64 // between-territory variance added to the limits; 0 when none was needed
	Standardised bool    // the points and limits are of the standardised values
	Points       []FunnelPoint
	Limits       []FunnelLimit // ascending N, enough of them to draw a smooth curve
}

// FunnelPoint is one territory of a Funnel.
type FunnelPoint struct {
	Territory string // "" for a peer without a name (see Set.Scoped)
	N         float64
	Value     float64
	Position  string // inside, above95, below95, above998, below998; "" when shown and not judged; of a standardised value, whichever half event Expected is off
}

// FunnelLimit is the limits at one denominator.
type FunnelLimit struct {
	N, Lower95, Upper95, Lower998, Upper998 float64
}

// Chart is the chart of one indicator in one territory over its months: a
// control chart (XmR), or of an indicator whose kpi.Indicator.Chart is Run, and
// where too few months are shown, the points alone. Those have no limits: Centre
// (of a run chart), Lower and Upper are NaN, Variation is common, and neither
// Assurance nor any signal is given. A month that is missing or withheld is a gap:
// no moving range, run or trend goes across it.
//
// Grain: one per Indicator and Territory.
type Chart struct {
	Indicator string
	Territory string
	Centre    float64
	Lower     float64 // natural process limits; NaN when the chart has none
	Upper     float64
	Trial     bool // fewer than 12 mature points, or than 11 moving ranges: the limits are provisional
	Points    []ChartPoint
	Variation string    // improvement, concern, change (a signal without a better direction), common
	Assurance string    // met, missed, hit_or_miss; "" without a target, and while the limits are provisional
	Since     time.Time // first month of the latest signal; zero when Variation is common
	Rule      string    // of the latest signal: outside, shift, trend, two_of_three; ""
}

// ChartPoint is one month of a Chart.
type ChartPoint struct {
	Start    time.Time
	Value    float64
	N        float64
	Immature bool   // drawn hollow; takes part in no limit and no signal
	Signal   string // "", outside, shift, trend, two_of_three
	Kind     string // of the signal: improvement, concern, change; ""
}

// Decomposition splits the change of a rate between two periods into mix and rate.
//
// Grain: one per Indicator, Territory and By. Mix + Rate = To − From exactly.
type Decomposition struct {
	Indicator string
	Territory string
	By        string // service, patronato or channel
	FromStart time.Time
	ToStart   time.Time // both Rolling12
	From, To  float64
	Mix, Rate float64
}

// Contribution is what one item contributes to the two parts of a Decomposition,
// and what it is made of. Items that are withheld in either period have none, and
// nothing is said of them: so the contributions of an indicator may add up to less
// than its Decomposition.
//
// Grain: one per Indicator, Territory, By and Item.
type Contribution struct {
	Indicator, Territory string
	By, Item             string
	ShareFrom, ShareTo   float64 // of the denominator, 0–1; 0 where the item is absent
	From, To             float64 // the item's own values; NaN where the item is absent
	Mix, Rate            float64 // in the indicator's unit
}

// Peer is a territory that another is fairly set beside: of the same size class
// and, within it, among those whose mix of services is nearest.
//
// Grain: one per Territory and Peer.
type Peer struct {
	Territory string
	Peer      string  // of the same level
	Place     int64   // 1 is the nearest
	SizeClass int64   // of both, from 1, the smallest by residents
	Classes   int64   // how many size classes the level has
	Distance  float64 // of the two mixes of services: the share of cases, 0–1, that would have to change service
	Indicator string  // whose cases the mixes are of
}
