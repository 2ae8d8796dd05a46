package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"tavolo/ingest"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/mapping"
	"tavolo/ingest/project"
	"tavolo/ingest/source"
)

// pinning is what "sources pin" was told.
type pinning struct {
	given       source.Format // by flags
	header      int           // −1: not given
	choices     []int
	leave       []string
	like        string
	force, dry  bool
	sourceNames []string
}

func (a *app) sourcesPinCommand() *cobra.Command {
	var p pinning
	cmd := &cobra.Command{
		Use:   "pin [SOURCE…]",
		Short: "Write the format that the files of a source have into tavolo.yaml",
		Long: `pin finds how the files of each SOURCE, or of all sources, are written, and writes it into
tavolo.yaml as the source's format. From then on nothing of it is guessed any more: a file
that is written in another way is refused whole, with what is different.

Only the lines of the format change; comments and everything else stay as they are. All
files must agree; of a doubt the possible readings are listed, and --choose, or a flag that
says what is meant, settles it. What no file shows, such as the encoding of files that are
plain ASCII, is left open. The separator of decimals is never found: say it with --decimal.

A format that says all this already is left alone, and keys that it has are not changed,
unless --force has everything found anew.

Exit status: 0 done · 1 a file cannot be read, is ambiguous, or differs from the others ·
2 usage.`,
		Example: "  tavolo sources pin --dry-run\n  tavolo sources pin agenda --choose 2\n  tavolo sources pin agenda --decimal , --leave header",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if p.header >= 0 {
				p.given.Header = &p.header
			} else if p.given.HeaderRows > 0 {
				return usage(cmd, errors.New("--header-rows says how many rows the header has, and --header must say where it begins"))
			}
			if err := p.given.Validate(); err != nil {
				return usage(cmd, err)
			}
			for _, key := range p.leave {
				if !slices.Contains(leavable, key) {
					return usage(cmd, diagnostic.Hinted(fmt.Errorf("--leave %q: no such key of a format", key), diagnostic.DidYouMean(key, leavable)))
				}
			}
			p.sourceNames = args
			return a.pin(cmd.Context(), &p)
		},
	}
	flags := cmd.Flags()
	flags.IntSliceVar(&p.choices, "choose", nil, "the number of the reading that is meant, one for each question")
	flags.StringVar(&p.like, "like", "", "take the format of this file alone")
	flags.StringSliceVar(&p.leave, "leave", nil, "keys of the format to leave open, such as header or encoding")
	flags.BoolVar(&p.force, "force", false, "find the format anew, whatever tavolo.yaml says of it")
	flags.BoolVar(&p.dry, "dry-run", false, "show what would be written, and write nothing")
	flags.StringVar(&p.given.Type, "type", "", "the format is this: csv, ndjson, json, xlsx or parquet")
	flags.StringVar(&p.given.Delimiter, "delimiter", "", "fields are separated by this, or the word tab")
	flags.StringVar(&p.given.Quote, "quote", "", "fields are quoted with this, or the word none")
	flags.StringVar(&p.given.Escape, "escape", "", "how a quote is written within quotes: \\ or double")
	flags.StringVar(&p.given.Encoding, "encoding", "", "the text is in this encoding")
	flags.StringVar(&p.given.Decimal, "decimal", "", "the separator of decimals: . or ,")
	flags.IntVar(&p.header, "header", -1, "the line of the header, from 1; 0: there is none")
	flags.IntVar(&p.given.HeaderRows, "header-rows", 0, "how many rows make the header")
	flags.StringVar(&p.given.Sheet, "sheet", "", "the sheet of a workbook")
	flags.StringSliceVar(&p.given.Names, "names", nil, "the names of the columns, in place of those that the files have")
	return cmd
}

// leavable are the keys of a format that can be left open.
var leavable = []string{"type", "delimiter", "quote", "escape", "encoding", "header"}

// pinReport is one source in the JSON that pin prints.
type pinReport struct {
	Source  string `json:"source"`
	Files   int    `json:"files"`  // that were looked at
	Format  string `json:"format"` // as tavolo.yaml has it now, or would
	Changed bool   `json:"changed"`
}

// pinsReport is the JSON that pin prints.
type pinsReport struct {
	Sources []pinReport          `json:"sources"`
	Changes []project.LineChange `json:"changes"` // to the lines of tavolo.yaml
	Written bool                 `json:"written"` // false with --dry-run, and where nothing changed
}

// pin finds the formats of sources and writes them.
func (a *app) pin(ctx context.Context, told *pinning) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	chosen := p.Sources
	if len(told.sourceNames) > 0 {
		chosen = nil
		for _, name := range told.sourceNames {
			s, err := sourceNamed(p, name)
			if err != nil {
				return err
			}
			chosen = append(chosen, *s)
		}
	}
	formats := map[string]source.Format{}
	report := pinsReport{Sources: []pinReport{}, Changes: []project.LineChange{}}
	var failed []error
	for i := range chosen {
		one, format, err := pinOne(ctx, p, &chosen[i], told, len(told.sourceNames) > 0)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if report.Sources = append(report.Sources, one); one.Changed {
			formats[one.Source] = format
		}
	}
	if err := errors.Join(failed...); err != nil {
		return err // of several sources all are written, or none
	}
	changes, err := p.Dir.Pin(formats, told.dry)
	if err != nil {
		return err
	}
	report.Changes = append(report.Changes, changes...)
	report.Written = len(changes) > 0 && !told.dry
	if a.json {
		return a.printJSON(report)
	}
	a.tellPinned(p.Dir.Config(), report)
	return nil
}

// pinOne finds the format of a source. A source without files is left alone,
// unless it was named.
func pinOne(ctx context.Context, p *project.Project, s *mapping.Source, told *pinning, named bool) (pinReport, source.Format, error) {
	report := pinReport{Source: s.Name, Format: mapping.FormatYAML(s.Format)}
	if s.Postgres != nil && named {
		return report, s.Format, &diagnostic.Error{File: p.Dir.Config(), Line: s.Line, Msg: fmt.Sprintf("source %q: is a query, which has no format", s.Name)}
	} else if s.Postgres != nil {
		return report, s.Format, nil
	}
	files, err := p.Dir.Files(s.Files)
	if told.like != "" {
		files, err = []string{told.like}, nil
	}
	switch {
	case err != nil:
		return report, s.Format, err
	case len(files) == 0 && named:
		return report, s.Format, &diagnostic.Error{File: p.Dir.Config(), Line: s.Line, Msg: fmt.Sprintf("source %q: no file matches %s", s.Name, s.Files),
			Hint: "--like FILE takes the format of a file that is elsewhere"}
	case len(files) == 0:
		return report, s.Format, nil
	}
	kept := s.Format // what is not looked for again
	if told.force {
		kept = source.Format{Decimal: kept.Decimal, Names: kept.Names, Sheet: kept.Sheet}
	}
	kept = over(mapping.Without(kept, told.leave...), told.given)
	finder := &ingest.Finder{Dir: p.Dir, Limits: p.Limits, Given: kept, Leave: told.leave, Choices: told.choices}
	found, err := finder.Find(ctx, s, files)
	if err != nil {
		return report, s.Format, err
	}
	wanted := over(found, kept) // as somebody wrote it: cp1252 stays cp1252
	report.Files, report.Format = len(files), mapping.FormatYAML(wanted)
	report.Changed = report.Format != mapping.FormatYAML(s.Format)
	return report, wanted, nil
}

// over gives a format with what another says in its place.
func over(f, other source.Format) source.Format {
	made, _ := mapping.Agree(other, f)
	return made
}

// tellPinned prints the lines that changed, as a comparison of files shows them.
func (a *app) tellPinned(file string, report pinsReport) {
	for _, change := range report.Changes {
		a.say("%s:%d", file, change.Line)
		for _, line := range change.Removed {
			a.say("-%s", line)
		}
		for _, line := range change.Added {
			a.say("+%s", line)
		}
	}
	for _, one := range report.Sources {
		switch {
		case one.Files == 0:
			a.say("source %s: no files yet, nothing to pin", one.Source)
		case !one.Changed:
			a.say("source %s: already pinned: %s", one.Source, one.Format)
		case report.Written:
			a.say("source %s: pinned as in %s", one.Source, count(one.Files, "file"))
		default:
			a.say("source %s: would be pinned as in %s; nothing was written", one.Source, count(one.Files, "file"))
		}
	}
}
