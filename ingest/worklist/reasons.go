package worklist

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/source"
)

// Reason says in Italian why a record was refused. The column is named by its
// title in the contract; a value in the refusal is masked already.
func Reason(c *contract.Contract, r ledger.Refusal) string {
	column := c.Column(r.Column)
	if column == nil {
		if sentence, ok := recordReasons()[r.Rule]; ok {
			return sentence
		}
		return fmt.Sprintf("La riga non si è potuta leggere (%s).", r.Rule)
	}
	subject := "«" + column.Title.IT + "»"
	if r.Value != "" {
		subject += fmt.Sprintf(": il valore «%s»", r.Value)
	}
	if sentence, ok := columnReasons()[r.Rule]; ok {
		return subject + " " + sentence + about(column, r.Rule) + "."
	}
	if rule := ruleOf(c, r); rule != nil {
		return subject + " " + ruleReason(c, rule) + ". " + rule.Doc.IT
	}
	return fmt.Sprintf("%s non rispetta la regola %s.", subject, r.Rule)
}

// recordReasons are the sentences about records that could not be read.
func recordReasons() map[string]string {
	return map[string]string{
		source.Ragged:            "La riga ha più o meno campi dell'intestazione.",
		source.UnterminatedQuote: "Una virgoletta è aperta e non è più chiusa.",
		source.StrayQuote:        "Dopo una virgoletta chiusa c'è altro testo prima del separatore.",
		source.BadEncoding:       "La riga contiene byte che la codifica del file non prevede.",
		source.NulByte:           "La riga contiene un byte nullo, che nessun testo ha.",
		source.TooLong:           "La riga è più lunga del limite.",
		source.TooManyColumns:    "La riga ha più campi del limite.",
		source.BadJSON:           "La riga non è un oggetto JSON corretto.",
		source.DuplicateKey:      "Un oggetto ha due volte la stessa chiave, e non si sa quale valga.",
		source.NotAValue:         "Dove serve un valore c'è un oggetto o un elenco.",
		source.NoValue:           "Una cella contiene una formula di cui il file non ha il risultato: scrivere il valore.",
		source.CellError:         "Una cella mostra un errore del foglio di calcolo, come #N/D: scrivere il valore.",
		source.BadCell:           "Una cella non si è potuta leggere: scrivere di nuovo la riga.",
		source.NestedTooDeep:     "Gli oggetti sono annidati oltre il limite.",
		StillMasked:              "Un identificativo è ancora nascosto (***): va riscritto, perché non lo conserviamo.",
	}
}

// columnReasons are the sentences about values; the subject is before them, and
// what [about] adds is behind.
func columnReasons() map[string]string {
	return map[string]string{
		contract.RuleRequired:        "manca, ed è obbligatorio",
		contract.RuleInteger:         "non è un numero intero",
		contract.RuleDecimal:         "non è un numero con il separatore decimale previsto e al più due decimali",
		contract.RuleBoolean:         "non è né sì né no",
		contract.RuleDate:            "non è una data esistente nella forma prevista",
		contract.RuleTimestamp:       "non è una data con ora esistente nella forma prevista",
		contract.RuleList:            "non è tra quelli ammessi",
		contract.RuleRange:           "è fuori dai limiti",
		contract.RuleReference:       "non è tra i codici e i nomi conosciuti alla data della riga",
		contract.RuleFiscalCode:      "non è un codice fiscale valido",
		contract.RuleHoldsFiscalCode: "contiene un codice fiscale, che qui non deve stare",
		contract.RuleGap:             "è un'ora che non c'è stata: è fra quelle saltate con l'ora legale",
		contract.RuleAmbiguous:       "è un'ora che c'è stata due volte con il ritorno dell'ora solare",
		contract.RuleLength:          "è troppo lungo",
	}
}

// about tells what the contract allows where a rule was broken.
func about(column *contract.Column, rule string) string {
	switch rule {
	case contract.RuleList:
		return ": " + strings.Join(column.Values, ", ")
	case contract.RuleRange:
		switch {
		case column.Min != nil && column.Max != nil:
			return fmt.Sprintf(", da %d a %d", *column.Min, *column.Max)
		case column.Min != nil:
			return fmt.Sprintf(", da %d in su", *column.Min)
		case column.Max != nil:
			return fmt.Sprintf(", fino a %d", *column.Max)
		}
	case contract.RuleLength:
		if column.MaxLength > 0 {
			return fmt.Sprintf(": al più %d caratteri", column.MaxLength)
		}
	}
	return ""
}

// ruleOf finds the rule across columns that a refusal is about. Of several of a
// kind at one column it is the one whose other columns the message names.
func ruleOf(c *contract.Contract, r ledger.Refusal) *contract.Rule {
	var best *contract.Rule
	bestNamed := -1
	for i := range c.Rules {
		rule := &c.Rules[i]
		if rule.Rule != r.Rule || rule.Column != r.Column {
			continue
		}
		named := 0
		words := []string{rule.Other}
		for name, values := range rule.When {
			words = append(append(words, name), values...)
		}
		for _, word := range words {
			if word != "" && strings.Contains(r.Message, word) {
				named++
			}
		}
		if named > bestNamed {
			best, bestNamed = rule, named
		}
	}
	return best
}

// ruleReason says how a rule across columns was broken.
func ruleReason(c *contract.Contract, rule *contract.Rule) string {
	title := func(name string) string {
		if column := c.Column(name); column != nil {
			return "«" + column.Title.IT + "»"
		}
		return name
	}
	var when []string
	for _, name := range slices.Sorted(maps.Keys(rule.When)) {
		when = append(when, title(name)+" sia "+strings.Join(rule.When[name], " o "))
	}
	switch rule.Rule {
	case contract.NotBefore:
		return "viene prima di " + title(rule.Other)
	case contract.Requires:
		return "manca, sebbene " + strings.Join(when, " e ")
	}
	return "ha un valore, sebbene " + strings.Join(when, " e ")
}
