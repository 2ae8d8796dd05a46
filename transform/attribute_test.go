package transform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/lake"
	"tavolo/transform/kpi"
	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

// newest keeps of each contact the version that came last, as the real model does.
var newest = map[string]string{
	"staging/superseded_interactions.sql": `select older.batch_id, older.line from interactions as older
		inner join batches as older_batches on older_batches.batch_id = older.batch_id
		inner join interactions as newer on newer.interaction_id = older.interaction_id
		inner join batches as newer_batches on newer_batches.batch_id = newer.batch_id
		where newer_batches.ingested_seq > older_batches.ingested_seq`,
	"staging/stg_interactions.sql": `select interactions.*, interactions.month as opened_month from interactions
		left join superseded_interactions as superseded
		on superseded.batch_id = interactions.batch_id and superseded.line = interactions.line
		where superseded.line is null and not coalesce(interactions.is_deleted, false)`,
	"checks/mart_is_whole.sql": "-- the mart counts every contact\n" +
		"select 1 as broken where (select coalesce(sum(contacts), 0) from solved) <> (select count(distinct interaction_id) from interactions)",
	"marts/solved.sql": `select opened_month as month, province_code as territory_code, count(*) as contacts,
		count(*) filter (where outcome = 'risolto') as solved
		from stg_interactions group by opened_month, province_code`,
}

// revised is a lake whose second run read two more batches: one corrects contacts of
// January and moves some from Roma to Milano and into February, one brings March.
func revised(t *testing.T) (l *lake.Lake, models fs.FS, before, after *result.Set) {
	t.Helper()
	l = newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 60), contacts("2024-01", "056", "pec", 40, 20), contacts("2024-01", "015", "pec", 300, 133),
		contacts("2024-02", "058", "pec", 50, 20), contacts("2024-02", "015", "pec", 80, 31),
	)})
	models = smallSQL(newest)
	j := newJob(t, l, func(*kpi.Indicator) {})
	j.SQL = models
	before = runJob(t, j)

	moved := contacts("2024-01", "058", "pec", 100, 60)[:40]
	for i := range moved {
		switch {
		case i < 20:
			moved[i]["province_code"] = "015"
		default:
			moved[i]["opened_at"] = date("2024-02-10")
		}
	}
	ingestEvents(t, l, "interactions", strings.Repeat("c", 64), moved)
	ingestEvents(t, l, "interactions", strings.Repeat("d", 64), contacts("2024-03", "058", "pec", 60, 30))
	j.RunID = "run-2"
	after = runJob(t, j)
	return l, models, before, after
}

func editionOf(s *result.Set) Edition { return Edition{Inputs: s.Run.Inputs(), Stored: s.Stored} }

// batches writes the batches of each move of a month as "territory 2024-01": "cd".
func batchesOf(moves []restatement.Move) map[string]string {
	all := map[string]string{}
	for _, m := range moves {
		if c := m.Cell(); c.Grain == result.Month && c.Breakdown == "" {
			var ids strings.Builder
			for _, e := range m.Batches {
				ids.WriteByte(e.BatchID[0])
			}
			all[c.Territory+" "+c.Start.Format("2006-01")] = ids.String()
		}
	}
	return all
}

func TestACorrectionIsNamedWhereTheRowsWereAndWhereTheyAre(t *testing.T) {
	l, models, before, after := revised(t)
	c := restatement.Compare(before.Cells, after.Cells)
	err := Attribute(context.Background(), l, after.References, SessionOptions{SQL: models}, editionOf(before), editionOf(after), c.Moves)
	if err != nil {
		t.Fatal(err)
	}
	got := batchesOf(c.Of(restatement.Restated))
	want := map[string]string{
		"IT 2024-01": "c", "12 2024-01": "c", "058 2024-01": "c", "03 2024-01": "c", "015 2024-01": "c",
		"IT 2024-02": "c", "12 2024-02": "c", "058 2024-02": "c",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	for _, m := range c.Moves {
		if cell := m.Cell(); cell.Territory == "056" {
			t.Errorf("Viterbo moved: %+v", m)
		} else if m.Kind == restatement.Withheld && len(m.Batches) > 0 {
			t.Errorf("a withheld figure names its files: %+v", m)
		}
	}
}

func TestAFigureThatNoFileMovedSaysSo(t *testing.T) {
	l, models, before, after := revised(t)
	moved := slices.Clone(after.Cells)
	for i := range moved { // as another definition would
		if moved[i].Territory == "056" && moved[i].Class == result.OK {
			moved[i].Value /= 2
		}
	}
	c := restatement.Compare(after.Cells, moved)
	if len(c.Moves) == 0 {
		t.Fatal("nothing moved")
	}
	err := Attribute(context.Background(), l, after.References, SessionOptions{SQL: models}, editionOf(before), editionOf(after), c.Moves)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range c.Moves {
		if len(m.Batches) > 0 {
			t.Errorf("%s %s: %v", m.Cell().Territory, m.Cell().Start, m.Batches)
		}
	}
	err = Attribute(context.Background(), l, after.References, SessionOptions{SQL: models}, Edition{Inputs: map[string]int64{"interactions": 7}}, editionOf(after), c.Moves)
	if !errors.Is(err, lake.ErrNoVersion) {
		t.Errorf("an edition that never was: %v", err)
	}
}

// TestAnEarlierRunIsReadAsItWas reads a run's results after another has stored its own.
func TestAnEarlierRunIsReadAsItWas(t *testing.T) {
	ctx := context.Background()
	l, _, before, after := revised(t)
	again, err := LoadVersions(ctx, l, before.References, before.Stored)
	if err != nil {
		t.Fatal(err)
	}
	written := func(s *result.Set) string {
		return fmt.Sprintf("%+v", []any{s.Run, s.Catalogue.Indicators, s.Cells, s.Funnels, s.Charts, s.Batches, s.Checks, s.Models, s.Stored})
	}
	if written(again) != written(before) {
		t.Errorf("the earlier run was\n%.400s\nand is\n%.400s", written(before), written(again))
	}
	if len(again.Batches) != 1 || len(after.Batches) != 3 {
		t.Errorf("%d and %d batches, want those that each run read", len(again.Batches), len(after.Batches))
	}
	if _, err := LoadVersions(ctx, l, before.References, nil); !errors.Is(err, lake.ErrNoVersion) {
		t.Errorf("no versions named: %v", err)
	}
	if _, err := Expire(ctx, l, []string{"run-1"}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadVersions(ctx, l, before.References, before.Stored); err != nil {
		t.Errorf("a run that was to be kept: %v", err)
	}
	gone, err := Expire(ctx, l, nil, true)
	if err != nil || gone.Versions == 0 || gone.Bytes != 0 {
		t.Errorf("a dry run: %+v, %v", gone, err)
	}
	if gone, err = Expire(ctx, l, nil, false); err != nil || gone.Versions == 0 || gone.Bytes == 0 {
		t.Errorf("%+v, %v", gone, err)
	}
	if _, err := LoadVersions(ctx, l, before.References, before.Stored); !errors.Is(err, lake.ErrNoVersion) {
		t.Errorf("an expired run: %v", err)
	}
	if now, err := Load(ctx, l, before.References); err != nil || now.Run.ID != "run-2" || len(now.Batches) != 3 {
		t.Errorf("the last run after others expired: %v", err)
	}
}

// TestFiguresRoundTrip writes figures, reads them back and compares them with the
// lake's: nothing moved, and the same figures give the same bytes.
func TestFiguresRoundTrip(t *testing.T) {
	ctx := context.Background()
	l, _, before, after := revised(t)
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "one.parquet"), filepath.Join(dir, "two.parquet")}
	for _, file := range files {
		if err := WriteFigures(file, before.Cells); err != nil {
			t.Fatal(err)
		}
	}
	if !bytesEqual(t, files[0], files[1]) {
		t.Error("the same figures gave other bytes")
	}
	read, err := ReadFigures(ctx, files[0])
	if err != nil {
		t.Fatal(err)
	}
	stored, err := FiguresAt(ctx, l, before.Stored)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%+v", read) != fmt.Sprintf("%+v", stored) {
		t.Error("the file and the lake differ")
	}
	if c := restatement.Compare(read, before.Cells); len(c.Moves) > 0 || c.Same != len(before.Cells) {
		t.Errorf("%d moved, %d of %d stayed", len(c.Moves), c.Same, len(before.Cells))
	}
	if c := restatement.Compare(read, after.Cells); len(c.Of(restatement.Restated)) == 0 {
		t.Error("a correction moved nothing")
	}
	if err := WriteFigures(files[0], before.Cells); err == nil {
		t.Error("a file was written over")
	}
}

// TestFiguresByIndicator parts figures, in order or not: each is there once, and the
// digest of an indicator is another when what is kept of its figures is.
func TestFiguresByIndicator(t *testing.T) {
	cell := func(indicator, territory string, value float64) result.Cell {
		return result.Cell{Indicator: indicator, Territory: territory, Grain: result.Month, Class: result.OK, Value: value, Lower: math.NaN()}
	}
	cells := []result.Cell{cell("b", "058", 1), cell("a", "12", 2), cell("b", "12", 3), cell("a", "058", 4)}
	parts := ByIndicator(cells)
	if len(parts) != 2 || parts[0].Indicator != "a" || parts[1].Indicator != "b" || len(parts[0].Cells) != 2 || parts[1].Cells[1].Value != 3 {
		t.Fatalf("parted as %+v", parts)
	}
	for name, c := range map[string]struct {
		change func(*result.Cell)
		kept   bool // in the file
	}{
		"value":     {func(c *result.Cell) { c.Value += 1e-12 }, true},
		"limit":     {func(c *result.Cell) { c.Lower = 0 }, true},
		"class":     {func(c *result.Cell) { c.Class = result.Small }, true},
		"territory": {func(c *result.Cell) { c.Territory = "1" }, true},
		"month":     {func(c *result.Cell) { c.Start = c.Start.AddDate(0, 1, 0) }, true},
		"item":      {func(c *result.Cell) { c.Item = "x" }, true},
		"rank":      {func(c *result.Cell) { c.RankLower = 1 }, false},
		"nothing":   {func(c *result.Cell) { c.Lower = math.Float64frombits(math.Float64bits(math.NaN()) ^ 1) }, false},
	} {
		others := slices.Clone(cells)
		c.change(&others[1])
		now := ByIndicator(others)
		if now[1].Digest != parts[1].Digest || (now[0].Digest != parts[0].Digest) != c.kept {
			t.Errorf("another %s: digests %s and %s, were %s and %s", name, now[0].Digest, now[1].Digest, parts[0].Digest, parts[1].Digest)
		}
	}
}

func bytesEqual(t *testing.T, one, other string) bool {
	t.Helper()
	a, err := os.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(a, b)
}

func TestIndicatorsThatAreDefinedInAnotherWay(t *testing.T) {
	ctx := context.Background()
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	j := newJob(t, l, func(*kpi.Indicator) {})
	first := runJob(t, j)
	j.RunID = "run-2"
	j.Catalogue.Indicators[0].Title = kpi.Text{IT: "Altro", EN: "Other"}
	second := runJob(t, j)
	if changed, err := ChangedDefinitions(ctx, l, first.Stored, second.Stored); err != nil || len(changed) > 0 {
		t.Errorf("another title: %v, %v", changed, err)
	}
	j.RunID = "run-3"
	j.Catalogue.Indicators[0].MinDenominator++
	third := runJob(t, j)
	id := j.Catalogue.Indicators[0].ID
	if changed, err := ChangedDefinitions(ctx, l, second.Stored, third.Stored); err != nil || !slices.Equal(changed, []string{id}) {
		t.Errorf("another minimum: %v, %v", changed, err)
	}
	j.RunID, j.SQL = "run-4", smallSQL(map[string]string{"staging/stg_contacts.sql": "select *, coalesce(queue_seconds, 1) as waited from interactions",
		"marts/solved.sql": `select month, province_code as territory_code, channel, service_code, waited, count(*) as contacts,
			count(*) filter (where outcome = 'risolto') as solved, count(*) filter (where outcome = 'in_corso') as running
			from stg_contacts group by month, province_code, channel, service_code, waited -- again`})
	fourth := runJob(t, j)
	if changed, err := ChangedDefinitions(ctx, l, third.Stored, fourth.Stored); err != nil || !slices.Equal(changed, []string{id}) {
		t.Errorf("another mart: %v, %v", changed, err)
	}
}
