package publication

import (
	"path/filepath"
	"slices"
)

// What is wrong with a file of a publication.
const (
	Missing    = "missing"
	Changed    = "changed"
	Additional = "not of this publication"
)

// Damage is a file that is not as the manifest says.
type Damage struct {
	Path string `json:"path"` // within the publication, with slashes
	What string `json:"what"` // Missing, Changed or Additional
}

func (d Damage) String() string { return d.Path + ": " + d.What }

// Check reads every byte of a publication and gives what is not as its manifest
// says, sorted by path; none when it is whole.
func Check(dir string, m Manifest) ([]Damage, error) {
	files, err := Files(filepath.Join(dir, m.ID))
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f File) bool { return f.Path == manifestName })
	return Compare(m.Files, files), nil
}

// CheckFile reads one file of a publication; an error when it is not as its manifest says.
func CheckFile(dir, id string, want File) error {
	have, err := hash(filepath.Join(dir, id, filepath.FromSlash(want.Path)))
	if err != nil {
		return err
	}
	if have.Path = want.Path; have != want {
		return &DamagedError{id, []Damage{{want.Path, Changed}}}
	}
	return nil
}

// Compare tells how files differ from those that are wanted, both sorted by path.
func Compare(want, have []File) []Damage {
	var damages []Damage
	for len(want) > 0 || len(have) > 0 {
		switch {
		case len(have) == 0 || len(want) > 0 && want[0].Path < have[0].Path:
			damages = append(damages, Damage{want[0].Path, Missing})
			want = want[1:]
		case len(want) == 0 || have[0].Path < want[0].Path:
			damages = append(damages, Damage{have[0].Path, Additional})
			have = have[1:]
		default:
			if want[0] != have[0] {
				damages = append(damages, Damage{want[0].Path, Changed})
			}
			want, have = want[1:], have[1:]
		}
	}
	return damages
}

// Chain tells whether the publications that came after hold the hash of a
// publication's manifest: Changed names the manifest when one holds another.
func Chain(dir, id string) ([]Damage, error) {
	seal, err := Seal(dir, id)
	if err != nil {
		return nil, err
	}
	all, _ := List(dir) // what cannot be read holds nothing
	for _, m := range all {
		if m.Previous != nil && m.Previous.ID == id && m.Previous.SHA256 != seal {
			return []Damage{{manifestName, Changed + " since " + m.ID + " was written"}}, nil
		}
	}
	return nil, nil
}
