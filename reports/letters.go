package reports

import "unicode"

// lowerFirst writes a title within a sentence: its first letter small, unless it
// begins an abbreviation.
func lowerFirst(title string) string {
	letters := []rune(title)
	if len(letters) > 1 && unicode.IsLower(letters[1]) {
		letters[0] = unicode.ToLower(letters[0])
	}
	return string(letters)
}

// upperFirst writes a phrase of the catalogue as a title.
func upperFirst(phrase string) string {
	letters := []rune(phrase)
	if len(letters) > 0 {
		letters[0] = unicode.ToUpper(letters[0])
	}
	return string(letters)
}
