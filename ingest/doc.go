// Package ingest reads source files into the lake, one batch a file.
//
// A batch is a file, identified by the SHA-256 of its bytes. Each of its
// physical lines ends in exactly one class: header, preamble, blank, accepted,
// quarantined or duplicate. A row that breaks a rule of its contract goes to
// the quarantine with its position and every rule that it broke; it neither
// stops the batch nor disappears. The batch's ledger entry balances, and is
// committed in the same snapshot as the rows, or nothing is.
//
// Identifiers of persons end here: they are pseudonymised before a row leaves
// the checker, and masked in everything else that is written.
package ingest
