package lake

import (
	"os"

	"golang.org/x/sys/unix"
)

// startWriting has the system begin to write what is in a file to the disk, and
// does not wait: the sync at the end then finds little left to do. It promises
// nothing, so that its errors do not matter.
func startWriting(f *os.File) {
	_ = unix.SyncFileRange(int(f.Fd()), 0, 0, unix.SYNC_FILE_RANGE_WRITE)
}
