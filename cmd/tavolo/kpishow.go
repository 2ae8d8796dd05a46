package main

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"tavolo/ingest/project"
	"tavolo/sql"
	"tavolo/transform/kpi"
	"tavolo/transform/own"
	"tavolo/transform/result"
)

func (a *app) kpiShowCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show what an indicator measures, what it does not, and its SQL",
		Long: `show prints the definition of an indicator in words and as a formula, what it is not,
its unit, target, limits and dimensions, the SQL of the mart that counts it, and the
newest national figures where there has been a run.

Exit status: 0 done · 1 no such indicator, or another error · 2 usage.`,
		Example: "  tavolo kpi show no_show_rate\n  tavolo kpi show no_show_rate --lang it --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkLanguage(cmd, lang); err != nil {
				return err
			}
			indicators, err := a.knownIndicators()
			if err != nil {
				return err
			}
			k, err := findIndicator(indicators.Catalogue, args[0])
			if err != nil {
				return err
			}
			shown, err := a.describeIndicator(cmd.Context(), indicators, k)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(shown.report(lang))
			}
			a.printIndicator(shown, lang)
			return nil
		},
	}
	languageFlag(cmd, &lang)
	return cmd
}

// shownIndicator is an indicator with what there is about it beside the entry.
type shownIndicator struct {
	*kpi.Indicator
	theme    kpi.Theme
	martFile string
	martSQL  string
	latest   []result.Cell // of Italy: the last month, and the twelve that end with it
}

func (a *app) describeIndicator(ctx context.Context, indicators *own.Indicators, k *kpi.Indicator) (*shownIndicator, error) {
	shown := &shownIndicator{Indicator: k}
	for _, theme := range indicators.Catalogue.Themes {
		if theme.ID == k.Theme {
			shown.theme = theme
		}
	}
	for _, mart := range indicators.Marts {
		if mart.Name == k.Mart {
			shown.martFile, shown.martSQL = mart.File, mart.SQL
		}
	}
	if shown.martFile == "" {
		text, err := fs.ReadFile(sql.Files, "marts/"+k.Mart+".sql")
		if err != nil {
			return nil, fmt.Errorf("indicator %q: there is no mart %q", k.ID, k.Mart)
		}
		shown.martFile, shown.martSQL = "sql/marts/"+k.Mart+".sql", string(text)
	}
	if p := a.maybeProject(); p != nil {
		shown.latest = a.latestOfItaly(ctx, p, k.ID)
	}
	return shown, nil
}

// latestOfItaly gives the newest national figures of an indicator; none where
// there are no results that can be read, which other commands tell of.
func (a *app) latestOfItaly(ctx context.Context, p *project.Project, id string) []result.Cell {
	set, err := a.loadResults(ctx, p)
	if err != nil {
		return nil
	}
	var latest []result.Cell
	for _, c := range set.Cells {
		if c.Indicator == id && c.Territory == result.Italy && c.Breakdown == "" && c.Start.Equal(set.Run.LastMonth) &&
			(c.Grain == result.Month || c.Grain == result.Rolling12) {
			latest = append(latest, c)
		}
	}
	return latest
}

// formula writes the definition in names of columns.
func formula(k *kpi.Indicator) string {
	switch {
	case k.Statistic == kpi.Distribution && k.Open != "":
		return fmt.Sprintf("median and 90th percentile of %s over sum(%s); sum(%s) are still open, %s than any", k.Value, k.Count, k.Open, k.OpenIs)
	case k.Statistic == kpi.Distribution:
		return fmt.Sprintf("median and 90th percentile of %s over sum(%s)", k.Value, k.Count)
	case k.PerPopulation:
		return fmt.Sprintf("sum(%s) / residents", k.Numerator)
	case k.Statistic == kpi.Sum:
		return fmt.Sprintf("sum(%s)", k.Numerator)
	case k.Statistic == kpi.StockDays:
		return fmt.Sprintf("%s at the end / (sum(%s) / days)", k.Numerator, k.Denominator)
	}
	return fmt.Sprintf("sum(%s) / sum(%s)", k.Numerator, k.Denominator)
}

// intervals says how the 95% interval of each method is made; immutable.
var intervals = map[kpi.Interval]string{
	kpi.Wilson:     "Wilson's score interval, 95%",
	kpi.Byar:       "Byar's approximation of the exact Poisson interval, 95%",
	kpi.Counts:     "of the ratio of two counts, 95%",
	kpi.Median:     "order statistics around the median, 95%",
	kpi.NoInterval: "none: nothing is sampled",
}

func (a *app) printIndicator(s *shownIndicator, lang string) {
	line := func(name, format string, args ...any) {
		for _, text := range wrap(fmt.Sprintf(format, args...), 80) {
			fmt.Fprintf(a.stdout, "%-16s%s\n", name, text)
			name = ""
		}
	}
	line(s.ID, "%s", s.Title.In(lang))
	line("theme", "%s", s.theme.Title.In(lang))
	line("measures", "%s", s.Description.In(lang))
	line("is not", "%s", s.Not.In(lang))
	line("of", "%s, over %s", s.NumeratorText.In(lang), s.DenominatorText.In(lang))
	line("formula", "%s, from %s", formula(s.Indicator), s.Mart)
	line("unit", "%s: 1 is written %s", s.Unit, s.Unit.Format(1, lang))
	line("better", "%s", s.Direction)
	if s.Target != nil {
		line("target", "%s", targetText(s.Indicator, lang))
	}
	line("small", "below a denominator of %v: shown, not judged", s.MinDenominator)
	if s.MaturityDays > 0 {
		line("immature", "until %d days after the end of a period", s.MaturityDays)
	}
	line("interval", "%s", intervals[s.Interval])
	if len(s.Strata) > 0 {
		line("standardised", "for the mix of %s", strings.Join(s.Strata, ", "))
	}
	line("given for", "%s", strings.Join(s.Levels, ", "))
	if len(s.Breakdowns) > 0 {
		line("and by", "%s", breakdownList(s.Breakdowns))
	}
	if s.Disclosure == kpi.Persons {
		line("disclosure", "counts of few persons are withheld")
	}
	for _, c := range s.latest {
		line(periodLabel(&c), "Italy: %s", figureText(s.Indicator, &c, lang))
	}
	fmt.Fprintf(a.stdout, "\n%s\n%s", s.martFile, s.martSQL)
}

func breakdownList(breakdowns []kpi.Breakdown) string {
	names := make([]string, len(breakdowns))
	for i, one := range breakdowns {
		names[i] = string(one)
	}
	return strings.Join(names, ", ")
}

// periodLabel names the period of a figure: 2024-03, 2024 Q1, 2024, or 12m to 2024-03.
func periodLabel(c *result.Cell) string {
	switch c.Grain {
	case result.Quarter:
		return fmt.Sprintf("%d Q%d", c.Start.Year(), (c.Start.Month()-1)/3+1)
	case result.Year:
		return c.Start.Format("2006")
	case result.Rolling12:
		return "12m to " + c.Start.Format("2006-01")
	}
	return c.Start.Format("2006-01")
}

// figureText writes a value with its interval and its counts, or why there is none.
func figureText(k *kpi.Indicator, c *result.Cell, lang string) string {
	switch c.Class {
	case result.Hidden:
		return "withheld"
	case result.NoData:
		return "no data"
	}
	digits := k.Unit.Digits(c.Value, c.Lower, c.Upper)
	text := k.Unit.FormatTo(c.Value, digits, lang)
	if !math.IsNaN(c.Lower) && !math.IsNaN(c.Upper) {
		text += fmt.Sprintf(" (%s–%s)", k.Unit.NumberTo(c.Lower, digits, lang), k.Unit.NumberTo(c.Upper, digits, lang))
	}
	if c.RoundedTo > 0 {
		text = "about " + text
	}
	if k.Statistic == kpi.Distribution {
		text = "median " + text + ", p90 " + k.Unit.Format(c.P90, lang)
	}
	text += ", " + countsText(k, c, lang)
	if c.Class != result.OK {
		text += ", " + string(c.Class)
	}
	return text
}

// countsText writes "71 of 1,000", or of a distribution "1,000 observed, 12 open", or that they
// are withheld.
func countsText(k *kpi.Indicator, c *result.Cell, lang string) string {
	number := func(x float64) string {
		if x == math.Trunc(x) {
			return kpi.Number(x, 0, lang)
		}
		return kpi.Number(x, 2, lang)
	}
	if c.RoundedTo > 0 {
		return "of a number withheld"
	}
	if k.Statistic != kpi.Distribution && math.IsNaN(c.Denominator) {
		return number(c.Numerator)
	}
	if k.Statistic != kpi.Distribution {
		return number(c.Numerator) + " of " + number(c.Denominator)
	}
	text := number(c.Denominator) + " observed"
	if math.IsNaN(c.Denominator) {
		text = "their number withheld"
	}
	if !math.IsNaN(c.Open) {
		text += ", " + number(c.Open) + " open"
	}
	return text
}

// wrap breaks a text into lines of at most so many characters, between words.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, word)
		default:
			*last += " " + word
		}
	}
	return lines
}
