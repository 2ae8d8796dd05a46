package reports

import (
	"regexp"
	"strings"
	"testing"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/sql"
	"tavolo/transform/kpi"
)

// The texts of the pages are written by many hands. What they must not say, in either
// language, is a list of patterns with what to write instead.
var unsaid = map[string]map[string]*regexp.Regexp{
	"it": {
		"a narrow space stands between a number and %, ‰": regexp.MustCompile(`[0-9}][ \x{a0}]?[%‰]`),
		"an accent has its own letter, acute in perché":   regexp.MustCompile(`\b(perchè|poichè|affinchè|nè|sè)\b|\b[EAIOU]'( |$)|\b(e|piu|puo|gia|cosi)'|\bpo[^']? (più|meno)\b`),
		"an apostrophe is one, and joins":                 regexp.MustCompile(`[’‘]|\b(un|l|dell|all|dall|nell|sull) '|\b(dell|all|dall|nell|sull|quell)' `),
		"quotation marks are « and »":                     regexp.MustCompile(`[“”"]|« | »`),
		"an article or preposition does not know what number follows: degli 81, dei 12": regexp.MustCompile(
			`(?i)\b(i|gli|il|lo|dei|degli|ai|agli|dai|dagli|nei|negli|sui|sugli|quei|quegli|del|dello|al|allo|dal|dallo|nel|nello)\s\{(n|all|of|total|shown|expected|lines|population|days)\}`),
		"a territory has its article: placeIn, placeOf":                 regexp.MustCompile(`\b(di|a|in|da|su|per)\s\{(place|region|territory|here)\}`),
		"a figure is a valore, a row is rifiutata, a source is a fonte": regexp.MustCompile(`(?i)\b(figure|scartat[aeio]|sorgent[ei]|doppi[ae]|nel lago|abitanti|graduatori[ae]|compiut[aeio]|Parte di (ciascun|ogni))\b`),
		"a share is a quota":             regexp.MustCompile(`(?i)\b(la|sua|stessa) parte dei casi\b`),
		"nobody owes: rows are expected": regexp.MustCompile(`(?i)\b(deve|devono|doveva|dovevano) (nulla|qualche|righe)\b|in cui le doveva`),
	},
	"en": {
		"no space stands before %":                                            regexp.MustCompile(`[0-9}][\s\x{a0}\x{202f}][%‰]`),
		"quotation marks are “ and ”, apostrophes '":                          regexp.MustCompile(`["«»’‘]`),
		"a clause has its subject: those who":                                 regexp.MustCompile(`(^|\. )Who (comes?|sees?|does|do|answers?|has|have|gave)\b`),
		"the field's words: two-way mailbox, video counter, certified e-mail": regexp.MustCompile(`(?i)two-way drawer|remote counter|certified mail`),
		"nobody owes: rows are expected":                                      regexp.MustCompile(`(?i)\bowe(s|d)?\b`),
		"a share is a share":                                                  regexp.MustCompile(`(?i)\b(each|the) patronato's part\b|\bthe parts add up\b`),
	},
	"both": {
		"one space between words, and none before a stop": regexp.MustCompile(`  | [,;.:](\s|$)|\.\.|\( | \)|^\s|\s$`),
	},
}

// valueName is a value that is not spoken under its own name.
var valueName = regexp.MustCompile(`\{(?:figure|(\w+))\}`)

// builtIn is the catalogue of the program.
func builtIn(t testing.TB) *kpi.Catalogue {
	t.Helper()
	text, err := sql.Files.ReadFile("kpis.yml")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := kpi.Parse("kpis.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

// theTexts are all texts of a language that reach a page: messages by key, and what the
// catalogue says of each indicator and theme.
func theTexts(t *testing.T, lang string) map[string]string {
	t.Helper()
	messages, err := html.LoadMessages(lang)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, key := range messages.Keys() {
		all[key] = messages.T(key)
	}
	catalogue := builtIn(t)
	for _, theme := range catalogue.Themes {
		all["theme "+theme.ID], all["theme "+theme.ID+" about"] = theme.Title.In(lang), theme.Description.In(lang)
	}
	for _, i := range catalogue.Indicators {
		for what, text := range map[string]string{"title": i.Title.In(lang), "short": i.Short.In(lang), "description": i.Description.In(lang),
			"not": i.Not.In(lang), "numerator": i.NumeratorText.In(lang), "denominator": i.DenominatorText.In(lang)} {
			all[i.ID+" "+what] = text
		}
	}
	for code, name := range ruleNames[lang] {
		all["rule "+code] = name
	}
	for code, name := range checkTitles[lang] {
		all["check "+code] = name
	}
	return all
}

// TestTextsSpeakAlike holds every text of the pages to the same typography and words.
func TestTextsSpeakAlike(t *testing.T) {
	for _, lang := range html.Languages() {
		texts := theTexts(t, lang)
		if len(texts) < 900 {
			t.Fatalf("%s: only %d texts were read", lang, len(texts))
		}
		for _, rules := range []map[string]*regexp.Regexp{unsaid[lang], unsaid["both"]} {
			for rule, pattern := range rules {
				for name, text := range texts {
					if found := pattern.FindString(valueName.ReplaceAllString(text, "{$1}")); found != "" {
						t.Errorf("%s: %s: %q: %s: %s", lang, name, found, rule, text)
					}
				}
			}
		}
	}
}

// found are the keys of the messages that say what the figures show. What a page says of
// itself may give its reasons; of the figures nobody knows them.
var found = regexp.MustCompile(`^(sentence|parts|items|changes|signals|glance|control\.finding|funnel\.finding|interval\.finding\.(above|below|parts)|map\.finding|` +
	`heat\.(finding|range)|timeline\.(finding|range)|compare\.finding|mix\.finding|proposals\.outcomes\.finding|days\.(finding|sentence|most|late|fewer)|` +
	`arrivals\..*finding|restated\.sentence|quality\.sentence|variation|assurance|position|rule|agenda\.(against|missed|untrained|notyet|partly|worsening|improving|.*lead)|met)(\.|$)`)

// TestFindingsGiveNoCauses reads the messages that findings are made of.
func TestFindingsGiveNoCauses(t *testing.T) {
	for _, lang := range html.Languages() {
		read := 0
		for key, text := range theTexts(t, lang) {
			if !found.MatchString(key) {
				continue
			}
			read++
			if word := causal[lang].FindString(text); word != "" {
				t.Errorf("%s: %s explains (%q): %s", lang, key, word, text)
			}
		}
		if read < 100 {
			t.Errorf("%s: only %d messages were read", lang, read)
		}
	}
}

// jargon is what a page may not say without an explanation on the page of methods.
var jargon = map[string]map[string]string{
	"it": {"XmR": "differenza da un mese al successivo", "sovradispersione": "più di quanto farebbe il solo caso", "Wilson": "margine di incertezza",
		"90° percentile": "nove casi su dieci non superano", "rango più vicino": "si mettono in fila", "imbuto": "mette ogni territorio secondo i suoi casi", "shrinkage": "tanto più quanto meno sono i suoi casi"},
	"en": {"XmR": "difference from one month to the next", "over-dispersion": "more than chance alone would make them", "Wilson": "margin of uncertainty",
		"90th percentile": "nine cases of ten do not exceed", "nearest rank": "are put in order", "funnel plot": "places each territory by its cases", "shrinkage": "the more so the fewer its cases"},
}

func TestJargonIsExplained(t *testing.T) {
	for lang, words := range jargon {
		methods := ""
		for key, text := range theTexts(t, lang) {
			if strings.HasPrefix(key, "method.") {
				methods += text + "\n"
			}
		}
		for word, explained := range words {
			if !strings.Contains(methods, word) || !strings.Contains(methods, explained) {
				t.Errorf("%s: the page of methods does not explain %s with %q", lang, word, explained)
			}
		}
	}
}

// TestEveryPlaceInASentence puts each region and province into a sentence. Regions have
// an article that goes with their gender; provinces are named after towns, but for those
// that are a stretch of land or begin with an article of their own.
func TestEveryPlaceInASentence(t *testing.T) {
	of := map[string]string{"01": "del Piemonte", "02": "della Valle d'Aosta", "03": "della Lombardia", "04": "del Trentino-Alto Adige", "05": "del Veneto",
		"06": "del Friuli-Venezia Giulia", "07": "della Liguria", "08": "dell'Emilia-Romagna", "09": "della Toscana", "10": "dell'Umbria", "11": "delle Marche",
		"12": "del Lazio", "13": "dell'Abruzzo", "14": "del Molise", "15": "della Campania", "16": "della Puglia", "17": "della Basilicata",
		"18": "della Calabria", "19": "della Sicilia", "20": "della Sardegna", "IT": "dell'Italia", "007": "della Valle d'Aosta"}
	in := map[string]string{"11": "nelle Marche", "12": "nel Lazio", "007": "in Valle d'Aosta"}
	after := map[string]string{"011": "della Spezia", "066": "dell'Aquila", "103": "del Verbano-Cusio-Ossola", "111": "del Sud Sardegna"}
	regions, provinces := 0, 0
	for _, place := range fixture(t, "no_show_rate").References.Territories() {
		name := placeName(place, "it")
		wantIn, wantOf := "in "+name, of[place.Code]
		if place.Level == reference.LevelProvince {
			provinces++
			if wantOf == "" {
				which := "di " + name
				if after[place.Code] != "" {
					which = after[place.Code]
				}
				wantIn, wantOf = "in provincia "+which, "della provincia "+which
			}
		} else if place.Level == reference.LevelRegion {
			regions++
		}
		if in[place.Code] != "" {
			wantIn = in[place.Code]
		}
		if got := placeIn(place, "it"); got != wantIn {
			t.Errorf("%s: %q, want %q", place.Code, got, wantIn)
		}
		if got := placeOf(place, "it"); got != wantOf {
			t.Errorf("%s: %q, want %q", place.Code, got, wantOf)
		}
		wrong := regexp.MustCompile(`\b(di|in) (L'|La |Gli |Le |I )|\b(in|di) (Lazio|Marche)\b|/|  `)
		for _, text := range []string{placeIn(place, "it"), placeOf(place, "it")} {
			if wrong.MatchString(text) {
				t.Errorf("%s: %q", place.Code, text)
			}
		}
		if english := placeOf(place, "en"); !strings.HasPrefix(english, "of ") || !strings.HasSuffix(english, placeName(place, "en")) {
			t.Errorf("%s in English: %q", place.Code, english)
		}
	}
	if regions != 20 || provinces != 107 {
		t.Errorf("%d regions and %d provinces were read", regions, provinces)
	}
}
