package reference

import (
	"cmp"
	"slices"
	"strconv"
)

// fill makes the typed rows of the checked sheets and sorts both.
func (t *Tables) fill() {
	rank := map[string]string{LevelItaly: "0", LevelRegion: "1", LevelProvince: "2"}
	for name, s := range t.sheets {
		order := s.key
		if name == "territories" {
			order = func(row int) string { return rank[s.get(row, "level")] + s.key(row) }
		}
		s.sort(order)
	}
	t.fillTerritories()
	t.fillServices()
	each(t, "patronati", func(s *sheet, row int) {
		valid := s.validity(row)
		t.patronati = append(t.patronati, Patronato{s.get(row, "code"), s.get(row, "name"), valid.from, valid.to})
	})
	each(t, "offices", func(s *sheet, row int) {
		t.offices = append(t.offices, Office{
			Code: s.get(row, "code"), Name: s.get(row, "name"), Kind: s.get(row, "kind"),
			ProvinceCode: s.get(row, "province_code"),
		})
	})
	each(t, "operators", func(s *sheet, row int) {
		t.operators = append(t.operators, Operators{
			Month: date(s.get(row, "month")), ProvinceCode: s.get(row, "province_code"),
			PatronatoCode: s.get(row, "patronato_code"), ActiveOperators: number(s.get(row, "active_operators")),
		})
	})
}

func (t *Tables) fillTerritories() {
	t.byCode = map[string]int{}
	each(t, "territories", func(s *sheet, row int) {
		valid := s.validity(row)
		// Of a code that has had several lives the latest is the one that
		// Territory gives: sheets are sorted by code, then by line.
		t.byCode[s.get(row, "code")] = len(t.territories)
		t.territories = append(t.territories, Territory{
			Code: s.get(row, "code"), Name: s.get(row, "name"), Sigla: s.get(row, "sigla"),
			Level: s.get(row, "level"), Parent: s.get(row, "parent"), NUTS: s.get(row, "nuts"), Macro: s.get(row, "macro"),
			Population: number(s.get(row, "population")), PopulationDate: date(s.get(row, "population_date")),
			ValidFrom: valid.from, ValidTo: valid.to,
		})
	})
}

func (t *Tables) fillServices() {
	each(t, "services", func(s *sheet, row int) {
		t.services = append(t.services, Service{
			Code: s.get(row, "code"), NameIT: s.get(row, "name_it"), NameEN: s.get(row, "name_en"),
			Group: s.get(row, "group_code"), GroupIT: s.get(row, "group_it"), GroupEN: s.get(row, "group_en"),
		})
	})
	each(t, "measures", func(s *sheet, row int) {
		t.measures = append(t.measures, Measure{
			Code: s.get(row, "code"), Title: s.get(row, "title"), Norm: s.get(row, "norm"),
			AnnouncedOn: date(s.get(row, "announced_on")), EffectiveFrom: date(s.get(row, "effective_from")),
		})
	})
	each(t, "points", func(s *sheet, row int) {
		points, err := strconv.ParseFloat(s.get(row, "points"), 64)
		if err != nil {
			return // cannot be: refuse has let it pass
		}
		t.points = append(t.points, Points{s.get(row, "service_code"), points, date(s.get(row, "valid_from"))})
	})
}

// each calls do for every row of a table.
func each(t *Tables, name string, do func(s *sheet, row int)) {
	s := t.sheets[name]
	for row := range s.rows {
		do(s, row)
	}
}

// sort orders the rows by what order gives, equal ones by line.
func (s *sheet) sort(order func(row int) string) {
	type item struct {
		key  string
		row  []string
		from place
	}
	items := make([]item, len(s.rows))
	for row := range s.rows {
		items[row] = item{order(row), s.rows[row], s.places[row]}
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.key, b.key) })
	for row, item := range items {
		s.rows[row], s.places[row] = item.row, item.from
	}
}
