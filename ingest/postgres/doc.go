// Package postgres reads the rows that a query gives on a PostgreSQL server, as
// records of one extraction, and knows nothing about what they mean.
//
// # One snapshot, read twice
//
// An extraction happens in one transaction, read only and repeatable read: it sees
// the database as it was at one moment. A batch must have its name before anything
// of it is written, and rows that name persons must not wait on a disk for it. So
// the rows are read twice from one cursor, first to be counted and hashed
// ([Extraction.Hash]), then to be taken ([Extraction.Open]). The cursor can scroll:
// the server then promises the same rows in the same order. A query of volatile
// functions can break the promise; the second reading is hashed too, and one that
// differs from the first is an error.
//
// Memory does not grow with the rows, here or there: they come some thousands a
// step, and the steps are bounded in time ([Query.Timeout]).
//
// # Identity
//
// The name of a batch is the SHA-256 of the log, the names of the columns, and the
// SHA-256 of each row, as it came and in its order. A row is its values, each with
// its length, null apart from empty. So the same rows are the same batch, whenever
// they are read; "order by" in the query makes the order part of what it asks.
//
// # High-water mark
//
// Where the query names a column that grows with every change, the greatest value
// among the rows is the [Mark] of the extraction, and $1 of the next query. The
// query should say >= $1, not > $1: rows that have the same value as the mark, and
// were committed after the extraction, would be lost without a trace otherwise. So
// that the others do not come again and again, a mark has the number of the rows at
// it, with their hash: as long as these are the same rows they are left out, and
// when nothing is left there is nothing to commit ([ErrNothingNew]). When they are
// not the same, all of them are taken: what comes twice counts once, as each row is
// a version of its key.
//
// A mark never goes back, and never beyond the server's clock: a single row with a
// date in the year 9999 would otherwise hide all that follow. Rows without a value,
// with an infinite one, or with one of the future are taken, and move no mark. A
// transaction that takes its time may commit a value below the mark; a query that
// looks back as far as transactions last, where changed >= $1 - interval '1 hour',
// loses none, and takes the rows of that hour once more.
//
// A query that is edited goes on from the mark; a source under another name begins
// anew.
//
// # Values
//
// Values are written as text, as the checks expect them. Whole numbers and numeric
// are exact, floating point is the shortest text that reads back the same. Dates
// and times are written in the layout of the column that asks for them: timestamp
// without a time zone is what a clock showed, with a time zone it is an instant.
// Null is an empty value. Texts, enumerations, uuid and interval (ISO 8601) are
// what the server prints. What has no single value, such as an array, json, a
// composite or bytea, is refused where a mapping asks for it: the query can say
// which part is meant, or cast it to text.
//
// # Secrets
//
// No message of this package has a connection string, a user or a password in it.
// What a server says while rows are read may quote them, so it is shown only where
// its kind says that it does not; otherwise its code is.
package postgres
