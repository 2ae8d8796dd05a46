package transform

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
	"tavolo/sql"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// byMonth gives the built-in marts that say how their months follow from a log.
func byMonth(t *testing.T) map[string]*kpi.Mart {
	t.Helper()
	files, err := fs.Glob(sql.Files, martsFolder+"/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	marts := map[string]*kpi.Mart{}
	for _, file := range files {
		text, err := fs.ReadFile(sql.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".yml")
		mart, err := kpi.ParseMart(name, file, text)
		if err != nil {
			t.Fatal(err)
		}
		if mart.Months != nil {
			marts[name] = mart
		}
	}
	return marts
}

// TestMonthsNameWhatThereIs holds the descriptions to the logs and the parameters.
func TestMonthsNameWhatThereIs(t *testing.T) {
	marts := byMonth(t)
	if len(marts) < 7 {
		t.Errorf("%d marts are computed by month", len(marts))
	}
	parameters := Parameters{}.standards()
	for name, mart := range marts {
		if _, err := (&run{}).touchedQuery(mart.Months); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, parameter := range []string{mart.Months.Reach, mart.Months.Settled} {
			if _, ok := parameters[parameter]; parameter != "" && !ok {
				t.Errorf("%s: months: there is no parameter %q", name, parameter)
			}
		}
	}
}

// storedMart is what the lake holds of a mart: its rows in order, and its files.
type storedMart struct {
	rows  string
	files []string
}

func storedMarts(t *testing.T, l *lake.Lake, marts map[string]*kpi.Mart) map[string]storedMart {
	t.Helper()
	engine, err := duckdb.Open(duckdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	stored := map[string]storedMart{}
	for name := range marts {
		snapshot, err := l.Snapshot(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if err := registerSnapshot(t.Context(), engine, snapshot); err != nil {
			t.Fatal(err)
		}
		answer, err := engine.Query(t.Context(), "select * from "+name+" order by all")
		if err != nil {
			t.Fatal(err)
		}
		var one storedMart
		for _, row := range answer.Rows {
			one.rows += fmt.Sprintln(row...)
		}
		for _, file := range snapshot.Files {
			one.files = append(one.files, file.Path)
		}
		stored[name] = one
	}
	return stored
}

// deliveries invents the rows of the logs, few keys and few persons, so that rows
// are corrected, move to other months, go, and follow upon each other.
type deliveries struct {
	random *rand.Rand
	number int
}

func (d *deliveries) one(texts ...string) string { return texts[d.random.IntN(len(texts))] }

// next invents so many rows of a log, whose months are among some of 2024.
func (d *deliveries) next(t *testing.T, l *lake.Lake, log string, rows int, months ...int) {
	d.number++
	var events []event
	taken := map[string]bool{}
	for range rows {
		id := fmt.Sprint(log, d.random.IntN(400))
		at := time.Date(2024, time.Month(months[d.random.IntN(len(months))]), 1+d.random.IntN(28), 8, 0, d.random.IntN(9000), 0, time.UTC)
		later := at.Add(time.Duration(d.random.IntN(70*24)) * time.Hour)
		e := event{
			"updated_at": date("2024-01-01").AddDate(0, 0, d.number), "is_deleted": d.random.IntN(40) == 0,
			"province_code": d.one("058", "057", "063"), "service_code": d.one("naspi", "adi"), "citizen_id": d.one("v1:a", "v1:b", "v1:c", "v1:d"),
		}
		switch log {
		case "interactions":
			e["interaction_id"], e["opened_at"], e["channel"], e["outcome"] = id, at, d.one("pec", "sportello"), "in_corso"
			if d.random.IntN(3) > 0 {
				e["first_response_at"], e["closed_at"], e["outcome"] = later, later, "risolto"
			}
		case "applications":
			e["application_id"], e["submitted_at"], e["status"] = id, at, "presentata"
			if d.random.IntN(3) > 0 {
				e["first_decided_at"], e["status"] = later, d.one("accolta", "respinta")
			}
		case "bookings":
			e["booking_id"], e["requested_at"], e["slot_at"], e["mode"], e["status"] = id, at, later, "fisico", d.one("concluso", "non_presentato", "prenotato")
			if e["status"] == "concluso" {
				e["checked_in_at"], e["called_at"] = later, later.Add(time.Duration(d.random.IntN(90))*time.Minute)
			}
		}
		if !taken[id] {
			taken[id] = true
			events = append(events, e)
		}
	}
	ingestEvents(t, l, log, fmt.Sprintf("%064d", d.number), events)
}

// martsJob computes all marts, and one indicator, since that takes longest.
func martsJob(t *testing.T, l *lake.Lake) *Job {
	t.Helper()
	j := newJob(t, l, func(k *kpi.Indicator) { k.Mart, k.Numerator, k.Denominator = "contacts", "queue_contacts", "contacts" })
	j.SQL = fs.FS(sql.Files)
	return j
}

// TestMonthsAreThoseOfAWholeRun computes after every delivery the months that it
// touches, and then all of them, and finds the same marts: so by induction a chain
// of runs never differs from one.
func TestMonthsAreThoseOfAWholeRun(t *testing.T) {
	marts := byMonth(t)
	l := newLake(t, nil)
	d := &deliveries{random: rand.New(rand.NewPCG(1, 2))}
	steps := []func(){
		func() {
			for _, log := range []string{"interactions", "applications", "bookings"} {
				d.next(t, l, log, 300, 1, 2, 3, 4, 5, 6, 7)
			}
		},
		func() { d.next(t, l, "interactions", 40, 3) },
		func() { d.next(t, l, "bookings", 40, 2); d.next(t, l, "applications", 10, 1, 7) },
		func() { d.next(t, l, "interactions", 60, 8); d.next(t, l, "bookings", 60, 8, 9) }, // the day moves
		func() {}, // nothing has come
	}
	for i, deliver := range steps {
		deliver()
		j := martsJob(t, l)
		var got map[string]storedMart
		for _, j.Whole = range []bool{false, true} {
			j.RunID = fmt.Sprintf("run-%d-%v", i, j.Whole)
			if _, err := j.Run(t.Context()); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
			stored := storedMarts(t, l, marts)
			if got == nil {
				got = stored
				continue
			}
			for name := range marts {
				if got[name].rows != stored[name].rows {
					t.Errorf("step %d: %s computed by month\n%snot\n%s", i, name, got[name].rows, stored[name].rows)
				}
			}
		}
	}
}

// TestTheDayEntersAMonth has bookings whose slots lie in months that no run has come
// to, and no row of their log arrives when one does.
func TestTheDayEntersAMonth(t *testing.T) {
	marts := byMonth(t)
	contact := func(day string) []event {
		return []event{{
			"interaction_id": day, "opened_at": date(day), "channel": "pec", "province_code": "058", "service_code": "naspi", "outcome": "in_corso",
		}}
	}
	l := newLake(t, nil)
	var bookings []event
	for i, slot := range []string{"2024-01-20", "2024-02-05", "2024-03-05", "2024-04-05", "2024-05-05"} {
		bookings = append(bookings, event{
			"booking_id": fmt.Sprint(i), "requested_at": date("2024-01-10"), "slot_at": date(slot), "mode": "fisico",
			"status": "prenotato", "province_code": "058", "service_code": "naspi",
		})
	}
	ingestEvents(t, l, "bookings", strings.Repeat("b", 64), bookings)
	for i, step := range []struct {
		day  string
		want int // appointments whose slot has come
	}{{"2024-01-30", 1}, {"2024-02-10", 2}, {"2024-04-10", 4}} {
		ingestEvents(t, l, "interactions", fmt.Sprintf("%064d", i), contact(step.day))
		j := martsJob(t, l)
		j.RunID = fmt.Sprint("run-", i)
		runJob(t, j)
		if got := strings.Count(storedMarts(t, l, marts)["appointments"].rows, "\n"); got != step.want {
			t.Errorf("on %s the slots of %d months have come, want %d", step.day, got, step.want)
		}
	}
}

// TestOtherMonthsStay corrects one contact, and finds the files of the months that
// it does not touch where they were.
func TestOtherMonthsStay(t *testing.T) {
	marts := byMonth(t)
	l := newLake(t, nil)
	d := &deliveries{random: rand.New(rand.NewPCG(3, 4))}
	for _, log := range []string{"interactions", "bookings", "applications"} {
		d.next(t, l, log, 300, 1, 2, 3, 4, 5, 6, 7)
	}
	j := martsJob(t, l)
	runJob(t, j)
	before := storedMarts(t, l, marts)
	ingestEvents(t, l, "interactions", strings.Repeat("f", 64), []event{{
		"interaction_id": "new", "opened_at": date("2024-03-15"), "channel": "pec", "province_code": "058",
		"service_code": "naspi", "outcome": "in_corso",
	}})
	j.RunID = "run-2"
	runJob(t, j)
	after := storedMarts(t, l, marts)
	for name, mart := range marts {
		want := []string{} // months whose file is another one
		if mart.Months.Log == "interactions" {
			want = []string{"2024-03-01"}
		}
		if mart.Months.Reach != "" {
			want = []string{"2024-02-01", "2024-03-01"}
		}
		if mart.Months.Until != "" { // it is open to this day
			want = []string{"2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01", "2024-07-01"}
		}
		changed := []string{}
		for _, file := range after[name].files {
			if !slices.Contains(before[name].files, file) {
				changed = append(changed, strings.TrimSuffix(filepath.Base(file), ".parquet"))
			}
		}
		slices.Sort(changed)
		if !slices.Equal(changed, want) || len(after[name].files) != len(before[name].files) {
			t.Errorf("%s: the months %v were computed, want %v", name, changed, want)
		}
	}
	// Another definition is another mart.
	j.RunID, j.Parameters.FollowUpDays = "run-3", 20
	runJob(t, j)
	for _, file := range storedMarts(t, l, marts)["contacts"].files {
		if slices.Contains(after["contacts"].files, file) {
			t.Errorf("%s was kept from another definition", file)
		}
	}
}

// TestEveryKeyIsFound asks for the touched months of every log, so that each key
// and each column of time is one that the engine knows.
func TestEveryKeyIsFound(t *testing.T) {
	for _, log := range contract.Logs() {
		query, err := (&run{}).touchedQuery(&kpi.MartMonths{Log: log})
		if err != nil || !strings.Contains(query, "arrived_"+log) {
			t.Errorf("%s: %q, %v", log, query, err)
		}
	}
	if _, err := (&run{}).touchedQuery(&kpi.MartMonths{Log: "bookings", On: "nowhere"}); err == nil {
		t.Error("a column that the log lacks was taken")
	}
}

// TestLogMonths counts days of reach after a month, whose number differs.
func TestLogMonths(t *testing.T) {
	months := func(texts ...string) (months []time.Time) {
		for _, text := range texts {
			months = append(months, date(text+"-01"))
		}
		return months
	}
	for _, c := range []struct {
		reach        int
		months, want []time.Time
	}{
		{0, months("2024-01"), months("2024-01")},
		{1, months("2024-01"), months("2024-01", "2024-02")},
		{30, months("2024-01"), months("2024-01", "2024-02", "2024-03")}, // 31 January and 30 days is 1 March
		{30, months("2024-02"), months("2024-02", "2024-03")},
		{30, months("2023-11", "2024-02"), months("2023-11", "2023-12", "2024-02", "2024-03")},
	} {
		if got := (&monthwise{months: c.months, reach: c.reach}).logMonths(); !slices.Equal(got, c.want) {
			t.Errorf("%v and %d days after: %v, want %v", c.months, c.reach, got, c.want)
		}
	}
}
