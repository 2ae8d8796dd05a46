package contract

import (
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/diagnostic"
)

func TestEveryLogLoads(t *testing.T) {
	for _, log := range Logs() {
		c, err := Load(log)
		if err != nil {
			t.Errorf("%s: %v", log, err)
			continue
		}
		if c.Log != log {
			t.Errorf("%s: its contract names the log %q", log, c.Log)
		}
		if last := c.Columns[len(c.Columns)-1]; last.Name != "updated_at" || last.Type != Timestamp || last.Required {
			t.Errorf("%s: its last column is %s, want an optional updated_at", log, last.Name)
		}
		if c.Index(c.Month) < 0 || c.Column("no_such") != nil {
			t.Errorf("%s: columns are not found by name", log)
		}
	}
}

// The columns of a kind of code carry its name, so that models can rely on it.
func TestReferencesFollowNames(t *testing.T) {
	for _, log := range Logs() {
		c, _ := Load(log)
		for _, column := range c.Columns {
			kind, isCode := strings.CutSuffix(column.Name, "_code")
			if isCode && slices.Contains(Kinds(), kind) && column.References != kind {
				t.Errorf("%s.%s refers to %q", log, column.Name, column.References)
			}
		}
	}
}

func TestUnknownLog(t *testing.T) {
	_, err := Load("bookins")
	if err == nil || err.Error() != `log "bookins": no such log` {
		t.Fatalf("got %v", err)
	}
	if hints := diagnostic.Hints(err); len(hints) != 1 || hints[0] != `did you mean "bookings"?` {
		t.Errorf("hints %q", hints)
	}
}

const small = `log: visits
title: {it: Visite, en: Visits}
description: {it: d, en: d}
grain: {it: g, en: g}
key: [id]
month: "on"
columns:
  - {name: id, type: text, required: true, title: {it: i, en: i}, doc: {it: i, en: i}}
  - {name: "on", type: date, required: true, title: {it: i, en: i}, doc: {it: i, en: i}}
  - {name: kind, type: enum, values: [a, b], title: {it: i, en: i}, doc: {it: i, en: i}}
  - {name: until, type: date, title: {it: i, en: i}, doc: {it: i, en: i}}
rules:
  - {rule: requires, column: until, when: {kind: [a]}, doc: {it: i, en: i}}
`

func TestMistakesInAContract(t *testing.T) {
	if _, err := Parse("v.yml", []byte(small)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, from, to, want string }{
		{"unknown key", "month:", "mnth:", `v.yml:6:1: unknown key "mnth"`},
		{"key without a column", "key: [id]", "key: [ib]", `v.yml:1:1: key: there is no column "ib"`},
		{"optional key", "key: [id]", "key: [kind]", "v.yml:10:5: column kind is in the key and must be required"},
		{"month of an enum", `month: "on"`, "month: kind", "v.yml:10:5: column kind decides the month and must be a required date or timestamp"},
		{"missing language", "title: {it: Visite, en: Visits}", "title: {it: Visite}", "v.yml:1:1: title must be there in both languages, it and en"},
		{"unknown type", "type: enum", "type: enumeration", `v.yml:10:5: column kind: type "enumeration": it is one of`},
		{"key of another type", "type: date, title", "type: date, min: 3, title", "v.yml:11:5: column until: min does not belong to the type date"},
		{"name twice", "name: until", "name: kind", "v.yml:11:5: column kind: the name is taken already"},
		{"bad name", "name: until", "name: Until", "v.yml:11:5: column Until: a name has small letters, digits and underscores"},
		{"alias of nothing", "values: [a, b]", "values: [a, b], aliases: {x: c}", `v.yml:10:5: column kind: alias "x" means "c", which is not among the values`},
		{"warn on a required column", "type: text, required", "type: text, severity: warn, required", "v.yml:8:5: column id: severity warn leaves the value out"},
		{"rule on no column", "column: until", "column: untl", `v.yml:13:5: rule: there is no column "untl"`},
		{"unknown rule", "rule: requires", "rule: require", `v.yml:13:5: rule "require": it is not_before, requires or forbids`},
		{"when with no such value", "kind: [a]", "kind: [c]", `v.yml:13:5: when: kind has no value "c"`},
		{"not_before of two types", "rule: requires, column: until", "rule: not_before, column: until, other: kind",
			"v.yml:13:5: rule not_before: until and kind must be two dates or two timestamps"},
	} {
		text := strings.Replace(small, test.from, test.to, 1)
		if text == small {
			t.Fatalf("%s: nothing replaced", test.name)
		}
		_, err := Parse("v.yml", []byte(text))
		if err == nil || !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool { return strings.HasPrefix(line, test.want) }) {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, test.want)
		}
	}
}
