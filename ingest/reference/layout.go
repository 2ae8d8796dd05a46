package reference

// column is one column of a reference table.
type column struct {
	name       string
	kind       string // varchar, bigint, double, date or boolean: the name of the SQL type
	required   bool   // no row may leave it empty
	references string // table whose code it must be, or ""
	level      string // with references "territories": the level that it must have, or ""
}

// layout is what a file of one table must look like. A row is identified by
// the columns of its key, on each day between valid_from and valid_to where it
// has these columns.
type layout struct {
	name    string
	columns []column
	key     []string
}

// at gives the place of a column; the name is one of the layout's own.
func (l *layout) at(name string) int {
	for i := range l.columns {
		if l.columns[i].name == name {
			return i
		}
	}
	return -1
}

// layouts are all tables, each after those that it points into.
var layouts = []layout{
	{"territories", []column{
		{name: "code", kind: "varchar", required: true},
		{name: "name", kind: "varchar", required: true},
		{name: "sigla", kind: "varchar"},
		{name: "level", kind: "varchar", required: true},
		{name: "parent", kind: "varchar", references: "territories"},
		{name: "nuts", kind: "varchar"},
		{name: "macro", kind: "varchar"},
		{name: "population", kind: "bigint"},
		{name: "population_date", kind: "date"},
		{name: "valid_from", kind: "date"},
		{name: "valid_to", kind: "date"},
	}, []string{"code"}},
	{"territory_aliases", []column{
		{name: "alias", kind: "varchar", required: true},
		{name: "territory_code", kind: "varchar", required: true, references: "territories"},
		{name: "valid_from", kind: "date"},
		{name: "valid_to", kind: "date"},
	}, []string{"alias", "territory_code"}},
	{"patronati", []column{
		{name: "code", kind: "varchar", required: true},
		{name: "name", kind: "varchar", required: true},
		{name: "valid_from", kind: "date"},
		{name: "valid_to", kind: "date"},
	}, []string{"code"}},
	{"patronato_aliases", []column{
		{name: "alias", kind: "varchar", required: true},
		{name: "patronato_code", kind: "varchar", required: true, references: "patronati"},
	}, []string{"alias"}},
	{"offices", []column{
		{name: "code", kind: "varchar", required: true},
		{name: "name", kind: "varchar", required: true},
		{name: "kind", kind: "varchar"},
		{name: "province_code", kind: "varchar", required: true, references: "territories", level: LevelProvince},
	}, []string{"code"}},
	{"services", []column{
		{name: "code", kind: "varchar", required: true},
		{name: "name_it", kind: "varchar", required: true},
		{name: "name_en", kind: "varchar", required: true},
		{name: "group_code", kind: "varchar", required: true},
		{name: "group_it", kind: "varchar", required: true},
		{name: "group_en", kind: "varchar", required: true},
	}, []string{"code"}},
	{"service_codes", []column{
		{name: "code", kind: "varchar", required: true},
		{name: "service_code", kind: "varchar", required: true, references: "services"},
		{name: "label", kind: "varchar"},
	}, []string{"code"}},
	{"measures", []column{
		{name: "code", kind: "varchar", required: true},
		{name: "title", kind: "varchar", required: true},
		{name: "norm", kind: "varchar"},
		{name: "announced_on", kind: "date"},
		{name: "effective_from", kind: "date", required: true},
	}, []string{"code"}},
	{"points", []column{
		{name: "service_code", kind: "varchar", required: true, references: "services"},
		{name: "points", kind: "double", required: true},
		{name: "valid_from", kind: "date", required: true},
	}, []string{"service_code", "valid_from"}},
	{"operators", []column{
		{name: "month", kind: "date", required: true},
		{name: "province_code", kind: "varchar", required: true, references: "territories", level: LevelProvince},
		{name: "patronato_code", kind: "varchar", required: true, references: "patronati"},
		{name: "active_operators", kind: "bigint", required: true},
	}, []string{"month", "province_code", "patronato_code"}},
	{"calendar", []column{
		{name: "date", kind: "date", required: true},
		{name: "is_working_day", kind: "boolean", required: true},
		{name: "holiday_it", kind: "varchar"},
		{name: "holiday_en", kind: "varchar"},
	}, []string{"date"}},
}
