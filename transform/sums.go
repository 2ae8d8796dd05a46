package transform

import (
	"math"
	"slices"
)

// sums finds columns that count what two others count together: contacts are those given up
// and those whose answer is due, and these are those that had one and those that wait. Who is
// counted when done and who is still waited for go together as one; opens gives the column of
// the latter.
//
// What has just begun is not due, so the last months may add up to less. But in nine of ten
// of those that count somebody in all its terms a sum must hold, and there in every
// territory: who reads the definitions knows it, and sums of two kinds that are alike but
// for one case in a hundred are not known from them.
func (s *related) sums(opens map[string]string) (relations []relation) {
	months := map[string]map[string]float64{} // column → month → what it counts
	var parts [][]string                      // of one column, or of what is observed and open
	for _, c := range s.columns {
		name := c.String()
		months[name] = s.byMonth(name)
		if !s.tells(name) {
			continue
		}
		parts = append(parts, []string{name})
		if open := opens[name]; len(s.of[open]) > 0 && open != name {
			parts = append(parts, []string{name, open})
		}
	}
	try := func(total string, parts []string) {
		if held := holds(months, opens, total, parts); len(held) > 0 && s.addUp(total, parts, held) {
			r := relation{Total: term{Column: total}}
			for _, part := range parts {
				r.Parts = append(r.Parts, term{Column: part})
			}
			relations = append(relations, r)
		}
	}
	for _, c := range s.columns {
		for i, one := range parts {
			if len(one) > 1 {
				try(c.String(), one)
			}
			for _, other := range parts[i+1:] {
				if one[0] != other[0] && !slices.Contains(other, opens[one[0]]) && !slices.Contains(one, opens[other[0]]) {
					try(c.String(), slices.Concat(one, other))
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(relations), func(r relation) bool {
		return slices.ContainsFunc(relations, func(other relation) bool { return other.isMore(r) })
	})
}

// isMore says whether a sum has all parts of another and more: then those count nobody where
// the other holds.
func (r relation) isMore(than relation) bool {
	return r.Total == than.Total && len(r.Parts) > len(than.Parts) &&
		!slices.ContainsFunc(than.Parts, func(t term) bool { return !slices.Contains(r.Parts, t) })
}

// byMonth gives what a column counts in each month.
func (s *related) byMonth(column string) map[string]float64 {
	counts := map[string]float64{}
	for at, n := range s.of[column] {
		counts[at.month] += n
	}
	return counts
}

// holds gives the months in which a sum holds in the whole country; none where it does in
// fewer than nine of ten that count somebody in all its terms, or there are few of these. Of
// who is waited for there may be nobody.
func holds(months map[string]map[string]float64, opens map[string]string, total string, parts []string) (held map[string]bool) {
	held = map[string]bool{}
	if slices.Contains(parts, total) {
		return held
	}
	counts, missed := 0, 0
	for month, whole := range months[total] {
		sum, all := 0.0, true
		for i, part := range parts {
			n := months[part][month]
			sum += n
			all = all && (n > 0 || i > 0 && opens[parts[i-1]] == part)
		}
		if !all {
			continue
		}
		if counts++; math.Abs(whole-sum) < 1e-6 {
			held[month] = true
		} else if missed++; missed > len(months[total])/10 {
			return nil
		}
	}
	if len(held) < fewMonths || 10*len(held) < 9*counts {
		return nil
	}
	return held
}

// addUp says whether a sum holds in each territory of some months.
func (s *related) addUp(total string, parts []string, in map[string]bool) bool {
	left := map[monthAt]float64{}
	add := func(column string, sign float64) {
		for at, n := range s.of[column] {
			if in[at.month] {
				left[at] += sign * n
			}
		}
	}
	add(total, 1)
	for _, part := range parts {
		add(part, -1)
	}
	for _, n := range left {
		if math.Abs(n) > 1e-6 {
			return false
		}
	}
	return true
}
