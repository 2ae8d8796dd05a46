package export

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"tavolo/reports/html"
)

var absent = math.NaN()

// CSV writes the table for the spreadsheets of a language.
//
// Italian files have ; between columns and a decimal comma, English ones a
// comma and a point; both begin with a byte order mark, without which Excel
// takes UTF-8 for something else. Dates are written as every spreadsheet reads
// them, 2024-10-09.
func (t *Table) CSV(lang string) []byte {
	separator := ","
	if lang == "it" {
		separator = ";"
	}
	var out bytes.Buffer
	out.WriteString("\ufeff")
	special := "\"\r\n" + separator
	field := func(n int, text string) {
		if n > 0 {
			out.WriteString(separator)
		}
		if strings.ContainsAny(text, special) {
			text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		out.WriteString(text)
	}
	for n, column := range t.Columns {
		field(n, Defused(column.Title))
	}
	out.WriteString("\r\n")
	for _, row := range t.Rows {
		for n, v := range row {
			field(n, v.written(lang))
		}
		out.WriteString("\r\n")
	}
	return out.Bytes()
}

// written is the value as a field of a CSV file.
func (v *Value) written(lang string) string {
	switch {
	case v.Absent():
		return Defused(v.Text)
	case v.Kind.IsNumber():
		text := strconv.FormatFloat(v.Number, 'f', -1, 64)
		if lang == "it" {
			text = strings.Replace(text, ".", ",", 1)
		}
		return text
	case v.Kind == html.Day:
		return v.At.Format(time.DateOnly)
	case v.Kind == html.Month:
		return v.At.Format("2006-01")
	case v.Kind == html.Instant:
		return v.At.Format(time.RFC3339)
	}
	return Defused(v.Text)
}

// Defused keeps a spreadsheet from taking a text for a formula: one that begins
// like a formula gets an apostrophe before it.
func Defused(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
