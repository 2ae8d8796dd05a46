package reference

import "tavolo/ingest/diagnostic"

// Code is one entry of a kind of code, with its name in Italian.
type Code struct{ Code, Name string }

// Codes lists what a column of a kind may hold, by code: one of the kinds of
// [Tables.Resolve]. None of an unknown kind, and of offices and measures while the
// project has supplied none.
func (t *Tables) Codes(kind string) []Code {
	var all []Code
	switch kind {
	case KindProvince, KindRegion, KindTerritory:
		for _, one := range t.territories {
			if one.Level == kind || kind == KindTerritory {
				all = append(all, Code{one.Code, one.Name})
			}
		}
	case KindPatronato:
		for _, one := range t.patronati {
			all = append(all, Code{one.Code, one.Name})
		}
	case KindService:
		for _, one := range t.services {
			all = append(all, Code{one.Code, one.NameIT})
		}
	case KindOffice:
		for _, one := range t.offices {
			all = append(all, Code{one.Code, one.Name})
		}
	case KindMeasure:
		for _, one := range t.measures {
			all = append(all, Code{one.Code, one.Title})
		}
	}
	return all
}

// Suggest gives advice about a name that Resolve does not know, as a sentence
// for a hint, or "".
func (t *Tables) Suggest(kind, raw string) string {
	var names []string
	for _, one := range t.Codes(kind) {
		names = append(names, one.Code, one.Name)
	}
	return diagnostic.DidYouMean(raw, names)
}
