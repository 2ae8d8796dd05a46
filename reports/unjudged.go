package reports

import (
	"strings"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// unjudgedNamed is how many territories without a place in a funnel are named for one reason.
const unjudgedNamed = 3

// unjudged tells how many territories a funnel does not judge, and why: who adds them to
// those that it does must find all of the level. In a pack, which knows nothing of the others, it is empty.
func (b *builder) unjudged(i *kpi.Indicator, f *result.Funnel) string {
	if b.x.isPack() {
		return ""
	}
	judged := map[string]bool{}
	for _, at := range f.Points {
		judged[at.Territory] = at.Position != ""
	}
	names := map[string][]string{}
	for _, territory := range b.x.References.Territories() {
		if territory.Level != f.Level || judged[territory.Code] {
			continue
		}
		why := whyUnjudged(b.x.in(period{grain: f.Grain, start: f.Start}, i.ID, territory.Code))
		names[why] = append(names[why], placeName(territory, b.lang))
	}
	var reasons []string
	for _, why := range []string{"unjudged.hidden", "unjudged.rounded", "unjudged.small", "unjudged.no_data", "unjudged.unsettled"} {
		some := names[why]
		if len(some) == 0 {
			continue
		}
		reason := b.m.Plural(why, len(some))
		if len(some) <= unjudgedNamed {
			reason += " (" + strings.Join(some, ", ") + ")"
		}
		reasons = append(reasons, reason)
	}
	if len(reasons) == 0 {
		return ""
	}
	return " " + b.m.T("unjudged.count", "reasons", strings.Join(reasons, "; "))
}

// whyUnjudged is the message that tells why a figure has no place in its funnel. The last
// is of one that is shown with its cases and yet may lie on either side of a limit, as
// what is expected of it is known to a whole event only.
func whyUnjudged(c result.Cell) string {
	switch {
	case c.Class == result.Hidden:
		return "unjudged.hidden"
	case c.Class == result.NoData:
		return "unjudged.no_data"
	case c.Uncounted():
		return "unjudged.rounded"
	case c.Class == result.Small:
		return "unjudged.small"
	}
	return "unjudged.unsettled"
}
