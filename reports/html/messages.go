package html

import (
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"

	"tavolo/ingest/strictyaml"
)

// Messages are the texts of the pages in one language.
//
// The catalogue is a flat mapping from a key to a text, in a file for each
// subject. A text may hold {name} where a value goes. What has a plural has two keys, name.one and name.other,
// with {n} for the number.
type Messages struct {
	Lang  string
	texts map[string]string

	keys sync.Map // what Key was asked → what it gave

	mu      sync.Mutex
	missing map[string]bool
}

// LoadMessages reads the catalogue of a language: the files of its folder, one
// for each subject, no key in two of them.
func LoadMessages(lang string) (*Messages, error) {
	names, err := fs.Glob(files, "messages/"+lang+"/*.yml")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no messages in language %q", lang)
	}
	m := &Messages{Lang: lang, texts: map[string]string{}, missing: map[string]bool{}}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var some map[string]string
		if err := strictyaml.Decode(name, text, &some); err != nil {
			return nil, err
		}
		for key, text := range some {
			if _, twice := m.texts[key]; twice {
				return nil, fmt.Errorf("%s: %s stands in another file too", name, key)
			}
			m.texts[key] = text
		}
	}
	return m, nil
}

// T gives the text of a key. The arguments are pairs of a name and a value, and
// replace {name}. A key that is missing gives its own name, and Err tells of it.
func (m *Messages) T(key string, pairs ...any) string {
	text, ok := m.texts[key]
	if !ok {
		m.mu.Lock()
		m.missing[key] = true
		m.mu.Unlock()
		return key
	}
	if len(pairs) == 0 {
		return text
	}
	text = filled(text, pairs)
	if m.Lang == "it" && (strings.Contains(text, " a a") || strings.Contains(text, "08/") || strings.Contains(text, "11/")) {
		text = euphony.Replace(text)
	}
	return text
}

// filled is a text with the values of its names.
func filled(text string, pairs []any) string {
	var out strings.Builder
	out.Grow(2 * len(text))
	for {
		from := strings.IndexByte(text, '{')
		length := strings.IndexByte(text[max(from, 0):], '}')
		if from < 0 || length < 0 {
			out.WriteString(text)
			return out.String()
		}
		if value, ok := named(pairs, text[from+1:from+length]); ok {
			out.WriteString(text[:from])
			out.WriteString(value)
			text = text[from+length+1:]
		} else {
			out.WriteString(text[:from+1])
			text = text[from+1:]
		}
	}
}

// named gives the value of a name among pairs, as text.
func named(pairs []any, name string) (value string, ok bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			if text, ok := pairs[i+1].(string); ok {
				return text, true
			}
			return fmt.Sprint(pairs[i+1]), true
		}
	}
	return "", false
}

// euphony is how Italian joins a preposition to a value that begins with the same
// vowel, or with one where its article elides: "fino ad aprile", "dati fino
// all'11/03/2025", "all'8". A text and its values meet in one place only, so it is
// done there.
var euphony = func() *strings.Replacer {
	pairs := []string{" a aprile", " ad aprile", " a agosto", " ad agosto"}
	for _, day := range []string{"08/", "11/"} { // otto, undici
		for _, joined := range [][2]string{{"dal", "dall'"}, {"del", "dell'"}, {"al", "all'"}, {"il", "l'"}} {
			pairs = append(pairs, " "+joined[0]+" "+day, " "+joined[1]+day)
		}
	}
	return strings.NewReplacer(pairs...)
}()

// Plural gives the text for a number of things: that of key.one for 1, of
// key.zero for 0 where there is one, else that of key.other. {n} is the number,
// written in the language.
func (m *Messages) Plural(key string, n int, pairs ...any) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	} else if _, ok := m.texts[key+".zero"]; ok && n == 0 {
		form = ".zero"
	}
	return m.T(key+form, append([]any{"n", Integer(n, m.Lang)}, pairs...)...)
}

// Err names the keys that were asked for and do not exist.
func (m *Messages) Err() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.missing) == 0 {
		return nil
	}
	keys := make([]string, 0, len(m.missing))
	for key := range m.missing {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return errors.New("messages/" + m.Lang + ".yml: no text for " + strings.Join(keys, ", "))
}

// Key gives the key, of those that begin with a prefix, whose text this is: the
// first in order where there are several, "" where there is none.
func (m *Messages) Key(prefix, text string) string {
	asked := prefix + "\x00" + text
	if known, ok := m.keys.Load(asked); ok {
		return known.(string)
	}
	found := ""
	for key, other := range m.texts {
		if other == text && strings.HasPrefix(key, prefix) && (found == "" || key < found) {
			found = key
		}
	}
	m.keys.Store(asked, found)
	return found
}

// Keys gives the keys of the catalogue, sorted.
func (m *Messages) Keys() []string {
	keys := make([]string, 0, len(m.texts))
	for key := range m.texts {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// Integer writes a whole number in a language: 1.234 in Italian, 1,234 in English.
func Integer(n int, lang string) string {
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		digits, sign = digits[1:], "\u2212"
	}
	separator := "."
	if lang == "en" {
		separator = ","
	}
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}
