package reports

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// causal are the words of an explanation. The figures say what moved with what,
// and no sentence may say more.
var causal = map[string]*regexp.Regexp{
	"it": regexp.MustCompile(`(?i)\b(perché|poiché|siccome|giacché|grazie|caus[aeio]\p{L}*|dovut[aeio]|motiv\p{L}*|effett[oi]|determinat[aeio]|provoca\p{L}*|spiega\p{L}*|merito|colpa|conseguen\p{L}*|quindi|perciò)\b`),
	"en": regexp.MustCompile(`(?i)\b(because|due to|thanks|caus\w*|owing to|driven|reason\w*|explain\w*|result(s|ed)? (of|from)|led to|lead to|effects?|therefore|hence|so that|consequen\w*)\b`),
}

// broken are the mistakes that putting texts together makes.
var broken = map[string]*regexp.Regexp{
	"both": regexp.MustCompile(`  |[{}]|NaN|Inf|\( | \)|\.\.| [.,;:]|--|––|\(\)|%!|,,|;;`),
	"it": regexp.MustCompile(`\b(dal|al|del|il|nel|dallo|allo|dello|lo) (8|11[ ,\x{202f}\x{a0}]|1[,\x{202f}\x{a0}])|` + // l'8, l'11, l'1
		`\b(dal|al|del|il) 0|\b(dallo|allo|dello|con lo) [1-9]|` +
		`['’](0|[2-7]|9|1[02-9]|1[^,.0-9\x{202f}\x{a0}1])|\bda [0-9.,]+[\x{202f}\x{a0}]?[%‰]|` +
		`\ba (aprile|agosto)|\bad (gennaio|febbraio|marzo|maggio|giugno|luglio|settembre|ottobre|novembre|dicembre)|` +
		`\bin (Lazio|Marche)\b|\b1 (voci|province|mesi|giorni|ore)\b|\bdi (L'|La Spezia)`),
	"en": regexp.MustCompile(`\b1 (items|provinces|months|days|hours|sentences)\b|\b(voci|mesi|giorni|ore)\b|[0-9],[0-9]{1,2}\b[^0-9,]`),
}

func checkForm(t *testing.T, lang string, s html.Sentence) {
	t.Helper()
	for _, rule := range []*regexp.Regexp{broken["both"], broken[lang], causal[lang]} {
		if rule.MatchString(s.Text) {
			t.Errorf("%s: %q in: %s %s", lang, rule.FindString(s.Text), s.Lead, s.Text)
		}
	}
	if !strings.HasSuffix(s.Text, ".") || s.Href == "" || s.Mark.Text == "" {
		t.Errorf("not a whole sentence: %+v", s)
	}
}

var written = regexp.MustCompile(`[0-9][0-9.,]*[0-9]|[0-9]`)

// figuresOf collects every number that may stand in a sentence on an indicator in
// a territory, as it is written with the usual digits or more.
func figuresOf(x *index, i *kpi.Indicator, territory, lang string) map[string]bool {
	found := map[string]bool{}
	add := func(unit kpi.Unit, values ...float64) {
		for _, value := range values {
			for digits := range unit.Decimals() + 3 {
				for _, text := range written.FindAllString(unit.NumberTo(value, digits, lang), -1) {
					found[text] = true
				}
			}
		}
	}
	places := []string{territory, result.Italy}
	for _, province := range x.provinces[territory] {
		places = append(places, province.Code)
	}
	for _, place := range places {
		for _, c := range x.cells[cellKey{i.ID, place, result.Rolling12}] {
			add(i.Unit, c.Value, c.Lower, c.Upper, c.Standardised)
			add(kpi.Count, c.Denominator, c.Open)
		}
	}
	if i.Unit != kpi.Date {
		add(i.Unit, x.headline(i.ID, territory).Value-x.yearBefore(i.ID, territory).Value)
	}
	if c := x.chart(i.ID, territory); c != nil {
		add(i.Unit, c.Centre, c.Lower, c.Upper, math.Max(c.Lower, 0))
		for _, at := range c.Points {
			add(i.Unit, at.Value)
		}
	}
	for _, d := range x.Decomposed {
		if d.Indicator == i.ID && d.Territory == territory {
			add(i.Unit, d.Mix, d.Rate)
		}
	}
	for _, c := range x.contributions[[2]string{i.ID, territory}] {
		add(i.Unit, c.From, c.To, c.Mix+c.Rate)
		add(kpi.Percent, c.ShareFrom, c.ShareTo)
	}
	if i.Target != nil {
		add(i.Unit, *i.Target)
	}
	return found
}

// counted are the numbers of a sentence that are no figures: dates, counts of
// provinces and items, and the names of units and limits.
var counted = regexp.MustCompile(`\b20[0-9][0-9]\b|[0-9]{1,2}(/[0-9]{2}/| (January|February|March|April|May|June|July|August|September|October|November|December))|` +
	`[0-9]+ (province|provinces|voci|items|withheld)\b|(su|of) [0-9]+:?|in [0-9]+ (voci|items)|ogni.100(\.000)?(\b|$)|per.100(,000)?\b|90[°t]h?`)

// TestSentencesAreTrueAndWellMade invents countries full of signals, withheld
// items and changes, and reads every sentence on every territory: it is put
// together without a flaw, explains nothing, and each number in it is one of the
// results, rounded as everywhere.
func TestSentencesAreTrueAndWellMade(t *testing.T) {
	ids := []string{"no_show_rate", "first_response_hours", "abandonment_rate", "integration_rate", "acceptance_rate", "decision_days",
		"contacts_per_1000", "training_coverage", "training_lead_days", "clearance_ratio", "backlog_open", "proposals_per_100_operators", "patronato_mix",
		"milestone_digital_platform", "onsite_wait_minutes", "technical_tables"}
	kinds := map[string]int{}
	for seed := range uint64(2) {
		set := invented(t, seed+7, true, ids...)
		x := newIndex(set)
		var places []string
		for _, territory := range set.References.Territories() {
			if territory.Level != "province" || territory.Code < "008" {
				places = append(places, territory.Code)
			}
		}
		for _, lang := range html.Languages() {
			found, err := Findings(set, lang, places...)
			if err != nil {
				t.Fatal(err)
			}
			titles := map[string]*kpi.Indicator{}
			for n := range set.Catalogue.Indicators {
				titles[set.Catalogue.Indicators[n].Title.In(lang)] = &set.Catalogue.Indicators[n]
			}
			for place, sentences := range found {
				for _, s := range sentences {
					i := titles[strings.TrimSuffix(s.Lead, ":")]
					if i == nil {
						t.Fatalf("of which indicator is %+v?", s)
					}
					kinds[s.Mark.Kind]++
					checkForm(t, lang, s)
					checkTone(t, x, i, place, s)
					figures := figuresOf(x, i, place, lang)
					for _, text := range written.FindAllString(counted.ReplaceAllString(s.Text, "·"), -1) {
						if !figures[text] {
							t.Errorf("%s %s: %s is no result: %s %s", lang, place, text, s.Lead, s.Text)
						}
					}
				}
			}
		}
	}
	for _, kind := range []string{"improvement", "concern", "change", "missed", "above", "far-above", "below", "far-below"} {
		if kinds[kind] < 5 {
			t.Errorf("only %d sentences of kind %s were read: %v", kinds[kind], kind, kinds)
		}
	}
}

// checkTone holds the mark of a sentence against the figures: an improvement is
// one, and what lies above lies above.
func checkTone(t *testing.T, x *index, i *kpi.Indicator, territory string, s html.Sentence) {
	t.Helper()
	switch s.Mark.Kind {
	case "improvement", "concern":
		c := x.chart(i.ID, territory)
		sum, months := 0.0, 0.0
		for _, at := range c.Points {
			if !at.Start.Before(c.Since) && !at.Immature && known(at.Value) {
				sum, months = sum+at.Value-c.Centre, months+1
			}
		}
		better := (sum > 0) == (i.Direction == kpi.Up)
		if better != (s.Mark.Kind == "improvement") || better != (s.Mark.Tone == "better") {
			t.Errorf("%s is called %s (%s), and its months are %+.3f of the centre: %s", territory, s.Mark.Kind, s.Mark.Tone, sum/months, s.Text)
		}
	case "far-above", "above", "far-below", "below":
		better := strings.HasSuffix(s.Mark.Kind, "above") == (i.Direction == kpi.Up)
		if i.Direction != kpi.None && better != (s.Mark.Tone == "better") {
			t.Errorf("tone %q of %s", s.Mark.Tone, s.Text)
		}
	}
}

func TestFiguresHaveTheirArticles(t *testing.T) {
	w := words{lang: "it"}
	for _, test := range []struct {
		unit     kpi.Unit
		from, to float64
		want     string
	}{
		{kpi.Percent, 0.085, 0.11, "dall'8,5 % all'11,0 %"},
		{kpi.Percent, 0.012, 0.072, "dall'1,2 % al 7,2 %"},
		{kpi.Percent, 0.004, 0.8, "dallo 0,4 % all'80,0 %"},
		{kpi.Percent, 0.118, 0.127, "dall'11,8 % al 12,7 %"},
		{kpi.Percent, 1, 0.18, "dal 100,0 % al 18,0 %"},
		{kpi.Percent, 0.1, 0.10001, "dal 10,000 % al 10,001 %"},
		{kpi.PerThousand, 1.2, 11, "dal 1.200,0 ‰ all'11.000,0 ‰"}, // milleduecento, undicimila
		{kpi.PerThousand, 0.81, 0.8, "dall'810,0 ‰ all'800,0 ‰"},
		{kpi.Hours, 10, 6, "da 10 a 6 ore"},
		{kpi.Days, 8, 1, "da 8 a 1 giorno"},
		{kpi.Ratio, 0.95, 1.02, "da 0,95 a 1,02"},
		{kpi.Per100k, 3.45e-5, 8e-5, "da 3,45 a 8,00 ogni 100.000"},
	} {
		got := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(w.fromTo(test.unit, test.from, test.to))
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.unit, got, test.want)
		}
	}
	if got := w.withShare(0.083); got != "con l'8,3\u202f%" {
		t.Errorf("a share: %q", got)
	}
	if got := (words{lang: "en"}).fromTo(kpi.Hours, 10, 6); got != "from 10 to 6\u00a0hours" {
		t.Errorf("in English: %q", got)
	}
}

func TestPlacesInASentence(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for code, want := range map[string]string{"02": "in Valle d'Aosta", "11": "nelle Marche", "12": "nel Lazio", "16": "in Puglia",
		"058": "in provincia di Roma", "066": "in provincia dell'Aquila", "011": "in provincia della Spezia", "007": "in Valle d'Aosta",
		"103": "in provincia del Verbano-Cusio-Ossola", "111": "in provincia del Sud Sardegna", "IT": "in Italia"} {
		territory, ok := set.References.Territory(code)
		if got := placeIn(territory, "it"); !ok || got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// changed is a set of one rate whose change in Puglia is what the test makes of it.
func changed(t *testing.T, edit func(*result.Set, *result.Decomposition, []*result.Contribution)) string {
	t.Helper()
	set := invented(t, 1, false, "abandonment_rate")
	var parts []*result.Contribution
	for n := range set.Contribute {
		if c := &set.Contribute[n]; c.Territory == "12" && c.By == "channel" {
			parts = append(parts, c)
		}
	}
	for n := range set.Decomposed {
		if d := &set.Decomposed[n]; d.Territory == "12" && d.By == "channel" {
			edit(set, d, parts)
			set.Decomposed = []result.Decomposition{*d}
			break
		}
	}
	found, err := Findings(set, "it", "12")
	if err != nil || len(found["12"]) == 0 {
		t.Fatalf("%v, %v", found, err)
	}
	return found["12"][0].Text
}

// The part of a change that stands out is told: the values or the mix, one item
// or none, and that some are withheld.
func TestPartsOfAChange(t *testing.T) {
	split := func(from, to, mix, rate float64) func(*result.Set, *result.Decomposition, []*result.Contribution) {
		return func(_ *result.Set, d *result.Decomposition, _ []*result.Contribution) {
			d.From, d.To, d.Mix, d.Rate = from, to, mix, rate
		}
	}
	for name, test := range map[string]struct {
		edit        func(*result.Set, *result.Decomposition, []*result.Contribution)
		has, hasNot string
	}{
		"values":  {split(0.09, 0.13, 0.001, 0.039), "quasi tutta nel valore delle singole voci (+3,9\u00a0p.p.), poco nella loro composizione (+0,1\u00a0p.p.)", "in parte"},
		"mix":     {split(0.09, 0.13, 0.039, 0.001), "quasi tutta nella composizione (+3,9\u00a0p.p.)", "in parte"},
		"both":    {split(0.09, 0.13, 0.02, 0.02), "in parte nel valore delle singole voci (+2,0\u00a0p.p.), in parte nella loro composizione (+2,0\u00a0p.p.)", "versi opposti"},
		"against": {split(0.09, 0.13, -0.03, 0.07), "vanno in versi opposti", "in parte"},
		"one item": {func(_ *result.Set, d *result.Decomposition, parts []*result.Contribution) {
			d.From, d.To, d.Mix, d.Rate = 0.09, 0.13, 0, 0.04
			for n, c := range parts {
				c.Mix, c.Rate, c.ShareFrom, c.ShareTo = 0, 0.001, 0.2, 0.2
				if n == 1 {
					c.Mix, c.Rate, c.ShareFrom, c.ShareTo = 0.03, 0.005, 0.1, 0.3
				}
			}
		}, "Il contributo maggiore è di «Contact center», +3,5\u00a0p.p.: la sua quota dei casi passa dal 10,0\u202f% al 30,0\u202f%.", "spicca"},
		"no item": {func(_ *result.Set, d *result.Decomposition, parts []*result.Contribution) {
			d.From, d.To, d.Mix, d.Rate = 0.09, 0.13, 0, 0.04
			for _, c := range parts {
				c.Mix, c.Rate, c.ShareFrom, c.ShareTo = 0, 0.008, 0.2, 0.2
			}
		}, "Nessuna voce spicca sulle altre.", "contributo maggiore"},
		"withheld": {func(set *result.Set, d *result.Decomposition, _ []*result.Contribution) {
			d.From, d.To, d.Mix, d.Rate = 0.09, 0.13, 0.001, 0.039
			for n := range set.Cells {
				if c := &set.Cells[n]; c.Territory == "12" && c.Breakdown == "channel" && c.Item == "pec" {
					c.Class = result.Hidden
				}
			}
		}, "Una voce riservata non è contata.", "PEC"},
	} {
		text := changed(t, test.edit)
		if !strings.Contains(text, test.has) || strings.Contains(text, test.hasNot) {
			t.Errorf("%s: want %q and not %q in: %s", name, test.has, test.hasNot, text)
		}
	}
}

// An item that carries a change by its own value is named only when its two years
// are apart by more than their intervals.
func TestNoItemIsNamedForNoise(t *testing.T) {
	apart := func(apart bool) string {
		return changed(t, func(set *result.Set, d *result.Decomposition, parts []*result.Contribution) {
			d.From, d.To, d.Mix, d.Rate = 0.09, 0.13, 0, 0.04
			for n, c := range parts {
				c.Mix, c.Rate, c.ShareFrom, c.ShareTo = 0, 0, 0.2, 0.2
				if c.Item == "combipat" {
					parts[n].Rate, c.From, c.To = 0.04, 0.1, 0.3
				}
			}
			for n := range set.Cells {
				c := &set.Cells[n]
				if c.Territory != "12" || c.Item != "combipat" {
					continue
				}
				c.Class, c.Value, c.Lower, c.Upper = result.OK, 0.1, 0.05, 0.15
				if c.Start.Equal(set.Run.LastMonth) {
					c.Value, c.Lower, c.Upper = 0.3, 0.25, 0.35
					if !apart {
						c.Lower = 0.12
					}
				}
			}
		})
	}
	if text := apart(true); !strings.Contains(text, "«COMBIPAT», +4,0\u00a0p.p.: passa dal 10,0\u202f% al 30,0\u202f%, con il 20,0\u202f% dei casi.") {
		t.Errorf("the item is not named: %s", text)
	}
	if text := apart(false); strings.Contains(text, "COMBIPAT") {
		t.Errorf("an item is named for what may be chance: %s", text)
	}
}

// A difference within the uncertainty of both figures is told as one.
func TestWhatMayBeChanceIsSaidToBe(t *testing.T) {
	cell := func(value, lower, upper float64) result.Cell {
		return result.Cell{Value: value, Lower: lower, Upper: upper}
	}
	nan := math.NaN()
	for _, test := range []struct {
		now, before result.Cell
		want        bool
	}{
		{cell(0.637, 0.6327, 0.6413), cell(0.632, 0.6276, 0.6364), false}, // 0.5 points apart, and 0.6 are uncertain
		{cell(0.639, 0.6347, 0.6433), cell(0.632, 0.6276, 0.6364), true},
		{cell(0.632, 0.6276, 0.6364), cell(0.639, 0.6347, 0.6433), true},
		{cell(6, 6, 6), cell(7, 7, 7), true}, // medians of whole hours, both certain
		{cell(6, nan, nan), cell(7, nan, nan), true},
	} {
		if got := differs(test.now, test.before); got != test.want {
			t.Errorf("%v and %v differ: %v", test.now.Value, test.before.Value, got)
		}
	}
}

// The strongest come first, and what is folded away is not lost.
func TestFoldedSentences(t *testing.T) {
	for count, want := range map[int][2]int{0: {0, 0}, 7: {7, 0}, 8: {8, 0}, 9: {7, 2}, 30: {7, 23}} {
		var all []html.Sentence
		for n := range count {
			all = append(all, html.Sentence{Text: fmt.Sprint(n)})
		}
		shown, folded := fold(all)
		if len(shown) != want[0] || len(folded) != want[1] {
			t.Errorf("of %d sentences %d are shown and %d folded", count, len(shown), len(folded))
		}
	}
}
