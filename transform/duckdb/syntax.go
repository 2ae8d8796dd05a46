package duckdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tavolo/ingest/diagnostic"
)

// ErrNotSelect says that a text is something else than a select.
var ErrNotSelect = errors.New("this is not a select")

// Syntax gives the syntax trees of the selects in a text, as the engine's own
// parser sees them: objects are maps, lists are slices, numbers float64. Nothing
// of the text runs, and no name in it is looked up. A node's query_location is
// its offset in bytes: see [Model.Place].
//
// The error wraps ErrNotSelect where a statement is no select, and is a
// *diagnostic.Error at its place where the text cannot be parsed.
func (e *Engine) Syntax(ctx context.Context, m Model) ([]any, error) {
	answer, err := e.Query(ctx, "select cast(json_serialize_sql(cast(? as varchar)) as varchar)", m.SQL)
	if err != nil {
		return nil, err
	}
	var parsed struct {
		Error      bool   `json:"error"`
		Type       string `json:"error_type"`
		Message    string `json:"error_message"`
		Statements []any  `json:"statements"`
	}
	text, _ := answer.Rows[0][0].(string)
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return nil, fmt.Errorf("the parser's answer: %w", err)
	}
	switch {
	case parsed.Error && parsed.Type == "not implemented":
		return nil, ErrNotSelect
	case parsed.Error:
		// What the parser does not understand cannot run, so the engine may be
		// asked for its own words, which have a place.
		if _, err := e.Names(ctx, m); err != nil {
			return nil, err
		}
		return nil, &diagnostic.Error{File: m.label(), Msg: parsed.Message}
	}
	return parsed.Statements, nil
}
