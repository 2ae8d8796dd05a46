// Package publication keeps the folder of publications: each is a folder that
// is whole from the moment it has its name and does not change after, and
// `current` is a link to the one in force, which one rename moves on or back.
//
// A publication's manifest, publication.json, names the run that it shows, all
// that its pages depend on, and the SHA-256 of each of its files. It also names
// the publication that was in force before, with the SHA-256 of that one's
// manifest: so the manifests are a chain, and who changes an old publication
// together with its manifest must change all that came after.
//
// Files that two publications have in common may be one file under two names. A
// publication can be copied, moved and removed all the same; who writes into a file of
// one changes both, and the manifests of both tell.
//
// One process at a time publishes, rolls back or prunes. Readers never wait.
package publication

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// manifestName is the file that describes a publication, within it.
const manifestName = "publication.json"

// currentName is the link to the publication in force.
const currentName = "current"

// Manifest describes a publication.
type Manifest struct {
	ID         string            `json:"id"`
	RunID      string            `json:"run_id"`
	WrittenAt  time.Time         `json:"written_at"`
	Synthetic  bool              `json:"synthetic"`
	Versions   map[string]string `json:"versions"`             // that the figures were computed with
	WrittenBy  map[string]string `json:"written_by,omitempty"` // versions of the program that wrote the pages, and of its parts
	Snapshots  map[string]int64  `json:"snapshots"`            // log → snapshot that the figures were computed from
	Results    map[string]int64  `json:"results,omitempty"`    // table of results → snapshot that the pages show
	References string            `json:"references,omitempty"` // SHA-256 of the reference tables, in whose names the pages are written
	Boundaries map[string]string `json:"boundaries,omitempty"` // level → SHA-256 of the boundaries that its maps are drawn with; none of the built-in ones
	Options    map[string]string `json:"options,omitempty"`    // what else the pages were asked to be, such as languages
	Previous   *Previous         `json:"previous,omitempty"`   // the one that was in force before; nil of the first
	Program    string            `json:"program,omitempty"`    // names the program that wrote the pages: another has another
	Made       map[string]string `json:"made,omitempty"`       // path of a page, a workbook or a Parquet file → digest of all that it was made of; it begins with the code that the file shows, if it shows one
	Files      []File            `json:"files"`                // all but the manifest itself, sorted by path
}

// Previous is the publication that was in force when another was written, with
// what its figures came from: the restatements can be told when it is pruned, too.
type Previous struct {
	ID        string           `json:"id"`
	RunID     string           `json:"run_id"`
	WrittenAt time.Time        `json:"written_at"`
	SHA256    string           `json:"sha256"` // of its manifest
	Snapshots map[string]int64 `json:"snapshots"`
	Results   map[string]int64 `json:"results,omitempty"`
}

// Bytes is the size of the files.
func (m Manifest) Bytes() int64 {
	var size int64
	for _, file := range m.Files {
		size += file.Bytes
	}
	return size
}

// File is one file of a publication.
type File struct {
	Path   string `json:"path"` // within the publication, with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ErrSuperseded says that another publication came into force while one was written.
var ErrSuperseded = errors.New("another publication came into force meanwhile")

// Publish makes a publication in the folder dir: write fills an empty folder,
// which gets its name and comes into force only when write has returned nil
// and every byte is on the disk. On any error nothing is left and the last
// publication stays in force. The id is the run's, with a suffix from the
// second publication of the same run on. Give m without ID and Files, with a map
// Made for write to fill, and with Previous as Before gives it: when that is not in force any more the error is
// ErrSuperseded. While another process writes it is ErrInUse.
//
// What write tells the seals of, from any goroutine, need not be waited for at the end.
func Publish(dir string, m Manifest, write func(folder string, seals *Seals) error) (Manifest, error) {
	lock, err := acquire(dir)
	if err != nil {
		return m, err
	}
	defer lock.Close()
	if err := checkPrevious(dir, m.Previous); err != nil {
		return m, err
	}
	m.ID = freeID(dir, m.RunID)
	work, err := os.MkdirTemp(dir, writing)
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(work)
	if err := os.Chmod(work, 0o755); err != nil {
		return m, err
	}
	seals := newSeals(work)
	err = write(work, seals)
	known, unsealed := seals.wait()
	if err := cmp.Or(err, unsealed); err != nil {
		return m, err
	}
	if m.Files, err = files(work, known, true); err != nil {
		return m, err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	if err := os.WriteFile(filepath.Join(work, manifestName), append(text, '\n'), 0o644); err != nil {
		return m, err
	}
	if err := syncFile(filepath.Join(work, manifestName)); err != nil {
		return m, err
	}
	if err := syncFolders(work); err != nil {
		return m, err
	}
	if err := os.Rename(work, filepath.Join(dir, m.ID)); err != nil {
		return m, err
	}
	return m, setCurrent(dir, m.ID)
}

// Before describes the publication in force as the next one's Previous; nil when
// there is none.
func Before(dir string) (*Previous, error) {
	m, err := Current(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Describe(dir, m)
}

// Describe says of a publication what one that follows it would.
func Describe(dir string, m Manifest) (*Previous, error) {
	seal, err := Seal(dir, m.ID)
	if err != nil {
		return nil, err
	}
	return &Previous{ID: m.ID, RunID: m.RunID, WrittenAt: m.WrittenAt, SHA256: seal, Snapshots: m.Snapshots, Results: m.Results}, nil
}

func checkPrevious(dir string, stated *Previous) error {
	now, err := Before(dir)
	switch {
	case err != nil || stated == nil && now == nil:
		return err
	case stated == nil || now == nil || stated.ID != now.ID || stated.SHA256 != now.SHA256:
		return ErrSuperseded
	}
	return nil
}

// setCurrent brings a publication into force, by one rename of the link.
func setCurrent(dir, id string) error {
	link := filepath.Join(dir, linking+id)
	if err := os.Symlink(id, link); err != nil {
		return err
	}
	if err := os.Rename(link, filepath.Join(dir, currentName)); err != nil {
		return err
	}
	return syncFile(dir)
}

// Current gives the publication in force; an error that is [fs.ErrNotExist] when there is none.
func Current(dir string) (Manifest, error) {
	id, err := os.Readlink(filepath.Join(dir, currentName))
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: no publication is in force: %w", dir, fs.ErrNotExist)
	}
	return Read(dir, filepath.Base(id))
}

// Read gives the manifest of one publication.
func Read(dir, id string) (Manifest, error) {
	path := filepath.Join(dir, id, manifestName)
	text, err := os.ReadFile(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("publication %s: %w", id, err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", path, err)
	}
	if m.ID != id {
		return Manifest{}, fmt.Errorf("%s: it is the manifest of %q", path, m.ID)
	}
	return m, nil
}

// List gives all publications, oldest first. Folders that are being written do not
// count. A publication whose manifest cannot be read is an error, joined with those
// of others, beside the publications that can.
func List(dir string) ([]Manifest, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Manifest
	var errs []error
	for _, entry := range entries {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		m, err := Read(dir, entry.Name())
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Manifest) int {
		return cmp.Or(a.WrittenAt.Compare(b.WrittenAt), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return all, errors.Join(errs...)
}

// Seal is the SHA-256 of a publication's manifest: who has noted it down can tell
// later that neither the manifest nor any file was changed.
func Seal(dir, id string) (string, error) {
	file, err := hash(filepath.Join(dir, id, manifestName))
	if err != nil {
		return "", fmt.Errorf("publication %s: %w", id, err)
	}
	return file.SHA256, nil
}

// freeID gives the run's id, or the first of it with -2, -3 … that is not taken.
func freeID(dir, run string) string {
	for id, n := run, 2; ; id, n = fmt.Sprintf("%s-%d", run, n), n+1 {
		if _, err := os.Lstat(filepath.Join(dir, id)); errors.Is(err, fs.ErrNotExist) {
			return id
		}
	}
}

// Files gives the files below a folder with their hashes, sorted by path.
func Files(folder string) ([]File, error) { return files(folder, nil, false) }

// files is Files, which can make durable what it reads. Some it knows already, by path.
func files(folder string, known map[string]File, durable bool) ([]File, error) {
	var all []File
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(folder, path)
		file := File{Path: filepath.ToSlash(rel)}
		if !entry.Type().IsRegular() {
			file.Bytes = noFile
		}
		all = append(all, file)
		return err
	})
	slices.SortFunc(all, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return all, errors.Join(err, severalAtOnce(len(all), func(i int) error {
		if file, ok := known[all[i].Path]; ok {
			all[i] = file
			return nil
		}
		file, err := readWhole(filepath.Join(folder, filepath.FromSlash(all[i].Path)), all[i].Bytes == noFile, durable)
		all[i].Bytes, all[i].SHA256 = file.Bytes, file.SHA256
		return err
	}))
}

// atOnce is how many files are read, and made durable, at a time: the file system
// writes its journal once for all that wait for it, which is a tenth of the time for a
// thousand files.
const atOnce = 16

// severalAtOnce calls do for each number below n, whatever it gives; the error is the first.
func severalAtOnce(n int, do func(i int) error) error {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error { return do(i) })
	}
	return group.Wait()
}

// noFile stands for the size of what is no plain file: it has no hash.
const noFile = -1

// readWhole gives the size and the hash of a file; of anything else neither.
func readWhole(path string, odd, durable bool) (File, error) {
	if odd {
		return File{}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	sum := sha256.New()
	n, err := io.CopyBuffer(sum, onlyReader{f}, *room)
	if err == nil && durable {
		err = f.Sync()
	}
	return File{Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// rooms are what files are read into, of which there are thousands.
var rooms = sync.Pool{New: func() any {
	room := make([]byte, 1<<16)
	return &room
}}

// onlyReader keeps io.CopyBuffer from asking the file to copy itself, with room of its own.
type onlyReader struct{ io.Reader }

func hash(path string) (File, error) { return readWhole(path, false, false) }

// syncFolders makes the names of everything below a folder durable.
func syncFolders(folder string) error {
	var folders []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			folders = append(folders, path)
		}
		return err
	})
	return errors.Join(err, severalAtOnce(len(folders), func(i int) error { return syncFile(folders[i]) }))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
