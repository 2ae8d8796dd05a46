package reports

import (
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
)

// export writes the rows of a table as a CSV file beside the page and leads to
// it. The file holds what the table shows: withheld figures stay withheld.
//
// Italian files have ; between columns and a decimal comma, English ones a
// comma and a point, as the spreadsheets of either language expect; both begin
// with a byte order mark, without which Excel takes UTF-8 for something else.
func (b *builder) export(id string, t *html.Table) *html.Table {
	if t == nil {
		return nil
	}
	separator := ","
	if b.lang == "it" {
		separator = ";"
	}
	var out strings.Builder
	out.WriteString("\ufeff")
	line := func(fields []string) {
		for i, field := range fields {
			if i > 0 {
				out.WriteString(separator)
			}
			out.WriteString(quoted(field, separator))
		}
		out.WriteString("\r\n")
	}
	titles := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		titles[i] = defused(column.Title)
	}
	line(titles)
	for _, row := range t.Rows {
		if row.Group != "" {
			continue
		}
		fields := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			fields[i] = exported(cell)
		}
		line(fields)
	}
	file := strings.TrimSuffix(b.path, ".html") + "-" + id + ".csv"
	b.exports[file] = []byte(out.String())
	t.CSV = path.Base(file)
	return t
}

// exported is a cell as text: the plain number where it has one.
func exported(c html.Cell) string {
	switch {
	case c.Plain != "":
		return c.Plain
	case c.Text == "" && c.Mark != nil:
		return defused(c.Mark.Text)
	}
	return defused(c.Text)
}

// defused keeps a spreadsheet from taking a text for a formula.
func defused(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func quoted(field, separator string) string {
	if strings.ContainsAny(field, "\"\r\n"+separator) {
		return `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
	}
	return field
}

// plain writes a number for a spreadsheet in the page's language: at most eight
// significant digits, no separator of thousands, nothing when there is none.
func (w words) plain(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return ""
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 8, 64), 64)
	text := strconv.FormatFloat(rounded, 'f', -1, 64)
	if w.lang == "it" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// plainValue is plain for a value of an indicator: a date is written as
// spreadsheets read it in every language, 2024-10-09.
func (w words) plainValue(i *kpi.Indicator, value float64) string {
	if i.Unit == kpi.Date && known(value) {
		return time.Unix(int64(value)*86400, 0).UTC().Format(time.DateOnly)
	}
	return w.plain(value)
}

// order is the key by which a column sorts a number; "" sorts last.
func order(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return ""
	}
	return strconv.FormatFloat(value, 'g', 7, 64)
}
