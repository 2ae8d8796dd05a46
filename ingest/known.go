package ingest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tavolo/ingest/ledger"
)

// stamp is what the system says of a file without reading it. Whoever changes a file
// moves the time of its last change, which no program can set: the time of its
// modification alone can be put back.
type stamp struct {
	Device   uint64 `json:"device"`
	Inode    uint64 `json:"inode"`
	Size     int64  `json:"size"`
	Modified int64  `json:"modified_ns"` // nanoseconds since 1970
	Changed  int64  `json:"changed_ns"`
}

// knownFile is a file that was read, and the batches that its parts are.
type knownFile struct {
	stamp
	Batches []string `json:"batches"`
}

// knownFiles are the files that are in the lake, by their names as messages have them. They
// spare a run from reading each again to hear by its hash that nothing is new: a folder of
// years is read from the disk every night otherwise. They are no part of the lake: what is
// lost of them is read again.
type knownFiles struct {
	path    string
	files   map[string]knownFile
	changed bool
}

// knownFilesName is the file of the known files in the folder of the lake.
const knownFilesName = "known_files.json"

// settled is how long a file must have been left alone before it is read to be told by its
// stamp. It is longer than a tick of any file system: within one a file can change twice, and
// its stamp once.
const settled = 3 * time.Second

func readKnownFiles(folder string) *knownFiles {
	k := &knownFiles{path: filepath.Join(folder, knownFilesName), files: map[string]knownFile{}}
	text, err := os.ReadFile(k.path)
	if err != nil || json.Unmarshal(text, &k.files) != nil || k.files == nil {
		k.files = map[string]knownFile{}
	}
	return k
}

// batches gives the batches of a file that looks as it did when it was read; nil when it
// does not, or never was.
func (k *knownFiles) batches(name string, info os.FileInfo) []string {
	known, ok := k.files[name]
	if now, told := stampOf(info); !ok || !told || now != known.stamp {
		return nil
	}
	return known.Batches
}

// keep notes of which batches a file is, by its stamp from before it was read, from since on.
func (k *knownFiles) keep(name string, info os.FileInfo, since time.Time, results []Result) {
	now, ok := stampOf(info)
	known := knownFile{stamp: now}
	for _, result := range results {
		ok = ok && result.Err == nil && result.Entry.Outcome == ledger.Committed
		known.Batches = append(known.Batches, result.Entry.BatchID)
	}
	if !ok || since.Sub(time.Unix(0, now.Changed)) < settled {
		return
	}
	if before, ok := k.files[name]; !ok || before.stamp != known.stamp || !slices.Equal(before.Batches, known.Batches) {
		k.files[name], k.changed = known, true
	}
}

// write keeps the files for the next run, whole or not at all.
func (k *knownFiles) write() error {
	if !k.changed {
		return nil
	}
	text, err := json.MarshalIndent(k.files, "", " ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(k.path), "."+knownFilesName+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails once it has its final name, as it should
	_, err = temp.Write(text)
	if closing := temp.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), k.path)
}
