package transform

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/reference"
	"tavolo/transform/disclosure"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/own"
	"tavolo/transform/result"
)

// Job computes the results of one run. Lake, References, SQL, Catalogue and
// RunID are required. It is not safe for concurrent use.
type Job struct {
	// Lake is read, and written to at the very end.
	Lake *lake.Lake
	// References are the tables that the models join.
	References *reference.Tables
	// SQL holds staging/, marts/ and checks/.
	SQL fs.FS
	// Catalogue names the indicators; every mart that it names is in SQL or in Own.
	Catalogue *kpi.Catalogue
	// Own are the marts that the project adds, with what its entries demand of
	// them; nil for none. They are judged before they run, and their rows before
	// anything is published.
	Own *own.Indicators
	// Whole computes every month of every mart, also those that no new row touches.
	Whole bool
	// Parameters enter the definitions.
	Parameters Parameters
	// Engine bounds the SQL engine.
	Engine duckdb.Options
	// Quarantine is the folder of the refused rows, to be counted; "" for none.
	Quarantine string
	// Clock tells when the results were computed; time.Now when nil.
	Clock func() time.Time
	// RunID names the run in every table that it stores; ids sort by time.
	RunID string
	// Program names the program's code, to the letter: what another one computed is
	// computed again. Figures are kept from run to run only where it is not "".
	Program string
	// Versions of the program's parts, to be stored with the results.
	Versions map[string]string
	// Owner is the body whose report this is.
	Owner string
	// Synthetic says that the rows are invented.
	Synthetic bool
	// Progress is told of every step when it is done; may be nil.
	Progress func(step string, done, total int)
}

// Outcome says what a run made.
type Outcome struct {
	RunID      string    `json:"run_id"`
	DataUntil  time.Time `json:"data_until"`
	LastMonth  time.Time `json:"last_month"`
	Indicators int       `json:"indicators"`
	Marts      int       `json:"marts"`
	Checks     int       `json:"checks"`
	Cells      int       `json:"cells"`
	Hidden     int       `json:"hidden"`    // of the cells, withheld by disclosure control
	Uncounted  int       `json:"uncounted"` // of the others, those that lost their counts: medians, and shares that are rounded
	// Unproven is the number of small counts in the marts computed in this run of which
	// the number follows although all is withheld that might help, see
	// disclosure.Outcome.
	Unproven int `json:"unproven"`
	// Known is the number of figures among those that are withheld now although an earlier run
	// showed them as they are, see disclosure.Outcome.
	Known int `json:"known"`
}

// Run computes and stores everything. What the lake knows ends with its newest
// event that is not after Parameters.AsOf; the figures are about the last month
// that was over by then and has rows.
//
// The error is a *CheckError when checks found rows, wraps ErrEmpty when there
// is nothing to compute from, and is a *diagnostic.Error where a model is wrong.
// In every case of an error nothing was published.
func (j *Job) Run(ctx context.Context) (*Outcome, error) {
	r, err := j.open(ctx)
	if err != nil {
		return nil, err
	}
	defer r.engine.Close()
	if err := r.compute(ctx); err != nil {
		return nil, err
	}
	if err := r.figures(ctx); err != nil {
		return nil, err
	}
	if err := r.publish(ctx); err != nil {
		return nil, err
	}
	return r.outcome(), nil
}

// run is one run of a job under way.
type run struct {
	job     *Job
	engine  *duckdb.Engine
	control *disclosure.Control
	inputs  inputs
	at      horizon
	periods []period
	places  []string            // codes of the territories, ascending
	members map[string][]string // territory → those beneath it, itself included

	staging, marts, checks []duckdb.Model
	models                 map[string]duckdb.Model // staging and marts, by name
	reads                  map[string][]string     // what each of them reads
	references             map[string]duckdb.Table
	tables                 map[string]duckdb.Table // these, and all others whose rows are at hand
	parameters             map[string]int          // the standards, as the models know them

	before      *previous             // nil: nothing can be kept
	made        map[string]bool       // what of staging has been made
	stored      map[string]*martFiles // by mart
	contents    map[string]string     // by relation: what is in it
	checked     map[string]string     // by the name of the property: what each check was run over
	followed    map[string]string     // likewise: what the figures of each mart follow from
	arrivals    map[string]*arrival   // by log, as they are asked for
	now         time.Time
	progress    sync.Mutex
	done, total int // steps
	unproven    atomic.Int64
	hiddenLate  atomic.Int64
	disclosed   map[string][]disclosed // by indicator: what runs have disclosed of its figures; nil when nothing is judged

	set result.Set // what has been found out so far
}

// open starts an engine that knows the inputs, and finds out what the run is about.
func (j *Job) open(ctx context.Context) (_ *run, err error) {
	r := &run{job: j, now: time.Now()}
	if j.Clock != nil {
		r.now = j.Clock()
	}
	if r.control, err = disclosure.New(j.Parameters.DisclosureThreshold); err != nil {
		return nil, err
	}
	for folder, models := range map[string]*[]duckdb.Model{stagingFolder: &r.staging, martsFolder: &r.marts, checksFolder: &r.checks} {
		if *models, err = readModels(j.SQL, folder); err != nil {
			return nil, err
		}
	}
	if r.engine, err = duckdb.Open(j.Engine); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{r.admitOwn, r.checkNames, r.prepare} {
		if err := step(ctx); err != nil {
			r.engine.Close()
			return nil, err
		}
	}
	r.total = len(r.marts) + len(r.checks) + len(j.Catalogue.Indicators) + 1
	return r, nil
}

// checkNames refuses a mart that would take the place of another table, and an
// indicator of a mart that does not exist.
func (r *run) checkNames(context.Context) error {
	taken := map[string]bool{}
	for _, name := range publishedTables() {
		taken[name] = true
	}
	marts := map[string]bool{}
	for _, mart := range r.marts {
		if taken[mart.Name] {
			return fmt.Errorf("%s: the name %s is taken by a table of the lake", mart.File, mart.Name)
		}
		marts[mart.Name] = true
	}
	for i := range r.job.Catalogue.Indicators {
		if k := &r.job.Catalogue.Indicators[i]; !marts[k.Mart] {
			return fmt.Errorf("indicator %s: there is no model sql/%s/%s.sql", k.ID, martsFolder, k.Mart)
		}
	}
	return nil
}

// prepare registers the inputs and the parameters.
func (r *run) prepare(ctx context.Context) (err error) {
	if r.inputs, err = registerInputs(ctx, r.engine, r.job.Lake, r.job.References); err != nil {
		return err
	}
	if err := refusedAll(r.inputs); err != nil {
		return err
	}
	bound := r.job.Parameters.AsOf
	if bound.IsZero() {
		bound = r.now
	}
	if r.at, err = findHorizon(ctx, r.engine, r.job.Parameters, bound, r.inputs.months); err != nil {
		return err
	}
	r.periods = periodsBetween(r.at.first, r.at.last)
	r.places, r.members = hierarchy(r.job.References)
	if err := r.engine.Create(ctx, r.job.Parameters.table(r.at)); err != nil {
		return err
	}
	return r.engine.Fence(ctx, r.job.Lake.Dir(), r.job.Quarantine)
}

// refusedAll is an error where sources were read and nothing of them was accepted: to ingest
// them again would not help.
func refusedAll(in inputs) error {
	refused := 0
	for _, entry := range in.entries {
		refused += entry.Quarantined.Records
	}
	if len(in.months) > 0 || refused == 0 {
		return nil
	}
	return diagnostic.Hinted(fmt.Errorf("%w: no record was accepted, and %d refused", ErrEmpty, refused), `"tavolo quarantine list" says why`)
}

// compute makes the marts, each after what it reads, and then runs the checks.
func (r *run) compute(ctx context.Context) error {
	order, err := r.order(ctx)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(order, func(model duckdb.Model) bool { return r.isStaging(model.Name) })
	for len(left) > 0 {
		var wave []duckdb.Model
		if wave, left = r.wave(left); len(wave) > 0 {
			if err := r.storeAll(ctx, wave); err != nil {
				return err
			}
			continue
		}
		if err := r.makeOwn(ctx, left[0]); err != nil {
			return err
		}
		r.step("model " + left[0].Name)
		left = left[1:]
	}
	rules, err := r.ownChecks(ctx)
	if err != nil {
		return err
	}
	if r.set.Checks, err = r.check(ctx, append(r.checks, rules...)); err != nil {
		return err
	}
	return r.storeOwn(ctx)
}

// wave takes from marts, which are in the order of what they read, the built-in ones that
// can be computed at once, as they read none that is left. There are none of them when
// only the project's own are left.
func (r *run) wave(marts []duckdb.Model) (wave, left []duckdb.Model) {
	for _, mart := range marts {
		waits := slices.ContainsFunc(marts, func(other duckdb.Model) bool { return slices.Contains(r.reads[mart.Name], other.Name) })
		if waits || r.isOwn(mart.Name) {
			left = append(left, mart)
		} else {
			wave = append(wave, mart)
		}
	}
	return wave, left
}

// order puts staging and marts in the order of what they read, and prepares what
// tells whether a mart must be computed whole.
func (r *run) order(ctx context.Context) ([]duckdb.Model, error) {
	all := slices.Concat(r.staging, r.marts)
	var err error
	if r.reads, err = readsOf(ctx, r.engine, all); err != nil {
		return nil, err
	}
	r.models, r.references = map[string]duckdb.Model{}, map[string]duckdb.Table{}
	r.made, r.stored, r.arrivals = map[string]bool{}, map[string]*martFiles{}, map[string]*arrival{}
	r.contents, r.checked, r.followed = map[string]string{}, map[string]string{}, map[string]string{}
	for _, model := range all {
		r.models[model.Name] = model
	}
	for _, table := range referenceTables(r.job.References) {
		r.references[table.Name] = table
	}
	r.tables = maps.Clone(r.references)
	for _, table := range []duckdb.Table{ledgerTable(r.inputs.entries), batchTable(r.inputs.entries), r.job.Parameters.table(r.at)} {
		r.tables[table.Name] = table
	}
	r.parameters = r.job.Parameters.standards()
	if !r.job.Whole {
		if r.before, err = r.previousRun(ctx); err != nil {
			return nil, err
		}
	}
	return inOrder(all, r.reads)
}

// makeModel computes a model, or, of one in staging that others read through, lets each
// mart read the columns that it needs from the files: as a table, the newest
// versions of all rows would fill the memory.
func makeModel(ctx context.Context, e *duckdb.Engine, model duckdb.Model) error {
	if isView(model.Name) {
		return e.View(ctx, model)
	}
	_, err := e.Run(ctx, model)
	return err
}

func isView(model string) bool { return strings.HasPrefix(model, "stg_") }

// step tells that a step is done; several may be at once.
func (r *run) step(name string) {
	r.progress.Lock()
	defer r.progress.Unlock()
	r.done++
	if r.job.Progress != nil {
		r.job.Progress(name, r.done, r.total)
	}
}

func (r *run) outcome() *Outcome {
	o := &Outcome{
		RunID: r.job.RunID, DataUntil: r.at.dataUntil, LastMonth: r.at.last,
		Indicators: len(r.job.Catalogue.Indicators), Marts: len(r.marts), Checks: len(r.set.Checks), Cells: len(r.set.Cells),
		Unproven: int(r.unproven.Load()), Known: int(r.hiddenLate.Load()),
	}
	for i := range r.set.Cells {
		switch c := &r.set.Cells[i]; {
		case c.Class == result.Hidden:
			o.Hidden++
		case c.Uncounted():
			o.Uncounted++
		}
	}
	return o
}
