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
	Often   []OftenCell // cells that are words, which recur
	Endings []string    // of the figures of each packed column, see Share
	at      map[OftenCell]int
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
// An ending that the figures of a column share is left out, and = stands before a figure
// without it.
func (p *Packer) Rows(t, like *Table, from int) Packed {
	rows := make(Packed, len(t.Rows))
	for n := range t.Rows {
		var cells []string
		for k := from; k < len(t.Rows[n].Cells); k++ {
			ending := ""
			if k-from < len(p.Endings) {
				ending = p.Endings[k-from]
			}
			cell := p.cell(&t.Rows[n].Cells[k], ending)
			if like != nil && p.cell(&like.Rows[n].Cells[k], ending) == cell {
				cell = ""
			}
			cells = append(cells, cell)
		}
		rows[n] = strings.Join(cells, "|")
	}
	return rows
}

// Share finds out what the figures of each column of a table, from one on, end with: what
// follows the last digit of the first one.
func (p *Packer) Share(t *Table, from int) {
	p.Endings = make([]string, max(len(t.Columns)-from, 0))
	for k := range p.Endings {
		for n := range t.Rows {
			c := &t.Rows[n].Cells[k+from]
			if last := strings.LastIndexAny(c.Text, "0123456789"); last >= 0 && isFigure(c) {
				p.Endings[k] = c.Text[last+1:]
				break
			}
		}
	}
}

// isFigure tells of a cell that is packed as a figure.
func isFigure(c *Cell) bool {
	return c.Mark == nil && strings.ContainsAny(c.Text, "0123456789") && !strings.ContainsAny(c.Text, "|^!@;=")
}

func (p *Packer) cell(c *Cell, ending string) string {
	class := c.Class
	if class == "ok" {
		class = ""
	}
	if isFigure(c) {
		text, shares := strings.CutSuffix(c.Text, ending)
		if !shares {
			text = "=" + text
		}
		if digits := digitsOf(text); c.Sort != "" {
			text += "^"
			if c.Sort != digits {
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
