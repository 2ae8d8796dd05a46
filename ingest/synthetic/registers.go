package synthetic

import "strconv"

// officeAgenda is the agenda of the offices: day and hour apart.
func officeAgenda(c *country) sheet[booking] {
	render := func(row []string, b *booking, corrected bool) []string {
		status, arrived, called, ended := agendaLabels[b.status], b.arrived, b.called, b.ended
		updated := c.end.at(0) - 2*minutesADay
		if b.mistaken && !corrected {
			status, arrived, called, ended = agendaLabels["non_presentato"], 0, 0, 0
		}
		if corrected {
			updated += minutesADay
		}
		return append(row, b.id, italian(b.requested), italianDay(b.slot.day()), b.slot.form("15:04"), italian(b.offered),
			b.province.Name, b.province.office, b.patronato.spelled(), b.service.code, b.person, status,
			italian(arrived), italian(called), italian(ended), italian(b.ceded), b.movedFrom, b.point, italian(updated))
	}
	return sheet[booking]{
		source: source{name: agendaSource, log: "bookings", every: 1, delimiter: ";", windows1252: true, crlf: true, repeats: true,
			header: []string{"ID Prenotazione", "Data richiesta", "Data", "Ora", "Prima disponibilità", "Provincia", "Sede", "Patronato",
				"Prestazione", "CF", "Stato", "Arrivo", "Chiamata", "Fine", "Annullato il", "Sostituisce", "Punto", "Aggiornato il"},
			defects: []defect{
				dayThatIsNone(1, "requested_at"),
				{rule: "gap_in_local_time", column: "slot_at", fields: func(row []string) {
					row[1], row[2], row[3], row[4] = "01/03/2024 09:00", "31/03/2024", "02:30", ""
					row[10], row[11], row[12], row[13], row[14] = "Prenotato", "", "", "", ""
				}},
				set("unknown_reference", "province_code", 5, "Provincia che non c'è"),
				set("not_in_list", "status", 10, "Boh"),
				set("required", "requested_at", 1, ""),
				set("invalid_fiscal_code", "citizen_id", 9, "123"),
				{rule: "not_before", column: "slot_at", fields: func(row []string) {
					row[1], row[2], row[3], row[4] = "15/03/2024 09:00", "14/03/2024", "09:00", ""
					row[10], row[11], row[12], row[13], row[14] = "Prenotato", "", "", "", ""
				}},
				{rule: "not_before", column: "called_at", fields: func(row []string) {
					row[10], row[11], row[12], row[13] = "Evaso", "14/03/2024 09:20", "14/03/2024 09:10", ""
				}},
				tooFew, unterminated,
			}},
		takes:         func(b *booking) bool { return b.mode == "fisico" },
		render:        func(row []string, b *booking) []string { return render(row, b, false) },
		corrects:      func(b *booking) bool { return b.mistaken },
		renderCorrect: func(row []string, b *booking) []string { return render(row, b, true) },
	}
}

// agendaLabels are the states of an appointment as the agenda shows them.
var agendaLabels = map[string]string{
	"prenotato": "Prenotato", "confermato": "Confermato", "spostato": "Spostato",
	"annullato_utente": "Disdetto", "annullato_inps": "Annullato dalla sede",
	"presentato": "Presentatosi", "non_presentato": "Assente", "concluso": "Evaso",
}

// remoteAgenda is the export of the appointments by telephone and video, under a title.
func remoteAgenda() sheet[booking] {
	return sheet[booking]{
		source: source{name: "agenda-telefono-web", log: "bookings", every: 3, delimiter: ",",
			preamble: []string{"Estrazione appuntamenti a distanza (dati sintetici)", "", "Uso interno"},
			header: []string{"booking", "requested", "slot", "first_offer", "mode", "province", "patronato", "service", "citizen", "status",
				"checked_in", "called", "ended", "cancelled", "replaces"},
			defects: []defect{
				springGap(1, "requested_at"), set("not_in_list", "mode", 4, "telepatia"),
				set("unknown_reference", "province_code", 5, "ITX9"),
				set("required", "mode", 4, ""),
				tooMany,
			}},
		takes: func(b *booking) bool { return b.mode != "fisico" },
		render: func(row []string, b *booking) []string {
			return append(row, b.id, iso(b.requested), iso(b.slot), iso(b.offered), b.mode, b.province.Sigla, b.patronato.coded(), b.service.code,
				b.person, b.status, iso(b.arrived), iso(b.called), iso(b.ended), iso(b.ceded), b.movedFrom)
		},
	}
}

// trainingRegister is the register of the courses, with decimal commas.
func trainingRegister() sheet[training] {
	return sheet[training]{
		source: source{name: "formazione", log: "trainings", every: 3, delimiter: ";", bom: true, crlf: true, repeats: true,
			header: []string{"Sessione", "Operatore", "Data", "Corso", "Titolo", "Misura", "Ore", "Modalità", "Organizzazione", "Prov",
				"Patronato", "Minuti", "Presente", "Punteggio", "Superato", "Gradimento"},
			defects: []defect{
				set("not_a_date", "held_on", 2, "31/02/2024"),
				set("not_a_decimal", "hours", 6, "tre e mezza"),
				set("out_of_range", "test_score", 13, "120"),
				set("not_an_integer", "attended_minutes", 11, "12,5"),
				set("not_a_boolean", "attended", 12, "quasi"),
				set("required", "operator_id", 1, ""),
				set("unknown_reference", "measure_code", 5, "misura_zeta"),
			}},
		takes: func(*training) bool { return true },
		render: func(row []string, t *training) []string {
			passed := ""
			if t.score >= 0 {
				passed = yesNo(said(t.score >= 60))
			}
			return append(row, t.session, t.operator, italianDay(t.held), t.course, t.title, t.measure, tenths(t.hours10), t.mode, t.organiser,
				t.province.Sigla, t.patronato.coded(), optional(t.minutes), yesNo(said(t.attended)), optional(t.score), passed, rating(t.rating))
		},
	}
}

// proposals is the list that the patronati keep of what they proposed.
func proposals() sheet[contribution] {
	return sheet[contribution]{
		source: source{name: "proposte", log: "contributions", every: 6, delimiter: ",",
			header: []string{"id", "presentata", "patronato", "livello", "territorio", "ambito", "oggetto", "stato", "presa_in_carico",
				"decisa", "attuata"},
			defects: []defect{
				{rule: "requires", column: "territory_code", fields: func(row []string) { row[3], row[4] = "regionale", "" }},
				{rule: "not_before", column: "decided_on", fields: func(row []string) {
					row[1], row[7], row[8], row[9], row[10] = "2024-03-12", "respinto", "", "2024-03-11", ""
				}},
				set("not_in_list", "kind", 5, "gastronomica"),
			}},
		takes: func(*contribution) bool { return true },
		render: func(row []string, t *contribution) []string {
			return append(row, t.id, isoDay(t.submitted), t.patronato.name, t.level, t.territory, t.kind, t.topic, t.status,
				isoDay(t.seen), isoDay(t.decided), isoDay(t.applied))
		},
	}
}

// protocolEvents is the register of the Protocol.
func protocolEvents() sheet[agreement] {
	return sheet[agreement]{
		source: source{name: "protocollo", log: "agreements", every: 6, delimiter: "\t",
			header: []string{"evento", "data", "tipo", "livello", "territorio", "misura", "punto", "valido_fino_al", "nota"},
			defects: []defect{
				set("not_a_date", "happened_on", 1, "ieri"),
				set("unknown_reference", "territory_code", 4, "999"),
				set("not_in_list", "kind", 2, "convivio"),
			}},
		takes: func(*agreement) bool { return true },
		render: func(row []string, e *agreement) []string {
			return append(row, e.id, isoDay(e.on), e.kind, e.level, e.territory, e.measure, e.point, isoDay(e.until), e.note)
		},
	}
}

// isoMinute is ISO 8601 with a blank and without seconds.
func isoMinute(m minute) string { return m.form("2006-01-02 15:04") }

// tenths writes them with a decimal comma: 35 is "3,5".
func tenths(n int) string { return strconv.Itoa(n/10) + "," + strconv.Itoa(n%10) }
