package contract

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/pseudonym"
)

// maxDecimal is the largest decimal that the lake keeps, in hundredths.
const maxDecimal = 999_999_999

// value reads the value of a column that is not empty: text is raw as the
// mapping translates it. Whether it is null is left to the caller; the parts
// that the type of the column does not use keep what they had.
func (k *Checker) value(i int, c *cell, raw, text []byte, to *Value) *flaw {
	switch c.read {
	case readReference:
		return k.reference(c, raw, text, to)
	case readInteger:
		return c.integer(text, to)
	case readDecimal:
		return c.decimalNumber(text, to)
	case readBoolean:
		return c.remembered(raw, text, to, (*cell).boolean)
	case readDate:
		return k.date(i, c, text, to)
	case readTimestamp:
		return k.timestamp(i, c, text, to)
	case readEnum:
		return c.remembered(raw, text, to, (*cell).enumValue)
	case readPerson:
		return k.person(c, text, to)
	}
	return c.text(text, to)
}

// remembered reads a value that depends on nothing but its text, once.
func (c *cell) remembered(raw, text []byte, to *Value, read func(*cell, []byte, *Value) *flaw) *flaw {
	bad := read(c, text, to)
	if bad == nil {
		c.spellings.add(raw).value = Value{Code: to.Code, Int: to.Int, Text: to.Text}
	}
	return bad
}

func (c *cell) text(text []byte, to *Value) *flaw {
	if len(text) > c.maxLength && utf8.RuneCount(text) > c.maxLength {
		return &flaw{rule: RuleLength, why: fmt.Sprintf("is longer than %d characters", c.maxLength)}
	}
	if !c.column.Free {
		if pseudonym.HoldsFiscalCode(text) {
			return &flaw{rule: RuleHoldsFiscalCode, why: "holds a codice fiscale, which this column may not"}
		}
		to.Text = text
		return nil
	}
	if pseudonym.HoldsIdentifier(text) {
		c.made = pseudonym.AppendMasked(c.made[:0], text)
		text = c.made
	}
	to.Text = text
	return nil
}

func (c *cell) integer(text []byte, to *Value) *flaw {
	digits, negative := sign(text)
	if len(digits) == 0 || len(digits) > 18 {
		return &flaw{rule: RuleInteger, why: "is not a whole number"}
	}
	var n int64
	for _, b := range digits {
		if b < '0' || b > '9' {
			return &flaw{rule: RuleInteger, why: "is not a whole number"}
		}
		n = n*10 + int64(b-'0')
	}
	if negative {
		n = -n
	}
	to.Int = n
	return c.within(n, 1)
}

func (c *cell) decimalNumber(text []byte, to *Value) *flaw {
	digits, negative := sign(text)
	whole, decimals := digits, []byte(nil)
	if at := bytes.IndexByte(digits, c.decimal); at >= 0 {
		whole, decimals = digits[:at], digits[at+1:]
		if len(decimals) == 0 {
			return c.notDecimal()
		}
	}
	n, ok := hundredths(whole, decimals)
	switch {
	case len(whole) == 0 || !ok:
		return c.notDecimal()
	case len(bytes.TrimRight(decimals, "0")) > 2:
		return &flaw{rule: RuleDecimal, why: "has more than two decimals"}
	case n > maxDecimal:
		return &flaw{rule: RuleRange, why: "is too large"}
	}
	if negative {
		n = -n
	}
	to.Int = n
	return c.within(n, 100)
}

// hundredths reads the digits before and the first two after the separator; a
// number that is too large comes out above maxDecimal.
func hundredths(whole, decimals []byte) (n int64, ok bool) {
	for _, b := range whole {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = min(n*10+int64(b-'0'), maxDecimal)
	}
	for i, b := range decimals {
		if b < '0' || b > '9' {
			return 0, false
		}
		if i < 2 {
			n = n*10 + int64(b-'0')
		}
	}
	for i := len(decimals); i < 2; i++ {
		n *= 10
	}
	return n, true
}

func (c *cell) notDecimal() *flaw {
	return &flaw{rule: RuleDecimal, why: fmt.Sprintf("is not a number with %q before its decimals", c.decimal)}
}

func sign(text []byte) (digits []byte, negative bool) {
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		return text[1:], text[0] == '-'
	}
	return text, false
}

// within checks a number against the bounds of its column, which are in units.
func (c *cell) within(n, unit int64) *flaw {
	low, high := c.column.Min, c.column.Max
	if (low == nil || n >= *low*unit) && (high == nil || n <= *high*unit) {
		return nil
	}
	switch {
	case high == nil:
		return &flaw{rule: RuleRange, why: fmt.Sprintf("is below %d", *low)}
	case low == nil:
		return &flaw{rule: RuleRange, why: fmt.Sprintf("is above %d", *high)}
	}
	return &flaw{rule: RuleRange, why: fmt.Sprintf("is not from %d to %d", *low, *high)}
}

func (c *cell) boolean(text []byte, to *Value) *flaw {
	c.folded = appendFold(c.folded[:0], text)
	switch string(c.folded) {
	case "sì", "si", "s", "yes", "y", "true", "vero", "1", "x":
		to.Int = 1
		return nil
	case "no", "n", "false", "falso", "0":
		to.Int = 0
		return nil
	}
	return &flaw{rule: RuleBoolean, why: "is neither sì nor no"}
}

func (c *cell) enumValue(text []byte, to *Value) *flaw {
	place, ok := c.enum[string(text)]
	if !ok {
		c.folded = appendFold(c.folded[:0], text)
		place, ok = c.enum[string(c.folded)]
	}
	if ok {
		to.Code, to.Text = place, c.dictionary.texts[place]
		return nil
	}
	why := "is not in the list"
	if near := diagnostic.DidYouMean(c.shown(text), c.column.Values); near != "" {
		why += "; " + near
	}
	return &flaw{rule: RuleList, why: why}
}

// person gives the pseudonym of an identifier. What an opaque identifier means is
// its sender's affair, so it never meets the pseudonym of a codice fiscale.
func (k *Checker) person(c *cell, text []byte, to *Value) *flaw {
	if c.kind == Opaque {
		c.folded = append(append(c.folded[:0], "opaque:"...), text...)
	} else {
		var reason pseudonym.Reason
		c.folded, reason = pseudonym.AppendFiscalCode(c.folded[:0], text)
		if reason != "" {
			return &flaw{rule: RuleFiscalCode, why: "is not a codice fiscale: " + string(reason)}
		}
	}
	c.made = k.persons.Append(c.made[:0], c.folded)
	clear(c.folded)
	to.Text = c.made
	return nil
}
