package pseudonym

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const (
	codeLength        = 16 // of a codice fiscale
	provisionalLength = 11 // of a provisional one, all digits
)

// Reason says why a text is no codice fiscale, in words that do not quote it.
// It is "" for a text that is one.
type Reason string

// The reasons.
const (
	WrongLength Reason = "it has neither 16 characters nor 11 digits"
	WrongForm   Reason = "its letters and digits are not where they must be"
	WrongDate   Reason = "its day or month of birth does not exist"
	WrongCheck  Reason = "its check character does not match"
)

// NormaliseFiscalCode is [AppendFiscalCode] into a new slice, for callers that
// do not care about the reason.
func NormaliseFiscalCode(raw []byte) (normalised []byte, ok bool) {
	normalised, reason := AppendFiscalCode(make([]byte, 0, codeLength), raw)
	return normalised, reason == ""
}

// AppendFiscalCode appends the codice fiscale in raw to dst, in capitals and
// without spaces, when it is a valid one; otherwise it gives dst as it was, and
// the reason.
//
// Valid are 16 characters with the right check character, and 11 digits with the
// right check digit (the provisional codes). Omocodia, a letter in the place of a
// digit that tells two persons apart, is accepted and never undone: the code with
// the digit belongs to the other person.
//
// Source: decreto del Ministero delle finanze, 23 December 1976, n. 13813, and
// its successors.
func AppendFiscalCode(dst, raw []byte) ([]byte, Reason) {
	var room [codeLength]byte
	code, fits := compact(room[:0], raw)
	switch {
	case fits && len(code) == codeLength:
		if reason := checkCode(code); reason != "" {
			return dst, reason
		}
	case fits && len(code) == provisionalLength:
		if reason := checkProvisional(code); reason != "" {
			return dst, reason
		}
	default:
		return dst, WrongLength
	}
	return append(dst, code...), ""
}

// compact appends raw to code in capitals and without spaces, as far as code has
// room.
func compact(code, raw []byte) (_ []byte, fits bool) {
	if len(raw) <= cap(code) && isPlain(raw) {
		return append(code, raw...), true
	}
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == ' ' || c == '\t':
			continue
		case c >= utf8.RuneSelf && bytes.HasPrefix(raw[i:], []byte("\u00a0")):
			i++ // a no-break space, as spreadsheets and web pages leave it
			continue
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		if len(code) == cap(code) {
			return code, false
		}
		code = append(code, c)
	}
	return code, true
}

// isPlain says that there is nothing to compact: capitals and digits.
func isPlain(raw []byte) bool {
	for _, c := range raw {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// shape has, for each place of a codice fiscale, A for a letter, 0 for a digit
// or the letter that replaces it, and M for the letter of a month.
const shape = "AAAAAA00M00A000A"

// omocodia has the letters that stand for 0 to 9.
const omocodia = "LMNPQRSTUV"

// digits has, for each character, the digit that it is or stands for, or -1: a
// file has a code in every row, and its free texts are searched for codes too.
var digits = digitsOf(omocodia)

func digitsOf(letters string) (table [256]int8) {
	for c := range table {
		table[c] = -1
	}
	for d := range len(letters) {
		table['0'+d], table[letters[d]] = int8(d), int8(d)
	}
	return table
}

// months has the letters of January to December.
const months = "ABCDEHLMPRST"

// oddWeights has the weights of A to Z, and of 0 to 9 as A to J, in the odd places.
var oddWeights = [26]byte{
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
}

func checkCode(code []byte) Reason {
	for place, c := range code {
		if !fitsShape(c, shape[place]) {
			return WrongForm
		}
	}
	if strings.IndexByte(months, code[8]) < 0 {
		return WrongDate
	}
	day := digit(code[9])*10 + digit(code[10])
	if day > 40 {
		day -= 40 // women are born on 41 to 71
	}
	if day < 1 || day > 31 {
		return WrongDate
	}
	sum := 0
	for place, c := range code[:codeLength-1] {
		rank := int(c - 'A')
		if c <= '9' {
			rank = int(c - '0')
		}
		if place%2 == 0 { // the first place is odd to those who count from one
			rank = int(oddWeights[rank])
		}
		sum += rank
	}
	if code[codeLength-1] != byte('A'+sum%26) {
		return WrongCheck
	}
	return ""
}

func fitsShape(c, want byte) bool {
	if want == '0' {
		return digit(c) >= 0
	}
	return c >= 'A' && c <= 'Z'
}

// digit gives the digit that c is or stands for, or -1.
func digit(c byte) int { return int(digits[c]) }

// checkProvisional checks 11 digits by Luhn's formula, as a partita IVA has it.
func checkProvisional(code []byte) Reason {
	sum, zeros := 0, 0
	for place, c := range code {
		if c < '0' || c > '9' {
			return WrongForm
		}
		d := int(c - '0')
		if d == 0 {
			zeros++
		}
		if place%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if zeros == provisionalLength {
		return WrongForm
	}
	if sum%10 != 0 {
		return WrongCheck
	}
	return ""
}
