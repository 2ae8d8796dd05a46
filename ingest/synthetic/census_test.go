package synthetic_test

import (
	"time"

	"tavolo/ingest/synthetic"
)

// share counts cases among all.
type share struct{ cases, all float64 }

func (s *share) add(isCase bool) {
	s.all++
	if isCase {
		s.cases++
	}
}

func (s *share) rate() float64 { return s.cases / s.all }
func (s *share) odds() float64 { return s.cases / (s.all - s.cases) }

// appointment is the newest version of a booking.
type appointment struct {
	province, stratum string
	missed, decided   bool
	version           int64
}

// census is what the tests of the planted truth count in the accepted rows.
type census struct {
	*reader
	perLog       map[string]float64
	appointments map[string]appointment
	firstVersion map[string]appointment          // of those that were corrected
	returned     map[string]*share               // for integration, by patronato
	through      map[string]*share               // applications through a patronato, by group of services
	digital      share                           // assisted for want of digital skills
	hours        map[string]map[bool][]float64   // to the first answer: by region, whether from 2025 on
	inTime       map[string]map[string]time.Time // first day of training, by measure and operator
	operators    map[string]string               // province of each operator that was trained
}

// count reads every file but the copy, and gives the number of violations.
func (c *census) count(truth *synthetic.Truth) (refused int) {
	c.perLog = map[string]float64{}
	c.appointments, c.firstVersion = map[string]appointment{}, map[string]appointment{}
	c.returned, c.through = map[string]*share{}, map[string]*share{}
	c.hours = map[string]map[bool][]float64{}
	c.inTime, c.operators = map[string]map[string]time.Time{}, map[string]string{}
	groups := map[string]string{}
	for _, service := range c.refs.Services() {
		groups[service.Code] = service.Group
	}
	each := map[string]func(row){
		"interactions": c.interaction, "bookings": c.booking, "trainings": c.training,
		"applications": func(r row) { c.application(r, groups) },
	}
	for _, file := range truth.Files {
		if file.CopyOf != "" {
			continue
		}
		do := each[file.Log]
		if do == nil {
			do = func(row) {}
		}
		_, bad := c.read(file, do)
		for _, n := range bad {
			refused += n
		}
		c.perLog[file.Log] += float64(file.Accepted)
	}
	return refused
}

func (c *census) interaction(r row) {
	if !r.null("assisted_digital") {
		c.digital.add(r.int("assisted_digital") == 1)
	}
	if r.null("first_response_at") {
		return
	}
	province, _ := c.refs.Territory(r.text("province_code"))
	if c.hours[province.Parent] == nil {
		c.hours[province.Parent] = map[bool][]float64{}
	}
	opened := r.int("opened_at")
	late := !instant(opened).Before(time.Date(2025, 1, 1, 0, 0, 0, 0, c.rome))
	took := float64(r.int("first_response_at")-opened) / 3.6e9
	c.hours[province.Parent][late] = append(c.hours[province.Parent][late], took)
}

func instant(microseconds int64) time.Time { return time.UnixMicro(microseconds) }

func (c *census) booking(r row) {
	requested, slot := instant(r.int("requested_at")).In(c.rome), instant(r.int("slot_at")).In(c.rome)
	days := int(slot.Sub(requested).Hours()/24 + 0.5)
	band := "31+"
	switch {
	case slot.Format(time.DateOnly) == requested.Format(time.DateOnly):
		band = "0"
	case days <= 7:
		band = "1-7"
	case days <= 30:
		band = "8-30"
	}
	status := r.text("status")
	b := appointment{
		province: r.text("province_code"), stratum: band + " " + r.text("mode"),
		missed: status == "non_presentato", version: r.int("updated_at"),
		decided: status == "non_presentato" || status == "presentato" || status == "concluso",
	}
	id := r.text("booking_id")
	before, again := c.appointments[id]
	if again && before.version < b.version {
		c.firstVersion[id] = before
	}
	if !again || before.version < b.version {
		c.appointments[id] = b
	}
}

func (c *census) application(r row, groups map[string]string) {
	group := groups[r.text("service_code")]
	for _, key := range []string{group, "all"} {
		if c.through[key] == nil {
			c.through[key] = &share{}
		}
		c.through[key].add(!r.null("patronato_code"))
	}
	if patronato := r.text("patronato_code"); !r.null("patronato_code") {
		if c.returned[patronato] == nil {
			c.returned[patronato] = &share{}
		}
		c.returned[patronato].add(r.int("returned_for_integration") == 1)
	}
}

func (c *census) training(r row) {
	if r.null("measure_code") || r.int("attended") == 0 {
		return
	}
	measure, operator := r.text("measure_code"), r.text("operator_id")
	if c.inTime[measure] == nil {
		c.inTime[measure] = map[string]time.Time{}
	}
	held := time.Unix(r.int("held_on")*86400, 0).UTC()
	if first, ok := c.inTime[measure][operator]; !ok || held.Before(first) {
		c.inTime[measure][operator] = held
	}
	c.operators[operator] = r.text("province_code")
}
