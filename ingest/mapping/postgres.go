package mapping

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
)

// Postgres says that the rows of a source are those that a query gives on a
// PostgreSQL server.
type Postgres struct {
	strictyaml.Position
	// URLEnv is the variable of the environment that holds the connection string,
	// which is a secret and has no place in a file. Empty: libpq's own variables and
	// files say where the server is (PGHOST, PGSERVICE, ~/.pgpass, …).
	URLEnv string `yaml:"url_env"`
	Query  Query  `yaml:"query"`
	// HighWater is the column that grows with every change; its greatest value so
	// far is $1 of the query.
	HighWater string `yaml:"high_water"`
	From      string `yaml:"from"`    // $1 of the first run; below every value when empty
	Timeout   string `yaml:"timeout"` // of each step of the server, such as 15m
}

// Query is SQL, and where it stands in the configuration.
type Query struct {
	strictyaml.Position
	Text string
}

// UnmarshalYAML reads a text and keeps its place.
func (q *Query) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return &diagnostic.Error{Line: n.Line, Col: n.Column, Msg: "a query in SQL is wanted here"}
	}
	*q = Query{Position: strictyaml.Position{Line: n.Line, Col: n.Column}, Text: n.Value}
	return nil
}

// At gives the place in the configuration of a character of the query, from 1.
// Config is the text of the configuration: a query of several lines is indented
// there by as much as its writer liked. Where the text has another form there,
// folded or with escapes, the place is that of the query as a whole.
func (q Query) At(config []byte, char int) strictyaml.Position {
	runes := []rune(q.Text)
	if char < 1 || char > len(runes)+1 {
		return q.Position
	}
	before := string(runes[:char-1])
	breaks := strings.Count(before, "\n")
	line := strings.Split(q.Text, "\n")[breaks]
	written := strings.Split(string(config), "\n")
	for _, number := range []int{q.Line, q.Line + 1} { // a block begins on the line after its sign
		number += breaks
		if number > len(written) || strings.TrimSpace(line) == "" {
			continue
		}
		if indent, _, found := strings.Cut(written[number-1], line); found {
			col := utf8.RuneCountInString(indent) + utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:])
			return strictyaml.Position{Line: number, Col: col + 1}
		}
	}
	return q.Position
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Limit gives Timeout as a duration; 0 where there is none.
func (p *Postgres) Limit() time.Duration {
	limit, _ := time.ParseDuration(p.Timeout) // validated by Validate
	return limit
}

// validatePostgres checks what can be told without the server.
func (s *Source) validatePostgres(bad *complaints) {
	p := s.Postgres
	if s.Files != "" {
		bad.add(p.Position, "make two sources of it", "source %q: files and postgres exclude each other", s.Name)
	}
	if format := s.Format.String(); format != "" || s.Format.Names != nil {
		bad.add(p.Position, "let the query write the values as they are wanted", "source %q: format is of files", s.Name)
	}
	if strings.TrimSpace(p.Query.Text) == "" {
		bad.add(p.Position, "", "source %q: postgres without a query", s.Name)
	}
	if p.URLEnv != "" && !variable.MatchString(p.URLEnv) { // it may be the secret itself
		bad.add(p.Position, "export AGENDA_URL=postgres://…, and write url_env: AGENDA_URL",
			"source %q: url_env is the name of a variable of the environment, not what it holds", s.Name)
	}
	if p.From != "" && p.HighWater == "" {
		bad.add(p.Position, "", "source %q: from is where high_water begins, and there is none", s.Name)
	}
	if limit, err := time.ParseDuration(p.Timeout); p.Timeout != "" && (err != nil || limit <= 0) {
		bad.add(p.Position, "a duration, such as 90s or 15m", "source %q: timeout %q is none", s.Name, p.Timeout)
	}
}
