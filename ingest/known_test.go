//go:build linux

package ingest_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"tavolo/ingest"
	"tavolo/ingest/project"
)

// twoFiles ingests two files of one source of a small country, and gives what became of them.
func twoFiles(t *testing.T) (p *project.Project, j *ingest.Job, one, other ingest.Result) {
	t.Helper()
	p, _ = country(t, 2_000)
	j = job(t, p)
	results, err := j.Run(t.Context(), files(t, p)[:2])
	if err != nil {
		t.Fatal(err)
	}
	if results[0].File.Source != results[1].File.Source || results[0].Entry.BatchID == results[1].Entry.BatchID {
		t.Fatal("the first two files are not two of one source")
	}
	return p, j, results[0], results[1]
}

// know has a lake take one file for what became of another, so that a run tells whether it
// read the file or believed its stamp.
func know(t *testing.T, p *project.Project, file ingest.File, as ...ingest.Result) {
	t.Helper()
	info, err := os.Stat(file.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := ingest.Know(p.Dir.Lake(), p.Dir.Relative(file.Path), info, as...); err != nil {
		t.Fatal(err)
	}
}

// again runs one file, and gives what became of it.
func again(t *testing.T, j *ingest.Job, file ingest.File) ingest.Result {
	t.Helper()
	results, err := j.Run(t.Context(), []ingest.File{file})
	if err != nil || len(results) != 1 || results[0].Err != nil {
		t.Fatalf("%s again: %+v (%v)", file.Path, results, err)
	}
	return results[0]
}

// TestUntouchedFileIsNotRead has a file known as another: as long as nobody touches it, it
// is taken for that, and read when it is touched or when the job says so.
func TestUntouchedFileIsNotRead(t *testing.T) {
	p, j, one, other := twoFiles(t)
	know(t, p, one.File, other)
	if got := again(t, j, one.File); !got.Already || got.Entry.BatchID != other.Entry.BatchID {
		t.Errorf("an untouched file was read: %.12s, known as %.12s", got.Entry.BatchID, other.Entry.BatchID)
	}
	j.Reread = true
	if got := again(t, j, one.File); !got.Already || got.Entry.BatchID != one.Entry.BatchID {
		t.Errorf("the job was to read it: %.12s, and it is %.12s", got.Entry.BatchID, one.Entry.BatchID)
	}
	j.Reread = false
	know(t, p, one.File, other)
	now, err := os.Stat(one.File.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(one.File.Path, now.ModTime(), now.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := again(t, j, one.File); !got.Already || got.Entry.BatchID != one.Entry.BatchID {
		t.Errorf("a touched file was not read: %.12s, and it is %.12s", got.Entry.BatchID, one.Entry.BatchID)
	}
}

// TestChangedFileIsReadWhateverItsTimeSays changes a digit of a known file in its place and
// puts its time back: it is another batch.
func TestChangedFileIsReadWhateverItsTimeSays(t *testing.T) {
	p, j, one, _ := twoFiles(t)
	know(t, p, one.File, one)
	before, err := os.Stat(one.File.Path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(one.File.Path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(text) - 1; ; i-- {
		if text[i] >= '1' && text[i] <= '8' {
			text[i]++
			break
		}
	}
	if err := os.WriteFile(one.File.Path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(one.File.Path, before.ModTime(), before.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := again(t, j, one.File); got.Already || got.Entry.BatchID == one.Entry.BatchID {
		t.Errorf("a changed file was taken for what it was: already %v, %.12s", got.Already, got.Entry.BatchID)
	}
}

// TestFileOfThisMomentIsNotKnown: within a tick of the clock a file can change and look the
// same, so one that was written just now is read the next time too.
func TestFileOfThisMomentIsNotKnown(t *testing.T) {
	p, j, one, other := twoFiles(t)
	know(t, p, one.File, other)
	text, err := os.ReadFile(one.File.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(one.File.Path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(p.Dir.Lake(), ingest.KnownFilesName))
	if err != nil {
		t.Fatal(err)
	}
	again(t, j, one.File)
	if now, err := os.ReadFile(filepath.Join(p.Dir.Lake(), ingest.KnownFilesName)); err != nil || string(now) != string(kept) {
		t.Errorf("a file of this moment is known: %s (%v)", now, err)
	}
}

// TestLakeDecidesWhatIsKnown: a stamp of a batch that the lake does not hold, or of another
// log, counts for nothing, and neither does what is no list of known files.
func TestLakeDecidesWhatIsKnown(t *testing.T) {
	p, j, one, _ := twoFiles(t)
	unknown := one
	unknown.Entry.BatchID = "0000000000000000000000000000000000000000000000000000000000000000"
	know(t, p, one.File, unknown)
	if got := again(t, j, one.File); !got.Already || got.Entry.BatchID != one.Entry.BatchID {
		t.Errorf("taken for a batch that is not there: %.12s", got.Entry.BatchID)
	}
	for _, file := range files(t, p) {
		if file.Source.Log == one.File.Source.Log {
			continue
		}
		again(t, j, file)
		know(t, p, file, one)
		if got := again(t, j, file); !got.Already || got.Entry.BatchID == one.Entry.BatchID {
			t.Errorf("%s: taken for a batch of %s", file.Path, one.Entry.Log)
		}
		break
	}
	for _, text := range []string{"", "{", "null", "[1]", `{"drops": 1}`, "\xff\xfe"} {
		if err := os.WriteFile(filepath.Join(p.Dir.Lake(), ingest.KnownFilesName), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := again(t, j, one.File); !got.Already || got.Entry.BatchID != one.Entry.BatchID {
			t.Errorf("known files %q: %.12s", text, got.Entry.BatchID)
		}
	}
}

// TestMembersOfAnArchiveAreKnown packs two files of a source into one archive, which is known
// by its members.
func TestMembersOfAnArchiveAreKnown(t *testing.T) {
	p, j, one, other := twoFiles(t)
	packed := ingest.File{Source: one.File.Source, Path: filepath.Join(filepath.Dir(one.File.Path), "both.csv")}
	archive, err := os.Create(packed.Path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(archive)
	for _, result := range []ingest.Result{one, other} {
		member, err := w.Create(filepath.Base(result.File.Path))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(result.File.Path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := member.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	for _, as := range [][]ingest.Result{{one, other}, {other, one}} { // as they are, and as nobody would find by reading
		know(t, p, packed, as...)
		results, err := j.Run(t.Context(), []ingest.File{packed})
		if err != nil || len(results) != 2 {
			t.Fatalf("an archive of two: %+v (%v)", results, err)
		}
		for i, got := range results {
			if got.Err != nil || !got.Already || got.Entry.BatchID != as[i].Entry.BatchID || got.File.Member == "" {
				t.Errorf("member %d (%q): %.12s, known as %.12s (%v)", i, got.File.Member, got.Entry.BatchID, as[i].Entry.BatchID, got.Err)
			}
		}
	}
}
