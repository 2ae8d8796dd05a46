package source

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"

	"tavolo/ingest/diagnostic"
)

// Options say how files are opened. The zero value works.
type Options struct {
	Limits Limits
	// Temp is a folder for what must be read at random and is too large for
	// memory: standard input, a workbook in an archive. It is there encrypted and
	// without a name. Where it is empty such a file is refused.
	Temp string
	// Told gives the name of a file or of a member as messages have it: whoever
	// named it may have named it after a person. Nil: as it is.
	Told func(name string) string
}

func (o *Options) told(name string) string {
	if o.Told == nil {
		return name
	}
	return o.Told(name)
}

// File is a source file, whatever it is wrapped in.
type File struct {
	name    string
	at      counting
	size    int64
	closer  io.Closer
	options Options
	parts   []*Part
}

// Part is what one reader reads: a file itself, with or without compression, or
// one member of an archive.
type Part struct {
	file     *File
	member   string
	wrapping wrapping
	zip      *zip.File // of a member, or nil
}

// OpenFile opens a file and finds its parts. The errors are those of [Open].
func OpenFile(name string, o Options) (*File, error) {
	// Without O_NONBLOCK opening a pipe would wait for someone who writes to it.
	file, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	name = o.told(name)
	if err != nil {
		return nil, openError(name, err)
	}
	stat, err := file.Stat()
	switch {
	case err != nil:
		err = openError(name, err)
	case stat.IsDir():
		err = refuse(name, NotRegular, "is a directory, not a file", "name the files in it with a pattern, as in "+name+"/*.csv")
	case !stat.Mode().IsRegular():
		err = refuse(name, NotRegular, "is a device or a pipe, not a file", `"-" reads standard input`)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return newFile(name, file, stat.Size(), file, o)
}

// OpenStream is [OpenFile] for what can be read only once, such as standard
// input: it is read to its end first.
func OpenStream(name string, r io.Reader, o Options) (*File, error) {
	o.Limits = o.Limits.OrDefaults()
	spooled, err := newSpool(r, o.Limits.ExpandedBytes, o.Temp)
	if err != nil {
		return nil, openError(name, err)
	}
	return newFile(name, spooled, spooled.size, spooled, o)
}

func newFile(name string, at io.ReaderAt, size int64, closer io.Closer, o Options) (*File, error) {
	o.Limits = o.Limits.OrDefaults()
	f := &File{name: name, at: counting{at: at}, size: size, closer: closer, options: o}
	if err := f.findParts(); err != nil {
		closer.Close()
		return nil, openError(name, err)
	}
	return f, nil
}

func (f *File) findParts() error {
	head := make([]byte, 4)
	n, err := f.at.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	part := &Part{file: f, wrapping: wrappingOf(head[:n])}
	f.parts = []*Part{part}
	if part.wrapping != zipped {
		return nil
	}
	z, err := archive(&f.at, f.size)
	if err != nil {
		return err
	}
	if isWorkbook(z) {
		part.wrapping = bare
		return nil
	}
	found, err := members(z, f.size, f.options.Limits)
	if err != nil {
		return err
	}
	f.parts = nil
	for _, member := range found {
		f.parts = append(f.parts, &Part{file: f, member: member.Name, wrapping: zipped, zip: member})
	}
	return nil
}

// Parts gives what is in the file: itself, or the files of an archive in their
// order. There is always one.
func (f *File) Parts() []*Part { return f.parts }

// Size is the size of the file as it is, in bytes.
func (f *File) Size() int64 { return f.size }

// Consumed is how many bytes of the file have been read, for those who wait.
func (f *File) Consumed() int64 { return f.at.read.Load() }

// Close gives back the file. Its readers cannot be used any more.
func (f *File) Close() error { return f.closer.Close() }

// counting counts the bytes that are read.
type counting struct {
	at   io.ReaderAt
	read atomic.Int64
}

func (c *counting) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.at.ReadAt(p, offset)
	c.read.Add(int64(n))
	return n, err
}

// Member is the name of the part within its archive, as it is told, or "" where
// the file is one part.
func (p *Part) Member() string {
	if len(p.file.parts) == 1 {
		return ""
	}
	return p.file.options.told(p.member)
}

// Name is the name of the part in messages: of a member, archive.zip!member.
func (p *Part) Name() string {
	if member := p.Member(); member != "" {
		return p.file.name + "!" + member
	}
	return p.file.name
}

// Hash gives the SHA-256 of the part's bytes, in hexadecimal: of what was
// compressed, not of how. So a file is the same file however it came.
func (p *Part) Hash(ctx context.Context) (string, error) {
	stream, err := p.stream()
	if err != nil {
		return "", openError(p.Name(), err)
	}
	defer stream.Close()
	hash := sha256.New()
	buffer := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := stream.Read(buffer)
		hash.Write(buffer[:n])
		if err == io.EOF {
			return hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return "", openError(p.Name(), err)
		}
	}
}

// stream opens the part's bytes, unpacked.
func (p *Part) stream() (io.ReadCloser, error) {
	if p.zip != nil {
		return openMember(p.zip, p.file.size, p.file.options.Limits)
	}
	section := io.NewSectionReader(&p.file.at, 0, p.file.size)
	if p.wrapping == bare {
		return io.NopCloser(section), nil
	}
	stream, err := unwrap(bufio.NewReaderSize(section, blockBytes), p.wrapping)
	if err != nil {
		return nil, corrupt(err)
	}
	most := p.file.options.Limits.grown(p.file.size)
	return &expanding{stream, most, most}, nil
}

// random gives the part for reading at random.
func (p *Part) random() (io.ReaderAt, int64, io.Closer, error) {
	if p.wrapping == bare {
		return &p.file.at, p.file.size, io.NopCloser(nil), nil
	}
	stream, err := p.stream()
	if err != nil {
		return nil, 0, nil, err
	}
	defer stream.Close()
	spooled, err := newSpool(stream, p.file.options.Limits.ExpandedBytes, p.file.options.Temp)
	if err != nil {
		return nil, 0, nil, err
	}
	return spooled, spooled.size, spooled, nil
}

// Open opens the part for reading. What f leaves empty is detected.
func (p *Part) Open(f Format) (Reader, error) { return p.open(f, io.NopCloser(nil)) }

// open opens the part; the reader closes owner with itself.
func (p *Part) open(f Format, owner io.Closer) (Reader, error) {
	name := p.Name()
	if err := f.Validate(); err != nil {
		return nil, &diagnostic.Error{File: name, Err: err}
	}
	stream, err := p.stream()
	if err != nil {
		return nil, openError(name, err)
	}
	head := bufio.NewReader(stream)
	kind, err := kindOf(head, f)
	if err == nil && (kind == typeXLSX || kind == typeParquet) {
		stream.Close()
		return p.openRandom(f, kind, owner)
	}
	var r Reader
	if err == nil {
		r, err = newTextReader(name, &readCloser{head, closers{stream, owner}}, f, kind, p.file.options.Limits)
	}
	if err != nil {
		stream.Close()
		return nil, openError(name, err)
	}
	return r, nil
}

func (p *Part) openRandom(f Format, kind string, owner io.Closer) (Reader, error) {
	at, size, closer, err := p.random()
	if err != nil {
		return nil, openError(p.Name(), err)
	}
	open := newXLSX
	if kind == typeParquet {
		open = newParquet
	}
	r, err := open(p.Name(), at, size, closers{closer, owner}, f, p.file.options.Limits)
	if err != nil {
		closer.Close()
		return nil, openError(p.Name(), err)
	}
	return r, nil
}

// newTextReader opens what is read as a stream.
func newTextReader(name string, stream io.Reader, f Format, kind string, limits Limits) (Reader, error) {
	// An interface that holds a nil pointer is not nil, so each is looked at on its own.
	switch kind {
	case typeNDJSON:
		r, err := newNDJSON(name, stream, f, limits)
		if err != nil {
			return nil, err
		}
		return r, nil
	case typeJSON:
		r, err := newJSONArray(name, stream, f, limits)
		if err != nil {
			return nil, err
		}
		return r, nil
	}
	r, err := newCSV(name, stream, f, limits)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// readCloser is a buffered stream that can be closed.
type readCloser struct {
	*bufio.Reader
	io.Closer
}

// closers close together, in their order.
type closers []io.Closer

func (c closers) Close() error {
	var errs []error
	for _, one := range c {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// kindOf tells the type of a stream by how it begins, or takes that of the format.
func kindOf(head *bufio.Reader, f Format) (string, error) {
	start, err := head.Peek(512)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return "", err
	}
	kind := f.Type
	switch {
	case bytes.HasPrefix(start, []byte("PAR1")):
		kind = typeParquet
	case wrappingOf(start) == zipped:
		kind = typeXLSX // or an archive in an archive, which it will be told from
	case wrappingOf(start) != bare:
		return "", &FileError{NestedArchive, "is packed twice"}
	case kind == "", kind == typeCSV: // no table of text begins as JSON does
		kind = jsonKind(start)
	}
	if f.Type != "" && f.Type != kind {
		return "", &FileError{UnknownFormat, fmt.Sprintf("is %s, not %s as its format says", kind, f.Type)}
	}
	if (kind == typeXLSX || kind == typeParquet) && wrappingOf(start) != zipped && !bytes.HasPrefix(start, []byte("PAR1")) {
		return "", &FileError{UnknownFormat, "is not " + kind + ", as its format says"}
	}
	return kind, nil
}

// jsonKind tells JSON from delimited text: a list of objects, or an object whose
// first key is in quotes.
func jsonKind(start []byte) string {
	start = bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \r\n\t")
	if len(start) == 0 {
		return typeCSV
	}
	after := bytes.TrimLeft(start[1:], " \r\n\t")
	switch {
	case start[0] == '[' && (len(after) == 0 || after[0] == '{' || after[0] == ']'):
		return typeJSON
	case start[0] == '{' && (len(after) == 0 || after[0] == '"' || after[0] == '}'):
		return typeNDJSON
	}
	return typeCSV
}

// Open opens a source file of one part for reading. What f leaves empty is
// detected. A file with a header and nothing else has no records, which is no
// error. Every error is a [*diagnostic.Error]: the file is missing, unreadable,
// a directory, empty, or not in a format that can be read; [Code] gives the code
// of those that are about what the file is.
func Open(path string, f Format) (Reader, error) { return OpenWithin(path, f, Limits{}) }

// OpenWithin is [Open] with other limits.
func OpenWithin(path string, f Format, limits Limits) (Reader, error) {
	file, err := OpenFile(path, Options{Limits: limits})
	if err != nil {
		return nil, err
	}
	return file.only(f)
}

// New reads the records of an open stream, for which name stands in messages.
// Closing the reader closes the stream if it can be closed.
func New(name string, stream io.Reader, f Format, limits Limits) (Reader, error) {
	if err := f.Validate(); err != nil {
		return nil, &diagnostic.Error{File: name, Err: err}
	}
	head := bufio.NewReader(stream)
	start, _ := head.Peek(512)
	if kind, err := kindOf(head, f); err == nil && wrappingOf(start) == bare && kind != typeParquet {
		closer, ok := stream.(io.Closer)
		if !ok {
			closer = io.NopCloser(nil)
		}
		return newTextReader(name, &readCloser{head, closer}, f, kind, limits.OrDefaults())
	}
	file, err := OpenStream(name, head, Options{Limits: limits})
	if err != nil {
		return nil, err
	}
	return file.only(f)
}

// only opens the one part of a file, whose reader closes it.
func (f *File) only(format Format) (Reader, error) {
	if len(f.parts) > 1 {
		f.Close()
		return nil, refuse(f.name, SeveralMembers, fmt.Sprintf("is an archive of %d files, and one is wanted", len(f.parts)), "unpack it")
	}
	r, err := f.parts[0].open(format, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}
