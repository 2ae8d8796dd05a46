package contract

import (
	"fmt"
	"strings"
)

// rule is a rule of a contract with the places of its columns.
type rule struct {
	*Rule
	column, other, unless int // -1: none
	when                  []condition
	why                   string
}

// condition holds where an enum column has one of the values.
type condition struct {
	column int
	holds  []bool // by [Value.Code]
}

func (k *Checker) newRule(r *Rule) rule {
	c := k.contract
	made := rule{Rule: r, column: c.Index(r.Column), other: c.Index(r.Other), unless: c.Index(r.Unless)}
	var when []string
	for _, name := range sortedKeys(r.When) {
		column := c.Index(name)
		dictionary := &k.cells[column].dictionary
		holds := make([]bool, len(dictionary.texts))
		for _, value := range r.When[name] {
			holds[dictionary.place(value)] = true
		}
		made.when = append(made.when, condition{column, holds})
		when = append(when, name+" is "+strings.Join(r.When[name], " or "))
	}
	made.why = strings.Join(when, " and ")
	return made
}

// checkRule checks one rule across columns, unless a column it looks at has a
// violation of its own.
func (k *Checker) checkRule(r *rule) {
	if !k.applies(r) {
		return
	}
	column := &k.row[r.column]
	switch r.Rule.Rule {
	case NotBefore:
		other := &k.row[r.other]
		if k.invalid[r.other] || column.Null || other.Null || column.Int >= other.Int {
			return
		}
		k.complainOfRule(r, fmt.Sprintf("%s is before %s", r.Column, r.Other))
	case Requires:
		if column.Null {
			k.complainOfRule(r, fmt.Sprintf("%s is empty although %s", r.Column, r.why))
		}
	case Forbids:
		if !column.Null {
			k.complainOfRule(r, fmt.Sprintf("%s has a value although %s", r.Column, r.why))
		}
	}
}

func (k *Checker) applies(r *rule) bool {
	if k.invalid[r.column] {
		return false
	}
	if r.unless >= 0 && (k.invalid[r.unless] || !k.row[r.unless].Null) {
		return false
	}
	for i := range r.when {
		value := &k.row[r.when[i].column]
		if k.invalid[r.when[i].column] || value.Null || !r.when[i].holds[value.Code] {
			return false
		}
	}
	return true
}

func (k *Checker) complainOfRule(r *rule, message string) {
	k.add(Violation{Column: r.Column, Rule: r.Rule.Rule, Message: message, Severity: r.Severity})
}
