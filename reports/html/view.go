package html

import (
	"encoding/json"
	"html/template"
	"strings"
	"time"
)

// Link leads to another place of the site.
type Link struct {
	Text, Href string
	Lang       string // of the target, where it differs from the page's; else ""
	Current    bool   // it leads to where the reader is
}

// Page is one page: the frame that all share, and its own Body.
type Page struct {
	Lang      string
	Path      string // relative to the site's folder, with slashes
	Title     string // of the browser's window
	Heading   string // the one h1
	Lead      string // a sentence under it
	Facts     []Fact // short facts under the lead
	Crumbs    []Link // from the top to here; the last one is Current
	Nav       []Link
	Languages []Link // the same page in each language
	Contents  []Link // the sections of the page; none for a short page
	Banner    string // a warning on every page, such as synthetic data; ""
	Owner     string
	Footer    []string
	Code      string `digest:"-"` // names what the page shows, see Digest; "" leaves it out
	PDF       string // address of the page as PDF; ""
	Data      Data
	Compare   *Link  // to the comparison of what the page is about; nil
	Kind      string // template of the body, as page.html lists them
	Body      any    // what that template takes
}

// Fact is a name and a value.
type Fact struct {
	Name, Value string
	Moment      string // that Value writes, see [Moment]; "" when it is no moment
}

// Moment is a moment for machines: in RFC 3339 and UTC, to the second; "" when it is zero.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(momentLayout)
}

const momentLayout = "2006-01-02T15:04:05Z"

// Data is the content of the page's one block of JSON.
type Data struct {
	Charts  map[string]json.RawMessage `json:"charts"`  // chart id → ECharts options; those of a Drawing with Inputs come with its HTML
	Search  []SearchGroup              `json:"search"`  // what the search box finds
	Words   map[string]string          `json:"words"`   // texts that the script shows
	Library string                     `json:"library"` // address of the chart library
	Compare *Comparison                `json:"compare,omitempty"`
	Maps    *Mapped                    `json:"maps,omitempty"`
	Periods *Periods                   `json:"periods,omitempty"`
}

// SearchGroup is the things of one kind that the search box finds. They are on every
// page, and so are told in few letters.
type SearchGroup struct {
	Kind    string      `json:"k"` // region, province, indicator, in the page's language
	Folder  string      `json:"d"` // of their pages, as seen from this one, with the last slash
	Entries [][2]string `json:"e"` // what each is called, and the name of its page without .html
}

// Mark is a judgement: a shape and words, never a colour alone.
type Mark struct {
	Kind string // improvement, concern, change, common, trial, met, missed, mixed, above, below, far-above, far-below, inside
	Tone string // better, worse, neutral: the colour that goes with it
	Text string // the words
	Long string // the words at length, for those who ask; may be empty
}

// Value is a figure as it is shown.
type Value struct {
	Text     string // "12,3 %", or the word for why there is none
	Number   string // the number alone, where the unit is a word that is set smaller; ""
	Unit     string // that word
	Interval string // "11,0 – 13,7 %"; "" when there is none
	N        string // "1.234"; "" when it is not known
	Note     string // what qualifies it: small, immature, hidden, absent; ""
	Class    string // result.Class: ok, small, immature, hidden, no_data
}

// Figure is a chart with all that belongs to it.
type Figure struct {
	ID      string
	Title   string
	Finding string       // what it shows, as a sentence
	Reading string       // how to read it; may be empty
	Drawing *Drawing     // static SVG, made by the svg package or by a template
	IsMap   bool         // and is called so where it is heard alone, and not a chart
	Wide    bool         // it takes the width of the page, and scrolls where there is less
	Live    bool         // Data.Charts holds options under ID
	Legend  []LegendItem // what its shapes and colours mean
	Table   *Table       // the same figures
	Rows    string       // where the same figures are, when they have no table of their own; ""
	// RowsText leads there; "" for the table of all territories.
	RowsText string
	Source   string // source, n, state of the data
}

// Drawing is a picture that may be made later than the view that holds it, when the page
// is written: a page that is as it was needs none.
type Drawing struct {
	Inputs string // names all that HTML follows from, when that is made later; ""
	HTML   template.HTML
}

// LegendItem explains one shape of a drawing.
type LegendItem struct {
	Shape string // area, circle, up, down, diamond, square, hollow, solid, dashed, dotted, bar, frame
	Class string // its colour: q1 … q5 of an area, else the name of a custom property
	Text  string
}

// Table is a table of figures.
type Table struct {
	ID       string
	Caption  string
	Columns  []Column // the first one heads the rows
	Rows     []Row
	Files    []Download // the same rows in other forms
	Sortable bool
	Filter   string // label of the box that filters its rows; "" for none
	Notes    []string
}

// Download leads to a file that holds a table.
type Download struct {
	Href string
	Text string // "CSV, 4 kB"
	Long string // what it is, to those who hear it alone; begins with Text
}

// Column is a column of a Table.
type Column struct {
	Key     string // its name for machines, the same in every language: value, territory
	Title   string
	Numeric bool
	Long    string // title at length; may be empty
	Judged  bool   // the class of its figures stands in a column of its own
}

// Row is a row of a Table. A row with a Group alone is a heading over the rows that follow.
type Row struct {
	ID    string // anchor; ""
	Group string
	Cells []Cell
}

// Cell is a cell of a Table. Plain and Also are what the exports take from it: no
// template may show them, as the digest of a page leaves them out.
type Cell struct {
	Text  string
	Href  string
	Lang  string        // of Text, where it is always the same one; ""
	Sub   string        // second line, smaller
	Sort  string        // what to sort by, when not the text; the Moment of a cell that writes one
	Mark  *Mark         // shown after the text
	Draw  template.HTML // a drawing such as a sparkline; no export has it
	Plain Datum         `digest:"-"` // what the cell stands for, when not for its text
	Also  []Part        `digest:"-"` // what Sub says, where that is more than a text
	Class string        // result.Class of the figure
	Heat  string        // q1 … q5: the class of the figure among those of a heat map; ""
}

// Sentence is a finding in words.
type Sentence struct {
	Mark Mark
	Lead string // the subject, in bold
	Text string
	Href string // where to look closer
	More string // text of that link
}

// Label names the link for those who meet it alone, in a list of the page's links:
// that of each sentence has the same text.
func (s Sentence) Label() string { return s.More + ": " + strings.TrimSuffix(s.Lead, ":") }
