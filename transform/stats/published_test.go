package stats

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// agrees checks got against a number as it is printed in the literature: equal
// to all its digits, the last one rounded.
func agrees(t *testing.T, what string, got float64, printed string) {
	t.Helper()
	want, err := strconv.ParseFloat(printed, 64)
	if err != nil {
		t.Fatal(err)
	}
	_, fraction, _ := strings.Cut(printed, ".")
	unit := math.Pow(10, -float64(len(fraction)))
	if !(math.Abs(got-want) <= unit*0.500001) {
		t.Errorf("%s = %.12g, published %s", what, got, printed)
	}
}

func agreeing(t *testing.T, what string, got Interval, lower, upper string) {
	t.Helper()
	agrees(t, what+" lower", got.Lower, lower)
	agrees(t, what+" upper", got.Upper, upper)
}

func TestPublishedIntervals(t *testing.T) {
	agreeing(t, "Wilson 65/100", Wilson(65, 100, Z95), "0.55254443", "0.73635752")
	agreeing(t, "Wilson 65/100 99.8%", Wilson(65, 100, Z998), "0.49549466", "0.77835406")
	agreeing(t, "Wilson 1045/5000", Wilson(1045, 5000, Z95), "0.19795550", "0.22049130")
	agreeing(t, "Wilson 1/100", Wilson(1, 100, Z95), "0.00176743", "0.05448620")
	agreeing(t, "Byar 65", Byar(65, Z95), "50.16318771", "82.84913855")
	// The odds of the published limits of 65 among 100.
	agreeing(t, "ratio 65 to 35", CountRatio(65, 35, Z95), "1.234859", "2.793015")
	// Garwood's table: 5 events, 1.6235 – 11.6683.
	agreeing(t, "exact 5", PoissonExact(5, Z95), "1.6235", "11.6683")
}

func TestPublishedFunnels(t *testing.T) {
	// The centre is printed with eight digits; one of the centres that round to it has the printed limits.
	const centre = 0.806424477
	agrees(t, "n=10 95%", ShareLimits(centre, 10, Z95).Lower, "0.56154344")
	agrees(t, "n=10 99.8%", ShareLimits(centre, 10, Z998).Lower, "0.4203259")
	agreeing(t, "n=234", ShareLimits(centre, 234, Z95), "0.75580155", "0.8570474")
	agreeing(t, "E=15 95%", RatioLimits(15, Z95), "0.5596924", "1.649348")
	agreeing(t, "E=15 99.8%", RatioLimits(15, Z998), "0.3862650", "2.082907")
}

func TestPublishedDispersion(t *testing.T) {
	x := []float64{12, 30, 26, 50, 42, 71, 4, 29, 48, 36}
	n := []float64{82, 98, 100, 125, 162, 151, 12, 100, 82, 99}
	raw := ShareDispersion(x, n, math.NaN(), false)
	agrees(t, "p0", raw.Centre, "0.34421365")
	agrees(t, "φ", raw.Phi, "6.03739100")
	agrees(t, "τ²", raw.Tau2, "0.01435646")
	drawn := ShareDispersion(x, n, math.NaN(), true)
	agrees(t, "winsorised φ", drawn.Phi, "4.00905292")
	agrees(t, "winsorised τ²", drawn.Tau2, "0.00868826")
	agreeing(t, "adjusted limits at 100", DispersedLimits(drawn.Centre, drawn.Tau2, 100, Z95), "0.16601547", "0.54881264")
}

func TestPublishedStandardisation(t *testing.T) {
	x := []float64{127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91}
	n := []float64{636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207}
	w := []float64{5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500,
		5000, 4000, 2500, 1500, 1000}
	rate, limits := Direct(x, n, w, Z95)
	agrees(t, "DSR", rate*100000, "10430.247991")
	agreeing(t, "DSR", limits.Scale(100000), "9717.709068", "11178.940915")
}

func TestPublishedControlChart(t *testing.T) {
	chart := NewXmR([]float64{1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1}, 0)
	agrees(t, "mean", chart.Centre, "1.94")
	agrees(t, "lower", chart.Lower, "-0.72")
	agrees(t, "upper", chart.Upper, "4.60")
}

func TestPublishedShrinkage(t *testing.T) {
	hits := []float64{18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7}
	y := make([]float64, len(hits))
	for i := range hits {
		y[i] = hits[i] / 45
	}
	mean := sum(y) / float64(len(y))
	shrunk, c := EfronMorris(y, mean*(1-mean)/45)
	agrees(t, "mean", mean, "0.265432")
	agrees(t, "c", c, "0.211653")
	agrees(t, "first", shrunk[0], "0.2939")
}
