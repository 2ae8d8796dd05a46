package mapping

import (
	"fmt"
	"strings"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/pseudonym"
)

// shownNames bounds the columns of a file that a hint lists.
const shownNames = 12

// names finds the columns of a file.
type names struct {
	header []string
	exact  map[string][]int
	loose  map[string][]int // without regard to case and spaces
}

func newNames(header []string) names {
	n := names{header: header, exact: map[string][]int{}, loose: map[string][]int{}}
	for i, name := range header {
		n.exact[name] = append(n.exact[name], i)
		n.loose[loosely(name)] = append(n.loose[loosely(name)], i)
	}
	return n
}

// loosely gives a name as it is compared when no column has it exactly.
func loosely(name string) string {
	return strings.ReplaceAll(contract.Fold(name), "_", "")
}

// find gives the place of a column.
func (n names) find(name string) (int, error) {
	places := n.exact[name]
	if len(places) == 0 {
		places = n.loose[loosely(name)]
	}
	switch len(places) {
	case 1:
		return places[0], nil
	case 0:
		hint := diagnostic.DidYouMean(name, masked(n.header))
		if hint == "" {
			hint = "the file has the columns " + strings.Join(n.shown(), ", ")
		}
		return -1, &diagnostic.Error{Msg: fmt.Sprintf("the file has no column %q", name), Hint: hint}
	}
	return -1, &diagnostic.Error{
		Msg:  fmt.Sprintf("the file has the column %q %d times", name, len(places)),
		Hint: "say which is meant by giving the columns different names, or with header: 0 by their numbers",
	}
}

// shown gives the columns as a hint lists them.
func (n names) shown() []string {
	if len(n.header) <= shownNames {
		return masked(n.header)
	}
	return append(masked(n.header[:shownNames]), fmt.Sprintf("and %d more", len(n.header)-shownNames))
}

// masked gives names without the identifiers of persons: what was taken for the
// header of a file may be its first row.
func masked(names []string) []string {
	made := make([]string, len(names))
	for i, name := range names {
		made[i] = pseudonym.MaskText(name)
	}
	return made
}
