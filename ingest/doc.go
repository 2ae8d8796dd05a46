// Package ingest reads source files into the lake, one batch a file, and what the
// queries of sources give, one batch an extraction: see package postgres.
//
// A batch is a file, identified by the SHA-256 of its bytes: of what was packed,
// not of how, so that a.csv, a.csv.gz and a.zip with nothing but a.csv in it are
// the same file. Of an archive of several files each member is a batch, named
// archive.zip!member. Each physical line ends in exactly one class: header,
// preamble, blank, accepted, quarantined or duplicate; formats without lines
// count rows or elements. A row that breaks a rule of its contract goes to the
// quarantine with its position and every rule that it broke; it neither stops the
// batch nor disappears. The batch's ledger entry balances, and is committed in the
// same snapshot as the rows, or nothing is.
//
// Identifiers of persons end here: they are pseudonymised before a row leaves
// the checker, and masked in everything else that is written. What must be on the
// disk for a while is there without a name, and as hashes or encrypted.
//
// # What comes again
//
// Rows are never changed in the lake: each is a version of its key, and staging
// takes the newest by updated_at, where that says nothing the one of the later
// batch, then the later line.
//
//   - The same file again, under any name or packing: nothing happens. It is known
//     by its hash, and as long as nobody has touched it by what the system says of
//     it, so that files of years are not read through every night.
//   - A file that was held back: it is read again, since the source may tolerate
//     more now; as long as it does not, nothing happens.
//   - The same file for another log: an error, as no file holds rows of two.
//   - A file that has grown: a new batch. Its old rows are there twice, with the
//     same content, so that nothing that is counted changes.
//   - A corrected row: a newer version.
//   - A row that moved to another month or territory: a newer version, in another
//     partition; the key is looked for in all of them, so it counts once.
//   - A deleted row: a version with is_deleted, which is a whole row otherwise.
//     A newer version without it brings the row back.
//   - A query whose rows have not changed: nothing happens. Rows that it gives
//     again beside new ones are there twice, like those of a file that has grown.
//   - A query whose rows were held back: its mark stays, and they come with the next.
//
// With updated_at all of this is independent of the order in which files arrive.
// Without it the later arrival is the newer version: nothing else could tell.
//
// # Memory
//
// It does not grow with a file: readers hold a window on it, rows go on in
// batches, and the hashes by which duplicates are found move to the disk when
// there are too many. A workbook is the exception, for the texts that its cells
// share; [source.Limits] bounds them.
package ingest
