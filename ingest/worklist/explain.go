package worklist

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"tavolo/ingest/contract"
)

// explainName is the sheet that tells how to fill the other one in.
const explainName = "Istruzioni"

// styles are the looks of cells.
type styles struct {
	header, ownHeader, own, number, text, wrong int
}

func newStyles(book *excelize.File) (styles, error) {
	const asText = 49 // the number format "@": what is typed stays as it is typed
	thin := []excelize.Border{{Type: "bottom", Color: "BFBFBF", Style: 1}}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	top := &excelize.Alignment{Vertical: "top"}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	bold := &excelize.Font{Bold: true}
	var s styles
	for _, one := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.header, excelize.Style{Font: bold, Alignment: wrap, Border: thin, NumFmt: asText}},
		{&s.ownHeader, excelize.Style{Font: bold, Alignment: wrap, Border: thin, Fill: fill("EDEDED")}},
		{&s.own, excelize.Style{Alignment: wrap, Fill: fill("F7F7F7"), NumFmt: asText}},
		{&s.number, excelize.Style{Alignment: top, Fill: fill("F7F7F7"), NumFmt: 1}},
		{&s.text, excelize.Style{Alignment: top, NumFmt: asText}},
		{&s.wrong, excelize.Style{Alignment: top, NumFmt: asText, Fill: fill("FFF2CC"), Border: thin}},
	} {
		var err error
		if *one.id, err = book.NewStyle(&one.style); err != nil {
			return s, fmt.Errorf("work-list: %w", err)
		}
	}
	return s, nil
}

// explain writes the second sheet: what to do, then what each column is.
func (s *sheet) explain() error {
	if _, err := s.book.NewSheet(explainName); err != nil {
		return fmt.Errorf("work-list: %w", err)
	}
	stream, err := s.book.NewStreamWriter(explainName)
	if err != nil {
		return fmt.Errorf("work-list: %w", err)
	}
	if err := stream.SetColWidth(1, 1, 30); err != nil {
		return err
	}
	if err := stream.SetColWidth(2, 2, 100); err != nil {
		return err
	}
	for i, row := range s.explanation() {
		cells := []any{
			excelize.Cell{StyleID: s.styles.header, Value: defuse(row[0])},
			excelize.Cell{StyleID: s.styles.text, Value: defuse(row[1])},
		}
		if err := stream.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return fmt.Errorf("work-list: %w", err)
		}
	}
	return stream.Flush()
}

func (s *sheet) explanation() [][2]string {
	rows := [][2]string{
		{"Fonte", fmt.Sprintf("%s (%s)", s.Source.Name, s.Contract.Title.IT)},
		{"Data", s.Day.Format("02/01/2006")},
		{"Che cos'è", fmt.Sprintf("Le righe rifiutate e ancora da correggere: %d. Ogni riga dice perché; le celle da guardare sono evidenziate.", s.written.Rows)},
		{"Come si compila", "Correggere le celle a destra dei motivi, nella stessa forma dei file che si inviano di solito. Non cambiare le colonne grigie né l'intestazione."},
		{"***", "Un identificativo di persona, che non conserviamo: in una riga che si corregge va riscritto per intero."},
		{"Celle vuote", "Se la riga non si è potuta dividere in colonne, le celle sono vuote: va ripresa dal file di origine, alla riga indicata."},
		{"Righe lasciate come sono", "Restano da correggere: si può rimandare l'elenco anche compilato in parte."},
		{"Come si rimanda", "Rimandare questo stesso file: ogni riga accettata risulterà corretta, una volta sola."},
		{"", ""},
	}
	for i := range s.Contract.Columns {
		column := &s.Contract.Columns[i]
		if from := s.Source.Columns[column.Name].From; len(from) > 0 {
			help := columnHelp(column)
			if layout := s.Source.Columns[column.Name].Layout; layout != "" {
				help += " Forma: " + italianLayout.Replace(layout) + "."
			}
			if len(s.codes(column)) > 0 {
				help += " Codici e nomi: foglio «" + codesName + "»."
			}
			rows = append(rows, [2]string{strings.Join(from, " + "), help})
		}
	}
	return rows
}

// italianLayout writes the form of a date as people here do; immutable.
var italianLayout = strings.NewReplacer("d", "g", "M", "m", "y", "a", "H", "h")

func columnHelp(column *contract.Column) string {
	parts := []string{column.Title.IT + "."}
	if column.Required {
		parts = append(parts, "Obbligatorio.")
	}
	parts = append(parts, column.Doc.IT)
	if len(column.Values) > 0 {
		parts = append(parts, "Valori: "+strings.Join(column.Values, ", ")+".")
	}
	return strings.Join(parts, " ")
}
