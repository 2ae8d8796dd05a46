package diagnostic

import "strings"

// Nearest gives the candidate that a person most likely meant by word: the one
// at the smallest edit distance (Damerau's, restricted: an insertion, deletion,
// substitution or swap of neighbours costs 1), case ignored. It gives "" when
// even the best is further than a third of the longer word's length, because a
// wild guess is worse than none. Of equally near candidates the first wins.
func Nearest(word string, candidates []string) string {
	best, bestCost := "", -1
	for _, candidate := range candidates {
		cost := distance(strings.ToLower(word), strings.ToLower(candidate))
		limit := max(len([]rune(word)), len([]rune(candidate)))/3 + 1
		if cost <= limit && (bestCost < 0 || cost < bestCost) {
			best, bestCost = candidate, cost
		}
	}
	return best
}

// DidYouMean is the hint that names the nearest candidate, or "" when none is near.
func DidYouMean(word string, candidates []string) string {
	if near := Nearest(word, candidates); near != "" {
		return "did you mean \"" + near + "\"?"
	}
	return ""
}

func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, last, row := []int(nil), make([]int, len(t)+1), []int(nil)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row = make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}
