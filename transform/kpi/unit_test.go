package kpi_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"tavolo/transform/kpi"
)

func TestFormat(t *testing.T) {
	for _, test := range []struct {
		unit   kpi.Unit
		value  float64
		it, en string
	}{
		{kpi.Percent, 0.123, "12,3\u202f%", "12.3%"},
		{kpi.Percent, 0.0765, "7,7\u202f%", "7.7%"}, // halves away from zero, though 7.65 is a little less in binary
		{kpi.Percent, 1, "100,0\u202f%", "100.0%"},
		{kpi.Percent, 0, "0,0\u202f%", "0.0%"},
		{kpi.Percent, -0.00001, "0,0\u202f%", "0.0%"},
		{kpi.Percent, math.NaN(), "–", "–"},
		{kpi.Percent, math.Inf(1), "–", "–"},
		{kpi.PerThousand, 0.0123, "12,3\u202f‰", "12.3‰"},
		{kpi.Per100k, 0.0000345, "3,45 ogni\u00a0100.000", "3.45 per\u00a0100,000"},
		{kpi.PerHundred, 0.125, "12,5 ogni\u00a0100", "12.5 per\u00a0100"},
		{kpi.Days, 1, "1\u00a0giorno", "1\u00a0day"},
		{kpi.Days, -1, "−1\u00a0giorno", "−1\u00a0day"},
		{kpi.Days, 0, "0\u00a0giorni", "0\u00a0days"},
		{kpi.Days, 7.25, "7,3\u00a0giorni", "7.3\u00a0days"},
		{kpi.Hours, 48, "48\u00a0ore", "48\u00a0hours"},
		{kpi.Minutes, 60, "60\u00a0min", "60\u00a0min"},
		{kpi.Count, 1234567, "1.234.567", "1,234,567"},
		{kpi.Count, 12.4, "12", "12"},
		{kpi.Ratio, 1.005, "1,01", "1.01"},
		{kpi.Date, 20005, "09/10/2024", "9\u00a0October\u00a02024"},
		{kpi.Date, 0, "01/01/1970", "1\u00a0January\u00a01970"},
		{kpi.Date, math.NaN(), "–", "–"},
		{kpi.Points, 1234.5, "1.234,5\u00a0punti", "1,234.5\u00a0points"},
	} {
		if got := test.unit.Format(test.value, "it"); got != test.it {
			t.Errorf("%s %v: %q, want %q", test.unit, test.value, got, test.it)
		}
		if got := test.unit.Format(test.value, "en"); got != test.en {
			t.Errorf("%s %v: %q, want %q", test.unit, test.value, got, test.en)
		}
	}
}

// The ends of an interval are seen to differ from their value wherever they do.
func TestDigits(t *testing.T) {
	for _, test := range []struct {
		unit                kpi.Unit
		value, lower, upper float64
		want                string
	}{
		{kpi.PerThousand, 0.000418, 0.000408, 0.000428, "0,42 (0,41–0,43)"},
		{kpi.Percent, 0.123, 0.11, 0.137, "12,3 (11,0–13,7)"},
		{kpi.Percent, 0.12345, 0.12339, 0.12351, "12,345 (12,339–12,351)"},
		{kpi.Percent, 0, 0, 0.0003, "0,00 (0,00–0,03)"}, // the lower end is the value itself
		{kpi.Percent, 1, 1, 1, "100,0 (100,0–100,0)"},
		{kpi.Days, 8, 7, 9, "8 (7–9)"},
		{kpi.Days, 8, 8, 8, "8 (8–8)"}, // a median of whole days may be one of its own limits
		{kpi.Days, 8, 7.98, 8.4, "8,00 (7,98–8,40)"},
		{kpi.Ratio, 0.5, 0.5 - 1e-9, 0.5 + 1e-9, "0,500000 (0,500000–0,500000)"}, // enough is enough
		{kpi.Percent, 0.5, math.NaN(), 0.6, "50,0 (––60,0)"},
		{kpi.Points, -0.01, -0.02, 0.01, "−0,01 (−0,02–0,01)"},
		{kpi.Date, 20005, 20005, 20005, "09/10/2024 (09/10/2024–09/10/2024)"},
	} {
		digits := test.unit.Digits(test.value, test.lower, test.upper)
		write := func(value float64) string { return test.unit.NumberTo(value, digits, "it") }
		if got := write(test.value) + " (" + write(test.lower) + "–" + write(test.upper) + ")"; got != test.want {
			t.Errorf("%s %v: %s, want %s", test.unit, test.value, got, test.want)
		}
	}
}

// TestWritten compares the value that is written with what is written of it: the same
// number, whatever the unit, and it is written as itself.
func TestWritten(t *testing.T) {
	digits := func(text string) string {
		return strings.NewReplacer(",", "", "\u2212", "-").Replace(text)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for _, unit := range []kpi.Unit{kpi.Percent, kpi.PerThousand, kpi.Per100k, kpi.PerHundred, kpi.Days, kpi.Hours, kpi.Count} {
		for range 2000 {
			value, more := chance.NormFloat64()*math.Pow(10, float64(chance.IntN(7)-4)), chance.IntN(4)
			want, err := strconv.ParseFloat(digits(unit.NumberTo(value, more, "en")), 64)
			if err != nil {
				t.Fatal(err)
			}
			written := unit.Written(value, more)
			if have := written * unit.Scale(); math.Abs(have-want) > 1e-9*math.Max(1, math.Abs(want)) {
				t.Fatalf("%s: %v is written as %v, and Written gives %v", unit, value, want, have)
			}
			if again := unit.Written(written, more); again != written {
				t.Fatalf("%s: %v is written as %v, and that as %v", unit, value, written, again)
			}
		}
		if !math.IsNaN(unit.Written(math.NaN(), 0)) || math.Signbit(unit.Written(-1e-9, 0)) {
			t.Errorf("%s: nothing is written as %v, and less than it as %v", unit, unit.Written(math.NaN(), 0), unit.Written(-1e-9, 0))
		}
	}
	if have := kpi.Date.Written(20000.4, 0); have != 20000 {
		t.Errorf("a day is written as %v", have)
	}
}

func TestFormatChange(t *testing.T) {
	for _, test := range []struct {
		unit   kpi.Unit
		change float64
		it, en string
	}{
		{kpi.Percent, 0.012, "+1,2\u00a0p.p.", "+1.2\u00a0pp"},
		{kpi.Percent, -0.012, "−1,2\u00a0p.p.", "−1.2\u00a0pp"},
		{kpi.Percent, 0.0001, "0,0\u00a0p.p.", "0.0\u00a0pp"},
		{kpi.Percent, math.NaN(), "–", "–"},
		{kpi.Days, 2, "+2\u00a0giorni", "+2\u00a0days"},
		{kpi.Date, -3, "−3\u00a0giorni", "−3\u00a0days"}, // dates differ by days
		{kpi.Days, 0, "0\u00a0giorni", "0\u00a0days"},
	} {
		if it, en := test.unit.FormatChange(test.change, "it"), test.unit.FormatChange(test.change, "en"); it != test.it || en != test.en {
			t.Errorf("%s %v: %q and %q, want %q and %q", test.unit, test.change, it, en, test.it, test.en)
		}
	}
}

func TestEveryUnitHasASymbolInBothLanguages(t *testing.T) {
	for unit, want := range map[kpi.Unit][2]string{
		kpi.Percent: {"%", "%"}, kpi.Days: {"giorni", "days"}, kpi.Per100k: {"ogni 100.000", "per 100,000"}, kpi.Count: {"", ""},
	} {
		if it, en := unit.Symbol("it"), unit.Symbol("en"); it != want[0] || en != want[1] {
			t.Errorf("%s: %q, %q", unit, it, en)
		}
	}
	if kpi.Unit("furlongs").Known() || kpi.Unit("furlongs").Format(1.5, "en") != "1.50" {
		t.Error("an unknown unit is known")
	}
}
