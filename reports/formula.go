package reports

import "tavolo/transform/kpi"

// formula is how the value of an indicator comes from the columns of its mart. The
// names are those of the SQL further down the page.
func (b *builder) formula(i *kpi.Indicator) string {
	switch {
	case i.Unit == kpi.Date:
		return ""
	case i.Statistic == kpi.Distribution:
		text := b.m.T("formula.distribution", "value", i.Value, "count", i.Count)
		switch {
		case i.Open != "" && i.OpenIs == kpi.Shorter:
			text += " " + b.m.T("formula.shorter", "open", i.Open)
		case i.Open != "":
			text += " " + b.m.T("formula.longer", "open", i.Open)
		}
		return text
	case i.Statistic == kpi.StockDays:
		return b.m.T("formula.stock_days", "stock", i.Numerator, "flow", i.Denominator)
	case i.Statistic == kpi.Sum && i.Stock:
		return b.m.T("formula.stock", "column", i.Numerator)
	case i.Statistic == kpi.Sum:
		return "Σ " + i.Numerator
	case i.IsComposition():
		return b.m.T("formula.composition", "column", i.Numerator)
	case i.PerPopulation:
		return "Σ " + i.Numerator + " ÷ " + b.m.T("formula.residents") + b.scale(i.Unit)
	}
	return "Σ " + i.Numerator + " ÷ Σ " + i.Denominator + b.scale(i.Unit)
}

// scale is what a unit multiplies by: " × 1.000".
func (b *builder) scale(unit kpi.Unit) string {
	if unit.Scale() == 1 {
		return ""
	}
	return " × " + b.whole(unit.Scale())
}
