// Package source reads the records of a file, each with its true position, and
// knows nothing about what they mean.
//
// A bad record is a record, with a [Problem]: only a failure to read ends a
// file. Every physical line of a file is exactly one of header, preamble and
// blank (see [Lines]), or belongs to exactly one record, so that lines can be
// balanced. A line ends with LF, CR LF or CR, also mixed in one file.
//
// # Broken quotes
//
// A quoted field that is never closed, or that goes on after its closing quote,
// costs the one physical line in which its record began: reading resumes at the
// next line. So does a record of several lines with the wrong number of fields,
// when its second line has the right number on its own.
//
// # Formats
//
// [Open] chooses the reader by the format. There is one now, in csv.go; a new one
// is a file beside it that implements [Reader] and a case in [Open].
package source
