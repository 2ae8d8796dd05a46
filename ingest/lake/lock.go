package lake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// lockFile is locked (flock) by the one writer. The kernel lets go of the lock
// when the process ends, however it ends; the process id that is written in it
// stays behind only when the process did not end well.
const lockFile = "lock"

type writerLock struct{ file *os.File }

// acquire takes the lock without waiting. crashed says that the writer before
// did not come to its end, so that files of no commit may lie about.
func acquire(path string) (lock *writerLock, crashed bool, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, false, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, false, fmt.Errorf("%w by %s", ErrInUse, holder(file))
		}
		return nil, false, err
	}
	before, err := io.ReadAll(file)
	if err == nil {
		err = record(file, fmt.Sprintf("process %d\n", os.Getpid()))
	}
	if err != nil {
		return nil, false, errors.Join(err, file.Close())
	}
	return &writerLock{file}, len(bytes.TrimSpace(before)) > 0, nil
}

// holder reads who has the lock. It may just be changing.
func holder(file *os.File) string {
	text, err := io.ReadAll(io.LimitReader(file, 64))
	if name := strings.TrimSpace(string(text)); err == nil && name != "" {
		return name
	}
	return "another process"
}

func record(file *os.File, text string) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	if _, err := file.WriteAt([]byte(text), 0); err != nil {
		return err
	}
	return file.Sync()
}

// release lets go of the lock. Only a clean end wipes the process id.
func (w *writerLock) release(clean bool) error {
	if w == nil {
		return nil
	}
	var err error
	if clean {
		err = record(w.file, "")
	}
	return errors.Join(err, w.file.Close())
}
