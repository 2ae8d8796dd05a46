package publication_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tavolo/reports/publication"
)

func write(text string) func(string, *publication.Seals) error {
	return func(folder string, _ *publication.Seals) error {
		if err := os.Mkdir(filepath.Join(folder, "it"), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, "it", "index.html"), []byte(text), 0o644)
	}
}

// publish is Publish after what is in force.
func publish(t *testing.T, dir, run string, write func(string, *publication.Seals) error) (publication.Manifest, error) {
	t.Helper()
	before, err := publication.Before(dir)
	if err != nil {
		t.Fatal(err)
	}
	return publication.Publish(dir, publication.Manifest{RunID: run, Previous: before}, write)
}

func TestPublishComesIntoForceWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "publications")
	first, err := publication.Publish(dir, publication.Manifest{RunID: "r1"}, write("one"))
	if err != nil {
		t.Fatal(err)
	}
	if first.ID != "r1" || len(first.Files) != 1 || first.Files[0].Path != "it/index.html" || first.Files[0].Bytes != 3 {
		t.Errorf("manifest %+v", first)
	}
	second, err := publish(t, dir, "r1", write("two"))
	if err != nil {
		t.Fatal(err)
	}
	if second.ID != "r1-2" {
		t.Errorf("the second publication of a run is %q", second.ID)
	}
	text, err := os.ReadFile(filepath.Join(dir, "current", "it", "index.html"))
	if err != nil || string(text) != "two" {
		t.Errorf("in force: %q, %v", text, err)
	}
	all, err := publication.List(dir)
	if err != nil || len(all) != 2 {
		t.Errorf("list: %d, %v", len(all), err)
	}
}

// TestTakenFilesAreNotReadAgain checks that the manifest has what write says of a file
// that it took over, and reads the others.
func TestTakenFilesAreNotReadAgain(t *testing.T) {
	dir := t.TempDir()
	said := publication.File{Path: "it/taken.html", Bytes: 5, SHA256: "as the earlier manifest has it"}
	m, err := publication.Publish(dir, publication.Manifest{RunID: "r1"}, func(folder string, seals *publication.Seals) error {
		seals.Taken(said)
		return errors.Join(write("own")(folder, seals), os.WriteFile(filepath.Join(folder, "it", "taken.html"), []byte("taken"), 0o644))
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 2 || m.Files[1] != said || m.Files[0].Bytes != 3 || len(m.Files[0].SHA256) != 64 {
		t.Errorf("the manifest has %+v", m.Files)
	}
}

// TestWrittenFilesAreSealedAlike checks that the manifest says the same of a file that
// write told of as of one that it did not.
func TestWrittenFilesAreSealedAlike(t *testing.T) {
	manifest := func(told ...string) []publication.File {
		m, err := publication.Publish(t.TempDir(), publication.Manifest{RunID: "r1"}, func(folder string, seals *publication.Seals) error {
			if err := os.Mkdir(filepath.Join(folder, "it"), 0o755); err != nil {
				return err
			}
			for _, name := range []string{"a.html", "b.html", "it/index.html"} {
				if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(name), 0o644); err != nil {
					return err
				}
				if slices.Contains(told, name) {
					seals.Written(name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return m.Files
	}
	untold, told := manifest(), manifest("it/index.html", "a.html")
	if len(untold) != 3 || !slices.Equal(untold, told) {
		t.Errorf("told of %+v, untold %+v", told, untold)
	}
}

// TestAWrittenFileThatIsNotThere checks that a publication fails whole when what it was
// told of cannot be read.
func TestAWrittenFileThatIsNotThere(t *testing.T) {
	dir := t.TempDir()
	_, err := publication.Publish(dir, publication.Manifest{RunID: "r1"}, func(folder string, seals *publication.Seals) error {
		seals.Written("it/gone.html")
		return write("one")(folder, seals)
	})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "gone.html") {
		t.Errorf("got %v", err)
	}
	if all, err := publication.List(dir); err != nil || len(all) != 0 {
		t.Errorf("%d publications are there, %v", len(all), err)
	}
}

func TestAFailedPublicationLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := publication.Publish(dir, publication.Manifest{RunID: "r1"}, write("one")); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadDir(dir)
	full := errors.New("no space left on device")
	_, err := publish(t, dir, "r2", func(folder string, _ *publication.Seals) error {
		return errors.Join(write("half")(folder, nil), full)
	})
	if !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	after, _ := os.ReadDir(dir)
	if len(after) != len(before) {
		t.Errorf("left behind: %v", after)
	}
	if m, err := publication.Current(dir); err != nil || m.ID != "r1" {
		t.Errorf("in force: %q, %v", m.ID, err)
	}
}
