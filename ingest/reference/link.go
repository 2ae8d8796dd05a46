package reference

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest/diagnostic"
)

// link checks what a row cannot show by itself: that codes are unique on every
// day and that what points into another table arrives.
func (t *Tables) link() error {
	var errs []error
	for i := range layouts {
		s := t.sheets[layouts[i].name]
		complaints := append(s.twice(), t.dangling(s)...)
		if s.layout.name == "territories" {
			complaints = append(complaints, s.hierarchy()...)
		}
		errs = append(errs, complaints[:min(len(complaints), maxComplaints)]...)
	}
	return errors.Join(errs...)
}

// twice complains about rows with the same key on the same day.
func (s *sheet) twice() (errs []error) {
	seen := map[string][]int{}
	for row := range s.rows {
		key := s.key(row)
		for _, other := range seen[key] {
			if s.validity(row).overlaps(s.validity(other)) {
				errs = append(errs, s.complain(row, s.layout.key[0], "%s %q is already given in line %d",
					strings.Join(s.layout.key, ", "), strings.ReplaceAll(key, "\x00", ", "), s.places[other].line))
				break
			}
		}
		seen[key] = append(seen[key], row)
	}
	return errs
}

func (s *sheet) key(row int) string {
	parts := make([]string, len(s.layout.key))
	for i, name := range s.layout.key {
		parts[i] = s.get(row, name)
	}
	return strings.Join(parts, "\x00")
}

// dangling complains about the values of s that are no code of the table that
// they point into. The built-in rows among them are dropped where that table
// is the project's own.
func (t *Tables) dangling(s *sheet) (errs []error) {
	for _, column := range s.layout.columns {
		if column.references == "" {
			continue
		}
		target := t.sheets[column.references]
		codes := map[string]bool{}
		for row := range target.rows {
			if column.level == "" || target.get(row, "level") == column.level {
				codes[target.get(row, "code")] = true
			}
		}
		keep := make([]bool, len(s.rows))
		for row := range s.rows {
			code := s.get(row, column.name)
			keep[row] = code == "" || codes[code]
			if !keep[row] && (!s.builtin || target.builtin) {
				what := column.level
				if what == "" {
					what = "entry of " + column.references
				}
				errs = append(errs, s.complain(row, column.name, "%s %q: no such %s", column.name, code, what))
			}
		}
		s.retain(keep)
	}
	return errs
}

// retain drops the rows that are not to be kept.
func (s *sheet) retain(keep []bool) {
	row := -1
	drop := func() bool { row++; return !keep[row] }
	s.rows = slices.DeleteFunc(s.rows, func([]string) bool { return drop() })
	row = -1
	s.places = slices.DeleteFunc(s.places, func(place) bool { return drop() })
}

// hierarchy complains about territories that do not stand one level below
// their parent, under one Italy.
func (s *sheet) hierarchy() (errs []error) {
	above := map[string]string{LevelRegion: LevelItaly, LevelProvince: LevelRegion}
	levels := map[string]string{}
	for row := range s.rows {
		levels[s.get(row, "code")] = s.get(row, "level")
	}
	for row := range s.rows {
		level, parent := s.get(row, "level"), s.get(row, "parent")
		switch wanted, ok := above[level]; {
		case level == LevelItaly && s.get(row, "code") != Italy:
			errs = append(errs, s.complain(row, "code", "code %q: the territory of level italy is %q", s.get(row, "code"), Italy))
		case level == LevelItaly && parent != "":
			errs = append(errs, s.complain(row, "parent", "parent %q: Italy has none", parent))
		case level == LevelItaly:
		case !ok:
			errs = append(errs, s.complain(row, "level", "level %q is not italy, region or province", level))
		case levels[parent] != wanted:
			errs = append(errs, s.complain(row, "parent", "parent %q of a %s is not of level %s", parent, level, wanted))
		}
		if (s.get(row, "population") == "") != (s.get(row, "population_date") == "") {
			errs = append(errs, s.complain(row, "population_date", "population and population_date go together"))
		}
	}
	if levels[Italy] == "" {
		errs = append(errs, &diagnostic.Error{File: s.file, Msg: fmt.Sprintf("no territory %q of level italy", Italy),
			Hint: "the country as a whole is a row too"})
	}
	return errs
}

// period is a stretch of days, both ends included; a zero end is open.
type period struct{ from, to time.Time }

// holds says whether day is in p; the zero day is in every period.
func (p period) holds(day time.Time) bool {
	return day.IsZero() || !day.Before(p.from) && (p.to.IsZero() || day.Before(p.to.AddDate(0, 0, 1)))
}

func (p period) overlaps(q period) bool {
	return (p.to.IsZero() || !p.to.Before(q.from)) && (q.to.IsZero() || !q.to.Before(p.from))
}

// validity gives the days on which a row holds: all, where its table has no such columns.
func (s *sheet) validity(row int) period {
	if s.layout.at("valid_to") < 0 {
		return period{}
	}
	return period{date(s.get(row, "valid_from")), date(s.get(row, "valid_to"))}
}

// date reads what refuse has let pass; empty is the zero time.
func date(value string) time.Time {
	day, err := time.Parse(isoDate, value)
	if err != nil {
		return time.Time{}
	}
	return day
}

// number reads what refuse has let pass; empty is 0.
func number(value string) int64 {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
