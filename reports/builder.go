package reports

import (
	"encoding/json"
	"fmt"
	"html/template"
	"path"
	"strings"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/reports/svg"
	"tavolo/transform/result"
)

// address names a page independently of the language.
type address struct {
	kind string // italy, region, province, indicator, compare, patronati, patronato, training, protocol, proposals, quality, arrivals, method
	key  string // code of the territory or of the patronato, id of the indicator, month (2025-12) of arrivals
}

// pageNames are the folders and files of pages in each language, by kind.
var pageNames = map[string]map[string]string{
	"it": {"region": "regioni", "province": "province", "indicator": "indicatori", "patronato": "patronati", "patronati": "patronati",
		"training": "formazione", "protocol": "protocollo", "proposals": "proposte", "compare": "confronta", "quality": "qualita-dati", "arrivals": "arrivi", "method": "metodo"},
	"en": {"region": "regions", "province": "provinces", "indicator": "indicators", "patronato": "patronati", "patronati": "patronati",
		"training": "training", "protocol": "protocol", "proposals": "proposals", "compare": "compare", "quality": "data-quality", "arrivals": "arrivals", "method": "method"},
}

// fragmentless path of the page in a language, relative to the site's folder.
func (x *index) path(a address, lang string) string {
	if known, ok := x.paths.Load(pathKey{a, lang}); ok {
		return known.(string)
	}
	made := x.makePath(a, lang)
	x.paths.Store(pathKey{a, lang}, made)
	return made
}

// pathKey is what a path follows from. Each is asked for thousands of times.
type pathKey struct {
	address
	lang string
}

func (x *index) makePath(a address, lang string) string {
	folders := pageNames[lang]
	switch a.kind {
	case "region", "province":
		t, _ := x.References.Territory(a.key)
		return path.Join(lang, folders[a.kind], a.key+"-"+slug(placeName(t, lang))+".html")
	case "indicator":
		return path.Join(lang, folders["indicator"], a.key+".html")
	case "arrivals":
		return path.Join(lang, folders["arrivals"], a.key+".html")
	case "patronato":
		return path.Join(lang, folders["patronato"], slug(a.key)+".html")
	case "italy":
		return path.Join(lang, "index.html")
	}
	return path.Join(lang, folders[a.kind]+".html")
}

// builder makes one page: its views, its charts and the files beside it.
type builder struct {
	words
	site            *site
	at              address
	path            string
	options         map[string]json.RawMessage // of the charts of this page, when they are drawn
	later           []func() error             // what is made when the page is written, and not when it is taken over
	tables          []pageTable                // of this page, in order
	exports         map[string][]byte          // path in the site → content
	compare         *html.Comparison           // of the page of comparisons
	periodsToChoose *html.Periods              // of the page of an indicator
	mapsToChoose    *html.Mapped               // of the national page
	err             error                      // the first one; what follows is not used
}

// to gives the address of another page as seen from this one; "" when the site,
// being a pack, has no such page.
func (b *builder) to(kind, key string) string {
	if !b.x.holds(address{kind, key}) {
		return ""
	}
	return html.Relative(b.path, b.x.path(address{kind, key}, b.lang))
}

// toTerritory leads to the page of a territory.
func (b *builder) toTerritory(code string) string {
	t, ok := b.x.References.Territory(code)
	switch {
	case !ok || t.Level == reference.LevelItaly:
		return b.to("italy", "")
	case t.Level == reference.LevelProvince:
		return b.to("province", code)
	}
	return b.to("region", code)
}

// fail keeps the first error of the page.
func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// figure puts a plot into a view, to be drawn when the page is written. The finding is its
// description for those who do not see it.
func (b *builder) figure(id, title, finding string, p plot, table *html.Table) *html.Figure {
	live := !b.x.isPack() // a pack is mailed: its charts are drawn, and the library stays at home
	drawing := &html.Drawing{Inputs: html.Digest(p)}
	b.later = append(b.later, func() error {
		c, err := p.build()
		if err != nil {
			return err
		}
		drawn, err := svg.Draw(c.option, svg.Drawing{ID: id, Title: title, Description: finding,
			Lang: b.lang, Width: c.width, Height: c.height})
		if err != nil {
			return err
		}
		drawing.HTML = template.HTML(drawn)
		if live {
			b.options[id] = c.option
		}
		return nil
	})
	return &html.Figure{ID: id, Title: title, Finding: finding, Drawing: drawing, Live: live, Wide: p.width == wide,
		Legend: p.legend(), Table: b.exportAs(id, title, table), Source: b.source()}
}

// finish makes what the view of the page only has the inputs of.
func (b *builder) finish() error {
	for _, make := range b.later {
		if err := make(); err != nil {
			return fmt.Errorf("page %s: %w", b.path, err)
		}
	}
	b.later = nil
	return nil
}

// source is the line under every figure.
func (b *builder) source() string {
	key := "figure.source"
	if b.x.Run.Synthetic {
		key = "figure.source.synthetic"
	}
	return b.m.T(key, "until", b.date(b.x.Run.DataUntil))
}

// columns makes columns from the keys of their titles in the messages, "col.value";
// a key that begins with # is that of a numeric column, and "italy" stands for
// the national figures. What follows the last point is what exports call the
// column in every language.
func (b *builder) columns(keys ...string) []html.Column {
	columns := make([]html.Column, len(keys))
	for i, key := range keys {
		key, numeric := strings.CutPrefix(key, "#")
		columns[i] = html.Column{Key: key[strings.LastIndexByte(key, '.')+1:], Numeric: numeric}
		columns[i].Judged = columns[i].Key == casesKey // the class is that of the figure beside it
		if columns[i].Title = b.place(result.Italy); key != "italy" {
			columns[i].Title = b.m.T(key)
		}
	}
	return columns
}

// headings makes columns from titles alone; exports name them after the message
// that has the title. One that begins with # is that of a numeric column.
func headings(titles ...string) []html.Column {
	columns := make([]html.Column, len(titles))
	for i, title := range titles {
		if len(title) > 0 && title[0] == '#' {
			columns[i] = html.Column{Title: title[1:], Numeric: true}
		} else {
			columns[i] = html.Column{Title: title}
		}
	}
	return columns
}

// legend explains the shapes of a plot, in the order in which they are drawn.
func (p plot) legend() []html.LegendItem {
	var items []html.LegendItem
	for _, g := range p.drawn() {
		if g.series != "" {
			items = append(items, html.LegendItem{Shape: g.shape(), Class: property(g.visible()), Text: g.series})
		}
	}
	last := ""
	for _, line := range p.curves {
		if line.series != "" && line.series != last {
			items = append(items, html.LegendItem{Shape: line.dash, Class: property(line.colour), Text: line.series})
			last = line.series
		}
	}
	return items
}

// shape is the name of a look's symbol in the legend.
func (l look) shape() string {
	switch {
	case l.fill == "var(--hollow)":
		return "hollow"
	case l.symbol == "triangle" && l.rotate != 0:
		return "down"
	case l.symbol == "triangle":
		return "up"
	case l.symbol == "rect":
		return "square"
	}
	return l.symbol
}

// visible is the colour that a look is known by: its edge when it is hollow.
func (l look) visible() string {
	if l.fill == "var(--hollow)" {
		return l.edge
	}
	return l.fill
}

// property takes a colour apart: "var(--better)" is better.
func property(colour string) string {
	return strings.TrimSuffix(strings.TrimPrefix(colour, "var(--"), ")")
}
