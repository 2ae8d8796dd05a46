package reports

import (
	"math"
	"slices"
	"strings"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// What makes an item the one that carries a change: it contributes at least a
// third, and by so much more than its part of the cases; and, where it is its own
// value that moved, the intervals of the two years do not touch. Else the change
// is spread, and no item is named.
const (
	leastCarried = 1.0 / 3
	leastExcess  = 0.15
)

// carrier is the item of a breakdown that contributes most to a change.
type carrier struct {
	split    *result.Decomposition
	item     *result.Contribution // nil when none stands out
	excess   float64              // of its part in the change over its part in the cases
	withheld int                  // items of the breakdown that are not told of
}

// partsSentence tells how much of a change goes with the mix of cases and how
// much with the values of the items, by the breakdown in which most of it is with
// one item, and which one that is. Medians have no parts that add up: of them it
// tells in how many items they moved.
func (b *builder) partsSentence(i *kpi.Indicator, territory string) string {
	if i.Statistic == kpi.Distribution {
		return b.itemsSentence(i, territory)
	}
	c, ok := b.carrier(i.ID, territory)
	if !ok {
		return ""
	}
	key := "parts.both"
	switch size := math.Abs(c.split.Mix) + math.Abs(c.split.Rate); {
	case math.Abs(c.split.Rate) >= 0.75*size:
		key = "parts.rate"
	case math.Abs(c.split.Mix) >= 0.75*size:
		key = "parts.mix"
	case c.split.Mix*c.split.Rate < 0:
		key = "parts.against"
	}
	by := strings.ToLower(b.dimension(c.split.By))
	text := " " + b.m.T(key, "by", by, "mix", i.Unit.FormatChange(c.split.Mix, b.lang), "rate", i.Unit.FormatChange(c.split.Rate, b.lang))
	text += " " + b.carriedBy(i, c)
	if c.withheld > 0 {
		text += " " + b.m.Plural("parts.withheld", c.withheld)
	}
	return text
}

// carriedBy names the item that carries a change, or says that none does.
func (b *builder) carriedBy(i *kpi.Indicator, c carrier) string {
	if c.item == nil {
		return b.m.T("parts.spread")
	}
	name := b.quoted(b.item(c.item.By, c.item.Item))
	part := i.Unit.FormatChange(c.item.Mix+c.item.Rate, b.lang)
	if math.Abs(c.item.Rate) >= math.Abs(c.item.Mix) {
		return b.m.T("parts.carrier.rate", "item", name, "part", part, "fromto", b.fromTo(i.Unit, c.item.From, c.item.To),
			"share", b.withShare(c.item.ShareTo))
	}
	return b.m.T("parts.carrier.mix", "item", name, "part", part, "fromto", b.fromTo(kpi.Percent, c.item.ShareFrom, c.item.ShareTo))
}

// carrier looks for the breakdown in which most of a change is with one item; ok
// is false when the change is not split.
func (b *builder) carrier(indicator, territory string) (best carrier, ok bool) {
	for n := range b.x.Decomposed {
		d := &b.x.Decomposed[n]
		if d.Indicator != indicator || d.Territory != territory || !known(d.Mix) || d.By == string(kpi.ByMeasure) {
			continue
		}
		c := carrier{split: d, withheld: b.x.withheldItems(indicator, territory, d.By)}
		for _, one := range b.x.contributions[[2]string{indicator, territory}] {
			if one.By != d.By || !b.carries(d, one) {
				continue
			}
			if excess := excessOf(d, one); c.item == nil || excess > c.excess {
				c.item, c.excess = one, excess
			}
		}
		if !ok || c.item != nil && (best.item == nil || c.excess > best.excess) {
			best, ok = c, true
		}
	}
	return best, ok
}

// excessOf is by how much an item's part in a change is larger than its part in the cases.
func excessOf(d *result.Decomposition, c *result.Contribution) float64 {
	return (c.Mix+c.Rate)/(d.To-d.From) - (c.ShareFrom+c.ShareTo)/2
}

// carries tells whether an item stands out among those that contribute.
func (b *builder) carries(d *result.Decomposition, c *result.Contribution) bool {
	if part := (c.Mix + c.Rate) / (d.To - d.From); !(part >= leastCarried) || excessOf(d, c) < leastExcess {
		return false
	}
	if !known(c.From) || !known(c.To) || math.Abs(c.Mix) > math.Abs(c.Rate) {
		return true
	}
	now, before := b.x.itemAt(d.Indicator, d.Territory, d.By, c.Item)
	return now.Class == result.OK && before.Class == result.OK && (now.Lower > before.Upper || now.Upper < before.Lower)
}

// itemsSentence tells in how many items of a breakdown a median moved as it did
// in all together, and in which most. It takes the breakdown with the fewest
// items, as it says most in few words.
func (b *builder) itemsSentence(i *kpi.Indicator, territory string) string {
	up := b.x.headline(i.ID, territory).Value > b.x.yearBefore(i.ID, territory).Value
	text, fewest := "", math.MaxInt
	for _, by := range i.Breakdowns {
		if !slices.Contains([]kpi.Breakdown{kpi.ByChannel, kpi.ByMode, kpi.ByService, kpi.ByPatronato}, by) {
			continue
		}
		moved, of, most, size := 0, 0, result.Cell{}, 0.0
		for _, now := range b.x.items(i.ID, territory, string(by)) {
			_, before := b.x.itemAt(i.ID, territory, string(by), now.Item)
			if now.Class != result.OK || before.Class != result.OK {
				continue
			}
			of++
			if change := now.Value - before.Value; change != 0 && (change > 0) == up {
				moved++
				if math.Abs(change) > size {
					most, size = now, math.Abs(change)
				}
			}
		}
		if of < 2 || moved == 0 || of >= fewest {
			continue
		}
		fewest = of
		key := "items.down"
		if up {
			key = "items.up"
		}
		_, before := b.x.itemAt(i.ID, territory, string(by), most.Item)
		text = " " + b.m.Plural(key, moved, "by", strings.ToLower(b.dimension(string(by))), "total", b.whole(float64(of)),
			"item", b.quoted(b.item(string(by), most.Item)), "fromto", b.fromTo(i.Unit, before.Value, most.Value))
	}
	return text
}

// itemFindings are the patronati of the country that are far beyond the limits,
// and the measures whose whole interval is short of the target.
func (b *builder) itemFindings(i *kpi.Indicator, territory string) []finding {
	var found []finding
	for _, by := range i.Breakdowns {
		switch by {
		case kpi.ByPatronato:
			for _, c := range b.x.items(i.ID, territory, string(by)) {
				if territory == result.Italy && isFar(c.Funnel) {
					italy := b.x.headline(i.ID, territory).Value
					found = append(found, finding{farBeyond, math.Abs(c.Value-italy) / (c.Upper - c.Lower), b.patronatoSentence(i, c)})
				}
			}
		case kpi.ByMeasure:
			found = append(found, b.measureFindings(i, territory)...)
		}
	}
	return found
}
