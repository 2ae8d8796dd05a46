package source

import (
	"errors"
	"io"
)

const blockBytes = 256 << 10

// window is a piece of a stream that moves forward, and knows where it is.
type window struct {
	stream io.Reader
	buf    []byte
	from   int   // of what has not been taken yet, in buf
	to     int   // of what has been read, in buf
	offset int64 // of buf[from] in the stream
	line   int   // physical line of buf[from], from 1
	whole  bool  // the stream ends at buf[to]
	utf16  bool  // offset counts the bytes that the text takes in UTF-16
}

// text is what has been read and not been taken.
func (w *window) text() []byte { return w.buf[w.from:w.to] }

// more reads at least one byte more, or sets whole.
func (w *window) more() error {
	if w.from > 0 {
		copy(w.buf, w.buf[w.from:w.to])
		w.to -= w.from
		w.from = 0
	}
	if w.to+blockBytes/2 > len(w.buf) {
		grown := make([]byte, max(blockBytes, 2*len(w.buf)))
		copy(grown, w.buf[:w.to])
		w.buf = grown
	}
	for empty := 0; ; empty++ {
		n, err := w.stream.Read(w.buf[w.to:])
		w.to += n
		switch {
		case errors.Is(err, io.EOF):
			w.whole = true
			return nil
		case err != nil:
			return err
		case n > 0:
			return nil
		case empty == 100:
			return io.ErrNoProgress
		}
	}
}

// take moves past n bytes that end so many lines.
func (w *window) take(n, lines int) {
	if w.utf16 {
		w.offset += int64(utf16Bytes(w.buf[w.from : w.from+n]))
	} else {
		w.offset += int64(n)
	}
	w.from += n
	w.line += lines
}

// skipLine moves past the rest of a line of any length.
func (w *window) skipLine() error {
	for {
		end, next, ok := lineEnd(w.text(), w.whole)
		if ok {
			w.take(next, 1)
			return nil
		}
		w.take(end, 0) // a CR that may have an LF stays
		if err := w.more(); err != nil {
			return err
		}
	}
}
