package main

import (
	"bufio"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

// mapping is the configuration that reads the file of [writeContacts].
const mapping = `sources:
  - name: contatti
    log: interactions
    files: drops/*.csv
    columns:
      interaction_id: ID
      opened_at: {from: Aperto, layout: dd/MM/yyyy HH:mm:ss}
      first_response_at: {from: Risposta, layout: dd/MM/yyyy HH:mm:ss}
      closed_at: {from: Chiuso, layout: dd/MM/yyyy HH:mm:ss}
      channel: Canale
      province_code: Provincia
      patronato_code: Patronato
      service_code: Prestazione
      citizen_id: Codice fiscale
      assisted_digital: Assistito
      queue_seconds: Coda
      outcome: Esito
`

const months = 24 // that the rows are of

// country has what the rows are made of.
type country struct {
	random    *rand.Rand
	provinces []string
	persons   int
	row       []byte
}

// writeContacts writes so many contacts, the same for the same number.
func writeContacts(path string, rows int, ordered bool) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<20)
	w.WriteString("ID;Aperto;Risposta;Chiuso;Canale;Provincia;Patronato;Prestazione;Codice fiscale;Assistito;Coda;Esito\r\n")
	c := &country{random: rand.New(rand.NewPCG(1, 1)), provinces: provinces(), persons: max(rows/3, 1)}
	for n := range rows {
		at := c.random.IntN(months * 30 * 86400)
		if ordered {
			at = int(int64(n) * months * 30 * 86400 / int64(rows))
		}
		if c.random.IntN(1000) > 0 || c.row == nil {
			c.contact(n, time.Date(2023, 1, 1, 0, 0, at, 0, time.UTC))
		} // otherwise the same row again
		if _, err := w.Write(c.row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// contact makes the row of one contact; one in a thousand is refused.
func (c *country) contact(n int, opened time.Time) {
	hour := 8 + c.random.IntN(10) // the office hours: no clock goes forward or back
	opened = time.Date(opened.Year(), opened.Month(), opened.Day(), hour, opened.Minute(), opened.Second(), 0, time.UTC)
	answered := opened.Add(time.Duration(c.random.IntN(7200)) * time.Second)
	outcome := one(c.random, []string{"risolto", "risolto", "risolto", "inoltrato", "appuntamento", "abbandonato", "in corso"})
	province := one(c.random, c.provinces)
	if c.random.IntN(1000) == 0 {
		province = "ZZ"
	}
	b := append(c.row[:0], "CT"...)
	b = append(b, strconv.Itoa(1_000_000_000 + n)[1:]...)
	b = opened.AppendFormat(append(b, ';'), "02/01/2006 15:04:05")
	b = append(b, ';')
	if outcome != "abbandonato" {
		b = answered.AppendFormat(b, "02/01/2006 15:04:05")
	}
	b = append(b, ';')
	if outcome != "in corso" {
		b = answered.Add(time.Duration(c.random.IntN(36000))*time.Second).AppendFormat(b, "02/01/2006 15:04:05")
	}
	for _, text := range []string{
		one(c.random, []string{"Sportello fisico", "contact center", "contact center", "PEC", "portale", "App mobile", "Punto di consulenza"}),
		province, one(c.random, []string{"INCA", "INAS", "ITAL", "ACLI", "", ""}),
		one(c.random, []string{"accompagnamento", "ape_sociale", "altre_prestazioni"}),
	} {
		b = append(append(b, ';'), text...)
	}
	b = appendFiscalCode(append(b, ';'), uint64(c.random.IntN(c.persons)))
	b = append(append(b, ';'), one(c.random, []string{"sì", "no", ""})...)
	b = strconv.AppendInt(append(b, ';'), int64(c.random.IntN(3000)), 10)
	c.row = append(append(append(b, ';'), outcome...), "\r\n"...)
}

func one(random *rand.Rand, of []string) string { return of[random.IntN(len(of))] }

// provinces gives some sigle.
func provinces() []string {
	return []string{"AG", "AL", "AN", "AO", "AR", "BA", "BG", "BO", "BS", "CA", "CT", "FI", "GE", "LE", "ME", "MI",
		"NA", "PA", "PD", "PI", "RC", "RM", "RN", "SA", "SS", "TA", "TN", "TO", "TS", "UD", "VE", "VR"}
}

// appendFiscalCode appends the valid codice fiscale of a person who does not exist.
func appendFiscalCode(b []byte, person uint64) []byte {
	const consonants = "BCDFGLMNPRSTVZ"
	from := len(b)
	random := rand.New(rand.NewPCG(person, 7))
	for range 6 {
		b = append(b, consonants[random.IntN(len(consonants))])
	}
	number := func(low, n int) {
		value := low + random.IntN(n)
		b = append(b, byte('0'+value/10%10), byte('0'+value%10))
	}
	number(30, 70)
	b = append(b, "ABCDEHLMPRST"[random.IntN(12)])
	number(1+40*random.IntN(2), 28)
	b = append(b, "ABCDEFGHI"[random.IntN(9)], byte('0'+random.IntN(10)))
	number(1, 98)
	return append(b, checkCharacter(b[from:]))
}

// checkCharacter computes the last character of a codice fiscale.
func checkCharacter(code []byte) byte {
	odd := [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for place, c := range code {
		rank := int(c - 'A')
		if c <= '9' {
			rank = int(c - '0')
		}
		if place%2 == 0 {
			rank = odd[rank]
		}
		sum += rank
	}
	return byte('A' + sum%26)
}
