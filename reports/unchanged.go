package reports

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

// When nothing changed since the earlier site but what that was, its files stay as they
// are, and nobody needs to make the views of pages to find out: but for the few that tell
// what moved since the publication before.

// tellsWhatMoved tells of the pages that name the publication before.
func tellsWhatMoved(at address) bool {
	return at.kind == "quality" || at.kind == "method"
}

// errNotTaken tells of a file that must be made.
var errNotTaken = errors.New("not taken over")

// takeUnchanged takes over all files but those of the pages that tell what moved, and
// gives the pages that are to be made: those, or all when a file could not be taken.
// Those that were are not made again then.
func (s *site) takeUnchanged() []address {
	all := s.addresses()
	if s.Earlier == nil || !s.Earlier.Unchanged {
		return all
	}
	remain := slices.DeleteFunc(slices.Clone(all), func(at address) bool { return !tellsWhatMoved(at) })
	var names []string
	for name := range s.Earlier.Files {
		if !s.isMade(name, remain) {
			names = append(names, name)
		}
	}
	err := s.severalAtOnce(len(names), func(n int) error {
		if !s.out.takeKnown(names[n]) {
			return errNotTaken
		}
		return nil
	})
	if err != nil {
		return all
	}
	return remain
}

// isMade tells of the files of some pages, which are made with them, and of those that are
// made after the pages.
func (s *site) isMade(name string, pages []address) bool {
	if name == "index.html" || strings.HasPrefix(name, packsFolder+"/") || strings.HasSuffix(name, ".pdf") {
		return true
	}
	for _, at := range pages {
		for _, lang := range s.Languages {
			page := strings.TrimSuffix(s.x.path(at, lang), ".html")
			if rest, ok := strings.CutPrefix(name, page); ok && strings.IndexAny(rest, ".-") == 0 {
				return true
			}
		}
		if strings.HasPrefix(name, strings.TrimSuffix(s.dataPath(at, ""), ".parquet")) {
			return true
		}
	}
	return false
}

// takeKnown takes over a file as it is.
func (f *folder) takeKnown(path string) (ok bool) {
	known := f.earlier.Files[path]
	if !filepath.IsLocal(filepath.FromSlash(path)) {
		return false
	}
	if _, ok = f.takeOver(path, known); ok && known.Inputs != "" {
		f.tell(path, known.Inputs)
	}
	return ok
}
