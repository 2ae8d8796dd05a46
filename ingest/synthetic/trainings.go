package synthetic

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
)

// training is one operator in one session; see the contract.
type training struct {
	session, operator string
	held              dayOf
	course, title     string
	measure           string // code, or ""
	hours10           int    // tenths of an hour
	mode, organiser   string
	province          *province
	patronato         *institute
	attended          bool
	minutes, score    int // -1: none
	rating            int // 0: none
}

// trainingsPerOperator is how many sessions an operator is enrolled in over
// the default number of months.
const trainingsPerOperator = 4.6

// writeTrainings invents all sessions first, because those on a measure lie
// around its date, and gives them out by month.
func (c *country) writeTrainings(ctx context.Context, w *writer) error {
	chance := chanceOf(c.Seed, "trainings", 0)
	byMonth := make([][]training, c.Months)
	add := func(t training) {
		for month := range c.Months {
			if t.held >= c.firstDay(month) && t.held < c.firstDay(month+1) {
				byMonth[month] = append(byMonth[month], t)
			}
		}
	}
	for _, p := range c.provinces {
		for i, n := range p.operators {
			for k := range n {
				operator := fmt.Sprintf("OP-%s-%02d-%03d", p.Code, i+1, k+1)
				c.train(chance, p, &c.patronati[i], operator, add)
			}
		}
	}
	return writeSheets(ctx, w, []sheet[training]{trainingRegister()}, func(month int) []training {
		slices.SortStableFunc(byMonth[month], func(a, b training) int {
			return cmp.Or(cmp.Compare(a.held, b.held), cmp.Compare(a.session, b.session), cmp.Compare(a.operator, b.operator))
		})
		return byMonth[month]
	})
}

// train enrols one operator: in a session on each measure, and in some others.
func (c *country) train(chance chance, p *province, by *institute, operator string, add func(training)) {
	enrol := func(t training) {
		t.operator, t.province, t.patronato = operator, p, by
		c.attend(chance, &t)
		add(t)
	}
	others := trainingsPerOperator * float64(c.Months) / DefaultMonths
	for i := range c.measures {
		m := &c.measures[i]
		inTime := trainedInTime
		if c.lateMeasure() == m && p.south() {
			inTime = trainedInTimeLate
		}
		switch x := chance.Float64(); {
		case x < inTime/attendance:
			enrol(c.onMeasure(chance, m, p, c.agenda.openBefore(m.effective-dayOf(chance.between(1, 55)))))
		case x < 0.96:
			enrol(c.onMeasure(chance, m, p, c.agenda.open(m.effective+dayOf(chance.between(4, 60)))))
		}
		others--
	}
	for range chance.poisson(max(others, 0)) {
		held := c.agenda.open(c.firstDay(0) + dayOf(chance.IntN(int(c.end-c.firstDay(0)))))
		enrol(training{
			session: "S-BASE-" + held.time().Format("060102") + "-" + p.Parent, held: held,
			course: "BASE-" + strconv.Itoa(1+int(held)%6), title: "Corso sintetico di base", hours10: 20 + 5*chance.IntN(9),
			mode:      [...]string{"aula", "webinar", "e_learning"}[newWeights(30, 50, 20).pick(chance)],
			organiser: "territoriale",
		})
	}
}

// onMeasure is a session on a measure: one a day and region.
func (c *country) onMeasure(chance chance, m *measure, p *province, held dayOf) training {
	return training{
		session: "S-" + m.code[len("misura_"):] + "-" + held.time().Format("060102") + "-" + p.Parent, held: held,
		course: "MIS-" + m.code[len("misura_"):], title: "Formazione sintetica: " + m.title, measure: m.code, hours10: 35,
		mode:      [...]string{"aula", "webinar"}[newWeights(25, 75).pick(chance)],
		organiser: "centrale",
	}
}

// attendance is the share of those enrolled who come.
const attendance = 0.91

func (c *country) attend(chance chance, t *training) {
	t.minutes, t.score = -1, -1
	if t.attended = chance.yes(attendance); !t.attended {
		return
	}
	t.minutes = t.hours10 * 6 * chance.between(80, 100) / 100
	if chance.yes(0.6) {
		t.score = min(100, max(0, int(76+13*chance.NormFloat64())))
	}
	if chance.yes(0.5) {
		t.rating = 1 + newWeights(2, 5, 14, 44, 35).pick(chance)
	}
}
