package query

import (
	"context"
	"errors"
	"fmt"

	"tavolo/transform/duckdb"
)

// tableFunctions are the functions that may stand where a relation does;
// immutable. All others are refused, the harmless and the unknown among them.
var tableFunctions = map[string]bool{"range": true, "generate_series": true, "unnest": true}

// admit refuses what is not one SELECT, or reads more than relations, and gives
// the syntax tree of the rest. The engine's own parser decides what the text is;
// nothing of it runs here.
func (s *Session) admit(ctx context.Context, question duckdb.Model) (any, error) {
	const onlySelect = "a question is one select; nothing can be changed here"
	statements, err := s.engine.Syntax(ctx, question)
	switch {
	case errors.Is(err, duckdb.ErrNotSelect):
		return nil, complain(err.Error(), onlySelect)
	case err != nil:
		return nil, err
	case len(statements) == 0:
		return nil, complain("there is no question", `for example: select count(*) from bookings`)
	case len(statements) > 1:
		return nil, complain(fmt.Sprintf("%d statements; ask them one by one", len(statements)), onlySelect)
	}
	if name := forbidden(statements[0]); name != "" {
		return nil, complain(fmt.Sprintf("%s() cannot be read from", name), "questions read relations; `show tables` lists them")
	}
	return statements[0], nil
}

// describes says whether a statement is a describe, a show or a summarize.
func describes(statement any) bool {
	tree, _ := statement.(map[string]any)
	node, _ := tree["node"].(map[string]any)
	from, _ := node["from_table"].(map[string]any)
	return from["type"] == "SHOW_REF"
}

// forbidden gives the name of the first table function in the tree that may not be called, or "".
func forbidden(node any) string {
	switch n := node.(type) {
	case map[string]any:
		if n["type"] == "TABLE_FUNCTION" {
			function, _ := n["function"].(map[string]any)
			if name, _ := function["function_name"].(string); !tableFunctions[name] {
				return name
			}
		}
		for _, child := range n {
			if name := forbidden(child); name != "" {
				return name
			}
		}
	case []any:
		for _, child := range n {
			if name := forbidden(child); name != "" {
				return name
			}
		}
	}
	return ""
}
