package html

import (
	"strconv"
	"strings"
)

// Mapped is what the map of the national page, or of a region's, shows of each indicator
// that can be chosen for it, as the program writes it: the script puts it in place.
type Mapped struct {
	Drawn      string            `json:"d"` // the one that the page draws
	Often      []OftenCell       `json:"o"` // of the packer of the Rows
	Indicators []MappedIndicator `json:"i"`
}

// MappedIndicator is what the map shows of one indicator.
type MappedIndicator struct {
	ID      string      `json:"i"`
	Title   string      `json:"n"`
	Theme   string      `json:"m,omitempty"` // "" for that of the indicator before
	Href    string      `json:"h"`           // of its page
	Finding string      `json:"f"`
	Caption string      `json:"c"` // of the table
	Legend  [][2]string `json:"l"` // class of a colour, and its text
	Colours string      `json:"q"` // a digit for each row: 1 … 5, 0 without a value
	Rows    Packed      `json:"r"` // of the table, whose first column leads where the area of the map does
}

// Packer writes the rows of tables in few letters, for a script to put into a table that
// has the same rows and columns. Of a cell it holds Text, Sort, Class and Mark. The zero
// value is ready.
type Packer struct {
	Often []OftenCell // cells that are words, which recur
	at    map[OftenCell]int
}

// OftenCell is a cell that recurs.
type OftenCell struct {
	Text  string `json:"t,omitempty"`
	Sort  string `json:"s,omitempty"`
	Class string `json:"c,omitempty"`
	Kind  string `json:"k,omitempty"` // of its mark; Text is the mark's, then
	Tone  string `json:"e,omitempty"`
}

// Rows packs the cells of each row from a column on, parted by |: the text of a figure,
// its key of order after ^ and its class after !, where it has them; or @ and the place
// in Often of a cell of words. Nothing after ^ stands for the digits of the text. Where a
// page shows a table already, like, a cell that is the same there is empty; nil for none.
func (p *Packer) Rows(t, like *Table, from int) Packed {
	rows := make(Packed, len(t.Rows))
	for n := range t.Rows {
		var cells []string
		for k := from; k < len(t.Rows[n].Cells); k++ {
			cell := p.cell(&t.Rows[n].Cells[k])
			if like != nil && p.cell(&like.Rows[n].Cells[k]) == cell {
				cell = ""
			}
			cells = append(cells, cell)
		}
		rows[n] = strings.Join(cells, "|")
	}
	return rows
}

func (p *Packer) cell(c *Cell) string {
	class := c.Class
	if class == "ok" {
		class = ""
	}
	if c.Mark == nil && strings.ContainsAny(c.Text, "0123456789") && !strings.ContainsAny(c.Text, "|^!@;") {
		text := c.Text
		if c.Sort != "" {
			text += "^"
			if c.Sort != digitsOf(c.Text) {
				text += c.Sort
			}
		}
		if class != "" {
			text += "!" + class
		}
		return text
	}
	cell := OftenCell{Text: c.Text, Sort: c.Sort, Class: class}
	if c.Mark != nil {
		cell.Text, cell.Kind, cell.Tone = c.Mark.Text, c.Mark.Kind, c.Mark.Tone
	}
	if p.at == nil {
		p.at = map[OftenCell]int{}
	}
	at, ok := p.at[cell]
	if !ok {
		at = len(p.Often)
		p.Often, p.at[cell] = append(p.Often, cell), at
	}
	return "@" + strconv.Itoa(at)
}

// digitsOf are the digits of a text, which of a whole number are its key of order.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// Periods is the table of territories of an indicator in each period that can be chosen,
// the one that the page shows being the first.
type Periods struct {
	Often   []OftenCell `json:"o"` // of the packer of the Rows
	Periods []Period    `json:"p"`
}

// Period is that table in one period.
type Period struct {
	ID      string `json:"i"`
	Title   string `json:"n"`
	Caption string `json:"c"`
	Said    string `json:"f"` // what tells of the choice, and of what it lacks
	Rows    Packed `json:"r"` // in the order of the table, from its third column on; one empty text of the first
}
