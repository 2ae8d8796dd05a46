package transform

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tavolo/ingest"
	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/sql"
	"tavolo/transform/kpi"
)

// event is one row of a log: column → string, int, bool or time.Time. Columns
// that are left out are null; month, batch_id and line are filled in.
type event map[string]any

func date(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return day
}

// newLake makes a lake in a temporary folder and ingests one batch per log.
func newLake(t *testing.T, logs map[string][]event) *lake.Lake {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	if err := lake.Create(ctx, dir); err != nil {
		t.Fatal(err)
	}
	l, err := lake.Open(ctx, dir, lake.Options{Clock: func() time.Time { return date("2025-01-02") }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	for _, log := range contract.Logs() {
		if events, ok := logs[log]; ok {
			ingestEvents(t, l, log, fmt.Sprintf("%064d", len(log)), events)
		}
	}
	return l
}

func ingestEvents(t *testing.T, l *lake.Lake, log, batch string, events []event) {
	t.Helper()
	ctx := context.Background()
	c, err := contract.Load(log)
	if err != nil {
		t.Fatal(err)
	}
	schema := ingest.TableSchema(c)
	appender, err := l.Append(ctx, schema)
	if err != nil {
		t.Fatal(err)
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema.Arrow())
	defer builder.Release()
	entry := ledger.Entry{
		BatchID: batch, RunID: "ingest", Source: "prova", Log: log, File: "drops/" + log + ".csv", Outcome: ledger.Committed,
		IngestedAt: date("2025-01-01"), Lines: len(events), Accepted: ledger.Count{Records: len(events), Lines: len(events)},
	}
	for i, e := range events {
		month := firstOfMonth(e[c.Month].(time.Time))
		entry.LatestMonth = max(entry.LatestMonth, month.Format("2006-01"))
		for j, column := range schema.Columns {
			value := e[column.Name]
			switch column.Name {
			case "month":
				value = month
			case "batch_id":
				value = batch
			case "line":
				value = i + 2
			}
			appendValue(t, builder.Field(j), value)
		}
	}
	record := builder.NewRecordBatch()
	defer record.Release()
	if len(events) > 0 {
		if err := appender.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := appender.Commit(ctx, map[string]string{ledger.SummaryKey: entry.Encode()}); err != nil {
		t.Fatal(err)
	}
}

func appendValue(t *testing.T, to array.Builder, value any) {
	t.Helper()
	switch v := value.(type) {
	case nil:
		to.AppendNull()
	case string:
		to.(*array.StringBuilder).Append(v)
	case int:
		to.(*array.Int64Builder).Append(int64(v))
	case bool:
		to.(*array.BooleanBuilder).Append(v)
	case time.Time:
		switch b := to.(type) {
		case *array.Date32Builder:
			b.Append(arrow.Date32FromTime(v))
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(v.UnixMicro()))
		}
	default:
		t.Fatalf("no column holds a %T", value)
	}
}

func references(t *testing.T) *reference.Tables {
	t.Helper()
	refs, err := reference.Load(sql.Seeds(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return refs
}

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

// one is an indicator of the mart contacts of smallSQL, changed by edit.
func one(edit func(*kpi.Indicator)) *kpi.Catalogue {
	k := kpi.Indicator{
		ID: "solved_share", Mart: "solved", Statistic: kpi.Rate, Numerator: "solved", Denominator: "contacts",
		Unit: kpi.Percent, Direction: kpi.Up, MinDenominator: 30, Interval: kpi.Wilson,
		Levels: []string{"italy", "region", "province"}, Disclosure: kpi.Persons,
	}
	if edit != nil {
		edit(&k)
	}
	return &kpi.Catalogue{Indicators: []kpi.Indicator{k}}
}

// smallSQL is models of our own, so that these tests do not depend on the built-in ones.
func smallSQL(more map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"staging/stg_contacts.sql": "select *, coalesce(queue_seconds, 0) as waited from interactions",
		"marts/solved.sql": `select month, province_code as territory_code, channel, service_code, waited,
			count(*) as contacts, count(*) filter (where outcome = 'risolto') as solved,
			count(*) filter (where outcome = 'in_corso') as running
			from stg_contacts group by month, province_code, channel, service_code, waited`,
		"checks/mart_is_whole.sql": "-- the mart counts every contact\n" +
			"select 1 as broken where (select coalesce(sum(contacts), 0) from solved) <> (select count(*) from interactions)",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range more {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// contacts makes n contacts of one province, day and channel, of which solved
// are solved. A day that is a month stands for the last of that month.
func contacts(on, province, channel string, n, solved int) []event {
	day := on
	if len(on) == len("2024-01") {
		day = date(on+"-01").AddDate(0, 1, -1).Format(time.DateOnly)
	}
	events := make([]event, n)
	for i := range events {
		outcome := "inoltrato"
		opened := date(day).Add(8*time.Hour + time.Duration(i)*time.Second)
		events[i] = event{
			"interaction_id": fmt.Sprintf("%s-%s-%s-%d", day, province, channel, i), "opened_at": opened,
			"channel": channel, "province_code": province, "service_code": "pensione_vecchiaia", "queue_seconds": i % 10,
		}
		if i < solved {
			outcome = "risolto"
			events[i]["closed_at"] = opened.Add(time.Hour)
		}
		events[i]["outcome"] = outcome
	}
	return events
}
