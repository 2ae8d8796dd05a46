package synthetic

import (
	"context"
	"math"
	"slices"
	"strconv"
)

// interaction is one contact; see the contract for what the parts mean.
type interaction struct {
	id                      string
	opened, answered, ended minute
	channel                 string
	province                *province
	patronato               *institute
	service                 *service
	person                  string
	digital                 string // "", si or no: assisted for want of digital skills
	queue, handling         int    // seconds; -1 unknown
	outcome                 string
	rating                  int // 1–5, 0 none
}

// channel is a way to reach INPS. At once are those where somebody is there
// when the contact begins; the others answer later, after a log-normal time.
type channel struct {
	code           string
	label          string  // as the offices of the North write it
	alone, through float64 // weight for citizens alone and for patronati
	queued         bool    // one waits in a queue that can be left
	medianHours    float64 // to the first answer; 0: at once
}

var channels = []channel{
	{"sportello", "Sportello", 20, 0, true, 0},
	{"punto_consulenza", "Punto di consulenza", 0, 5, true, 0},
	{"sportello_telematico", "Sportello telematico", 2, 8, true, 0},
	{"richiamata", "Richiamata", 12, 1, false, 16},
	{"contact_center", "Contact center", 20, 7, true, 0},
	{"combipat", "COMBIPAT", 0, 22, false, 18},
	{"cassetto_bidirezionale", "Cassetto bidirezionale", 6, 30, false, 24},
	{"pec", "PEC", 6, 10, false, 30},
	{"email", "E-mail", 6, 8, false, 28},
	{"portale", "Portale", 20, 9, false, 21},
	{"app", "App INPS mobile", 6, 0, false, 20},
	{"punto_utente_evoluto", "Punto utente evoluto", 2, 0, false, 0},
}

const (
	contactsThroughPatronato = 0.42
	responseSigma            = 0.9
	resolutionDays           = 4.0
	resolutionSigma          = 1.1
	comesBack                = 0.14 // contacts after which the same person asks again about the same thing
)

func (c *country) writeInteractions(ctx context.Context, w *writer) error {
	var alone, through []float64
	for _, one := range channels {
		alone, through = append(alone, one.alone), append(through, one.through)
	}
	byOther, byPatronato := newWeights(alone...), newWeights(through...)
	return writeSheets(ctx, w, []sheet[interaction]{contactsNorth(), contactsElsewhere()}, func(month int) []interaction {
		chance := chanceOf(c.Seed, "interactions", month)
		first, last := c.firstDay(month), c.firstDay(month+1)
		var all []interaction
		for _, p := range c.provinces {
			from := len(all)
			for range chance.poisson(c.expected(partInteractions, month, p) / (1 + comesBack)) {
				e := interaction{province: p, person: c.person(chance, p)}
				where := byOther
				if chance.yes(contactsThroughPatronato) {
					e.patronato, where = c.pickPatronato(chance, p), byPatronato
				}
				e.service = c.demand.draw(chance, e.patronato != nil)
				way := &channels[where.pick(chance)]
				e.opened = c.agenda.officeTime(chance, first, last)
				if way.code == "portale" || way.code == "app" {
					e.opened = c.agenda.anyTime(chance, first, last)
				}
				c.contact(chance, &e, way, month)
				all = append(all, e)
			}
			all = c.followUps(chance, all, from, month)
		}
		slices.SortFunc(all, func(a, b interaction) int { return int(a.opened - b.opened) })
		stamp := c.From.AddDate(0, month, 0).Format("200601")
		for i := range all {
			all[i].id = "CT" + stamp + "-" + strconv.Itoa(i+1)
		}
		return all
	})
}

// followUps appends later contacts by the persons of all[from:].
func (c *country) followUps(chance chance, all []interaction, from, month int) []interaction {
	for i, n := from, len(all); i < n; i++ {
		if !chance.yes(comesBack) {
			continue
		}
		e := interaction{province: all[i].province, person: all[i].person,
			patronato: all[i].patronato, service: all[i].service}
		e.opened = c.agenda.open(all[i].opened.day()+dayOf(chance.between(1, 26))).at(8) + minute(chance.IntN(9*60))
		if e.opened >= c.firstDay(month+1).at(0) {
			e.opened = all[i].opened + minute(chance.between(5, 50)) // again on the same day
		}
		way := slices.IndexFunc(channels, func(one channel) bool { return one.code == all[i].channel })
		c.contact(chance, &e, &channels[way], month)
		all = append(all, e)
	}
	return all
}

// contact lets a contact that has been opened take its course.
func (c *country) contact(chance chance, e *interaction, way *channel, month int) {
	e.channel = way.code
	e.queue, e.handling = -1, -1
	if e.patronato != nil && chance.yes(0.8) {
		e.digital = "no"
		if chance.yes(withoutDigital) {
			e.digital = "si"
		}
	}
	if way.queued {
		e.queue = int(min(chance.logNormal(420, 0.8), 9000))
		if chance.yes(0.05) {
			e.outcome, e.ended = "abbandonato", c.known(e.opened+minute(e.queue/60))
			return
		}
	}
	e.handling = int(min(chance.logNormal(480, 0.7), 9000))
	wait := minute(max(e.queue, 0) / 60)
	if way.medianHours > 0 {
		wait = hours(chance.logNormal(way.medianHours*c.pace(e.province, month), responseSigma))
	}
	e.answered = c.known(e.opened + max(wait, 1))
	c.finish(chance, e)
	if e.ended != 0 && chance.yes(0.22) {
		e.rating = 1 + newWeights(4, 6, 10, 38, 42).pick(chance)
	}
}

// pace is the factor on the time to an answer: a slow yearly wave for all, and
// the planted improvement.
func (c *country) pace(p *province, month int) float64 {
	pace := 1 + 0.04*math.Sin(2*math.Pi*float64(month)/12)
	if month >= improvingMonth {
		pace *= p.response
	}
	return pace
}

// finish closes the contact, or leaves it open at the end of the period.
func (c *country) finish(chance chance, e *interaction) {
	e.outcome = "in_corso"
	if e.answered == 0 {
		return
	}
	switch outcome := newWeights(83, 7, 8, 2).pick(chance); outcome {
	case 0:
		wait := days(chance.logNormal(resolutionDays, resolutionSigma))
		if chance.yes(0.35) {
			wait = minute(e.handling / 60) // solved while they talked
		}
		if e.ended = c.known(e.answered + max(wait, 1)); e.ended != 0 {
			e.outcome = "risolto"
		}
	default:
		if e.ended = c.known(e.answered + minute(e.handling/60) + 1); e.ended != 0 {
			e.outcome = [...]string{"", "inoltrato", "appuntamento", "annullato"}[outcome]
		}
	}
}

// optional writes a number that may be unknown.
func optional(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// rating writes 1–5, or nothing.
func rating(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
