package reports

import (
	"tavolo/reports/export"
	"tavolo/reports/html"
	"tavolo/transform/result"
)

// book is the workbook of a page: all its tables, and a first sheet that says
// what they are, of when, under which rules, and where each figure is defined.
func (b *builder) book(page *html.Page) *export.Book {
	book := &export.Book{Title: page.Title, Creator: b.x.Run.Owner, Lang: b.lang, At: b.x.Run.DataUntil, Name: b.m.T("book.sheet"),
		List: [2]string{b.m.T("book.sheets"), b.m.T("book.tables")}, Warning: page.Banner, Facts: b.bookFacts(page)}
	for _, t := range b.tables {
		book.Sheets = append(book.Sheets, export.Sheet{Name: t.title, Table: t.held})
	}
	return book
}

// coded adds to a workbook the code of what it holds, and gives all of that.
func (b *builder) coded(book *export.Book) (inputs string) {
	inputs = book.Digest()
	book.Facts = append(book.Facts, export.Fact{Name: b.m.T("book.code"), Text: b.m.T("book.code.value", "code", code(inputs))})
	return inputs
}

func (b *builder) bookFacts(page *html.Page) []export.Fact {
	var facts []export.Fact
	add := func(name, text string) {
		if text != "" {
			facts = append(facts, export.Fact{Name: name, Text: text})
		}
	}
	add(b.m.T("book.warning"), page.Banner)
	add(b.m.T("book.page"), page.Heading+" · "+b.path)
	add(b.m.T("book.about"), page.Lead)
	add(b.m.T("book.owner"), b.x.Run.Owner)
	add(b.m.T("book.period"), b.period())
	add(b.m.T("book.until"), b.date(b.x.Run.DataUntil))
	add(b.m.T("book.filter"), b.m.T("book.filter.value"))
	n := b.classes()
	if n[result.Hidden] > 0 {
		add(b.m.T("book.withheld"), b.m.Plural("book.withheld.value", n[result.Hidden], "word", b.m.T("value.hidden")))
	}
	if n[result.Small] > 0 {
		add(b.m.T("book.small"), b.m.Plural("book.small.value", n[result.Small]))
	}
	if n[result.Immature] > 0 {
		add(b.m.T("book.immature"), b.m.Plural("book.immature.value", n[result.Immature]))
	}
	add(b.m.T("book.rules"), b.m.T("footer.rules"))
	add(b.m.T("book.numbers"), b.m.T("book.numbers.value"))
	if body, ok := page.Body.(html.Indicator); ok {
		for _, fact := range body.Definition {
			add(b.m.T("book.definition")+": "+fact.Name, fact.Value)
		}
		add(b.m.T("book.definition")+": SQL", body.SQLName)
	}
	add(b.m.T("book.definitions"), b.x.path(address{kind: "method"}, b.lang))
	add(b.m.T("book.source"), b.source())
	return facts
}

// classes counts the figures of the page's tables by class.
func (b *builder) classes() map[result.Class]int {
	n := map[result.Class]int{}
	for _, t := range b.tables {
		for _, row := range t.held.Rows {
			for k, v := range row {
				if t.held.Columns[k].Key != casesKey {
					n[result.Class(v.Class)]++
				}
			}
		}
	}
	return n
}
