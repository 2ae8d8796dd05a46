package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// needles are what must not be found: each identifier, the beginning that names
// its person, and its hash without a key, which anybody could compute.
type needles struct {
	what   map[string]string // in small letters → what it is
	begins [1 << 16][]string // by their first two bytes, as they are many and the haystack large
}

func needlesOf(codes map[string]string) *needles {
	n := &needles{what: map[string]string{}}
	add := func(needle, what string) {
		n.what[needle] = what
		first := int(needle[0])<<8 | int(needle[1])
		n.begins[first] = append(n.begins[first], needle)
	}
	for code, where := range codes {
		stem := code
		if len(code) == 16 {
			stem = code[:11]
		}
		sum := sha256.Sum256([]byte(code))
		add(strings.ToLower(stem), code+" ("+where+")")
		add(hex.EncodeToString(sum[:]), "the hash of "+code+" ("+where+")")
		add(strings.ToLower(string(sum[:16])), "the hash of "+code+" ("+where+")")
	}
	return n
}

// search looks through some bytes as they are, in any case, and without what people
// and encodings put between letters. What is packed in a way that is known is
// unpacked and looked through as well.
func (n *needles) search(t *testing.T, where string, content []byte) {
	t.Helper()
	small := bytes.ToLower(content)
	texts := [][]byte{small, bytes.Map(func(r rune) rune {
		if r == ' ' || r == 0 || r == '\t' || r == '\u00a0' || r == '\n' {
			return -1
		}
		return r
	}, small)}
	for _, text := range texts {
		for i := 0; i+1 < len(text); i++ {
			for _, needle := range n.begins[int(text[i])<<8|int(text[i+1])] {
				if bytes.HasPrefix(text[i:], []byte(needle)) {
					t.Errorf("%s holds %s", where, n.what[needle])
				}
			}
		}
	}
	for name, inner := range unpacked(t, where, content) {
		n.search(t, where+"!"+name, inner)
	}
}

// unpacked gives what is within a file: members of an archive and their names,
// columns of Parquet, blocks of Avro, a stream of gzip.
func unpacked(t *testing.T, where string, content []byte) map[string][]byte {
	t.Helper()
	inner := map[string][]byte{}
	must := func(err error) {
		if err != nil {
			t.Errorf("%s cannot be looked into: %v", where, err)
		}
	}
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if must(err); err != nil {
			return nil
		}
		for _, f := range z.File {
			r, err := f.Open()
			must(err)
			inner[f.Name], err = io.ReadAll(r)
			must(err)
		}
	case bytes.HasPrefix(content, []byte("\x1f\x8b")):
		r, err := gzip.NewReader(bytes.NewReader(content))
		must(err)
		inner["gzip"], err = io.ReadAll(r)
		must(err)
	case bytes.HasPrefix(content, []byte("PAR1")):
		text, err := parquetText(content)
		must(err)
		inner["columns"] = text
	case bytes.HasPrefix(content, []byte("Obj\x01")):
		text, err := avroText(content)
		must(err)
		inner["blocks"] = text
	}
	return inner
}

// parquetText gives all values of a Parquet file as text.
func parquetText(content []byte) ([]byte, error) {
	f, err := file.NewParquetReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	table, err := r.ReadTable(context.Background())
	if err != nil {
		return nil, err
	}
	defer table.Release()
	var b bytes.Buffer
	for i := range int(table.NumCols()) {
		for _, chunk := range table.Column(i).Data().Chunks() {
			for row := range chunk.Len() {
				fmt.Fprintln(&b, chunk.ValueStr(row))
			}
		}
	}
	return b.Bytes(), nil
}

// avroText gives the blocks of an Avro file, unpacked where they are deflated: a
// manifest of the lake has the least and the greatest value of each column.
func avroText(content []byte) ([]byte, error) {
	sync := content[len(content)-16:]
	head, body, ok := bytes.Cut(content, sync)
	if !ok {
		return nil, io.ErrUnexpectedEOF
	}
	if !bytes.Contains(head, []byte("deflate")) {
		return content, nil
	}
	var b bytes.Buffer
	for len(body) > 0 {
		_, n := binary.Varint(body)
		size, m := binary.Varint(body[n:])
		block := body[n+m : n+m+int(size)]
		if _, err := io.Copy(&b, flate.NewReader(bytes.NewReader(block))); err != nil {
			return nil, err
		}
		body = body[n+m+int(size)+len(sync):]
	}
	return b.Bytes(), nil
}

// watcher sees what is written to files that are gone at the end: those that have
// no name from the moment they are made, and those that are removed. The program
// runs in this process, so each of its files is among the descriptors of it; a
// handle of our own keeps what is in the file until it has been looked through.
type watcher struct {
	below string
	seen  map[uint64]*os.File
	names map[uint64]string
	stop  chan struct{}
	done  sync.WaitGroup
}

func watch(t *testing.T, below string) *watcher {
	t.Helper()
	w := &watcher{below: below, seen: map[uint64]*os.File{}, names: map[uint64]string{}, stop: make(chan struct{})}
	w.done.Go(func() {
		for {
			select {
			case <-w.stop:
				return
			case <-time.After(5 * time.Millisecond):
				w.look()
			}
		}
	})
	return w
}

// look keeps every file below the folder that is open and not kept yet.
func (w *watcher) look() {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return
	}
	for _, entry := range entries {
		link := "/proc/self/fd/" + entry.Name()
		name, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(name, w.below) || strings.Contains(name, "/drops/") {
			continue
		}
		info, err := os.Stat(link)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		inode := info.Sys().(*syscall.Stat_t).Ino
		if w.seen[inode] != nil {
			continue
		}
		kept, err := os.Open(link)
		if err != nil {
			continue
		}
		// The number may be another file's by now, or a folder's: that one's turn comes.
		if opened, err := kept.Stat(); err != nil || !os.SameFile(info, opened) {
			kept.Close()
			continue
		}
		w.seen[inode], w.names[inode] = kept, name
	}
}

// finish looks through all that was kept and gives how many of the files have no
// name any more, by the beginning of the one that they had.
func (w *watcher) finish(t *testing.T, n *needles) map[string]int {
	t.Helper()
	close(w.stop)
	w.done.Wait()
	gone := map[string]int{}
	for inode, kept := range w.seen {
		content, err := io.ReadAll(io.NewSectionReader(kept, 0, 1<<40))
		kept.Close()
		if err != nil {
			t.Error(err)
		}
		name, deleted := strings.CutSuffix(w.names[inode], " (deleted)")
		if deleted && len(content) > 0 {
			first, _, _ := strings.Cut(filepath.Base(name), "-")
			gone[first]++
		}
		if !bytes.HasPrefix(content, []byte("PAR1")) || bytes.HasSuffix(content, []byte("PAR1")) { // whole, or no Parquet
			n.search(t, "while it was open: "+name, content)
		}
	}
	return gone
}
