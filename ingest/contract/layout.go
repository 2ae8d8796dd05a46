package contract

import (
	"fmt"
	"strings"

	"tavolo/ingest/diagnostic"
)

// The forms of dates and times without a declared layout.
const (
	isoDate      = "yyyy-MM-dd"
	isoTimestamp = "yyyy-MM-dd HH:mm"
)

// Layout is a form in which dates or times are written.
type Layout struct {
	text  string
	parts []part
}

// part is a word of a layout, or a literal character.
type part struct {
	meaning     meaning
	least, most int // digits of a number
	literal     byte
}

// meaning is what a word stands for.
type meaning byte

const (
	partLiteral meaning = iota
	partYear
	partShortYear
	partMonth
	partDay
	partHour
	partMinute
	partSecond
	partFractional
	partZoneOffset
)

// layoutWords are the words of a layout, the longer before those they begin with.
var layoutWords = []struct {
	word string
	part part
}{
	{"yyyy", part{meaning: partYear, least: 4, most: 4}}, {"yy", part{meaning: partShortYear, least: 2, most: 2}},
	{"MM", part{meaning: partMonth, least: 2, most: 2}}, {"M", part{meaning: partMonth, least: 1, most: 2}},
	{"dd", part{meaning: partDay, least: 2, most: 2}}, {"d", part{meaning: partDay, least: 1, most: 2}},
	{"HH", part{meaning: partHour, least: 2, most: 2}}, {"H", part{meaning: partHour, least: 1, most: 2}},
	{"mm", part{meaning: partMinute, least: 2, most: 2}}, {"ss", part{meaning: partSecond, least: 2, most: 2}},
	{"SSS", part{meaning: partFractional}}, {"Z", part{meaning: partZoneOffset}},
}

// ParseLayout reads a layout, which is made of these words and of characters
// that stand for themselves (of letters, only T):
//
//	yyyy  year               MM  month, two digits    M  month, one or two digits
//	yy    year 1969 to 2068  dd  day, two digits      d  day, one or two digits
//	HH    hour, two digits   H   hour, one or two digits
//	mm    minute             ss  second
//	SSS   fraction of a second, one to nine digits, of which six count
//	Z     offset from UTC: Z, +01:00 or +0100
func ParseLayout(text string) (*Layout, error) {
	l := &Layout{text: text}
	seen := map[byte]bool{}
	for rest := text; rest != ""; {
		p, word := part{literal: rest[0]}, ""
		for _, known := range layoutWords {
			if strings.HasPrefix(rest, known.word) {
				p, word = known.part, known.word
				break
			}
		}
		letter := rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z'
		switch {
		case word == "" && (letter && rest[0] != 'T' || rest[0] >= 0x80):
			return nil, layoutError(text, fmt.Sprintf("%q has no meaning in it", rest[:1]))
		case word != "" && seen[word[0]]:
			return nil, layoutError(text, word+" says again what is said before")
		}
		if word != "" {
			seen[word[0]] = true
		}
		l.parts = append(l.parts, p)
		rest = rest[max(1, len(word)):]
	}
	if !seen['y'] || !seen['M'] || !seen['d'] {
		return nil, layoutError(text, "it must have a year, a month and a day")
	}
	if seen['m'] && !seen['H'] || seen['s'] && !seen['m'] || seen['S'] && !seen['s'] {
		return nil, layoutError(text, "minutes need hours, seconds need minutes, and a fraction needs seconds")
	}
	return l, nil
}

func layoutError(text, why string) error {
	return &diagnostic.Error{Msg: fmt.Sprintf("layout %q: %s", text, why),
		Hint: "its words are yyyy yy MM dd HH mm ss, as in dd/MM/yyyy HH:mm"}
}

// String gives the layout as it was written.
func (l *Layout) String() string { return l.text }

// parse reads a date or time of this form, all of it.
func (l *Layout) parse(text []byte) (civil, bool) {
	var c civil
	for i := range l.parts {
		p := &l.parts[i]
		if p.meaning == partLiteral {
			if len(text) == 0 || text[0] != p.literal {
				return c, false
			}
			text = text[1:]
			continue
		}
		used := p.read(&c, text)
		if used == 0 {
			return c, false
		}
		text = text[used:]
	}
	return c, len(text) == 0 && c.exists()
}

// read reads the value of a word from the beginning of text and says how many
// bytes it took, 0 when it is not there.
func (p *part) read(c *civil, text []byte) (n int) {
	switch p.meaning {
	case partFractional:
		c.micros, n = fraction(text)
		return n
	case partZoneOffset:
		c.offset, n = offset(text)
		c.hasOffset = n > 0
		return n
	}
	value, n := number(text, p.least, p.most)
	if n == 0 {
		return 0
	}
	switch p.meaning {
	case partYear:
		c.year = value
	case partShortYear:
		c.year = 1900 + value
		if value < 69 {
			c.year = 2000 + value
		}
	case partMonth:
		c.month = value
	case partDay:
		c.day = value
	case partHour:
		c.hour = value
	case partMinute:
		c.minute = value
	case partSecond:
		c.second = value
	}
	return n
}

// number reads from least to most digits.
func number(text []byte, least, most int) (value, n int) {
	for n < most && n < len(text) && text[n] >= '0' && text[n] <= '9' {
		value = value*10 + int(text[n]-'0')
		n++
	}
	if n < least {
		return 0, 0
	}
	return value, n
}

// fraction reads a fraction of a second as microseconds.
func fraction(text []byte) (micros, n int) {
	scale := 100_000
	for n < 9 && n < len(text) && text[n] >= '0' && text[n] <= '9' {
		micros += int(text[n]-'0') * scale
		scale /= 10
		n++
	}
	return micros, n
}

// offset reads Z, +01:00, +0100 or +01, in seconds east of UTC.
func offset(text []byte) (seconds, n int) {
	if len(text) == 0 {
		return 0, 0
	}
	if text[0] == 'Z' || text[0] == 'z' {
		return 0, 1
	}
	if text[0] != '+' && text[0] != '-' {
		return 0, 0
	}
	hours, n := number(text[1:], 2, 2)
	if n == 0 || hours > 15 {
		return 0, 0
	}
	n = 3
	if n < len(text) && text[n] == ':' {
		n++
	}
	minutes, m := number(text[n:], 2, 2)
	switch {
	case m == 0 && n == 4 || minutes > 59:
		return 0, 0
	case m > 0:
		n += m
	}
	seconds = hours*3600 + minutes*60
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, n
}

// parseISO reads yyyy-MM-dd, and where hours is set, the time that must follow it:
// HH:mm, with or without seconds, fraction and offset.
func parseISO(text []byte, hours bool) (civil, bool) {
	var c civil
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return c, false
	}
	var ny, nm, nd int
	c.year, ny = number(text[:4], 4, 4)
	c.month, nm = number(text[5:7], 2, 2)
	c.day, nd = number(text[8:10], 2, 2)
	if ny == 0 || nm == 0 || nd == 0 {
		return c, false
	}
	text = text[10:]
	if !hours {
		return c, len(text) == 0 && c.exists()
	}
	if len(text) < 6 || text[0] != ' ' && text[0] != 'T' && text[0] != 't' || text[3] != ':' {
		return c, false
	}
	var nh, nmin int
	c.hour, nh = number(text[1:3], 2, 2)
	c.minute, nmin = number(text[4:6], 2, 2)
	if nh == 0 || nmin == 0 {
		return c, false
	}
	return c, parseISOTail(&c, text[6:]) && c.exists()
}

func parseISOTail(c *civil, text []byte) bool {
	if len(text) >= 3 && text[0] == ':' {
		n := 0
		if c.second, n = number(text[1:3], 2, 2); n == 0 {
			return false
		}
		text = text[3:]
		if len(text) > 1 && (text[0] == '.' || text[0] == ',') {
			if c.micros, n = fraction(text[1:]); n == 0 {
				return false
			}
			text = text[1+n:]
		}
	}
	if len(text) == 0 {
		return true
	}
	n := 0
	c.offset, n = offset(text)
	c.hasOffset = n > 0
	return n > 0 && n == len(text)
}
