package source

import "strings"

// Ambiguous is the code of a file of which more than one reading is possible.
const Ambiguous = "ambiguous"

// Ambiguity is a choice that the bytes of a file leave open.
type Ambiguity struct {
	What  string `json:"what"`  // delimiter, header, …
	Taken string `json:"taken"` // the likelier reading, in words
	Other string `json:"other"` // the other one
	Pin   string `json:"pin"`   // what to write into the format, so that it is no question any more

	// OtherPin is the same for the other reading; "" where only a person can say what it would be.
	OtherPin string `json:"other_pin,omitempty"`
}

// Ambiguities gives what was guessed of a file that was opened with
// [Format].Guess; nothing when there was only one reading.
func Ambiguities(r Reader) []Ambiguity {
	if guessed, ok := r.(interface{ ambiguities() []Ambiguity }); ok {
		return guessed.ambiguities()
	}
	return nil
}

// refuseAmbiguous is the error of a file that is not read on a guess.
func refuseAmbiguous(file string, doubts []Ambiguity) error {
	var readings, pins []string
	for _, doubt := range doubts {
		readings = append(readings, doubt.What+": "+doubt.Taken+", or "+doubt.Other)
		pins = append(pins, doubt.Pin)
	}
	return refuse(file, Ambiguous, "more than one reading is possible: "+strings.Join(readings, "; "),
		`say which is meant in the format of the source, as in format: {`+strings.Join(pins, ", ")+`}; "tavolo sources pin" writes the reading that is chosen`)
}
