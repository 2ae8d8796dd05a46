package strictyaml_test

import (
	"errors"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
)

type dish struct {
	strictyaml.Position
	Name  string          `yaml:"name"`
	Price int             `yaml:"price"`
	Sides map[string]dish `yaml:"sides"`
	Also  []dish          `yaml:"also"`
	Sauce sauce           `yaml:"sauce"`
}

// sauce accepts a name alone or a mapping.
type sauce struct {
	Name string `yaml:"name"`
	Hot  bool   `yaml:"hot"`
}

func (s *sauce) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&s.Name)
	}
	type plain sauce
	return strictyaml.DecodeNode(n, (*plain)(s))
}

func TestDecode(t *testing.T) {
	for _, test := range []struct{ name, text, want, hint string }{
		{"empty", "", "", ""},
		{"good", "name: a\nprice: 3\nsides: {x: {name: y}}\nalso: [{name: z}]\nsauce: pesto\n", "", ""},
		{"unknown key", "name: a\npirce: 3\n", `f.yml:2:1: unknown key "pirce"`, `did you mean "price"?`},
		{"unknown key far off", "zzz: 3\n", `f.yml:1:1: unknown key "zzz"`, "known keys: also, name, price, sauce, sides"},
		{"unknown key below", "sides:\n  x: {nam: y}\n", `f.yml:2:7: unknown key "nam" in sides.x`, `did you mean "name"?`},
		{"twice", "name: a\nname: b\n", `f.yml:2:1: key "name" is already given in line 1`, ""},
		{"kind", "price: cheap\n", "f.yml:1: cannot unmarshal !!str `cheap` into int", ""},
		{"list wanted", "also: 3\n", "f.yml:1:7: also must be a list", ""},
		{"syntax", "name: [a\n", "f.yml:1: ", "look at its indentation, its colon and its quotes, and at those of the line above"},
		{"two documents", "name: a\n---\nname: b\n", "f.yml:", ""},
		{"inside a type that reads itself", "name: a\nsauce: {hto: true}\n", `f.yml:2:9: unknown key "hto"`, `did you mean "hot"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got dish
			err := strictyaml.Decode("f.yml", []byte(test.text), &got)
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			if hints := strings.Join(diagnostic.Hints(err), ""); hints != test.hint {
				t.Errorf("hint %q, want %q", hints, test.hint)
			}
			var placed *diagnostic.Error
			if !errors.As(err, &placed) {
				t.Errorf("%T holds no position", err)
			}
		})
	}
}

func TestPositionsAreFilledIn(t *testing.T) {
	var got dish
	text := "name: a\nsides:\n  x:\n    name: y\nalso:\n  - name: z\n"
	if err := strictyaml.Decode("f.yml", []byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.Sides["x"].Line != 4 || got.Also[0].Line != 6 || got.Also[0].Col != 5 {
		t.Errorf("positions: sides.x %v, also[0] %v", got.Sides["x"].Position, got.Also[0].Position)
	}
}

func TestKeysKnowTheirPlaces(t *testing.T) {
	var got struct {
		Items []struct {
			strictyaml.Keys
			Name string `yaml:"name"`
			Size int    `yaml:"size"`
		} `yaml:"items"`
	}
	if err := strictyaml.Decode("f.yml", []byte("items:\n  - name: a\n    size: 1\n  - {size: 2}\n"), &got); err != nil {
		t.Fatal(err)
	}
	if first := got.Items[0].Keys; first["name"] != (strictyaml.Position{Line: 2, Col: 5}) || first["size"] != (strictyaml.Position{Line: 3, Col: 5}) {
		t.Errorf("%v", first)
	}
	if second := got.Items[1].Keys; second["size"] != (strictyaml.Position{Line: 4, Col: 6}) || len(second) != 1 {
		t.Errorf("%v", second)
	}
}

// An entry that was appended below a finished list, a lost colon, an open bracket:
// each is where the eye has to look.
func TestErrorsOfTheGrammarAreAtTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"# a menu\nname: x\nalso: []\n\n  - name: y\n    price: 1\n": "menu.yml:5: ",
		"name: x\nprice 3\nalso: []\n":                               "menu.yml:2: ",
		"name: x\nalso: [{name: y}\nprice: 3\n":                      "menu.yml:2: ",
		"name: \"x\nprice: 3\n":                                      "menu.yml:1: ",
		"name: x\n\tprice: 3\n":                                      "menu.yml:2: ",
		"name: x\n# remark\n   price: 3\n":                           "menu.yml:3: ",
	} {
		err := strictyaml.Decode("menu.yml", []byte(text), &dish{})
		if err == nil || !strings.HasPrefix(err.Error(), want) || len(diagnostic.Hints(err)) != 1 {
			t.Errorf("%q: %v", text, err)
		}
	}
}
