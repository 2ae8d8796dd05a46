package subset

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
)

// Query is a model as its syntax tree.
type Query struct {
	model duckdb.Model
	node  map[string]any // of the outermost query
}

// Column is a column of a model's answer.
type Column struct {
	Name      string // "" where the model gives none
	Line, Col int
	// From is the column that this one is taken from as it is; "" where it is
	// computed.
	From string
}

// Parse reads a model. The error is a *diagnostic.Error at its place: the text
// cannot be parsed, or is something else than one select.
func Parse(ctx context.Context, e *duckdb.Engine, m duckdb.Model) (*Query, error) {
	statements, err := e.Syntax(ctx, m)
	const hint = "a model is one select; it can neither write nor change anything"
	switch {
	case errors.Is(err, duckdb.ErrNotSelect):
		line, col := m.Place(start(m.SQL))
		return nil, &diagnostic.Error{File: m.File, Line: line, Col: col, Err: err, Hint: hint}
	case err != nil:
		return nil, err
	case len(statements) == 0:
		return nil, &diagnostic.Error{File: m.File, Line: 1, Msg: "there is no query", Hint: hint}
	case len(statements) > 1:
		line, col := m.Place(start(m.SQL))
		return nil, &diagnostic.Error{File: m.File, Line: line, Col: col, Msg: fmt.Sprintf("%d statements", len(statements)), Hint: hint}
	}
	statement, _ := statements[0].(map[string]any)
	node, ok := statement["node"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: the parser's answer has no query", m.File)
	}
	return &Query{m, node}, nil
}

// start is the offset of the first word that is neither space nor a comment.
func start(text string) int {
	for at := 0; at < len(text); {
		rest := text[at:]
		switch end := strings.IndexByte(rest, '\n'); {
		case strings.HasPrefix(rest, "--") && end >= 0:
			at += end
		case strings.HasPrefix(rest, "--"):
			return len(text)
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			at++
		default:
			return at
		}
	}
	return len(text)
}

// Columns gives the columns of the answer in their order; of several selects
// that are put together, those of the first, which names them.
func (q *Query) Columns() []Column {
	var columns []Column
	for _, item := range list(outermost(q.node)[0]["select_list"]) {
		expression, _ := item.(map[string]any)
		column := Column{Name: text(expression["alias"])}
		column.Line, column.Col = q.place(expression)
		if expression["class"] == "COLUMN_REF" {
			names := list(expression["column_names"])
			column.From = text(names[len(names)-1])
			if column.Name == "" {
				column.Name = column.From
			}
		}
		columns = append(columns, column)
	}
	return columns
}

// Origins gives the columns that any select of the query gives on as name, as
// they are: sorted, name itself included.
func (q *Query) Origins(name string) []string {
	found := map[string]bool{name: true}
	var walk func(node any)
	walk = func(node any) {
		switch n := node.(type) {
		case []any:
			for _, child := range n {
				walk(child)
			}
		case map[string]any:
			for _, item := range list(n["select_list"]) {
				expression, _ := item.(map[string]any)
				if names := list(expression["column_names"]); text(expression["alias"]) == name && len(names) > 0 {
					found[text(names[len(names)-1])] = true
				}
			}
			for _, child := range n {
				walk(child)
			}
		}
	}
	walk(q.node)
	return slices.Sorted(maps.Keys(found))
}

// outermost gives the selects whose lists make the answer: one, or all those
// that are put together.
func outermost(node map[string]any) []map[string]any {
	left, isSet := node["left"].(map[string]any)
	right, _ := node["right"].(map[string]any)
	if !isSet || right == nil {
		return []map[string]any{node}
	}
	return append(outermost(left), outermost(right)...)
}

// place gives the line and column of a node; zeros where the parser knows none.
func (q *Query) place(node map[string]any) (line, col int) {
	offset, ok := node["query_location"].(float64)
	if !ok || offset > float64(len(q.model.SQL)) {
		return 0, 0
	}
	return q.model.Place(int(offset))
}

func list(node any) []any {
	items, _ := node.([]any)
	return items
}

func text(node any) string {
	s, _ := node.(string)
	return s
}

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}
