package transform

import (
	"context"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// figures computes the indicators, mart by mart: those of one mart share its
// counts. Several marts are worked on at once, each on one processor, but those that
// hold the same counts together; the results are put together in the order of the
// indicators' ids, which is their published order.
func (r *run) figures(ctx context.Context) error {
	byMart := map[string][]*kpi.Indicator{}
	for i := range r.job.Catalogue.Indicators {
		k := &r.job.Catalogue.Indicators[i]
		byMart[k.Mart] = append(byMart[k.Mart], k)
	}
	same, err := r.findFamilies(ctx, byMart)
	if err != nil {
		return err
	}
	kept, err := r.keepFigures(ctx, byMart, same)
	if err != nil {
		return err
	}
	all, err := r.judgeAll(ctx, byMart, same)
	if err != nil {
		return err
	}
	r.collect(append(kept, all...))
	return nil
}

// judgeAll works out the indicators of the marts in byMart, in no particular order.
// What is in different families is of different persons, and published each for itself.
func (r *run) judgeAll(ctx context.Context, byMart map[string][]*kpi.Indicator, same *families) (all []*figures, err error) {
	left := slices.DeleteFunc(slices.Clone(same.marts), func(family []string) bool { return byMart[family[0]] == nil })
	if len(left) == 0 {
		return nil, nil
	}
	if err := r.recall(ctx); err != nil {
		return nil, err
	}
	judged := make([][]*figures, len(left))
	err = r.inParallel(ctx, len(left), func(ctx context.Context, i int) (err error) {
		judged[i], err = r.judge(ctx, left[i], byMart, same)
		return err
	})
	return slices.Concat(judged...), err
}

// inParallel works on n things, several at once and each on one processor, of which
// it makes more than the engine does of one large query after another. The error is that
// of atOnce.
func (r *run) inParallel(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	switch n {
	case 0:
		return nil
	case 1:
		return work(ctx, 0)
	}
	if err := r.engine.SetThreads(ctx, 1); err != nil {
		return err
	}
	if err := r.atOnce(ctx, n, work); err != nil {
		return err
	}
	return r.engine.SetThreads(ctx, r.job.Engine.Threads)
}

// atOnce works on n things, as many at once as there are processors. The error is the first
// that there is; what has not been begun by then is not worked on.
func (r *run) atOnce(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(max(1, orDefault(r.job.Engine.Threads, runtime.GOMAXPROCS(0))))
	for i := range n {
		group.Go(func() error {
			if err := within.Err(); err != nil {
				return err
			}
			return work(within, i)
		})
	}
	return group.Wait()
}

// judge works out the indicators of a family of marts: each mart's counts for itself, and
// each indicator's comparisons. What is withheld is withheld, of all of them together,
// before anything is compared.
func (r *run) judge(ctx context.Context, family []string, byMart map[string][]*kpi.Indicator, same *families) ([]*figures, error) {
	measured := make([][]*figures, len(family))
	err := r.atOnce(ctx, len(family), func(ctx context.Context, i int) (err error) {
		measured[i], err = r.measureAll(ctx, family[i], byMart[family[i]])
		return err
	})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(measured...)
	outcome := protect(r.control, all, same, r.periods)
	r.unproven.Add(int64(outcome.Unproven))
	r.hiddenLate.Add(int64(outcome.Known))
	err = r.atOnce(ctx, len(all), func(_ context.Context, i int) error {
		all[i].conclude()
		r.step("indicator " + all[i].k.ID)
		return nil
	})
	return all, err
}

// measureAll counts the figures of a mart's indicators.
func (r *run) measureAll(ctx context.Context, mart string, indicators []*kpi.Indicator) ([]*figures, error) {
	s, err := r.sheet(ctx, mart, indicators)
	if err != nil {
		return nil, err
	}
	all := make([]*figures, len(indicators))
	for i, k := range indicators {
		all[i] = r.measure(s, k)
		if k.Disclosure != kpi.Unlimited {
			all[i].remember(r.disclosed[k.ID])
		}
	}
	return all, nil
}

// collect puts the results together in the order of the indicators' ids.
func (r *run) collect(all []*figures) {
	slices.SortFunc(all, func(a, b *figures) int { return strings.Compare(a.k.ID, b.k.ID) })
	total := 0
	for _, f := range all {
		total += len(f.cells)
		if f.memory != nil {
			r.disclosed[f.k.ID] = f.memory.rows(f.cells)
		}
	}
	r.set.Cells = make([]result.Cell, 0, total)
	for _, f := range all {
		r.set.Cells = append(r.set.Cells, f.cells...)
		r.set.Funnels = append(r.set.Funnels, f.comparisons...)
		r.set.Charts = append(r.set.Charts, f.series...)
		r.set.Decomposed = append(r.set.Decomposed, f.splits...)
		r.set.Contribute = append(r.set.Contribute, f.carriers...)
	}
	r.set.Peers = peers(r.set.Cells, r.job.Catalogue, r.job.References, r.at.last)
}

// hierarchy gives the codes of all territories, ascending, and those beneath
// each, itself included.
func hierarchy(refs *reference.Tables) (places []string, members map[string][]string) {
	members = map[string][]string{}
	for _, territory := range refs.Territories() {
		places = append(places, territory.Code)
		for code := territory.Code; code != ""; {
			members[code] = append(members[code], territory.Code)
			above, _ := refs.Territory(code)
			code = above.Parent
		}
	}
	slices.Sort(places)
	return places, members
}

// children gives the parts of each territory at the next level that the
// indicator has.
func (f *figures) children() map[string][]string {
	children := map[string][]string{}
	for _, territory := range f.refs.Territories() {
		if !f.k.HasLevel(territory.Level) {
			continue
		}
		parent := territory.Parent
		for parent != "" {
			above, ok := f.refs.Territory(parent)
			if !ok || f.k.HasLevel(above.Level) {
				break
			}
			parent = above.Parent
		}
		children[parent] = append(children[parent], territory.Code)
	}
	return children
}
