package source

import (
	"fmt"
	"strconv"
	"strings"

	"tavolo/ingest/diagnostic"
)

// jsonNode is a place in the records of a JSON file. The nodes form a tree, the
// root of which is the record. A nil node is a place that nobody asks about.
type jsonNode struct {
	name  string // the key, or the number of the element in brackets, as in a path
	field int    // of the column that this is; -1: none
	first []*jsonNode
	keys  map[string]*jsonNode
	items []*jsonNode
	up    *jsonNode

	scalar, null bool // seen as a value, as null
}

func newJSONNode(name string, up *jsonNode) *jsonNode {
	return &jsonNode{name: name, field: -1, up: up}
}

// key gives the node of a key, which is made where grow is set.
func (n *jsonNode) key(key []byte, grow bool) *jsonNode {
	if n == nil {
		return nil
	}
	below := n.keys[string(key)]
	if below == nil && grow {
		below = newJSONNode(pathKey(string(key)), n)
		if n.keys == nil {
			n.keys = map[string]*jsonNode{}
		}
		n.keys[string(key)] = below
		n.first = append(n.first, below)
	}
	return below
}

// item gives the node of an element of a list, which is made where grow is set.
func (n *jsonNode) item(i int, grow bool) *jsonNode {
	if n == nil {
		return nil
	}
	if i < len(n.items) && n.items[i] != nil {
		return n.items[i]
	}
	if !grow {
		return nil
	}
	for len(n.items) <= i {
		n.items = append(n.items, nil)
	}
	n.items[i] = newJSONNode("["+strconv.Itoa(i)+"]", n)
	n.first = append(n.first, n.items[i])
	return n.items[i]
}

// columns gives the paths of the values below a node, in the order in which they
// were first seen. What was only ever null is a value where nothing is below it.
func (n *jsonNode) columns(limit int) []string {
	var paths []string
	var walk func(*jsonNode)
	walk = func(n *jsonNode) {
		if n.scalar || n.null && len(n.first) == 0 {
			paths = append(paths, n.path())
		}
		for _, below := range n.first {
			if len(paths) < limit {
				walk(below)
			}
		}
	}
	walk(n)
	return paths
}

// path gives the path of a node from the record on.
func (n *jsonNode) path() string {
	var nodes []*jsonNode
	for ; n != nil && n.up != nil; n = n.up {
		nodes = append([]*jsonNode{n}, nodes...)
	}
	return pathOf(nodes)
}

// pathOf joins the names of nodes that are below each other, up to the first that
// nobody asks about.
func pathOf(nodes []*jsonNode) string {
	var b strings.Builder
	for _, n := range nodes {
		if n == nil {
			break
		}
		if b.Len() > 0 && n.name[0] != '[' {
			b.WriteByte('.')
		}
		b.WriteString(n.name)
	}
	return b.String()
}

// pathKey writes a key as it stands in a path: in brackets and quotes where it
// holds what has a meaning there.
func pathKey(key string) string {
	if key == "" || strings.ContainsAny(key, `.[]"`) {
		return "[" + strconv.Quote(key) + "]"
	}
	return key
}

// parsePath makes the nodes of a path below a root: keys separated by points,
// the elements of lists as numbers in brackets, from 0, and keys that hold points
// or brackets in brackets and quotes: persona.contatti[0]["e.mail"].
func (n *jsonNode) parsePath(path string, field int) error {
	rest := path
	for first := true; rest != "" || first; first = false {
		var err error
		if strings.HasPrefix(rest, "[") {
			n, rest, err = n.bracket(rest)
		} else {
			if !first {
				if rest[0] != '.' {
					return pathError(path)
				}
				rest = rest[1:]
			}
			end := strings.IndexAny(rest, `.[`)
			if end < 0 {
				end = len(rest)
			}
			if end == 0 || strings.ContainsAny(rest[:end], `]"`) {
				return pathError(path)
			}
			n, rest = n.key([]byte(rest[:end]), true), rest[end:]
		}
		if err != nil {
			return pathError(path)
		}
	}
	if n.field < 0 {
		n.field = field
	}
	return nil
}

// maxItem is the largest number of an element that a path may name.
const maxItem = 10_000

func (n *jsonNode) bracket(rest string) (below *jsonNode, after string, err error) {
	if strings.HasPrefix(rest, `["`) {
		quoted, err := strconv.QuotedPrefix(rest[1:])
		if err != nil || !strings.HasPrefix(rest[1+len(quoted):], "]") {
			return nil, "", strconv.ErrSyntax
		}
		key, err := strconv.Unquote(quoted)
		return n.key([]byte(key), true), rest[2+len(quoted):], err
	}
	number, after, ok := strings.Cut(rest[1:], "]")
	i, err := strconv.Atoi(number)
	if !ok || err != nil || i < 0 || i > maxItem {
		return nil, "", strconv.ErrSyntax
	}
	return n.item(i, true), after, nil
}

func pathError(path string) error {
	return &diagnostic.Error{Msg: fmt.Sprintf("%q is no path into JSON", path),
		Hint: `a path is of the form persona.contatti[0].email; a key with a point in it stands in brackets and quotes, as in ["e.mail"]`}
}
