// Package pseudonym keeps persons out of everything that is stored. It checks a
// codice fiscale, turns a person's identifier into a keyed pseudonym, and masks
// identifiers in texts that are kept for other reasons, such as a refused row.
//
// A pseudonym cannot be turned back into the identifier without the key, and
// cannot be found by trying all identifiers either: the codici fiscali of a
// whole country can be listed, which is why a plain hash would not do.
package pseudonym
