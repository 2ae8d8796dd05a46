package transform

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/restatement"
)

// Edition is what a publication was made from, by the versions of the lake's tables.
type Edition struct {
	Inputs map[string]int64 // log → version that the figures were computed from
	Stored map[string]int64 // table of results → version
}

// Attribute names, for each move between the figures of two editions, the batches
// that came to the logs of its indicator between them and hold rows of its territory
// and months, in any version of these rows: a correction that took a row elsewhere
// is named in both places. Withheld moves get none: which file tells of a few persons
// is not published. That a batch is named says that it may have moved the figure; when
// none is, the figure moved because a definition, a reference table or the day changed.
//
// The error wraps lake.ErrNoVersion when the lake does not have an edition any more.
func Attribute(ctx context.Context, l *lake.Lake, refs *reference.Tables, o SessionOptions, from, to Edition, moves []restatement.Move) error {
	if !slices.ContainsFunc(moves, isAttributed) {
		return nil
	}
	a := &attribution{lake: l, refs: refs, options: o, from: from, to: to,
		sources: map[string][]source{}, touches: map[source]touches{}}
	for _, step := range []func(context.Context) error{a.readEdition, a.readArrivals, a.open} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	defer a.engine.Close()
	for i := range moves {
		if isAttributed(moves[i]) {
			if err := a.attribute(ctx, &moves[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func isAttributed(m restatement.Move) bool { return m.Kind != restatement.Withheld }

// attribution is under way.
type attribution struct {
	lake     *lake.Lake
	refs     *reference.Tables
	options  SessionOptions
	from, to Edition

	catalogue *kpi.Catalogue
	models    map[string]duckdb.Model // staging, and the marts as they ran
	staging   []duckdb.Model
	at        horizon

	arrivals []ledger.Entry // committed between the editions, by log, then time
	engine   *duckdb.Engine // knows as stg_<log> all versions of the rows that came
	sources  map[string][]source
	touches  map[source]touches
}

// source is a log that a mart is computed from; its zero value is the ledger.
type source struct {
	log              string
	month, territory string // columns of stg_<log>; month is "" where the mart's months are others
	reach            int    // days before a row for which it counts, too
}

// spot is a territory in a month; the zero month is any.
type spot struct {
	territory string
	month     int64 // of its first day, seconds since 1970
}

func (a *attribution) readEdition(ctx context.Context) error {
	o := opener{ctx: ctx, lake: a.lake, versions: versionsOf(a.to.Stored), stored: map[string]int64{}}
	rows := take(&o, runTable)
	a.catalogue = catalogueOf(take(&o, themeTable), take(&o, entryTable))
	texts := take(&o, modelTable)
	if o.err != nil {
		return o.err
	}
	if len(rows) != 1 {
		return unfinished(ErrUnfinished)
	}
	a.at = horizon{dataUntil: rows[0].DataUntil, asOf: rows[0].AsOf, first: rows[0].First, last: rows[0].LastMonth}
	var err error
	if a.staging, err = readModels(a.options.SQL, stagingFolder); err != nil {
		return err
	}
	a.models = map[string]duckdb.Model{}
	for _, model := range a.staging {
		a.models[model.Name] = model
	}
	for _, text := range texts {
		a.models[text.Name] = duckdb.Model{Name: text.Name, File: text.Name, SQL: text.Text}
	}
	return nil
}

// readArrivals takes what the ledger has at the later edition and not at the earlier.
func (a *attribution) readArrivals(ctx context.Context) error {
	before, err := ledger.ReadAt(ctx, a.lake, a.from.Inputs)
	if err != nil {
		return err
	}
	after, err := ledger.ReadAt(ctx, a.lake, a.to.Inputs)
	if err != nil {
		return err
	}
	known := map[string]int{}
	for _, e := range before {
		known[e.Log]++
	}
	for _, e := range after {
		if known[e.Log]--; known[e.Log] < 0 && e.Outcome == ledger.Committed {
			a.arrivals = append(a.arrivals, e)
		}
	}
	return nil
}

// open starts an engine in which the staging models see, of each log, all versions
// of those rows of which one came between the editions.
func (a *attribution) open(ctx context.Context) (err error) {
	if a.engine, err = duckdb.Open(a.options.Engine); err != nil {
		return err
	}
	if err := a.fill(ctx); err != nil {
		return errors.Join(err, a.engine.Close())
	}
	return nil
}

func (a *attribution) fill(ctx context.Context) error {
	staging, needed, err := a.neededStaging(ctx)
	if err != nil {
		return err
	}
	tables := append(referenceTables(a.refs), ledgerTable(a.arrivals), batchTable(a.arrivals), a.options.Parameters.table(a.at))
	for _, table := range tables {
		if !needed[table.Name] {
			continue
		}
		if err := a.engine.Create(ctx, table); err != nil {
			return err
		}
	}
	if err := a.registerTouched(ctx, needed); err != nil {
		return err
	}
	for _, model := range staging {
		if err := a.engine.View(ctx, model); err != nil {
			return err
		}
	}
	return nil
}

// neededStaging gives, in order, the staging models that tell where the rows lie that
// came, and the names of all that they read: of a log to which none came nobody asks.
func (a *attribution) neededStaging(ctx context.Context) ([]duckdb.Model, map[string]bool, error) {
	models := slices.Clone(a.staging)
	for n := range models {
		if strings.HasPrefix(models[n].Name, "superseded_") { // here every version counts
			models[n].SQL = "select cast(null as varchar) as batch_id, cast(null as bigint) as line where false"
		}
	}
	reads, err := readsOf(ctx, a.engine, models)
	if err != nil {
		return nil, nil, err
	}
	needed := map[string]bool{"territory_ancestors": true}
	var need func(name string)
	need = func(name string) {
		if needed[name] {
			return
		}
		needed[name] = true
		for _, read := range reads[name] {
			need(read)
		}
	}
	for _, e := range a.arrivals {
		need("stg_" + e.Log)
	}
	models = slices.DeleteFunc(models, func(model duckdb.Model) bool { return !needed[model.Name] })
	models, err = inOrder(models, reads)
	return models, needed, err
}

// cameTo tells whether rows came to a log.
func (a *attribution) cameTo(log string) bool {
	return slices.ContainsFunc(a.arrivals, func(e ledger.Entry) bool { return e.Log == log })
}

// attribute puts the batches to one move.
func (a *attribution) attribute(ctx context.Context, m *restatement.Move) error {
	cell := m.Cell()
	k, ok := a.catalogue.Indicator(cell.Indicator)
	if !ok {
		return nil // it is of the earlier edition alone
	}
	sources, err := a.sourcesOf(ctx, k.Mart)
	if err != nil {
		return err
	}
	window := (&figures{k: k, refs: a.refs, at: a.at}).window(cell)
	var here, elsewhere []int
	for _, s := range sources {
		touches, err := a.touchesOf(ctx, s)
		if err != nil {
			return err
		}
		here = append(here, touches.within(cell.Territory, s, window)...)
		elsewhere = append(elsewhere, touches[spot{territory: cell.Territory}]...)
	}
	if m.Elsewhere = len(here) == 0 && len(elsewhere) > 0; m.Elsewhere {
		here = elsewhere
	}
	slices.Sort(here)
	m.Batches = nil
	for _, i := range slices.Compact(here) {
		m.Batches = append(m.Batches, a.arrivals[i])
	}
	return nil
}

// touches gives the arrivals, by their place, that hold rows of a spot.
type touches map[spot][]int

func (t touches) within(territory string, s source, window period) []int {
	if s.month == "" {
		return t[spot{territory: territory}]
	}
	var found []int
	last := window.to.AddDate(0, 1, s.reach-1)
	for month := window.from; !month.After(last); month = month.AddDate(0, 1, 0) {
		found = append(found, t[spot{territory, month.Unix()}]...)
	}
	return found
}

// sourcesOf gives the logs of a mart to which rows came.
func (a *attribution) sourcesOf(ctx context.Context, mart string) ([]source, error) {
	if known, ok := a.sources[mart]; ok {
		return known, nil
	}
	reach, err := a.reach(mart)
	if err != nil {
		return nil, err
	}
	var found []source
	w := &lineage{engine: a.engine, models: a.models, seen: map[string]bool{},
		ledger: func() { found = append(found, source{month: "latest_month"}) },
		log: func(log string, months, territories []string) error {
			if !a.cameTo(log) {
				return nil
			}
			columns, err := a.engine.Columns(ctx, "stg_"+log)
			if err != nil {
				return err
			}
			month, territory := placeColumns(columns, months, territories)
			found = append(found, source{log, month, territory, reach})
			return nil
		}}
	if err := w.follow(ctx, mart, []string{"month"}, []string{"territory_code"}); err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b source) int {
		return cmp.Or(strings.Compare(a.log, b.log), strings.Compare(a.month, b.month), strings.Compare(a.territory, b.territory))
	})
	a.sources[mart] = slices.Compact(found)
	return a.sources[mart], nil
}

// reach gives the days before a row for which it counts in a mart.
func (a *attribution) reach(mart string) (int, error) {
	name := martsFolder + "/" + mart + ".yml"
	text, err := fs.ReadFile(a.options.SQL, name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	described, err := kpi.ParseMart(mart, "sql/"+name, text)
	if err != nil || described.Months == nil || described.Months.Reach == "" {
		return 0, err
	}
	return a.options.Parameters.standards()[described.Months.Reach], nil
}

// touchesOf finds the spots of the arrivals in a source, once.
func (a *attribution) touchesOf(ctx context.Context, s source) (touches, error) {
	if known, ok := a.touches[s]; ok {
		return known, nil
	}
	t := touches{}
	var err error
	if s.log == "" {
		a.ledgerTouches(t)
	} else {
		err = a.logTouches(ctx, s, t)
	}
	a.touches[s] = t
	return t, err
}

// ledgerTouches takes the arrivals themselves, in the months of their rows, for
// every territory: the figures of the ledger are of files.
func (a *attribution) ledgerTouches(t touches) {
	for i, e := range a.arrivals {
		month, err := time.Parse("2006-01", e.LatestMonth)
		for _, territory := range a.refs.Territories() {
			if err == nil {
				t.add(territory.Code, month, i)
			}
			t.add(territory.Code, time.Time{}, i)
		}
	}
}

// logTouches asks where the rows lie of which a version came.
func (a *attribution) logTouches(ctx context.Context, s source, t touches) error {
	place := map[string]int{}
	for i, e := range a.arrivals {
		if e.Log == s.log {
			place[e.BatchID] = i
		}
	}
	if len(place) == 0 {
		return nil
	}
	query, err := touchesQuery(s)
	if err != nil {
		return err
	}
	for row, err := range a.engine.Rows(ctx, query) {
		if err != nil {
			return err
		}
		batch, _ := row[0].(string)
		territory, _ := row[1].(string)
		month, _ := row[2].(time.Time)
		i, ok := place[batch]
		if !ok {
			continue
		}
		t.add(territory, time.Time{}, i)
		if !month.IsZero() {
			t.add(territory, month, i)
		}
	}
	return nil
}

// add notes an arrival at a spot; the zero month is any, and noted once.
func (t touches) add(territory string, month time.Time, arrival int) {
	at := spot{territory: territory}
	if !month.IsZero() {
		at.month = month.Unix()
	}
	if !slices.Contains(t[at], arrival) {
		t[at] = append(t[at], arrival)
	}
}
