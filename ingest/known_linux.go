package ingest

import (
	"os"
	"syscall"
)

// stampOf gives the stamp of a file; ok is false where there is none, as of standard input.
func stampOf(info os.FileInfo) (s stamp, ok bool) {
	if info == nil {
		return s, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return s, false
	}
	return stamp{
		Device: uint64(stat.Dev), Inode: stat.Ino, Size: stat.Size,
		Modified: stat.Mtim.Nano(), Changed: stat.Ctim.Nano(),
	}, true
}
