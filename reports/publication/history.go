package publication

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// The beginnings of the names of what is no publication: a folder that is being
// written, one that is being removed, and a link that is about to be current.
const (
	writing  = ".writing-"
	removing = ".removing-"
	linking  = ".current-"
)

// lockFile is locked (flock) by the process that publishes, rolls back or prunes.
// The kernel lets go of the lock when the process ends, however it ends.
const lockFile = ".lock"

// ErrInUse says that another process publishes, rolls back or prunes.
var ErrInUse = errors.New("another process is publishing, rolling back or pruning")

// acquire makes the folder of publications where it is absent, and locks it
// without waiting. What a process left that was killed is removed.
func acquire(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = fmt.Errorf("%s: %w", dir, ErrInUse)
		}
		return nil, errors.Join(err, lock.Close())
	}
	if err := sweep(dir); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		left := func(prefix string) bool { return strings.HasPrefix(entry.Name(), prefix) }
		if slices.ContainsFunc([]string{writing, removing, linking}, left) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	return err
}

// DamagedError says that a publication is not as its manifest says.
type DamagedError struct {
	ID      string
	Damages []Damage // at least one
}

func (e *DamagedError) Error() string {
	text := fmt.Sprintf("publication %s: %s", e.ID, e.Damages[0])
	if more := len(e.Damages) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// Rollback brings an earlier publication into force again, or a later one after
// that, by one rename, when every byte of it is as its manifest says; else the
// error is a *DamagedError and the one in force stays. It gives the publication
// and the one that was in force until then.
func Rollback(dir, id string) (now, before Manifest, err error) {
	lock, err := acquire(dir)
	if err != nil {
		return now, before, err
	}
	defer lock.Close()
	if before, err = Current(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		before = Manifest{} // what is in force cannot be read: the more reason to replace it
	}
	if now, err = Read(dir, id); err != nil {
		return now, before, err
	}
	damages, err := Check(dir, now)
	if err != nil {
		return now, before, err
	}
	if len(damages) > 0 {
		return now, before, &DamagedError{id, damages}
	}
	return now, before, setCurrent(dir, id)
}

// Prune removes all publications but the newest keep and the one in force, and
// gives those that go, oldest first. When dry nothing is removed. It refuses while
// a publication cannot be read, because that may be the one to keep.
func Prune(dir string, keep int, dry bool) ([]Manifest, error) {
	lock, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	all, err := List(dir)
	if err != nil {
		return nil, err
	}
	current, err := Current(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var gone []Manifest
	for _, m := range all[:max(0, len(all)-keep)] {
		if m.ID == current.ID {
			continue
		}
		if !dry {
			if err := remove(dir, m.ID); err != nil {
				return gone, err
			}
		}
		gone = append(gone, m)
	}
	return gone, syncFile(dir)
}

// remove takes the publication's name away first, so that it is never there in part.
func remove(dir, id string) error {
	away := filepath.Join(dir, removing+id)
	if err := os.Rename(filepath.Join(dir, id), away); err != nil {
		return err
	}
	return os.RemoveAll(away)
}
