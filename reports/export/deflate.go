package export

import (
	"archive/zip"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// deflaters are kept: each has tables of hundreds of kilobytes, and a site has
// thousands of parts to compress.
var deflaters sync.Pool

// quick is a level of compression that takes a third of the time of the usual one, and a
// twelfth more room: a site has hundreds of workbooks.
const quick = 2

// NewArchive begins a zip archive.
func NewArchive(out io.Writer) *zip.Writer {
	archive := zip.NewWriter(out)
	archive.RegisterCompressor(zip.Deflate, func(part io.Writer) (io.WriteCloser, error) {
		if kept, ok := deflaters.Get().(*flate.Writer); ok {
			kept.Reset(part)
			return &deflater{kept}, nil
		}
		writer, err := flate.NewWriter(part, quick)
		return &deflater{writer}, err
	})
	return archive
}

// deflater gives its writer back when it is closed.
type deflater struct{ *flate.Writer }

func (d *deflater) Close() error {
	err := d.Writer.Close()
	deflaters.Put(d.Writer)
	d.Writer = nil
	return err
}
