package reference

import (
	"errors"
	"strings"
)

// buildIndex gathers every name of every kind. Order matters where a name has
// several meanings: the first that holds on the day wins.
func (t *Tables) buildIndex() error {
	territories := t.territoryNames("")
	provinces := t.territoryNames(LevelProvince)
	regions := t.territoryNames(LevelRegion)
	patronati := t.simpleNames("patronati", "code", "name")
	each(t, "patronato_aliases", func(s *sheet, row int) {
		patronati.add(s, row, "alias", s.get(row, "patronato_code"), period{})
	})
	services := t.simpleNames("services", "code", "name_it", "name_en")
	each(t, "service_codes", func(s *sheet, row int) {
		services.add(s, row, "code", s.get(row, "service_code"), period{})
	})
	offices := t.simpleNames("offices", "code", "name")
	offices.stripZeros(t.sheets["offices"])
	measures := t.simpleNames("measures", "code", "title")

	t.index = map[string]resolver{}
	var errs []error
	for kind, names := range map[string]*names{
		KindTerritory: territories, KindProvince: provinces, KindRegion: regions,
		KindPatronato: patronati, KindService: services, KindOffice: offices, KindMeasure: measures,
	} {
		t.index[kind] = names.resolver
		if kind != KindTerritory { // whose errors are those of provinces and regions
			errs = append(errs, names.errs...)
		}
	}
	return errors.Join(errs...)
}

// simpleNames gathers the named columns of one table, codes before names.
func (t *Tables) simpleNames(table string, columns ...string) *names {
	n := &names{resolver: resolver{}}
	for _, column := range columns {
		each(t, table, func(s *sheet, row int) {
			n.add(s, row, column, s.get(row, "code"), s.validity(row))
		})
	}
	return n
}

// territoryNames gathers the names of the territories of one level, or of all.
func (t *Tables) territoryNames(level string) *names {
	n := &names{resolver: resolver{}}
	s := t.sheets["territories"]
	wanted := func(row int) bool { return level == "" || s.get(row, "level") == level }
	for _, column := range []string{"code", "sigla", "name"} {
		for row := range s.rows { // sorted with regions before provinces
			if wanted(row) {
				n.add(s, row, column, s.get(row, "code"), s.validity(row))
			}
		}
	}
	for _, one := range []string{LevelItaly, LevelRegion, LevelProvince} {
		each(t, "territory_aliases", func(aliases *sheet, row int) {
			code := aliases.get(row, "territory_code")
			of := t.territories[t.byCode[code]].Level
			if of == one && (level == "" || of == level) {
				n.add(aliases, row, "alias", code, aliases.validity(row))
			}
		})
	}
	n.stripZeros(s)
	return n
}

// stripZeros lets the codes of s that this kind knows be written without their
// leading zeros, unless the digits already mean something or would mean two things.
func (n *names) stripZeros(s *sheet) {
	shorter := map[string][]int{}
	for row := range s.rows {
		code := s.get(row, "code")
		short := strings.TrimLeft(code, "0")
		if short == code || short == "" || strings.Trim(code, "0123456789") != "" || n.resolver[short] != nil {
			continue
		}
		for _, meaning := range n.resolver[code] {
			if meaning.code == code {
				shorter[short] = append(shorter[short], row)
				break
			}
		}
	}
	for short, rows := range shorter {
		if len(rows) == 1 {
			n.put(short, s, rows[0], "code", s.get(rows[0], "code"), s.validity(rows[0]))
		}
	}
}
