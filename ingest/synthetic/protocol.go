package synthetic

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"tavolo/ingest/reference"
)

// contribution is one proposal by a patronato; see the contract.
type contribution struct {
	id                                string
	submitted, seen, decided, applied dayOf
	patronato                         *institute
	level, territory, kind, topic     string
	status                            string
}

// writeContributions lets each operator propose as often as any other.
func (c *country) writeContributions(ctx context.Context, w *writer) error {
	return writeSheets(ctx, w, []sheet[contribution]{proposals()}, func(month int) []contribution {
		chance := chanceOf(c.Seed, "contributions", month)
		first, last := c.firstDay(month), c.firstDay(month+1)
		var all []contribution
		for _, p := range c.provinces {
			// As many as the operators here, not the residents, let expect.
			expected := partContributions * float64(c.Rows) * c.byMonth[month] * p.staff / c.staff
			for range chance.poisson(expected) {
				all = append(all, c.proposal(chance, p, c.agenda.officeTime(chance, first, last).day()))
			}
		}
		slices.SortFunc(all, func(a, b contribution) int { return int(a.submitted - b.submitted) })
		stamp := c.From.AddDate(0, month, 0).Format("200601")
		for i := range all {
			all[i].id = "PR" + stamp + "-" + strconv.Itoa(i+1)
		}
		return all
	})
}

func (c *country) proposal(chance chance, p *province, on dayOf) contribution {
	t := contribution{submitted: on, patronato: &c.patronati[p.staffed.pick(chance)], status: "ricevuto"}
	t.kind = [...]string{"normativa", "procedurale", "tecnologica"}[newWeights(25, 45, 30).pick(chance)]
	t.topic = "Proposta sintetica \"" + t.kind + "\", con virgolette"
	switch newWeights(15, 35, 50).pick(chance) {
	case 0:
		t.level = "nazionale"
	case 1:
		t.level, t.territory = "regionale", p.Parent
	default:
		t.level, t.territory = "provinciale", p.Code
	}
	past := func(d dayOf) dayOf {
		if d >= c.end {
			return 0
		}
		return d
	}
	if t.seen = past(on + dayOf(chance.logNormal(6, 0.7))); t.seen == 0 {
		return t
	}
	t.status = "in_esame"
	if t.decided = past(t.seen + 1 + dayOf(chance.logNormal(60, 0.6))); t.decided == 0 {
		return t
	}
	t.status = [...]string{"accolto", "accolto_in_parte", "respinto"}[newWeights(34, 24, 42).pick(chance)]
	if t.status == "accolto" && chance.yes(0.6) {
		if t.applied = past(t.decided + dayOf(chance.between(20, 120))); t.applied != 0 {
			t.status = "attuato"
		}
	}
	return t
}

// agreement is one event of the Protocol's life; see the contract.
type agreement struct {
	id                     string
	on, until              dayOf
	kind, level, territory string
	measure, point, note   string
}

// writeAgreements invents the whole life of the Protocol, and gives it out by month.
func (c *country) writeAgreements(ctx context.Context, w *writer) error {
	chance := chanceOf(c.Seed, "agreements", 0)
	events := c.national(chance)
	for _, t := range c.References.Territories() {
		if t.Level == reference.LevelRegion {
			events = append(events, c.local(chance, "regionale", t.Code, 0.9)...)
		}
	}
	for _, p := range c.provinces {
		events = append(events, c.local(chance, "provinciale", p.Code, 0.65)...)
		events = append(events, c.points(chance, p)...)
	}
	slices.SortStableFunc(events, func(a, b agreement) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.territory, b.territory))
	})
	for i := range events {
		events[i].id = "EV-" + strconv.Itoa(i+1)
	}
	return writeSheets(ctx, w, []sheet[agreement]{protocolEvents()}, func(month int) []agreement {
		var all []agreement
		for _, e := range events {
			if e.on >= c.firstDay(month) && e.on < c.firstDay(month+1) {
				all = append(all, e)
			}
		}
		return all
	})
}

// national are the milestones, and what was shared before each measure.
func (c *country) national(chance chance) []agreement {
	all := []agreement{
		{on: c.agenda.open(c.firstDay(min(9, c.Months-1)) + 8), kind: "protocollo_operativo", note: "Protocollo operativo sintetico"},
		{on: c.agenda.open(c.firstDay(min(15, c.Months-1)) + 12), kind: "piattaforma_digitale", note: "Piattaforma sintetica in esercizio"},
	}
	for _, m := range c.measures {
		for _, later := range []int{0, chance.between(8, 20)} {
			all = append(all, agreement{on: c.agenda.open(m.notified + dayOf(later)), kind: "set_informativo",
				measure: m.code, note: "Set informativo sintetico;\nallegato compreso"})
		}
	}
	for i := range all {
		all[i].level = "nazionale"
	}
	return all
}

// local are the protocol of a territory, which it signs with probability
// adopts, and its technical tables, two a half-year where all goes well.
func (c *country) local(chance chance, level, code string, adopts float64) []agreement {
	var all []agreement
	if chance.yes(adopts) {
		on := c.firstDay(0) + dayOf(chance.Float64()*chance.Float64()*float64(c.end-c.firstDay(0)))
		all = append(all, agreement{on: c.agenda.open(on), until: on + 3*365, kind: "protocollo_territoriale",
			note: "Protocollo territoriale sintetico"})
	}
	for half := range (c.Months + 5) / 6 {
		for range 2 {
			on := c.agenda.open(c.firstDay(6*half) + dayOf(chance.IntN(178)))
			if chance.yes(0.82) && on < c.end {
				all = append(all, agreement{on: on, kind: "tavolo_tecnico", note: "Tavolo sintetico"})
			}
		}
	}
	for i := range all {
		all[i].level, all[i].territory = level, code
	}
	return all
}

// points are the consulting points that open, and the few that close again.
func (c *country) points(chance chance, p *province) []agreement {
	var all []agreement
	length := int(c.end - c.firstDay(0))
	for k := range chance.poisson(partAgreements * 0.35 * float64(c.Rows) * p.share) {
		point := fmt.Sprintf("PC-%s-%d", p.Code, k+1)
		on := c.agenda.open(c.firstDay(0) + dayOf(chance.IntN(length)))
		all = append(all, agreement{on: on, kind: "punto_consulenza_attivato", level: "provinciale", territory: p.Code, point: point})
		if closed := on + dayOf(chance.between(120, 700)); chance.yes(0.06) && closed < c.end {
			all = append(all, agreement{on: closed, kind: "punto_consulenza_chiuso", level: "provinciale", territory: p.Code, point: point})
		}
	}
	return all
}
