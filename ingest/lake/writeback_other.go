//go:build !linux

package lake

import "os"

// startWriting does nothing where the system has no such call: the sync at the
// end takes longer then.
func startWriting(*os.File) {}
