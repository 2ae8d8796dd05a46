package contract

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"tavolo/ingest/source"
)

var contactColumns = []string{"interaction_id", "opened_at@dd/MM/yyyy HH:mm:ss", "first_response_at@dd/MM/yyyy HH:mm:ss",
	"closed_at@dd/MM/yyyy HH:mm:ss", "channel", "province_code", "patronato_code", "service_code", "citizen_id",
	"assisted_digital", "queue_seconds", "outcome"}

// contacts writes about size bytes of interactions in the shape that an office
// sends: semicolons, Italian dates, a codice fiscale in each row.
func contacts(size int) []byte {
	random := rand.New(rand.NewPCG(1, 1))
	persons := []string{"RSSMRA80A01H501U", "MRARSS75P14H501I", "RSSMRA77L18H501W", "RSSMRA85T10A562S"}
	channels := []string{"sportello", "contact_center", "pec", "Call center", "portale"}
	var b bytes.Buffer
	b.WriteString("ID;Aperto;Risposta;Chiuso;Canale;Prov;Patronato;Servizio;CF;Assistito;Coda;Esito\r\n")
	for n := 0; b.Len() < size; n++ {
		day := fmt.Sprintf("%02d/%02d/%d", 1+n/2000%28, 1+n/60000%12, 2024+n/800000%2)
		minute := random.IntN(60)
		fmt.Fprintf(&b, "CT%09d;%s 09:%02d:11;%s 10:%02d:12;%s 11:%02d:13;%s;%s;%s;pensioni;%s;%s;%d;risolto\r\n",
			n, day, minute, day, minute, day, minute, channels[random.IntN(5)], []string{"RM", "NA"}[random.IntN(2)],
			[]string{"INCA", ""}[random.IntN(2)], persons[random.IntN(4)], []string{"sì", "no", ""}[random.IntN(3)], random.IntN(3000))
	}
	return b.Bytes()
}

// BenchmarkReadAndCheck takes 200 MB of interactions from bytes to checked rows,
// on one goroutine.
func BenchmarkReadAndCheck(b *testing.B) {
	benchmark(b, true)
}

// BenchmarkRead is the part of it that splits the bytes into fields.
func BenchmarkRead(b *testing.B) { benchmark(b, false) }

func benchmark(b *testing.B, check bool) {
	text := contacts(200 << 20)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		k := checkerOf(b, "interactions", contactColumns...)
		r, err := source.New("contacts.csv", bytes.NewReader(text), source.Format{}, source.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		for {
			record, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			rows++
			if !check {
				continue
			}
			if row, violations := k.Check(record); row == nil {
				b.Fatalf("line %d: %+v", record.Line, violations)
			}
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func TestNothingIsAllocatedForAGoodRow(t *testing.T) {
	k := checkerOf(t, "bookings", bookingColumns...)
	r := booking(map[int]string{3: "in presenza", 8: "2024-03-05T10:20", 9: "2024-03-05T10:30:59"})
	k.Check(r)
	allocated := testing.AllocsPerRun(1000, func() {
		if row, violations := k.Check(r); row == nil {
			t.Fatal(violations)
		}
	})
	if allocated > 0 {
		t.Errorf("%v allocations a row", allocated)
	}
}
