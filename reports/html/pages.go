package html

import "html/template"

// Italy is the body of the national page.
type Italy struct {
	Changes  []Sentence
	Quiet    string // what to say when there are none, or how many were looked at
	Signals  *Table // strongest territorial signals
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

// Territory is the body of the page of a region or of a province. A region has
// Provinces and Mix, a province Siblings and Patronati.
type Territory struct {
	Sentences   []Sentence
	Quiet       string
	Agenda      []Sentence // what to bring to the table
	Indicators  *Table
	About       string // how to read them
	Charts      []Figure
	TrendsAbout string
	Provinces   *Table
	Siblings    []Link // the provinces of the same region
	Mix         *Figure
	MixNote     string // why there is none; ""
	Patronati   *Table // who contributes
	Services    *Table // in what; nil where the data do not tell
	Channels    *Table
	Training    *Table
	Protocol    *Table
}

// Indicator is the body of the page of an indicator.
type Indicator struct {
	Place      string // whose figures these are: Italy, or the territory of a pack
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

// Patronati is the body of the list of the patronati.
type Patronati struct{ Table *Table }

// Patronato is the body of the page of a patronato.
type Patronato struct {
	Tiles      []Tile // its parts of what all patronati do
	Quiet      string // in how many regions it works
	Indicators *Table // nil where no indicator tells it apart
	Outlines   template.HTML
	Maps       []Figure
	MapNote    string
	Regions    *Table // where it works; nil where the data do not tell
	Others     []Link
}

// Heat is a drawing that is a table at the same time: cells with the colour of
// their class, or bars in its rows.
type Heat struct {
	ID, Title, Finding string
	Legend             []LegendItem
	Table              *Table
	Source             string
}

// Training is the body of the page on training.
type Training struct {
	Tiles     []Tile
	Timelines []Figure // an indicator by measure each
	Heats     []Heat   // regions by measures
	Regions   *Table
}

// Protocol is the body of the page on the Protocol.
type Protocol struct {
	Tiles      []Tile
	Milestones *Table
	Courses    []Figure
	Outlines   template.HTML
	Maps       []Figure
	MapNote    string
	Missing    []Table  // which provinces lack what all should have
	Notices    []Figure // how long before a measure something was given
	Regions    *Table
}

// Proposals is the body of the page on what the patronati propose.
type Proposals struct {
	Tiles     []Tile
	Outcomes  *Heat
	Kinds     *Table
	Courses   []Figure
	Patronati *Table
	Regions   *Table
}

// Quality is the body of the page on the quality of the data.
type Quality struct {
	Sentences []Sentence
	Arrivals  []Heat // what came, by source and by territory
	Ledger    *Table
	Senders   *Heat // refused rows by rule and source
	Refused   *Table
	Checks    *Table
	Reading   string
	Pack      bool // of one territory: without what names a sender
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
