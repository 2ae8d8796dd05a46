// Package html turns finished views into pages. It knows templates, the style
// sheet, the few lines of script and the messages in each language; it computes
// no figure and takes every number as text.
//
// # Security
//
// A value reaches a page only through html/template, which escapes it for the
// place where it stands, or inside the one block of type application/json; the rows of
// tables go through its escaper cell by cell (rows.go). Each page forbids everything else by its own Content-Security-Policy:
//
//   - style and script stand in the page and are allowed by their hash, so a
//     page that is sent alone as an attachment still looks right;
//   - the chart library is too large for that. A hash cannot admit a file that
//     stands beside the page: under file:// Chromium refuses integrity checks,
//     as the answer is no CORS answer; 'self' works, but there it means any
//     file of the disk. So our hashed script inserts the library itself, and
//     'strict-dynamic' lets it, and it alone: a script element that somebody
//     manages to inject into the markup is still refused.
//
// # Messages
//
// Texts of the pages are in messages/it/ and messages/en/ under the same
// keys; see Messages.
package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

//go:embed templates style script messages
var files embed.FS

// Languages lists the languages that the messages exist in, the first being the default.
func Languages() []string { return []string{"it", "en"} }

// Renderer writes pages. It may be used from several goroutines.
type Renderer struct {
	languages map[string]language
	style     template.CSS
	scripts   map[string][]template.JS // by the kind of page that has some of its own; "" is that of all
}

type language struct {
	pages    *template.Template
	messages *Messages
}

// New reads the templates, the style, the script and the messages.
func New() (*Renderer, error) {
	style, err := files.ReadFile("style/report.css")
	if err != nil {
		return nil, err
	}
	r := &Renderer{languages: map[string]language{}, style: template.CSS(slimStyle(string(style))), scripts: map[string][]template.JS{}}
	for kind, names := range map[string][]string{"": {"report.js"}, "compare": {"compare.js"}, "italy": {"choice.js"}, "region": {"choice.js"}, "indicator": {"periods.js", "choice.js"}} {
		for _, name := range names {
			script, err := files.ReadFile("script/" + name)
			if err != nil {
				return nil, err
			}
			r.scripts[kind] = append(r.scripts[kind], template.JS(slimScript(string(script))))
		}
	}
	for _, lang := range Languages() {
		messages, err := LoadMessages(lang)
		if err != nil {
			return nil, err
		}
		tables := &rowsWriter{}
		pages, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
			"t": messages.T, "plural": messages.Plural, "rows": tables.rows,
		}).ParseFS(files, "templates/*.html")
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		tables.mark = func(m *Mark) (template.HTML, error) { return draw(pages, "mark", m) }
		r.languages[lang] = language{pages, messages}
	}
	return r, nil
}

// policy is that of a page with these scripts.
func (r *Renderer) policy(scripts []template.JS) string {
	text := "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src " + digest([]byte(r.style)) + "; script-src "
	for _, script := range scripts {
		text += digest([]byte(script)) + " "
	}
	return text + "'strict-dynamic'"
}

// digest is the source expression that admits exactly this text.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Messages gives the texts in a language of Languages.
func (r *Renderer) Messages(lang string) *Messages { return r.languages[lang].messages }

// document is what the layout template sees.
type document struct {
	*Page
	Style   template.CSS
	Scripts []template.JS
	Policy  string
	Root    string // way up to the folder of the site: "../" or "../../" or ""
}

// Render writes a page. A text that the page's language lacks is an error.
func (r *Renderer) Render(w io.Writer, p *Page) error {
	lang, ok := r.languages[p.Lang]
	if !ok {
		return fmt.Errorf("page %s: no messages in language %q", p.Path, p.Lang)
	}
	scripts := slices.Concat(r.scripts[""], r.scripts[p.Kind])
	d := document{p, r.style, scripts, r.policy(scripts), Relative(p.Path, "")}
	if err := lang.pages.ExecuteTemplate(w, "page", d); err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	return lang.messages.Err()
}

// Entrance writes the page at the root of the site, which only leads on: to the
// first of links by itself. Banner is as on every page; "" for none.
func (r *Renderer) Entrance(w io.Writer, title, banner string, links []Link) error {
	return r.languages[Languages()[0]].pages.ExecuteTemplate(w, "entrance", struct {
		Title, Banner string
		Links         []Link
		Style         template.CSS
		Policy        string
	}{title, banner, links, r.style, r.policy(r.scripts[""])})
}

// Relative gives the address of one path of the site as seen from another, by the
// shortest way: pages hold hundreds of them. Both are relative to the site's folder,
// with slashes; to may have a fragment.
func Relative(from, to string) string {
	for {
		folder, rest, ok := strings.Cut(from, "/")
		if !ok || !strings.HasPrefix(to, folder+"/") {
			break
		}
		from, to = rest, to[len(folder)+1:]
	}
	return strings.Repeat("../", strings.Count(from, "/")) + to
}

// Drawing runs the template of a drawing: outlines, map, days or stack.
func (r *Renderer) Drawing(lang, name string, view any) (template.HTML, error) {
	drawn, err := draw(r.languages[lang].pages, name, view)
	if err != nil {
		return "", fmt.Errorf("drawing %s: %w", name, err)
	}
	return drawn, nil
}

func draw(pages *template.Template, name string, view any) (template.HTML, error) {
	var out strings.Builder
	err := pages.ExecuteTemplate(&out, name, view)
	return template.HTML(out.String()), err
}
