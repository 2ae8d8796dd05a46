package export

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The fixed parts of a workbook, as ECMA-376 has them.
const (
	xmlHead          = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace        = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationSpace    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace     = "http://schemas.openxmlformats.org/package/2006/"
	sheetType        = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	packageRelations = `<Relationships xmlns="` + packageSpace + `relationships">` +
		`<Relationship Id="rId1" Type="` + relationSpace + `/officeDocument" Target="xl/workbook.xml"/>` +
		`<Relationship Id="rId2" Type="` + packageSpace + `relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
)

func contentTypes(sheets int) string {
	var b strings.Builder
	b.WriteString(`<Types xmlns="` + packageSpace + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + sheetType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + sheetType + `styles+xml"/>`)
	for n := range sheets {
		fmt.Fprintf(&b, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n+1, sheetType)
	}
	b.WriteString("</Types>")
	return b.String()
}

func relations(sheets int) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="` + packageSpace + `relationships">`)
	for n := range sheets {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n+1, relationSpace, n+1)
	}
	fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, sheets+1, relationSpace)
	return b.String()
}

// workbook lists the sheets. Each table's filter is a name of its own, without
// which some programs offer none, and its head is repeated on each printed page.
func workbook(names, areas []string) string {
	var b, defined strings.Builder
	b.WriteString(`<workbook xmlns="` + mainSpace + `" xmlns:r="` + relationSpace + `"><bookViews><workbookView activeTab="0"/></bookViews><sheets>`)
	for n, name := range names {
		fmt.Fprintf(&b, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(name), n+1, n+1)
	}
	b.WriteString("</sheets>")
	for n, area := range areas {
		if area == "" {
			continue
		}
		fmt.Fprintf(&defined, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">%s</definedName>`, n+1, escaped(reference(names[n+1], area)))
		head := strings.Split(area, "$")[2]
		head = strings.TrimSuffix(head, ":")
		fmt.Fprintf(&defined, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">%s</definedName>`, n+1, escaped(reference(names[n+1], "$"+head+":$"+head)))
	}
	if defined.Len() > 0 {
		b.WriteString("<definedNames>" + defined.String() + "</definedNames>")
	}
	b.WriteString("</workbook>")
	return b.String()
}

// properties name the workbook for those who look for it, and say its language.
func (b *Book) properties() string {
	at := b.At.UTC().Format("2006-01-02T15:04:05Z")
	return `<cp:coreProperties xmlns:cp="` + packageSpace + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escaped(b.Title) + `</dc:title><dc:creator>` + escaped(b.Creator) + `</dc:creator>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>` +
		`<dc:language>` + escaped(b.Lang) + `</dc:language></cp:coreProperties>`
}

// escaped makes a text safe for XML. What XML cannot hold at all becomes a
// space, and what Excel would read as its own escape, _x000D_, is spelt out.
func escaped(text string) string {
	if !strings.ContainsFunc(text, isSpecial) { // hardly any text needs it
		return text
	}
	var b strings.Builder
	for at, r := range text {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\r':
			b.WriteString("&#13;")
		case r < ' ' && r != '\t' && r != '\n', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
			b.WriteByte(' ')
		case r == '_' && isEscape(text[at:]):
			b.WriteString("_x005F_")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isSpecial tells of what escaped may have to write in another way.
func isSpecial(r rune) bool {
	switch r {
	case '&', '<', '>', '"', '_', utf8.RuneError, 0xFFFE, 0xFFFF:
		return true
	}
	return r < ' '
}

// isEscape tells whether a text begins with _x and four hexadecimal digits and _.
func isEscape(text string) bool {
	if len(text) < 7 || text[1] != 'x' || text[6] != '_' {
		return false
	}
	return strings.Trim(text[2:6], "0123456789abcdefABCDEF") == ""
}
