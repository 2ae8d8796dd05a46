// Package source reads the records of a file, each with its true position, and
// knows nothing about what they mean.
//
// A bad record is a record, with a [Problem]: only a failure to read ends a
// file. Every physical line of a file is exactly one of header, preamble and
// blank (see [Lines]), or belongs to exactly one record, so that lines can be
// balanced. A line ends with LF, CR LF or CR, also mixed in one file.
//
// # Detection
//
// What a [Format] leaves open is found in the first 64 KiB of a CSV file: the
// delimiter, the quotes and how they are escaped, the encoding, and the header,
// which is the first row as wide as the table that holds names over values; what
// stands above it is preamble. Every reading is scored by how regular a table it
// makes and how much its fields look like values, as in van den Burg, Nazábal and
// Sutton (Wrangling messy CSV files by detecting row and type patterns, Data
// Mining and Knowledge Discovery 33, 2019). Where another reading is as good, or
// the names cannot be assigned to the fields, the file is refused as [Ambiguous]
// until the format says which is meant. No value is ever given a type.
//
// # Broken quotes
//
// A quoted field that is never closed, or that goes on after its closing quote,
// costs the one physical line in which its record began: reading resumes at the
// next line. So does a record of several lines that a stray quote has joined: one
// with the wrong number of fields whose second line has the right number on its
// own, or one whose first two lines each have it too. A line that such a record
// had reached is refused as well when it has a lone quote, and so is any line
// with lone quotes in two of its fields: a delimiter between them may be text.
// The fields that a refused record has are what can be told of it, for people.
//
// # Formats
//
// A file is known by its first bytes, never by its name: delimited text (csv.go),
// JSON as one object a line (ndjson.go) or as a list of objects (jsonarray.go), a
// sheet of a workbook (xlsx.go), Parquet (parquet.go). Each may be packed once, by
// gzip, zstd or zip (open.go, archive.go). Where there are no lines, another unit
// is counted ([Lines]): rows of a sheet or of Parquet, elements of a list.
//
// A format that is more than text wants to know which columns are asked for
// ([Selector]): values that nobody asks for cannot be in the way of a row, and
// dates are written as their column is read. A new format is a file that
// implements [Reader] and a case in [Part.Open].
//
// # Hostile files
//
// What a file may cost is bounded by [Limits], in memory and in time. What goes
// beyond is refused with a code: a record by its [Problem], a file by a
// [FileError]. Nothing is ever unpacked to a path that a file names.
package source
