package reports

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/reference"
	"tavolo/transform/result"
)

// arrivals invents what came when: of the large provinces rows on every working
// day of the year, but none of Milan's contacts on 12 and 13 November; those of Turin
// of the 14th came late, and of Rome few on the 17th.
func (m *maker) arrivals() {
	for day := m.last.AddDate(0, -11, 0); day.Before(m.last.AddDate(0, 1, 0)); day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		for _, t := range m.set.References.Territories() {
			if t.Level != reference.LevelProvince || t.Population < 800_000 {
				continue
			}
			for _, log := range []string{"applications", "interactions"} {
				a := result.ArrivalDay{Day: day, Territory: t.Code, Log: log, Received: true}
				switch at := t.Code + day.Format("/01-02/") + log; {
				case strings.HasPrefix(at, "015/11-12/i"), strings.HasPrefix(at, "015/11-13/i"):
					a.Received = false
				case strings.HasPrefix(at, "001/11-14/i"):
					a.Late = true
				case strings.HasPrefix(at, "058/11-17/a"):
					a.Fewer = true
				}
				m.set.Arrivals = append(m.set.Arrivals, a)
			}
		}
	}
}

// checkDays reads the page of a month: each state has its marks, the finding names
// who lacks what, and the table says of which log.
func checkDays(t *testing.T, dir string) {
	page := readText(t, dir, "it/arrivi/2025-11.html")
	for class, marks := range map[string]int{"days-missing": 2, "days-late": 1, "days-fewer": 1} {
		_, path, _ := strings.Cut(page, `<path class="`+class+`" d="`)
		path, _, _ = strings.Cut(path, `"`)
		if strings.Count(path, "M") != marks {
			t.Errorf("%s: %q, want %d marks", class, path, marks)
		}
	}
	for _, want := range []struct{ page, id, text string }{
		{"it/arrivi/2025-11.html", "days", "ne mancano 2 (Milano). Uno è arrivato in ritardo. Uno ha meno della metà delle righe solite."},
		{"it/arrivi/2025-11.html", "days-table", "Milano Contatti 20 18 12, 13 Bergamo"},
		{"en/arrivals/2025-10.html", "days", "none is missing."},
		{"en/data-quality.html", "brief", "2 expected days have not arrived. One territory alone lacks them: Milano."},
		{"en/data-quality.html", "arrival-months-table", "November 2025 "},
	} {
		if text := textOf(t, dir, want.page, want.id); !strings.Contains(text, want.text) {
			t.Errorf("%s: %s does not say %q: %s", want.page, want.id, want.text, text)
		}
	}
}

// TestPacksHaveTheirOwnDays reads the packs of Milan, which lacks two days, of its
// region, and of Turin, which lacks none and is told nothing of Milan.
func TestPacksHaveTheirOwnDays(t *testing.T) {
	dir := built(t, fixture(t, "no_show_rate"))
	for code, want := range map[string]string{"015": "ne mancano 2 (Milano).", "03": "ne mancano 2 (Milano).", "001": "non ne manca nessuno. Uno è arrivato in ritardo."} {
		writeOnePack(t, dir, code)
		folders, err := filepath.Glob(filepath.Join(dir, "packs", code+"-*"))
		if err != nil || len(folders) != 1 {
			t.Fatalf("packs of %s: %v, %v", code, folders, err)
		}
		text := textOf(t, folders[0], "it/qualita-dati.html", "main")
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %q: %s", code, want, text)
		}
		if code == "001" && strings.Contains(text, "Milano") {
			t.Error("Turin's pack names Milan")
		}
		if _, err := os.Stat(filepath.Join(folders[0], "it", "arrivi")); err == nil {
			t.Errorf("%s has pages of the days of all", code)
		}
	}
}

// TestAMonthOfAllTerritoriesFits makes the page of a month of which every province
// owes three logs on every working day, and some of everything went wrong.
func TestAMonthOfAllTerritoriesFits(t *testing.T) {
	set := fixture(t, "no_show_rate")
	set.Arrivals = nil
	for day := set.Run.LastMonth; day.Before(set.Run.LastMonth.AddDate(0, 1, 0)); day = day.AddDate(0, 0, 1) {
		for n, territory := range set.References.Territories() {
			if territory.Level != reference.LevelProvince || day.Weekday() == time.Sunday {
				continue
			}
			for k, log := range []string{"applications", "bookings", "interactions"} {
				set.Arrivals = append(set.Arrivals, result.ArrivalDay{Day: day, Territory: territory.Code, Log: log,
					Received: (n+day.Day()+k)%7 != 0, Fewer: (n+day.Day()+k)%7 == 1, Late: (n+day.Day()+k)%7 == 2})
			}
		}
	}
	dir := t.TempDir()
	if err := Write(t.Context(), dir, Site{Set: set, Languages: []string{"it"}}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "it/arrivi/2025-12.html"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 300_000 {
		t.Errorf("the page of a month has %d bytes", info.Size())
	}
	t.Logf("%d bytes", info.Size())
}
