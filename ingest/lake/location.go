package lake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	icebergio "github.com/apache/iceberg-go/io"

	"tavolo/ingest/diagnostic"
)

// locationFile records where the lake was created.
const locationFile = "lake.json"

// formatVersion is raised when older programs could no longer read the folder.
const formatVersion = 1

type locationRecord struct {
	Format   int    `json:"format"`
	Location string `json:"location"`      // what all paths in the metadata start with
	Key      string `json:"key,omitempty"` // see Lake.BindKey
}

func readLocation(dir string) (string, error) {
	record, err := readDescription(dir)
	return record.Location, err
}

func readDescription(dir string) (locationRecord, error) {
	path := filepath.Join(dir, locationFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return locationRecord{}, err
	}
	var record locationRecord
	if err := json.Unmarshal(text, &record); err != nil {
		return record, &diagnostic.Error{File: path, Msg: "not a lake's description", Err: err}
	}
	if record.Format != formatVersion || !strings.HasPrefix(record.Location, "/") {
		return record, &diagnostic.Error{File: path,
			Msg:  fmt.Sprintf("lake of format %d, this program reads format %d", record.Format, formatVersion),
			Hint: "it was made by a newer version: use that one"}
	}
	return record, nil
}

// writeLocation is the last step of Create: a folder without it is no lake.
func writeLocation(dir, location string) error {
	if err := writeDescription(dir, locationRecord{Format: formatVersion, Location: location}); err != nil {
		return fmt.Errorf("create lake: %w", err)
	}
	return nil
}

// BindKey binds the lake to a key by what can be told of the key without it: the
// first call records that, and ErrOtherKey answers every other one once there are
// tables. Rows under two keys would count each person twice, and no later look
// could tell.
func (l *Lake) BindKey(ctx context.Context, fingerprint string) error {
	if err := l.writable(); err != nil {
		return err
	}
	record, err := readDescription(l.dir)
	if err != nil || record.Key == fingerprint {
		return err
	}
	if record.Key != "" {
		if names, err := l.Tables(ctx); err != nil || len(names) > 0 {
			return errors.Join(ErrOtherKey, err)
		}
	}
	record.Key = fingerprint
	return writeDescription(l.dir, record)
}

func writeDescription(dir string, record locationRecord) error {
	text, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return err
	}
	temp := filepath.Join(dir, locationFile+".new")
	file, err := createSynced(temp)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, filepath.Join(dir, locationFile)); err != nil {
		return err
	}
	return SyncDir(dir)
}

// locationFor gives the location of a lake that is created in dir: dir itself,
// so that other engines can follow the metadata as it is. iceberg-go reads
// locations as URLs; where a path would not survive that (a space, "%", an
// accent) the odd characters become "_", and other engines need to be told the
// folder.
func locationFor(dir string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '/', c == '-', c == '_', c == '.', c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			return c
		}
		return '_'
	}, filepath.ToSlash(dir))
}

// mountKey is the catalogue property that names a mounted file system.
const mountKey = "tavolo.mount"

// mounts are the file systems of the open lakes. iceberg-go opens files through
// a registry of factories that get strings only, so an open lake is found again
// by a token. Each entry lives from Open to Close.
var (
	mounts    sync.Map // token → *rooted
	lastMount atomic.Uint64
)

// mount makes the file system known under a new token.
func mount(files *rooted) (token string, unmount func()) {
	registerScheme()
	token = strconv.FormatUint(lastMount.Add(1), 10)
	mounts.Store(token, files)
	return token, func() { mounts.Delete(token) }
}

// registerScheme puts our file system before iceberg-go's for paths without a
// scheme, once. Catalogues without our property get what they got before.
var registerScheme = sync.OnceFunc(func() {
	icebergio.Unregister("")
	icebergio.Register("", func(_ context.Context, _ *url.URL, props map[string]string) (icebergio.IO, error) {
		token, ok := props[mountKey]
		if !ok {
			return icebergio.LocalFS{}, nil
		}
		files, ok := mounts.Load(token)
		if !ok {
			return nil, errors.New("lake is closed")
		}
		return files.(*rooted), nil
	})
})
