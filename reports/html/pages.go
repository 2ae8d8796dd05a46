package html

import (
	"fmt"
	"html/template"
	"strings"
)

// Italy is the body of the national page.
type Italy struct {
	Glance   []Tally // how many judgements of each kind
	KeyHref  string  // where the marks are explained
	Changes  []Sentence
	Folded   []Sentence // further ones, that are folded away
	Quiet    string     // what to say when there are none, or how many were looked at
	Signals  *Table     // strongest territorial signals
	Themes   []Theme
	Outlines template.HTML // shapes of the regions, shared by the maps of the page
	Maps     []Figure
	MapNote  string
	MapLinks []Link  // to the maps of other indicators
	Chosen   *Figure // the map of a chosen indicator, which a script shows; nil
	Regions  *Table
}

// Tally is how many judgements of each kind there are of some things.
type Tally struct {
	Title string // what is counted, and of how many
	Marks []CountedMark
	Note  string
}

// CountedMark is a judgement and how often it was given.
type CountedMark struct {
	Mark Mark
	N    int
	Text string // N, written
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
	P90         string // the ninetieth percentile of a distribution; ""
	Target      string // "obiettivo ≤ 7,6 %"; ""
	Change      string // against a year before; ""
	Spark       template.HTML
	Variation   *Mark
	Assurance   *Mark
}

// Territory is the body of the page of a region or of a province. A region has
// Provinces, Map and Mix, a province Siblings and Patronati.
type Territory struct {
	Sentences   []Sentence
	Folded      []Sentence // further ones, that are folded away
	Quiet       string
	Agenda      []Sentence // what to bring to the table
	Indicators  *Table
	About       string   // how to read them
	Cautions    []string // how many of them are withheld, of few cases or provisional
	Charts      []Figure
	TrendsAbout string
	Provinces   *Table
	Map         *Figure // of the provinces, by an indicator that is chosen; nil
	MapAbout    string
	Outlines    template.HTML // shapes of that map
	Siblings    []Link        // the provinces of the same region
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
	Map        *Figure // of the regions
	Provinces  *Figure // the map of the provinces; nil without boundaries of them
	Table      *Table
	TableTitle string // whose it is
	Choosable  bool   // its period is chosen from those in the page's data
	Breakdowns []Figure
	Handled    *Table // who handles what; nil
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
	Services   *Table // in what it works; nil where the data do not tell
	Handled    string // of how many services it has figures
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
	Restated  *Restated
	Checks    *Table
	Reading   string
	Pack      bool // of one territory: without what names a sender
}

// Arrivals is the body of the page on the days of one month.
type Arrivals struct {
	Figure *Figure
	Quiet  string // how many territories owe nothing
	Months []Link
}

// Restated is the part of that page on what moved since the publication before.
type Restated struct {
	Text  string   // what is compared with what, or why nothing is
	None  string   // what to say when nothing moved; ""
	Moves *Table   // the greatest restatements; nil when there are none
	Files *Table   // the files behind them; nil when there are none
	Notes []string // what else moved
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

// Compare is the body of the page that sets one territory beside others. What there is
// to choose from is in the page's Comparison, for the script that shows the choice.
type Compare struct {
	Static *Table // Italy and the regions, which needs no script
	Links  []Link // the pages of the regions
}

// Comparison is the figures that the page of comparisons chooses from. It holds
// what the other pages show, as they write it, and nothing else.
type Comparison struct {
	Territories []ComparedTerritory `json:"territories"`
	Indicators  []ComparedIndicator `json:"indicators"`
	Words       map[string]string   `json:"words"`
}

// ComparedTerritory is a territory and those that it is set beside. The search of the
// page knows where its own page is.
type ComparedTerritory struct {
	Code      string   `json:"c"`
	Name      string   `json:"n"`
	Region    string   `json:"r,omitempty"` // code of the region of a province
	Peers     string   `json:"p,omitempty"` // codes, the nearest first, with a space between them
	SizeClass [2]int64 `json:"s"`           // its class by size, of so many
}

// ComparedIndicator is an indicator with a figure for each territory, in their order.
// The search knows its page, too.
type ComparedIndicator struct {
	ID             string `json:"i"`
	Title          string `json:"n"`
	Theme          string `json:"m,omitempty"` // "" for that of the indicator before
	Suffix         string `json:"u,omitempty"` // what its figures end with
	IntervalSuffix string `json:"v,omitempty"` // what its intervals end with
	Standardised   bool   `json:"s,omitempty"`
	Above          string `json:"b,omitempty"` // the tone of a place above the limits, better or worse, that below them being the other; "" for neither
	Figures        Packed `json:"f"`           // see reports; "" where it has none
}

// Packed is short texts that stand in JSON as one, parted by semicolons: thousands of
// quotation marks and commas are a tenth of a page.
type Packed []string

// MarshalText gives the one text; an error when a semicolon is within one of the short.
func (p Packed) MarshalText() ([]byte, error) {
	for _, text := range p {
		if strings.ContainsRune(text, ';') {
			return nil, fmt.Errorf("%q has a semicolon, which parts the figures", text)
		}
	}
	return []byte(strings.Join(p, ";")), nil
}

// UnmarshalText takes the one text apart.
func (p *Packed) UnmarshalText(text []byte) error {
	*p = strings.Split(string(text), ";")
	return nil
}
