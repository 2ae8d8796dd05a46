package ingest

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/source"
)

// A chunk is large enough to make passing it on cost nothing, and small enough
// that those in flight take a few megabytes, also of a file of long records.
const (
	chunkRecords = 4096
	chunkBytes   = 1 << 20
)

// chunk is consecutive records of a file, and then what the check made of them.
type chunk struct {
	records []source.Record // copies, without their fields
	fields  []int           // how many each has; -1: it could not be split
	ends    []int           // in text, of each field of all records
	text    []byte
	failed  error // of the reader, after these records
	read    int64 // bytes of the file that were read by then

	checked chan struct{}     // closed when the rest is there
	batch   arrow.RecordBatch // the rows, by column
	rows    []row
	refused []refused
}

// row is what is known of a row beside its columns.
type row struct {
	hash   hash
	record int32 // its place among the records
	warned bool
}

// refused is a record that was refused.
type refused struct {
	record     int32
	violations []contract.Violation
	reasons    []ledger.Refusal // the same, as the quarantine keeps them
}

// fails gives why the whole file must be refused for it, or "".
func (r *refused) fails() string {
	for _, v := range r.violations {
		if v.Severity == contract.Fail {
			return v.Message
		}
	}
	return ""
}

// empty makes the chunk ready for other records.
func (c *chunk) empty() {
	clear(c.records)
	clear(c.refused)
	*c = chunk{
		records: c.records[:0], fields: c.fields[:0], ends: c.ends[:0], text: c.text[:0],
		rows: c.rows[:0], refused: c.refused[:0], checked: make(chan struct{}),
	}
}

func (c *chunk) full() bool { return len(c.records) >= chunkRecords || len(c.text) >= chunkBytes }

// add copies a record: the reader's own holds until the next.
func (c *chunk) add(r *source.Record) {
	kept, n := *r, -1
	kept.Fields, kept.Raw = nil, nil
	if r.Problem != nil {
		problem := *r.Problem
		kept.Problem = &problem
	}
	if r.Problem != nil || r.Fields == nil { // of others the fields say it all
		kept.Raw = slices.Clone(r.Raw)
	}
	if r.Fields != nil {
		n = len(r.Fields)
		for _, field := range r.Fields {
			c.text = append(c.text, field...)
			c.ends = append(c.ends, len(c.text))
		}
	}
	c.records, c.fields = append(c.records, kept), append(c.fields, n)
}

// chunkChecker makes rows and refusals of records. It is for one goroutine.
type chunkChecker struct {
	checker *contract.Checker
	hasher  *rowHasher
	columns *columnBuilder
	reasons func(*source.Record, []contract.Violation, string) []ledger.Refusal
	fields  [][]byte // of one record
}

// check fills in what became of the records of a chunk.
func (k *chunkChecker) check(c *chunk) {
	field, from := 0, 0
	for i := range c.records {
		record := &c.records[i]
		if n := c.fields[i]; n >= 0 {
			k.fields = k.fields[:0]
			for _, end := range c.ends[field : field+n] {
				k.fields = append(k.fields, c.text[from:end:end])
				from = end
			}
			field += n
			record.Fields = k.fields
		}
		k.one(c, int32(i), record)
		record.Fields = nil
	}
	k.finish(c)
}

// one fills in what became of one record.
func (k *chunkChecker) one(c *chunk, i int32, record *source.Record) {
	values, violations := k.checker.Check(record)
	if values != nil {
		c.rows = append(c.rows, row{k.hasher.hash(values), i, len(violations) > 0})
		k.columns.append(values, k.checker.Month(), record.Position())
		return
	}
	violations = slices.Clone(violations)
	c.refused = append(c.refused, refused{i, violations, k.reasons(record, violations, k.checker.Mask(record))})
}

func (k *chunkChecker) finish(c *chunk) {
	c.batch = k.columns.batch(k.checker)
	close(c.checked)
}
