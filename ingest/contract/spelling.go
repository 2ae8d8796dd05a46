package contract

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"time"
)

const (
	maxSpellings = 1024 // bounds the memory that the spellings of one column take
	maxDays      = 4096 // bounds the same of one spelling that stands for a reference
)

// spellings remembers what was found out about the texts of one column, because
// a file has few different codes and many rows. Asking for a text that was there
// before allocates nothing.
type spellings struct {
	recent [1024]*spelling // by hash: most texts are found here, without a map
	known  map[string]*spelling
}

// spelling is a text as a file has it, and what it stands for.
type spelling struct {
	raw   string
	text  []byte // after the mapping's translation
	value Value  // of an enumeration or a boolean

	// Of a reference: the code on each day, from the first day that is known.
	first int64
	days  []int32 // place in the dictionary, plus one; 0: not asked yet; noCode: there is none
	any   int32   // the same on no day in particular
}

const noCode = -1

// find gives what is known about a text, or nil.
func (s *spellings) find(raw []byte) *spelling {
	at := &s.recent[hashOf(raw)%uint64(len(s.recent))]
	if *at != nil && (*at).raw == string(raw) {
		return *at
	}
	found := s.known[string(raw)]
	if found != nil {
		*at = found
	}
	return found
}

// add remembers a text.
func (s *spellings) add(raw []byte) *spelling {
	if s.known == nil || len(s.known) >= maxSpellings {
		s.known = map[string]*spelling{}
		clear(s.recent[:])
	}
	made := &spelling{raw: string(raw)}
	s.known[made.raw] = made
	return made
}

// hashOf mixes the length, the beginning and the end of a text: enough to tell
// codes and names apart, and no promise is built on it.
func hashOf(text []byte) uint64 {
	var head, tail uint64
	switch n := len(text); {
	case n >= 8:
		head, tail = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[n-8:])
	case n >= 4:
		head, tail = uint64(binary.LittleEndian.Uint32(text)), uint64(binary.LittleEndian.Uint32(text[n-4:]))
	case n > 0:
		head, tail = uint64(text[0])|uint64(text[n/2])<<8, uint64(text[n-1])
	}
	mixed := (head ^ bits.RotateLeft64(tail, 29) ^ uint64(len(text))) * 0x9e3779b97f4a7c15
	return mixed >> 40
}

// dictionary numbers the different texts of a column in the order of their coming.
type dictionary struct {
	texts  [][]byte
	places map[string]int32
}

func (d *dictionary) place(text string) int32 {
	if place, ok := d.places[text]; ok {
		return place
	}
	if d.places == nil {
		d.places = map[string]int32{}
	}
	place := int32(len(d.texts))
	d.texts = append(d.texts, []byte(text))
	d.places[text] = place
	return place
}

// code gives the place of the code of a spelling on a day, plus one, or noCode.
func (c *cell) code(s *spelling, day int64) int32 {
	at := day - s.first
	if uint64(at) < uint64(len(s.days)) && s.days[at] != 0 {
		return s.days[at]
	}
	if day == noDay && s.any != 0 {
		return s.any
	}
	var on time.Time
	if day != noDay {
		on = time.Unix(day*secondsPerDay, 0).UTC()
	}
	place := int32(noCode)
	if code, ok := c.refs.Resolve(c.column.References, string(s.text), on); ok {
		place = c.dictionary.place(code) + 1
	}
	if day == noDay {
		s.any = place
	} else {
		*s.dayAt(day) = place
	}
	return place
}

// dayAt makes room for a day. Of days too far apart only the later are kept.
func (s *spelling) dayAt(day int64) *int32 {
	const step = 64 // days more than are asked for, so that room is made seldom
	last := s.first + int64(len(s.days))
	switch {
	case len(s.days) == 0 || max(last, day)-min(s.first, day) > maxDays:
		s.first, s.days = day-step, make([]int32, 2*step)
	case day < s.first:
		s.days = append(make([]int32, s.first-day+step), s.days...)
		s.first = day - step
	case day >= last:
		s.days = append(s.days, make([]int32, day-last+step)...)
	}
	return &s.days[day-s.first]
}

// reference finds the code of a value on the day of the row, or, where that is
// not known because the row is refused for it, on any day.
func (k *Checker) reference(c *cell, raw, text []byte, to *Value) *flaw {
	s := c.spellings.find(raw)
	if s == nil {
		s = c.spellings.add(raw)
		s.text = append(s.text, text...)
	}
	code := c.code(s, k.day)
	if code == noCode {
		return &flaw{rule: RuleReference, why: fmt.Sprintf("is no known %s", c.column.References)}
	}
	to.Code, to.Text = code-1, c.dictionary.texts[code-1]
	return nil
}
