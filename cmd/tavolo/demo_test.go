package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/synthetic"
)

// tavolo runs the program and gives what it printed; the status must be want.
func tavolo(t *testing.T, want int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run(args, strings.NewReader(""), &stdout, &stderr); status != want {
		t.Fatalf("tavolo %s: status %d, want %d\n%s%s", strings.Join(args, " "), status, want, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// ask gives the rows that answer a query, as JSON objects.
func ask(t *testing.T, dir, query string) []map[string]any {
	t.Helper()
	var rows []map[string]any
	for line := range strings.Lines(tavolo(t, exitDone, "-C", dir, "sql", "--json", query)) {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// one gives the only row that answers a query.
func one(t *testing.T, dir, query string) map[string]any {
	t.Helper()
	rows := ask(t, dir, query)
	if len(rows) != 1 {
		t.Fatalf("%s\n%d rows, want 1", query, len(rows))
	}
	return rows[0]
}

// TestDemo makes the demo as a newcomer does, and asks the indicators for what
// is true of the country by construction: they find all of it.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	output := tavolo(t, exitDone, "demo", dir)
	for _, want := range []string{"made a synthetic country", "published", "index.html", "To try next"} {
		if !strings.Contains(output, want) {
			t.Errorf("the demo does not say %q:\n%s", want, output)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, synthetic.TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	var truth synthetic.Truth
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	for _, planted := range truth.Planted {
		t.Run(planted.Kind+" "+planted.Territory+planted.Macro+planted.Patronato, func(t *testing.T) {
			finders[planted.Kind](t, dir, planted)
			tellers[planted.Kind](t, dir, planted)
		})
	}
	t.Run("rows", func(t *testing.T) {
		var logs []string
		for _, log := range []string{"interactions", "applications", "bookings", "trainings", "contributions", "agreements"} {
			logs = append(logs, "select count(*) as n from "+log)
		}
		total := one(t, dir, "select sum(n) as n from ("+strings.Join(logs, " union all ")+") as counted")["n"].(float64)
		if int(total) != truth.Rows {
			t.Errorf("the lake holds %.0f rows, the country %d", total, truth.Rows)
		}
	})
	t.Run("few false alarms", func(t *testing.T) { falseAlarms(t, dir, truth) })
	t.Run("synthetic on every page", func(t *testing.T) { everyPage(t, dir) })
	t.Run("the README is true", func(t *testing.T) { readmeAnswers(t, dir) })
	t.Run("no identifier anywhere", func(t *testing.T) { noIdentifier(t, dir) })
}

// lastYear selects the cells of the newest twelve months.
const lastYear = " grain = 'rolling12' and start = (select max(start) from indicator_cells where grain = 'rolling12') "

// finders say, by kind of planted truth, how the indicators show it.
var finders = map[string]func(*testing.T, string, synthetic.Planted){
	synthetic.NoShowExcess: func(t *testing.T, dir string, p synthetic.Planted) {
		cell := one(t, dir, "select funnel, value, standardised from indicator_cells where breakdown = '' and"+lastYear+
			"and indicator = '"+p.Indicator+"' and territory_code = '"+p.Territory+"'")
		if position, _ := cell["funnel"].(string); !strings.HasPrefix(position, "above") {
			t.Errorf("the excess is not seen: %v", cell)
		}
	},
	synthetic.CaseMixTrap: func(t *testing.T, dir string, p synthetic.Planted) {
		cell := one(t, dir, "select funnel, value, standardised, (select value from indicator_cells where breakdown = '' and"+lastYear+
			"and indicator = '"+p.Indicator+"' and territory_code = 'IT') as italy from indicator_cells where breakdown = '' and"+lastYear+
			"and indicator = '"+p.Indicator+"' and territory_code = '"+p.Territory+"'")
		raw, italy := cell["value"].(float64), cell["italy"].(float64)
		if (raw > italy) != (p.Direction == "higher") {
			t.Errorf("the raw rate %v does not mislead", cell)
		}
		if cell["funnel"] != "inside" {
			t.Errorf("given its case mix the province is like the others, and is shown as %v", cell)
		}
	},
	synthetic.ResponseImproves: func(t *testing.T, dir string, p synthetic.Planted) {
		chart := one(t, dir, "select variation, since from indicator_charts where indicator = '"+p.Indicator+"' and territory_code = '"+p.Territory+"'")
		since, _ := chart["since"].(string)
		from, err := time.Parse(time.DateOnly, since[:min(len(since), 10)])
		if err != nil {
			t.Fatalf("no signal: %v", chart)
		}
		planted, _ := time.Parse(time.DateOnly, p.From)
		if chart["variation"] != "improvement" || from.Before(planted.AddDate(0, -1, 0)) || from.After(planted.AddDate(0, 3, 0)) {
			t.Errorf("improved from %s on; the chart says %v", p.From, chart)
		}
	},
	synthetic.LateTraining: func(t *testing.T, dir string, p synthetic.Planted) {
		rate := func(condition string) float64 {
			return one(t, dir, `select cast(sum(covered_operators) as double) / sum(active_operators) as rate
				from training_coverage inner join territories on territories.code = training_coverage.territory_code
				where measure_code = '`+p.Measure+`' and `+condition)["rate"].(float64)
		}
		late, others := rate("macro = '"+p.Macro+"'"), rate("macro not in ('Sud', 'Isole')")
		if late > 0.7*others {
			t.Errorf("trained in time: %s %.2f, elsewhere %.2f", p.Macro, late, others)
		}
	},
	synthetic.IntegrationExcess: func(t *testing.T, dir string, p synthetic.Planted) {
		cells := ask(t, dir, "select item, value, lower, (select value from indicator_cells where breakdown = '' and"+lastYear+
			"and indicator = '"+p.Indicator+"' and territory_code = 'IT') as italy from indicator_cells where breakdown = 'patronato' and"+lastYear+
			"and indicator = '"+p.Indicator+"' and territory_code = 'IT' and class = 'ok' order by value desc")
		if len(cells) == 0 || cells[0]["item"] != p.Patronato || cells[0]["lower"].(float64) < cells[0]["italy"].(float64) {
			t.Errorf("%s does not stand out: %v", p.Patronato, cells)
		}
	},
	synthetic.CorrectedFile: func(t *testing.T, dir string, p synthetic.Planted) {
		cell := one(t, dir, "select funnel from indicator_cells where breakdown = '' and"+lastYear+
			"and indicator = '"+p.Indicator+"' and territory_code = '"+p.Territory+"'")
		if cell["funnel"] != "inside" {
			t.Errorf("the correction did not arrive: %v", cell)
		}
	},
}

// falseAlarms counts the provinces beyond the 99.8% limits in which nothing was
// planted: by chance two in a thousand are, and as many more as have one chance in a
// million are allowed. Judged are those with enough cases whose counts are shown, of 5 ×
// 107 somewhat more than half; were they fewer, to find no alarm would say little.
func falseAlarms(t *testing.T, dir string, truth synthetic.Truth) {
	planted := map[string]bool{}
	for _, p := range truth.Planted {
		planted[p.Indicator+p.Territory] = true
	}
	rows := ask(t, dir, "select indicator, territory_code, funnel, value, denominator from indicator_cells where breakdown = '' and"+lastYear+
		"and level = 'province' and indicator in ('no_show_rate', 'office_cancellation_rate', 'abandonment_rate', 'integration_rate', 'acceptance_rate') and funnel <> ''")
	var alarms []string
	for _, row := range rows {
		beyond := row["funnel"] == "above998" || row["funnel"] == "below998"
		if beyond && !planted[fmt.Sprint(row["indicator"], row["territory_code"])] {
			alarms = append(alarms, fmt.Sprint(row))
		}
	}
	const promised = 0.002
	mean := promised * float64(len(rows))
	if len(rows) < 250 || float64(len(alarms)) > mean+4.753*math.Sqrt(mean)+1 {
		t.Errorf("%d false alarms among %d judged provinces:\n%s", len(alarms), len(rows), strings.Join(alarms, "\n"))
	}
}

// everyPage demands the label of invented rows on every page of the report.
func everyPage(t *testing.T, dir string) {
	pages := 0
	walk(t, filepath.Join(dir, "publications"), func(path string, content []byte) {
		if !strings.HasSuffix(path, ".html") {
			return
		}
		pages++
		text := strings.ToLower(string(content))
		if !strings.Contains(text, "sintetic") && !strings.Contains(text, "synthetic") {
			t.Errorf("%s does not say that it is synthetic", path)
		}
	})
	if pages < 80 {
		t.Errorf("%d pages", pages)
	}
}
