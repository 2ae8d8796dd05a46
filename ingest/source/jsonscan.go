package source

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// The codes of records of JSON that cannot be read.
const (
	BadJSON      = "bad_json"      // it breaks the grammar of RFC 8259
	DuplicateKey = "duplicate_key" // an object has a key twice, and no one knows which counts
	NotAValue    = "not_a_value"   // an object or a list where one value is wanted
)

// jsonScanner reads one record of JSON and keeps the values at the paths that
// are wanted. It holds the record to the whole grammar, also where it keeps
// nothing: encoding/json lets duplicate keys and bad UTF-8 pass, and rounds
// large numbers.
type jsonScanner struct {
	limits  Limits
	decimal byte // written in the place of the point of numbers

	text    []byte
	at      int
	depth   int
	values  int // keys and elements so far
	room    []byte
	keys    [][]byte // of the objects that are open, the outermost first
	fields  [][]byte
	growing bool // paths that are not known yet are added
	path    []*jsonNode
	problem *Problem
	failed  string // the path at which the problem is
}

// scan reads text as one object. The fields, one for each column of the tree,
// are valid until the next scan and as long as text.
func (s *jsonScanner) scan(text []byte, wanted *jsonNode, columns int) ([][]byte, *Problem) {
	s.text, s.at, s.depth, s.values, s.problem, s.failed = text, 0, 0, 0, nil, ""
	s.keys, s.path = s.keys[:0], s.path[:0]
	if cap(s.room) < len(text) {
		s.room = make([]byte, 0, 2*len(text)) // never grown below, as fields point into it
	}
	s.room = s.room[:0]
	if cap(s.fields) < columns {
		s.fields = make([][]byte, columns)
	}
	s.fields = s.fields[:columns]
	clear(s.fields)
	if !isASCII(text) && !utf8.Valid(text) {
		return nil, &Problem{BadEncoding, "a byte is not utf-8, the encoding of JSON"}
	}
	s.space()
	if s.peek() != '{' {
		return nil, &Problem{BadJSON, "is not a JSON object"}
	}
	if !s.object(wanted) {
		return nil, s.problem
	}
	if s.space(); s.at < len(s.text) {
		s.fail(BadJSON, "text follows the end of the object")
		return nil, s.problem
	}
	return s.fields, nil
}

// fail notes a problem at the present place; it is always false.
func (s *jsonScanner) fail(code, what string) bool {
	if s.problem == nil {
		s.problem = &Problem{code, fmt.Sprintf("%s, at its byte %d", what, s.at+1)}
		s.failed = pathOf(s.path)
	}
	return false
}

func (s *jsonScanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *jsonScanner) space() {
	for s.at < len(s.text) && isJSONSpace(s.text[s.at]) {
		s.at++
	}
}

func isJSONSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == '\t' }

// value reads any value. Node is nil where nothing below it is wanted.
func (s *jsonScanner) value(node *jsonNode) bool {
	s.space()
	switch b := s.peek(); {
	case b == '{':
		return s.container(node, s.object)
	case b == '[':
		return s.container(node, s.array)
	case b == '"':
		text, ok := s.word()
		return ok && s.keep(node, text)
	case b == '-' || b >= '0' && b <= '9':
		text, ok := s.number()
		return ok && s.keep(node, text)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(s.text[s.at:], []byte(word)) {
			text := s.text[s.at : s.at+len(word)]
			s.at += len(word)
			if word == "null" {
				return s.keepNull(node)
			}
			return s.keep(node, text)
		}
	}
	return s.fail(BadJSON, "no value where one belongs")
}

// container reads an object or a list; where a value is wanted, it must be empty.
func (s *jsonScanner) container(node *jsonNode, read func(*jsonNode) bool) bool {
	before := s.values
	if !read(node) {
		return false
	}
	if node != nil && node.field >= 0 && s.values > before && !s.growing {
		return s.fail(NotAValue, "an object or a list where one value is wanted")
	}
	return true
}

func (s *jsonScanner) enter() bool {
	s.at++
	if s.depth++; s.depth > s.limits.Depth {
		return s.fail(NestedTooDeep, fmt.Sprintf("more than %d objects or lists in each other", s.limits.Depth))
	}
	return true
}

func (s *jsonScanner) count() bool {
	if s.values++; s.values > s.limits.Columns {
		return s.fail(TooManyColumns, fmt.Sprintf("more than %d values", s.limits.Columns))
	}
	return true
}

func (s *jsonScanner) object(node *jsonNode) bool {
	if !s.enter() {
		return false
	}
	keys := keySet{from: len(s.keys)}
	if s.space(); s.peek() == '}' {
		s.at++
		s.depth--
		return true
	}
	for {
		if s.space(); s.peek() != '"' {
			return s.fail(BadJSON, "no key where one belongs")
		}
		key, ok := s.word()
		if !ok || !s.count() {
			return false
		}
		if s.keys, ok = keys.add(s.keys, key); !ok {
			return s.fail(DuplicateKey, "a key comes twice in one object")
		}
		if s.space(); s.peek() != ':' {
			return s.fail(BadJSON, "no colon after a key")
		}
		s.at++
		if !s.below(node.key(key, s.growing)) {
			return false
		}
		if done, ok := s.next('}'); !ok || done {
			s.keys = s.keys[:keys.from]
			return ok
		}
	}
}

func (s *jsonScanner) array(node *jsonNode) bool {
	if !s.enter() {
		return false
	}
	if s.space(); s.peek() == ']' {
		s.at++
		s.depth--
		return true
	}
	for n := 0; ; n++ {
		if !s.count() || !s.below(node.item(n, s.growing)) {
			return false
		}
		if done, ok := s.next(']'); !ok || done {
			return ok
		}
	}
}

// below reads a value of an object or a list.
func (s *jsonScanner) below(node *jsonNode) bool {
	s.path = append(s.path, node)
	if !s.value(node) {
		return false
	}
	s.path = s.path[:len(s.path)-1]
	return true
}

// next reads what follows a value: a comma, or the end of what it is in.
func (s *jsonScanner) next(end byte) (done, ok bool) {
	s.space()
	switch s.peek() {
	case ',':
		s.at++
		return false, true
	case end:
		s.at++
		s.depth--
		return true, true
	}
	return false, s.fail(BadJSON, "neither a comma nor an end after a value")
}

func (s *jsonScanner) keep(node *jsonNode, text []byte) bool {
	if node == nil {
		return true
	}
	node.scalar = node.scalar || s.growing
	if node.field >= 0 && !s.growing {
		s.fields[node.field] = text
	}
	return true
}

func (s *jsonScanner) keepNull(node *jsonNode) bool {
	if node != nil && s.growing {
		node.null = true
	}
	return true
}

// number reads a number and gives its text, exactly as it is but for the point.
func (s *jsonScanner) number() ([]byte, bool) {
	from, point := s.at, -1
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return nil, s.fail(BadJSON, "a number without digits")
	}
	if s.peek() == '.' {
		point = s.at - from
		s.at++
		if !s.digits() {
			return nil, s.fail(BadJSON, "a number without digits after its point")
		}
	}
	if b := s.peek(); b == 'e' || b == 'E' {
		s.at++
		if b := s.peek(); b == '+' || b == '-' {
			s.at++
		}
		if !s.digits() {
			return nil, s.fail(BadJSON, "a number without digits in its exponent")
		}
	}
	text := s.text[from:s.at]
	if point < 0 || s.decimal == '.' {
		return text, true
	}
	start := len(s.room)
	s.room = append(s.room, text...)
	s.room[start+point] = s.decimal
	return s.room[start:len(s.room):len(s.room)], true
}

func (s *jsonScanner) digits() bool {
	from := s.at
	for b := s.peek(); b >= '0' && b <= '9'; b = s.peek() {
		s.at++
	}
	return s.at > from
}

// word reads a string and gives what it means.
func (s *jsonScanner) word() ([]byte, bool) {
	s.at++
	from := s.at
	for s.at < len(s.text) {
		switch b := s.text[s.at]; {
		case b == '"':
			s.at++
			return s.text[from : s.at-1], true
		case b == '\\':
			return s.escaped(from)
		case b < ' ':
			return nil, s.control(b)
		}
		s.at++
	}
	return nil, s.fail(BadJSON, "a text that is not closed")
}

func (s *jsonScanner) control(b byte) bool {
	if b == 0 {
		return s.fail(NulByte, "a byte 0 in a text")
	}
	return s.fail(BadJSON, "a control character in a text, which JSON escapes")
}

// escaped is word for a string that has escapes, the first of them here.
func (s *jsonScanner) escaped(from int) ([]byte, bool) {
	start := len(s.room)
	s.room = append(s.room, s.text[from:s.at]...)
	for s.at < len(s.text) {
		switch b := s.text[s.at]; {
		case b == '"':
			s.at++
			return s.room[start:len(s.room):len(s.room)], true
		case b == '\\':
			if !s.escape() {
				return nil, false
			}
		case b < ' ':
			return nil, s.control(b)
		default:
			s.room = append(s.room, b)
			s.at++
		}
	}
	return nil, s.fail(BadJSON, "a text that is not closed")
}

func (s *jsonScanner) escape() bool {
	s.at++
	b := s.peek()
	if b == 'u' {
		return s.escapedRune()
	}
	at := bytes.IndexByte([]byte(`"\/bfnrt`), b)
	if b == 0 || at < 0 {
		return s.fail(BadJSON, "an escape that JSON does not have")
	}
	s.room = append(s.room, "\"\\/\b\f\n\r\t"[at])
	s.at++
	return true
}

func (s *jsonScanner) escapedRune() bool {
	r, ok := s.hex()
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) {
		low := rune(-1)
		if bytes.HasPrefix(s.text[s.at:], []byte(`\u`)) {
			s.at++
			if low, ok = s.hex(); !ok {
				return false
			}
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return s.fail(BadEncoding, "half of a surrogate pair")
		}
	}
	if r == 0 {
		return s.fail(NulByte, "a character 0 in a text")
	}
	s.room = utf8.AppendRune(s.room, r)
	return true
}

// hex reads the u of an escape and its four digits.
func (s *jsonScanner) hex() (rune, bool) {
	var r rune
	if s.at+5 > len(s.text) {
		return 0, s.fail(BadJSON, "an escape without its four digits")
	}
	for _, b := range s.text[s.at+1 : s.at+5] {
		switch lower := b | 0x20; {
		case b >= '0' && b <= '9':
			r = r<<4 | rune(b-'0')
		case lower >= 'a' && lower <= 'f':
			r = r<<4 | rune(lower-'a'+10)
		default:
			return 0, s.fail(BadJSON, "an escape without its four digits")
		}
	}
	s.at += 5
	return r, true
}

// keySet tells a key of an object that it had before. Few keys are compared one
// by one; many, which only a hostile file has, are looked up.
type keySet struct {
	from int // of this object's keys in the scanner's
	many map[string]bool
}

func (k *keySet) add(keys [][]byte, key []byte) ([][]byte, bool) {
	own := keys[k.from:]
	if len(own) < 32 {
		for _, other := range own {
			if bytes.Equal(other, key) {
				return keys, false
			}
		}
		return append(keys, key), true
	}
	if k.many == nil {
		k.many = make(map[string]bool, 2*len(own))
		for _, other := range own {
			k.many[string(other)] = true
		}
	}
	if k.many[string(key)] {
		return keys, false
	}
	k.many[string(key)] = true
	return append(keys, key), true
}
