package own

import (
	"fmt"
	"slices"
	"strings"

	"tavolo/ingest/strictyaml"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// Rule is something that the rows of a mart must keep: a query in the form of
// sql/checks, which finds the rows that break it.
type Rule struct {
	duckdb.Model // its first line says what must hold; File is that which asks for it
	strictyaml.Position
	Hint string
}

// Rules gives what the rows must keep: the grain of the project's marts, their
// months and territories, and the domain of everything that its entries count.
// Fit comes first. A mart that gives no month and territory has no rules.
func (o *Indicators) Rules() []Rule {
	var rules []Rule
	for _, mart := range o.Marts {
		if mart.has("month") && mart.has("territory_code") {
			rules = append(rules, o.grainRules(mart)...)
		}
	}
	seen := map[string]bool{}
	for _, entry := range o.Entries {
		for _, rule := range o.domainRules(entry) {
			if !seen[rule.SQL] {
				seen[rule.SQL] = true
				rules = append(rules, rule)
			}
		}
	}
	return rules
}

func (m *Mart) has(name string) bool {
	return slices.ContainsFunc(m.types, func(c duckdb.Column) bool { return c.Name == name })
}

// key gives the columns in which no two rows of a mart may agree: those that
// its description says, or all that are no counts. A whole number that an entry
// observes is no count.
func (o *Indicators) key(m *Mart) []string {
	if m.Description != nil {
		return m.Description.Key
	}
	var key []string
	for _, column := range m.types {
		isValue := slices.ContainsFunc(o.Entries, func(k *kpi.Indicator) bool { return k.Mart == m.Name && k.Value == column.Name })
		if isValue || !slices.Contains([]string{typeWhole, typeDouble, typeMoney}, column.Type) {
			key = append(key, column.Name)
		}
	}
	return key
}

func (o *Indicators) grainRules(m *Mart) []Rule {
	key := o.key(m)
	hint := ""
	if m.Description == nil {
		hint = "the key is taken to be every column that holds no count; " + m.yml + " can say otherwise"
	}
	names := strings.Join(quoted(key), ", ")
	rules := []Rule{
		m.rule("grain", strictyaml.Position{Line: 1, Col: 1}, hint,
			fmt.Sprintf("No two rows of %s agree in %s.", m.Name, strings.Join(key, ", ")),
			"select %s, count(*) as mart_rows from %s group by %[1]s having count(*) > 1 order by %[1]s", names, duckdb.Name(m.Name)),
		m.rule("month", m.at("month"), "cast(date_trunc('month', …) as date)",
			fmt.Sprintf("The month of every row of %s is the first of a month.", m.Name),
			"select month, count(*) as mart_rows from %s where month is null or month <> date_trunc('month', month) group by month order by month", duckdb.Name(m.Name)),
		m.rule("territory", m.at("territory_code"), `"tavolo territories" lists them; rows of nowhere in particular have IT`,
			fmt.Sprintf("The territory of every row of %s is known.", m.Name),
			"select mart.territory_code, count(*) as mart_rows from %s as mart left join territories on territories.code = mart.territory_code "+
				"where territories.code is null group by mart.territory_code order by mart.territory_code", duckdb.Name(m.Name)),
	}
	if m.Description == nil {
		return rules
	}
	for _, column := range m.Description.Columns {
		if !column.Nullable && column.Name != "month" && column.Name != "territory_code" && m.has(column.Name) {
			rules = append(rules, m.rule(column.Name+"_given", m.at(column.Name), "coalesce(…) names what is missing; nullable: true in the description lets it be",
				fmt.Sprintf("%s.%s is given in every row.", m.Name, column.Name),
				"select month, territory_code from %s where %s is null order by month, territory_code", duckdb.Name(m.Name), duckdb.Name(column.Name)))
		}
	}
	return rules
}

// rule makes a rule about a mart of the project.
func (m *Mart) rule(what string, at strictyaml.Position, hint, title, query string, args ...any) Rule {
	return Rule{Position: at, Hint: hint, Model: duckdb.Model{
		Name: m.Name + "_" + what, File: m.File, SQL: "-- " + title + "\n" + fmt.Sprintf(query, args...),
	}}
}

// domainRules gives what the counts of an entry must keep: they are given, not
// negative and finite, a share is not above 1, and what is counted of a
// distribution was observed.
func (o *Indicators) domainRules(k *kpi.Indicator) []Rule {
	mart := duckdb.Name(k.Mart)
	const rows = "select month, territory_code from %s where %s order by month, territory_code"
	var rules []Rule
	for _, p := range parts(k) {
		if p.key != "numerator" && p.key != "denominator" && p.key != "count" && p.key != "open" {
			continue
		}
		column := duckdb.Name(p.column)
		rules = append(rules, o.rule(k, p.key, "domain_"+p.column, "",
			fmt.Sprintf("%s.%s is a count: given, finite and not negative.", k.Mart, p.column),
			rows, mart, fmt.Sprintf("%[1]s is null or %[1]s < 0 or not isfinite(cast(%[1]s as double))", column)))
	}
	switch {
	case k.Statistic == kpi.Rate && k.Unit == kpi.Percent && !k.PerPopulation && k.Numerator != k.Denominator:
		rules = append(rules, o.rule(k, "numerator", "share_"+k.Numerator, "each count has its own denominator beside it",
			fmt.Sprintf("%s.%s is not larger than %s, of which it is a part.", k.Mart, k.Numerator, k.Denominator),
			rows, mart, duckdb.Name(k.Numerator)+" > "+duckdb.Name(k.Denominator)))
	case k.Statistic == kpi.Distribution:
		rules = append(rules, o.rule(k, "value", "observed_"+k.Value, "rows that only carry open counts have no value",
			fmt.Sprintf("%s.%s is given where %s counts something.", k.Mart, k.Value, k.Count),
			rows, mart, duckdb.Name(k.Value)+" is null and "+duckdb.Name(k.Count)+" > 0"))
	}
	return rules
}

// rule makes a rule that an entry asks for, at one of its keys.
func (o *Indicators) rule(k *kpi.Indicator, key, what, hint, title, query string, args ...any) Rule {
	return Rule{Position: k.At(key), Hint: hint, Model: duckdb.Model{
		Name: k.Mart + "_" + what, File: o.file, SQL: "-- " + title + "\n" + fmt.Sprintf(query, args...),
	}}
}

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = duckdb.Name(name)
	}
	return out
}
