package transform

import (
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/contract"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// disclosing runs a job, and gives what it hands on to the next; that must be what the cells
// are like.
func disclosing(t *testing.T, j *Job) (*result.Set, map[key]disclosed) {
	t.Helper()
	set := runJob(t, j)
	rows, _, err := disclosedTable.load(t.Context(), j.Lake)
	if err != nil {
		t.Fatal(err)
	}
	all := map[key]disclosed{}
	for _, d := range rows {
		all[d.key()] = d
	}
	for i := range set.Cells {
		c := &set.Cells[i]
		if d := all[keyOf(c)]; (c.Reason != result.Shown) != (d.Withheld != result.Shown) || (c.RoundedTo > 0) != d.Rounded || c.Denominator > 0 && !d.Told {
			t.Fatalf("of %+v the next run is told %+v", c, d)
		}
	}
	return set, all
}

// shownAgain counts the figures that were withheld, and are not although they count what
// they did.
func shownAgain(before, after map[key]disclosed) (again int) {
	for k, d := range after {
		if b, ok := before[k]; ok && b.Counted == d.Counted && b.Withheld != result.Shown && d.Withheld == result.Shown {
			again++
		}
	}
	return again
}

// Rows that come late change what is withheld with them. Of the figures that they do not
// touch none is shown that was withheld, for the earlier publication may show what is
// withheld in its place; and who computes everything again withholds the same. A lake that
// does not know what was published shows some.
func TestWhatWasWithheldStaysSo(t *testing.T) {
	channels := func(k *kpi.Indicator) { k.Breakdowns = []kpi.Breakdown{kpi.ByChannel} }
	late := slices.Concat(contacts("2023-06-17", "058", "pec", 2, 1), contacts("2024-04-20", "057", "email", 4, 2))
	forgotten := 0
	for seed := range uint64(2) {
		l := newLake(t, map[string][]event{"interactions": fewEverywhere(seed)})
		_, before := disclosing(t, newJob(t, l, channels))
		ingestEvents(t, l, "interactions", strings.Repeat("e", 64), late)
		set, after := disclosing(t, newJob(t, l, channels))
		if again := shownAgain(before, after); again > 0 {
			t.Errorf("seed %d: %d figures that have not changed are shown again", seed, again)
		}
		j := newJob(t, l, channels)
		j.Whole = true
		if again, _ := disclosing(t, j); figuresIn(again) != figuresIn(set) {
			t.Errorf("seed %d: computed again, the figures are others", seed)
		}
		_, unknowing := disclosing(t, newJob(t, newLake(t, map[string][]event{"interactions": slices.Concat(fewEverywhere(seed), late)}), channels))
		forgotten += shownAgain(before, unknowing)
	}
	t.Logf("a lake that does not know shows %d figures again", forgotten)
	if forgotten == 0 {
		t.Error("nothing is shown again without the memory of what was published: too little to tell")
	}
}

// A figure that is published no more, and comes back a year later, is still known.
func TestFiguresOfTheirYearAreRemembered(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": fewEverywhere(1)})
	channels := func(k *kpi.Indicator) { k.Breakdowns = []kpi.Breakdown{kpi.ByChannel} }
	runJob(t, newJob(t, l, channels))
	first, _, err := disclosedTable.load(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	ingestEvents(t, l, "interactions", strings.Repeat("e", 64), contacts("2024-05", "058", "pec", 40, 20))
	runJob(t, newJob(t, l, channels))
	second, _, err := disclosedTable.load(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	of := func(rows []disclosed) (broken int) {
		for _, d := range rows {
			if d.Grain == result.Rolling12 && d.Breakdown != "" && d.Start.Equal(date("2024-04-01")) {
				broken++
			}
		}
		return broken
	}
	if of(first) == 0 || of(first) != of(second) {
		t.Errorf("of the twelve months that ended in April %d items are known, and then %d", of(first), of(second))
	}
}

// No query sees what runs hand on to each other.
func TestNoQuerySeesTheMemory(t *testing.T) {
	if slices.Contains(resultTables(), disclosedTable.name) {
		t.Error("it is among the tables of a session")
	}
	if !slices.Contains(publishedTables(), disclosedTable.name) || slices.Contains(contract.Logs(), disclosedTable.name) {
		t.Error("a mart may take its name")
	}
}
