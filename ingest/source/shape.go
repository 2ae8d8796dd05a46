package source

import (
	"bytes"
	"unicode/utf8"
)

// shape is what a value looks like, whatever it means.
type shape byte

const (
	shapeNone   shape = iota // empty
	shapeNumber              // 12, -1.234,50, 12 %, $74.69
	shapeMoment              // 28/01/2018, 10:30, 2024-03-01T10:00:00Z
	shapeCode                // letters and digits: MG-8769, RSSMRA85T10A562S
	shapeWords               // letters, no digit
	shapeOther               // anything else
)

// shapeOf looks at a value.
func shapeOf(value []byte) shape {
	value = bytes.TrimSpace(value)
	if len(value) == 0 {
		return shapeNone
	}
	digits, letters, cuts, odd := 0, 0, 0, 0
	for i, b := range value {
		switch {
		case b >= '0' && b <= '9':
			digits++
		case b|0x20 >= 'a' && b|0x20 <= 'z' || b >= utf8.RuneSelf:
			letters++
		case b == '/' || b == ':' || b == '-' && i > 0:
			cuts++
		case bytes.IndexByte([]byte(".,'+-%$() "), b) < 0:
			odd++
		}
	}
	switch {
	case digits > 0 && letters == 0 && cuts > 0 && odd == 0,
		digits >= 8 && letters <= 2 && cuts >= 2 && odd == 0:
		return shapeMoment
	case digits > 0 && letters == 0 && odd == 0:
		return shapeNumber
	case digits > 0 && letters > 0:
		return shapeCode
	case letters > 0:
		return shapeWords
	}
	return shapeOther
}

// longestPattern bounds the values of which the pattern is compared.
const longestPattern = 24

// patternOf gives a short value with each run of digits as 9, of capitals as A,
// of other letters as a: the way of writing of a code. "" for a long value.
func patternOf(value []byte) string {
	value = bytes.TrimSpace(value)
	if len(value) > longestPattern {
		return ""
	}
	var pattern []byte
	for _, b := range value {
		switch {
		case b >= '0' && b <= '9':
			b = '9'
		case b >= 'A' && b <= 'Z':
			b = 'A'
		case b >= 'a' && b <= 'z' || b >= utf8.RuneSelf:
			b = 'a'
		}
		if len(pattern) == 0 || pattern[len(pattern)-1] != b {
			pattern = append(pattern, b)
		}
	}
	return string(pattern)
}

// column is what the values of a column of a sample have in common.
type column struct {
	shape   shape          // of at least four fifths of them; shapeOther: they differ
	pattern string         // the same for their pattern; "" when it differs
	values  map[string]int // how often each occurs
	filled  int            // values that are not empty
}

// columnsOf describes the columns of rows of one width.
func columnsOf(rows []row, width int) []column {
	columns := make([]column, width)
	for i := range columns {
		c := &columns[i]
		c.values = map[string]int{}
		var shapes [shapeOther + 1]int
		patterns := map[string]int{}
		for _, r := range rows {
			value := bytes.TrimSpace(r.fields[i])
			if len(value) == 0 {
				continue
			}
			c.filled++
			c.values[string(value)]++
			shapes[shapeOf(value)]++
			patterns[patternOf(value)]++
		}
		c.shape = shapeOther
		for s, n := range shapes {
			if n > 0 && n*5 >= c.filled*4 {
				c.shape = shape(s)
			}
		}
		for p, n := range patterns {
			if n*5 >= c.filled*4 {
				c.pattern = p
			}
		}
	}
	return columns
}

// typed says whether the values of the column look like no name.
func (c *column) typed() bool {
	return c.filled > 0 && (c.shape == shapeNumber || c.shape == shapeMoment)
}

// categorical says whether the column repeats few values.
func (c *column) categorical() bool {
	return c.filled >= 8 && len(c.values)*4 <= c.filled
}

// vote says whether a value stands over the column (more than 0) or in it (less than 0).
func (c *column) vote(value []byte) int {
	value = bytes.TrimSpace(value)
	if len(value) == 0 || c.filled == 0 {
		return 0
	}
	switch s := shapeOf(value); {
	case c.typed() && s == shapeWords:
		return 2
	case c.typed() && s == c.shape:
		return -2
	case c.shape == shapeCode && s == shapeWords:
		return 1
	case c.shape == shapeCode && s == shapeCode && c.pattern != "" && patternOf(value) == c.pattern:
		return -1
	case c.categorical() && c.values[string(value)] > 0:
		return -1
	}
	return 0
}
