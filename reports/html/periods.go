package html

// Periods is what an indicator's page shows of each period that can be chosen, the one
// that it is written for being the first.
type Periods struct {
	Inputs  string            `json:"-"` // names all that the rest follows from, when that is made later than the view; ""
	Often   []OftenCell       `json:"o"` // of the packer of the Rows
	Endings []string          `json:"e"` // of it too
	Levels  string            `json:"l"` // of the rows of the table: a letter each, i of Italy, r of a region, p of a province
	Columns Places            `json:"k"`
	Words   map[string]string `json:"w"` // that the drawings need: unjudged, caution, rows, csv
	Periods []Period          `json:"p"`
}

// Places are those of columns in the table of territories, counted from 0, which has
// those alone that tell something; -1 is none.
type Places struct {
	N        int `json:"n"`
	Value    int `json:"v"`
	Interval int `json:"i"`
	Position int `json:"p"`
	Class    int `json:"c"`
}

// Period is the table of territories in one period, and what the figures of comparison
// show of it beside the rows of that table.
type Period struct {
	ID      string    `json:"i"`
	Title   string    `json:"n"`
	Caption string    `json:"c"`
	Said    string    `json:"f"` // what tells of the choice, and of what it lacks
	Rows    Packed    `json:"r"` // in the order of the table, from its third column on; one empty text of the first
	Drawn   []Redrawn `json:"d,omitempty"`
}

// Redrawn is one figure in another period than that of the page. Its points are the rows
// of the table: so a figure that is withheld there cannot be in it.
type Redrawn struct {
	ID      string      `json:"i"` // of the figure: intervals, funnel-region, map, …
	Finding string      `json:"f"` // with the period and the number of cases; or why there is nothing to draw
	Reading string      `json:"r,omitempty"`
	X       *Axis       `json:"x,omitempty"` // nil of a map, and where there is nothing to draw
	Y       *Axis       `json:"y,omitempty"` // nil of intervals, whose rows are names
	Column  int         `json:"k,omitempty"` // of the table, whose values the points have
	Limits  Packed      `json:"c,omitempty"` // of a funnel: a size and the limits there, 99.8% above and below, 95% above and below, in parts of ten thousand of their axes; "-" beyond the frame
	Ends    Packed      `json:"w,omitempty"` // of intervals: both ends for each row of a region, in such parts; "" for none
	Centre  float64     `json:"m,omitempty"` // what is compared with
	Label   string      `json:"b,omitempty"` // of the centre
	Colours string      `json:"q,omitempty"` // of a map: a digit for each row of its level
	Legend  [][2]string `json:"l,omitempty"` // of a map: class of a colour, and its text
}

// Axis is one side of a drawing.
type Axis struct {
	Name  string      `json:"n,omitempty"`
	Min   float64     `json:"a"`
	Max   float64     `json:"b"`
	Log   bool        `json:"l,omitempty"`
	Ticks [][2]string `json:"t"`           // value and label
	Room  int         `json:"r,omitempty"` // of the labels of an upright one, in pixels; beyond the end of the other, where it is more than usual
}
