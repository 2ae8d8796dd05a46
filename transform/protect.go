package transform

import (
	"slices"
	"time"

	"tavolo/transform/disclosure"
	"tavolo/transform/kpi"
)

// protect withholds the figures from which something about few persons could be
// learnt: from all that is published of the indicators of a family of marts together,
// because these count the same persons. Indicators of institutions have no
// persons: one that shares a count with an indicator of persons would show it.
//
// Whatever is computed afterwards is computed from what is left.
func protect(control *disclosure.Control, all []*figures, same *families, periods []period) disclosure.Outcome {
	p := newProtection(control, all, same, periods)
	outcome := control.Protect(&p.Publication)
	p.apply()
	return outcome
}

// protection is the figures of a family of marts as disclosure control sees them.
type protection struct {
	disclosure.Publication
	control *disclosure.Control
	same    *families
	layers  []figuresLayer // of each layer of the publication
	slots   map[disclosure.Slot]int
	places  map[string]int
	items   map[string]map[string]int // breakdown → item → its number
	order   []string                  // the breakdowns, numbered from 1
	column  map[string]int
}

// figuresLayer says what a layer is made of.
type figuresLayer struct {
	*figures
	open  bool  // its open observations
	cells []int // of each cell of the layer, the index among those of the figures
}

func newProtection(control *disclosure.Control, all []*figures, same *families, periods []period) *protection {
	p := &protection{
		control: control, same: same,
		slots: map[disclosure.Slot]int{}, places: map[string]int{}, items: map[string]map[string]int{}, column: map[string]int{},
	}
	all = ofPersons(all)
	if len(all) == 0 {
		return p
	}
	p.addPlaces(all[0])
	for _, f := range all {
		p.addItems(f)
	}
	for _, f := range all {
		p.addSlots(f, periods)
	}
	for _, f := range all {
		p.addLayers(f, periods)
	}
	p.addBalances(all)
	p.Columns = len(p.column)
	p.addRelations()
	p.addCrossed()
	return p
}

// ofPersons gives the indicators whose counts are of persons.
func ofPersons(all []*figures) []*figures {
	return slices.DeleteFunc(slices.Clone(all), func(f *figures) bool { return f.k.Disclosure == kpi.Unlimited })
}

// addPlaces adds the territories, each after the one that it is a part of.
func (p *protection) addPlaces(f *figures) {
	parents := map[string]string{}
	for _, territory := range f.refs.Territories() {
		parents[territory.Code] = territory.Parent
	}
	var add func(code string) int
	add = func(code string) int {
		if code == "" {
			return -1
		}
		if place, ok := p.places[code]; ok {
			return place
		}
		place := disclosure.Place{Parent: add(parents[code])}
		if place.Parent >= 0 {
			place.Level = p.Places[place.Parent].Level + 1
		}
		p.places[code] = len(p.Places)
		p.Places = append(p.Places, place)
		return p.places[code]
	}
	for _, territory := range f.refs.Territories() {
		add(territory.Code)
	}
}

// addItems numbers the breakdowns and their items.
func (p *protection) addItems(f *figures) {
	for i := range f.cells {
		c := &f.cells[i]
		if c.Breakdown == "" {
			continue
		}
		items, ok := p.items[c.Breakdown]
		if !ok {
			items = map[string]int{}
			p.items[c.Breakdown] = items
			p.order = append(p.order, c.Breakdown)
		}
		if _, ok := items[c.Item]; !ok {
			items[c.Item] = len(items)
		}
	}
}

// addCrossed tells of the breakdowns that cross others which of their items each of
// their own is a part of.
func (p *protection) addCrossed() {
	for name, items := range p.items {
		by := kpi.Breakdown(name)
		if len(by.Crosses()) == 0 {
			continue
		}
		crossed := make(disclosure.Crossed, len(items))
		for item, number := range items {
			parts := by.Parts(item)
			for i, other := range by.Crosses() {
				if whole, ok := p.items[string(other)][parts[i]]; ok {
					crossed[number] = append(crossed[number], disclosure.Item{Breakdown: p.breakdown(string(other)), Item: whole})
				}
			}
		}
		if p.Crossed == nil {
			p.Crossed = map[int]disclosure.Crossed{}
		}
		p.Crossed[p.breakdown(name)] = crossed
	}
}

// addBalances tells of the stocks in days, which are over what came, and of what left
// in proportion to that, another indicator of their mart.
func (p *protection) addBalances(all []*figures) {
	for _, stock := range all {
		if stock.k.Statistic != kpi.StockDays {
			continue
		}
		for _, flow := range all {
			k := flow.k
			if k.Mart == stock.k.Mart && k.Statistic == kpi.Rate && k.Unit != kpi.Percent && k.Denominator == stock.k.Denominator {
				b := disclosure.Balance{
					Stock: p.columnNumber(stock.k, stock.k.Numerator), In: p.columnNumber(stock.k, stock.k.Denominator), Out: p.columnNumber(k, k.Numerator),
				}
				if b.Stock != b.In && b.Stock != b.Out { // nothing has left: they are one count
					p.Balances = append(p.Balances, b)
				}
			}
		}
	}
}

// addRelations tells of the relations between the columns that these figures count.
func (p *protection) addRelations() {
	for _, r := range p.same.Relations {
		related := disclosure.Relation{}
		total, ok := p.term(r.Total)
		related.Total = total
		for _, part := range r.Parts {
			t, known := p.term(part)
			ok = ok && known
			related.Parts = append(related.Parts, t)
		}
		if ok {
			p.Relations = append(p.Relations, related)
		}
	}
	for _, r := range p.same.Remainders {
		stock, counted := p.column[r.Stock]
		open, also := p.column[r.Open]
		if counted && also {
			p.Remainders = append(p.Remainders, disclosure.Remainder{Stock: stock, Open: open})
		}
	}
}

// term gives a term by its numbers; ok is false where nothing of it is published here.
func (p *protection) term(t term) (_ disclosure.Term, ok bool) {
	column, ok := p.column[t.Column]
	if !ok || t.Breakdown == "" {
		return disclosure.Term{Column: column}, ok
	}
	item, ok := p.items[string(t.Breakdown)][t.Item]
	return disclosure.Term{Column: column, Breakdown: p.breakdown(string(t.Breakdown)), Item: item}, ok
}

func monthsBetween(first, month time.Time) int {
	return 12*(month.Year()-first.Year()) + int(month.Month()) - int(first.Month())
}

// columnNumber gives the number of a column of counts of an indicator, the same for
// all columns that hold the same; −1 for none.
func (p *protection) columnNumber(k *kpi.Indicator, column string) int {
	if column == "" {
		return -1
	}
	name := p.same.columnOf(k.Mart, column)
	number, ok := p.column[name]
	if !ok {
		number = len(p.column)
		p.column[name] = number
	}
	return number
}
