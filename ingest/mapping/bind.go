package mapping

import (
	"errors"
	"fmt"
	"strings"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
)

// Bind finds the columns of a mapping in the header of a file. File is the name
// of the configuration in messages. It gives an error, before a row is read,
// when the mapping does not fit the contract, or names a column that the header
// lacks or has twice, or when so few of its columns are there that the file must
// be of another kind ([*WrongFileError]).
func (s *Source) Bind(c *contract.Contract, header []string, file string) (*contract.Binding, error) {
	bad := &complaints{file: file}
	s.validate(c, bad)
	names := newNames(header)
	if err := s.wrongFile(names, file); err != nil && len(bad.errs) == 0 {
		return nil, err
	}
	binding := &contract.Binding{Columns: make([]contract.BoundColumn, len(c.Columns)), Fields: len(header), Decimal: '.'}
	if s.Format.Decimal != "" {
		binding.Decimal = s.Format.Decimal[0]
	}
	for _, name := range s.columnNames() {
		mapped, place := s.Columns[name], c.Index(name)
		if place < 0 {
			continue
		}
		bound := contract.BoundColumn{Constant: mapped.Value, Layout: mapped.Layout, Values: folded(mapped.Values), Kind: mapped.Kind}
		for _, from := range mapped.From {
			field, err := names.find(from)
			if err != nil {
				bad.addAll(mapped.Position, name+": ", err)
			}
			bound.Fields = append(bound.Fields, field)
		}
		binding.Columns[place] = bound
	}
	if len(bad.errs) > 0 {
		return nil, &MisfitError{bad.errs}
	}
	return binding, nil
}

// The codes of files that do not go with the mapping of their source: stable, for
// counting, like those of [source.Code].
const (
	WrongFile    = "wrong_file"    // hardly any of the mapped columns are in it
	WrongMapping = "wrong_mapping" // some are not, or the mapping is wrong itself
)

// Code gives the code of an error of [Source.Bind], or "" for another error.
func Code(err error) string {
	var wrong *WrongFileError
	var misfit *MisfitError
	switch {
	case errors.As(err, &wrong):
		return WrongFile
	case errors.As(err, &misfit):
		return WrongMapping
	}
	return ""
}

// MisfitError is everything in which a mapping does not go with a file, each a
// [*diagnostic.Error] with its line in the configuration.
type MisfitError struct{ errs []error }

func (e *MisfitError) Error() string { return errors.Join(e.errs...).Error() }

// Unwrap gives the errors one by one.
func (e *MisfitError) Unwrap() []error { return e.errs }

// NamesPerson says whether the source takes a person from a column of the file,
// as its header has it.
func (s *Source) NamesPerson(c *contract.Contract, column string) bool {
	for _, name := range s.columnNames() {
		to := c.Column(name)
		if to == nil || to.Type != contract.Person {
			continue
		}
		for _, from := range s.Columns[name].From {
			if loosely(from) == loosely(column) {
				return true
			}
		}
	}
	return false
}

func folded(values map[string]string) map[string]string {
	if len(values) == 0 {
		return nil
	}
	made := make(map[string]string, len(values))
	for _, from := range sortedKeys(values) {
		made[contract.Fold(from)] = values[from]
	}
	return made
}

// WrongFileError is the error of a file that has hardly any of the columns that
// its source maps. [errors.As] finds it, so that a caller who knows the other
// sources can say which of them it fits: see [Likeliest].
type WrongFileError struct {
	Source string
	Log    string
	Found  int // mapped columns of the file that it has
	Wanted int // mapped columns of the file
}

func (e *WrongFileError) Error() string {
	return fmt.Sprintf("only %d of the %d columns that the source %s maps are in the file: it does not look like %s",
		e.Found, e.Wanted, e.Source, e.Log)
}

// wrongFile gives the error of a file with less than half of the mapped columns.
func (s *Source) wrongFile(names names, file string) error {
	found, wanted := s.fit(names)
	if found*2 >= wanted {
		return nil
	}
	hint := "the file has the columns " + strings.Join(names.shown(), ", ")
	if header := s.Format.Header; header != nil && *header > 0 {
		hint += fmt.Sprintf("; its format says that they are named in line %d, and \"tavolo sources pin --force\" looks for them anew", *header)
	}
	return &diagnostic.Error{
		File: file, Line: s.Line, Col: s.Col,
		Err:  &WrongFileError{Source: s.Name, Log: s.Log, Found: found, Wanted: wanted},
		Hint: hint,
	}
}

// fit counts the distinct columns of a file that a source maps, and those that are there.
func (s *Source) fit(names names) (found, wanted int) {
	seen := map[string]bool{}
	for _, column := range s.Columns {
		for _, from := range column.From {
			if seen[from] {
				continue
			}
			seen[from] = true
			wanted++
			if _, err := names.find(from); err == nil {
				found++
			}
		}
	}
	return found, wanted
}

// Likeliest gives the source whose mapped columns a header has the most of, as
// long as it has nine tenths of them; otherwise nil. Of equals the one that maps
// more columns, then the first.
func Likeliest(sources []Source, header []string) *Source {
	var best *Source
	bestFound, bestWanted := 0, 1
	names := newNames(header)
	for i := range sources {
		s := &sources[i]
		found, wanted := s.fit(names)
		if wanted == 0 || found*10 < wanted*9 {
			continue
		}
		if a, b := found*bestWanted, bestFound*wanted; a > b || a == b && wanted > bestWanted {
			best, bestFound, bestWanted = s, found, wanted
		}
	}
	return best
}
