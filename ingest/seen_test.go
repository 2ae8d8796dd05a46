package ingest

import (
	"crypto/sha256"
	"encoding/binary"
	"os"
	"testing"
)

func numbered(n uint64) hash {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, n))
	return hash{binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])}
}

// TestSeenIsExact adds more hashes than the table holds, some of them again, and
// is told each time whether they were there.
func TestSeenIsExact(t *testing.T) {
	dir := t.TempDir()
	s := seen{dir: dir, slots: 1 << 12}
	defer s.close()
	const hashes = 21*(3<<10) + 1000 // spills 21 times, merges five times and once again
	for n := range uint64(hashes) {
		if was, err := s.add(numbered(n)); was || err != nil {
			t.Fatalf("%d: there before (%v)", n, err)
		}
		if n%97 == 0 {
			if was, err := s.add(numbered(n / 3)); !was || err != nil {
				t.Fatalf("%d, added before, is not there (%v)", n/3, err)
			}
		}
	}
	if len(s.runs) != 3 || s.runs[0].level != 2 || s.runs[1].level != 1 || s.runs[2].level != 0 {
		t.Errorf("%d runs", len(s.runs))
	}
	for n := uint64(0); n < hashes; n += 7 {
		if was, err := s.add(numbered(n)); !was || err != nil {
			t.Fatalf("%d is not there (%v)", n, err)
		}
	}
	if names, _ := os.ReadDir(dir); len(names) > 0 {
		t.Errorf("the folder shows %v", names)
	}
	for _, again := range []bool{false, true} {
		if was, _ := s.add(hash{}); was != again {
			t.Errorf("the zero hash: %v", was)
		}
	}
}

// TestRunFindsHashesThatShareAHalf looks up hashes of which a block is full that
// differ in their low half alone.
func TestRunFindsHashesThatShareAHalf(t *testing.T) {
	w, err := createRun(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.file.Close()
	for n := range uint64(3 * blockHashes) {
		if err := w.write(hash{7, 2*n + 2}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.to.Flush(); err != nil {
		t.Fatal(err)
	}
	block := make([]byte, blockBytes)
	for n := range uint64(6*blockHashes + 4) {
		if found, err := w.has(hash{7, n}, block); found != (n > 0 && n%2 == 0 && n <= 6*blockHashes) || err != nil {
			t.Fatalf("%d: %v %v", n, found, err)
		}
	}
	for _, high := range []uint64{6, 8} {
		if found, _ := w.has(hash{high, 2}, block); found {
			t.Errorf("%d: found", high)
		}
	}
}
