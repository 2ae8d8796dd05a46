package transform

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// familiesKey is the property of the table of figures that says which columns of the
// marts hold the same counts, after what that was found in.
const familiesKey = "tavolo.related"

// families tells which columns hold the same counts, in one mart or in several. What
// is withheld of one of them must not be shown of another: so the marts that share
// a column are one family, whose indicators are published as one. A project's own
// mart that counts again what a built-in one counts is found like any other.
type families struct {
	// First gives of a "mart.column" the first by name of those that hold the same.
	First map[string]string `json:"first"`
	// Relations and Remainders are between columns that do not.
	Relations  []relation  `json:"relations,omitempty"`
	Remainders []remainder `json:"remainders,omitempty"`

	marts [][]string // ascending, each family by its first mart; every mart is in one
}

// columnOf names a column of counts for all that hold the same.
func (f *families) columnOf(mart, column string) string {
	name := mart + "." + column
	if first, ok := f.First[name]; ok {
		return first
	}
	return name
}

// counted is a column of counts of persons, as figures reveal them.
type counted struct {
	mart, column string
	breakdowns   []kpi.Breakdown // of its mart's indicators
}

func (c counted) String() string { return c.mart + "." + c.column }

// countedIn gives the columns of the marts that figures reveal, by their names.
func countedIn(byMart map[string][]*kpi.Indicator) (all []counted) {
	for _, mart := range slices.Sorted(maps.Keys(byMart)) {
		columns, breakdowns := map[string]bool{}, map[kpi.Breakdown]bool{}
		for _, k := range byMart[mart] {
			if k.Disclosure == kpi.Unlimited {
				continue
			}
			for _, v := range views(k) {
				columns[v.columns[0]], columns[v.columns[1]] = true, true
			}
			if k.Statistic == kpi.Distribution {
				columns[k.Open] = true
			}
			for _, breakdown := range k.Breakdowns {
				breakdowns[breakdown] = true
			}
		}
		delete(columns, "")
		for _, column := range slices.Sorted(maps.Keys(columns)) {
			all = append(all, counted{mart, column, slices.Sorted(maps.Keys(breakdowns))})
		}
	}
	return all
}

// findFamilies compares all columns of counts, in the months that figures are about,
// unless the run before found in the same marts what there is.
func (r *run) findFamilies(ctx context.Context, byMart map[string][]*kpi.Indicator) (*families, error) {
	all := countedIn(byMart)
	foundIn := r.hash(func(put func(parts ...any)) {
		put(r.at.first, r.at.last)
		for _, c := range all {
			put(c.String(), c.breakdowns, r.contentOf(c.mart))
		}
	})
	f := &families{First: map[string]string{}}
	known, ok := "", false
	if r.before != nil {
		known, ok = strings.CutPrefix(r.before.followed[familiesKey], foundIn+" ")
	}
	if !ok || json.Unmarshal([]byte(known), f) != nil {
		*f = families{}
		of, err := r.readTotals(ctx, all)
		if err != nil {
			return nil, err
		}
		if f.First, err = r.sameCounts(ctx, all, of); err != nil {
			return nil, err
		}
		if err = r.relate(ctx, f, all, of, byMart); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	r.followed[familiesKey] = foundIn + " " + string(text)
	f.gather(slices.Sorted(maps.Keys(byMart)))
	return f, nil
}

// sameCounts finds for each column that holds what another holds the first of them. What
// counts nobody is the same as nothing.
func (r *run) sameCounts(ctx context.Context, all []counted, of totals) (map[string]string, error) {
	first := map[string]string{}
	var firsts []counted
	for _, c := range all {
		if len(of[c.String()]) == 0 {
			continue
		}
		same := -1
		for i, other := range firsts {
			if !maps.Equal(of[other.String()], of[c.String()]) {
				continue
			}
			agree, err := r.agree(ctx, other, c)
			if err != nil {
				return nil, err
			}
			if agree {
				same = i
				break
			}
		}
		if same < 0 {
			firsts = append(firsts, c)
			continue
		}
		first[c.String()] = firsts[same].String()
	}
	return first, nil
}

// inMonths is the condition of the months that figures are about.
func (r *run) inMonths() string {
	return "month between " + duckdb.Day(r.at.first) + " and " + duckdb.Day(r.at.last)
}

// agree says whether two columns that have the same totals hold the same counts
// everywhere: in all items of what both are broken down by, too.
func (r *run) agree(ctx context.Context, one, other counted) (bool, error) {
	if one.mart == other.mart {
		answer, err := r.engine.Query(ctx, fmt.Sprintf("select 1 from %s where %s and %s is distinct from %s limit 1",
			duckdb.Name(one.mart), r.inMonths(), duckdb.Name(one.column), duckdb.Name(other.column)))
		if err != nil {
			return false, fmt.Errorf("counts of %s and %s: %w", one, other, err)
		}
		if len(answer.Rows) == 0 {
			return true, nil // in each row
		}
	}
	var by []string
	for _, breakdown := range one.breakdowns {
		if slices.Contains(other.breakdowns, breakdown) {
			by = append(by, itemOf(breakdown.Columns(), "chr(31)"))
		}
	}
	counts := func(c counted, item string) string {
		return fmt.Sprintf("select month, territory_code, %s as item, sum(%s) as counts from %s as mart where %s group by month, territory_code, item having sum(%[2]s) <> 0",
			item, duckdb.Name(c.column), duckdb.Name(c.mart), r.inMonths())
	}
	for _, item := range by {
		answer, err := r.engine.Query(ctx, fmt.Sprintf(`with one as (%s), other as (%s)
select 1
from one
full join other on other.month = one.month and other.territory_code = one.territory_code and other.item = one.item
where one.counts is null or other.counts is null or one.counts <> other.counts
limit 1`, counts(one, item), counts(other, item)))
		if err != nil {
			return false, fmt.Errorf("counts of %s and %s: %w", one, other, err)
		}
		if len(answer.Rows) > 0 {
			return false, nil
		}
	}
	return true, nil
}

// gather puts marts that share a column, or of which one tells of another's, into one family.
func (f *families) gather(marts []string) {
	family := map[string]int{}
	for i, mart := range marts {
		family[mart] = i
	}
	join := func(one, other string) {
		from, _, _ := strings.Cut(one, ".")
		to, _, _ := strings.Cut(other, ".")
		before, after := max(family[from], family[to]), min(family[from], family[to])
		for mart, number := range family {
			if number == before {
				family[mart] = after
			}
		}
	}
	for one, first := range f.First {
		join(one, first)
	}
	for _, r := range f.Relations {
		for _, part := range r.Parts {
			join(r.Total.Column, part.Column)
		}
	}
	for _, r := range f.Remainders {
		join(r.Stock, r.Open)
	}
	members := map[int][]string{}
	for _, mart := range marts {
		members[family[mart]] = append(members[family[mart]], mart)
	}
	for _, number := range slices.Sorted(maps.Keys(members)) {
		f.marts = append(f.marts, members[number])
	}
}
