// Package worklist takes refused rows to the office that must correct them, and
// back. [Write] makes a workbook in Italian of what is open; [Read] finds in what
// comes back, the same workbook filled in or a corrected file in the form of the
// source, which refused record each row corrects.
//
// No identifier of a person is in a work-list, because the quarantine has none:
// where a person was named the list has [pseudonym.Masked], and the office
// writes the identifier again.
//
// # The workbook
//
// The sheet [SheetName] has one row per refused record. Its first four columns
// say which record it is and why it was refused; then come the columns of the
// file that the source maps, each cell a text as it came, so that a code such as
// 058 stays one. A cell that a spreadsheet program could take for a formula has
// an apostrophe before it, which is taken away when the list comes back. Cells
// that broke a rule are marked. A second sheet tells how to fill it in.
package worklist
