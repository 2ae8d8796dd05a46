package export

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tavolo/reports/html"
)

// The looks of texts. Number formats follow them, in the order in which they are
// first used.
const (
	plainLook   = iota
	titleLook   // of a table or the book
	headLook    // over a list
	strongLook  // the name of a fact
	wrappedLook // broken into lines
	linkLook
	headerLook // the name of a column
	textLook   // stays a text when somebody edits it
	wordLook   // in place of a number
	fixedLooks
)

// looks are the styles of a workbook.
type looks struct {
	lang     string
	formats  []string
	known    map[string]int  // format → its place in formats
	numerals map[numeral]int // → look: thousands of numbers have a dozen formats
}

const firstFormat = 164 // numbers below are Excel's own

// put writes a value as a cell: a number with the digits and the unit that the
// page writes, a date as a date, and where there is none the page's word for it.
func (l *looks) put(s *sheet, v *Value) {
	switch {
	case v.Absent():
		s.text(wordLook, v.Text)
	case v.Kind.IsNumber():
		number := v.Number
		if isShare(v.Datum) {
			number = shifted(number)
		}
		s.number(l.numberLook(v.Datum), number)
	case v.Kind.IsTime():
		s.number(l.format(l.dateFormat(v.Datum)), serial(v.At))
	default:
		s.text(textLook, v.Text)
	}
}

// length is about how many letters put shows.
func (l *looks) length(v *Value) int {
	switch {
	case v.Absent(), !v.Kind.IsNumber() && !v.Kind.IsTime():
		return utf8.RuneCountInString(v.Text)
	case v.Kind.IsTime():
		return len(l.dateFormat(v.Datum)) - len("[$-000]")
	}
	digits := len(strconv.FormatInt(int64(v.Number), 10))
	return digits + digits/3 + max(v.Digits, 0) + utf8.RuneCountInString(v.Before+v.After) + 1
}

// numeral is what the format of a number follows from.
type numeral struct {
	digits        int
	before, after string
	isShare       bool
}

// numberLook gives the look of a number.
func (l *looks) numberLook(d html.Datum) int {
	of := numeral{d.Digits, d.Before, d.After, isShare(d)}
	n, ok := l.numerals[of]
	if !ok {
		n = l.format(numberFormat(d))
		l.numerals[of] = n
	}
	return n
}

// format gives the look of a number format.
func (l *looks) format(format string) int {
	n, ok := l.known[format]
	if !ok {
		n = len(l.formats)
		l.known[format] = n
		l.formats = append(l.formats, format)
	}
	return fixedLooks + n
}

// isShare tells of the numbers that spreadsheets hold as shares of one: what
// they show as 7.9% is 0.079.
func isShare(d html.Datum) bool {
	return d.Unit.Code == "percent" && strings.HasSuffix(d.After, "%")
}

// shifted is a number of per cents as a share, to the same digits.
func shifted(number float64) float64 {
	share, _ := strconv.ParseFloat(strconv.FormatFloat(number, 'f', -1, 64)+"e-2", 64)
	return share
}

// numberFormat is the format that makes a spreadsheet write a number as the page does.
func numberFormat(d html.Datum) string {
	if d.Digits < 0 {
		return "General"
	}
	format := "#,##0"
	if d.Digits > 0 {
		format += "." + strings.Repeat("0", d.Digits)
	}
	after := literal(d.After)
	if isShare(d) {
		after = literal(strings.TrimSuffix(d.After, "%")) + "%"
	}
	return literal(d.Before) + format + after
}

func literal(text string) string {
	if text == "" {
		return ""
	}
	return `"` + strings.ReplaceAll(text, `"`, "") + `"`
}

// dateFormat is the format of a date in the workbook's language, whatever that
// of the reader's machine.
func (l *looks) dateFormat(d html.Datum) string {
	locale, day := "[$-410]", "dd/mm/yyyy"
	if l.lang == "en" {
		locale, day = "[$-809]", "d mmmm yyyy"
	}
	switch d.Kind {
	case html.Month:
		return locale + "mmmm yyyy"
	case html.Instant:
		return locale + day + " hh:mm" + literal(" "+d.At.Format("MST"))
	}
	return locale + day
}

// serial is a moment as spreadsheets count, which know of no time zone: days on the
// clocks of its own since 30 December 1899.
func serial(at time.Time) float64 {
	_, ahead := at.Zone()
	return float64((at.Unix()+int64(ahead))/60)/(24*60) + 25569
}

// xml is the part that holds the styles.
func (l *looks) xml() string {
	var b strings.Builder
	b.WriteString(`<styleSheet xmlns="` + mainSpace + `">`)
	if len(l.formats) > 0 {
		fmt.Fprintf(&b, `<numFmts count="%d">`, len(l.formats))
		for n, format := range l.formats {
			fmt.Fprintf(&b, `<numFmt numFmtId="%d" formatCode="%s"/>`, firstFormat+n, escaped(format))
		}
		b.WriteString("</numFmts>")
	}
	font := func(rest string) string { return `<font>` + rest + `<name val="Calibri"/><family val="2"/></font>` }
	b.WriteString(`<fonts count="5">` + font(`<sz val="11"/>`) + font(`<b/><sz val="14"/><color rgb="FF18324D"/>`) + font(`<b/><sz val="11"/>`) +
		font(`<u/><sz val="11"/><color rgb="FF0059B3"/>`) + font(`<i/><sz val="11"/><color rgb="FF5A6772"/>`) + `</fonts>` +
		`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF5"/></patternFill></fill></fills>` +
		`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>` +
		`<border><left/><right/><top/><bottom style="thin"><color rgb="FF5A6772"/></bottom><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>`)
	xf := func(format, font, fill, border int, alignment string) {
		fmt.Fprintf(&b, `<xf numFmtId="%d" fontId="%d" fillId="%d" borderId="%d" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">%s</xf>`,
			format, font, fill, border, alignment)
	}
	const top, wrapped, right = `<alignment vertical="top"/>`, `<alignment vertical="top" wrapText="1"/>`, `<alignment horizontal="right" vertical="top"/>`
	fmt.Fprintf(&b, `<cellXfs count="%d">`, fixedLooks+len(l.formats))
	const asText = 49       // "@"
	xf(0, 0, 0, 0, top)     // plainLook, and so on
	xf(0, 1, 0, 0, top)     //
	xf(0, 2, 0, 1, top)     //
	xf(0, 2, 0, 0, top)     //
	xf(0, 0, 0, 0, wrapped) //
	xf(0, 3, 0, 0, top)     //
	xf(asText, 2, 2, 1, wrapped)
	xf(asText, 0, 0, 0, top)
	xf(asText, 4, 0, 0, right)
	for n := range l.formats {
		xf(firstFormat+n, 0, 0, 0, top)
	}
	b.WriteString(`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`)
	return b.String()
}
