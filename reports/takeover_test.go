package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"tavolo/transform/result"
)

// takeoverSet is small, and has two indicators of which one can stay as it is.
func takeoverSet(t *testing.T) *result.Set {
	return fixture(t, "no_show_rate", "training_coverage")
}

// writeAll writes a site and gives all of its files.
func writeAll(t testing.TB, s Site) (dir string, files map[string]string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "site")
	if err := Write(context.Background(), dir, s); err != nil {
		t.Fatal(err)
	}
	return dir, filesOf(t, dir)
}

// filesOf gives the texts of all files of a folder.
func filesOf(t testing.TB, dir string) map[string]string {
	t.Helper()
	names, err := filesBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	return files
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// earlierOf is a site as a later one knows it.
func earlierOf(t testing.TB, s Site) *Earlier {
	t.Helper()
	made := map[string]string{}
	s.Note = func(path, inputs string) {
		if _, twice := made[path]; twice {
			t.Errorf("%s is told of twice", path)
		}
		made[path] = inputs
	}
	dir, files := writeAll(t, s)
	earlier := &Earlier{Dir: dir, Files: map[string]EarlierFile{}}
	for name, text := range files {
		earlier.Files[name] = EarlierFile{Inputs: made[name], SHA256: sumOf(text)}
	}
	return earlier
}

// taken are the files of a site that are those of an earlier one, by another name.
func taken(t *testing.T, dir string, earlier *Earlier, files map[string]string) []string {
	t.Helper()
	var some []string
	for name := range files {
		new, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if old, err := os.Stat(filepath.Join(earlier.Dir, name)); err == nil && os.SameFile(old, new) {
			some = append(some, name)
		}
	}
	slices.Sort(some)
	return some
}

// TestTakingOver writes a site after an earlier one and without it: byte for byte they
// are the same, whatever changed between the two, and what did not change is not made
// again.
func TestTakingOver(t *testing.T) {
	earlier := earlierOf(t, Site{Set: takeoverSet(t)})
	for name, c := range map[string]struct {
		change func(*Site)
		stays  []string // some that are taken over
		goes   []string // some that are not
	}{
		"nothing": {func(*Site) {}, []string{"it/index.html", "it/index.xlsx", "it/metodo.html", "en/provinces/058-roma.html", "it/province/058-roma-indicators.csv", "data/provinces/indicators.parquet", libraryPath}, nil},
		"another run": {func(s *Site) { s.Set.Run.ID = "20260106T060000Z"; s.Set.Run.At = s.Set.Run.At.AddDate(0, 0, 1) },
			[]string{"it/province/058-roma.html", "en/indicators/no_show_rate.html", "en/regions/12-lazio.xlsx", "it/confronta.html", "data/provinces/indicators.parquet"}, []string{"it/index.html", "it/metodo.html", "en/data-quality.html"}},
		"later data": {func(s *Site) { s.Set.Run.DataUntil = s.Set.Run.DataUntil.AddDate(0, 0, 1) },
			[]string{"it/province/058-roma-indicators.csv"}, []string{"it/province/058-roma.html", "en/indicators/no_show_rate.xlsx"}},
		"one territory": {func(s *Site) {
			for k := range s.Set.Cells {
				if c := &s.Set.Cells[k]; c.Indicator == "no_show_rate" && c.Territory == "058" && !math.IsNaN(c.Value) {
					c.Value, c.Numerator = c.Value*1.1, c.Numerator*1.1
				}
			}
		}, []string{"it/province/001-torino.html", "it/indicatori/training_coverage.html", "it/regioni/01-piemonte.xlsx"},
			[]string{"it/province/058-roma.html", "it/province/058-roma.xlsx", "it/indicatori/no_show_rate.html", "it/indicatori/no_show_rate-territories.csv", "data/provinces/indicators.parquet"}},
		"a digit that no page shows": {func(s *Site) {
			for k := range s.Set.Cells {
				if c := &s.Set.Cells[k]; c.Indicator == "no_show_rate" && c.Territory == "IT" && c.Grain == result.Rolling12 && c.Breakdown == "" && c.Start.Equal(s.Set.Run.LastMonth) {
					c.Value += 1e-9
				}
			}
		}, []string{"it/province/001-torino.html", "it/province/001-torino.xlsx", "it/province/001-torino-indicators.csv", "en/regions/12-lazio.xlsx", "data/provinces/indicators.parquet"},
			[]string{"it/indicatori/no_show_rate.xlsx"}},
		"a label": {func(s *Site) { s.Set.Catalogue.Indicators[0].Title.IT = "Altro nome" },
			[]string{"en/provinces/058-roma.html", "en/provinces/058-roma.xlsx"}, []string{"it/province/058-roma.html", "it/province/058-roma.xlsx", "it/metodo.html"}},
		"its owner":    {func(s *Site) { s.Set.Run.Owner = "Altri" }, []string{"it/province/058-roma-indicators.csv"}, []string{"it/province/058-roma.html", "it/province/058-roma.xlsx"}},
		"not invented": {func(s *Site) { s.Set.Run.Synthetic = false }, nil, []string{"it/province/058-roma.html", "it/province/058-roma.xlsx"}},
		"one language": {func(s *Site) { s.Languages = []string{"it"} }, []string{"it/province/058-roma.xlsx"}, []string{"it/province/058-roma.html", "data/provinces/indicators.parquet"}},
		"PDF files":    {func(s *Site) { s.PDF = true }, []string{"it/province/058-roma.html"}, []string{"it/regioni/12-lazio.html"}},
	} {
		t.Run(name, func(t *testing.T) {
			next := Site{Set: takeoverSet(t)}
			c.change(&next)
			_, fresh := writeAll(t, next)
			next.Earlier = earlier
			dir, files := writeAll(t, next)
			sameFiles(t, fresh, files)
			some := taken(t, dir, earlier, files)
			for _, name := range c.stays {
				if !slices.Contains(some, name) {
					t.Errorf("%s did not change, and was made again", name)
				}
			}
			for _, name := range c.goes {
				if slices.Contains(some, name) {
					t.Errorf("%s changed, and was taken over", name)
				}
			}
		})
	}
}

// TestTakingOverAfterAnyChange changes numbers, classes and places of some rows of any of the
// result tables, again and again: each site that takes over files of the one before is, byte
// for byte, the one that takes over none.
func TestTakingOverAfterAnyChange(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 5))
	set := takeoverSet(t)
	earlier := earlierOf(t, Site{Set: set})
	for range 4 {
		var changes []string
		for range 1 + chance.IntN(4) {
			changes = append(changes, changeAny(chance, set))
		}
		_, fresh := writeAll(t, Site{Set: set})
		before := earlier
		earlier = earlierOf(t, Site{Set: set, Earlier: earlier})
		files := filesOf(t, earlier.Dir)
		sameFiles(t, fresh, files)
		if t.Failed() {
			t.Fatalf("after %s", strings.Join(changes, ", "))
		}
		if some := taken(t, earlier.Dir, before, files); len(some) < len(files)/2 {
			t.Errorf("after %s %d of %d files are made again", strings.Join(changes, ", "), len(files)-len(some), len(files))
		}
	}
}

// changeAny changes one column of one row of a table of results, and says which.
func changeAny(chance *rand.Rand, set *result.Set) string {
	tables := []any{set.Cells, set.Cells, set.Cells, set.Charts, set.Funnels, set.Decomposed, set.Contribute, set.Peers, set.Arrivals, set.Refused, set.Checks}
	for {
		rows := reflect.ValueOf(tables[chance.IntN(len(tables))])
		if rows.Len() == 0 {
			continue
		}
		row := rows.Index(chance.IntN(rows.Len()))
		if points := row.FieldByName("Points"); points.IsValid() && points.Len() > 0 && chance.IntN(2) == 0 {
			row = points.Index(chance.IntN(points.Len()))
		}
		n := chance.IntN(row.NumField())
		column, name := row.Field(n), row.Type().Name()+"."+row.Type().Field(n).Name
		switch value := column.Addr().Interface().(type) {
		case *float64:
			*value = []float64{*value * 1.037, *value + 1e-9, math.NaN(), 0.5}[chance.IntN(4)]
		case *int64:
			*value++
		case *bool:
			*value = !*value
		case *result.Class:
			*value = []result.Class{result.OK, result.Small, result.Immature, result.Hidden}[chance.IntN(4)]
		case *string:
			if row.Type().Field(n).Name != "Funnel" && row.Type().Field(n).Name != "Position" {
				continue // what rows are found by
			}
			*value = []string{"", "inside", "above95", "below998"}[chance.IntN(4)]
		default:
			continue
		}
		return name
	}
}

func sameFiles(t *testing.T, want, have map[string]string) {
	t.Helper()
	for name, text := range want {
		if have[name] != text {
			t.Errorf("%s is not what is made without an earlier site", name)
		}
	}
	if len(have) != len(want) {
		t.Errorf("%d files, want %d", len(have), len(want))
	}
}

// TestDamageIsNotTakenOver harms files of an earlier site in every way: what follows is
// whole, and so it is when the earlier site is gone.
func TestDamageIsNotTakenOver(t *testing.T) {
	earlier := earlierOf(t, Site{Set: takeoverSet(t)})
	harms := []func(file string) error{
		func(file string) error { return os.Truncate(file, 0) },
		func(file string) error { return os.Truncate(file, 100) },
		func(file string) error { return os.WriteFile(file, []byte("x"), 0o644) },
		os.Remove,
		func(file string) error {
			return errors.Join(os.Rename(file, file+".kept"), os.Symlink(file+".kept", file))
		},
		func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o755)) },
	}
	var harmed []string
	for n, harm := range harms {
		region := []string{"01-piemonte", "03-lombardia", "05-veneto", "07-liguria", "09-toscana", "12-lazio"}[n]
		for _, file := range []string{"it/regioni/" + region + ".html", "it/regioni/" + region + ".xlsx", "it/regioni/" + region + "-indicators.csv"} {
			if err := harm(filepath.Join(earlier.Dir, file)); err != nil {
				t.Fatal(err)
			}
			harmed = append(harmed, file)
		}
	}
	_, fresh := writeAll(t, Site{Set: takeoverSet(t)})
	dir, files := writeAll(t, Site{Set: takeoverSet(t), Earlier: earlier})
	sameFiles(t, fresh, files)
	some := taken(t, dir, earlier, files)
	for _, file := range harmed {
		if entry, err := os.Lstat(filepath.Join(dir, file)); err != nil || !entry.Mode().IsRegular() || slices.Contains(some, file) {
			t.Errorf("%s was harmed, and is not made anew: %v", file, err)
		}
	}
	if len(some) < len(files)-len(harmed)-1 {
		t.Errorf("%d of %d files were taken over: those that were not harmed should be", len(some), len(files))
	}
	if err := os.RemoveAll(earlier.Dir); err != nil {
		t.Fatal(err)
	}
	_, files = writeAll(t, Site{Set: takeoverSet(t), Earlier: earlier})
	sameFiles(t, fresh, files)
}

// TestPacksAreTakenOver writes a pack after itself: it is the same, and not made again.
func TestPacksAreTakenOver(t *testing.T) {
	s, _, err := prepare(Site{Set: takeoverSet(t)})
	if err != nil {
		t.Fatal(err)
	}
	territory, _ := s.x.References.Territory("058")
	made := map[string]string{}
	write := func(dir string, earlier *Earlier) map[string]string {
		s.out = &folder{dir: dir, earlier: earlier, noting: &sync.Mutex{}, note: func(path, inputs string) { made[path] = inputs }}
		if _, err := s.writePack(context.Background(), territory); err != nil {
			t.Fatal(err)
		}
		return filesOf(t, dir)
	}
	earlier := &Earlier{Dir: t.TempDir(), Files: map[string]EarlierFile{}}
	first := write(earlier.Dir, nil)
	for name, text := range first {
		earlier.Files[name] = EarlierFile{Inputs: made[name], SHA256: sumOf(text)}
	}
	dir := t.TempDir()
	second := write(dir, earlier)
	sameFiles(t, first, second)
	some := taken(t, dir, earlier, second)
	for _, name := range []string{"packs/058-roma/it/province/058-roma.html", "packs/058-roma/058-roma.xlsx", "packs/058-roma/index.html"} {
		if !slices.Contains(some, name) {
			t.Errorf("%s did not change, and was made again", name)
		}
	}
}

// TestUnchangedSite writes a site after one of which it is known that it was made of the
// same: it is the same, but for what it tells of the one before, and so it is when files of
// that one were harmed or are gone.
func TestUnchangedSite(t *testing.T) {
	earlier := earlierOf(t, Site{Set: takeoverSet(t)})
	earlier.Unchanged = true
	told := &Restated{Before: "20260105T060000Z", Manifest: strings.Repeat("0", 64)}
	want := earlierOf(t, Site{Set: takeoverSet(t), Restated: told})
	write := func() (dir string, files map[string]string) {
		made := map[string]string{}
		dir, files = writeAll(t, Site{Set: takeoverSet(t), Earlier: earlier, Moved: func() (*Restated, error) { return told, nil },
			Note: func(path, inputs string) { made[path] = inputs }})
		sameFiles(t, filesOf(t, want.Dir), files)
		for name, file := range want.Files {
			if made[name] != file.Inputs {
				t.Errorf("%s is said to be made of %q, not %q", name, made[name], file.Inputs)
			}
		}
		return dir, files
	}
	dir, files := write()
	if some := taken(t, dir, earlier, files); !slices.Contains(some, "it/province/058-roma.html") || slices.Contains(some, "it/qualita-dati.html") {
		t.Errorf("taken over: %v", some)
	}
	page := filepath.Join(earlier.Dir, "it/province/058-roma.html")
	before := earlier.Files["it/province/058-roma.html"]
	if err := os.WriteFile(page, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if dir, files = write(); len(taken(t, dir, earlier, files)) < len(files)/2 {
		t.Error("one file was harmed, and others are made again")
	}
	if text, err := os.ReadFile(page); err != nil || string(text) != "x" || before.SHA256 == sumOf("x") {
		t.Errorf("the earlier file is %q, %v", text, err)
	}
	if err := os.RemoveAll(earlier.Dir); err != nil {
		t.Fatal(err)
	}
	write()
}
