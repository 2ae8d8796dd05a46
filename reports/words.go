package reports

import (
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// words writes figures and judgements in one language.
type words struct {
	x    *index
	lang string
	m    *html.Messages
}

var monthNames = map[string][12]string{
	"it": {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// month is "dicembre 2025".
func (w words) month(t time.Time) string {
	return monthNames[w.lang][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// shortMonth is "dic 25".
func (w words) shortMonth(t time.Time) string {
	return monthNames[w.lang][t.Month()-1][:3] + " " + t.Format("06")
}

// inMonth is "a dicembre 2025", "ad aprile 2025", "in December 2025".
func (w words) inMonth(t time.Time) string {
	switch {
	case w.lang == "en":
		return "in " + w.month(t)
	case t.Month() == time.April || t.Month() == time.August:
		return "ad " + w.month(t)
	default:
		return "a " + w.month(t)
	}
}

// date is "31/12/2025", "31 December 2025".
func (w words) date(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	if w.lang == "en" {
		return strconv.Itoa(t.Day()) + " " + w.month(t)
	}
	return t.Format("02/01/2006")
}

// sinceDay is "dal 1° ottobre 2024", "dall'8 ottobre 2024", "from 1 October 2024".
func (w words) sinceDay(t time.Time) string {
	if w.lang == "en" {
		return "from " + w.date(t)
	}
	day := strconv.Itoa(t.Day())
	if day == "1" { // read out as an ordinal, primo
		return "dal 1° " + w.month(t)
	}
	return with("da", day) + " " + w.month(t)
}

// stamp is a moment as clocks in Italy show it, with the name of their time, CET or CEST,
// without which two moments of an autumn night would be the same.
func (w words) stamp(t time.Time) string {
	t = t.In(rome())
	return w.date(t) + t.Format(" 15:04 MST")
}

// rome is the time zone in which the readers live and days are counted.
var rome = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err) // the time zones are part of the program
	}
	return zone
})

// momentCell is a cell with a moment.
func (w words) momentCell(t time.Time) html.Cell {
	return html.Cell{Text: w.stamp(t), Sort: html.Moment(t), Plain: plainInstant(t)}
}

// whole writes a count.
func (w words) whole(n float64) string { return kpi.Number(n, 0, w.lang) }

// place gives the name of a territory by its code.
func (w words) place(code string) string {
	t, ok := w.x.References.Territory(code)
	if !ok {
		return code
	}
	return placeName(t, w.lang)
}

// interval is "11,0–13,7 %" or "8–10", with at least so many digits: it stands
// beside its figure, so a unit that is a word is not said again.
func (w words) interval(unit kpi.Unit, low, high float64, digits int) string {
	if !known(low) || !known(high) {
		return ""
	}
	dash := "–"
	if low < 0 { // a dash beside a minus sign is hard to read
		dash = " – "
	}
	if wordy(unit, w.lang) {
		return unit.NumberTo(low, digits, w.lang) + dash + unit.NumberTo(high, digits, w.lang)
	}
	return unit.NumberTo(low, digits, w.lang) + dash + unit.FormatTo(high, digits, w.lang)
}

// said is an interval in a sentence, where no line ends within it.
func said(interval string) string { return strings.ReplaceAll(interval, "–", "–\u2060") }

// wordy tells of a unit that is written as a word, not as a sign.
func wordy(unit kpi.Unit, lang string) bool { return utf8.RuneCountInString(unit.Symbol(lang)) > 1 }

// shortChange is a change with its sign, without a unit that is a word, and with at
// least so many digits.
func (w words) shortChange(unit kpi.Unit, change float64, digits int) string {
	if !wordy(unit, w.lang) {
		return unit.FormatChangeTo(change, digits, w.lang)
	}
	if text := unit.NumberTo(change, digits, w.lang); change > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return unit.NumberTo(change, digits, w.lang)
}

// changeSince is by how much a figure differs from an earlier one, with the digits
// that the figure itself is written with.
func (w words) changeSince(i *kpi.Indicator, before, now result.Cell) string {
	if i.Unit == kpi.PerHundred || i.Unit == kpi.Per100k { // the figure beside it says of how many
		return w.shortChange(i.Unit, now.Value-before.Value, digitsOf(i, now))
	}
	return i.Unit.FormatChangeTo(now.Value-before.Value, digitsOf(i, now), w.lang)
}

// digitsOf is how many digits after the decimal sign a figure is written with, at least.
func digitsOf(i *kpi.Indicator, c result.Cell) int { return i.Unit.Digits(c.Value, c.Lower, c.Upper) }

// value writes a figure with all that qualifies it.
func (w words) value(i *kpi.Indicator, c result.Cell) html.Value {
	v := html.Value{Class: string(c.Class)}
	switch {
	case c.Class == result.Hidden:
		v.Text, v.Note = w.m.T("value.hidden"), w.m.T("value.hidden.note")
		if c.Reason != result.Few && c.Reason != result.AllButFew && c.Reason != result.Shown {
			v.Note = w.m.T("value.hidden.other.note")
		}
		return v
	case c.Class == result.Immature && !known(c.Value) && c.Open > 0:
		v.Text, v.Note = w.m.T("value.not_yet"), w.m.T("value.not_yet.note")
		if i.Unit == kpi.Date {
			v.Note = w.m.T("value.not_yet.date")
		}
		return v
	case c.Class == result.NoData || !known(c.Value):
		v.Text, v.Class = w.m.T("value.none"), string(result.NoData)
		return v
	case c.Class == result.Small:
		v.Note = w.m.T("value.small.note", "min", w.whole(i.MinDenominator))
	case c.Class == result.Immature:
		v.Note = w.m.T("value.immature.note")
	}
	digits := i.Unit.Digits(c.Value, c.Lower, c.Upper)
	v.Text = i.Unit.FormatTo(c.Value, digits, w.lang)
	v.Interval = w.interval(i.Unit, c.Lower, c.Upper, digits)
	switch {
	case c.RoundedTo > 0:
		v.Text = w.m.T("value.rounded", "value", w.rounded(i, c))
		v.N, v.Note = w.m.T("value.n.hidden"), strings.TrimSpace(v.Note+" "+w.m.T("value.rounded.note", "step", w.step(c)))
	case isWhole(i, c):
		v.Text = w.whole(c.Numerator)
	case known(c.Denominator) && i.Unit != kpi.Date:
		v.N = w.whole(c.Denominator)
	case c.Uncounted():
		v.N, v.Note = w.m.T("value.n.hidden"), strings.TrimSpace(v.Note+" "+w.m.T("value.n.hidden.note"))
	}
	if c.Open > 0 {
		v.N = w.m.T("value.n.open", "n", v.N, "open", w.whole(c.Open))
	}
	return v
}

// rounded writes a share that is known to a step, with no digit that the step does not give.
func (w words) rounded(i *kpi.Indicator, c result.Cell) string {
	return kpi.Number(c.Value*i.Unit.Scale(), stepDigits(c), w.lang) + strings.TrimPrefix(i.Unit.Format(c.Value, w.lang), i.Unit.Number(c.Value, w.lang))
}

// step is the one to which a share is rounded, in percentage points.
func (w words) step(c result.Cell) string { return kpi.Number(100*c.RoundedTo, stepDigits(c), w.lang) }

// stepDigits is how many digits after the decimal sign the multiples of a step have, in per cent.
func stepDigits(c result.Cell) int {
	if c.RoundedTo < 0.0099 {
		return 1
	}
	return 0
}

// isWhole tells of the whole that a composition divides. It is 100% everywhere:
// how much it is says more.
func isWhole(i *kpi.Indicator, c result.Cell) bool { return i.IsComposition() && c.Breakdown == "" }

// shown is the number that value writes.
func shown(i *kpi.Indicator, c result.Cell) float64 {
	if isWhole(i, c) {
		return c.Numerator
	}
	return c.Value
}

// caution is the word that goes with a figure that is not simply right.
func (w words) caution(class result.Class) string {
	switch class {
	case result.Small:
		return w.m.T("class.small")
	case result.Immature:
		return w.m.T("class.immature")
	case result.Hidden:
		return w.m.T("class.hidden")
	case result.NoData:
		return w.m.T("class.no_data")
	}
	return w.m.T("class.ok")
}

// qualified is the caution where a figure is shown and needs one, else "".
func (w words) qualified(class result.Class) string {
	if class == result.Small || class == result.Immature {
		return w.caution(class)
	}
	return ""
}

// sample is "n 1.234", or "" without a number.
func (w words) sample(n string) string {
	if n == "" {
		return ""
	}
	return "n\u00a0" + n
}

// joined puts together the parts that are not empty.
func joined(parts ...string) string {
	some := parts[:0]
	for _, part := range parts {
		if part != "" {
			some = append(some, part)
		}
	}
	return strings.Join(some, " · ")
}

// target is "≤ 7,6 %", with the quantile that it is about where that is not the
// median; "" without a target.
func (w words) target(i *kpi.Indicator) string {
	if i.Target == nil {
		return ""
	}
	if i.TargetOn == "p90" {
		return w.m.T("target.p90", "target", w.bareTarget(i))
	}
	return w.bareTarget(i)
}

// bareTarget is "≤ 7,6 %" of an indicator that has a target.
func (w words) bareTarget(i *kpi.Indicator) string {
	sign := map[kpi.Direction]string{kpi.Up: "≥\u00a0", kpi.Down: "≤\u00a0"}[i.Direction] // a sign stays with its number
	return sign + i.Unit.Format(*i.Target, w.lang)
}

// item names an item of a breakdown.
func (w words) item(by, code string) string {
	switch kpi.Breakdown(by) {
	case kpi.ByPatronato:
		if code == kpi.NoPatronato {
			return w.m.T("item.alone")
		}
		return w.x.patronato(code)
	case kpi.ByService:
		if service, ok := w.x.service(code); ok {
			if w.lang == "en" {
				return service.NameEN
			}
			return service.NameIT
		}
	case kpi.ByMeasure:
		return w.x.measure(code)
	case kpi.ByPatronatoService:
		parts := kpi.Breakdown(by).Parts(code)
		return w.item(string(kpi.ByPatronato), parts[0]) + ", " + w.item(string(kpi.ByService), parts[1])
	case kpi.ByChannel, kpi.ByMode, kpi.ByKind, kpi.ByLog:
		if name, ok := domainNames[w.lang][code]; ok {
			return name
		}
	}
	return code
}

// dimension names a breakdown.
func (w words) dimension(by string) string {
	switch kpi.Breakdown(by) {
	case kpi.ByPatronato:
		return w.m.T("by.patronato")
	case kpi.ByService:
		return w.m.T("by.service")
	case kpi.ByPatronatoService:
		return w.m.T("by.patronato_service")
	case kpi.ByChannel:
		return w.m.T("by.channel")
	case kpi.ByMode:
		return w.m.T("by.mode")
	case kpi.ByMeasure:
		return w.m.T("by.measure")
	case kpi.ByKind:
		return w.m.T("by.kind")
	case kpi.BySource:
		return w.m.T("by.source")
	case kpi.ByLog:
		return w.m.T("by.log")
	}
	return by
}

// domainNames are the words for the codes of channels, modes, kinds and logs.
var domainNames = map[string]map[string]string{
	"it": {"sportello": "Sportello", "punto_consulenza": "Punto di consulenza", "sportello_telematico": "Sportello telematico",
		"richiamata": "Richiamata", "contact_center": "Contact center", "combipat": "COMBIPAT",
		"cassetto_bidirezionale": "Cassetto bidirezionale", "pec": "PEC", "email": "E-mail", "portale": "Portale", "app": "App",
		"punto_utente_evoluto": "Punto utente evoluto", "fisico": "In sede", "web": "Web", "aula": "Aula", "webinar": "Webinar",
		"e_learning": "E-learning", "normativa": "Normativa", "procedurale": "Procedurale", "tecnologica": "Tecnologica",
		"interactions": "Contatti", "applications": "Domande", "bookings": "Appuntamenti", "trainings": "Formazione",
		"contributions": "Proposte", "agreements": "Eventi del Protocollo"},
	"en": {"sportello": "Counter", "punto_consulenza": "Consulting point", "sportello_telematico": "Video counter",
		"richiamata": "Call-back", "contact_center": "Contact centre", "combipat": "COMBIPAT",
		"cassetto_bidirezionale": "Two-way mailbox", "pec": "Certified e-mail", "email": "E-mail", "portale": "Portal", "app": "App",
		"punto_utente_evoluto": "Assisted user point", "fisico": "On site", "web": "Web", "aula": "Classroom", "webinar": "Webinar",
		"e_learning": "E-learning", "normativa": "On rules", "procedurale": "On procedures", "tecnologica": "On technology",
		"interactions": "Contacts", "applications": "Applications", "bookings": "Bookings", "trainings": "Training",
		"contributions": "Proposals", "agreements": "Protocol events"},
}

// level names the level of a territory.
func (w words) level(level string) string {
	switch level {
	case reference.LevelRegion:
		return w.m.T("level.region")
	case reference.LevelProvince:
		return w.m.T("level.province")
	}
	return w.m.T("level.italy")
}

// holdsDigit tells whether a change, as it is written, is one: "0,0 p.p." is none.
func holdsDigit(text string) bool { return strings.ContainsAny(text, "123456789") }
