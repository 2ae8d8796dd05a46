package worklist

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/source"
)

// Return is a file that came back: which refused records its records correct.
type Return struct {
	IsList    bool // it is a work-list; otherwise a file in the form of the source
	Untouched int  // rows of the list that are as they were: they are not read again
	Settled   int  // rows whose record was corrected before: they are not read again
	Linked    int  // records that correct a refused one
	Unlinked  int  // records that correct none that is known

	links  map[int][]ledger.RecordID // position in the file → what it corrects
	skip   map[int]bool              // positions that are not read again
	opaque map[string]bool           // columns of the file, folded, in which a mask would pass for a person
}

// Read reads a file that came back once, to find out what it corrects. In a
// work-list each row says which record it is of; in any other file that is found
// by the business key, as far as it names no person. The reader is read to its
// end and not closed. List says of which source the file is.
func Read(ctx context.Context, reader source.Reader, list List) (*Return, error) {
	r := &Return{links: map[int][]ledger.RecordID{}, skip: map[int]bool{}, opaque: opaque(list)}
	r.IsList = IsList(reader.Header())
	if r.IsList {
		return r, r.readList(ctx, reader, list)
	}
	return r, r.readFile(ctx, reader, list)
}

// IsList says whether a file with this header is a work-list.
func IsList(header []string) bool {
	return slices.Contains(header, batchHeader) && slices.Contains(header, lineHeader)
}

// SourceOf gives the source whose rows a work-list holds, as its batches tell, or
// "" where the file is none, or lists no batch of entries. It reads the first rows.
func SourceOf(reader source.Reader, entries []ledger.Entry) (string, error) {
	at := slices.Index(reader.Header(), batchHeader)
	if !IsList(reader.Header()) {
		return "", nil
	}
	if err := selectAll(reader, reader.Header()); err != nil {
		return "", err
	}
	for {
		record, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if record.Problem != nil || at >= len(record.Fields) {
			continue
		}
		batch := find(entries, strings.TrimSpace(string(record.Fields[at])))
		if of := slices.IndexFunc(entries, func(e ledger.Entry) bool { return e.BatchID == batch }); batch != "" && of >= 0 {
			return entries[of].Source, nil
		}
	}
}

// opaque gives the columns in which any text is taken for a person.
func opaque(list List) map[string]bool {
	columns := map[string]bool{}
	for i := range list.Contract.Columns {
		column := &list.Contract.Columns[i]
		mapped := list.Source.Columns[column.Name]
		if column.Type != contract.Person || mapped.Kind == contract.FiscalCode || mapped.Kind == "" && column.Kind == contract.FiscalCode {
			continue
		}
		for _, from := range mapped.From {
			columns[contract.Fold(from)] = true
		}
	}
	return columns
}

// listed is one row of a work-list that came back.
type listed struct {
	position int
	id       ledger.RecordID
	cells    [sha256.Size]byte // digest of its cells
}

func (r *Return) readList(ctx context.Context, reader source.Reader, list List) error {
	header := slices.Clone(reader.Header())
	if err := selectAll(reader, header); err != nil {
		return err
	}
	own, keep := places(header)
	columns := make([]string, len(keep))
	for i, place := range keep {
		columns[i] = header[place]
	}
	var rows []listed
	err := each(ctx, reader, func(record *source.Record) error {
		if record.Problem != nil || len(record.Fields) != len(header) {
			r.Unlinked++
			return nil
		}
		line, err := strconv.Atoi(strings.TrimSpace(string(record.Fields[own[lineHeader]])))
		batch := find(list.Entries, strings.TrimSpace(string(record.Fields[own[batchHeader]])))
		if err != nil || batch == "" {
			r.Unlinked++
			return nil
		}
		cells := make([]string, len(keep))
		for i, place := range keep {
			cells[i] = fuse(string(record.Fields[place]))
		}
		rows = append(rows, listed{record.Position(), ledger.RecordID{BatchID: batch, Position: line}, digest(cells)})
		return nil
	})
	if err != nil {
		return err
	}
	before, err := digests(ctx, list, columns, rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		was, known := before[row.id]
		switch {
		case !known:
			r.Unlinked++
		case list.Decisions.State(row.id) == ledger.Corrected:
			r.Settled++
			r.skip[row.position] = true
		case was == row.cells:
			r.Untouched++
			r.skip[row.position] = true
		default:
			r.Linked++
			r.links[row.position] = []ledger.RecordID{row.id}
		}
	}
	return nil
}

// digests gives the digests of the cells that rows of a work-list had when they
// were written.
func digests(ctx context.Context, list List, columns []string, rows []listed) (map[ledger.RecordID][sha256.Size]byte, error) {
	wanted, batches := map[ledger.RecordID]bool{}, map[string]bool{}
	for _, row := range rows {
		wanted[row.id], batches[row.id.BatchID] = true, true
	}
	found := map[ledger.RecordID][sha256.Size]byte{}
	for _, entry := range list.Entries {
		if !batches[entry.BatchID] {
			continue
		}
		err := ledger.EachRecord(ctx, list.Quarantine, entry.BatchID, func(record []ledger.Refusal) error {
			if id := record[0].ID(); wanted[id] {
				cells := Cells(columns, entry, record[0].Raw)
				if cells == nil {
					cells = make([]string, len(columns))
				}
				found[id] = digest(cells)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// digest gives a digest of cells that takes no account of white space around
// them or of how lines end: spreadsheet programs change both.
func digest(cells []string) [sha256.Size]byte {
	hash := sha256.New()
	for _, cell := range cells {
		cell = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(cell))
		io.WriteString(hash, strconv.Itoa(len(cell))+":"+cell)
	}
	return [sha256.Size]byte(hash.Sum(nil))
}

// readFile links the records of a file in the form of the source.
func (r *Return) readFile(ctx context.Context, reader source.Reader, list List) error {
	names := keyNames(list)
	if names == nil {
		return nil
	}
	open, err := openKeys(ctx, list, names)
	if err != nil {
		return err
	}
	if err := selectAll(reader, FileColumns(list.Source)); err != nil {
		return err
	}
	binding, err := list.Source.Bind(list.Contract, reader.Header(), "")
	if err != nil {
		return err
	}
	var fields []int
	for _, key := range list.Contract.Key {
		fields = append(fields, binding.Columns[list.Contract.Index(key)].Fields...)
	}
	return each(ctx, reader, func(record *source.Record) error {
		if record.Problem != nil || len(record.Fields) != binding.Fields {
			r.Unlinked++
			return nil
		}
		parts := make([]string, len(fields))
		for i, field := range fields {
			parts[i] = string(record.Fields[field])
		}
		links := open[keyOf(parts)]
		if len(links) == 0 {
			r.Unlinked++
			return nil
		}
		r.Linked++
		r.links[record.Position()] = links
		return nil
	})
}

// keyNames gives the columns of the file that hold the business key, or nil
// where one of them names a person.
func keyNames(list List) []string {
	var names []string
	for _, key := range list.Contract.Key {
		if list.Contract.Column(key).Type == contract.Person {
			return nil
		}
		names = append(names, list.Source.Columns[key].From...)
	}
	return names
}

// openKeys gives the refused records of the source that are not corrected yet, by key.
func openKeys(ctx context.Context, list List, names []string) (map[string][]ledger.RecordID, error) {
	open := map[string][]ledger.RecordID{}
	for _, entry := range list.Entries {
		err := ledger.EachRecord(ctx, list.Quarantine, entry.BatchID, func(record []ledger.Refusal) error {
			state := list.Decisions.State(record[0].ID())
			parts := Cells(names, entry, record[0].Raw)
			if parts != nil && (state == ledger.Open || state == ledger.Discarded) {
				key := keyOf(parts)
				open[key] = append(open[key], record[0].ID())
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	delete(open, keyOf(make([]string, len(names)))) // rows without a key are not all one row
	return open, nil
}

func keyOf(parts []string) string {
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, "\x1f")
}

// each gives the records of a reader to look, to the end.
func each(ctx context.Context, reader source.Reader, look func(*source.Record) error) error {
	for {
		record, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = look(record)
		}
		if err != nil {
			return err
		}
	}
}

// Decide gives the decisions that follow from what became of the file: entry is
// its batch, refused has the positions of its records that were refused again.
func (r *Return) Decide(before *ledger.Decisions, entry ledger.Entry, refused map[int]bool, at time.Time, by string) []ledger.Decision {
	var decisions []ledger.Decision
	decided := map[ledger.RecordID]bool{}
	positions := make([]int, 0, len(r.links))
	for position := range r.links {
		positions = append(positions, position)
	}
	slices.Sort(positions)
	for _, position := range positions {
		for _, id := range r.links[position] {
			id = before.End(id)
			if decided[id] || id.BatchID == entry.BatchID || before.State(id) == ledger.Corrected {
				continue
			}
			decided[id] = true
			kind := ledger.Corrected
			if refused[position] {
				kind = ledger.Returned
			}
			decisions = append(decisions, ledger.Decision{
				RecordID: id, Kind: kind, At: at, By: by, Became: &ledger.RecordID{BatchID: entry.BatchID, Position: position},
			})
		}
	}
	return decisions
}
