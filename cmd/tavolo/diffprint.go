package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/kpi"
	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

func (d *difference) print(out io.Writer, lang string, limit int) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "from\t%s\tof %s\n", d.before.ID, localTime(d.before.WrittenAt))
	fmt.Fprintf(w, "to\t%s\tof %s\n", d.after.ID, localTime(d.after.WrittenAt))
	if err := errors.Join(w.Flush(), d.printChanges(out)); err != nil {
		return err
	}
	shown := d.Moves
	if limit > 0 && len(shown) > limit {
		shown = shown[:limit]
	}
	if len(shown) > 0 {
		fmt.Fprintln(out)
		fmt.Fprintln(w, "indicator\tterritory\tperiod\tfrom\tto\tchange\tclass\twhy\tfiles")
	}
	for i := range shown {
		d.printMove(w, &shown[i], lang)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return d.printSummary(out, len(shown))
}

// printChanges says what the two publications were computed with, where that differs.
func (d *difference) printChanges(out io.Writer) error {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(d.after.Versions)) {
		if was, now := d.before.Versions[name], d.after.Versions[name]; was != now {
			fmt.Fprintf(&b, "computed with %s %s, and then %s\n", name, was, now)
		}
	}
	if d.before.References != d.after.References {
		b.WriteString("the reference tables changed between them\n")
	}
	if len(d.changed) > 0 {
		fmt.Fprintf(&b, "defined in another way: %s\n", strings.Join(d.changed, ", "))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (d *difference) printMove(w io.Writer, m *restatement.Move, lang string) {
	c := m.Cell()
	k, _ := d.catalogue.Indicator(c.Indicator)
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.Indicator, d.place(c.Territory), periodText(m),
		movedText(k, m, m.From, lang), movedText(k, m, m.To, lang), changeText(k, m, lang), classText(m), m.Kind, d.filesText(m))
}

func (d *difference) place(code string) string {
	if t, ok := d.refs.Territory(code); ok {
		return t.Name
	}
	return code
}

// movedText writes the value on one side of a move; with its counts where the
// value alone would not show that it moved.
func movedText(k *kpi.Indicator, m *restatement.Move, c *result.Cell, lang string) string {
	switch {
	case m.Kind == restatement.Withheld:
		return "withheld"
	case c == nil || math.IsNaN(c.Value):
		return "none"
	case k == nil:
		return strconv.FormatFloat(c.Value, 'g', 6, 64)
	}
	text := k.Unit.Format(c.Value, lang)
	if m.From != nil && m.To != nil && text == k.Unit.Format(m.From.Value, lang) && text == k.Unit.Format(m.To.Value, lang) {
		text += " (" + countsOf(c, lang) + ")"
	}
	return text
}

// countsOf writes what a value is made of: "12/345".
func countsOf(c *result.Cell, lang string) string {
	if c.Uncounted() {
		return "counts withheld"
	}
	var counts []string
	for _, n := range []float64{c.Numerator, c.Denominator} {
		if !math.IsNaN(n) {
			counts = append(counts, kpi.Number(n, 0, lang))
		}
	}
	return strings.Join(counts, "/")
}

func changeText(k *kpi.Indicator, m *restatement.Move, lang string) string {
	change := m.Change()
	switch {
	case math.IsNaN(change):
		return ""
	case k == nil:
		return strconv.FormatFloat(change, 'g', 3, 64)
	}
	return k.Unit.FormatChange(change, lang)
}

// classText is the class of a figure, or how it changed. Which of two publications
// withholds a figure is told; what the other says of it is not.
func classText(m *restatement.Move) string {
	before, now := classOf(m.From), classOf(m.To)
	if before == now {
		return string(now)
	}
	if m.Kind == restatement.Withheld {
		if now == result.Hidden {
			return "shown → hidden"
		}
		return "hidden → shown"
	}
	return string(before) + " → " + string(now)
}

func classOf(c *result.Cell) result.Class {
	if c == nil {
		return result.NoData
	}
	return c.Class
}

// namedFiles is how many files of a move are named in a table.
const namedFiles = 2

func (d *difference) filesText(m *restatement.Move) string {
	if m.Kind == restatement.Withheld || d.unattributed != nil {
		return ""
	}
	switch {
	case len(m.Batches) > 0:
	case slices.Contains(d.changed, m.Cell().Indicator):
		return "none: it is defined in another way"
	default:
		return "none"
	}
	var names []string
	for i, e := range m.Batches {
		if i == namedFiles {
			names = append(names, fmt.Sprintf("and %d more", len(m.Batches)-i))
			break
		}
		names = append(names, diagnostic.Visible(e.File))
	}
	text := strings.Join(names, ", ")
	if m.Elsewhere {
		text += " (of other months)"
	}
	return text
}

// printSummary says how many figures moved, and what qualifies the list.
func (d *difference) printSummary(out io.Writer, shown int) error {
	counts := map[restatement.Kind]int{}
	for _, m := range d.Moves {
		counts[m.Kind]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s moved: %s restated, %s maturing, %s withheld in one of the two\n", count(len(d.Moves), "figure"),
		group(counts[restatement.Restated]), group(counts[restatement.Maturing]), group(counts[restatement.Withheld]))
	fmt.Fprintf(&b, "%s stayed, %s new, %s not given any more\n", count(d.Same, "figure"), group(d.New), group(d.Gone))
	if shown < len(d.Moves) {
		fmt.Fprintf(&b, "the %s heaviest are shown; --limit 0, --csv and --json give all\n", group(shown))
	}
	if d.backwards() {
		b.WriteString("the later publication was named first: from and to are told as they were asked for\n")
	}
	if d.Exposed > 0 {
		fmt.Fprintf(&b, "%s withheld beside another that is withheld in the other publication: who holds both may work one out\n", count(d.Exposed, "figure"))
	}
	if d.unattributed != nil {
		fmt.Fprintf(&b, "which files moved them is known no more: %v\n", d.unattributed)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// csvColumns are the columns of diff --csv.
var csvColumns = []string{
	"kind", "indicator", "territory_code", "level", "period", "start", "breakdown", "item",
	"from_class", "to_class", "from_value", "to_value", "change", "weight",
	"from_numerator", "to_numerator", "from_denominator", "to_denominator", "files", "batch_ids",
}

// writeCSV writes every move, values as they are stored: shares are 0–1.
func (d *difference) writeCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	if err := w.Write(csvColumns); err != nil {
		return err
	}
	for i := range d.Moves {
		m := &d.Moves[i]
		c, r := m.Cell(), reportOfMove(m)
		var files, ids []string
		for _, e := range m.Batches {
			files, ids = append(files, e.File), append(ids, e.BatchID)
		}
		err := w.Write([]string{
			string(m.Kind), c.Indicator, c.Territory, c.Level, string(c.Grain), c.Start.Format(time.DateOnly), c.Breakdown, c.Item,
			string(r.From.Class), string(r.To.Class), plainNumber(r.From.Value), plainNumber(r.To.Value), plainNumber(r.Change), plainNumber(known(m.Weight)),
			plainNumber(r.From.Numerator), plainNumber(r.To.Numerator), plainNumber(r.From.Denominator), plainNumber(r.To.Denominator),
			strings.Join(files, " | "), strings.Join(ids, " | "),
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func plainNumber(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

// differenceReport is what diff prints with --json.
type differenceReport struct {
	From    string       `json:"from"`
	To      string       `json:"to"`
	Moves   []moveReport `json:"moves"`
	Same    int          `json:"same"`
	New     int          `json:"new"`
	Gone    int          `json:"gone"`
	Exposed int          `json:"exposed"`
	Changed []string     `json:"defined_in_another_way"`  // indicators
	Unknown string       `json:"files_unknown,omitempty"` // why no files are named
}

type moveReport struct {
	Kind      restatement.Kind `json:"kind"`
	Indicator string           `json:"indicator"`
	Territory string           `json:"territory_code"`
	Period    result.Grain     `json:"period"`
	Start     string           `json:"start"`
	Breakdown string           `json:"breakdown,omitempty"`
	Item      string           `json:"item,omitempty"`
	From      sideReport       `json:"from"`
	To        sideReport       `json:"to"`
	Change    *float64         `json:"change"`
	Weight    float64          `json:"weight"`
	Files     []movingFile     `json:"files"`
	Elsewhere bool             `json:"of_other_months,omitempty"`
}

// sideReport is a figure in one of the two publications. What is not there, or
// withheld in either, is null.
type sideReport struct {
	Class       result.Class `json:"class"`
	Value       *float64     `json:"value"`
	P90         *float64     `json:"p90,omitempty"`
	Numerator   *float64     `json:"numerator"`
	Denominator *float64     `json:"denominator"`
}

type movingFile struct {
	Log     string `json:"log"`
	Source  string `json:"source"`
	File    string `json:"file"`
	BatchID string `json:"batch_id"`
}

func (d *difference) report() differenceReport {
	r := differenceReport{From: d.before.ID, To: d.after.ID, Moves: []moveReport{}, Same: d.Same, New: d.New, Gone: d.Gone, Exposed: d.Exposed,
		Changed: append([]string{}, d.changed...)}
	for i := range d.Moves {
		r.Moves = append(r.Moves, reportOfMove(&d.Moves[i]))
	}
	if d.unattributed != nil {
		r.Unknown = d.unattributed.Error()
	}
	return r
}

func reportOfMove(m *restatement.Move) moveReport {
	c := m.Cell()
	r := moveReport{
		Kind: m.Kind, Indicator: c.Indicator, Territory: c.Territory, Period: c.Grain, Start: c.Start.Format(time.DateOnly),
		Breakdown: c.Breakdown, Item: c.Item, From: sideOf(m.From), To: sideOf(m.To), Change: known(m.Change()), Weight: m.Weight,
		Files: []movingFile{}, Elsewhere: m.Elsewhere,
	}
	for _, e := range m.Batches {
		r.Files = append(r.Files, movingFile{e.Log, e.Source, e.File, e.BatchID})
	}
	return r
}

func sideOf(c *result.Cell) sideReport {
	if c == nil {
		return sideReport{Class: result.NoData}
	}
	return sideReport{c.Class, known(c.Value), known(c.P90), known(c.Numerator), known(c.Denominator)}
}
