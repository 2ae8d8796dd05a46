package reports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// Earlier is a site that was written before by the same program. A new one takes over
// the pages and workbooks that would be the same.
type Earlier struct {
	Dir       string
	Files     map[string]EarlierFile // by path in the site, with slashes
	Unchanged bool                   // it was made of the same as the new one, but for Site.Restated
}

// EarlierFile is a file of an earlier site.
type EarlierFile struct {
	Inputs string // what it was made of, as Site.Note told; "" when it did not
	SHA256 string // of its bytes
}

// folder is where a site is written, or the pack of a site.
type folder struct {
	dir     string
	within  string // path of a pack in its site, with a last slash; "" of the site itself
	earlier *Earlier
	shared  map[string][]sharedTable // Parquet file → what goes into it
	mu      sync.Mutex
	note    func(path, inputs string)                  // may be nil
	told    map[string]bool                            // of what files note was told
	made    sync.Map                                   // folders below dir that are there
	sizes   sync.Map                                   // path of a file that was taken over → its size
	noting  *sync.Mutex                                // of all folders of a site
	taken   func(path string, f EarlierFile, size int) // may be nil
	written func(path string)                          // may be nil
}

// pack is the folder of a pack in that of its site.
func (f *folder) pack(path string) *folder {
	return &folder{dir: filepath.Join(f.dir, filepath.FromSlash(path)), within: path + "/", earlier: f.earlier, note: f.note, noting: f.noting, taken: f.taken, written: f.written}
}

// write writes a file; one with the same bytes as the earlier site's is that file.
func (f *folder) write(path string, content []byte) error {
	if known, ok := f.known(path); ok {
		sum := sha256.Sum256(content)
		if hex.EncodeToString(sum[:]) == known.SHA256 {
			if _, ok := f.takeOver(path, known); ok {
				return nil
			}
		}
	}
	return f.create(path, content)
}

// provide puts a file there that follows from its inputs: that of the earlier site when
// it was made of the same, else what build gives. It returns the file's size.
func (f *folder) provide(path, inputs string, build func() ([]byte, error)) (size int, err error) {
	size, ok := f.reuse(path, inputs)
	if ok {
		return size, nil
	}
	content, err := build()
	if err != nil {
		return 0, err
	}
	return len(content), f.create(path, content)
}

// place is where a file of the site stands on the disk. Its folder is there then.
func (f *folder) place(path string) (string, error) {
	file := filepath.Join(f.dir, filepath.FromSlash(path))
	within := filepath.Dir(file)
	if _, ok := f.made.Load(within); ok {
		return file, nil
	}
	if err := os.MkdirAll(within, 0o755); err != nil {
		return "", err
	}
	f.made.Store(within, true)
	return file, nil
}

// create writes a file that is not there yet: one that is may be one with that of an
// earlier site, which must not change.
func (f *folder) create(path string, content []byte) error {
	file, err := f.place(path)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = out.Write(content)
	if err = errors.Join(err, out.Close()); err == nil {
		f.whole(path)
	}
	return err
}

// whole tells that a file is there and will not change.
func (f *folder) whole(path string) {
	if f.written != nil {
		f.written(f.within + path)
	}
}

// reuse takes over a file that follows from its inputs, and tells whether there was one
// to take.
func (f *folder) reuse(path, inputs string) (size int, ok bool) {
	f.tell(path, inputs)
	if known, ok := f.known(path); ok && known.Inputs == inputs {
		return f.takeOver(path, known)
	}
	return 0, false
}

// tell tells what a file is made of, once.
func (f *folder) tell(path, inputs string) {
	if f.note == nil {
		return
	}
	f.noting.Lock()
	defer f.noting.Unlock()
	if !f.told[path] {
		f.note(f.within+path, inputs)
	}
	if f.told == nil {
		f.told = map[string]bool{}
	}
	f.told[path] = true
}

// Beside is a file beside the pages that follows from its inputs alone.
type Beside struct {
	Path   string                  // in the site, with slashes
	Inputs string                  // names all that the file follows from
	Write  func(file string) error // makes the file, whose folder is there
}

// writeBeside puts the files beside the pages there, several at a time.
func (s *site) writeBeside() error {
	return s.severalAtOnce(len(s.Beside), func(n int) error { return s.out.putBeside(s.Beside[n]) })
}

// severalAtOnce does something for each number below count, and for all of them even
// where it fails for some. The error is the first.
func (s *site) severalAtOnce(count int, do func(n int) error) error {
	var group errgroup.Group
	group.SetLimit(s.Workers)
	for n := range count {
		group.Go(func() error { return do(n) })
	}
	return group.Wait()
}

// untilError does something for each number below count, several at a time, until it fails
// for one or the context ends.
func (s *site) untilError(ctx context.Context, count int, do func(n int) error) error {
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(s.Workers)
	for n := range count {
		group.Go(func() error {
			if err := context.Cause(running); err != nil {
				return err
			}
			return do(n)
		})
	}
	return cmp.Or(group.Wait(), context.Cause(ctx))
}

func (f *folder) putBeside(b Beside) error {
	if _, ok := f.reuse(b.Path, b.Inputs); ok {
		return nil
	}
	file, err := f.place(b.Path)
	if err != nil {
		return err
	}
	if err = b.Write(file); err == nil {
		f.whole(b.Path)
	}
	return err
}

func (f *folder) known(path string) (EarlierFile, bool) {
	if f.earlier == nil {
		return EarlierFile{}, false
	}
	known, ok := f.earlier.Files[f.within+path]
	return known, ok
}

// takeOver gives the new site the file of the earlier one, as another name of the same
// bytes on the disk, and tells whether it could. A file that is not what it was is not
// taken: the link is made first and then read, so that what is read is what is kept.
func (f *folder) takeOver(path string, known EarlierFile) (size int, ok bool) {
	if size, ok := f.sizes.Load(path); ok { // it was taken before
		return size.(int), true
	}
	file, err := f.place(path)
	if err != nil {
		return 0, false
	}
	if err := os.Link(filepath.Join(f.earlier.Dir, filepath.FromSlash(f.within+path)), file); err != nil {
		return 0, false // a file system without links, or it is gone: it is made again
	}
	if size, ok = isAsKnown(file, known.SHA256); !ok {
		if err := os.Remove(file); err != nil {
			return 0, false // the write that follows tells
		}
		return 0, false
	}
	f.sizes.Store(path, size)
	if f.taken != nil {
		f.taken(f.within+path, known, size)
	}
	return size, true
}

// isAsKnown tells whether a name is that of a plain file with a hash.
func isAsKnown(file, sum string) (size int, ok bool) {
	in, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0) // not through a link, nor waiting for a pipe
	if err != nil {
		return 0, false
	}
	defer in.Close()
	if entry, err := in.Stat(); err != nil || !entry.Mode().IsRegular() {
		return 0, false
	}
	room := readings.Get().(*[]byte)
	defer readings.Put(room)
	have := sha256.New()
	n, err := io.CopyBuffer(have, onlyReader{in}, *room)
	return int(n), err == nil && hex.EncodeToString(have.Sum(nil)) == sum
}

// readings are the rooms that files are read into, of which there are thousands.
var readings = sync.Pool{New: func() any {
	room := make([]byte, 1<<17)
	return &room
}}

// onlyReader keeps io.CopyBuffer from asking the file to copy itself, with room of its own.
type onlyReader struct{ io.Reader }

// codeLength is how many letters of a digest name a page to people: no two of a
// thousand publications will share them by chance.
const codeLength = 12

// code is the short name of a digest, in groups that can be read out.
func code(digest string) string {
	return digest[:4] + "-" + digest[4:8] + "-" + digest[8:codeLength]
}
