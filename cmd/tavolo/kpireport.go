package main

import (
	"math"
	"time"

	"tavolo/transform"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// indicatorReport is an indicator in the JSON that show prints.
type indicatorReport struct {
	ID              string          `json:"id"`
	Theme           string          `json:"theme"`
	Title           string          `json:"title"`
	Description     string          `json:"description"`
	Not             string          `json:"not"`
	NumeratorText   string          `json:"numerator_text"`
	DenominatorText string          `json:"denominator_text"`
	Statistic       kpi.Statistic   `json:"statistic"`
	Formula         string          `json:"formula"`
	Unit            kpi.Unit        `json:"unit"`
	Direction       kpi.Direction   `json:"direction"`
	Target          *float64        `json:"target,omitempty"`
	TargetOn        string          `json:"target_on,omitempty"`
	MinDenominator  float64         `json:"min_denominator"`
	MaturityDays    int             `json:"maturity_days"`
	Interval        kpi.Interval    `json:"interval"`
	Strata          []string        `json:"strata"`
	Breakdowns      []kpi.Breakdown `json:"breakdowns"`
	Levels          []string        `json:"levels"`
	Disclosure      kpi.Disclosure  `json:"disclosure"`
	Mart            string          `json:"mart"`
	MartFile        string          `json:"mart_file"`
	MartSQL         string          `json:"mart_sql"`
	Latest          []figureReport  `json:"latest_of_italy"`
}

func (s *shownIndicator) report(lang string) indicatorReport {
	r := indicatorReport{
		ID: s.ID, Theme: s.Theme, Title: s.Title.In(lang), Description: s.Description.In(lang), Not: s.Not.In(lang),
		NumeratorText: s.NumeratorText.In(lang), DenominatorText: s.DenominatorText.In(lang),
		Statistic: s.Statistic, Formula: formula(s.Indicator), Unit: s.Unit, Direction: s.Direction,
		Target: s.Target, TargetOn: s.TargetOn, MinDenominator: s.MinDenominator, MaturityDays: s.MaturityDays,
		Interval: s.Interval, Strata: append([]string{}, s.Strata...), Breakdowns: append([]kpi.Breakdown{}, s.Breakdowns...),
		Levels: s.Levels, Disclosure: s.Disclosure, Mart: s.Mart, MartFile: s.martFile, MartSQL: s.martSQL, Latest: []figureReport{},
	}
	for i := range s.latest {
		r.Latest = append(r.Latest, reportOfFigure(&s.latest[i]))
	}
	return r
}

// figureReport is a published figure. What is not there, or withheld, is null.
type figureReport struct {
	Territory         string       `json:"territory_code"`
	Period            result.Grain `json:"period"`
	Start             string       `json:"start"`
	Breakdown         string       `json:"breakdown,omitempty"`
	Item              string       `json:"item,omitempty"`
	Class             result.Class `json:"class"`
	Value             *float64     `json:"value"`
	Lower             *float64     `json:"lower"`
	Upper             *float64     `json:"upper"`
	P90               *float64     `json:"p90,omitempty"`
	Numerator         *float64     `json:"numerator"`
	Denominator       *float64     `json:"denominator"`
	Open              *float64     `json:"open,omitempty"`
	RoundedTo         *float64     `json:"rounded_to,omitempty"`
	Standardised      *float64     `json:"standardised,omitempty"`
	StandardisedLower *float64     `json:"standardised_lower,omitempty"`
	StandardisedUpper *float64     `json:"standardised_upper,omitempty"`
	Funnel            string       `json:"funnel,omitempty"`
	Shrunk            *float64     `json:"shrunk,omitempty"`
	RankLower         *float64     `json:"rank_lower,omitempty"`
	RankUpper         *float64     `json:"rank_upper,omitempty"`
	Previous          *float64     `json:"previous,omitempty"`
	YearAgo           *float64     `json:"year_ago,omitempty"`
}

func reportOfFigure(c *result.Cell) figureReport {
	return figureReport{
		Territory: c.Territory, Period: c.Grain, Start: c.Start.Format(time.DateOnly), Breakdown: c.Breakdown, Item: c.Item, Class: c.Class,
		Value: known(c.Value), Lower: known(c.Lower), Upper: known(c.Upper), P90: known(c.P90),
		Numerator: known(c.Numerator), Denominator: known(c.Denominator), Open: known(c.Open), RoundedTo: known(c.RoundedTo),
		Standardised: known(c.Standardised), StandardisedLower: known(c.StdLower), StandardisedUpper: known(c.StdUpper),
		Funnel: c.Funnel, Shrunk: known(c.Shrunk), RankLower: known(c.RankLower), RankUpper: known(c.RankUpper),
		Previous: known(c.Previous), YearAgo: known(c.YearAgo),
	}
}

// known is a number, or nil for one that is absent.
func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

// explanationReport is what explain prints with --json.
type explanationReport struct {
	RunID     string           `json:"run_id"`
	Indicator string           `json:"indicator"`
	Figure    figureReport     `json:"figure"`
	Withheld  string           `json:"withheld,omitempty"`
	From      string           `json:"from_month"`
	To        string           `json:"to_month"`
	Parts     []partReport     `json:"parts"`
	Rows      []map[string]any `json:"mart_rows,omitempty"`
	Query     string           `json:"query,omitempty"`
	Mart      string           `json:"mart"`
	MartSQL   string           `json:"mart_sql"`
	Snapshots []snapshotReport `json:"snapshots"`
	Batches   []originReport   `json:"batches"`
	Outdated  []string         `json:"newer_rows_in,omitempty"`
}

type partReport struct {
	By     string       `json:"by"`
	Name   string       `json:"name"`
	Figure figureReport `json:"figure"`
}

type snapshotReport struct {
	Log        string    `json:"log"`
	SnapshotID int64     `json:"snapshot_id"`
	At         time.Time `json:"committed_at"`
	Rows       int64     `json:"rows"`
}

type originReport struct {
	Log        string    `json:"log"`
	Source     string    `json:"source"`
	File       string    `json:"file"`
	BatchID    string    `json:"batch_id"`
	Accepted   int       `json:"accepted_lines"`
	IngestedAt time.Time `json:"ingested_at"`
	AllMonths  bool      `json:"of_any_month,omitempty"`
}

func reportOfExplanation(x *transform.Explanation) explanationReport {
	r := explanationReport{
		RunID: x.Run.ID, Indicator: x.Indicator.ID, Figure: reportOfFigure(&x.Cell), From: x.From.Format("2006-01"), To: x.To.Format("2006-01"),
		Parts: []partReport{}, Rows: objects(x.Rows), Query: x.Query, Mart: x.Indicator.Mart, MartSQL: x.Mart,
		Snapshots: []snapshotReport{}, Batches: []originReport{}, Outdated: x.Outdated,
	}
	if x.Cell.Class == result.Hidden || x.Cell.Uncounted() {
		r.Withheld = withheldReason(x)
	}
	for i := range x.Parts {
		r.Parts = append(r.Parts, partReport{x.Parts[i].By, x.Parts[i].Name, reportOfFigure(&x.Parts[i].Cell)})
	}
	for _, s := range x.Snapshots {
		r.Snapshots = append(r.Snapshots, snapshotReport{s.Table, s.ID, s.At, s.Rows})
	}
	for _, o := range x.Origins {
		e := o.Entry
		r.Batches = append(r.Batches, originReport{o.Log, e.Source, e.File, e.BatchID, e.Accepted.Lines, e.IngestedAt, o.AllMonths})
	}
	return r
}

// objects gives the rows of a result with their columns' names; nil of none.
func objects(answer *duckdb.Result) []map[string]any {
	if answer == nil {
		return nil
	}
	rows := []map[string]any{}
	for _, row := range answer.Rows {
		object := map[string]any{}
		for i, value := range row {
			if at, ok := value.(time.Time); ok {
				value = at.Format(time.DateOnly)
			}
			object[answer.Columns[i].Name] = value
		}
		rows = append(rows, object)
	}
	return rows
}
