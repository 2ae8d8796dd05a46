// Package project is the folder in which everything of one installation lives:
// where each thing is in it, what its configuration says, and how it is made.
//
// The configuration is tavolo.yaml, read strictly: an unknown key is an error
// with its line. Every key may be left out; [Config] says what then holds.
package project

import "path/filepath"

// Dir is the path of a project folder. It only names paths: nothing is read,
// written or checked by it.
type Dir string

// Config is the configuration file.
func (d Dir) Config() string { return d.join("tavolo.yaml") }

// Reference is the folder of CSV files that replace built-in reference tables.
func (d Dir) Reference() string { return d.join("reference") }

// OwnMarts is the folder of the marts that the project adds.
func (d Dir) OwnMarts() string { return d.join("kpis") }

// OwnIndicators is the catalogue of the indicators that the project adds.
func (d Dir) OwnIndicators() string { return d.join("kpis.yml") }

// Drops is the folder in which source files arrive by default.
func (d Dir) Drops() string { return d.join("drops") }

// Lake is the folder of the Iceberg warehouse with its catalog.
func (d Dir) Lake() string { return d.join("lake") }

// Quarantine is the folder of the refused rows; mode 0700.
func (d Dir) Quarantine() string { return d.join("quarantine") }

// Publications is the folder that holds one folder a publication.
func (d Dir) Publications() string { return d.join("publications") }

// Publication is the folder of one publication.
func (d Dir) Publication(id string) string { return d.join("publications", id) }

// Current is the link to the publication in force.
func (d Dir) Current() string { return d.join("publications", "current") }

// PersonKey is the file of the master key of the pseudonyms; mode 0600.
func (d Dir) PersonKey() string { return d.join("person.key") }

// Temp is the folder of the files of a run that is under way. It is emptied by
// the next run when one was killed.
func (d Dir) Temp() string { return d.join("lake", ".tmp") }

// Relative names a path as it is seen from the project folder, with slashes;
// a path outside of the folder stays as it is.
func (d Dir) Relative(path string) string {
	base, err := filepath.Abs(string(d))
	if err != nil {
		return path
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(base, full)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return filepath.ToSlash(rel)
}

func (d Dir) join(parts ...string) string {
	return filepath.Join(append([]string{string(d)}, parts...)...)
}
