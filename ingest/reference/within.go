package reference

// Within gives the tables without the territories that keep refuses, and without
// the offices and operators in them, for a reader who may not learn of those. It
// holds what is listed only: it resolves no names.
func (t *Tables) Within(keep func(Territory) bool) *Tables {
	some := &Tables{byCode: map[string]int{}, patronati: t.patronati, services: t.services, measures: t.measures, points: t.points}
	for _, territory := range t.territories {
		if keep(territory) {
			some.byCode[territory.Code] = len(some.territories)
			some.territories = append(some.territories, territory)
		}
	}
	for _, office := range t.offices {
		if _, ok := some.byCode[office.ProvinceCode]; ok {
			some.offices = append(some.offices, office)
		}
	}
	for _, operators := range t.operators {
		if _, ok := some.byCode[operators.ProvinceCode]; ok {
			some.operators = append(some.operators, operators)
		}
	}
	return some
}
