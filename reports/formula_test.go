package reports

import "testing"

// TestFormulas writes the formulas of indicators of every statistic.
func TestFormulas(t *testing.T) {
	ids := map[string]string{
		"no_show_rate": "Σ missed ÷ Σ decided × 100", "contacts_per_1000": "Σ patronato_contacts ÷ residents × 1,000",
		"booking_lead_days":              "median and 90th percentile of wait_days, each as many times as appointments says",
		"decision_days":                  "median and 90th percentile of decision_days, each as many times as decided_applications says (open_applications: still open, counted as longer)",
		"patronato_mix":                  "Σ patronato_applications of the item ÷ Σ patronato_applications of all",
		"backlog_days":                   "Σ open_contacts of the last month ÷ (Σ opened_contacts ÷ days of the period)",
		"milestone_operational_protocol": "",
	}
	var some []string
	for id := range ids {
		some = append(some, id)
	}
	set := fixture(t, some...)
	b := bareBuilder(t, set, "en")
	for n := range set.Catalogue.Indicators {
		i := &set.Catalogue.Indicators[n]
		if got := b.formula(i); got != ids[i.ID] {
			t.Errorf("%s: %q, want %q", i.ID, got, ids[i.ID])
		}
	}
}
