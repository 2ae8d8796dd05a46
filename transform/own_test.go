package transform

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/sql"
	"tavolo/transform/kpi"
	"tavolo/transform/own"
	"tavolo/transform/result"
)

// phoneSQL is a mart as an analyst writes it.
const phoneSQL = `-- grain: one row per month of opening, province and channel
-- A call that was given up is a contact like any other.
select
    opened_month as month,
    province_code as territory_code,
    channel,
    count(*) as contacts,
    count(*) filter (where channel = 'contact_center') as phone_contacts
from stg_interactions
group by opened_month, province_code, channel
`

// phoneEntry is the entry that reads it.
const phoneEntry = `indicators:
  - id: phone_share
    theme: quality
    title: {it: Contatti telefonici, en: Contacts by phone}
    short: {it: Telefono, en: By phone}
    description: {it: Quota., en: Share.}
    not: {it: Altro., en: Else.}
    mart: phone
    statistic: rate
    numerator: phone_contacts
    denominator: contacts
    numerator_text: {it: per telefono, en: by phone}
    denominator_text: {it: contatti, en: contacts}
    unit: percent
    direction: up
`

// readOwn writes files into a folder and reads them as a project's own.
func readOwn(t *testing.T, files map[string]string) (*own.Indicators, error) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("kpis", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.FromSlash(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return own.Read("kpis", "kpis.yml", builtIn(t))
}

// complaints gives what is said of a project's files, a line each, hints after a bar.
func complaints(t *testing.T, l *lake.Lake, files map[string]string) string {
	t.Helper()
	indicators, form := readOwn(t, files)
	report, err := OwnCheck{Lake: l, References: references(t), SQL: sql.Files, Own: indicators, Parameters: Parameters{AsOf: date("2025-03-10")}}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		report.Problems = append([]error{form}, report.Problems...)
	}
	var b strings.Builder
	for _, problem := range report.Problems {
		b.WriteString(problem.Error())
		if hints := diagnostic.Hints(problem); len(hints) > 0 {
			b.WriteString(" | " + strings.Join(hints, "; "))
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestNothingIsAgainstAGoodIndicator(t *testing.T) {
	described := "grain: g\nkey: [month, territory_code, channel]\ncolumns:\n" +
		"  - {name: month, description: d}\n  - {name: territory_code, description: d}\n  - {name: channel, description: d}\n" +
		"  - {name: contacts, description: d}\n  - {name: phone_contacts, description: d}\n"
	full := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	for name, files := range map[string]map[string]string{
		"with a mart":         {"kpis/phone.sql": phoneSQL, "kpis.yml": phoneEntry},
		"with a description":  {"kpis/phone.sql": phoneSQL, "kpis/phone.yml": described, "kpis.yml": phoneEntry},
		"of a built-in mart":  {"kpis.yml": strings.NewReplacer("mart: phone", "mart: contacts", "phone_contacts", "rated_contacts").Replace(phoneEntry)},
		"a mart without any":  {"kpis/phone.sql": phoneSQL},
		"a mart upon another": {"kpis/phone.sql": phoneSQL, "kpis/again.sql": phoneSQL[:strings.Index(phoneSQL, "select")] + "select month, territory_code, contacts from phone where channel = 'pec'\n"},
		"nothing":             {},
	} {
		for where, l := range map[string]*lake.Lake{"a lake": full, "an empty lake": newLake(t, nil), "no lake": nil} {
			if got := complaints(t, l, files); got != "" {
				t.Errorf("%s, over %s:\n%s", name, where, got)
			}
		}
	}
}

// reworded gives the good indicator with other words in its mart.
func reworded(pairs ...string) map[string]string {
	return map[string]string{"kpis/phone.sql": strings.NewReplacer(pairs...).Replace(phoneSQL), "kpis.yml": phoneEntry}
}

// redefined gives the good indicator with other words in its entry.
func redefined(pairs ...string) map[string]string {
	return map[string]string{"kpis/phone.sql": phoneSQL, "kpis.yml": strings.NewReplacer(pairs...).Replace(phoneEntry)}
}

// against are files of a project, each with what is to be said of them.
var against = []struct {
	name  string
	files map[string]string
	want  string
}{
	// The text.
	{"a file is read", reworded("from stg_interactions", "from read_text('/etc/passwd')"),
		"kpis/phone.sql:9:6: read_text() cannot be read from | a model reads relations by name, never a file or a function"},
	{"a file is written", map[string]string{"kpis/phone.sql": "-- grain: one row per x\n-- y\ncopy territories to 'x.csv'\n"},
		"kpis/phone.sql:3:1: this is not a select | a model is one select; it can neither write nor change anything"},
	{"a log is read", reworded("from stg_interactions", "from interactions"),
		"kpis/phone.sql:9:6: interactions cannot be read by a model of the project | stg_interactions has each row once, in its newest version"},
	{"no grain", reworded("-- grain: one row per month of opening, province and channel\n", ""),
		`kpis/phone.sql:1:1: the first line does not state the grain | for example "-- grain: one row per month, province and channel"`},
	{"nothing surprising", reworded("-- A call that was given up is a contact like any other.\n", ""),
		"kpis/phone.sql:2:1: below the grain there is no comment on what is surprising about the mart | what would a careful reader of the numbers take for something else?"},
	{"a name that is taken", map[string]string{"kpis/contacts.sql": phoneSQL},
		"kpis/contacts.sql:1:1: the name contacts is taken by the built-in model sql/marts/contacts.sql | give the file another name"},
	{"the name of a reference table", map[string]string{"kpis/services.sql": phoneSQL},
		"kpis/services.sql:1:1: the name services is taken by a reference table | give the file another name"},
	{"the name of a result", map[string]string{"kpis/indicator_cells.sql": phoneSQL},
		"kpis/indicator_cells.sql:1:1: the name indicator_cells is taken by a table of the lake | give the file another name"},
	{"no name of a table", map[string]string{"kpis/My-Rate.sql": phoneSQL},
		"kpis/My-Rate.sql: the name of the file is the name of a table | lower case letters, digits and _ make one"},
	{"a description of nothing", map[string]string{"kpis/phone.yml": "grain: g\n"},
		"kpis/phone.yml: there is no phone.sql beside it | entries of the catalogue belong into kpis.yml, in the project folder itself"},
	{"persons are named", reworded("    channel,\n", "    citizen_id as channel,\n", "province_code, channel", "province_code, citizen_id"),
		"kpis/phone.sql:6:5: channel is citizen_id, which names persons | a mart counts persons; it names none"},
	// The entry.
	{"no such mart", redefined("mart: phone\n", "mart: phoen\n"),
		`kpis.yml:8:5: indicator "phone_share": mart: there is no mart "phoen" | did you mean "phone"?`},
	{"a built-in id", redefined("phone_share", "no_show_rate"),
		`kpis.yml:2:5: indicator "no_show_rate" is already in the built-in catalogue`},
	{"the grammar", redefined("unit: percent", "unit: percnt"),
		`kpis.yml:14:5: indicator "phone_share": unit: no such thing as "percnt" | did you mean "percent"?`},
	{"persons unprotected", redefined("    unit", "    disclosure: none\n    unit"),
		`kpis.yml:14:5: indicator "phone_share": disclosure: none is for counts of institutions; phone reads interactions, whose rows are of persons | leave it out: small counts are then withheld`},
	// The columns.
	{"no such column", redefined("numerator: phone_contacts", "numerator: phone_contact"),
		`kpis.yml:10:5: indicator "phone_share": numerator: phone has no column "phone_contact" | did you mean "phone_contacts"?`},
	{"a breakdown without its column", redefined("    unit", "    breakdowns: [patronato]\n    unit"),
		`kpis.yml:14:5: indicator "phone_share": breakdowns: phone has no column "patronato_code" | phone has month, territory_code, channel, contacts, phone_contacts`},
	{"a text for a count", redefined("denominator: contacts", "denominator: channel"),
		`kpis.yml:11:5: indicator "phone_share": denominator: phone.channel is a varchar; it must be bigint or double or decimal(9,2)`},
	{"what the engine says", reworded("province_code as", "provinec_code as"),
		`kpis/phone.sql:5:5: referenced column "provinec_code" not found in FROM clause | did you mean "province_code"?`},
	{"no month", reworded("    opened_month as month,\n", "    opened_month as opened,\n"),
		"kpis/phone.sql:4: there is no column month | every mart has month (the first of the month, a date) and territory_code"},
	{"a sum that is too wide", reworded("count(*) as contacts", "sum(1) as contacts"),
		"kpis/phone.sql:7:5: contacts is a hugeint, which the lake does not store | a sum of whole numbers is wider than they are: cast(sum(…) as bigint)"},
	{"another description", map[string]string{"kpis/phone.sql": phoneSQL, "kpis.yml": phoneEntry, "kpis/phone.yml": "grain: g\nkey: [mont]\ncolumns:\n  - {name: mont, description: d}\n"},
		"kpis/phone.yml:4:5: the mart has no column mont | did you mean \"month\"?\n" +
			"kpis/phone.sql:4:5: month is not described | add it to the columns of kpis/phone.yml\n" +
			"kpis/phone.sql:5:5: territory_code is not described | add it to the columns of kpis/phone.yml\n" +
			"kpis/phone.sql:6:5: channel is not described | add it to the columns of kpis/phone.yml\n" +
			"kpis/phone.sql:7:5: contacts is not described | add it to the columns of kpis/phone.yml\n" +
			"kpis/phone.sql:8:5: phone_contacts is not described | add it to the columns of kpis/phone.yml"},
	// The rows.
	{"a grain that is not true", reworded("group by opened_month, province_code, channel", "group by opened_month, province_code, channel, interaction_id"),
		"kpis/phone.sql:1:1: 2 rows break it: No two rows of phone agree in month, territory_code, channel. The first: month=2024-01-01 territory_code=058 channel=pec mart_rows=100" +
			" | the key is taken to be every column that holds no count; kpis/phone.yml can say otherwise"},
	{"a day for a month", reworded("opened_month as month", "opened_on as month", "group by opened_month", "group by opened_on"),
		"kpis/phone.sql:4:5: 2 rows break it: The month of every row of phone is the first of a month. The first: month=2024-01-31 mart_rows=1 | cast(date_trunc('month', …) as date)"},
	{"nowhere", reworded("province_code as territory_code", "'X' || province_code as territory_code"),
		`kpis/phone.sql:5:9: 2 rows break it: The territory of every row of phone is known. The first: territory_code=X015 mart_rows=1 | "tavolo territories" lists them; rows of nowhere in particular have IT`},
	{"less than nothing", reworded("count(*) as contacts", "30 - count(*) as contacts"),
		"kpis.yml:10:5: 2 rows break it: phone.phone_contacts is not larger than contacts, of which it is a part. The first: month=2024-01-01 territory_code=058 | each count has its own denominator beside it\n" +
			"kpis.yml:11:5: 1 row breaks it: phone.contacts is a count: given, finite and not negative. The first: month=2024-01-01 territory_code=058"},
	{"more than all", redefined("numerator: phone_contacts", "numerator: contacts", "denominator: contacts", "denominator: phone_contacts"),
		"kpis.yml:10:5: 1 row breaks it: phone.contacts is not larger than phone_contacts, of which it is a part. The first: month=2024-01-01 territory_code=058 | each count has its own denominator beside it"},
}

func TestWhatIsAgainstOwnIndicators(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": append(contacts("2024-01", "058", "pec", 100, 60), contacts("2024-02", "015", "contact_center", 30, 6)...)})
	for _, test := range against {
		t.Run(test.name, func(t *testing.T) {
			got := complaints(t, l, test.files)
			for _, line := range strings.Split(test.want, "\n") {
				if !strings.Contains("\n"+got+"\n", "\n"+line+"\n") {
					t.Errorf("got\n%s\nwant\n%s", got, line)
				}
			}
		})
	}
}

// TestAllIsToldAtOnce: one mart that is wrong hides neither the next nor the catalogue.
func TestAllIsToldAtOnce(t *testing.T) {
	got := complaints(t, newLake(t, nil), map[string]string{
		"kpis/a.sql":     strings.Replace(phoneSQL, "count(*) as contacts", "list(channel) as contacts", 1),
		"kpis/b.sql":     strings.Replace(phoneSQL, "province_code as", "provinec_code as", 1),
		"kpis/phone.sql": strings.Replace(phoneSQL, "count(*) as contacts", "sum(1) as contacts", 1),
		"kpis.yml":       strings.Replace(phoneEntry, "numerator: phone_contacts", "numerator: phones", 1),
	})
	for _, want := range []string{"kpis/a.sql:7:5: ", "kpis/b.sql:5:5: ", "kpis/phone.sql:7:5: ", "kpis.yml:10:5: "} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing at %s in\n%s", want, got)
		}
	}
}

func TestOwnIndicatorsAreComputedLikeBuiltInOnes(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": append(contacts("2024-01", "058", "pec", 100, 60), contacts("2024-01", "058", "contact_center", 60, 6)...)})
	indicators, err := readOwn(t, map[string]string{"kpis/phone.sql": phoneSQL, "kpis.yml": phoneEntry})
	if err != nil {
		t.Fatal(err)
	}
	j := newJob(t, l, nil)
	j.SQL, j.Catalogue, j.Own = sql.Files, indicators.Catalogue, indicators
	set := runJob(t, j)
	c := find(t, &result.Set{Cells: cellsOf(set, "phone_share")}, "058", result.Month, "2024-01-01", "", "")
	if c.Numerator != 60 || c.Denominator != 160 || c.Class != result.OK || !(c.Lower < c.Value && c.Value < c.Upper) {
		t.Errorf("%+v", c)
	}
	if set.Models["phone"] != phoneSQL {
		t.Errorf("the SQL is not told: %q", set.Models["phone"])
	}
	if _, ok := set.Catalogue.Indicator("phone_share"); !ok {
		t.Error("the catalogue of the results lacks it")
	}
	held := false
	for _, check := range set.Checks {
		held = held || check.Title == "No two rows of phone agree in month, territory_code, channel."
	}
	if !held {
		t.Errorf("what was demanded of its rows is not told: %v", set.Checks)
	}
}

// TestAMartMayChange: what an analyst improves on Tuesday takes the place of
// what was there on Monday, other columns and all.
func TestAMartMayChange(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "contact_center", 60, 6)})
	for i, text := range []string{
		phoneSQL,
		strings.NewReplacer("    channel,\n", "    service_code,\n    cast(1 as double) as weight,\n", "province_code, channel", "province_code, service_code").Replace(phoneSQL),
		strings.Replace(phoneSQL, "    channel,\n", "    channel,\n    count(satisfaction) as answers,\n", 1),
		phoneSQL,
	} {
		indicators, err := readOwn(t, map[string]string{"kpis/phone.sql": text, "kpis.yml": phoneEntry})
		if err != nil {
			t.Fatal(err)
		}
		j := newJob(t, l, nil)
		j.RunID, j.Own = fmt.Sprintf("run-%d", i), indicators
		j.SQL = smallSQL(map[string]string{"staging/stg_interactions.sql": "select *, month as opened_month from interactions"})
		j.Catalogue = &kpi.Catalogue{Indicators: append(j.Catalogue.Indicators, *indicators.Entries[0])}
		if _, err := j.Run(t.Context()); err != nil {
			t.Fatalf("version %d: %v", i+1, err)
		}
		e, err := Session(t.Context(), l, j.References, SessionOptions{SQL: j.SQL})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := e.Query(t.Context(), "select cast(sum(phone_contacts) as bigint), count(*) from phone")
		e.Close()
		if err != nil || answer.Rows[0][0] != int64(60) || answer.Rows[0][1] != int64(1) {
			t.Errorf("version %d: %v, %v", i+1, answer, err)
		}
	}
}

func cellsOf(set *result.Set, indicator string) []result.Cell {
	var cells []result.Cell
	for _, c := range set.Cells {
		if c.Indicator == indicator {
			cells = append(cells, c)
		}
	}
	return cells
}

// TestARunRefusesWhatTheCheckRefuses: the lake keeps what it had, and no file of
// the machine is opened.
func TestARunRefusesWhatTheCheckRefuses(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	runJob(t, newJob(t, l, nil))
	for name, test := range map[string]struct{ old, new, want string }{
		"reads a file":  {"from stg_interactions", "from read_text('/etc/passwd')", "kpis/phone.sql:9:6: read_text() cannot be read from"},
		"names a file":  {"from stg_interactions", "from '/etc/passwd'", `kpis/phone.sql:9:6: there is no relation "/etc/passwd" to read`},
		"writes a file": {phoneSQL, "-- grain: one row per x\n-- y\ncopy territories to 'out.csv'\n", "kpis/phone.sql:3:1: this is not a select"},
		"then writes":   {"channel\n", "channel; copy territories to 'out.csv'\n", "kpis/phone.sql:3:1: this is not a select"},
		"reads a log":   {"from stg_interactions", "from interactions", "kpis/phone.sql:9:6: interactions cannot be read"},
		"divides":       {"count(*) as contacts", "count(*) / count(satisfaction) as contacts", "kpis/phone.sql:7:14: the divisor may be 0"},
		"is too wide":   {"count(*) as contacts", "sum(1) as contacts", "kpis/phone.sql:7:5: contacts is a hugeint"},
		"repeats":       {"channel\n", "channel, interaction_id\n", "No two rows of phone agree"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(phoneSQL, test.old, test.new, 1)
			if name == "then writes" || name == "repeats" {
				at := strings.LastIndex(phoneSQL, test.old)
				text = phoneSQL[:at] + test.new
			}
			indicators, err := readOwn(t, map[string]string{"kpis/phone.sql": text, "kpis.yml": phoneEntry})
			if err != nil {
				t.Fatal(err)
			}
			j := newJob(t, l, nil)
			j.RunID, j.SQL, j.Catalogue, j.Own = "run-2", sql.Files, indicators.Catalogue, indicators
			_, err = j.Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			var failed *CheckError
			if isCheck := errors.As(err, &failed); isCheck != (name == "repeats") {
				t.Errorf("a failed check: %v", isCheck)
			}
			if _, err := os.Stat("out.csv"); err == nil {
				t.Error("a file was written")
			}
			if set, err := Load(t.Context(), l, j.References); err != nil || set.Run.ID != "run-1" {
				t.Errorf("after the refusal: %v", err)
			}
		})
	}
}

// TestAModelOpensNoFileOutsideOfTheLake: the fence holds for built-in models
// too, which nobody admits.
func TestAModelOpensNoFileOutsideOfTheLake(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	j := newJob(t, l, nil)
	j.SQL = smallSQL(map[string]string{"marts/wrong.sql": "select content as month from read_text('/etc/hostname')"})
	if _, err := j.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "annot access file") {
		t.Errorf("got %v", err)
	}
}
