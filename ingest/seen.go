package ingest

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"os"
	"slices"
	"sort"
)

// seen is a set of hashes that answers exactly, in memory that does not grow with
// the set: what is beyond the table is kept in sorted runs on the disk, found
// again through a sparse index, and asked for only when a Bloom filter cannot rule
// a hash out. It is a small log-structured merge tree (O'Neil et al. 1996) of
// which nothing is ever deleted.
//
// The zero value works, but for dir where there are more than fit into the table.
type seen struct {
	dir   string // where runs are; their files have no names
	slots int    // of the table at most, a power of two; tableSlots when 0

	table  []hash // open addressing, linear probing; the zero hash is an empty slot
	used   int
	warmth uint64 // what warm read, so that it is not left out as useless
	zero   bool   // the zero hash itself is in the set
	filter []uint64
	runs   []*run
	block  []byte
}

// hash is what a rowHasher gives: wide enough that two rows share one in no file
// that there will be (128 bits).
type hash struct{ high, low uint64 }

func (h hash) compare(other hash) int {
	return cmp.Or(cmp.Compare(h.high, other.high), cmp.Compare(h.low, other.low))
}

const (
	hashBytes   = 16
	tableSlots  = 1 << 21 // 32 MiB, full at three quarters
	filterSlots = 2       // words of the filter for each slot of the table: another 32 MiB
	blockHashes = 256     // of a run, between two entries of its index
	blockBytes  = blockHashes * hashBytes
	tier        = 4 // runs of one level that are merged into one of the next
)

// add puts a hash into the set and says whether it was there.
func (s *seen) add(h hash) (bool, error) {
	if h == (hash{}) {
		was := s.zero
		s.zero = true
		return was, nil
	}
	if s.inTable(h) {
		return true, nil
	}
	if len(s.runs) > 0 && s.mayHave(h) {
		for _, r := range s.runs {
			if found, err := r.has(h, s.block); found || err != nil {
				return found, err
			}
		}
	}
	return false, s.insert(h)
}

// most gives the slots of a full table.
func (s *seen) most() int {
	if s.slots > 0 {
		return s.slots
	}
	return tableSlots
}

func (s *seen) inTable(h hash) bool {
	if len(s.table) == 0 {
		return false
	}
	mask := uint64(len(s.table) - 1)
	for i := h.slot(len(s.table)); s.table[i] != (hash{}); i = (i + 1) & mask {
		if s.table[i] == h {
			return true
		}
	}
	return false
}

// slot gives the place of a hash in a table of so many, a power of two. It goes by
// the high bits, so that a full table is all but sorted.
func (h hash) slot(slots int) uint64 { return h.high >> (65 - bits.Len(uint(slots))) }

// warm touches the places of hashes that are about to be added. One that waits
// for memory after the other would wait for each; these waits overlap.
func (s *seen) warm(rows []row) {
	for i := range rows {
		if h := rows[i].hash; len(s.table) > 0 {
			s.warmth ^= s.table[h.slot(len(s.table))].low
		}
	}
	for i := range rows {
		if len(s.filter) > 0 {
			word, _ := rows[i].hash.bits(len(s.filter))
			s.warmth ^= s.filter[word]
		}
	}
}

func (s *seen) insert(h hash) error {
	if s.used >= len(s.table)/4*3 {
		if len(s.table) == s.most() {
			if err := s.spill(); err != nil {
				return err
			}
		} else {
			s.grow()
		}
	}
	put(s.table, h)
	s.used++
	return nil
}

func put(table []hash, h hash) {
	mask := uint64(len(table) - 1)
	i := h.slot(len(table))
	for table[i] != (hash{}) {
		i = (i + 1) & mask
	}
	table[i] = h
}

func (s *seen) grow() {
	grown := make([]hash, min(max(1024, 2*len(s.table)), s.most()))
	inHugePages(grown)
	for _, h := range s.table {
		if h != (hash{}) {
			put(grown, h)
		}
	}
	s.table = grown
}

// bits gives the word of the filter that a hash belongs to, and its bits there:
// one word, so that a question costs one access to memory; the words in the order
// of the hashes, so that a sorted run is entered from the beginning to the end.
func (h hash) bits(words int) (word int, set uint64) {
	for shift := 0; shift < 24; shift += 6 {
		set |= 1 << (h.low >> (40 + shift) & 63)
	}
	return int(h.slot(words)), set
}

func (s *seen) mayHave(h hash) bool {
	word, bits := h.bits(len(s.filter))
	return s.filter[word]&bits == bits
}

// spill moves the table to the disk.
func (s *seen) spill() error {
	if s.filter == nil {
		s.filter, s.block = make([]uint64, filterSlots*s.most()), make([]byte, blockBytes)
		inHugePages(s.filter)
	}
	full := slices.DeleteFunc(s.table, func(h hash) bool { return h == (hash{}) })
	sortNearly(full)
	w, err := createRun(s.dir, 0)
	if err != nil {
		return err
	}
	for _, h := range full {
		word, bits := h.bits(len(s.filter))
		s.filter[word] |= bits
		if err := w.write(h); err != nil {
			return errors.Join(err, w.file.Close())
		}
	}
	if err := w.to.Flush(); err != nil {
		return errors.Join(err, w.file.Close())
	}
	s.runs = append(s.runs, &w.run)
	clear(s.table)
	s.used = 0
	return s.merge()
}

// sortNearly sorts hashes of which each is near its place, as those of a table are:
// by insertion, in a time that grows with their number alone.
func sortNearly(hashes []hash) {
	for i := 1; i < len(hashes); i++ {
		h, at := hashes[i], i
		for ; at > 0 && h.compare(hashes[at-1]) < 0; at-- {
			hashes[at] = hashes[at-1]
		}
		hashes[at] = h
	}
}

// merge makes one run of as many of one level as there may be.
func (s *seen) merge() error {
	for {
		n := len(s.runs)
		if n < tier || s.runs[n-tier].level != s.runs[n-1].level {
			return nil
		}
		merged, err := mergeRuns(s.dir, s.runs[n-tier:])
		if err != nil {
			return err
		}
		for _, r := range s.runs[n-tier:] {
			err = errors.Join(err, r.file.Close())
		}
		s.runs = append(s.runs[:n-tier], merged)
		if err != nil {
			return err
		}
	}
}

// close gives back the room on the disk.
func (s *seen) close() error {
	var errs []error
	for _, r := range s.runs {
		errs = append(errs, r.file.Close())
	}
	s.runs, s.table, s.filter = nil, nil, nil
	return errors.Join(errs...)
}

// run is a file of sorted hashes.
type run struct {
	file  *os.File
	count int
	level int
	index []uint64 // the high half of the first hash of each block
}

// has looks a hash up, with one read in all but the rarest cases.
func (r *run) has(h hash, block []byte) (bool, error) {
	// The block that h is in begins at or before it; equal high halves may begin earlier.
	last := sort.Search(len(r.index), func(i int) bool { return r.index[i] > h.high })
	for b := last - 1; b >= 0; b-- {
		n, err := r.file.ReadAt(block, int64(b)*blockBytes)
		if err != nil && err != io.EOF {
			return false, err
		}
		hashes := n / hashBytes
		at := sort.Search(hashes, func(i int) bool { return decodeHash(block[i*hashBytes:]).compare(h) >= 0 })
		if at < hashes && decodeHash(block[at*hashBytes:]) == h {
			return true, nil
		}
		if r.index[b] < h.high {
			return false, nil
		}
	}
	return false, nil
}

func decodeHash(b []byte) hash {
	return hash{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// runWriter writes a run in order.
type runWriter struct {
	run
	to *bufio.Writer
}

// createRun begins a run in a file without a name: nothing is left of it,
// however the program ends.
func createRun(dir string, level int) (*runWriter, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(dir, "rows-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &runWriter{run{file: file, level: level}, bufio.NewWriterSize(file, 256<<10)}, nil
}

func (w *runWriter) write(h hash) error {
	if w.count%blockHashes == 0 {
		w.index = append(w.index, h.high)
	}
	w.count++
	var b [hashBytes]byte
	binary.BigEndian.PutUint64(b[:], h.high)
	binary.BigEndian.PutUint64(b[8:], h.low)
	_, err := w.to.Write(b[:])
	return err
}

// mergeRuns writes the hashes of several runs, no two of which are the same, as one.
func mergeRuns(dir string, runs []*run) (*run, error) {
	w, err := createRun(dir, runs[0].level+1)
	if err != nil {
		return nil, err
	}
	readers := make([]*runReader, len(runs))
	for i, r := range runs {
		readers[i] = &runReader{from: bufio.NewReaderSize(io.NewSectionReader(r.file, 0, int64(r.count)*hashBytes), 256<<10)}
		readers[i].next()
	}
	for {
		var least *runReader
		for _, r := range readers {
			if r.err == nil && (least == nil || r.head.compare(least.head) < 0) {
				least = r
			}
		}
		if least == nil {
			break
		}
		if err := w.write(least.head); err != nil {
			return nil, errors.Join(err, w.file.Close())
		}
		least.next()
	}
	for _, r := range readers {
		if r.err != io.EOF {
			return nil, errors.Join(r.err, w.file.Close())
		}
	}
	if err := w.to.Flush(); err != nil {
		return nil, errors.Join(err, w.file.Close())
	}
	return &w.run, nil
}

// runReader reads a run in order; its error is io.EOF at the end.
type runReader struct {
	from *bufio.Reader
	head hash
	err  error
	room [hashBytes]byte
}

func (r *runReader) next() {
	if _, r.err = io.ReadFull(r.from, r.room[:]); r.err == nil {
		r.head = decodeHash(r.room[:])
	}
}
