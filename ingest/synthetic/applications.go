package synthetic

import (
	"context"
	"slices"
	"strconv"
)

// application is one request for a benefit; see the contract.
type application struct {
	id                 string
	submitted, decided minute
	channel            string
	province           *province
	patronato          *institute
	service            *service
	person             string
	status             string
	returned           bool
	review, outcome    string
}

const decisionSigma = 0.6

func (c *country) writeApplications(ctx context.Context, w *writer) error {
	return writeSheets(ctx, w, []sheet[application]{citizensApplications(), patronatiApplications()}, func(month int) []application {
		chance := chanceOf(c.Seed, "applications", month)
		first, last := c.firstDay(month), c.firstDay(month+1)
		var all []application
		for _, p := range c.provinces {
			for range chance.poisson(c.expected(partApplications, month, p)) {
				a := application{province: p, person: c.person(chance, p), channel: "portale"}
				if chance.yes(patronatoShare) {
					a.patronato, a.channel = c.pickPatronato(chance, p), "sportello_telematico"
					a.submitted = c.agenda.officeTime(chance, first, last)
				} else {
					a.submitted = c.agenda.anyTime(chance, first, last)
				}
				a.service = c.demand.draw(chance, a.patronato != nil)
				c.decide(chance, &a)
				all = append(all, a)
			}
		}
		slices.SortFunc(all, func(a, b application) int { return int(a.submitted - b.submitted) })
		stamp := c.From.AddDate(0, month, 0).Format("200601")
		for i := range all {
			all[i].id = "DM" + stamp + "-" + strconv.Itoa(i+1)
		}
		return all
	})
}

// decide lets an application take its course; what the period does not see
// of it stays open.
func (c *country) decide(chance chance, a *application) {
	odds := 1.0
	if a.patronato != nil {
		odds = a.patronato.integration
	}
	a.returned = chance.yes(withOdds(a.service.integration, odds))
	if chance.yes(0.02) {
		a.status = "ritirata"
		return
	}
	wait := days(chance.logNormal(a.service.decisionDays, decisionSigma))
	if a.returned {
		wait += days(chance.logNormal(9, 0.5))
	}
	a.decided = c.known(c.agenda.open((a.submitted+wait).day()+1).at(9) + minute(chance.IntN(8*60)))
	switch {
	case a.decided == 0 && a.submitted.day() > c.end-10:
		a.status = "presentata"
	case a.decided == 0 && a.returned:
		a.status = "integrazione"
	case a.decided == 0:
		a.status = "in_istruttoria"
	case chance.yes(a.service.acceptance):
		a.status = "accolta"
	default:
		a.status = "respinta"
		c.appeal(chance, a)
	}
}

// appeal lets some citizens ask for a review of a refusal.
func (c *country) appeal(chance chance, a *application) {
	if !chance.yes(0.22) {
		return
	}
	a.review = [...]string{"riesame", "ricorso"}[newWeights(65, 35).pick(chance)]
	a.outcome = [...]string{"accolto", "respinto", "pendente"}[newWeights(32, 48, 20).pick(chance)]
}
