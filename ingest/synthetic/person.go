package synthetic

import "strconv"

// The alphabet of surnames and names, which a codice fiscale writes in
// consonants first.
const consonants = "BCDFGHLMNPRSTVZ"

// monthLetters are those of January to December in a codice fiscale.
const monthLetters = "ABCDEHLMPRST"

// oddValues are the values of A to Z in the odd places of a codice fiscale, and
// of 0 to 9 as of A to J (D.M. 23 December 1976, n. 13813).
var oddValues = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}

// fiscalCode invents the codice fiscale of the n-th person of a province: the
// form and the check character are right, and the place of birth begins with Y,
// which no place does. The same person has the same code in every log.
func fiscalCode(seed uint64, province string, n int) string {
	x := mix(seed ^ mix(uint64(n)+uint64(len(province))<<40))
	for _, digit := range province {
		x = mix(x ^ uint64(digit))
	}
	draw := func(below int) int {
		x = mix(x)
		return int(x >> 11 % uint64(below))
	}
	code := make([]byte, 0, 16)
	for range 6 {
		code = append(code, consonants[draw(len(consonants))])
	}
	code = twoDigits(code, draw(100))
	code = append(code, monthLetters[draw(12)])
	code = twoDigits(code, 1+draw(28)+40*draw(2))
	code = append(code, 'Y')
	code = strconv.AppendInt(code, int64(100+draw(900)), 10)
	return string(append(code, checkCharacter(code)))
}

func twoDigits(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// checkCharacter gives the sixteenth character for the fifteen before it.
func checkCharacter(code []byte) byte {
	sum := 0
	for i, c := range code {
		value := int(c - 'A')
		if c <= '9' {
			value = int(c - '0')
		}
		if i%2 == 0 {
			value = oddValues[value]
		}
		sum += value
	}
	return byte('A' + sum%26)
}

// wrongCheck gives the code with another check character.
func wrongCheck(code string) string {
	last := code[15]
	return code[:15] + string('A'+(last-'A'+1)%26)
}

// mix scrambles a number (the finaliser of splitmix64, Steele and others 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
