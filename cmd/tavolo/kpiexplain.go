package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/reference"
	"tavolo/sql"
	"tavolo/transform"
	"tavolo/transform/kpi"
	"tavolo/transform/query"
	"tavolo/transform/result"
)

// explainFlags are the flags of explain as they were given.
type explainFlags struct {
	territory, month, period, by, lang string
}

func (a *app) kpiExplainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "Explain where a published value comes from",
		Long: `explain takes one figure of the last run apart: the value with its counts, interval and
class, standardised, and its place among the others; the published figures that add up to
it; the query that counts it again, ready for "tavolo sql"; and the snapshots and batches
of the logs whose rows are behind it.

It tells nothing about persons that is not published: a withheld figure stays withheld,
and so do those from which it could be computed. Of an indicator about institutions it
shows the rows of the mart as well.

The territory may be written as "tavolo territories" takes it. By a breakdown the figures
are published for years and for the twelve months that end now, so --by explains those
unless --period says otherwise.

Exit status: 0 done · 1 no such figure, or another error · 2 usage · 130 interrupted.`,
		Example: "  tavolo kpi explain no_show_rate --territory 058 --month 2024-03\n" +
			"  tavolo kpi explain no_show_rate --territory lazio --by patronato=INCA",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkLanguage(cmd, f.lang); err != nil {
				return err
			}
			wanted, err := f.wanted(args[0])
			if err != nil {
				return usage(cmd, err)
			}
			return a.explain(cmd.Context(), wanted, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.territory, "territory", "IT", "code, sigla or name of a province, a region or Italy")
	flags.StringVar(&f.month, "month", "", "the month, as 2024-03; of a longer period, one in it or the last (default: the newest)")
	flags.StringVar(&f.period, "period", "", "month, quarter, year or rolling12 (default: month; with --by: rolling12)")
	flags.StringVar(&f.by, "by", "", "one item of a breakdown, as patronato=INCA")
	languageFlag(cmd, &f.lang)
	return cmd
}

// wanted reads the flags, apart from the names that the references resolve.
func (f *explainFlags) wanted(id string) (transform.Wanted, error) {
	w := transform.Wanted{Indicator: id, Grain: result.Grain(f.period)}
	if f.month != "" {
		month, err := time.Parse("2006-01", f.month)
		if err != nil {
			return w, fmt.Errorf("--month %q: not a month of the form 2024-03", f.month)
		}
		w.Month = month
	}
	if f.by != "" {
		breakdown, item, ok := strings.Cut(f.by, "=")
		if !ok || item == "" {
			return w, fmt.Errorf("--by %q: not of the form patronato=INCA", f.by)
		}
		w.Breakdown, w.Item = kpi.Breakdown(breakdown), item
	}
	switch {
	case f.period == "" && f.by != "":
		w.Grain = result.Rolling12
	case f.period == "":
		w.Grain = result.Month
	case !slices.Contains([]result.Grain{result.Month, result.Quarter, result.Year, result.Rolling12}, w.Grain):
		return w, fmt.Errorf("--period %q: it is month, quarter, year or rolling12", f.period)
	}
	return w, nil
}

func (a *app) explain(ctx context.Context, w transform.Wanted, f explainFlags) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	refs, err := a.references(p)
	if err != nil {
		return err
	}
	indicators, err := a.indicators(p)
	if err != nil {
		return err
	}
	if _, err := findIndicator(indicators.Catalogue, w.Indicator); err != nil {
		return err
	}
	if w.Territory, err = resolveTerritory(refs, f.territory); err != nil {
		return err
	}
	w.Item = resolveItem(refs, w.Breakdown, w.Item)
	l, err := a.openLake(ctx, p, lake.Options{ReadOnly: true, Clock: a.clock})
	if err != nil {
		return err
	}
	defer l.Close()
	x, err := transform.Explain(ctx, l, refs, transform.SessionOptions{
		SQL: sql.Files, Quarantine: p.Dir.Quarantine(), Parameters: a.parameters(p), Clock: a.clock, Engine: engine(p),
	}, w)
	switch {
	case errors.Is(err, lake.ErrNoTable):
		return &diagnostic.Error{File: p.Dir.Lake(), Msg: "no indicators yet", Hint: "\"tavolo transform\" computes them from what is ingested"}
	case err != nil:
		return err
	case a.json:
		return a.printJSON(reportOfExplanation(x))
	}
	return a.printExplanation(x, refs, f.lang)
}

// resolveTerritory gives the code that a text means first, as territories does.
func resolveTerritory(refs *reference.Tables, name string) (string, error) {
	found, err := findTerritory(refs, name)
	if err != nil {
		return "", err
	}
	return found[0].Code, nil
}

// resolveItem gives the code of an item in any spelling, or the item as it is.
func resolveItem(refs *reference.Tables, breakdown kpi.Breakdown, item string) string {
	kinds := map[kpi.Breakdown]string{
		kpi.ByPatronato: reference.KindPatronato, kpi.ByService: reference.KindService, kpi.ByMeasure: reference.KindMeasure,
	}
	if crossed := breakdown.Crosses(); len(crossed) > 0 {
		parts := breakdown.Parts(item)
		for i, part := range crossed {
			parts[i] = resolveItem(refs, part, parts[i])
		}
		return breakdown.Item(parts...)
	}
	if code, ok := refs.Resolve(kinds[breakdown], item, clock()); ok {
		return code
	}
	return item
}

// withheldReason says why a figure is not shown, or how many it is of.
func withheldReason(x *transform.Explanation) string {
	counts := ""
	switch {
	case x.Cell.RoundedTo > 0:
		counts = "its counts: they"
	case x.Cell.Uncounted():
		counts = "how many are observed: it"
	default:
		return fmt.Sprintf("it tells of 1 to %d persons, or would let such a figure be computed from others that are shown", x.Threshold-1)
	}
	return fmt.Sprintf("%s would let a figure of 1 to %d persons be computed from others that are shown", counts, x.Threshold-1)
}

// classes says what each class of a figure means; immutable.
var classes = map[result.Class]string{
	result.OK:       "ok",
	result.Small:    "small: too few to be judged",
	result.Immature: "immature: what is still open can change it; it takes part in no signal",
	result.NoData:   "no data: there is nothing that it could be taken from",
}

func (a *app) printExplanation(x *transform.Explanation, refs *reference.Tables, lang string) error {
	k, c := x.Indicator, &x.Cell
	fmt.Fprintf(a.stdout, "%s (%s), %s, %s%s\n", k.Title.In(lang), k.ID, x.Territory.Name, periodLabel(c), itemLabel(c))
	a.printFigure(x, lang)
	if err := a.printParts(x, refs, lang); err != nil {
		return err
	}
	if x.Rows != nil && len(x.Rows.Rows) > 0 {
		fmt.Fprintf(a.stdout, "\nrows of %s\n", k.Mart)
		answer := query.Answer{Columns: x.Rows.Columns, Rows: x.Rows.Rows}
		if err := answer.Write(a.stdout, query.Table); err != nil {
			return err
		}
	}
	if x.Query != "" {
		fmt.Fprintf(a.stdout, "\nto count it again, \"tavolo sql\" with\n%s\n", x.Query)
	}
	return a.printOrigins(x)
}

func itemLabel(c *result.Cell) string {
	if c.Breakdown == "" {
		return ""
	}
	return ", " + c.Breakdown + " " + c.Item
}

func (a *app) printFigure(x *transform.Explanation, lang string) {
	k, c := x.Indicator, &x.Cell
	line := func(name, format string, args ...any) {
		fmt.Fprintf(a.stdout, "  %-13s %s\n", name, fmt.Sprintf(format, args...))
	}
	if c.Class == result.Hidden {
		line("withheld", "%s", withheldReason(x))
		return
	}
	figure := func(value, lower, upper float64) string {
		digits := k.Unit.Digits(value, lower, upper)
		text := k.Unit.FormatTo(value, digits, lang)
		if math.IsNaN(lower) || math.IsNaN(upper) {
			return text
		}
		return fmt.Sprintf("%s  95%% interval %s–%s", text, k.Unit.NumberTo(lower, digits, lang), k.Unit.NumberTo(upper, digits, lang))
	}
	rounded := ""
	if c.RoundedTo > 0 {
		rounded = fmt.Sprintf(", rounded to steps of %v points", math.Round(1000*c.RoundedTo)/10)
	}
	line("value", "%s%s", figure(c.Value, c.Lower, c.Upper), rounded)
	if k.Statistic == kpi.Distribution {
		line("p90", "%s", k.Unit.Format(c.P90, lang))
	}
	if c.Class != result.NoData {
		line("counts", "%s: %s, over %s", countsText(k, c, lang), k.NumeratorText.In(lang), k.DenominatorText.In(lang))
	}
	if c.Uncounted() {
		line("withheld", "%s", withheldReason(x))
	}
	line("class", "%s", classes[c.Class])
	if !math.IsNaN(c.Standardised) {
		line("standardised", "%s, with the national mix of %s", figure(c.Standardised, c.StdLower, c.StdUpper), strings.Join(k.Strata, ", "))
	}
	if c.Funnel != "" {
		line("funnel", "%s", c.Funnel)
	}
	if !math.IsNaN(c.Previous) {
		line("before", "%s", k.Unit.Format(c.Previous, lang))
	}
	if !math.IsNaN(c.YearAgo) {
		line("a year ago", "%s", k.Unit.Format(c.YearAgo, lang))
	}
	if k.Target != nil {
		line("target", "%s", targetText(k, lang))
	}
}

func (a *app) printParts(x *transform.Explanation, refs *reference.Tables, lang string) error {
	by := ""
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	for _, part := range x.Parts {
		if part.By != by {
			by = part.By
			fmt.Fprintf(w, "\nmade up, by %s, of\n", by)
		}
		name := part.Name
		if territory, ok := refs.Territory(part.Name); ok && by == "territory" {
			name += " " + territory.Name
		}
		fmt.Fprintf(w, "  %s\t%s\n", name, figureText(x.Indicator, &part.Cell, lang))
	}
	return w.Flush()
}

func (a *app) printOrigins(x *transform.Explanation) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\ncomputed by run %s from\n", x.Run.ID)
	for _, s := range x.Snapshots {
		fmt.Fprintf(w, "  %s\tsnapshot %d\tof %s\t%s rows\n", s.Table, s.ID, localTime(s.At), group(int(s.Rows)))
	}
	if len(x.Origins) > 0 {
		fmt.Fprintln(w, "\nbatches with rows behind it")
	}
	for _, o := range x.Origins {
		note := ""
		if o.AllMonths {
			note = ", of any month"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s accepted%s\n", o.Log, diagnostic.Visible(o.Entry.File), o.Entry.BatchID[:12], count(o.Entry.Accepted.Lines, "line"), note)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(x.Outdated) > 0 {
		a.warn("newer rows have come into %s; \"tavolo transform\" computes with them", strings.Join(x.Outdated, ", "))
	}
	return nil
}
