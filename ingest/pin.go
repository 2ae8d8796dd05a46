package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

// Finder finds the format in which the files of a source are written.
type Finder struct {
	Dir    project.Dir
	Limits source.Limits
	// Given is what is known of the format and is not looked for.
	Given source.Format
	// Leave are the keys of the format that are to stay open: see [mapping.Without].
	Leave []string
	// Choices answers the questions that a file leaves open, in their order: of the
	// readings that are possible the number of the one that is meant, from 1.
	Choices []int

	questions []string // those that the choices have answered: another file may ask the same, but no others
}

// shownFiles bounds the files that are named as differing.
const shownFiles = 5

// Find gives the format that all the files agree on. They are read to their end,
// for what tells one encoding from another may come late. The errors are of files
// that cannot be read, that leave a question open, with the readings by number, or
// that contradict each other, with the files and the keys.
func (f *Finder) Find(ctx context.Context, s *mapping.Source, files []string) (source.Format, error) {
	var found source.Format
	var failed, differing []error
	from := map[string]string{} // key of the format → first file that shows it
	for _, path := range files {
		err := f.each(ctx, s, path, func(name string, one source.Format) {
			one = mapping.Without(one, f.Leave...)
			joined, keys := mapping.Agree(found, one)
			for _, key := range keys {
				differing = append(differing, &diagnostic.Error{File: name,
					Msg: fmt.Sprintf("%s where %s has %s", written(one, key), from[key], written(found, key))})
			}
			for _, key := range mapping.FormatKeys(one) {
				if from[key.Name] == "" {
					from[key.Name] = name
				}
			}
			found = joined
		})
		failed = append(failed, err)
	}
	if err := errors.Join(failed...); err != nil {
		return found, err
	}
	if more := len(differing) - shownFiles; more > 0 {
		differing = append(differing[:shownFiles], &diagnostic.Error{Msg: fmt.Sprintf("and %d more differences", more)})
	}
	if len(differing) > 0 {
		return found, errors.Join(append(differing, diagnostic.Hinted(
			&diagnostic.Error{File: f.Dir.Config(), Line: s.Line, Msg: fmt.Sprintf("the files of the source %s are not written alike", s.Name)},
			"--like FILE takes the format of one of them; --leave KEY leaves a key to be found in each; or make two sources of them"))...)
	}
	if found.Type == "csv" && found.Quote == "" && !slices.Contains(f.Leave, "quote") {
		found.Quote = `"` // with which the files were read, although none of their fields is quoted
	}
	return found, nil
}

func written(f source.Format, key string) string {
	for _, one := range mapping.FormatKeys(f) {
		if one.Name == key {
			return key + " " + one.Value
		}
	}
	return "no " + key
}

// each gives the format of a file, or of each member of an archive.
func (f *Finder) each(ctx context.Context, s *mapping.Source, path string, found func(name string, one source.Format)) error {
	if err := f.Dir.Contains(s.Files, path); err != nil {
		return err
	}
	file, err := source.OpenFile(path, source.Options{Limits: f.Limits, Temp: f.Dir.Temp(), Told: pseudonym.MaskText})
	if err != nil {
		return err
	}
	defer file.Close()
	var failed []error
	for _, part := range file.Parts() {
		one, err := f.part(ctx, part)
		if err == nil {
			found(part.Name(), one)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// part finds the format of one file. Each answer may make another question of it.
func (f *Finder) part(ctx context.Context, part *source.Part) (source.Format, error) {
	given := f.Given
	for asked := 0; ; asked++ {
		given.Guess = true
		r, err := part.Open(given)
		if err != nil {
			return given, err
		}
		doubts := source.Ambiguities(r)
		if len(doubts) == 0 {
			one, err := readThrough(ctx, r)
			one.Decimal, one.Names = given.Decimal, given.Names
			if given.Sheet != "" {
				one.Sheet = given.Sheet
			}
			return one, errors.Join(err, r.Close())
		}
		if err := r.Close(); err != nil {
			return given, err
		}
		pin, err := f.choose(part.Name(), doubts, asked)
		if err != nil {
			return given, err
		}
		if given, err = mapping.ParseFormat(given, pin); err != nil {
			return given, err
		}
	}
}

// readThrough reads a text to its end and gives what its format turned out to be.
func readThrough(ctx context.Context, r source.Reader) (source.Format, error) {
	for f := source.Pinned(r); f.Type == "csv"; {
		_, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return f, err
		}
	}
	return source.Pinned(r), nil
}

// choose gives what to add to the format for the reading that was chosen, or the
// error that asks which one is meant. All doubts about one thing are one question.
func (f *Finder) choose(file string, doubts []source.Ambiguity, asked int) (pin string, err error) {
	type reading struct{ words, pin string }
	readings := []reading{{doubts[0].Taken, doubts[0].Pin}}
	for _, doubt := range doubts {
		if doubt.What == doubts[0].What {
			readings = append(readings, reading{doubt.Other, doubt.OtherPin})
		}
	}
	question := fmt.Sprint(doubts[0].What, readings)
	if asked == len(f.questions) {
		f.questions = append(f.questions, question)
	}
	if question == f.questions[asked] && asked < len(f.Choices) && f.Choices[asked] >= 1 && f.Choices[asked] <= len(readings) {
		chosen := readings[f.Choices[asked]-1]
		if chosen.pin != "" && !strings.Contains(chosen.pin, "…") {
			return chosen.pin, nil
		}
		return "", &diagnostic.Error{File: file, Msg: fmt.Sprintf("%s: %s: that reading must be told in full", doubts[0].What, chosen.words),
			Hint: "say what is meant with --delimiter, --header or --names"}
	}
	errs := []error{&diagnostic.Error{File: file, Msg: fmt.Sprintf("more than one reading is possible (%s)", doubts[0].What),
		Hint: "--choose and the number of the reading that is meant; or say it with --delimiter, --header or --names"}}
	for i, one := range readings {
		errs = append(errs, &diagnostic.Error{File: file, Msg: fmt.Sprintf("reading %d: %s %s", i+1, doubts[0].What, one.words)})
	}
	return "", errors.Join(errs...)
}
