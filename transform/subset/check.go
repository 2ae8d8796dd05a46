package subset

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
)

// Relations are what a model may read. Names are compared without case.
type Relations struct {
	Names []string
	// Instead says, of a name that may not be read, what to read in its place.
	Instead map[string]string
}

// Check gives everything in the query that is not allowed, in the order of the
// text; each is a *diagnostic.Error.
func (q *Query) Check(readable Relations) []error {
	c := &checker{query: q, readable: readable, reads: map[string]bool{}}
	c.checkAnswer()
	c.walk(q.node, nil)
	slices.SortStableFunc(c.found, func(a, b *diagnostic.Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	errs := make([]error, len(c.found))
	for i, one := range c.found {
		errs[i] = one
	}
	return errs
}

// Reads gives the names of the relations that the query reads, without its own
// common table expressions: each once, in lower case, sorted. It asks nothing of
// the engine, which looks through views that it knows.
func (q *Query) Reads() []string {
	c := &checker{query: q, reads: map[string]bool{}}
	c.walk(q.node, nil)
	return slices.Sorted(maps.Keys(c.reads))
}

// checker walks a tree. The walk hands down the common table expressions that
// can be read at each place, in lower case.
type checker struct {
	query    *Query
	readable Relations
	near     map[string]any // the nearest node above that has a place
	found    []*diagnostic.Error
	reads    map[string]bool // relations, in lower case
}

func (c *checker) complain(node map[string]any, hint, format string, args ...any) {
	line, col := c.query.place(node)
	if line == 0 && c.near != nil {
		line, col = c.query.place(c.near)
	}
	c.found = append(c.found, &diagnostic.Error{
		File: c.query.model.File, Line: line, Col: col, Msg: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// checkAnswer holds the outermost selects to lists of named columns: the list is
// what the readers of the model rely on.
func (c *checker) checkAnswer() {
	for i, node := range outermost(c.query.node) {
		for _, item := range list(node["select_list"]) {
			expression, _ := item.(map[string]any)
			switch {
			case expression["class"] == "STAR":
				c.complain(expression, "list the columns: the list is what others rely on", "the last select ends with *")
			case i == 0 && text(expression["alias"]) == "" && expression["class"] != "COLUMN_REF":
				c.complain(expression, "give it one: … as contacts", "a column without a name")
			}
		}
	}
}

func (c *checker) walk(node any, scope map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			c.walk(child, scope)
		}
	case map[string]any:
		above := c.near
		if line, _ := c.query.place(n); line > 0 {
			c.near = n
		}
		c.judge(n, scope)
		scope = c.expressions(n, scope)
		for _, key := range slices.Sorted(maps.Keys(n)) {
			// Of constants, types and a refused table function there is nothing to
			// walk; common table expressions have been walked.
			if key != "value" && key != "cast_type" && key != "function" && key != "cte_map" {
				c.walk(n[key], scope)
			}
		}
		c.near = above
	}
}

// expressions walks the common table expressions of a query and gives the scope
// of its body. Each is known to those after it; one that recurs, to itself.
func (c *checker) expressions(node map[string]any, scope map[string]bool) map[string]bool {
	with, _ := node["cte_map"].(map[string]any)
	entries := list(with["map"])
	if len(entries) == 0 {
		return scope
	}
	scope = maps.Clone(scope)
	if scope == nil {
		scope = map[string]bool{}
	}
	for _, item := range entries {
		entry, _ := item.(map[string]any)
		name := strings.ToLower(text(entry["key"]))
		own := maps.Clone(scope)
		own[name] = own[name] || recurs(entry["value"])
		c.walk(entry["value"], own)
		scope[name] = true
	}
	return scope
}

func recurs(entry any) bool {
	value, _ := entry.(map[string]any)
	query, _ := value["query"].(map[string]any)
	node, _ := query["node"].(map[string]any)
	return node["type"] == "RECURSIVE_CTE_NODE"
}

// judge looks at one node by itself.
func (c *checker) judge(n map[string]any, scope map[string]bool) {
	kind, ok := n["type"].(string)
	if !ok {
		return
	}
	if _, isExpression := n["class"]; isExpression {
		c.judgeExpression(n, kind)
		return
	}
	switch {
	case kind == "TABLE_FUNCTION":
		function, _ := n["function"].(map[string]any)
		c.complain(n, "a model reads relations by name, never a file or a function", "%s() cannot be read from", text(function["function_name"]))
	case !clauses[kind]:
		c.refuse(n, phrase(kind))
	case kind == "BASE_TABLE":
		c.judgeRelation(n, scope)
	case kind == "JOIN" && n["ref_type"] != "REGULAR" && n["ref_type"] != "CROSS":
		c.refuse(n, phrase(text(n["ref_type"]))+" join")
	case kind == "SET_OPERATION_NODE" && strings.HasSuffix(text(n["setop_type"]), "BY_NAME"):
		c.refuse(n, "union by name")
	case kind == "DISTINCT_MODIFIER" && len(list(n["distinct_on_targets"])) > 0:
		target, _ := list(n["distinct_on_targets"])[0].(map[string]any)
		c.refuse(target, "distinct on")
	case kind == "SELECT_NODE":
		c.judgeSelect(n)
	}
}

func (c *checker) judgeSelect(n map[string]any) {
	if n["aggregate_handling"] == "FORCE_AGGREGATES" {
		c.refuse(first(n), "group by all")
	}
	if n["qualify"] != nil {
		qualify, _ := n["qualify"].(map[string]any)
		c.refuse(qualify, "qualify")
	}
	if n["sample"] != nil {
		c.refuse(first(n), "using sample")
	}
}

// first is the first column of a select, which has a place where the select has none.
func first(n map[string]any) map[string]any {
	items := list(n["select_list"])
	if len(items) == 0 {
		return n
	}
	expression, _ := items[0].(map[string]any)
	return expression
}

func (c *checker) judgeRelation(n map[string]any, scope map[string]bool) {
	name := strings.ToLower(text(n["table_name"]))
	qualified := text(n["schema_name"]) != "" || text(n["catalog_name"]) != ""
	known := func(other string) bool { return strings.EqualFold(other, name) }
	if !scope[name] {
		c.reads[name] = true
	}
	switch {
	case qualified:
		c.complain(n, "a model reads relations by their bare names", "%s.%s cannot be read", text(n["schema_name"]), name)
	case scope[name] || slices.ContainsFunc(c.readable.Names, known):
	case c.readable.Instead[name] != "":
		c.complain(n, c.readable.Instead[name], "%s cannot be read by a model of the project", name)
	default:
		names := append(slices.Sorted(maps.Keys(scope)), c.readable.Names...)
		c.complain(n, diagnostic.DidYouMean(name, names), "there is no relation %q to read", name)
	}
}

func (c *checker) judgeExpression(n map[string]any, kind string) {
	switch {
	case !expressions[kind]:
		c.refuse(n, phrase(kind))
	case kind == "STAR":
		for _, part := range []string{"exclude_list", "replace_list", "rename_list", "qualified_exclude_list"} {
			if len(list(n[part])) > 0 {
				c.refuse(n, "* exclude, replace or rename")
				return
			}
		}
		if n["columns"] == true {
			c.refuse(n, "columns(…) or all")
		}
	case kind == "OPERATOR_CAST":
		c.judgeCast(n)
	case kind == "FUNCTION" || strings.HasPrefix(kind, "WINDOW"):
		c.judgeCall(n)
	}
}

func (c *checker) judgeCast(n map[string]any) {
	if n["try_cast"] == true {
		c.complain(n, "staging has cast what can be cast; a value that cannot is null there", "try_cast is not in the subset that other engines share")
	}
	cast, _ := n["cast_type"].(map[string]any)
	if id := text(cast["id"]); !types[id] && id != instant {
		c.complain(n, "there are bigint, decimal, double, varchar, boolean, date and timestamp with time zone",
			"the type %s is not in the subset that other engines share", strings.ToLower(id))
	}
}

func (c *checker) judgeCall(n map[string]any) {
	name := strings.ToLower(text(n["function_name"]))
	_, written := n["query_location"].(float64)
	written = written && n["query_location"].(float64) <= float64(len(c.query.model.SQL))
	schema := text(n["schema"])
	switch {
	case name == "" || name == "trunc" && !written: // an interval is parsed into a call of trunc
	case !functions[name] || schema != "" && schema != "main" || text(n["catalog"]) != "":
		hint := instead[name]
		if hint == "" {
			hint = diagnostic.DidYouMean(name, slices.Sorted(maps.Keys(functions)))
		}
		c.complain(n, hint, "the function %s is not in the subset that other engines share", name)
	case name == "/" || name == "%" || name == "mod":
		if operands := list(n["children"]); len(operands) == 2 && !guarded(operands[1]) {
			c.complain(n, "nullif(…, 0) makes it null: no value, never 0 or infinity", "the divisor may be 0")
		}
	}
}

// guarded tells that a divisor is a number other than 0, or null in place of 0.
func guarded(node any) bool {
	n, _ := node.(map[string]any)
	switch n["type"] {
	case "VALUE_CONSTANT":
		value, _ := n["value"].(map[string]any)
		number, ok := value["value"].(float64)
		return ok && number != 0
	case "OPERATOR_CAST":
		return guarded(n["child"])
	case "FUNCTION":
		arguments := list(n["children"])
		return n["function_name"] == "nullif" && len(arguments) == 2 && isZero(arguments[1])
	}
	return false
}

func isZero(node any) bool {
	n, _ := node.(map[string]any)
	value, _ := n["value"].(map[string]any)
	number, ok := value["value"].(float64)
	return n["type"] == "VALUE_CONSTANT" && ok && number == 0
}

func (c *checker) refuse(n map[string]any, what string) {
	c.complain(n, "", "%s is not in the subset that other engines share", what)
}

// phrase turns the parser's word for a kind of node into one for people.
func phrase(kind string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(kind, "OPERATOR_"), "_", " "))
}
