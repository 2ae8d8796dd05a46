package reports

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tavolo/transform/result"
)

// cutTo leaves a set the last months of its history, as that of a project in its
// first year; its charts have provisional limits.
func cutTo(set *result.Set, months int) {
	from := set.Run.LastMonth.AddDate(0, 1-months, 0)
	set.Cells = slices.DeleteFunc(set.Cells, func(c result.Cell) bool {
		return c.Grain == result.Month && c.Start.Before(from) || c.Grain != result.Month && !c.Start.Equal(set.Run.LastMonth)
	})
	for k := range set.Charts {
		c := &set.Charts[k]
		c.Points = slices.DeleteFunc(slices.Clone(c.Points), func(at result.ChartPoint) bool { return at.Start.Before(from) })
		for n := range c.Points {
			c.Points[n].Signal, c.Points[n].Kind = "", ""
		}
		c.Trial, c.Variation, c.Assurance, c.Rule, c.Since = months < 12, "common", "", "", time.Time{}
	}
}

// Four months are not called twelve, and their charts are not said to have had time
// enough to find nothing.
func TestTheFirstYear(t *testing.T) {
	for _, test := range []struct {
		months int
		lang   string
		period string
		quiet  string
		judged int
	}{
		{1, "en", "December 2025 alone: the data begin with it, and “12 months” stands for it", "No indicator has enough months to be judged.", 0},
		{4, "en", "4 months to December 2025: the data begin in September 2025, and “12 months” stands for these", "No indicator has enough months to be judged.", 0},
		{4, "it", "4 mesi fino a dicembre 2025: i dati cominciano da settembre 2025, e «12 mesi» sta per questi", "Nessun indicatore ha abbastanza mesi per un giudizio.", 0},
		{12, "en", "12 months to December 2025", "2 indicators have enough months to be judged, and vary within their own limits.", 2},
	} {
		set := fixture(t, "satisfaction_share", "no_show_rate")
		cutTo(set, test.months)
		b := &builder{words: words{x: newIndex(set), lang: test.lang, m: messages(t, test.lang)}}
		if got := b.period(); got != test.period {
			t.Errorf("%d months: the period is %q, want %q", test.months, got, test.period)
		}
		if got := b.quiet(result.Italy, 0); got != test.quiet {
			t.Errorf("%d months: %q, want %q", test.months, got, test.quiet)
		}
		if title := b.courseCount().Title; strings.Contains(title, "2") != (test.judged > 0) {
			t.Errorf("%d months: the courses counted are %q", test.months, title)
		}
	}
}
