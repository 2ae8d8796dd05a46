package kpi_test

import (
	"strings"
	"testing"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/kpi"
)

const themes = `themes:
  - {id: quality, title: {it: Qualità, en: Quality}, description: {it: Quanto., en: How.}}
indicators:
`

const rate = `  - id: missed
    theme: quality
    title: {it: Mancati, en: Missed}
    short: {it: Mancati, en: Missed}
    description: {it: Quota., en: Share.}
    not: {it: Altro., en: Else.}
    mart: appointments
    statistic: rate
    numerator: missed
    denominator: decided
    numerator_text: {it: mancati, en: missed}
    denominator_text: {it: decisi, en: decided}
    unit: percent
    direction: down
`

func TestDefaultsAreThoseOfTheGrammar(t *testing.T) {
	catalogue, err := kpi.Parse("kpis.yml", []byte(themes+rate))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := catalogue.Indicator("missed")
	if got.Interval != kpi.Wilson || got.MinDenominator != 30 || got.Disclosure != kpi.Persons || got.TargetOn != "" || got.Target != nil {
		t.Errorf("%+v", got)
	}
	if !got.HasLevel("province") || got.HasLevel("town") {
		t.Errorf("levels %v", got.Levels)
	}
	if got.Line != 4 {
		t.Errorf("line %d", got.Line)
	}
}

func TestWrongCatalogues(t *testing.T) {
	for _, test := range []struct{ name, old, new, want, hint string }{
		{"unknown key", "mart:", "matr:", `k.yml:10:5: unknown key "matr"`, `did you mean "mart"?`},
		{"unknown theme", "theme: quality", "theme: qualty", `k.yml:5:5: indicator "missed": theme: no such thing as "qualty"`, `did you mean "quality"?`},
		{"unknown unit", "unit: percent", "unit: percnt", `no such thing as "percnt"`, `did you mean "percent"?`},
		{"a language missing", "title: {it: Mancati, en: Missed}", "title: {it: Mancati}", `k.yml:6:5: indicator "missed": title: the English text is missing`, ""},
		{"short too long", "short: {it: Mancati,", "short: {it: Appuntamenti mancati senza avviso,", "longer than 28 characters", ""},
		{"a name that is SQL", "numerator: missed\n", "numerator: \"1; drop table x\"\n", `numerator: "1; drop table x" is not a name`, ""},
		{"no denominator", "    denominator: decided\n", "", "denominator is missing", ""},
		{"a rate with a value", "    unit:", "    value: wait_days\n    unit:", "value does not go with a rate", ""},
		{"target in per cent", "    unit:", "    target: 7.6\n    unit:", "7.6 is not a share", ""},
		{"target without direction", "direction: down\n", "direction: none\n    target: 0.1\n", "no better direction", ""},
		{"target on a rate", "    unit:", "    target_on: p90\n    unit:", "target_on does not go with a rate", ""},
		{"unknown breakdown", "    unit:", "    breakdowns: [patronto]\n    unit:", `breakdowns: no such thing as "patronto"`, `did you mean "patronato"?`},
		{"unknown level", "    unit:", "    levels: [town]\n    unit:", `levels: no such thing as "town"`, ""},
		{"wilson for a ratio", "unit: percent", "unit: ratio\n    interval: wilson", "wilson is for a share", ""},
		{"population of its own", "    unit:", "    per_population: true\n    unit:", "it must be population", ""},
		{"a side of nothing", "    unit:", "    open_is: longer\n    unit:", "open_is does not go without open", ""},
		{"distribution with strata", "statistic: rate\n    numerator: missed\n    denominator: decided", "statistic: distribution\n    value: days\n    count: due\n    strata: [mode]", "strata go with a rate alone", ""},
		{"sum with a denominator", "statistic: rate", "statistic: sum", "denominator does not go with a sum", ""},
		{"share of a sum", "statistic: rate\n    numerator: missed\n    denominator: decided", "statistic: sum\n    numerator: missed\n    interval: wilson", "wilson is not for a sum", ""},
		{"stock over a flow, as a stock", "statistic: rate", "statistic: stock_days\n    stock: true", "stock does not go with stock_days", ""},
		{"undivided by nothing", "    unit:", "    undivided: [patronato]\n    unit:", `undivided: "patronato" is none of its breakdowns`, ""},
		{"composition of itself", "denominator: decided", "denominator: missed\n    breakdowns: [patronato]", "every breakdown must be undivided", ""},
		{"composition of nothing", "denominator: decided", "denominator: missed", "there is no breakdown that divides it", ""},
		{"unknown statistic", "statistic: rate", "statistic: rat", `statistic: no such thing as "rat"`, `did you mean "rate"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := themes + rate
			if !strings.Contains(text, test.old) {
				t.Fatalf("nothing to replace: %q", test.old)
			}
			_, err := kpi.Parse("k.yml", []byte(strings.Replace(text, test.old, test.new, 1)))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got  %v\nwant %s", err, test.want)
			}
			if hints := strings.Join(diagnostic.Hints(err), "; "); test.hint != "" && hints != test.hint {
				t.Errorf("hint %q, want %q", hints, test.hint)
			}
		})
	}
}

func TestAnIDIsGivenOnce(t *testing.T) {
	_, err := kpi.Parse("k.yml", []byte(themes+rate+rate))
	if err == nil || err.Error() != `k.yml:18:5: indicator "missed": the id is already given in line 4` {
		t.Error(err)
	}
}

func TestExtendAddsAndDoesNotReplace(t *testing.T) {
	base, err := kpi.Parse("sql/kpis.yml", []byte(themes+rate))
	if err != nil {
		t.Fatal(err)
	}
	own := "indicators:\n" + strings.Replace(rate, "id: missed", "id: own", 1)
	all, err := base.Extend("kpis.yml", []byte(own))
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Indicators) != 2 || all.Indicators[1].ID != "own" || len(base.Indicators) != 1 {
		t.Errorf("%d and %d indicators", len(all.Indicators), len(base.Indicators))
	}
	if _, err := base.Extend("kpis.yml", []byte("indicators:\n"+rate)); err == nil ||
		err.Error() != `kpis.yml:2:5: indicator "missed" is already in the built-in catalogue` {
		t.Error(err)
	}
}

func TestTargetsCanBeOthers(t *testing.T) {
	base, err := kpi.Parse("sql/kpis.yml", []byte(themes+rate))
	if err != nil {
		t.Fatal(err)
	}
	changed, err := base.WithTargets(map[string]float64{"missed": 0.05})
	if err != nil {
		t.Fatal(err)
	}
	missed, _ := changed.Indicator("missed")
	if before, _ := base.Indicator("missed"); missed.Target == nil || *missed.Target != 0.05 || before.Target != nil {
		t.Errorf("target %v, before %v", missed.Target, before.Target)
	}
	for value, want := range map[float64]int{0.04: 1, 0.05: 1, 0.06: -1} {
		if got := missed.Met(value); got != want {
			t.Errorf("%v meets the target: %d, want %d", value, got, want)
		}
	}
	for id, want := range map[string]string{"misse": `target of "misse": no such indicator`, "missed": `target of "missed": 5 is not a share; write 0.9 for 90%`} {
		if _, err := base.WithTargets(map[string]float64{id: 5}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestMartsAreDescribed(t *testing.T) {
	mart, err := kpi.ParseMart("waits", "waits.yml", []byte("grain: one row\nkey: [month]\ncolumns:\n  - {name: month, description: the month}\n  - {name: days, description: days, nullable: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if check := mart.Check(); !strings.Contains(check, "month is null") || strings.Contains(check, "days is null") {
		t.Error(check)
	}
	for text, want := range map[string]string{
		"key: [month]\ncolumns:\n  - {name: month, description: x}\n":          `w.yml: mart "w": grain is missing`,
		"grain: g\ncolumns:\n  - {name: month, description: x}\n":              `w.yml: mart "w": key is missing`,
		"grain: g\nkey: [a]\ncolumns:\n  - {name: month, description: x}\n":    `w.yml: mart "w": key: there is no column "a"`,
		"grain: g\nkey: [month]\ncolumns:\n  - {name: month}\n":                `w.yml:4:5: mart "w": column month has no description`,
		"grain: g\nkeys: [month]\ncolumns: []\n":                               `w.yml:2:1: unknown key "keys"`,
		"grain: g\nkey: [a]\ncolumns:\n  - {name: a, description: x, null: 1}": `w.yml:4:31: unknown key "null" in columns`,
	} {
		if _, err := kpi.ParseMart("w", "w.yml", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
