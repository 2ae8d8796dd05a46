package query

import (
	"context"
	"encoding/json"
	"fmt"

	"tavolo/transform/duckdb"
)

// tableFunctions are the functions that may stand where a relation does;
// immutable. All others are refused, the harmless and the unknown among them.
var tableFunctions = map[string]bool{"range": true, "generate_series": true, "unnest": true}

// parsed is what json_serialize_sql says of a text.
type parsed struct {
	Error      bool              `json:"error"`
	Type       string            `json:"error_type"`
	Message    string            `json:"error_message"`
	Statements []json.RawMessage `json:"statements"`
}

// admit refuses what is not one SELECT, or reads more than relations. The
// engine's own parser decides what the text is; nothing of it runs here.
func (s *Session) admit(ctx context.Context, question duckdb.Model) error {
	const onlySelect = "a question is one select; nothing can be changed here"
	answer, err := s.engine.Query(ctx, "select cast(json_serialize_sql(cast(? as varchar)) as varchar)", question.SQL)
	if err != nil {
		return err
	}
	text, _ := answer.Rows[0][0].(string)
	var p parsed
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return fmt.Errorf("the parser's answer: %w", err)
	}
	switch {
	case p.Error && p.Type == "not implemented":
		return complain("this is not a select", onlySelect)
	case p.Error:
		return s.syntaxError(ctx, question, p)
	case len(p.Statements) == 0:
		return complain("there is no question", `for example: select count(*) from bookings`)
	case len(p.Statements) > 1:
		return complain(fmt.Sprintf("%d statements; ask them one by one", len(p.Statements)), onlySelect)
	}
	var tree any
	if err := json.Unmarshal(p.Statements[0], &tree); err != nil {
		return fmt.Errorf("the parser's answer: %w", err)
	}
	if name := forbidden(tree); name != "" {
		return complain(fmt.Sprintf("%s() cannot be read from", name), "questions read relations; `show tables` lists them")
	}
	return nil
}

// syntaxError finds the place of the mistake. What the parser does not
// understand cannot run, so the engine may be asked for its own words.
func (s *Session) syntaxError(ctx context.Context, question duckdb.Model, p parsed) error {
	if _, err := s.engine.Names(ctx, question); err != nil {
		return err
	}
	return complain(p.Message, "")
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
