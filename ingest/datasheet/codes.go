package datasheet

import (
	"slices"

	"tavolo/ingest/contract"
)

// codeRule is a rule that follows from the types of columns.
type codeRule struct {
	code     string
	says     contract.Text
	severity contract.Severity
	holds    func(*contract.Column) bool // that the column can break it
}

// columnRules gives the rules that follow from the types of the contract's columns.
func (d *document) columnRules() []codeRule {
	return slices.DeleteFunc(codeRules(), func(rule codeRule) bool {
		return !slices.ContainsFunc(d.contract.Columns, func(c contract.Column) bool { return rule.holds(&c) })
	})
}

// codeRules are the rules of all types, in the order of the document.
func codeRules() []codeRule {
	is := func(types ...contract.Type) func(*contract.Column) bool {
		return func(c *contract.Column) bool { return slices.Contains(types, c.Type) }
	}
	plain := func(c *contract.Column) bool { return c.Type == contract.String && c.References == "" }
	return []codeRule{
		{contract.RuleRequired, contract.Text{IT: "Una colonna obbligatoria ha un valore.", EN: "A required column has a value."}, "",
			func(c *contract.Column) bool { return c.Required }},
		{contract.RuleInteger, contract.Text{IT: "Un intero ha solo cifre, con o senza segno.", EN: "An integer has digits only, with or without a sign."}, "", is(contract.Integer)},
		{contract.RuleDecimal, contract.Text{IT: "Un decimale ha al più due decimali e il separatore che la fonte dichiara; le migliaia non si separano.",
			EN: "A decimal has at most two decimals and the separator that the source declares; thousands are not separated."}, "", is(contract.Decimal)},
		{contract.RuleBoolean, contract.Text{IT: "Sì o no: sì, si, s, vero, 1, x; no, n, falso, 0 (anche in inglese).",
			EN: "Yes or no: yes, y, true, 1, x; no, n, false, 0 (in Italian as well)."}, "", is(contract.Boolean)},
		{contract.RuleDate, contract.Text{IT: "Una data è scritta come 2024-03-31, o nella forma che la fonte dichiara, ed esiste.",
			EN: "A date is written as 2024-03-31, or in the form that the source declares, and exists."}, "", is(contract.Date)},
		{contract.RuleTimestamp, contract.Text{IT: "Data e ora sono scritte come 2024-03-31 09:30, o nella forma che la fonte dichiara, ed esistono.",
			EN: "Date and time are written as 2024-03-31 09:30, or in the form that the source declares, and exist."}, "", is(contract.Timestamp)},
		{contract.RuleGap, contract.Text{IT: "L'ora non è fra quelle saltate quando torna l'ora legale.",
			EN: "The time is not one that was skipped when the clocks went forward."}, "", is(contract.Timestamp)},
		{contract.RuleAmbiguous, contract.Text{IT: "Un'ora ripetuta quando finisce l'ora legale vale come la prima delle due.",
			EN: "A time that came twice when the clocks went back is taken as the first of the two."}, contract.Warn, is(contract.Timestamp)},
		{contract.RuleList, contract.Text{IT: "Il valore è uno dell'elenco, o una delle altre scritture.",
			EN: "The value is one of the list, or one of its other spellings."}, "", is(contract.Enum)},
		{contract.RuleRange, contract.Text{IT: "Il valore è nei limiti; l'anno di una data è fra 1900 e 2199.",
			EN: "The value is within its bounds; the year of a date is from 1900 to 2199."}, "",
			is(contract.Integer, contract.Decimal, contract.Date, contract.Timestamp)},
		{contract.RuleReference, contract.Text{IT: "Il codice o il nome è nelle tabelle di riferimento, alla data della riga.",
			EN: "The code or name is in the reference tables, at the date of the row."}, "",
			func(c *contract.Column) bool { return c.References != "" }},
		{contract.RuleFiscalCode, contract.Text{IT: "Il codice fiscale è valido; è conservato solo come pseudonimo.",
			EN: "The codice fiscale is valid; it is kept as a pseudonym only."}, "",
			func(c *contract.Column) bool { return c.Kind == contract.FiscalCode }},
		{contract.RuleHoldsFiscalCode, contract.Text{IT: "Nessun codice fiscale dove non ci deve essere.",
			EN: "No codice fiscale where there must be none."}, "",
			func(c *contract.Column) bool { return plain(c) && !c.Free }},
		{contract.RuleLength, contract.Text{IT: "Un testo non supera i suoi caratteri, 100 se non è detto altro.",
			EN: "A text is no longer than its characters, 100 where nothing else is said."}, "", plain},
	}
}
