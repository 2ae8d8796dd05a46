package kpi_test

import (
	"strings"
	"testing"

	"tavolo/sql"
	"tavolo/transform/kpi"
)

func builtIn(t *testing.T) *kpi.Catalogue {
	t.Helper()
	text, err := sql.Files.ReadFile("kpis.yml")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := kpi.Parse("sql/kpis.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

// TestTheBuiltInCatalogueCoversTheProtocol: every theme has indicators, and the
// ones that the Protocol's commitments need are there.
func TestTheBuiltInCatalogueCoversTheProtocol(t *testing.T) {
	catalogue := builtIn(t)
	for _, theme := range catalogue.Themes {
		if len(catalogue.Of(theme.ID)) == 0 {
			t.Errorf("theme %s has no indicator", theme.ID)
		}
	}
	for _, id := range strings.Fields(`booking_lead_days booking_within_standard no_show_rate office_cancellation_rate
		onsite_wait_minutes first_response_hours resolution_days first_contact_resolution abandonment_rate decision_days
		satisfaction_share patronato_share contacts_per_1000 assisted_digital_share acceptance_rate integration_rate
		proposals_per_100_operators proposals_accepted_share training_coverage training_lead_days attendance_rate
		protocol_adoption consulting_points notice_lead_days dedicated_channel_share quarantine_rate
		backlog_open backlog_days clearance_ratio review_success_rate activity_points patronato_mix patronato_mix_contacts
		proposal_decision_days training_hours_per_operator pass_rate training_satisfaction technical_tables
		technical_tables_regional milestone_operational_protocol milestone_digital_platform freshness_days completeness
		satisfaction_response recognised_contacts`) {
		if _, ok := catalogue.Indicator(id); !ok {
			t.Errorf("there is no %s", id)
		}
	}
}

// TestTextsAreWrittenAlike catches what a reader would see and a schema does not.
func TestTextsAreWrittenAlike(t *testing.T) {
	for _, indicator := range builtIn(t).Indicators {
		for _, lang := range []string{"it", "en"} {
			for key, text := range map[string]kpi.Text{"title": indicator.Title, "short": indicator.Short} {
				if strings.HasSuffix(text.In(lang), ".") {
					t.Errorf("%s: %s (%s) is a noun phrase, without a full stop", indicator.ID, key, lang)
				}
			}
			for key, text := range map[string]kpi.Text{"description": indicator.Description, "not": indicator.Not} {
				if !strings.HasSuffix(text.In(lang), ".") || strings.Contains(text.In(lang), "  ") {
					t.Errorf("%s: %s (%s) is made of sentences", indicator.ID, key, lang)
				}
			}
		}
		if indicator.Title.IT == indicator.Title.EN || indicator.Not.IT == indicator.Not.EN {
			t.Errorf("%s: one language stands for both", indicator.ID)
		}
	}
}
