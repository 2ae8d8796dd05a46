package pseudonym

import (
	"bufio"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"
)

const (
	masterBytes = 32 // of a master key
	keptBytes   = 20 // of the HMAC in a pseudonym: 160 bits, 32 characters without padding
	version     = "v1:"
	keyPrefix   = "tavolo-key-1:"

	// Size is the length of a pseudonym in bytes.
	Size = len(version) + keptBytes*8/5
)

var alphabet = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ErrKey is the error of a text that holds no master key.
var ErrKey = errors.New("not a master key")

// NewMaster makes a master key of 32 random bytes.
func NewMaster() ([]byte, error) {
	master := make([]byte, masterBytes)
	if _, err := rand.Read(master); err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return master, nil
}

// Text writes a master key as the text of a key file: two lines of comment and
// one with the key. [Parse] reads it.
func Text(master []byte) string {
	return "# The key of the pseudonyms. Who has it can recognise persons: mode 0600, never in the lake,\n" +
		"# never in a backup of it. Without it, new rows no longer match the old ones.\n" +
		keyPrefix + alphabet.EncodeToString(master) + "\n"
}

// Parse reads a master key from the text of a key file or of an environment
// variable. Blank lines and lines that begin with # are passed over. The error
// wraps [ErrKey] and never quotes the text.
func Parse(text string) (master []byte, err error) {
	lines := bufio.NewScanner(strings.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if master != nil {
			return nil, fmt.Errorf("line %d: %w: there is one already", number, ErrKey)
		}
		encoded, ok := strings.CutPrefix(line, keyPrefix)
		if !ok {
			return nil, fmt.Errorf("line %d: %w: it does not begin with %q", number, ErrKey, keyPrefix)
		}
		master, err = alphabet.DecodeString(strings.ToLower(encoded))
		if err != nil || len(master) != masterBytes {
			return nil, fmt.Errorf("line %d: %w: it is cut short or altered", number, ErrKey)
		}
	}
	if master == nil {
		return nil, fmt.Errorf("%w: the text is empty", ErrKey)
	}
	return master, nil
}

// Fingerprint tells a master key from any other and gives nothing of it away: it
// is derived from the key as those of the purposes are, and used for nothing else.
func Fingerprint(master []byte) string {
	const bytes = 10
	derived, err := hkdf.Key(sha256.New, master, nil, "tavolo fingerprint v1", bytes)
	if err != nil {
		panic(err) // only for a length beyond 255 hashes
	}
	return alphabet.EncodeToString(derived)
}

// Key makes the pseudonyms of one purpose. It may be used by several goroutines
// at once. Keys of different purposes give unrelated pseudonyms.
type Key struct {
	macs sync.Pool // of *mac: the key schedule is computed once each, not once a person
}

type mac struct {
	hash hash.Hash
	sum  [sha256.Size]byte
}

// Derive makes the key of a purpose from the master key, by HKDF-SHA-256
// (RFC 5869) without salt and with "tavolo pseudonym v1 " + purpose as its info.
func Derive(master []byte, purpose string) *Key {
	derived, err := hkdf.Key(sha256.New, master, nil, "tavolo pseudonym v1 "+purpose, sha256.Size)
	if err != nil {
		panic(err) // only for a length beyond 255 hashes; ours is one
	}
	k := &Key{}
	k.macs.New = func() any { return &mac{hash: hmac.New(sha256.New, derived)} }
	return k
}

// Pseudonym gives the pseudonym of a normalised identifier: "v1:" and the first
// 20 bytes of its HMAC-SHA-256 in lower-case base32.
func (k *Key) Pseudonym(normalised []byte) string {
	return string(k.Append(make([]byte, 0, Size), normalised))
}

// Append appends the pseudonym of a normalised identifier to dst. It allocates
// only where dst has no room for [Size] bytes more.
func (k *Key) Append(dst, normalised []byte) []byte {
	m := k.macs.Get().(*mac)
	m.hash.Reset()
	m.hash.Write(normalised)
	sum := m.hash.Sum(m.sum[:0])
	dst = appendBase32(append(dst, version...), sum[:keptBytes])
	clear(m.sum[:])
	k.macs.Put(m)
	return dst
}

// appendBase32 is the encoding by alphabet of whole groups of five bytes.
func appendBase32(dst, src []byte) []byte {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	for ; len(src) >= 5; src = src[5:] {
		group := uint64(src[0])<<32 | uint64(src[1])<<24 | uint64(src[2])<<16 | uint64(src[3])<<8 | uint64(src[4])
		dst = append(dst, letters[group>>35&31], letters[group>>30&31], letters[group>>25&31], letters[group>>20&31],
			letters[group>>15&31], letters[group>>10&31], letters[group>>5&31], letters[group&31])
	}
	return dst
}
