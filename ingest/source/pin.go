package source

// Pinned gives the format of a file as it was found, with what nothing in the file
// has shown left empty: the encoding as long as all that was read is ASCII, the
// quotation mark where no field is quoted, the delimiter of a single column, the
// sheet of a workbook that has only one. So the formats of several files can be
// compared: what one of them leaves empty, any of the others may say.
func Pinned(r Reader) Format {
	f := r.Dialect()
	f.Decimal = "" // it is never found, only given
	switch r := r.(type) {
	case *csvReader:
		f.Encoding = r.decoder.name
		if f.Delimiter == r.unproven.Delimiter {
			f.Delimiter = ""
		}
		if f.Quote == r.unproven.Quote {
			f.Quote = ""
		}
	case *xlsxReader:
		f.Sheet = ""
	}
	return f
}

// unproven gives the delimiter and the quotation mark of a reading if neither the
// format nor anything in the sample speaks for them.
func unproven(r *reading, given Format) (u Format) {
	var taken Format
	taken.setDialect(&r.dialect)
	if given.Delimiter == "" && r.width < 2 {
		u.Delimiter = taken.Delimiter
	}
	if given.Quote == "" && r.quoted == 0 {
		u.Quote = taken.Quote
	}
	return u
}

// delimiterDoubt is the choice between two delimiters, or between one and what
// only words can say.
func delimiterDoubt(taken *dialect, other string, otherDialect *dialect) Ambiguity {
	a := Ambiguity{What: "delimiter", Taken: quoted(delimiterName(taken)), Other: other, Pin: "delimiter: " + quoted(delimiterName(taken))}
	if otherDialect != nil {
		a.OtherPin = "delimiter: " + quoted(delimiterName(otherDialect))
	}
	return a
}
