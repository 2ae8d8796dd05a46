package transform

import (
	"time"

	"tavolo/transform/result"
)

// The tables that a run publishes beside the marts, so that an analyst can ask
// in SQL for everything that the report shows.

// cellTable is every published figure.
//
// Grain: as result.Cell.
var cellTable = table[result.Cell]{"indicator_cells", []column[result.Cell]{
	text("indicator", "id of the catalogue entry", func(c *result.Cell) *string { return &c.Indicator }),
	text("territory_code", "IT, a region (2 digits) or a province (3)", func(c *result.Cell) *string { return &c.Territory }),
	text("level", "italy, region or province", func(c *result.Cell) *string { return &c.Level }),
	text("grain", "month, quarter, year or rolling12", func(c *result.Cell) *string { return (*string)(&c.Grain) }),
	day("start", "first day of the period; of its last month for rolling12", func(c *result.Cell) *time.Time { return &c.Start }),
	text("breakdown", "empty for all together, else patronato, service, …", func(c *result.Cell) *string { return &c.Breakdown }),
	text("item", "code within the breakdown", func(c *result.Cell) *string { return &c.Item }),
	double("numerator", "of a rate; a sum; a stock at the end of the period", func(c *result.Cell) *float64 { return &c.Numerator }),
	double("denominator", "of a rate; the flow of the period under a stock; number of observations of a distribution, of events in an amount; with the numerator null when only these are withheld", func(c *result.Cell) *float64 { return &c.Denominator }),
	double("value", "a rate (shares are 0–1) or a median; null and immature when the median is still running", func(c *result.Cell) *float64 { return &c.Value }),
	double("lower", "95% interval of value", func(c *result.Cell) *float64 { return &c.Lower }),
	double("upper", "95% interval of value", func(c *result.Cell) *float64 { return &c.Upper }),
	double("p90", "90th percentile of a distribution, nearest rank", func(c *result.Cell) *float64 { return &c.P90 }),
	double("open_count", "observations of a distribution that are still running: not in denominator, but in value and p90", func(c *result.Cell) *float64 { return &c.Open }),
	text("class", "ok, small, immature, hidden or no_data", func(c *result.Cell) *string { return (*string)(&c.Class) }),
	text("reason", "why it is hidden: few, all_but_few, territory, item, period or indicator; or why a figure that is not lacks its numerator and denominator; else empty", func(c *result.Cell) *string { return (*string)(&c.Reason) }),
	later(double("rounded_to", "step of which the value of a share is a multiple whose counts are withheld (0.05 for five points); null when it is exact", func(c *result.Cell) *float64 { return &c.RoundedTo })),
	double("expected", "numerator expected from the national rates of the strata, to a whole event", func(c *result.Cell) *float64 { return &c.Expected }),
	double("standardised", "value with the national mix of strata; of a share at most 1", func(c *result.Cell) *float64 { return &c.Standardised }),
	double("standardised_lower", "95% interval of standardised", func(c *result.Cell) *float64 { return &c.StdLower }),
	double("standardised_upper", "95% interval of standardised", func(c *result.Cell) *float64 { return &c.StdUpper }),
	text("funnel", "inside, above95, below95, above998 or below998; empty when not judged", func(c *result.Cell) *string { return &c.Funnel }),
	double("shrunk", "empirical-Bayes estimate of value", func(c *result.Cell) *float64 { return &c.Shrunk }),
	double("rank_lower", "95% limit of the rank among the territories of the level that are shown, 1 the smallest value", func(c *result.Cell) *float64 { return &c.RankLower }),
	double("rank_upper", "see rank_lower", func(c *result.Cell) *float64 { return &c.RankUpper }),
	double("previous", "value of the period before", func(c *result.Cell) *float64 { return &c.Previous }),
	double("year_ago", "value of the same period a year before", func(c *result.Cell) *float64 { return &c.YearAgo }),
}}

// funnelTable is the comparisons of territories, without points and limits.
//
// Grain: as result.Funnel.
var funnelTable = table[result.Funnel]{"indicator_funnels", []column[result.Funnel]{
	text("indicator", "id of the catalogue entry", func(f *result.Funnel) *string { return &f.Indicator }),
	text("level", "region or province", func(f *result.Funnel) *string { return &f.Level }),
	text("grain", "month, quarter, year or rolling12", func(f *result.Funnel) *string { return (*string)(&f.Grain) }),
	day("start", "as in indicator_cells", func(f *result.Funnel) *time.Time { return &f.Start }),
	double("centre", "that the territories are compared with", func(f *result.Funnel) *float64 { return &f.Centre }),
	double("phi", "dispersion, winsorised: 1 is what chance alone gives", func(f *result.Funnel) *float64 { return &f.Phi }),
	double("tau2", "variance between territories that is added to the limits", func(f *result.Funnel) *float64 { return &f.Tau2 }),
	flag("standardised", "the points and limits are of standardised values", func(f *result.Funnel) *bool { return &f.Standardised }),
}}

// funnelKey says which funnel a point or a limit belongs to.
type funnelKey struct {
	Indicator, Level string
	Grain            result.Grain
	Start            time.Time
}

// pointRow is one territory of a funnel.
//
// Grain: one per funnel and territory.
type pointRow struct {
	funnelKey
	result.FunnelPoint
}

var pointTable = table[pointRow]{"indicator_funnel_points", []column[pointRow]{
	text("indicator", "id of the catalogue entry", func(p *pointRow) *string { return &p.Indicator }),
	text("level", "region or province", func(p *pointRow) *string { return &p.Level }),
	text("grain", "month, quarter, year or rolling12", func(p *pointRow) *string { return (*string)(&p.Grain) }),
	day("start", "as in indicator_cells", func(p *pointRow) *time.Time { return &p.Start }),
	text("territory_code", "of the level", func(p *pointRow) *string { return &p.Territory }),
	double("n", "denominator", func(p *pointRow) *float64 { return &p.N }),
	double("value", "standardised where the funnel is", func(p *pointRow) *float64 { return &p.Value }),
	text("position", "as funnel in indicator_cells", func(p *pointRow) *string { return &p.Position }),
}}

// limitRow is the limits of a funnel at one denominator.
//
// Grain: one per funnel and denominator, ascending.
type limitRow struct {
	funnelKey
	result.FunnelLimit
}

var limitTable = table[limitRow]{"indicator_limits", []column[limitRow]{
	text("indicator", "id of the catalogue entry", func(p *limitRow) *string { return &p.Indicator }),
	text("level", "region or province", func(p *limitRow) *string { return &p.Level }),
	text("grain", "month, quarter, year or rolling12", func(p *limitRow) *string { return (*string)(&p.Grain) }),
	day("start", "as in indicator_cells", func(p *limitRow) *time.Time { return &p.Start }),
	double("n", "denominator", func(p *limitRow) *float64 { return &p.N }),
	double("lower95", "95% of the territories lie above by chance and below upper95", func(p *limitRow) *float64 { return &p.Lower95 }),
	double("upper95", "see lower95", func(p *limitRow) *float64 { return &p.Upper95 }),
	double("lower998", "99.8% of the territories lie above by chance and below upper998", func(p *limitRow) *float64 { return &p.Lower998 }),
	double("upper998", "see lower998", func(p *limitRow) *float64 { return &p.Upper998 }),
}}

// chartTable is the control charts, without their points.
//
// Grain: as result.Chart.
var chartTable = table[result.Chart]{"indicator_charts", []column[result.Chart]{
	text("indicator", "id of the catalogue entry", func(c *result.Chart) *string { return &c.Indicator }),
	text("territory_code", "IT, a region or a province", func(c *result.Chart) *string { return &c.Territory }),
	double("centre", "mean of the mature months; null for a stock", func(c *result.Chart) *float64 { return &c.Centre }),
	double("lower", "natural process limit; null where there is none", func(c *result.Chart) *float64 { return &c.Lower }),
	double("upper", "natural process limit", func(c *result.Chart) *float64 { return &c.Upper }),
	flag("is_trial", "fewer than 12 mature months: the limits are provisional", func(c *result.Chart) *bool { return &c.Trial }),
	text("variation", "improvement, concern, change or common, at the last mature month", func(c *result.Chart) *string { return &c.Variation }),
	text("assurance", "met, missed or hit_or_miss; empty without a target, and with provisional limits", func(c *result.Chart) *string { return &c.Assurance }),
	day("since", "first month of the signal that lasts", func(c *result.Chart) *time.Time { return &c.Since }),
	text("rule", "of that signal: outside, shift, trend or two_of_three", func(c *result.Chart) *string { return &c.Rule }),
}}

// chartPointRow is one month of a control chart.
//
// Grain: one per chart and month.
type chartPointRow struct {
	Indicator, Territory string
	result.ChartPoint
}

var chartPointTable = table[chartPointRow]{"indicator_chart_points", []column[chartPointRow]{
	text("indicator", "id of the catalogue entry", func(p *chartPointRow) *string { return &p.Indicator }),
	text("territory_code", "IT, a region or a province", func(p *chartPointRow) *string { return &p.Territory }),
	day("start", "first day of the month", func(p *chartPointRow) *time.Time { return &p.Start }),
	double("value", "as in indicator_cells", func(p *chartPointRow) *float64 { return &p.Value }),
	double("n", "denominator", func(p *chartPointRow) *float64 { return &p.N }),
	flag("is_immature", "takes part in no limit and no signal", func(p *chartPointRow) *bool { return &p.Immature }),
	text("signal", "outside, shift, trend or two_of_three; empty without", func(p *chartPointRow) *string { return &p.Signal }),
	text("kind", "improvement, concern or change; empty without a signal", func(p *chartPointRow) *string { return &p.Kind }),
}}

// contributionTable is what each item contributes to those changes.
//
// Grain: as result.Contribution.
var contributionTable = table[result.Contribution]{"indicator_contributions", []column[result.Contribution]{
	text("indicator", "id of the catalogue entry", func(c *result.Contribution) *string { return &c.Indicator }),
	text("territory_code", "IT or a region", func(c *result.Contribution) *string { return &c.Territory }),
	text("by", "the breakdown", func(c *result.Contribution) *string { return &c.By }),
	text("item", "code within the breakdown; withheld items are left out", func(c *result.Contribution) *string { return &c.Item }),
	double("from_share", "of the denominator; periods as in indicator_changes", func(c *result.Contribution) *float64 { return &c.ShareFrom }),
	double("to_share", "of the denominator", func(c *result.Contribution) *float64 { return &c.ShareTo }),
	double("from_value", "the item's own; null where it is absent", func(c *result.Contribution) *float64 { return &c.From }),
	double("to_value", "the item's own; null where it is absent", func(c *result.Contribution) *float64 { return &c.To }),
	double("mix", "part of the change that goes with the item's weight", func(c *result.Contribution) *float64 { return &c.Mix }),
	double("rate", "part of the change that goes with the item's own value", func(c *result.Contribution) *float64 { return &c.Rate }),
}}

// peerTable is which territories are fairly set beside which.
//
// Grain: as result.Peer.
var peerTable = table[result.Peer]{"territory_peers", []column[result.Peer]{
	text("territory_code", "a region or a province", func(p *result.Peer) *string { return &p.Territory }),
	text("peer_code", "of the same level", func(p *result.Peer) *string { return &p.Peer }),
	integer("place", "1 is the nearest", func(p *result.Peer) *int64 { return &p.Place }),
	integer("size_class", "of both, 1 the smallest by residents", func(p *result.Peer) *int64 { return &p.SizeClass }),
	integer("size_classes", "that the level has", func(p *result.Peer) *int64 { return &p.Classes }),
	double("distance", "of the two mixes of services, 0–1", func(p *result.Peer) *float64 { return &p.Distance }),
	text("indicator", "whose cases the mixes are of", func(p *result.Peer) *string { return &p.Indicator }),
}}

// changeTable is the changes of rates over the last year, split.
//
// Grain: as result.Decomposition.
var changeTable = table[result.Decomposition]{"indicator_changes", []column[result.Decomposition]{
	text("indicator", "id of the catalogue entry", func(d *result.Decomposition) *string { return &d.Indicator }),
	text("territory_code", "IT or a region", func(d *result.Decomposition) *string { return &d.Territory }),
	text("by", "the breakdown whose items are the groups", func(d *result.Decomposition) *string { return &d.By }),
	day("from_start", "the twelve months that end with this one", func(d *result.Decomposition) *time.Time { return &d.FromStart }),
	day("to_start", "the twelve months that end with this one", func(d *result.Decomposition) *time.Time { return &d.ToStart }),
	double("from_value", "", func(d *result.Decomposition) *float64 { return &d.From }),
	double("to_value", "", func(d *result.Decomposition) *float64 { return &d.To }),
	double("mix", "part of the change from the groups' weights", func(d *result.Decomposition) *float64 { return &d.Mix }),
	double("rate", "part of the change from the groups' own rates", func(d *result.Decomposition) *float64 { return &d.Rate }),
}}
