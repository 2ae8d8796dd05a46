package lake

import (
	"strings"
	"testing"

	"github.com/apache/iceberg-go"
)

func TestEveryTypeHasOneIcebergType(t *testing.T) {
	shape := everyType()
	sc := shape.iceberg()
	spec, err := shape.spec(sc)
	if err != nil {
		t.Fatal(err)
	}
	if difference := schemaOf(shape.Table, sc, *spec).difference(shape); difference != "" {
		t.Error(difference)
	}
	if got := typeOf(iceberg.PrimitiveTypes.UUID); got != "" {
		t.Errorf("a type that is not ours is %q", got)
	}
}

func TestDifferenceSaysWhere(t *testing.T) {
	base := visits()
	for want, change := range map[string]func(*Schema){
		"partition":                                     func(s *Schema) { s.Partition = "" },
		`column "month" is missing`:                     func(s *Schema) { s.Columns = s.Columns[:2] },
		`column "more" is unknown`:                      func(s *Schema) { s.Columns = append(s.Columns, Column{Name: "more", Type: Text}) },
		"minutes integer, not minutes integer required": func(s *Schema) { s.Columns[1].Required = true },
		"": func(s *Schema) { s.Columns[0].Doc, s.Columns[0].HighCardinality = "other", false },
	} {
		other := visits()
		change(&other)
		if got := base.difference(other); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestVersionsNamesTheLibraries(t *testing.T) {
	versions := Versions()
	for _, name := range []string{"arrow", "iceberg"} {
		if v := versions[name]; !strings.HasPrefix(v, "v") && v != "unknown" {
			t.Errorf("%s is %q", name, v)
		}
	}
	if len(versions) != 2 {
		t.Errorf("versions are %v", versions)
	}
}
