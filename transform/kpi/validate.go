package kpi

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
)

// shortLimit is what fits in the head of a column and on a tile, in characters.
const shortLimit = 28

// The names that the grammar allows; both are immutable. Names of columns and
// marts become part of SQL text, which is why they are this narrow.
var (
	identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	breakdowns = []Breakdown{ByPatronato, ByChannel, ByMode, ByService, ByMeasure, ByKind, BySource, ByLog, ByPatronatoService}
	statistics = []string{string(Rate), string(Distribution), string(Sum), string(StockDays)}
)

// validate checks what the shape of the document cannot: meanings that must
// agree. Themes are those that an indicator may name.
func (c *Catalogue) validate(file string, themes []Theme) error {
	var errs []error
	seen := map[string]int{}
	for _, theme := range c.Themes {
		r := report{file: file, at: theme.Position, object: "theme " + quoted(theme.ID)}
		r.identifier("id", theme.ID)
		r.text("title", theme.Title)
		r.text("description", theme.Description)
		r.once(seen, "the id", "theme "+theme.ID)
		errs = append(errs, r.errs...)
	}
	for i := range c.Indicators {
		indicator := &c.Indicators[i]
		r := report{file: file, at: indicator.Position, keys: indicator.Keys, object: "indicator " + quoted(indicator.ID)}
		r.once(seen, "the id", "indicator "+indicator.ID)
		if _, ok := themeOf(themes, indicator.Theme); !ok {
			r.unknown("theme", indicator.Theme, themeIDs(themes))
		}
		indicator.validate(&r)
		errs = append(errs, r.errs...)
	}
	return errors.Join(errs...)
}

func (i *Indicator) validate(r *report) {
	r.identifier("id", i.ID)
	r.identifier("mart", i.Mart)
	r.text("title", i.Title)
	r.text("short", i.Short)
	for _, short := range []string{i.Short.IT, i.Short.EN} {
		if utf8.RuneCountInString(short) > shortLimit {
			r.errorf("", "short: %q is longer than %d characters", short, shortLimit)
		}
	}
	r.text("description", i.Description)
	r.text("not", i.Not)
	r.text("numerator_text", i.NumeratorText)
	if i.Statistic != Sum || i.Count != "" {
		r.text("denominator_text", i.DenominatorText)
	}
	i.validateColumns(r)
	if !i.Unit.Known() {
		r.unknown("unit", string(i.Unit), unitNames())
	}
	r.oneOf("direction", string(i.Direction), "up", "down", "none")
	r.oneOf("disclosure", string(i.Disclosure), "persons", "none")
	i.validateInterval(r)
	if problem := i.targetProblem(); problem != "" {
		r.errorf("", "target: %s", problem)
	}
	if i.MinDenominator < 0 || i.MaturityDays < 0 {
		r.errorf("", "min_denominator and maturity_days cannot be negative")
	}
	for _, level := range i.Levels {
		r.oneOf("levels", level, "italy", "region", "province")
	}
	for _, breakdown := range i.Breakdowns {
		if !slices.Contains(breakdowns, breakdown) {
			r.unknown("breakdowns", string(breakdown), breakdownNames())
		}
	}
	i.validateUndivided(r)
}

// validateUndivided checks the breakdowns that leave the denominator whole. A
// composition must have some: its items over themselves would all be 100%.
func (i *Indicator) validateUndivided(r *report) {
	for _, breakdown := range i.Undivided {
		if !slices.Contains(i.Breakdowns, breakdown) {
			r.errorf("", "undivided: %q is none of its breakdowns", string(breakdown))
		}
	}
	switch {
	case len(i.Undivided) > 0 && (i.Statistic != Rate || i.PerPopulation):
		r.errorf("", "undivided is for rates with a denominator of the mart")
	case i.IsComposition() && len(i.Undivided) < len(i.Breakdowns):
		r.errorf("", "numerator and denominator are one column, so every breakdown must be undivided")
	case i.IsComposition() && len(i.Breakdowns) == 0:
		r.errorf("", "numerator and denominator are one column, and there is no breakdown that divides it")
	}
}

// validateColumns checks that the columns given are those of the statistic.
func (i *Indicator) validateColumns(r *report) {
	rate := []named{{"numerator", i.Numerator}, {"denominator", i.Denominator}}
	spread := []named{{"value", i.Value}, {"count", i.Count}}
	censored := []named{{"open", i.Open}, {"target_on", i.TargetOn}}
	switch i.Statistic {
	case Rate:
		r.columns(rate)
		r.absent(append(spread, censored...), "a rate")
		if i.PerPopulation && i.Denominator != "population" {
			r.errorf("", "denominator: %q with per_population; it must be population", i.Denominator)
		}
	case Distribution:
		r.columns(spread)
		r.absent(rate, "a distribution")
		r.oneOf("target_on", i.TargetOn, "median", "p90")
	case Sum:
		r.columns(rate[:1])
		r.absent(append(censored, rate[1], spread[0]), "a sum")
		if i.Count != "" {
			r.identifier("count", i.Count)
		}
	case StockDays:
		r.columns(rate)
		r.absent(append(spread, censored...), "the days of a stock")
		if i.Stock {
			r.errorf("", "stock does not go with stock_days, which is a stock over a flow")
		}
	default:
		r.unknown("statistic", string(i.Statistic), statistics)
	}
	if i.Statistic != Rate && (i.PerPopulation || len(i.Strata) > 0) {
		r.errorf("", "per_population and strata go with a rate alone")
	}
	if i.Open != "" {
		r.identifier("open", i.Open)
		r.oneOf("open_is", string(i.OpenIs), string(Longer), string(Shorter))
	} else if i.OpenIs != "" {
		r.errorf("", "open_is does not go without open")
	}
	for _, stratum := range i.Strata {
		r.identifier("strata", stratum)
	}
}

func (i *Indicator) validateInterval(r *report) {
	r.oneOf("interval", string(i.Interval), "wilson", "byar", "counts", "median", "none")
	ofRates := i.Interval == Wilson || i.Interval == Byar || i.Interval == Counts
	switch {
	case ofRates && i.Statistic != Rate, i.Interval == Median && i.Statistic != Distribution:
		r.errorf("", "interval: %s is not for a %s", i.Interval, i.Statistic)
	case i.Interval == Wilson && i.Unit != Percent:
		r.errorf("", "interval: wilson is for a share; the unit is %s", i.Unit)
	}
}

// targetProblem tells what is wrong with the target, or "".
func (i *Indicator) targetProblem() string {
	switch {
	case i.Target == nil:
		return ""
	case i.Direction == None:
		return "the indicator has no better direction, so no target can be met"
	case i.Unit == Percent && (*i.Target < 0 || *i.Target > 1):
		return fmt.Sprintf("%v is not a share; write 0.9 for 90%%", *i.Target)
	}
	return ""
}

// named is a column and the key that gives it.
type named struct{ key, column string }

// report collects complaints about one object of the catalogue.
type report struct {
	file   string
	at     strictyaml.Position
	keys   strictyaml.Keys // of the object; may be nil
	object string
	errs   []error
}

func (r *report) errorf(hint, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	at := r.at
	if key, _, _ := strings.Cut(message, ":"); r.keys[key].Line > 0 {
		at = r.keys[key] // a message that begins with a key is about that key
	}
	r.errs = append(r.errs, complain(r.file, at, hint, "%s: %s", r.object, message))
}

// once complains when an object of that name was seen before.
func (r *report) once(seen map[string]int, what, name string) {
	if line, ok := seen[name]; ok {
		r.errorf("", "%s is already given in line %d", what, line)
	}
	seen[name] = r.at.Line
}

func (r *report) text(key string, text Text) {
	if text.IT == "" {
		r.errorf("", "%s: the Italian text is missing", key)
	}
	if text.EN == "" {
		r.errorf("", "%s: the English text is missing", key)
	}
}

func (r *report) identifier(key, name string) {
	switch {
	case name == "":
		r.errorf("", "%s is missing", key)
	case !identifier.MatchString(name):
		r.errorf("", "%s: %q is not a name; lower case letters, digits and _ make one", key, name)
	}
}

func (r *report) columns(wanted []named) {
	for _, one := range wanted {
		r.identifier(one.key, one.column)
	}
}

func (r *report) absent(unwanted []named, kind string) {
	for _, one := range unwanted {
		if one.column != "" {
			r.errorf("", "%s does not go with %s", one.key, kind)
		}
	}
}

func (r *report) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		r.unknown(key, value, allowed)
	}
}

func (r *report) unknown(key, value string, known []string) {
	if value == "" {
		r.errorf("", "%s is missing", key)
		return
	}
	r.errorf(diagnostic.DidYouMean(value, known), "%s: no such thing as %q", key, value)
}

func complain(file string, at strictyaml.Position, hint, format string, args ...any) error {
	return &diagnostic.Error{File: file, Line: at.Line, Col: at.Col, Msg: fmt.Sprintf(format, args...), Hint: hint}
}

func quoted(name string) string { return fmt.Sprintf("%q", name) }

func themeOf(themes []Theme, id string) (Theme, bool) {
	for _, theme := range themes {
		if theme.ID == id {
			return theme, true
		}
	}
	return Theme{}, false
}

func themeIDs(themes []Theme) []string {
	ids := make([]string, len(themes))
	for i, theme := range themes {
		ids[i] = theme.ID
	}
	return ids
}

func unitNames() []string {
	names := make([]string, 0, len(forms))
	for unit := range forms {
		names = append(names, string(unit))
	}
	sort.Strings(names)
	return names
}

func breakdownNames() []string {
	names := make([]string, len(breakdowns))
	for i, breakdown := range breakdowns {
		names[i] = string(breakdown)
	}
	return names
}

func sortedKeys(m map[string]float64) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
