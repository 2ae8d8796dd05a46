package transform

import (
	"context"
	"fmt"
	"slices"

	"tavolo/ingest/lake"
	"tavolo/transform/kpi"
)

// sheet answers what the indicators of one mart ask of it. Indicators that ask
// for the same rows share the answer: each question is put once, with all their
// columns.
type sheet struct {
	indicators []*kpi.Indicator
	scales     map[string]float64 // of the columns that are not of integers
	whole      []span             // of the periods without breakdowns
	broken     []span             // of those with
	answers    map[string]*tally  // by the question's name
}

// sheet reads what a mart counts of all that its indicators ask.
func (r *run) sheet(ctx context.Context, mart string, indicators []*kpi.Indicator) (*sheet, error) {
	s := &sheet{indicators: indicators, scales: map[string]float64{}, answers: map[string]*tally{}}
	stored := r.stored[mart]
	for _, k := range indicators {
		for _, column := range asked(k) {
			if stored.schema.Index(column) < 0 {
				return nil, fmt.Errorf("indicator %s: the mart %s has no column %q", k.ID, mart, column)
			}
		}
	}
	for _, column := range stored.schema.Columns {
		if column.Type != lake.Integer {
			s.scales[column.Name] = fractional
		}
	}
	var whole, broken []period
	for _, k := range indicators {
		for _, p := range r.periods {
			p = p.of(k, r.at.asOf)
			parts := []period{p}
			if k.Statistic == kpi.StockDays { // the stock is that of the last month
				last := p
				last.from = p.to
				parts = append(parts, last)
			}
			whole = append(whole, parts...)
			if p.broken {
				broken = append(broken, parts...)
			}
		}
	}
	s.whole, s.broken = spansOf(whole), spansOf(broken)
	questions := s.questions()
	answers, err := countAll(ctx, stored.files, questions)
	if err != nil {
		return nil, fmt.Errorf("counts of %s: %w", mart, err)
	}
	for i, q := range questions {
		s.answers[q.name()] = answers[i]
	}
	return s, nil
}

// asked gives the columns of its mart that an indicator needs.
func asked(k *kpi.Indicator) (columns []string) {
	counts := columnsOf(k)
	columns = slices.Concat(counts[:], []string{k.Value}, k.Strata)
	for _, breakdown := range k.Breakdowns {
		columns = append(columns, breakdown.Columns()...)
	}
	return slices.DeleteFunc(columns, func(column string) bool { return column == "" })
}

// questions gives what the indicators ask, each question once.
func (s *sheet) questions() (all []question) {
	known := map[string]bool{}
	ask := func(q question) {
		if !known[q.name()] {
			known[q.name()] = true
			all = append(all, q)
		}
	}
	for _, k := range s.indicators {
		for _, breakdown := range breakdownsOf(k) {
			ask(s.question(k, breakdown))
		}
		if isStandardised(k) {
			ask(s.strataQuestion(k))
		}
	}
	return all
}

// breakdownsOf gives the breakdowns of an indicator, ascending; "" is all together.
func breakdownsOf(k *kpi.Indicator) []kpi.Breakdown {
	all := append([]kpi.Breakdown{""}, k.Breakdowns...)
	slices.Sort(all)
	return all
}

// counts gives the counts that an indicator is made of, by a breakdown or all together.
func (s *sheet) counts(k *kpi.Indicator, breakdown kpi.Breakdown) *tally {
	return s.answers[s.question(k, breakdown).name()]
}

func (s *sheet) question(k *kpi.Indicator, breakdown kpi.Breakdown) question {
	q := question{value: k.Value, spans: s.whole}
	if breakdown != "" {
		if q.by = breakdown.Columns(); len(q.by) > 1 {
			q.joint = breakdown.Item("", "")
		}
		if !s.areStrata(q) {
			q.spans = s.broken
		}
	}
	return s.withColumns(q)
}

// areStrata says whether some indicator asks for the same counts as its strata, in the spans
// of all periods. The periods that are broken down are made of these too, so one answer
// serves both.
func (s *sheet) areStrata(q question) bool {
	return q.value == "" && q.joint == "" && slices.ContainsFunc(s.indicators, func(k *kpi.Indicator) bool {
		return isStandardised(k) && slices.Equal(k.Strata, q.by)
	})
}

// isStandardised says whether an indicator is compared by strata.
func isStandardised(k *kpi.Indicator) bool {
	return len(k.Strata) > 0 && k.Statistic == kpi.Rate && !k.PerPopulation
}

// strata gives the counts of a rate by its strata.
func (s *sheet) strata(k *kpi.Indicator) *tally {
	return s.answers[s.strataQuestion(k).name()]
}

func (s *sheet) strataQuestion(k *kpi.Indicator) question {
	return s.withColumns(question{by: k.Strata, spans: s.whole})
}

// withColumns adds the columns of all indicators that ask for the same observed values.
func (s *sheet) withColumns(q question) question {
	for _, other := range s.indicators {
		if other.Value != q.value {
			continue
		}
		for _, column := range columnsOf(other) {
			if column != "" && !slices.ContainsFunc(q.columns, func(c count) bool { return c.column == column }) {
				q.columns = append(q.columns, count{column, s.scale(column)})
			}
		}
	}
	return q
}

func (s *sheet) scale(column string) float64 {
	if scale, ok := s.scales[column]; ok {
		return scale
	}
	return 1
}

// columnsOf gives the two columns of counts of an indicator: numerator and
// denominator, the observations of a distribution and what is open, or a sum and
// the events that it is of. "" is one that it lacks; the population of a rate is
// not the mart's.
func columnsOf(k *kpi.Indicator) [2]string {
	switch {
	case k.Statistic == kpi.Distribution:
		return [2]string{k.Count, k.Open}
	case k.Statistic == kpi.Sum:
		return [2]string{k.Numerator, k.Count}
	case k.PerPopulation:
		return [2]string{k.Numerator, ""}
	}
	return [2]string{k.Numerator, k.Denominator}
}
