package html

import "html/template"

// Italy is the body of the national page.
type Italy struct {
	Changes  []Sentence
	Folded   []Sentence // further ones, that are folded away
	Quiet    string     // what to say when there are none, or how many were looked at
	Signals  *Table     // strongest territorial signals
	Themes   []Theme
	Outlines template.HTML // shapes of the regions, shared by the maps of the page
	Maps     []Figure
	MapNote  string
	Regions  *Table
}

// Theme is a group of tiles.
type Theme struct {
	ID, Title, Description string
	Tiles                  []Tile
}

// Tile is one indicator in a glance.
type Tile struct {
	Title, Href string
	Value       Value
	Target      string // "obiettivo ≤ 7,6 %"; ""
	Change      string // against a year before; ""
	Spark       template.HTML
	Variation   *Mark
	Assurance   *Mark
}

// Region is the body of the page of a region.
type Region struct {
	Sentences  []Sentence
	Folded     []Sentence // further ones, that are folded away
	Quiet      string
	Indicators *Table
	Charts     []Figure
	Provinces  *Table
	Mix        *Figure
	MixNote    string
}

// Indicator is the body of the page of an indicator.
type Indicator struct {
	Tile       Tile
	Definition []Fact
	Not        string
	Control    *Figure
	Funnels    []Figure
	Intervals  *Figure
	Outlines   template.HTML
	Map        *Figure
	Table      *Table
	Breakdowns []Figure
	Mix        *Table
	MixNote    string
	SQL        string
	SQLName    string
	Provenance []Fact
	MethodHref string
}

// Quality is the body of the page on the quality of the data.
type Quality struct {
	Sentences []Sentence
	Ledger    *Table
	Refused   *Table
	Checks    *Table
	Reading   string
}

// Method is the body of the page on method and provenance.
type Method struct {
	Definitions *Table
	Sections    []Section
	Versions    *Table
	Snapshots   *Table
	Batches     *Table
}

// Section is a titled text.
type Section struct {
	ID, Title  string
	Paragraphs []string
}
