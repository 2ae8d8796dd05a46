package contract

import (
	"bytes"

	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

// Withheld stands for a record that could not be split, in a file with persons:
// nothing tells where they are in it.
const Withheld = "[withheld]"

// unmapped stands for a field that no column comes from.
const unmapped = "…"

// maskKind is what a field of a record is kept as.
type maskKind byte

const (
	hideUnmapped maskKind = iota
	hidePerson
	keepMasked
)

func maskOf(c *Contract, b *Binding) []maskKind {
	mask := make([]maskKind, b.Fields)
	for i, column := range b.Columns {
		for _, field := range column.Fields {
			if field >= 0 && field < len(mask) && mask[field] != hidePerson {
				mask[field] = keepMasked
				if c.Columns[i].Type == Person {
					mask[field] = hidePerson
				}
			}
		}
	}
	return mask
}

// Mask gives a record as it may be kept with the reason why it was refused: "…"
// for a field that no column comes from, since names and addresses hide there,
// "***" for one that names a person, and the others with everything masked that
// looks like a codice fiscale. Of a record that could not be split nothing is
// kept where the file has persons.
func (k *Checker) Mask(r *source.Record) string {
	if r.Problem != nil || len(r.Fields) != len(k.mask) {
		if bytes.IndexByte(maskBytes(k.mask), byte(hidePerson)) >= 0 {
			return Withheld
		}
		return pseudonym.MaskText(string(r.Raw))
	}
	delimiter := r.Delimiter
	if delimiter == 0 {
		delimiter = ';'
	}
	var b []byte
	for i, field := range r.Fields {
		if i > 0 {
			b = append(b, delimiter)
		}
		switch {
		case len(field) == 0:
		case k.mask[i] == hidePerson:
			b = append(b, pseudonym.Masked...)
		case k.mask[i] == hideUnmapped:
			b = append(b, unmapped...)
		default:
			b = appendQuoted(b, pseudonym.AppendMasked(nil, field), delimiter)
		}
	}
	return string(b)
}

func maskBytes(mask []maskKind) []byte {
	b := make([]byte, len(mask))
	for i, kind := range mask {
		b[i] = byte(kind)
	}
	return b
}

// appendQuoted appends a field as CSV has it.
func appendQuoted(b, field []byte, delimiter byte) []byte {
	if bytes.IndexByte(field, delimiter) < 0 && !bytes.ContainsAny(field, "\"\r\n") {
		return append(b, field...)
	}
	b = append(b, '"')
	b = append(b, bytes.ReplaceAll(field, []byte(`"`), []byte(`""`))...)
	return append(b, '"')
}
