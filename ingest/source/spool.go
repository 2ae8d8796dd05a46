package source

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// spoolBytes is how much of a stream is kept in memory before a file takes over.
const spoolBytes = 16 << 20

// spool holds a stream that must be read at random, or more than once: standard
// input, or a workbook within an archive. Beyond spoolBytes it is a file, which
// has no name from the moment it is made, and holds the stream encrypted under a
// key that is only in this process: nothing of a person is ever on the disk.
type spool struct {
	memory []byte
	file   *os.File
	block  cipher.Block
	size   int64
}

// newSpool reads a stream to its end. Beyond limit bytes it gives a [*FileError].
// Folder is where a file may be made; where it is empty none is, and the stream
// must fit into memory.
func newSpool(r io.Reader, limit int64, folder string) (*spool, error) {
	s := &spool{}
	buffer := make([]byte, 256<<10)
	for {
		n, err := r.Read(buffer)
		if s.size+int64(n) > limit {
			return nil, errors.Join(&FileError{TooLarge, fmt.Sprintf("is larger than %d bytes", limit)}, s.Close())
		}
		if werr := s.write(buffer[:n], folder); werr != nil {
			return nil, errors.Join(werr, s.Close())
		}
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
}

func (s *spool) write(p []byte, folder string) error {
	if s.file == nil && len(s.memory)+len(p) <= spoolBytes {
		s.memory = append(s.memory, p...)
		s.size += int64(len(p))
		return nil
	}
	if s.file == nil {
		if folder == "" {
			return &FileError{TooLarge, fmt.Sprintf("is larger than the %d bytes that are held in memory", spoolBytes)}
		}
		memory := s.memory
		s.memory, s.size = nil, 0
		if err := s.begin(folder); err != nil {
			return err
		}
		if err := s.write(memory, folder); err != nil {
			return err
		}
	}
	s.crypt(s.size).XORKeyStream(p, p)
	_, err := s.file.Write(p)
	s.size += int64(len(p))
	return err
}

// begin makes the file, for the owner alone, and takes its name away.
func (s *spool) begin(folder string) error {
	var key [32]byte
	if _, err := rand.Read(key[:]); err != nil {
		return err
	}
	var err error
	if s.block, err = aes.NewCipher(key[:]); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if s.file, err = os.CreateTemp(folder, "spool-*"); err != nil { // mode 0600
		return err
	}
	return os.Remove(s.file.Name())
}

// crypt gives the key stream from an offset on. The key is never used twice, so
// the counter can begin at 0.
func (s *spool) crypt(offset int64) cipher.Stream {
	var counter [aes.BlockSize]byte
	binary.BigEndian.PutUint64(counter[8:], uint64(offset/aes.BlockSize))
	stream := cipher.NewCTR(s.block, counter[:])
	var skipped [aes.BlockSize]byte
	stream.XORKeyStream(skipped[:offset%aes.BlockSize], skipped[:offset%aes.BlockSize])
	return stream
}

// ReadAt implements [io.ReaderAt].
func (s *spool) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 { // which an archive can ask for that says where its members are
		return 0, errors.New("an offset below 0")
	}
	if s.file == nil {
		if offset >= int64(len(s.memory)) {
			return 0, io.EOF
		}
		n := copy(p, s.memory[offset:])
		if n < len(p) {
			return n, io.EOF
		}
		return n, nil
	}
	n, err := s.file.ReadAt(p, offset)
	s.crypt(offset).XORKeyStream(p[:n], p[:n])
	return n, err
}

// Close gives back the room.
func (s *spool) Close() error {
	s.memory = nil
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
