package transform

import (
	"slices"
	"testing"

	"tavolo/ingest/reference"
	"tavolo/transform/result"
)

// TestFunnelsOfEachPeriodThatIsChosen: the last month, the twelve months, the last
// quarter and each year have a funnel, and one that sees only its own period: Rieti
// falls far behind in 2024 and is as good as the others in the year before.
func TestFunnelsOfEachPeriodThatIsChosen(t *testing.T) {
	var events []event
	for _, month := range []string{"2023-01", "2023-11", "2024-02", "2024-11", "2024-12"} {
		solved := 320
		if month >= "2024" {
			solved = 200
		}
		for _, province := range []string{"015", "016", "056", "058", "059"} {
			events = append(events, contacts(month, province, "pec", 400, 320)...)
		}
		events = append(events, contacts(month, "057", "pec", 400, solved)...)
	}
	s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), nil))
	position := map[string]string{}
	for _, f := range s.Funnels {
		if f.Level != reference.LevelProvince {
			continue
		}
		name := string(f.Grain) + " " + f.Start.Format("2006-01")
		if _, twice := position[name]; twice {
			t.Errorf("two funnels of %s", name)
		}
		position[name] = ""
		for _, at := range f.Points {
			c := find(t, s, at.Territory, f.Grain, f.Start.Format("2006-01-02"), "", "")
			if c.Funnel != at.Position || c.Denominator != at.N || c.Value != at.Value {
				t.Errorf("%s: the point of %s is %+v, its figure %+v", name, at.Territory, at, c)
			}
			if at.Territory == "057" {
				position[name] = at.Position
			}
		}
	}
	want := map[string]string{"month 2024-12": "below998", "quarter 2024-10": "below998", "rolling12 2024-12": "below998", "year 2023-01": "inside", "year 2024-01": "below998"}
	for name, place := range want {
		if got, ok := position[name]; !ok || got != place {
			t.Errorf("%s: Rieti is %q, want %q", name, got, place)
		}
	}
	if len(position) != len(want) {
		t.Errorf("funnels of %v", position)
	}
	if slices.ContainsFunc(s.Cells, func(c result.Cell) bool { return c.Grain == result.Year && c.RankLower == c.RankLower }) {
		t.Error("a year has ranks, which cost a thousand draws each")
	}
}
