package reference

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Relation is a reference table as rows for an SQL engine.
type Relation struct {
	Name    string
	Columns []RelationColumn
	Rows    [][]string // one value a column, as text that casts to its type; "" is null
}

// RelationColumn names a column of a Relation and its SQL type: varchar,
// bigint, double, date or boolean.
type RelationColumn struct{ Name, Type string }

// Relations gives every reference table, in a fixed order and each sorted by
// its key, and after them territory_ancestors: one row per territory and
// ancestor, itself and Italy included (territory_code, ancestor_code,
// ancestor_level).
func (t *Tables) Relations() []Relation {
	var relations []Relation
	for i := range layouts {
		relation := Relation{Name: layouts[i].name, Rows: t.sheets[layouts[i].name].rows}
		for _, column := range layouts[i].columns {
			relation.Columns = append(relation.Columns, RelationColumn{column.name, column.kind})
		}
		relations = append(relations, relation)
	}
	return append(relations, t.ancestors())
}

// SHA256 is the hash of all that Relations gives, in hexadecimal: the same tables
// have the same.
func (t *Tables) SHA256() string {
	hash := sha256.New()
	for _, relation := range t.Relations() {
		fmt.Fprintf(hash, "%q %q %q\n", relation.Name, relation.Columns, relation.Rows)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func (t *Tables) ancestors() Relation {
	relation := Relation{Name: "territory_ancestors", Columns: []RelationColumn{
		{"territory_code", "varchar"}, {"ancestor_code", "varchar"}, {"ancestor_level", "varchar"},
	}}
	for i, territory := range t.territories {
		if t.byCode[territory.Code] != i {
			continue // an earlier life of the same code
		}
		for code := territory.Code; code != ""; {
			ancestor := t.territories[t.byCode[code]]
			relation.Rows = append(relation.Rows, []string{territory.Code, ancestor.Code, ancestor.Level})
			code = ancestor.Parent
		}
	}
	return relation
}
