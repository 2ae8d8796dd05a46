package reference

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kinds of things that a source may name, for Resolve.
const (
	KindProvince  = "province"
	KindRegion    = "region"
	KindTerritory = "territory"
	KindPatronato = "patronato"
	KindService   = "service"
	KindOffice    = "office"
	KindMeasure   = "measure"
)

// meaning is a code that a name stands for during some days.
type meaning struct {
	code  string
	valid period
	alias bool // given by a table of aliases, not by the thing's own row
}

// resolver finds the meanings of a folded name.
type resolver map[string][]meaning

// Resolve gives the one code that raw stands for on a day. Kind is one of the
// constants; any other kind resolves nothing. The zero day means any.
//
// Raw may be the code, the code without its leading zeros ("58" for "058"),
// the sigla, the name or an alias; case, accents, apostrophes, blanks and
// punctuation do not count. For a service it may be a code of the vocabulary
// of INPS, which resolves to its family. For an office any four digits pass
// while the table of offices is empty.
//
// As a territory, a name that a region shares with its only province (Valle
// d'Aosta) is the region, and digits are taken as they stand before zeros are
// added: "07" is Liguria, "007" Aosta, "58" Roma, and "7", which could be
// either, is nothing.
//
// It allocates nothing for names of ordinary length.
func (t *Tables) Resolve(kind, raw string, on time.Time) (code string, ok bool) {
	index, ok := t.index[kind]
	if !ok {
		return "", false
	}
	var buffer [96]byte
	folded := Fold(buffer[:0], raw)
	for _, meaning := range index[string(folded)] {
		if meaning.valid.holds(on) {
			return meaning.code, true
		}
	}
	if kind == KindOffice && len(t.offices) == 0 {
		return fourDigits(raw)
	}
	return "", false
}

func fourDigits(raw string) (string, bool) {
	raw = strings.TrimSpace(raw)
	if len(raw) != 4 || strings.Trim(raw, "0123456789") != "" {
		return "", false
	}
	return raw, true
}

// Fold appends to dst what counts of a name when names are compared: its
// letters without accents and in upper case, its digits, and nothing else.
// Letters outside the Latin-1 range are kept as they are, in upper case.
func Fold(dst []byte, name string) []byte {
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= c && c <= 'z':
				dst = append(dst, c-'a'+'A')
			case 'A' <= c && c <= 'Z' || '0' <= c && c <= '9':
				dst = append(dst, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(name[i:])
		i += size
		if r >= 0xC0 && r <= 0xFF {
			dst = append(dst, latin1[r-0xC0]...)
		} else if unicode.IsLetter(r) {
			dst = utf8.AppendRune(dst, unicode.ToUpper(r))
		}
	}
	return dst
}

// latin1 are the letters À (U+00C0) to ÿ (U+00FF) without their accents.
var latin1 = strings.Fields("A A A A A A AE C E E E E I I I I D N O O O O O X O U U U U Y TH SS " +
	"A A A A A A AE C E E E E I I I I D N O O O O O X O U U U U Y TH Y")

// names collects the meanings of one kind.
type names struct {
	resolver resolver
	errs     []error
}

// add gives code a name. A name of a table of aliases that already means
// another code on the same days is an error; otherwise the first meaning wins.
func (n *names) add(s *sheet, row int, column, code string, valid period) {
	n.put(string(Fold(nil, s.get(row, column))), s, row, column, code, valid)
}

func (n *names) put(key string, s *sheet, row int, column, code string, valid period) {
	if key == "" {
		return
	}
	alias := column == "alias"
	for _, other := range n.resolver[key] {
		if other.code != code && alias && other.alias && other.valid.overlaps(valid) {
			n.errs = append(n.errs, s.complain(row, column, "alias %q already stands for %q", s.get(row, column), other.code))
		}
	}
	n.resolver[key] = append(n.resolver[key], meaning{code, valid, alias})
}
