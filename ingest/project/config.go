package project

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/mapping"
	"tavolo/ingest/source"
	"tavolo/ingest/strictyaml"
)

// Config is what tavolo.yaml says. The zero value is a valid configuration
// without sources.
type Config struct {
	strictyaml.Position
	// Owner is the body whose report this is; it stands in each page's foot.
	Owner string `yaml:"owner"`
	// AsOf is the day that the figures are about (2006-01-02); today when empty.
	// What lies after it counts as not yet known: months are complete, and
	// windows closed, as they were on that day.
	AsOf string `yaml:"as_of"`
	// Languages are those of the report, the first one being its own; it and en when empty.
	Languages []string `yaml:"languages"`
	// Synthetic says that the rows are invented; every page then says so.
	Synthetic bool `yaml:"synthetic"`
	// Targets replaces the target of indicators, by id, in the indicator's unit (a share is 0–1).
	Targets map[string]float64 `yaml:"targets"`
	// Standards are the numbers that definitions depend on.
	Standards Standards `yaml:"standards"`
	// Disclosure is the protection of small counts.
	Disclosure Disclosure `yaml:"disclosure"`
	// Engine bounds the SQL engine.
	Engine Engine `yaml:"engine"`
	// Limits bound what a source file may cost: see [source.Limits].
	Limits source.Limits `yaml:"limits"`
	// Maps are the boundaries that maps are drawn with; the built-in ones of the regions when empty.
	Maps []Map `yaml:"maps"`
	// Sources are the mappings from files and queries to logs.
	Sources []mapping.Source `yaml:"sources"`
}

// Standards are the numbers that enter definitions.
type Standards struct {
	// AppointmentWorkingDays is the standard wait for an appointment; 7 when 0.
	AppointmentWorkingDays int `yaml:"appointment_working_days"`
	// ResponseHours is the standard of a first answer; 48 when 0.
	ResponseHours int `yaml:"response_hours"`
	// DecisionDays is the standard of a decision on an application, in calendar days; 30 when 0.
	DecisionDays int `yaml:"decision_days"`
	// FollowUpDays is how long nobody may come back after a contact that solved it; 30 when 0.
	FollowUpDays int `yaml:"follow_up_days"`
	// TablesPerHalfYear is how many technical tables a territory plans for a half-year; 2 when 0.
	TablesPerHalfYear int `yaml:"tables_per_half_year"`
}

// Disclosure configures the protection of small counts.
type Disclosure struct {
	// Threshold is the smallest count of persons that is shown; 5 when 0, never below 3.
	Threshold int `yaml:"threshold"`
}

// Engine bounds the SQL engine.
type Engine struct {
	// Memory is the most that it may use, such as 2GB; 2GB when empty.
	Memory string `yaml:"memory"`
	// Threads is the number of threads; one a core when 0.
	Threads int `yaml:"threads"`
}

// Project is a project folder with its configuration.
type Project struct {
	Dir
	Config
}

// languages are those that reports exist in.
var languages = []string{"it", "en"}

// Open reads the configuration of the project in dir. Errors are
// [diagnostic.Error]s with positions, and all that are found are joined; a
// folder without tavolo.yaml gives an error that says how to make one.
func Open(dir string) (*Project, error) {
	p := &Project{Dir: Dir(dir)}
	text, err := os.ReadFile(p.Dir.Config())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &diagnostic.Error{
			File: p.Dir.Config(), Err: errors.New("no such file; this is not a project folder"),
			Hint: `"tavolo init ` + dir + `" makes one; --project names another folder`,
		}
	}
	if err != nil {
		return nil, &diagnostic.Error{File: p.Dir.Config(), Err: cause(err)}
	}
	if err := strictyaml.Decode(p.Dir.Config(), text, &p.Config); err != nil {
		return nil, err
	}
	if err := p.validate(); err != nil {
		return nil, err
	}
	return p, nil
}

// Day gives AsOf as a moment: the start of that day in loc, or now when it is empty.
func (c *Config) Day(now func() time.Time, loc *time.Location) time.Time {
	if c.AsOf == "" {
		return now()
	}
	day, _ := time.ParseInLocation(time.DateOnly, c.AsOf, loc) // validated by Open
	return day
}

// ReportLanguages gives Languages or the default.
func (c *Config) ReportLanguages() []string {
	if len(c.Languages) == 0 {
		return slices.Clone(languages)
	}
	return c.Languages
}

// validate checks what the shape of the file does not.
func (p *Project) validate() error {
	var errs []error
	complain := func(at strictyaml.Position, hint, format string, args ...any) {
		errs = append(errs, &diagnostic.Error{
			File: p.Dir.Config(), Line: at.Line, Col: at.Col, Msg: fmt.Sprintf(format, args...), Hint: hint,
		})
	}
	top := strictyaml.Position{Line: p.Line}
	if _, err := time.Parse(time.DateOnly, p.AsOf); p.AsOf != "" && err != nil {
		complain(top, "", "as_of %q: not a day of the form 2024-12-31", p.AsOf)
	}
	for _, language := range p.Languages {
		if !slices.Contains(languages, language) {
			complain(top, "reports exist in it and en", "languages %q: no such language", language)
		}
	}
	if t := p.Config.Disclosure.Threshold; t != 0 && t < 3 {
		complain(top, "the rules of the Italian statistical system allow no less", "disclosure.threshold %d: below 3", t)
	}
	if err := p.Limits.Validate(); err != nil {
		complain(top, "0 or leaving it out means the default", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	for _, id := range slices.Sorted(maps.Keys(p.Targets)) {
		if p.Targets[id] < 0 {
			complain(top, "", "targets.%s: below 0", id)
		}
	}
	p.validateMaps(complain)
	sources := p.validateSources(complain)
	return errors.Join(append(errs, sources)...)
}

// validateSources checks each source by itself and against the contract of its log.
func (p *Project) validateSources(complain func(strictyaml.Position, string, string, ...any)) error {
	var errs []error
	names := map[string]int{}
	for i := range p.Sources {
		s := &p.Sources[i]
		switch line, twice := names[s.Name]; {
		case s.Name == "":
			complain(s.Position, "", "source %d: no name", i+1)
		case twice:
			complain(s.Position, "", "source %q: the name is already used in line %d", s.Name, line)
		}
		names[s.Name] = s.Line
		if !slices.Contains(contract.Logs(), s.Log) {
			hint := diagnostic.DidYouMean(s.Log, contract.Logs())
			complain(s.Position, hint, "source %q: log %q: no such log", s.Name, s.Log)
			continue
		}
		if c, err := contract.Load(s.Log); err != nil {
			errs = append(errs, err)
		} else if err := s.Validate(c, p.Dir.Config()); err != nil {
			errs = append(errs, err)
		}
		if s.Postgres != nil {
			continue
		}
		if s.Files == "" {
			complain(s.Position, "a path or a glob, such as drops/agenda/*.csv; or a query under postgres", "source %q: no files", s.Name)
		} else if _, err := filepath.Match(s.Files, ""); err != nil {
			complain(s.Position, "", "source %q: files %q: not a valid pattern", s.Name, s.Files)
		}
	}
	return errors.Join(errs...)
}

// cause strips the path that [fs.PathError] repeats.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
