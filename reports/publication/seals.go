package publication

import (
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Seals are what is known of the files of a publication while it is written. To have a
// thousand files on the disk takes longer than to make them, and what waits for the disk
// leaves the processors to what makes the next page.
type Seals struct {
	folder string
	group  errgroup.Group // what is being read
	mu     sync.Mutex
	known  map[string]File
}

func newSeals(folder string) *Seals {
	s := &Seals{folder: folder, known: map[string]File{}}
	s.group.SetLimit(atOnce)
	return s
}

// Taken tells of a file that the publication has in common with another, where every byte
// is on the disk, and that was just read: it is not read again.
func (s *Seals) Taken(file File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[file.Path] = file
}

// Written tells of a file, by its path within the publication, that is whole and will not
// change: its hash is taken and its bytes are made durable meanwhile. It waits only while
// many others are.
func (s *Seals) Written(path string) {
	s.group.Go(func() error {
		file, err := readWhole(filepath.Join(s.folder, filepath.FromSlash(path)), false, true)
		file.Path = path
		if err == nil {
			s.Taken(file)
		}
		return err
	})
}

// wait gives the files that are known, by path, when those that were written are durable.
func (s *Seals) wait() (map[string]File, error) {
	err := s.group.Wait()
	return s.known, err
}
