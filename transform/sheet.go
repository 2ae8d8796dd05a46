package transform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// sheet answers what the indicators of one mart ask of it. Indicators that ask
// for the same rows share the answer: each question is put once, with all their
// columns.
type sheet struct {
	engine     *duckdb.Engine
	mart       string
	indicators []*kpi.Indicator
	scales     map[string]float64 // of the columns that are not of integers
	whole      []span             // of the periods without breakdowns
	broken     []span             // of those with
	answers    map[string]*tally
}

// sheet reads what a mart is like, and what its indicators will ask.
func (r *run) sheet(ctx context.Context, mart string, indicators []*kpi.Indicator) (*sheet, error) {
	s := &sheet{engine: r.engine, mart: mart, indicators: indicators, scales: map[string]float64{}, answers: map[string]*tally{}}
	columns, err := r.engine.Columns(ctx, mart)
	if err != nil {
		return nil, err
	}
	for _, column := range columns {
		if column.Type != "integer" {
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
	return s, nil
}

// counts gives the counts that an indicator is made of, by a breakdown or all together.
func (s *sheet) counts(ctx context.Context, k *kpi.Indicator, breakdown kpi.Breakdown) (*tally, error) {
	q := question{mart: s.mart, value: k.Value, spans: s.whole}
	if breakdown != "" {
		if q.by = breakdown.Columns(); len(q.by) > 1 {
			q.joint = breakdown.Item("", "")
		}
		if !s.areStrata(q) {
			q.spans = s.broken
		}
	}
	return s.answer(ctx, k, q)
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
func (s *sheet) strata(ctx context.Context, k *kpi.Indicator) (*tally, error) {
	return s.answer(ctx, k, question{mart: s.mart, by: k.Strata, spans: s.whole})
}

func (s *sheet) answer(ctx context.Context, k *kpi.Indicator, q question) (*tally, error) {
	name := fmt.Sprintf("%d/%s/%s", len(q.spans), q.value, strings.Join(q.by, separator)+q.joint)
	if known, ok := s.answers[name]; ok {
		return known, nil
	}
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
	t, err := q.ask(ctx, s.engine)
	if err != nil {
		return nil, fmt.Errorf("indicator %s: %w", k.ID, err)
	}
	s.answers[name] = t
	return t, nil
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
