package ingest

import (
	"slices"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
)

// TableSchema is the lake table of a log: the columns of its contract, then
// month (the first day of the local month that the row counts in, by which the
// table is partitioned), batch_id and line (physical, from 1), so that any
// figure leads back to a file and a line.
func TableSchema(c *contract.Contract) lake.Schema {
	s := lake.Schema{Table: c.Log, Partition: "month"}
	for _, column := range c.Columns {
		s.Columns = append(s.Columns, lake.Column{
			Name: column.Name, Type: lakeType(column.Type), Required: column.Required, Doc: column.Doc.EN,
			HighCardinality: column.Type == contract.Person || column.Type == contract.Timestamp || slices.Contains(c.Key, column.Name),
		})
	}
	s.Columns = append(s.Columns,
		lake.Column{Name: "month", Type: lake.Date, Required: true, Doc: "first day of the month, in Europe/Rome, that the row counts in"},
		lake.Column{Name: "batch_id", Type: lake.Text, Required: true, Doc: "SHA-256 of the file that the row came in"},
		lake.Column{Name: "line", Type: lake.Integer, Required: true, Doc: "physical line of the row's first byte in that file, from 1", HighCardinality: true},
	)
	return s
}

func lakeType(t contract.Type) lake.Type {
	switch t {
	case contract.Integer:
		return lake.Integer
	case contract.Decimal:
		return lake.Decimal
	case contract.Boolean:
		return lake.Boolean
	case contract.Date:
		return lake.Date
	case contract.Timestamp:
		return lake.Timestamp
	default: // text, enumerations and pseudonyms
		return lake.Text
	}
}
