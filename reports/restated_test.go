package reports

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

// restatedSet is a set and what moved since the publication before: forty figures of
// provinces, one of which that publication withheld.
func restatedSet(t *testing.T) (*result.Set, *Restated) {
	t.Helper()
	set := fixture(t, "no_show_rate")
	before := slices.Clone(set.Cells)
	moved := 0
	for i := range before {
		c := &before[i]
		if c.Grain != result.Month || c.Level != "province" || c.Class == result.Hidden || !c.Start.Equal(set.Run.LastMonth.AddDate(0, -4, 0)) {
			continue
		}
		switch moved++; {
		case moved == 1:
			c.Class = result.Hidden
		case moved < 41:
			c.Numerator, c.Value = c.Numerator+float64(moved), c.Value+float64(moved)/100
		}
	}
	if moved < 41 {
		t.Fatalf("only %d figures could move", moved)
	}
	r := &Restated{Before: "20251201T080000.000Z", At: set.Run.At.AddDate(0, -1, 0), Manifest: strings.Repeat("ab", 32)}
	r.Take(restatement.Compare(before, set.Cells))
	for i := range r.Moves {
		r.Moves[i].Batches = []ledger.Entry{
			{BatchID: strings.Repeat("1", 64), Log: "bookings", File: "drops/=rettifica.csv", IngestedAt: set.Run.At},
			{BatchID: strings.Repeat("2", 64), Log: "bookings", File: "drops/</script><img src=x>.csv", IngestedAt: set.Run.At},
		}[:1+i%2]
	}
	return set, r
}

// qualityPage writes a site, without the drawings that other tests look at, and
// gives its page on quality in English.
func qualityPage(t *testing.T, set *result.Set, r *Restated) (dir, page string) {
	t.Helper()
	set.Charts, set.Funnels, set.Decomposed = nil, nil, nil
	dir = filepath.Join(t.TempDir(), "site")
	if err := Write(context.Background(), dir, Site{Set: set, Restated: r, Languages: []string{"en"}}); err != nil {
		t.Fatal(err)
	}
	return dir, readText(t, dir, "en/data-quality.html")
}

func readText(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRestatementsAreToldWhole(t *testing.T) {
	set, r := restatedSet(t)
	if len(r.Moves) != 39 || r.Withheld != 1 {
		t.Fatalf("%d moves, %d withheld", len(r.Moves), r.Withheld)
	}
	dir, page := qualityPage(t, set, r)
	for _, want := range []string{
		"39 figures restated.", "The 25 greatest restatements of 39", "20251201T080000.000Z", "One figure is withheld in one of the two publications",
		"drops/=rettifica.csv", "drops/&lt;/script&gt;&lt;img src=x&gt;.csv", "and one more",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	csv := strings.Split(strings.TrimSpace(readText(t, dir, "en/data-quality-restated.csv")), "\r\n")
	if len(csv) != 40 {
		t.Fatalf("%d lines, want a head and 39", len(csv))
	}
	first := r.Moves[0]
	place, _ := set.References.Territory(first.Cell().Territory)
	points := significant(100 * first.Change())
	if line := csv[1]; !strings.Contains(line, place.Name) || !strings.Contains(line, first.Cell().Start.Format("2006-01")) ||
		!strings.Contains(line, ","+strconv.FormatFloat(points, 'f', -1, 64)+",") {
		t.Errorf("the heaviest is %s by %v: %s", place.Name, first.Change(), line)
	}
	if files := readText(t, dir, "en/data-quality-restating-files.csv"); !strings.Contains(files, strings.Repeat("1", 64)) {
		t.Errorf("the files: %s", files)
	}
	if method := readText(t, dir, "en/method.html"); !strings.Contains(method, r.Manifest) {
		t.Error("the page on method does not hold the hash of the manifest before")
	}
}

// TestRestatementsShowNoWithheldFigure looks for a figure that the publication before
// showed and this one withholds.
func TestRestatementsShowNoWithheldFigure(t *testing.T) {
	set, _ := restatedSet(t)
	before := slices.Clone(set.Cells)
	secret := "77.7777"
	var hidden *result.Cell
	for i := range set.Cells {
		if c := &set.Cells[i]; c.Grain == result.Month && c.Level == "province" && c.Class == result.OK {
			before[i].Value, before[i].Numerator, before[i].Denominator = 0.777777, 777777, 1000000
			c.Class, c.Value, c.Numerator, c.Denominator, c.Lower, c.Upper = result.Hidden, math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
			hidden = c
			break
		}
	}
	if hidden == nil {
		t.Fatal("there is no figure to withhold")
	}
	r := &Restated{Before: "r0"}
	r.Take(restatement.Compare(before, set.Cells))
	if r.Withheld != 1 || len(r.Moves) != 0 {
		t.Fatalf("%d withheld, %d moves", r.Withheld, len(r.Moves))
	}
	_, page := qualityPage(t, set, r)
	for _, leak := range []string{secret, "77.8%", "777,777", "777777"} {
		if strings.Contains(page, leak) {
			t.Errorf("the page shows %s", leak)
		}
	}
	if !strings.Contains(page, "One figure is withheld") || !strings.Contains(page, "No published figure of a completed month has changed") {
		t.Error("the page does not say that a figure is withheld")
	}
}

func TestRestatementsOfTheFirstAndOfAForgottenOne(t *testing.T) {
	set := fixture(t, "no_show_rate")
	if _, page := qualityPage(t, set, nil); !strings.Contains(page, "This is the first publication") {
		t.Error("the first publication does not say so")
	}
	_, page := qualityPage(t, set, &Restated{Before: "r0", At: time.Date(2025, 12, 1, 8, 0, 0, 0, time.UTC), Unknown: true})
	if !strings.Contains(page, "Publication r0 of 1 December 2025 09:00 CET was in force before. Its figures are no longer available") {
		t.Error("what is not known is not said")
	}
}

// TestAMonthThatFollowsIsNoRestatement compares with a publication of a month before.
func TestAMonthThatFollowsIsNoRestatement(t *testing.T) {
	set := fixture(t, "no_show_rate")
	before := slices.DeleteFunc(slices.Clone(set.Cells), func(c result.Cell) bool { return c.Grain == result.Month && c.Start.Equal(set.Run.LastMonth) })
	r := &Restated{}
	r.Take(restatement.Compare(before, set.Cells))
	if got := fmt.Sprint(len(r.Moves), r.Maturing, r.Withheld); got != "0 0 0" {
		t.Errorf("moves, maturing and withheld: %s", got)
	}
}

// TestPacksTellTheirOwnRestatements writes the packs of a province of which a figure
// moved, of its region, and of one of which none did.
func TestPacksTellTheirOwnRestatements(t *testing.T) {
	set, r := restatedSet(t)
	set.Charts, set.Funnels, set.Decomposed = nil, nil, nil
	moved := map[string]bool{}
	for i := range r.Moves {
		moved[r.Moves[i].Cell().Territory] = true
	}
	shared, _, err := prepare(Site{Set: set, Restated: r, Languages: []string{"en"}})
	if err != nil {
		t.Fatal(err)
	}
	of := func(code string) (n int) {
		for _, province := range shared.x.provinces[code] {
			if moved[province.Code] {
				n++
			}
		}
		if moved[code] {
			n++
		}
		return n
	}
	if !moved["004"] || of("01") < 3 || moved["058"] {
		t.Fatalf("moved are %v", moved)
	}
	dir, _ := qualityPage(t, set, r)
	for _, code := range []string{"004", "01", "058"} {
		territory, _ := set.References.Territory(code)
		if err := packInto(shared, dir, territory); err != nil {
			t.Fatal(err)
		}
		page := readText(t, filepath.Join(dir, packFolder(territory, "en")), "en/data-quality.html")
		want := fmt.Sprintf("%d figures restated.", of(code))
		switch of(code) {
		case 0:
			want = "No figure restated."
		case 1:
			want = "One figure restated."
		}
		if !strings.Contains(page, want) {
			t.Errorf("the pack of %s does not say %q", code, want)
		}
		for _, leak := range []string{"rettifica.csv", "img src=x", strings.Repeat("1", 16), "Through which files"} {
			if strings.Contains(page, leak) {
				t.Errorf("the pack of %s names a file: %s", code, leak)
			}
		}
		for other := range moved {
			if place, _ := set.References.Territory(other); other != code && place.Parent != code && strings.Contains(page, ">"+place.Name+"<") {
				t.Errorf("the pack of %s tells of %s", code, place.Name)
			}
		}
	}
}
