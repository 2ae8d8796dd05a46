package ingest

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size of the larger pages of x86-64 and of most of arm64.
const hugePage = 2 << 20

// inHugePages asks the system to keep a large slice in huge pages: a look-up at
// random in small ones waits for the page tables before it waits for the memory.
// It promises nothing, so that errors do not matter. The slice must be fresh.
func inHugePages[T any](s []T) {
	var one T
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(one)))
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(bytes)))) & (hugePage - 1)
	if whole := (len(bytes) - skip) &^ (hugePage - 1); whole > 0 {
		_ = unix.Madvise(bytes[skip:skip+whole], unix.MADV_HUGEPAGE)
	}
}
