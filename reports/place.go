package reports

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tavolo/ingest/reference"
)

// placeName is what a page calls a territory: ISTAT's name without its second
// language ("Bolzano/Bozen" is Bolzano).
func placeName(t reference.Territory, lang string) string {
	if t.Level == reference.LevelItaly && lang == "en" {
		return "Italy"
	}
	name, _, _ := strings.Cut(t.Name, "/")
	return name
}

// placeIn is a territory after a preposition, within a sentence: "in Puglia",
// "nel Lazio", "in provincia dell'Aquila", "in the province of L'Aquila".
func placeIn(t reference.Territory, lang string) string {
	name := placeName(t, lang)
	switch {
	case lang == "en" && t.Level == reference.LevelProvince:
		return "in the province of " + name
	case lang == "en":
		return "in " + name
	case t.Level == reference.LevelProvince && name == "Valle d'Aosta": // a region without provinces
		return "in " + name
	case t.Level == reference.LevelProvince:
		return "in provincia " + ofProvince(name)
	case t.Code == "12":
		return "nel Lazio"
	case t.Code == "11":
		return "nelle Marche"
	default:
		return "in " + name
	}
}

// placeOf is a territory after "of", as the name of what is its own: "del Lazio",
// "dell'Umbria", "della provincia di Isernia", "of the province of Isernia".
func placeOf(t reference.Territory, lang string) string {
	name := placeName(t, lang)
	switch {
	case lang == "en" && t.Level == reference.LevelProvince:
		return "of the province of " + name
	case lang == "en":
		return "of " + name
	case t.Level == reference.LevelProvince && name == "Valle d'Aosta":
		return "della " + name
	case t.Level == reference.LevelProvince:
		return "della provincia " + ofProvince(name)
	case strings.ContainsRune("AEIOU", rune(name[0])):
		return "dell'" + name
	case name == "Marche":
		return "delle " + name
	case strings.HasSuffix(name, "a") && !strings.HasPrefix(name, "Friuli"):
		return "della " + name
	default:
		return "del " + name
	}
}

// ofProvince joins di with the few names of provinces that have an article.
func ofProvince(name string) string {
	if rest, ok := strings.CutPrefix(name, "L'"); ok {
		return "dell'" + rest
	}
	if rest, ok := strings.CutPrefix(name, "La "); ok {
		return "della " + rest
	}
	if lands[name] {
		return "del " + name
	}
	return "di " + name
}

// lands are the provinces that are named after a stretch of land, with its
// article, and not after a town.
var lands = map[string]bool{"Verbano-Cusio-Ossola": true, "Sud Sardegna": true, "Medio Campidano": true, "Sulcis Iglesiente": true}

// slug makes a name fit for a file: lower-case ASCII letters and digits with hyphens.
func slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
				b.WriteByte('-')
			}
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// shapes names the outline of each region, by ISTAT code. The map's ids are English.
var shapes = map[string]string{
	"01": "piedmont", "02": "aosta-valley", "03": "lombardy", "04": "trentino-south-tyrol", "05": "veneto",
	"06": "friuli-venezia-giulia", "07": "liguria", "08": "emilia-romagna", "09": "tuscany", "10": "umbria",
	"11": "marche", "12": "lazio", "13": "abruzzo", "14": "molise", "15": "campania", "16": "apulia",
	"17": "basilicata", "18": "calabria", "19": "sicily", "20": "sardinia",
}
