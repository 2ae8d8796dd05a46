package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory of a zstd stream, which names it itself: what zstd
// makes at its highest ordinary level.
const maxWindow = 128 << 20

// wrapping is what a file is wrapped in. It is told by its first bytes, never by
// its name.
type wrapping byte

const (
	bare wrapping = iota
	gzipped
	zstandard
	zipped
)

func wrappingOf(head []byte) wrapping {
	has := func(magic string) bool { return len(head) >= len(magic) && string(head[:len(magic)]) == magic }
	switch {
	case has("\x1f\x8b"):
		return gzipped
	case has("\x28\xb5\x2f\xfd"):
		return zstandard
	case has("PK\x03\x04"), has("PK\x05\x06"): // the second is an archive of nothing
		return zipped
	}
	return bare
}

// unwrap opens a compressed stream.
func unwrap(r io.Reader, w wrapping) (io.ReadCloser, error) {
	switch w {
	case gzipped:
		return gzip.NewReader(r)
	case zstandard:
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}

// expanding is a stream that comes out of a compressed one, within a limit. Its
// errors say what is wrong with the file, and not with the decompressor.
type expanding struct {
	io.ReadCloser
	left int64
	most int64
}

func (e *expanding) Read(p []byte) (int, error) {
	if e.left < int64(len(p)) {
		p = p[:e.left+1] // one byte more tells a stream that ends here from one that goes on
	}
	n, err := e.ReadCloser.Read(p)
	if e.left -= int64(n); e.left < 0 {
		return 0, &FileError{TooLarge, fmt.Sprintf("unpacks to more than %d bytes, which is more than is unpacked of a file of its size", e.most)}
	}
	if err != nil && err != io.EOF {
		err = corrupt(err)
	}
	return n, err
}

// corrupt makes what a decompressor complains of the error of a file, unless the
// file could not be read.
func corrupt(err error) error {
	var failed *fs.PathError
	var refused *FileError
	switch {
	case errors.As(err, &failed), errors.As(err, &refused):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &FileError{Corrupt, "the file is cut off"}
	}
	return &FileError{Corrupt, "cannot be unpacked: " + err.Error()}
}
