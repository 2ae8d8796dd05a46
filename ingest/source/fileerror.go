package source

import (
	"errors"

	"tavolo/ingest/diagnostic"
)

// FileError is why a file was refused whole. [errors.As] finds it in the
// [*diagnostic.Error] that says which file it was; [Code] gives its code.
type FileError struct {
	Code string // one of the constants below: stable, for counting
	Msg  string
}

func (e *FileError) Error() string { return e.Msg }

// The codes of files that are refused whole.
const (
	Empty          = "empty"            // no byte in it
	NotRegular     = "not_regular"      // a folder, a pipe, a device
	OutsideLink    = "outside_link"     // a link that leads out of the project
	UnknownFormat  = "unknown_format"   // nothing that is read here
	Corrupt        = "corrupt"          // not what it says it is, or cut off
	TooLarge       = "too_large"        // larger than the limits let it become
	TooManyMembers = "too_many_members" // an archive of more files than the limit
	UnsafeName     = "unsafe_name"      // a member of an archive that would lie outside of it
	NestedArchive  = "nested_archive"   // an archive within an archive
	Encrypted      = "encrypted"        // a member or workbook with a password
	SeveralMembers = "several_members"  // where one table was wanted
	NoSuchSheet    = "no_such_sheet"    // a workbook without the sheet that was named
	TooManyCells   = "too_many_cells"   // a sheet beyond the limits
	AmbiguousSheet = "ambiguous_sheet"  // a workbook of several sheets, none of which was named
	OtherDialect   = "other_dialect"    // written otherwise than its format says
	Changed        = "changed"          // while it was read
	NotRecords     = "not_records"      // JSON that is no list of objects
	NestedTooDeep  = "nested_too_deep"  // deeper than the limit; also the code of a record
)

// Code gives the code of an error that refused a file, or "" for another error.
func Code(err error) string {
	var refused *FileError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

// advice says what to do about a code, where that does not depend on the file.
func advice(code string) string {
	switch code {
	case Empty, Corrupt:
		return "ask its sender to send it again"
	case UnknownFormat:
		return "ask its sender for CSV, JSON, XLSX or Parquet"
	case TooLarge, TooManyMembers, TooManyCells, TooManyColumns, NestedTooDeep:
		return "if it is what it should be, raise the limit under limits in tavolo.yaml"
	case OtherDialect:
		return otherDialectHint
	case UnsafeName, NestedArchive, Encrypted:
		return "ask its sender for the files as they are"
	}
	return ""
}

// refuse makes the error of a file.
func refuse(file, code, msg, hint string) error {
	return &diagnostic.Error{File: file, Err: &FileError{Code: code, Msg: msg}, Hint: hint}
}
