package lake

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A disk that is full is said once, and not by each part of the file that does not come
// to its end.
func TestParquetFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full: ", err)
	}
	defer full.Close()
	f, err := CreateParquet(filepath.Join(t.TempDir(), "visits.parquet"), visits(), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f.sink.file = full
	rows := batchOf(visit{"a", 0}, visit{"b", 0})
	defer rows.Release()
	if err := f.Write(rows); err != nil {
		t.Fatal(err)
	}
	err = f.Close()
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("closing on a full disk: %v", err)
	}
	if want := "write /dev/full: no space left on device"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}
