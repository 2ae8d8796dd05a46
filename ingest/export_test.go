package ingest

import (
	"os"
	"time"
)

// Know has the lake in a folder know a file as a run does that finds it left alone for long.
func Know(folder, name string, info os.FileInfo, results ...Result) error {
	k := readKnownFiles(folder)
	k.keep(name, info, time.Now().Add(settled), results)
	return k.write()
}

// KnownFilesName is where a lake keeps the files that it knows.
const KnownFilesName = knownFilesName
