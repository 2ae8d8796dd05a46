package pseudonym

import "bytes"

// Masked stands in the place of an identifier.
const Masked = "***"

// Mask hides the value of a field that names a person: [Masked], or "" for a
// field that is empty, so that present and absent can still be told apart.
func Mask(raw string) string {
	if raw == "" {
		return ""
	}
	return Masked
}

// MaskText replaces with [Masked] everything in a text that looks like a codice
// fiscale: 16 characters of its form, in any case, also with spaces between them
// and whatever the check character says, 11 digits on their own whose check
// digit is right, and addresses of electronic mail. It errs on the side of masking.
// Names and telephone numbers pass: nothing tells them from other words and numbers.
func MaskText(raw string) string {
	if !HoldsIdentifier([]byte(raw)) {
		return raw
	}
	return string(AppendMasked(nil, []byte(raw)))
}

// HoldsIdentifier says whether [MaskText] would change the text. It does not allocate.
func HoldsIdentifier(text []byte) bool {
	from, _ := find(text, 0)
	return from >= 0
}

// HoldsFiscalCode says whether the text holds 16 characters in the form of a
// codice fiscale. Unlike [HoldsIdentifier] it lets 11 digits pass, which in an
// identifier of a row are more often a number of protocol than a person.
func HoldsFiscalCode(text []byte) bool {
	for from := 0; from+codeLength <= len(text); from++ {
		if codeAt(text, from) > 0 {
			return true
		}
	}
	return false
}

// AppendMasked appends text to dst as [MaskText] changes it.
func AppendMasked(dst, text []byte) []byte {
	done := 0
	for {
		from, to := find(text, done)
		if from < 0 {
			return append(dst, text[done:]...)
		}
		dst = append(append(dst, text[done:from]...), Masked...)
		done = to
	}
}

// find gives the first identifier at or after start, or -1.
func find(text []byte, start int) (from, to int) {
	mail, mailEnd := findMail(text, start)
	for from = start; from+provisionalLength <= len(text) && (mail < 0 || from < mail); from++ {
		if to := codeAt(text, from); to > 0 {
			return from, to
		}
		if to := provisionalAt(text, from); to > 0 {
			return from, to
		}
	}
	for from = mail; from >= 0 && from < mailEnd; from++ { // of a code that begins in an address no half stays
		mailEnd = max(mailEnd, codeAt(text, from))
	}
	return mail, mailEnd
}

// findMail gives the first address of electronic mail at or after start, or -1: a
// name, @, and a domain whose last label is of letters.
func findMail(text []byte, start int) (from, to int) {
	for at := start; ; at++ {
		next := bytes.IndexByte(text[at:], '@')
		if next < 0 {
			return -1, -1
		}
		at += next
		for from = at; from > start && (isWordByte(text[from-1]) || bytes.IndexByte([]byte(".+_%'-"), text[from-1]) >= 0); {
			from--
		}
		if to = domainEnd(text, at+1); from < at && to > 0 {
			return from, to
		}
	}
}

// domainEnd gives the end of the domain that begins at from, or 0: the last place
// at which a label of two letters or more ends that is not the first.
func domainEnd(text []byte, from int) int {
	end, label, letters, labels := 0, from, true, 0
	for at := from; ; at++ {
		if at < len(text) && (isWordByte(text[at]) || text[at] == '-') {
			letters = letters && !isDigit(text[at]) && text[at] != '-'
			continue
		}
		if at == label {
			return end
		}
		if labels++; labels > 1 && letters && at-label >= 2 {
			end = at
		}
		if at == len(text) || text[at] != '.' {
			return end
		}
		label, letters = at+1, true
	}
}

// isWordByte says whether a byte is an ASCII letter or digit, or of another letter.
func isWordByte(c byte) bool {
	return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// codeAt gives the end of the text of the form of a codice fiscale that begins
// at from, or 0. With spaces inside it must hold a digit: ordinary words, run
// together, would too often have its form by chance.
func codeAt(text []byte, from int) int {
	place, digits, spaced := 0, false, false
	for at := from; at < len(text); at++ {
		c := text[at]
		if place > 0 && (c == ' ' || c == '\t' || c == 0xC2 || c == 0xA0) {
			spaced = true
			continue
		}
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if !fitsShape(c, shape[place]) || shape[place] == 'M' && bytes.IndexByte([]byte(months), c) < 0 {
			return 0
		}
		digits = digits || c <= '9'
		place++
		if place == codeLength {
			if spaced && !digits {
				return 0
			}
			return at + 1
		}
	}
	return 0
}

// provisionalAt gives the end of the 11 digits, no more and no fewer, that begin
// at from and have the right check digit, or 0.
func provisionalAt(text []byte, from int) int {
	to := from + provisionalLength
	if text[from] < '0' || text[from] > '9' || to > len(text) ||
		from > 0 && isDigit(text[from-1]) || to < len(text) && isDigit(text[to]) {
		return 0
	}
	if checkProvisional(text[from:to]) != "" {
		return 0
	}
	return to
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// MaskCodes is [MaskText] for the codici fiscali alone. What a program prints may
// hold any number of 11 digits, and seldom one of a person; but never what has the
// form of a codice fiscale.
func MaskCodes(text string) string {
	var made []byte
	done := 0
	for from := 0; from+codeLength <= len(text); {
		to := codeAt([]byte(text[from:min(len(text), from+4*codeLength)]), 0)
		if to == 0 {
			from++
			continue
		}
		made = append(append(made, text[done:from]...), Masked...)
		from += to
		done = from
	}
	if done == 0 {
		return text
	}
	return string(append(made, text[done:]...))
}
