package publication_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"tavolo/reports/publication"
)

// published makes a publication of each run.
func published(t *testing.T, runs ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "publications")
	for _, run := range runs {
		if _, err := publish(t, dir, run, write(run)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func inForce(t *testing.T, dir string) string {
	t.Helper()
	m, err := publication.Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func TestGoingBackToAnEarlierOne(t *testing.T) {
	dir := published(t)
	if _, err := publication.Current(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing published: %v", err)
	}
	dir = published(t, "r1", "r2")
	now, before, err := publication.Rollback(dir, "r1")
	if err != nil || now.ID != "r1" || before.ID != "r2" || inForce(t, dir) != "r1" {
		t.Errorf("now %q, before %q, in force %q, %v", now.ID, before.ID, inForce(t, dir), err)
	}
	for _, id := range []string{"r9", "..", "../publications/r2", "current"} {
		if _, _, err := publication.Rollback(dir, id); err == nil {
			t.Errorf("%s came into force", id)
		}
	}
	third, err := publish(t, dir, "r3", write("r3"))
	if err != nil || third.Previous.ID != "r1" || inForce(t, dir) != "r3" {
		t.Errorf("after going back: %+v, %v", third, err)
	}
}

func TestDamageIsSeenAndDoesNotComeIntoForce(t *testing.T) {
	page := filepath.Join("r1", "it", "index.html")
	for what, harm := range map[string]func(dir string) error{
		"it/index.html: " + publication.Changed:    func(dir string) error { return os.WriteFile(filepath.Join(dir, page), []byte("r2"), 0o644) },
		"it/index.html: " + publication.Missing:    func(dir string) error { return os.Remove(filepath.Join(dir, page)) },
		"it/more.html: " + publication.Additional:  func(dir string) error { return os.WriteFile(filepath.Join(dir, "r1", "it", "more.html"), nil, 0o644) },
		"it/link.html: " + publication.Additional:  func(dir string) error { return os.Symlink("index.html", filepath.Join(dir, "r1", "it", "link.html")) },
		"it/queue.html: " + publication.Additional: func(dir string) error { return unix.Mkfifo(filepath.Join(dir, "r1", "it", "queue.html"), 0o644) },
	} {
		dir := published(t, "r1", "r2")
		if err := harm(dir); err != nil {
			t.Fatal(err)
		}
		_, _, err := publication.Rollback(dir, "r1")
		var damaged *publication.DamagedError
		if !errors.As(err, &damaged) || len(damaged.Damages) != 1 || damaged.Damages[0].String() != what {
			t.Errorf("want %s: %v", what, err)
		}
		if inForce(t, dir) != "r2" {
			t.Errorf("%s: %s is in force", what, inForce(t, dir))
		}
	}
}

func TestAManifestIsHeldByTheNextOne(t *testing.T) {
	dir := published(t, "r1", "r2")
	second, err := publication.Read(dir, "r2")
	if err != nil {
		t.Fatal(err)
	}
	seal := func() string {
		text, err := publication.Seal(dir, "r1")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if second.Previous.ID != "r1" || second.Previous.SHA256 != seal() {
		t.Errorf("the second says %+v, the first is %s", second.Previous, seal())
	}
	manifest := filepath.Join(dir, "r1", "publication.json")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	if second.Previous.SHA256 == seal() {
		t.Error("one more byte in the manifest does not show")
	}
}

func TestPruneKeepsTheNewestAndTheOneInForce(t *testing.T) {
	dir := published(t, "r1", "r2", "r3", "r4")
	if _, _, err := publication.Rollback(dir, "r2"); err != nil {
		t.Fatal(err)
	}
	names := func(all []publication.Manifest) string {
		var ids []string
		for _, m := range all {
			ids = append(ids, m.ID)
		}
		return strings.Join(ids, " ")
	}
	gone, err := publication.Prune(dir, 1, true)
	if err != nil || names(gone) != "r1 r3" {
		t.Errorf("would remove %q, %v", names(gone), err)
	}
	if all, _ := publication.List(dir); len(all) != 4 {
		t.Errorf("a dry run left %q", names(all))
	}
	if gone, err = publication.Prune(dir, 1, false); err != nil || names(gone) != "r1 r3" {
		t.Errorf("removed %q, %v", names(gone), err)
	}
	all, err := publication.List(dir)
	if err != nil || names(all) != "r2 r4" || inForce(t, dir) != "r2" {
		t.Errorf("left %q, %s in force, %v", names(all), inForce(t, dir), err)
	}
	if gone, err = publication.Prune(dir, 5, false); err != nil || len(gone) != 0 {
		t.Errorf("removed %q, %v", names(gone), err)
	}
}

// TestWhatAKilledProcessLeftGoes puts there what a process leaves that is killed
// while it publishes, prunes or brings into force.
func TestWhatAKilledProcessLeftGoes(t *testing.T) {
	dir := published(t, "r1")
	for _, name := range []string{".writing-1", ".removing-r0"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "it"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("r0", filepath.Join(dir, ".current-r0")); err != nil {
		t.Fatal(err)
	}
	if all, err := publication.List(dir); err != nil || len(all) != 1 {
		t.Errorf("list: %d, %v", len(all), err)
	}
	if _, err := publish(t, dir, "r2", write("two")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if want := []string{".lock", "current", "r1", "r2"}; !slices.Equal(names, want) {
		t.Errorf("left %v, want %v", names, want)
	}
}

// TestOneAtATime publishes, goes back and prunes from many sides at once: each is
// done whole or refused, and what is in force is whole at every moment.
func TestOneAtATime(t *testing.T) {
	dir := published(t, "r1", "r2")
	var all sync.WaitGroup
	refused := func(err error) {
		if err != nil && !errors.Is(err, publication.ErrInUse) && !errors.Is(err, publication.ErrSuperseded) {
			t.Error(err)
		}
	}
	for range 8 {
		all.Go(func() {
			before, err := publication.Before(dir)
			if err != nil {
				t.Error(err)
				return
			}
			_, err = publication.Publish(dir, publication.Manifest{RunID: "r3", Previous: before}, write("three"))
			refused(err)
		})
		all.Go(func() {
			_, _, err := publication.Rollback(dir, "r2")
			refused(err)
		})
		all.Go(func() {
			_, err := publication.Prune(dir, 20, false)
			refused(err)
		})
		all.Go(func() {
			m, err := publication.Current(dir)
			if err != nil {
				t.Error(err)
				return
			}
			if damages, err := publication.Check(dir, m); err != nil || len(damages) > 0 {
				t.Errorf("in force: %v, %v", damages, err)
			}
		})
	}
	all.Wait()
}

func TestAPublicationIsNotWrittenAfterAnotherCameIntoForce(t *testing.T) {
	dir := published(t, "r1")
	before, err := publication.Before(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish(t, dir, "r2", write("two")); err != nil {
		t.Fatal(err)
	}
	_, err = publication.Publish(dir, publication.Manifest{RunID: "r3", Previous: before}, write("three"))
	if !errors.Is(err, publication.ErrSuperseded) || inForce(t, dir) != "r2" {
		t.Errorf("%v, in force %s", err, inForce(t, dir))
	}
}
