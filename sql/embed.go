// Package sql holds what the program computes with, as text that a person can
// read and run by hand: the reference tables (seeds), the models (staging,
// marts), the checks and the catalogue of indicators. It imports nothing of the
// project, so that every stage may read it.
package sql

import (
	"embed"
	"io/fs"
)

// Files is this folder: seeds/*.csv, staging/*.sql, marts/*.sql, checks/*.sql and kpis.yml.
//
//go:embed seeds staging marts checks kpis.yml
var Files embed.FS

// Seeds is the folder of the built-in reference tables, one CSV file a table.
func Seeds() fs.FS {
	seeds, err := fs.Sub(Files, "seeds")
	if err != nil {
		return Files // cannot be: the name is valid, and Sub checks nothing else
	}
	return seeds
}
