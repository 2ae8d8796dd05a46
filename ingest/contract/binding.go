package contract

// Binding says where each column of a contract comes from in the records of one
// file. A mapping makes it from the file's header.
type Binding struct {
	Columns []BoundColumn // one per Contract.Columns, in the same order
	Fields  int           // columns of the file
	Decimal byte          // separator of decimals: '.' or ','; 0 means '.'
}

// BoundColumn says where one column of a contract comes from: from fields, from
// a constant, or from nowhere.
type BoundColumn struct {
	Fields   []int             // places in a record; the values of several are joined by one space
	Constant *string           // the value of every row
	Layout   string            // of a date or timestamp: see [ParseLayout]; "": ISO 8601
	Values   map[string]string // value in the file, as [Fold] gives it → value for the contract
	Kind     string            // of a person; "": as the contract has it
}

// bound says whether the column has a source at all.
func (b BoundColumn) bound() bool { return len(b.Fields) > 0 || b.Constant != nil }
