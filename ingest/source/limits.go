package source

import (
	"errors"
	"fmt"
)

// Limits bound what a file may cost, whoever made it. A zero field means the
// default, which no file of an office comes near. What goes beyond a limit is
// refused with a code, in bounded memory and time: a record alone where the
// limit is of records, the file otherwise ([FileError]).
type Limits struct {
	// RecordBytes is the longest record; 1 MiB when 0.
	RecordBytes int `yaml:"record_bytes"`
	// Columns are the most fields of a record; 10,000 when 0.
	Columns int `yaml:"columns"`
	// Depth is how deep the values of a JSON record may be nested; 32 when 0.
	Depth int `yaml:"depth"`
	// ExpandedBytes is the most that a compressed file, or one member of an
	// archive, may hold; 64 GiB when 0.
	ExpandedBytes int64 `yaml:"expanded_bytes"`
	// Ratio is how many times larger than itself a compressed file may become,
	// beyond its first 16 MiB; 100 when 0. For an archive it holds for all its
	// members together.
	Ratio int64 `yaml:"ratio"`
	// Members are the most files of an archive; 1,000 when 0.
	Members int `yaml:"members"`
	// Rows are the most rows of a sheet; 1,048,576, all that a spreadsheet has, when 0.
	Rows int `yaml:"rows"`
	// Cells are the most cells of a sheet; 50 million when 0.
	Cells int64 `yaml:"cells"`
	// TextBytes are the most bytes of the texts that a workbook shares among its
	// cells, which are held in memory; 128 MiB when 0.
	TextBytes int64 `yaml:"text_bytes"`
}

// Validate says which limits are below 0, where no number has a meaning.
func (l Limits) Validate() error {
	var errs []error
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"record_bytes", int64(l.RecordBytes)}, {"columns", int64(l.Columns)}, {"depth", int64(l.Depth)},
		{"expanded_bytes", l.ExpandedBytes}, {"ratio", l.Ratio}, {"members", int64(l.Members)},
		{"rows", int64(l.Rows)}, {"cells", l.Cells}, {"text_bytes", l.TextBytes},
	} {
		if limit.value < 0 {
			errs = append(errs, fmt.Errorf("limits.%s: below 0", limit.name))
		}
	}
	return errors.Join(errs...)
}

// OrDefaults gives the limits with the defaults in the place of zeros.
func (l Limits) OrDefaults() Limits {
	l.RecordBytes = orDefault(l.RecordBytes, 1<<20)
	l.Columns = orDefault(l.Columns, 10_000)
	l.Depth = orDefault(l.Depth, 32)
	l.ExpandedBytes = orDefault(l.ExpandedBytes, 64<<30)
	l.Ratio = orDefault(l.Ratio, 100)
	l.Members = orDefault(l.Members, 1000)
	l.Rows = orDefault(l.Rows, 1<<20)
	l.Cells = orDefault(l.Cells, 50_000_000)
	l.TextBytes = orDefault(l.TextBytes, 128<<20)
	return l
}

func orDefault[N int | int64](n, otherwise N) N {
	if n <= 0 {
		return otherwise
	}
	return n
}

// grown is how large something compressed may become that takes size bytes.
func (l Limits) grown(size int64) int64 {
	return min(l.ExpandedBytes, max(freeBytes, size*min(l.Ratio, l.ExpandedBytes/max(size, 1)+1)))
}

// freeBytes is how much a file may become whatever its size: small files of much
// the same rows compress further than any ratio.
const freeBytes = 16 << 20
