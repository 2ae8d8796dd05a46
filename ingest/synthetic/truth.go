package synthetic

import (
	"encoding/json"
	"os"
)

// TruthFile is the name of the file that says what is true of the country.
const TruthFile = "truth.json"

// Truth is what was put into the files: what the indicators should find, and
// which rows should be refused.
type Truth struct {
	Synthetic bool      `json:"synthetic"` // always true: whoever finds the file knows what it is
	Seed      uint64    `json:"seed"`
	From      string    `json:"from"`  // first day, yyyy-MM-dd
	AsOf      string    `json:"as_of"` // the day of the extraction, which is the last: what was open then is open
	Rows      int       `json:"rows"`  // to be accepted, over all files; versions of one key count each, duplicates do not
	Planted   []Planted `json:"planted"`
	Refused   []Refused `json:"refused"` // by source and rule
	Files     []File    `json:"files"`
}

// Kinds of planted truth.
const (
	NoShowExcess      = "no_show_excess"     // a real excess, which case mix does not explain
	CaseMixTrap       = "case_mix_trap"      // a raw rate that misleads: given its case mix the territory is like all others
	ResponseImproves  = "response_improves"  // first answers become quicker from a month on
	LateTraining      = "late_training"      // training on a measure held after it took effect
	IntegrationExcess = "integration_excess" // applications of one patronato are sent back more often
	CorrectedFile     = "corrected_file"     // a later file corrects rows of an earlier one; without it the territory would stand out
)

// Planted is one thing that is true.
type Planted struct {
	Kind      string `json:"kind"`
	Indicator string `json:"indicator"`           // id in the catalogue
	Territory string `json:"territory,omitempty"` // code of a region or province
	Macro     string `json:"macro,omitempty"`     // macro area, in place of a territory
	Patronato string `json:"patronato,omitempty"` // code
	Measure   string `json:"measure,omitempty"`   // code
	Direction string `json:"direction"`           // of the raw value against the others, or against before: higher or lower
	// Size is the factor on what would be without it: on the odds of a missed
	// appointment or a returned application, on the time to an answer, on the
	// share trained in time. For a trap it is the factor on the raw rate, about.
	Size float64 `json:"size,omitempty"`
	From string  `json:"from,omitempty"` // first month; empty: from the beginning
	Rows int     `json:"rows,omitempty"` // of a corrected file
}

// Refused counts the bad records of one source that one rule refuses. Each bad
// record breaks exactly one rule.
type Refused struct {
	Source  string `json:"source"`
	Log     string `json:"log"`
	Rule    string `json:"rule"`
	Column  string `json:"column,omitempty"` // of the contract; empty when the record could not be read
	Records int    `json:"records"`
}

// File is one source file.
type File struct {
	Path       string `json:"path"` // relative to the folder of the country, with slashes
	Source     string `json:"source"`
	Log        string `json:"log"`
	Accepted   int    `json:"accepted"`   // records to be accepted
	Refused    int    `json:"refused"`    // records to be quarantined
	Duplicates int    `json:"duplicates"` // records that repeat another of the file
	CopyOf     string `json:"copy_of,omitempty"`
}

// add takes in the files of one log.
func (t *Truth) add(files []File, refused []Refused) {
	t.Files = append(t.Files, files...)
	t.Refused = append(t.Refused, refused...)
	for _, file := range files {
		if file.CopyOf == "" {
			t.Rows += file.Accepted
		}
		for i := range t.Planted {
			if t.Planted[i].Kind == CorrectedFile && file.Path == correctedPath(file.Source, t.Planted[i].From) {
				t.Planted[i].Rows = file.Accepted
			}
		}
	}
}

func (t *Truth) write(path string) error {
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
