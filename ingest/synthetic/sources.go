package synthetic

import _ "embed" // for the mappings

//go:embed sources.yaml
var sources string

// Sources gives the mappings of the files as they stand in tavolo.yaml: the key
// sources and its list.
func Sources() string { return sources }

// northern says whether a province sends its contacts as the North does.
func (p *province) northern() bool { return p.Macro == "Nord-ovest" || p.Macro == "Nord-est" }

// contactsNorth is as an office saves its register from a spreadsheet.
func contactsNorth() sheet[interaction] {
	return sheet[interaction]{
		source: source{name: "contatti-nord", log: "interactions", every: 1, delimiter: ";", windows1252: true, crlf: true, repeats: true,
			header: []string{"ID contatto", "Aperto il", "Prima risposta", "Chiuso il", "Canale", "Prov.", "Sede", "Patronato",
				"Prestazione", "Codice fiscale", "Assistenza digitale", "Attesa (s)", "Durata (s)", "Esito", "Gradimento", "Nota"},
			defects: []defect{
				dayThatIsNone(1, "opened_at"), springGap(1, "opened_at"),
				set("unknown_reference", "province_code", 5, "XZ"),
				set("not_in_list", "channel", 4, "Piccione viaggiatore"),
				set("required", "channel", 4, ""),
				set("invalid_fiscal_code", "citizen_id", 9, wrongCheck("BNCRSS80A01Y100"+string(checkCharacter([]byte("BNCRSS80A01Y100"))))),
				set("out_of_range", "queue_seconds", 11, "-5"),
				set("not_an_integer", "handling_seconds", 12, "otto"),
				set("not_a_boolean", "assisted_digital", 10, "forse"),
				{rule: "requires", column: "closed_at", fields: func(row []string) { row[13], row[3], row[14] = "risolto", "", "" }},
				{rule: "not_before", column: "first_response_at", fields: func(row []string) {
					row[1], row[2], row[3], row[13] = "12/03/2024 10:00", "11/03/2024 10:00", "", "in_corso"
				}},
				tooFew, unterminated,
			}},
		takes: func(e *interaction) bool { return e.province.northern() },
		render: func(row []string, e *interaction) []string {
			note := ""
			if e.rating == 1 {
				note = "sintetica: città già avvisata"
			}
			return append(row, e.id, italian(e.opened), italian(e.answered), italian(e.ended), labelOf(e.channel), e.province.Sigla,
				e.province.office, e.patronato.spelled(), e.service.code, e.person, yesNo(e.digital), optional(e.queue), optional(e.handling),
				e.outcome, rating(e.rating), note)
		},
	}
}

// contactsElsewhere is as a program exports it: ISO times with their offset,
// codes, and notes of several lines.
func contactsElsewhere() sheet[interaction] {
	return sheet[interaction]{
		source: source{name: "contatti-centro-sud", log: "interactions", every: 3, delimiter: ",", bom: true,
			header: []string{"id", "opened", "first_answer", "closed", "channel", "province", "office", "patronato", "service", "citizen",
				"assisted", "queue_s", "handling_s", "outcome", "rating", "note"},
			defects: []defect{
				set("not_a_timestamp", "opened_at", 1, "ieri"),
				set("unknown_reference", "service_code", 8, "pensione_lunare"),
				set("required", "province_code", 5, ""),
				set("out_of_range", "satisfaction", 14, "9"),
				{rule: "forbids", column: "closed_at", fields: func(row []string) {
					row[1], row[2], row[3] = "2024-03-12T10:00:00+01:00", "2024-03-12T10:05:00+01:00", "2024-03-12T11:00:00+01:00"
					row[13], row[14] = "in_corso", ""
				}},
				{rule: "not_before", column: "closed_at", fields: func(row []string) {
					row[1], row[2], row[3] = "2024-03-12T10:00:00+01:00", "", "2024-03-12T09:00:00+01:00"
					row[13], row[14] = "annullato", ""
				}},
				tooMany,
			}},
		takes: func(e *interaction) bool { return !e.province.northern() },
		render: func(row []string, e *interaction) []string {
			note := ""
			if e.rating > 3 {
				note = "nota sintetica,\nsu due righe e con \"virgolette\""
			}
			return append(row, e.id, isoOffset(e.opened), isoOffset(e.answered), isoOffset(e.ended), e.channel, e.province.Code,
				e.province.office, e.patronato.coded(), e.service.code, e.person, e.digital, optional(e.queue), optional(e.handling),
				e.outcome, rating(e.rating), note)
		},
	}
}

// citizensApplications come from the portal, with names in the place of codes.
func citizensApplications() sheet[application] {
	return sheet[application]{
		source: source{name: "domande-cittadini", log: "applications", every: 1, delimiter: ";",
			header: []string{"Domanda", "Presentata il", "Canale", "Provincia", "Prestazione", "Codice fiscale", "Stato", "Integrazione",
				"Decisa il", "Riesame", "Esito riesame"},
			defects: []defect{
				dayThatIsNone(1, "submitted_at"), springGap(1, "submitted_at"),
				set("unknown_reference", "province_code", 3, "Atlantide"),
				set("not_in_list", "status", 6, "Smarrita"),
				set("required", "service_code", 4, ""),
				{rule: "requires", column: "first_decided_at", fields: func(row []string) { row[6], row[8], row[9], row[10] = "accolta", "", "", "" }},
				tooFew,
			}},
		takes: func(a *application) bool { return a.patronato == nil },
		render: func(row []string, a *application) []string {
			return append(row, a.id, italian(a.submitted), a.channel, a.province.Name, a.service.code, a.person, statusLabels[a.status],
				yesNo(said(a.returned)), italian(a.decided), a.review, a.outcome)
		},
	}
}

// patronatiApplications come from the patronati's own program, by INPS's codes.
func patronatiApplications() sheet[application] {
	return sheet[application]{
		source: source{name: "domande-patronati", log: "applications", every: 3, delimiter: "|", repeats: true,
			header: []string{"PRATICA", "INVIO", "CANALE", "PATRONATO", "COD_PRESTAZIONE", "COD_PROVINCIA", "SEDE", "COD_FISC", "STATO",
				"INTEGRAZIONE", "DEFINIZIONE", "RIESAME", "ESITO_RIESAME"},
			defects: []defect{
				set("not_a_timestamp", "submitted_at", 1, "2024-02-30 09:00"),
				set("unknown_reference", "patronato_code", 3, "BAOBAB"),
				set("unknown_reference", "office_code", 6, "9999"),
				set("invalid_fiscal_code", "citizen_id", 7, "NONVALIDO0000000"),
				{rule: "not_before", column: "first_decided_at", fields: func(row []string) {
					row[1], row[8], row[10], row[11], row[12] = "2024-03-12 10:00", "accolta", "2024-03-11 10:00", "", ""
				}},
				{rule: "forbids", column: "first_decided_at", fields: func(row []string) {
					row[1], row[8], row[10], row[11], row[12] = "2024-03-12 10:00", "in_istruttoria", "2024-03-13 10:00", "", ""
				}},
			}},
		takes: func(a *application) bool { return a.patronato != nil },
		render: func(row []string, a *application) []string {
			service := a.service.vocabulary
			if service == "" {
				service = a.service.code
			}
			return append(row, a.id, isoMinute(a.submitted), a.channel, a.patronato.coded(), service, a.province.Code, a.province.office,
				a.person, a.status, said(a.returned), isoMinute(a.decided), a.review, a.outcome)
		},
	}
}

// labelOf gives a channel as the offices of the North call it.
func labelOf(code string) string {
	for i := range channels {
		if channels[i].code == code {
			return channels[i].label
		}
	}
	return ""
}

// statusLabels are the states of an application as the portal shows them.
var statusLabels = map[string]string{
	"presentata": "Ricevuta", "in_istruttoria": "In lavorazione", "integrazione": "Attesa documenti",
	"accolta": "Accolta", "respinta": "Non accolta", "ritirata": "Ritirata",
}

// spelled and coded give a patronato as sources write it; "" for none.
func (i *institute) spelled() string {
	if i == nil {
		return ""
	}
	return i.spelling
}

func (i *institute) coded() string {
	if i == nil {
		return ""
	}
	return i.code
}

func said(yes bool) string {
	if yes {
		return "si"
	}
	return "no"
}

// yesNo writes si and no as spreadsheets in Italian do; "" stays.
func yesNo(said string) string {
	switch said {
	case "si":
		return "Sì"
	case "no":
		return "No"
	}
	return said
}
