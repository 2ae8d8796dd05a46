package synthetic

import (
	"context"
	"slices"
	"strconv"
)

// booking is one appointment; see the contract for what the parts mean.
type booking struct {
	id, movedFrom                 string
	requested, offered, slot      minute
	mode                          string
	point                         string
	province                      *province
	patronato                     *institute
	service                       *service
	person                        string
	status                        string
	arrived, called, ended, ceded minute // ceded: cancelled
	mistaken                      bool   // the first file says wrongly that nobody came
}

// leadBand is how long ahead people book, in days, and how often an
// appointment of the band is missed: the longer, the more.
type leadBand struct {
	low, high int
	noShow    float64
}

var leadBands = []leadBand{{0, 0, 0.016}, {1, 7, 0.057}, {8, 30, 0.108}, {31, 60, 0.175}}

// How a province books: as most do, far ahead, or for the same day.
var (
	usualLeads   = newWeights(15, 48, 30, 7)
	farLeads     = newWeights(2, 13, 40, 45)
	sameDayLeads = newWeights(60, 32, 7, 1)
)

// modes are the kinds of appointment, with the factor on the odds of missing it.
var modes = []struct {
	code   string
	weight float64
	noShow float64
}{{"fisico", 62, 1.08}, {"richiamata", 24, 0.85}, {"web", 14, 0.75}}

const (
	bookedThroughPatronato = 0.45
	agendaSource           = "agenda-sedi"
)

func (c *country) writeBookings(ctx context.Context, w *writer) error {
	mode := newWeights(modes[0].weight, modes[1].weight, modes[2].weight)
	return writeSheets(ctx, w, []sheet[booking]{officeAgenda(c), remoteAgenda()}, func(month int) []booking {
		chance := chanceOf(c.Seed, "bookings", month)
		first, last := c.firstDay(month), c.firstDay(month+1)
		var all []booking
		for _, p := range c.provinces {
			for range chance.poisson(c.expected(partBookings, month, p)) {
				b := booking{province: p, person: c.person(chance, p)}
				if chance.yes(bookedThroughPatronato) {
					b.patronato = c.pickPatronato(chance, p)
				}
				b.service = c.demand.draw(chance, b.patronato != nil)
				kind := &modes[mode.pick(chance)]
				b.mode = kind.code
				b.requested = c.agenda.officeTime(chance, first, last)
				c.appointment(chance, &b, kind.noShow)
				b.mistaken = !c.Plain && p.Code == correctedCode && month == correctedMonth && b.arrived != 0 && b.mode == "fisico"
				all = append(all, b)
			}
		}
		slices.SortFunc(all, func(a, b booking) int { return int(a.requested - b.requested) })
		stamp := c.From.AddDate(0, month, 0).Format("200601")
		for i := range all {
			all[i].id = "AP" + stamp + "-" + strconv.Itoa(i+1)
		}
		c.chain(all)
		return all
	})
}

// slot gives a booking its place in the agenda, and the chance to miss it that
// goes with the days until then.
func (c *country) slot(chance chance, b *booking) (noShow float64) {
	band := &leadBands[b.province.leads.pick(chance)]
	ahead := dayOf(chance.between(band.low, band.high))
	day := b.requested.day() + ahead
	if ahead > 0 {
		day = c.agenda.open(day)
	}
	b.slot = day.at(8) + 30 + minute(15*chance.IntN(30))
	if b.slot <= b.requested {
		b.slot = b.requested + 30 // same day, and the office fits one in
	}
	switch x := chance.Float64(); {
	case x < 0.70:
		b.offered = b.slot
	case x < 0.78 && b.slot-b.requested > 3*minutesADay: // the citizen chose a later one
		b.offered = b.slot - minute(chance.between(1, 2)*minutesADay)
	}
	return band.noShow
}

// appointment gives a booking its slot and, when that has passed, its end.
func (c *country) appointment(chance chance, b *booking, modeOdds float64) {
	missed := withOdds(withOdds(c.slot(chance, b), modeOdds), b.province.noShow)
	if b.patronato != nil && chance.yes(0.2) {
		b.point = "PC-" + b.province.Code + "-1"
	}
	switch x := chance.Float64(); {
	case x < 0.10:
		b.status = "annullato_utente"
	case x < 0.13:
		b.status = "annullato_inps"
	case x < 0.16:
		b.status = "spostato"
	case c.known(b.slot) == 0:
		b.status = [...]string{"prenotato", "confermato"}[chance.IntN(2)]
		return
	case x < 0.175:
		b.status = "prenotato" // has passed, and nobody closed it
		return
	case chance.yes(missed):
		b.status = "non_presentato"
		return
	default:
		c.visit(chance, b)
		return
	}
	b.ceded = b.requested + 1 + minute(chance.Float64()*float64(b.slot-b.requested-1))
	if b.ceded = c.known(b.ceded); b.ceded == 0 {
		b.status = "prenotato"
	}
}

// visit is what happens when the citizen comes.
func (c *country) visit(chance chance, b *booking) {
	b.status = [...]string{"presentato", "concluso"}[newWeights(3, 7).pick(chance)]
	b.arrived = b.slot + minute(chance.NormFloat64()*8-9)
	b.called = max(b.arrived, b.slot) + minute(min(chance.logNormal(14, 0.9), 200))
	b.ended = b.called + minute(chance.between(8, 40))
}

// chain lets a moved appointment go on in the next that is asked for in the same
// province and month, where there is one.
func (c *country) chain(all []booking) {
	open := map[*province]*booking{}
	for i := range all {
		b := &all[i]
		if from := open[b.province]; from != nil && b.status != "spostato" && from.ceded < b.requested {
			b.movedFrom, b.person, b.patronato, b.service = from.id, from.person, from.patronato, from.service
			delete(open, b.province)
		}
		if b.status == "spostato" {
			open[b.province] = b
		}
	}
}
