package kpi

import "strings"

// Breakdown is a dimension by which an indicator is also given.
type Breakdown string

// The breakdowns. Each is one column of the mart, but for the one that crosses two.
const (
	ByPatronato Breakdown = "patronato" // patronato_code; NoPatronato is the citizen alone
	ByChannel   Breakdown = "channel"
	ByMode      Breakdown = "mode" // of an appointment or a training
	ByService   Breakdown = "service"
	ByMeasure   Breakdown = "measure"
	ByKind      Breakdown = "kind" // of a proposal
	BySource    Breakdown = "source"
	ByLog       Breakdown = "log"

	// ByPatronatoService is what each patronato does for each service: an item is
	// one of ByPatronato and one of ByService, as [Breakdown.Item] joins them.
	ByPatronatoService Breakdown = "patronato_service"
)

// crossing stands between the two items that one of a crossed breakdown is made of.
// The code of a service is a word, so that the last one is it.
const crossing = "/"

// Crosses gives the breakdowns that this one crosses; none for the others. An item of
// theirs is the sum of all of this one's that it is in.
func (b Breakdown) Crosses() []Breakdown {
	if b == ByPatronatoService {
		return []Breakdown{ByPatronato, ByService}
	}
	return nil
}

// Item is the item of a crossed breakdown that is made of items of the breakdowns
// that it crosses, in their order.
func (b Breakdown) Item(parts ...string) string { return strings.Join(parts, crossing) }

// Parts takes an item apart: one of each breakdown that is crossed, or the item
// itself of one that crosses none.
func (b Breakdown) Parts(item string) []string {
	if len(b.Crosses()) == 0 {
		return []string{item}
	}
	at := strings.LastIndex(item, crossing)
	if at < 0 {
		return []string{item, ""}
	}
	return []string{item[:at], item[at+len(crossing):]}
}

// NoPatronato is the item of ByPatronato that stands for the citizen alone.
const NoPatronato = "nessuno"

// Columns are the columns of a mart that hold the items of the breakdown: one, or
// one for each breakdown that it crosses.
func (b Breakdown) Columns() []string {
	switch b {
	case ByPatronato, ByService, ByMeasure:
		return []string{string(b) + "_code"}
	}
	var columns []string
	for _, part := range b.Crosses() {
		columns = append(columns, part.Columns()...)
	}
	if columns == nil {
		return []string{string(b)}
	}
	return columns
}
