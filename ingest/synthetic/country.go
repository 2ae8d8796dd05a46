package synthetic

import (
	"fmt"
	"math"
	"strings"

	"tavolo/ingest/reference"
)

// The planted truth: which territories, patronato and measure. They are of
// different regions and large enough to be seen at the default number of rows.
const (
	improvingRegion = "16"  // Puglia
	improvingMonth  = 12    // counted from 0: the thirteenth
	farAhead        = "010" // Genova books far ahead
	sameDay         = "087" // Catania books for the same day
	correctedCode   = "001" // Torino: the province of the corrected file
	correctedMonth  = 5
	copiedMonth     = 8
	demanding       = 3 // place of the patronato with many integrations: Larice
	lateMeasure     = 1
)

// noShowProvinces are Padova, Modena and Salerno.
var noShowProvinces = []string{"028", "036", "065"}

// country is everything that the logs have in common.
type country struct {
	Options
	agenda    agenda
	staff     float64 // all operators
	end       dayOf   // first day after the period: what happens from then on is not known yet
	provinces []*province
	patronati []institute
	measures  []measure
	demand    demand
	byMonth   []float64 // part of each month in the whole
}

// province is a territory with what it has in this country.
type province struct {
	reference.Territory
	region    string  // name
	share     float64 // of the population
	office    string  // code of the INPS office
	operators []int   // by place of the patronato
	staff     float64 // sum of operators
	present   weights // chooses a patronato among those that have operators here, by its size in the country
	staffed   weights // chooses one by its operators here
	persons   int     // how many different persons come
	noShow    float64 // factor on the odds of missing an appointment
	response  float64 // factor on the time to an answer, from improvingMonth on
	leads     weights // chooses a lead band
}

type institute struct {
	code, name, spelling string
	weight               float64
	integration          float64 // factor on the odds of a return
}

type measure struct {
	code, title          string
	service              string
	announced, effective dayOf
	notified             dayOf // first set informativo
}

func newCountry(o Options) (*country, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &country{Options: o, agenda: newAgenda(o.From, o.Months), demand: newDemand()}
	c.end = toDay(o.From.AddDate(0, o.Months, 0))
	total := 0.0
	for month := range o.Months {
		busy := season[o.From.AddDate(0, month, 0).Month()-1]
		c.byMonth = append(c.byMonth, busy)
		total += busy
	}
	for month := range c.byMonth {
		c.byMonth[month] /= total
	}
	c.settlePatronati()
	c.settleMeasures()
	return c, c.settleProvinces()
}

func (c *country) settlePatronati() {
	for i, name := range patronatoNames {
		one := institute{
			code: strings.ToUpper(name), name: "Patronato " + name + " (sintetico)", spelling: "Pat. " + name,
			weight: 1 / math.Pow(float64(i)+1.5, 0.8), integration: 1,
		}
		if i == demanding && !c.Plain {
			one.integration = integrationOdds
		}
		c.patronati = append(c.patronati, one)
	}
}

// settleMeasures announces a measure about every five months.
func (c *country) settleMeasures() {
	chance := chanceOf(c.Seed, "measures", 0)
	services := []string{"assegno_inclusione", "assegno_unico", "naspi", "invalidita_civile", "bonus_nido"}
	for i := range max(1, (c.Months+1)/5) {
		effective := c.firstDay(min(4+5*i, c.Months-1))
		c.measures = append(c.measures, measure{
			code: fmt.Sprintf("misura_%c", 'a'+i), title: fmt.Sprintf("Misura sintetica %c", 'A'+i),
			service:   services[i%len(services)],
			announced: effective - dayOf(chance.between(95, 110)), effective: effective,
			notified: c.agenda.open(effective - dayOf(chance.between(25, 75))),
		})
	}
}

func (c *country) settleProvinces() error {
	population := 0.0
	for _, t := range c.References.Territories() {
		if t.Level == reference.LevelProvince && t.Population > 0 {
			region, _ := c.References.Territory(t.Parent)
			c.provinces = append(c.provinces, &province{Territory: t, region: region.Name})
			population += float64(t.Population)
		}
	}
	for i, p := range c.provinces {
		p.share = float64(p.Population) / population
		p.office = fmt.Sprintf("%04d", 10*(i+1))
		p.persons = max(20, int(1.2*p.share*float64(c.Rows)))
		p.noShow, p.response, p.leads = 1, 1, usualLeads
		c.employ(p, chanceOf(c.Seed, "operators", i))
	}
	return c.plant()
}

// employ gives a province its operators. The three largest patronati are everywhere.
func (c *country) employ(p *province, chance chance) {
	total, weight, here := 0.0, make([]float64, len(c.patronati)), make([]float64, len(c.patronati))
	for _, one := range c.patronati {
		total += one.weight
	}
	p.operators = make([]int, len(c.patronati))
	for i, one := range c.patronati {
		p.operators[i] = chance.round(c.allOperators() * p.share * one.weight / total)
		if i < 3 {
			p.operators[i] = max(1, p.operators[i])
		}
		if p.operators[i] > 0 {
			weight[i], here[i] = one.weight, float64(p.operators[i])
		}
		p.staff += here[i]
	}
	c.staff += p.staff
	p.present, p.staffed = newWeights(weight...), newWeights(here...)
}

// allOperators is how many there are in the country: as many as the rows of
// the trainings can hold.
func (c *country) allOperators() float64 {
	return partTrainings * float64(c.Rows) / trainingsPerOperator / float64(c.Months) * DefaultMonths
}

// plant puts the truth into the provinces.
func (c *country) plant() error {
	if c.Plain {
		return nil
	}
	found := map[string]*province{}
	for _, p := range c.provinces {
		found[p.Code] = p
		if p.Parent == improvingRegion {
			p.response = responseFactor
		}
	}
	for _, code := range append([]string{farAhead, sameDay, correctedCode}, noShowProvinces...) {
		if found[code] == nil {
			return fmt.Errorf("territory %q: needed for the planted truth, and not among the reference tables", code)
		}
	}
	for _, code := range noShowProvinces {
		found[code].noShow = noShowOdds
	}
	found[farAhead].leads, found[sameDay].leads = farLeads, sameDayLeads
	return nil
}

// truth lists what was planted.
func (c *country) truth() *Truth {
	month := func(n int) string { return isoDay(c.firstDay(n)) }
	t := &Truth{Synthetic: true, Seed: c.Seed, From: month(0), AsOf: isoDay(c.end - 1)}
	if c.Plain {
		return t
	}
	for _, code := range noShowProvinces {
		t.Planted = append(t.Planted, Planted{Kind: NoShowExcess, Indicator: "no_show_rate", Territory: code,
			Direction: "higher", Size: noShowOdds})
	}
	t.Planted = append(t.Planted,
		Planted{Kind: CaseMixTrap, Indicator: "no_show_rate", Territory: farAhead, Direction: "higher", Size: 1.8},
		Planted{Kind: CaseMixTrap, Indicator: "no_show_rate", Territory: sameDay, Direction: "lower", Size: 0.55},
		Planted{Kind: IntegrationExcess, Indicator: "integration_rate", Patronato: c.patronati[demanding].code,
			Direction: "higher", Size: integrationOdds},
	)
	if c.Months > improvingMonth {
		t.Planted = append(t.Planted, Planted{Kind: ResponseImproves, Indicator: "first_response_hours",
			Territory: improvingRegion, Direction: "lower", Size: responseFactor, From: month(improvingMonth)})
	}
	if late := c.lateMeasure(); late != nil {
		for _, macro := range []string{"Sud", "Isole"} {
			t.Planted = append(t.Planted, Planted{Kind: LateTraining, Indicator: "training_coverage", Macro: macro,
				Measure: late.code, Direction: "lower", Size: trainedInTimeLate / trainedInTime, From: isoDay(late.effective)})
		}
	}
	if c.Months > correctedMonth {
		t.Planted = append(t.Planted, Planted{Kind: CorrectedFile, Indicator: "no_show_rate", Territory: correctedCode,
			Direction: "higher", From: month(correctedMonth)})
	}
	return t
}

// lateMeasure is the measure whose training came late in the South, nil when
// the period is too short to have it, or nothing is planted.
func (c *country) lateMeasure() *measure {
	if c.Plain || len(c.measures) <= lateMeasure {
		return nil
	}
	return &c.measures[lateMeasure]
}

// firstDay gives the first day of a month, counted from 0.
func (c *country) firstDay(month int) dayOf { return toDay(c.From.AddDate(0, month, 0)) }

// expected is how many rows of a log fall into a month and a province, on average.
func (c *country) expected(part float64, month int, p *province) float64 {
	return part * float64(c.Rows) * c.byMonth[month] * p.share
}

// known gives m when it has happened by the end of the period, else 0.
func (c *country) known(m minute) minute {
	if m >= c.end.at(0) {
		return 0
	}
	return m.sane()
}

// person draws one of the persons of a province, or "" where none is known.
func (c *country) person(chance chance, p *province) string {
	n := chance.IntN(p.persons)
	if !chance.yes(fiscalCodeKnown) {
		return ""
	}
	return fiscalCode(c.Seed, p.Code, n)
}

// south says whether a province is in the South or on the islands.
func (p *province) south() bool { return p.Macro == "Sud" || p.Macro == "Isole" }

// pickPatronato chooses one that works in the province.
func (c *country) pickPatronato(chance chance, p *province) *institute {
	return &c.patronati[p.present.pick(chance)]
}
