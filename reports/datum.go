package reports

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// plain is a number without a unit, as the exports hold it: to eight significant
// digits. It is absent when the value is not finite.
func (w words) plain(value float64) html.Datum {
	d := html.Datum{Kind: html.Measure, Number: significant(value), Digits: -1}
	if value == math.Trunc(value) {
		d.Digits = 0
	}
	return d
}

// plainCount is a whole number of things; absent when the value is not finite.
func (w words) plainCount(n float64) html.Datum {
	return html.Datum{Kind: html.Count, Number: math.Round(n)}
}

// plainValue is a value of an indicator, in its unit; a day when that is a date.
func (w words) plainValue(i *kpi.Indicator, value float64) html.Datum {
	return w.measured(i.Unit, value, i.Unit.Format(value, w.lang))
}

// plainShown is the figure that value writes as text.
func (w words) plainShown(i *kpi.Indicator, c result.Cell, text string) html.Datum {
	if isWhole(i, c) {
		return w.plainCount(c.Numerator)
	}
	return w.measured(i.Unit, c.Value, text)
}

// measured is a value of a unit, for which the page writes text.
func (w words) measured(unit kpi.Unit, value float64, text string) html.Datum {
	if unit == kpi.Date {
		if !known(value) {
			return plainDay(time.Time{})
		}
		return plainDay(time.Unix(int64(math.Round(value))*86400, 0).UTC())
	}
	return w.written(value*unit.Scale(), text, html.Unit{Code: string(unit), Name: unit.Symbol(w.lang)})
}

// plainChange is the difference of two values of a unit, for which the page
// writes text: of shares in percentage points, of dates in days.
func (w words) plainChange(unit kpi.Unit, change float64, text string) html.Datum {
	if unit == kpi.Date {
		unit = kpi.Days
	}
	named := html.Unit{Code: string(unit), Name: unit.Symbol(w.lang)}
	if unit == kpi.Percent {
		named = html.Unit{Code: "percentage_points", Name: map[string]string{"it": "p.p.", "en": "pp"}[w.lang]}
	}
	return w.written(change*unit.Scale(), text, named)
}

// written is a number with the digits, and with what stands around them, that
// the page's text for it has.
func (w words) written(number float64, text string, unit html.Unit) html.Datum {
	d := html.Datum{Kind: html.Measure, Number: significant(number), Unit: unit}
	from := strings.IndexAny(text, "0123456789")
	if !known(number) || from < 0 {
		return d
	}
	to := from
	for to < len(text) && strings.IndexByte("0123456789.,", text[to]) >= 0 {
		to++
	}
	d.Before, d.After = strings.TrimSuffix(text[:from], "\u2212"), text[to:]
	if _, fraction, ok := strings.Cut(text[from:to], w.point()); ok {
		d.Digits = len(fraction)
	}
	return d
}

// point is the decimal sign.
func (w words) point() string {
	if w.lang == "it" {
		return ","
	}
	return "."
}

// significant rounds to eight significant digits: more than any page writes, and
// the same on every machine.
func significant(value float64) float64 {
	if !known(value) {
		return math.NaN()
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 8, 64), 64)
	return rounded
}

// plainMonth is the month that begins at t.
func plainMonth(t time.Time) html.Datum { return html.Datum{Kind: html.Month, At: t} }

// plainDay is a date; absent when it is zero.
func plainDay(t time.Time) html.Datum { return html.Datum{Kind: html.Day, At: t} }

// plainInstant is a moment, on the clocks of Italy.
func plainInstant(t time.Time) html.Datum { return html.Datum{Kind: html.Instant, At: t.In(rome())} }

// verbatim is a text that is the same in every language.
func verbatim(text string) html.Datum { return html.Datum{Kind: html.Verbatim, Text: text} }

// coded is a text of the page that has a code in every language.
func coded(code string) html.Datum { return html.Datum{Code: code} }

// term is a word of a short list: the code says all.
func term(code string) html.Datum { return html.Datum{Kind: html.Term, Code: code} }

// intervalParts are the limits of a figure's interval, which the page writes as
// one text beside the figure's own.
func (w words) intervalParts(i *kpi.Indicator, c result.Cell, v html.Value) []html.Part {
	if i.Unit == kpi.Date {
		return nil
	}
	lower, upper, _ := strings.Cut(v.Interval, "–")
	unit := w.plainShown(i, c, v.Text).After
	limit := func(key, title, text string, value float64) html.Part {
		d := w.measured(i.Unit, value, text)
		d.After = unit
		return html.Part{Key: key, Title: title, Datum: d}
	}
	return []html.Part{limit("lower", w.m.T("export.lower"), lower, c.Lower), limit("upper", w.m.T("export.upper"), upper, c.Upper)}
}

// casesKey is what exports call a column of the cases behind figures.
const casesKey = "n"

// baseParts are the number of cases behind a figure, or the word for one that is withheld,
// and of those still open.
func (w words) baseParts(i *kpi.Indicator, c result.Cell) []html.Part {
	base := w.plainBase(i, c)
	if c.Uncounted() {
		base.Text = w.m.T("value.n.hidden")
	}
	return []html.Part{{Key: casesKey, Title: w.m.T("col.n"), Datum: base}, w.openPart(c)}
}

// plainBase is the number of cases behind a figure, where value gives one.
func (w words) plainBase(i *kpi.Indicator, c result.Cell) html.Datum {
	if isWhole(i, c) || i.Unit == kpi.Date {
		return w.plainCount(math.NaN())
	}
	return w.plainCount(c.Denominator)
}

func (w words) openPart(c result.Cell) html.Part {
	return html.Part{Key: "open", Title: w.m.T("export.open"), Datum: w.plainCount(c.Open)}
}

// baseCell is the number of cases behind a figure, in a column of its own.
func (w words) baseCell(i *kpi.Indicator, c result.Cell) html.Cell {
	cell := html.Cell{Text: w.value(i, c).N, Sort: order(c.Denominator), Plain: w.plainBase(i, c)}
	if c.Uncounted() {
		cell.Class = string(result.Hidden)
	}
	if i.Statistic == kpi.Distribution {
		cell.Also = []html.Part{w.openPart(c)}
	}
	return cell
}

// second is a part that says what the second line of a cell says.
func second(key, title string, d html.Datum) []html.Part {
	return []html.Part{{Key: key, Title: title, Datum: d}}
}

func (b *builder) levelPart(level string) []html.Part {
	return second("level", b.m.T("col.level"), html.Datum{Kind: html.Term, Code: level, Text: b.level(level)})
}

// positionPart is the place of a figure in its funnel, of which a page may show
// only those that stand out.
func (b *builder) positionPart(i *kpi.Indicator, c result.Cell) html.Part {
	d := html.Datum{Kind: html.Term, Code: c.Funnel}
	if mark := b.position(i, c.Funnel); mark != nil {
		d.Text = mark.Text
	}
	return html.Part{Key: "position", Title: b.m.T("col.position"), Datum: d}
}

// variationCell is the course of a control chart as a judgement.
func (b *builder) variationCell(c *result.Chart) html.Cell {
	mark := b.variation(c)
	if mark == nil {
		return html.Cell{Plain: term("")}
	}
	return html.Cell{Mark: mark, Plain: term(mark.Kind)}
}
