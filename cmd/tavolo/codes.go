package main

import (
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavolo/ingest/contract"
	"tavolo/ingest/diagnostic"
	"tavolo/ingest/reference"
)

func (a *app) codesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "codes [KIND [NAME]]",
		GroupID: "ask",
		Short:   "List the services, patronati and other codes that a row may name, or find one",
		Long: `codes lists what the columns of a file may hold that name a thing of the reference tables:
service, patronato, office, measure, province, region, territory. With a NAME it shows
what that text is read as, in the spellings that the tables know. Without a KIND it lists
the kinds, with how many there are of each: a project adds its own in reference/.

Exit status: 0 done · 1 no such code · 2 usage.`,
		Example: "  tavolo codes service\n  tavolo codes patronato \"50&più\"",
		Args:    cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			refs, err := a.references(a.maybeProject())
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.listKinds(refs)
			}
			kind := args[0]
			if !slices.Contains(contract.Kinds(), kind) {
				return usage(cmd, diagnostic.Hinted(fmt.Errorf("kind %q: no such kind of code; there are %v", kind, contract.Kinds()),
					diagnostic.DidYouMean(kind, contract.Kinds())))
			}
			codes := refs.Codes(kind)
			if len(args) == 2 {
				code, ok := refs.Resolve(kind, args[1], a.clock())
				codes = slices.DeleteFunc(codes, func(c reference.Code) bool { return c.Code != code })
				if !ok || len(codes) == 0 {
					return diagnostic.Hinted(fmt.Errorf("%s %q: no such %s", kind, args[1], kind), refs.Suggest(kind, args[1]))
				}
			}
			return a.listCodes(codes)
		},
	}
}

// codeReport is one code in the JSON that codes prints.
type codeReport struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func (a *app) listCodes(codes []reference.Code) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	for _, c := range codes {
		if a.json {
			if err := a.printJSON(codeReport(c)); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%s\t%s\n", c.Code, c.Name)
	}
	return w.Flush()
}

// kindReport is one kind of code in the JSON that codes prints.
type kindReport struct {
	Kind  string `json:"kind"`
	Codes int    `json:"codes"`
}

func (a *app) listKinds(refs *reference.Tables) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	for _, kind := range contract.Kinds() {
		k := kindReport{kind, len(refs.Codes(kind))}
		if a.json {
			if err := a.printJSON(k); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%s\t%6s\n", k.Kind, group(k.Codes))
	}
	return w.Flush()
}
