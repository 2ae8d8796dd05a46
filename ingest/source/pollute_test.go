package source

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// polluted is a file with one thing wrong, and what it holds all the same.
type polluted struct {
	kind    string // what is wrong
	name    string
	text    []byte
	header  []string // nil: it has none
	records [][]string
}

// writing is how a table is written; rows may differ.
type writing struct {
	delimiter, quote, escape, end string
	all                           bool // quote every field
}

// clean is the writing that nothing is wrong with.
var clean = writing{delimiter: ",", quote: `"`, escape: `"`, end: "\r\n"}

// append writes a row.
func (w writing) append(to *bytes.Buffer, row []string) {
	for i, field := range row {
		if i > 0 {
			to.WriteString(w.delimiter)
		}
		to.WriteString(w.field(field))
	}
	to.WriteString(w.end)
}

func (w writing) field(field string) string {
	special := strings.Contains(field, strings.TrimSpace(w.delimiter)) || strings.ContainsAny(field, w.quote+"\r\n") ||
		w.delimiter == " " && strings.Contains(field, " ")
	if !special && !w.all {
		return field
	}
	return w.quote + strings.ReplaceAll(field, w.quote, w.escape+w.quote) + w.quote
}

// table is the table that is polluted: values of every kind, in the way of the
// files that offices send.
type table struct {
	header []string
	rows   [][]string
}

func newTable(rows int) table {
	t := table{header: []string{"DATA", "ORA", "Durata", "PRATICA", "Importo", "Tipo richiesta", "Descrizione", "URL", "Note"}}
	random := rand.New(rand.NewPCG(84, 9))
	kinds := []string{"Invalidità civile", "Pensione, vecchiaia", "NASpI", "Assegno unico, figli", "Disoccupazione agricola", "Ricongiunzione", `Modello 8" bis`, "Riscatto laurea, parziale"}
	subjects := []string{"L'assistito", "Il patronato", "La sede, su richiesta,", "L'operatore dell'ufficio", `Il cosiddetto "sportello amico"`, "Un delegato"}
	verbs := []string{"chiede notizie della domanda", "invia i documenti che mancano, tranne uno", "non risponde da giorni", "sollecita: tempi lunghi", "rinuncia all'appuntamento"}
	for i := range rows {
		note := subjects[random.IntN(len(subjects))] + " " + verbs[random.IntN(len(verbs))] + "."
		t.rows = append(t.rows, []string{
			fmt.Sprintf("%02d/%02d/2024", 1+i%28, 1+i%12), fmt.Sprintf("%02d:%02d", 8+i%10, i%4*15), fmt.Sprint(random.IntN(90)),
			fmt.Sprintf("%c%c-%04d", 'A'+i%7, 'M'+i%5, 1000+random.IntN(9000)), fmt.Sprintf("$%d.%02d", random.IntN(99), random.IntN(100)),
			kinds[random.IntN(len(kinds))], note, fmt.Sprintf("https://www.example.it/pratica/%d.html", 7000+i), "",
		})
	}
	return t
}

// written gives the table in a writing, but for what edit changes in the text of a row; row 0 is the header.
func (t table) written(w writing, edit func(row int, w writing, fields []string) string) []byte {
	var b bytes.Buffer
	for i, fields := range append([][]string{t.header}, t.rows...) {
		if edit != nil {
			if line := edit(i, w, fields); line != "" {
				b.WriteString(line)
				continue
			}
		}
		w.append(&b, fields)
	}
	return b.Bytes()
}

// whole gives a pollution of the whole file that loses nothing.
func (t table) whole(kind string, w writing) polluted {
	return polluted{kind, kind, t.written(w, nil), t.header, t.rows}
}

// pollutions gives the files, by the kinds of what is wrong with them. Of the
// rows, one in every so many is polluted, in each of its columns.
func pollutions(every int) []polluted {
	t := newTable(84)
	all := []polluted{t.whole("clean", clean)}
	for _, delimiter := range []string{";", "\t", "|", " ", ", ", "; ", ":", "#", "^", "~", "\t\t", `\t`} {
		w := clean
		w.delimiter = delimiter
		all = append(all, t.whole(fmt.Sprintf("delimiter %q", delimiter), w))
	}
	for _, quote := range []string{"'", "`"} {
		w := clean
		w.quote, w.escape = quote, quote
		all = append(all, t.whole("quote "+quote, w))
	}
	everything := clean
	everything.all = true
	backslash, lf, cr := clean, clean, clean
	backslash.escape, lf.end, cr.end = `\`, "\n", "\r"
	all = append(all, t.whole("everything quoted", everything), t.whole("escape \\", backslash), t.whole("end LF", lf), t.whole("end CR", cr))
	unescaped := clean
	unescaped.escape = ""
	all = append(all, t.whole("escape missing", unescaped))
	spaces := t.written(clean, func(_ int, w writing, fields []string) string {
		written := make([]string, len(fields))
		for i, field := range fields {
			written[i] = w.field(field)
			if !strings.HasPrefix(written[i], `"`) && (i == 6 || i == 7) {
				written[i] = `"` + field + `"`
			}
		}
		return strings.Join(written, " ") + w.end
	})
	all = append(all, polluted{"delimiter space, words not quoted", "delimiter space, words not quoted", spaces, t.header, t.rows})
	all = append(all, t.frames()...)
	all = append(all, t.tables()...)
	return append(all, t.rowsPolluted(every)...)
}

// frames pollutes what stands around the rows.
func (t table) frames() []polluted {
	text := string(t.written(clean, nil))
	body := text[strings.Index(text, "\r\n")+2:]
	header := text[:len(text)-len(body)]
	empty := strings.Repeat(",", len(t.header)-1) + "\r\n"
	joined := func(n int, with []string) []string {
		names := make([]string, len(t.header))
		for i, name := range t.header {
			names[i] = name + strings.Repeat(" "+with[i], n)
		}
		return names
	}
	units := []string{"(gg/mm/aaaa)", "(hh:mm)", "(minuti)", "(codice)", "(dollari)", "(testo)", "(testo)", "(testo)", "(testo)"}
	make := func(kind, text string) polluted { return polluted{kind, kind, []byte(text), t.header, t.rows} }
	return []polluted{
		make("no final newline", strings.TrimSuffix(text, "\r\n")),
		make("double final newline", text+"\r\n"),
		{"no header", "no header", []byte(body), nil, t.rows},
		{"header only", "header only", []byte(header), t.header, nil},
		{"one row", "one row", []byte(header + body[:strings.Index(body, "\r\n")+2]), t.header, t.rows[:1]},
		{"header twice", "header twice", []byte(header + text), joined(1, t.header), t.rows},
		{"header three times", "header three times", []byte(header + header + text), joined(2, t.header), t.rows},
		{"header with units", "header with units", []byte(header + strings.Join(units, ",") + "\r\n" + body), joined(1, units), t.rows},
		make("preamble, delimited", "PREAMBLE"+empty+empty+text),
		make("preamble of three lines", "Estrazione del 3 maggio\r\nSede di Roma, via dell'Amba Aradam 5\r\nRiservato\r\n"+text),
		make("preamble and blank line", "Estrazione del 3 maggio\r\n\r\n"+text),
		make("sep line", "sep=,\r\n"+text),
		make("footnote, delimited", text+"FOOTNOTE"+empty),
		make("footnote", text+"\r\nFine estrazione\r\n"),
	}
}

// tables adds a second table of another width.
func (t table) tables() []polluted {
	var all []polluted
	for _, width := range []int{8, 10} {
		second := table{}
		resize := func(row []string) []string { return append(slices.Clone(row), "x")[:width] }
		second.header = resize(t.header)
		for _, row := range t.rows {
			second.rows = append(second.rows, resize(row))
		}
		kind := fmt.Sprintf("second table of %d columns", width)
		all = append(all, polluted{kind, kind, append(t.written(clean, nil), second.written(clean, nil)...), t.header, t.rows})
	}
	return append(all, polluted{"second table, the same", "second table, the same",
		append(t.written(clean, nil), t.written(clean, nil)...), t.header, append(slices.Clone(t.rows), t.rows...)})
}

// rowsPolluted changes one place in one row.
func (t table) rowsPolluted(every int) []polluted {
	var all []polluted
	one := func(kind string, row, column int, line func(w writing, written []string) string) {
		text := t.written(clean, func(i int, w writing, fields []string) string {
			if i != row {
				return ""
			}
			written := make([]string, len(fields))
			for j, field := range fields {
				written[j] = w.field(field)
			}
			return line(w, written)
		})
		all = append(all, polluted{kind, fmt.Sprintf("%s %d %d", kind, row, column), text, t.header, t.rows})
	}
	for row := 0; row <= len(t.rows); row += every {
		for column := range t.header {
			one("row, extra delimiter", row, column, func(w writing, written []string) string {
				return strings.Join(slices.Insert(written, column, ""), ",") + w.end
			})
			if column > 0 {
				one("row, missing delimiter", row, column, func(w writing, written []string) string {
					return strings.Join(slices.Replace(written, column-1, column+1, written[column-1]+written[column]), ",") + w.end
				})
			}
			one("row, extra quote", row, column, func(w writing, written []string) string {
				before, quoted := strings.CutPrefix(written[column], `"`)
				written[column] = `"` + before
				if quoted {
					written[column] = `""` + before
				}
				return strings.Join(written, ",") + w.end
			})
		}
		for _, delimiter := range []string{" ", ";"} {
			one(fmt.Sprintf("row, delimiter %q", delimiter), row, 0, func(w writing, written []string) string {
				return strings.Join(written, delimiter) + w.end
			})
		}
		for _, end := range []string{"\n", "\r"} {
			one(fmt.Sprintf("row, end %q", end), row, 0, func(w writing, written []string) string { return strings.Join(written, ",") + end })
		}
		one("row, quote '", row, 0, func(w writing, written []string) string {
			return strings.ReplaceAll(strings.Join(written, ","), `"`, "'") + w.end
		})
	}
	return all
}
