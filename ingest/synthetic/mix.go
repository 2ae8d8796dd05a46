package synthetic

// What the country is calibrated to:
//
//   - of 18 million practices in 2024, 10 million came through patronati: 56%,
//     and up to 85% for pensions and civil invalidity (INPS, Rapporto annuale;
//     bilancio sociale of the patronati);
//   - INCA's 3,184,367 practices of 2019: 1,478,891 pensions, 501,635
//     unemployment, 299,393 family, 194,431 INAIL, 124,043 disability, 585,974
//     other (INCA CGIL, bilancio sociale 2019), taken for the mix of all;
//   - people aged 16–74 with at least basic digital skills: 45.7% (ISTAT).
//
// From the mix of the patronati and their share in each group follows that of
// the citizens alone.
const (
	patronatoShare    = 0.56
	withoutDigital    = 1 - 0.457
	fiscalCodeKnown   = 0.88 // rows that carry a codice fiscale
	noShowOdds        = 2.4  // planted excess
	integrationOdds   = 2.4
	responseFactor    = 0.5 // planted improvement
	trainedInTime     = 0.80
	trainedInTimeLate = 0.20 // planted, in the South
)

// group is a group of benefits.
type group struct {
	code      string
	mix       float64 // of the applications through patronati
	patronato float64 // share of the patronati
	services  []service
}

// service is a family of benefits of the reference tables.
type service struct {
	code         string
	weight       float64 // within its group
	decisionDays float64 // median
	acceptance   float64
	integration  float64
	vocabulary   string // its code in INPS's vocabulary, "" where that has none
}

// groups are the benefits that the country asks for.
var groups = []group{
	{"pensioni", 1478891, 0.85, []service{
		{"pensione_vecchiaia", 30, 24, 0.88, 0.10, "0001-0002-0001"},
		{"pensione_anticipata", 22, 30, 0.82, 0.13, "0001-0001-0001"},
		{"pensione_superstiti", 16, 18, 0.93, 0.09, "0003-0021-0001"},
		{"ricostituzione", 20, 32, 0.78, 0.08, "0031-0107-0001"},
		{"assegno_sociale", 8, 28, 0.74, 0.15, "0004-0031-0001"},
		{"assegno_invalidita", 4, 40, 0.62, 0.16, "0002-0011-0001"},
	}},
	{"disoccupazione", 501635, 0.58, []service{
		{"naspi", 70, 14, 0.92, 0.08, ""},
		{"disoccupazione_agricola", 25, 26, 0.90, 0.07, ""},
		{"dis_coll", 5, 18, 0.86, 0.10, ""},
	}},
	{"famiglia", 299393, 0.244, []service{
		{"assegno_unico", 62, 16, 0.94, 0.08, ""},
		{"maternita", 18, 20, 0.91, 0.10, ""},
		{"bonus_nido", 12, 22, 0.88, 0.12, ""},
		{"assegni_familiari", 8, 24, 0.85, 0.11, ""},
	}},
	{"inail", 194431, 0.80, []service{
		{"infortunio", 65, 26, 0.72, 0.14, ""},
		{"malattia_professionale", 35, 45, 0.48, 0.20, ""},
	}},
	{"disabilita", 124043, 0.85, []service{
		{"invalidita_civile", 55, 38, 0.70, 0.15, "0004-0035-0630"},
		{"accompagnamento", 25, 42, 0.60, 0.14, ""},
		{"permessi_104", 20, 22, 0.86, 0.12, ""},
	}},
	{"altro", 585974, 0.40, []service{
		{"assegno_inclusione", 30, 20, 0.71, 0.18, ""},
		{"formazione_lavoro", 8, 18, 0.73, 0.15, ""},
		{"posizione_assicurativa", 36, 25, 0.89, 0.08, "0007-0069-0001"},
		{"prestazioni_internazionali", 8, 48, 0.80, 0.17, "0081-0500-0200"},
		{"pagamenti", 18, 15, 0.93, 0.05, "0008-0070-0001"},
	}},
}

// demand chooses what is asked for: through a patronato, and alone.
type demand struct {
	services         []service
	through, byOther weights
}

func newDemand() demand {
	total := 0.0
	for _, g := range groups {
		total += g.mix
	}
	var d demand
	var through, alone []float64
	for _, g := range groups {
		within := 0.0
		for _, s := range g.services {
			within += s.weight
		}
		for _, s := range g.services {
			part := patronatoShare * g.mix / total * s.weight / within
			d.services = append(d.services, s)
			through = append(through, part)
			alone = append(alone, part*(1-g.patronato)/g.patronato)
		}
	}
	d.through, d.byOther = newWeights(through...), newWeights(alone...)
	return d
}

// draw chooses a service: through a patronato or by the citizen alone.
func (d *demand) draw(c chance, patronato bool) *service {
	if patronato {
		return &d.services[d.through.pick(c)]
	}
	return &d.services[d.byOther.pick(c)]
}

// Parts of the logs in all rows.
const (
	partInteractions  = 0.330
	partApplications  = 0.340
	partBookings      = 0.260
	partTrainings     = 0.056
	partContributions = 0.008
	partAgreements    = 0.006
)

// season is how busy a month is, January first.
var season = [12]float64{1.08, 1.02, 1.05, 0.98, 1.00, 0.97, 0.97, 0.82, 1.04, 1.07, 1.06, 0.94}

// patronatoNames are trees: no institute is called so.
var patronatoNames = []string{
	"Quercia", "Olmo", "Faggio", "Larice", "Cedro", "Tiglio", "Acero", "Betulla", "Frassino", "Cipresso",
	"Castagno", "Noce", "Gelso", "Ginepro", "Leccio", "Ontano", "Pioppo", "Rovere", "Salice", "Ulivo",
}
