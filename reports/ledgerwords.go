package reports

// The quarantine and the checks have codes, which the commands show and which stay
// the same in every language. A page says in its own language what they mean; a code
// without words is shown as it is.

// ruleNames are the words for the codes of what was wrong with refused rows.
var ruleNames = map[string]map[string]string{
	"it": {
		"required": "Valore obbligatorio mancante", "not_an_integer": "Non è un numero intero", "not_a_decimal": "Non è un numero",
		"not_a_boolean": "Né sì né no", "not_a_date": "Non è una data", "not_a_timestamp": "Non è una data con l'ora",
		"not_in_list": "Voce non in elenco", "out_of_range": "Fuori dai valori ammessi", "unknown_reference": "Codice sconosciuto",
		"invalid_fiscal_code": "Codice fiscale non valido", "holds_fiscal_code": "Contiene un codice fiscale",
		"gap_in_local_time": "Ora inesistente (ora legale)", "ambiguous_local_time": "Ora ripetuta (ora solare)", "too_long": "Troppo lungo",
		"not_before": "Date in ordine inverso", "requires": "Manca ciò che un altro valore richiede", "forbids": "C'è ciò che un altro valore esclude",
		"ragged": "Numero di campi diverso dall'intestazione", "unterminated_quote": "Virgolette non chiuse", "stray_quote": "Testo dopo le virgolette",
		"bad_encoding": "Caratteri non leggibili", "nul_byte": "Byte nullo", "too_many_columns": "Troppi campi",
		"bad_json": "JSON non valido", "duplicate_key": "Chiave ripetuta", "not_a_value": "Elenco al posto di un valore", "nested_too_deep": "Troppi livelli",
		"cell_error": "Errore nella cella", "no_value": "Formula mai calcolata", "bad_cell": "Cella non valida",
	},
	"en": {
		"required": "Required value missing", "not_an_integer": "Not a whole number", "not_a_decimal": "Not a number",
		"not_a_boolean": "Neither yes nor no", "not_a_date": "Not a date", "not_a_timestamp": "Not a date and time",
		"not_in_list": "Not in the list", "out_of_range": "Out of range", "unknown_reference": "Unknown code",
		"invalid_fiscal_code": "Invalid codice fiscale", "holds_fiscal_code": "Holds a codice fiscale",
		"gap_in_local_time": "Time that did not exist (clocks forward)", "ambiguous_local_time": "Time that came twice (clocks back)", "too_long": "Too long",
		"not_before": "Dates in the wrong order", "requires": "Missing what another value requires", "forbids": "Present where another value forbids it",
		"ragged": "More or fewer fields than the header", "unterminated_quote": "Quote not closed", "stray_quote": "Text after the closing quote",
		"bad_encoding": "Unreadable characters", "nul_byte": "Null byte", "too_many_columns": "Too many fields",
		"bad_json": "Invalid JSON", "duplicate_key": "Key given twice", "not_a_value": "List in place of a value", "nested_too_deep": "Nested too deep",
		"cell_error": "Error in the cell", "no_value": "Formula never computed", "bad_cell": "Invalid cell",
	},
}

// checkTitles are the first lines of the checks, which are English, in other languages.
var checkTitles = map[string]map[string]string{
	"it": {
		"chains_hold_every_booking":      "Ogni appuntamento è in una sola catena di spostamenti.",
		"ledger_equals_lake":             "Ogni file acquisito ha nell'archivio tante righe quante ne dice la contabilità; nessun altro ne ha.",
		"marts_add_up":                   "Le righe di ogni tabella di calcolo danno la somma degli eventi da cui vengono.",
		"marts_have_a_place_and_a_month": "Ogni riga di ogni tabella di calcolo è di un territorio noto e del primo giorno di un mese.",
		"params_are_whole":               "C'è una sola riga di parametri, e le sue date sono in ordine.",
		"parts_within_wholes":            "Nessuna quota ha il numeratore maggiore del denominatore, e nessun conteggio è negativo.",
		"staging_keys_unique":            "Dopo la preparazione ogni chiave di ogni registro compare una volta sola.",
		"staging_loses_no_key":           "Ogni chiave di un registro è nella preparazione, o ha una versione che la dice cancellata.",
		"stocks_follow_from_flows":       "Ciò che è aperto alla fine di un mese è ciò che si è aperto fino ad allora, meno ciò che si è chiuso.",
	},
}

// ruleName says what was wrong with a refused row.
func (w words) ruleName(code string) string {
	if name, ok := ruleNames[w.lang][code]; ok {
		return name
	}
	return code
}

// checkTitle says what a check demands: english is its own first line.
func (w words) checkTitle(name, english string) string {
	if title, ok := checkTitles[w.lang][name]; ok {
		return title
	}
	return english
}
