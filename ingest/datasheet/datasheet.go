// Package datasheet writes a contract as a document for those who must keep it:
// what one row is, each column with its type and what it may hold, the rules
// with the codes that a refusal names, and an example file that passes.
package datasheet

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"tavolo/ingest/contract"
)

// Languages gives the languages of the document.
func Languages() []string { return []string{"it", "en"} }

// Write writes the document of a contract as Markdown, in one of [Languages].
func Write(w io.Writer, c *contract.Contract, language string) error {
	d := document{contract: c, italian: language == "it"}
	d.head()
	d.columns()
	d.rules()
	_, err := io.WriteString(w, d.text.String())
	return err
}

// document is one contract on its way to Markdown, in one language.
type document struct {
	contract *contract.Contract
	italian  bool
	text     strings.Builder
}

// pick gives the text in the language of the document.
func (d *document) pick(t contract.Text) string {
	if d.italian {
		return t.IT
	}
	return t.EN
}

// word gives one of two texts of the program.
func (d *document) word(italian, english string) string {
	return d.pick(contract.Text{IT: italian, EN: english})
}

func (d *document) line(format string, args ...any) { fmt.Fprintf(&d.text, format+"\n", args...) }

func (d *document) head() {
	c := d.contract
	d.line("# %s (`%s`)\n", d.pick(c.Title), c.Log)
	d.line("%s\n", d.pick(c.Description))
	d.line("- %s: %s", d.word("Granularità", "Grain"), d.pick(c.Grain))
	d.line("- %s: %s", d.word("Chiave", "Key"), code(c.Key))
	d.line("- %s: `%s`", d.word("Mese della riga", "Month of a row"), c.Month)
}

func (d *document) columns() {
	d.line("\n## %s\n", d.word("Colonne", "Columns"))
	d.line("| %s | %s | %s | %s |", d.word("colonna", "column"), d.word("tipo", "type"),
		d.word("obbligatoria", "required"), d.word("contenuto", "content"))
	d.line("| --- | --- | --- | --- |")
	for i := range d.contract.Columns {
		column := &d.contract.Columns[i]
		required := ""
		if column.Required {
			required = d.word("sì", "yes")
		}
		d.line("| `%s` | %s | %s | %s |", column.Name, d.typeOf(column), required, cell(d.content(column)))
	}
}

// typeOf names the type of a column with its bounds.
func (d *document) typeOf(column *contract.Column) string {
	names := map[contract.Type]contract.Text{
		contract.String: {IT: "testo", EN: "text"}, contract.Integer: {IT: "intero", EN: "integer"},
		contract.Decimal: {IT: "decimale", EN: "decimal"}, contract.Boolean: {IT: "sì o no", EN: "yes or no"},
		contract.Date: {IT: "data", EN: "date"}, contract.Timestamp: {IT: "data e ora", EN: "date and time"},
		contract.Enum: {IT: "elenco", EN: "list"}, contract.Person: {IT: "persona", EN: "person"},
	}
	name := d.pick(names[column.Type])
	switch {
	case column.References != "":
		return fmt.Sprintf("%s (%s)", d.word("codice", "code"), d.kind(column.References))
	case column.Kind == contract.FiscalCode:
		return name + " (codice fiscale)"
	case column.Min != nil && column.Max != nil:
		return fmt.Sprintf("%s, %d–%d", name, *column.Min, *column.Max)
	case column.Min != nil:
		return fmt.Sprintf("%s ≥ %d", name, *column.Min)
	case column.Max != nil:
		return fmt.Sprintf("%s ≤ %d", name, *column.Max)
	case column.MaxLength > 0:
		return fmt.Sprintf("%s, ≤ %d %s", name, column.MaxLength, d.word("caratteri", "characters"))
	}
	return name
}

// kind names a kind of code.
func (d *document) kind(kind string) string {
	italian := map[string]string{
		"province": "provincia", "territory": "regione o provincia", "region": "regione", "service": "prestazione",
		"office": "sede", "measure": "misura",
	}
	if name, ok := italian[kind]; ok && d.italian {
		return name
	}
	return kind
}

// content says what a column holds: title, explanation, values, other spellings.
func (d *document) content(column *contract.Column) string {
	parts := []string{"**" + d.pick(column.Title) + "**. " + d.pick(column.Doc)}
	if len(column.Values) > 0 {
		parts = append(parts, d.word("Valori: ", "Values: ")+code(column.Values)+".")
	}
	if len(column.Aliases) > 0 {
		var spellings []string
		for _, alias := range slices.Sorted(maps.Keys(column.Aliases)) {
			spellings = append(spellings, fmt.Sprintf("%s = `%s`", alias, column.Aliases[alias]))
		}
		parts = append(parts, d.word("Anche: ", "Also: ")+strings.Join(spellings, ", ")+".")
	}
	if column.Free {
		parts = append(parts, d.word("Testo libero: i codici fiscali vi sono mascherati.", "Free text: codici fiscali in it are masked."))
	}
	if s := d.severity(column.Severity); column.Severity != "" && column.Severity != contract.Quarantine {
		parts = append(parts, d.word("Se non va: ", "When it is wrong: ")+s+".")
	}
	return strings.Join(parts, " ")
}

// severity says what a violation does.
func (d *document) severity(s contract.Severity) string {
	switch s {
	case contract.Warn:
		return d.word("un avviso, e la riga entra", "a warning, and the row goes in")
	case contract.Fail:
		return d.word("è rifiutato il file intero", "the whole file is refused")
	}
	return d.word("la riga è rifiutata", "the row is refused")
}

func (d *document) rules() {
	d.line("\n## %s\n", d.word("Regole", "Rules"))
	d.line("| %s | %s | %s | %s |", d.word("codice", "code"), d.word("colonna", "column"),
		d.word("regola", "rule"), d.word("se non va", "when broken"))
	d.line("| --- | --- | --- | --- |")
	for i := range d.contract.Rules {
		rule := &d.contract.Rules[i]
		d.line("| `%s` | `%s` | %s | %s |", rule.Rule, rule.Column,
			cell(d.pick(rule.Doc)+" "+d.condition(rule)), d.severity(rule.Severity))
	}
	for _, rule := range d.columnRules() {
		d.line("| `%s` | %s | %s | %s |", rule.code, d.word("ogni", "any"), d.pick(rule.says), d.severity(rule.severity))
	}
}

// condition writes a rule in its exact form.
func (d *document) condition(rule *contract.Rule) string {
	var b strings.Builder
	switch rule.Rule {
	case contract.NotBefore:
		fmt.Fprintf(&b, "`%s` ≥ `%s`", rule.Column, rule.Other)
	case contract.Requires:
		fmt.Fprintf(&b, d.word("`%s` ha un valore", "`%s` has a value"), rule.Column)
	case contract.Forbids:
		fmt.Fprintf(&b, d.word("`%s` è vuota", "`%s` is empty"), rule.Column)
	}
	for i, name := range slices.Sorted(maps.Keys(rule.When)) {
		fmt.Fprintf(&b, " %s `%s` ∈ {%s}", cmp.Or(map[int]string{0: d.word("se", "if")}[i], d.word("e", "and")),
			name, strings.Join(rule.When[name], ", "))
	}
	if rule.Unless != "" {
		fmt.Fprintf(&b, d.word(", salvo che `%s` abbia un valore", ", unless `%s` has a value"), rule.Unless)
	}
	return b.String() + "."
}

// code writes names as code, with commas between them.
func code(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// cell makes a text fit for a cell of a Markdown table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}
