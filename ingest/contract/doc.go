// Package contract says what a row of a log must look like, and checks rows
// against it. The six contracts are in datasets/, one file each; they are text
// under review, and the first thing to read for anyone who wants to know what a
// column means.
//
// # Grammar of a contract
//
// A contract is one YAML document. Unknown keys are errors.
//
//	log: bookings                    # the name of the log, and of the file
//	title: {it: …, en: …}            # every text is in both languages
//	description: {it: …, en: …}
//	grain: {it: …, en: …}            # what one row is
//	key: [booking_id]                # required columns that name a row across its versions
//	month: requested_at              # required date or timestamp: the month that the row counts in
//	columns:
//	  - name: status                 # small letters, digits and _
//	    type: enum                   # see below
//	    title: {it: …, en: …}
//	    doc: {it: …, en: …}
//	    required: true               # may not be empty; default false
//	    severity: warn               # of any violation here; default quarantine. A value
//	                                 # with a warning is left out, so warn excludes required
//	rules:
//	  - rule: not_before             # see below
//	    …
//
// The types, with the keys that belong to them:
//
//	text       max_length: 20        characters, default 100
//	           free: true            people write what they like in it: what looks like a
//	                                 codice fiscale, which elsewhere refuses the row, or
//	                                 an address of mail is masked
//	           references: province  a code or name of that kind; stored as the code that it
//	                                 had on the day of the month column
//	integer    min: 0, max: 86400    inclusive
//	decimal    min: 0, max: 24       at most two decimals, with the separator that the
//	                                 source declares; thousands are not separated
//	boolean                          sì si s yes y true vero 1 x / no n false falso 0
//	date                             of the years 1900 to 2199
//	timestamp                        the same; a time without an offset is Europe/Rome
//	enum       values: [a, b]        the values as they are stored
//	           aliases: {A b: a}     other spellings
//	person     kind: codice_fiscale  or opaque; stored as a pseudonym
//
// Enumerations and booleans match without regard to case, to spaces around them,
// and to whether words are joined by spaces, hyphens or underscores.
//
// A date or time is of the form yyyy-MM-dd or yyyy-MM-dd HH:mm, seconds and
// fractions optional, T in the place of the space, with or without an offset
// (Z, +01:00), unless the source declares a layout: see [ParseLayout].
//
// The rules across columns look only at rows in which the columns they name are
// valid. Each may have "when", an enum column with a list of its values for
// which the rule holds; "unless", a column that, when it has a value, lifts it;
// a severity; and a doc:
//
//	{rule: not_before, column: closed_at, other: opened_at}         closed_at ≥ opened_at
//	{rule: requires, column: closed_at, when: {outcome: [risolto]}} closed_at has a value
//	{rule: forbids, column: closed_at, when: {outcome: [in_corso]}} closed_at is empty
//
// # Local time
//
// A local time that the clock skipped in spring is refused (gap_in_local_time).
// One that the clock showed twice in autumn is taken as the first of the two and
// marked (ambiguous_local_time, a warning).
package contract
