package mapping

// spellings gives, beside a column's own name and titles, the headings under which
// files have it, by log and column, * for every log; immutable. They serve to suggest a mapping, and
// are bound to nothing: a mapping says what is meant.
var spellings = map[string][]string{
	"*.patronato_code": {"Ente", "Ente di patronato"},

	"interactions.interaction_id":    {"ID contatto", "Contatto", "Ticket", "Numero contatto"},
	"interactions.opened_at":         {"Aperto il", "Data apertura", "Data contatto"},
	"interactions.first_response_at": {"Prima risposta", "Data prima risposta", "First answer"},
	"interactions.closed_at":         {"Chiuso il", "Data chiusura"},
	"interactions.queue_seconds":     {"Attesa", "Attesa in coda", "Secondi attesa", "Queue"},
	"interactions.handling_seconds":  {"Durata", "Secondi durata", "Duration"},
	"interactions.satisfaction":      {"Gradimento", "Voto", "Rating"},

	"applications.application_id":           {"Pratica", "Numero pratica", "ID domanda", "Numero domanda", "Domanda"},
	"applications.submitted_at":             {"Invio", "Inviata il", "Data invio", "Data presentazione", "Presentata il"},
	"applications.returned_for_integration": {"Integrazione", "Richiesta integrazione"},
	"applications.first_decided_at":         {"Definizione", "Data definizione", "Definita il", "Data decisione"},

	"bookings.booking_id":       {"ID Prenotazione", "Prenotazione", "Numero prenotazione", "ID appuntamento"},
	"bookings.requested_at":     {"Data richiesta", "Richiesto il", "Prenotato il"},
	"bookings.first_offered_at": {"Prima disponibilità", "Prima data offerta", "First offer"},
	"bookings.slot_at":          {"Data appuntamento", "Appuntamento", "Data e ora appuntamento"},
	"bookings.mode":             {"Modo", "Modalità di appuntamento"},
	"bookings.checked_in_at":    {"Arrivo", "Ora arrivo"},
	"bookings.rescheduled_from": {"Sostituisce", "Spostato da", "Replaces"},

	"trainings.session_id":   {"Sessione", "Edizione", "Session"},
	"trainings.operator_id":  {"Operatore", "Matricola", "Operator"},
	"trainings.satisfaction": {"Gradimento", "Voto", "Rating"},

	"contributions.contribution_id": {"Proposta", "ID proposta"},
	"contributions.kind":            {"Ambito", "Tipo"},
	"contributions.topic":           {"Oggetto", "Argomento"},

	"agreements.event_id": {"Evento", "ID evento"},
	"agreements.kind":     {"Tipo", "Tipo evento"},
}
