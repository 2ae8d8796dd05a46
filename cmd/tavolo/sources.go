package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tavolo/ingest"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

func (a *app) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "sources",
		GroupID: "ask",
		Short:   "Look at source files: how they are read, and how they may be mapped",
		Long: `sources looks at files before they are ingested, with or without a project.

"inspect" shows how a file is read, and every record if asked; "suggest" prints a first
mapping for tavolo.yaml; "pin" writes into tavolo.yaml how the files of a source are written.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range []*cobra.Command{a.sourcesInspectCommand(), a.sourcesSuggestCommand(), a.sourcesPinCommand()} {
		c.Args = usageArgs(c.Args)
		cmd.AddCommand(c)
	}
	return cmd
}

// inspected is how many records of a file are looked at.
const inspected = 1000

// eachTable opens every table of a file, one after the other, with the likeliest
// reading where several are possible. The name "-" is standard input.
func (a *app) eachTable(path string, f source.Format, look func(name string, r source.Reader) error) error {
	options := source.Options{Told: pseudonym.MaskText}
	if p := a.maybeProject(); p != nil {
		options.Limits = p.Limits
	}
	var file *source.File
	var err error
	if path == "-" {
		file, err = source.OpenStream("standard input", a.stdin, options)
	} else {
		file, err = source.OpenFile(path, options)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	f.Guess = true
	var failed []error
	for _, part := range file.Parts() {
		r, err := part.Open(f)
		if err == nil {
			err = errors.Join(look(part.Name(), r), r.Close())
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// lookAtQuery opens what the query of a source gives.
func (a *app) lookAtQuery(ctx context.Context, name string, look func(name string, r source.Reader) error) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	s, err := sourceNamed(p, name)
	if err != nil {
		return err
	}
	if s.Postgres == nil {
		return &diagnostic.Error{File: p.Dir.Config(), Line: s.Line, Msg: fmt.Sprintf("source %q reads files", name), Hint: "name one of its files"}
	}
	job := &ingest.Job{Dir: p.Dir, Location: rome(), Sources: p.Sources, Limits: p.Limits, Getenv: os.Getenv}
	r, done, err := job.Peek(ctx, s)
	if err != nil {
		return err
	}
	return errors.Join(look(ingest.File{Source: s}.Name(), r), r.Close(), done())
}
