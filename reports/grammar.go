package reports

import (
	"strings"

	"tavolo/transform/kpi"
)

// Italian joins its prepositions to the article of what follows, and the article
// of a figure goes with how the figure is read out: il 7 %, l'8 % (otto), l'11 %
// (undici), lo 0,4 % (zero). English has none of it.

// An article of a figure in Italian.
type article int

const (
	masculine article = iota // il 7
	elided                   // l'8
	before0                  // lo 0,4
)

// articleOf is the article of a figure as it is written in Italian.
func articleOf(figure string) article {
	whole, _, _ := strings.Cut(figure, ",")
	digits := whole
	if end := strings.IndexFunc(whole, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); end >= 0 {
		digits = whole[:end]
	}
	first, rest, _ := strings.Cut(digits, ".")
	switch {
	case first == "": // a sign is read out first: il meno 3
		return masculine
	case first[0] == '8', first == "11": // otto, ottanta, ottocento, ottomila, undici, undicimila
		return elided
	case first == "1" && (rest == "" || strings.Contains(rest, ".")): // uno, un milione, but mille
		return elided
	case first == "0":
		return before0
	}
	return masculine
}

// joined forms of the prepositions, by article.
var joinedForms = map[string][3]string{
	"da":  {"dal ", "dall'", "dallo "},
	"a":   {"al ", "all'", "allo "},
	"di":  {"del ", "dell'", "dello "},
	"con": {"con il ", "con l'", "con lo "},
}

// with puts an Italian preposition before a share, with its article.
func with(preposition, figure string) string {
	return joinedForms[preposition][articleOf(figure)] + figure
}

// takesArticle tells of a unit whose figures have an article: il 7 %, but 7 giorni.
func takesArticle(unit kpi.Unit) bool { return unit == kpi.Percent || unit == kpi.PerThousand }

// fromTo is "dall'8,5 % al 9,7 %", "da 10 a 6 ore", "from 8.5% to 9.7%", with the
// digits that tell the two apart.
func (w words) fromTo(unit kpi.Unit, from, to float64) string {
	digits := unit.Digits(from, to, to)
	first, last := unit.FormatTo(from, digits, w.lang), unit.FormatTo(to, digits, w.lang)
	switch {
	case w.lang == "it" && takesArticle(unit):
		return with("da", first) + " " + with("a", last)
	case wordy(unit, w.lang):
		first = unit.NumberTo(from, digits, w.lang)
	}
	if w.lang == "it" {
		return "da " + first + " a " + last
	}
	return "from " + first + " to " + last
}

// withShare is "con l'11,2 % dei casi" up to the figure: "con l'11,2 %", "with 11.2%".
func (w words) withShare(share float64) string {
	text := kpi.Percent.Format(share, w.lang)
	if w.lang == "it" {
		return with("con", text)
	}
	return "with " + text
}

// ofShare is "dello 0,1 %" up to the figure: "si tratta dello 0,1 %", "that is 0.1%".
func (w words) ofShare(share float64) string {
	text := kpi.Percent.Format(share, w.lang)
	if w.lang == "it" {
		return with("di", text)
	}
	return text
}

// quoted is a name within a sentence, which begins with a capital wherever it stands.
func (w words) quoted(name string) string {
	if w.lang == "it" {
		return "«" + name + "»"
	}
	return "“" + name + "”"
}
