package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/project"
	"tavolo/ingest/reference"
)

func (a *app) territoriesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "territories [NAME]",
		GroupID: "ask",
		Short:   "List regions and provinces, or find the one that a name means",
		Long: `territories lists the regions and provinces with the codes that figures go by. With a
NAME it shows what that text is read as: a code (058, 58), a sigla (RM), a name or an
alias (ROMA), upper or lower case, with or without accents. A region shows its provinces.
16 is the code of a region, and in a column of provinces the number of 016: it shows both.

Exit status: 0 done · 1 no such territory · 2 usage.`,
		Example: "  tavolo territories\n  tavolo territories NA\n  tavolo territories \"reggio emilia\"",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			refs, err := a.references(a.maybeProject())
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.listTerritories(refs.Territories())
			}
			found, err := findTerritory(refs, args[0])
			if err != nil {
				return err
			}
			return a.listTerritories(found)
		},
	}
}

// maybeProject gives the project, or nil where there is none: the reference
// tables can be asked without one.
func (a *app) maybeProject() *project.Project {
	if _, err := os.Stat(project.Dir(a.dir).Config()); err != nil {
		return nil
	}
	p, err := a.open()
	if err != nil {
		return nil
	}
	return p
}

// findTerritory gives the territory that a text means, with those beneath it. Where the
// text is its very code, as of a region, and a number that stands for a province elsewhere
// (16 for 016), that of the code comes first, and the province follows.
func findTerritory(refs *reference.Tables, name string) ([]reference.Territory, error) {
	var codes []string
	if _, ok := refs.Territory(name); ok {
		codes = append(codes, name)
	}
	for _, kind := range []string{reference.KindProvince, reference.KindRegion, reference.KindTerritory} {
		if code, ok := refs.Resolve(kind, name, clock()); ok {
			codes = append(codes, code)
			break
		}
	}
	var found []reference.Territory
	for _, code := range slices.Compact(codes) {
		for _, t := range refs.Territories() {
			if t.Code == code || t.Parent == code {
				found = append(found, t)
			}
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	var names []string
	for _, t := range refs.Territories() {
		names = append(names, t.Name)
	}
	return nil, diagnostic.Hinted(fmt.Errorf("territory %q: no such territory", name), diagnostic.DidYouMean(name, names))
}

// territoryReport is one territory in the JSON that territories prints.
type territoryReport struct {
	Code           string `json:"code"`
	Name           string `json:"name"`
	Sigla          string `json:"sigla,omitempty"`
	Level          string `json:"level"`
	Parent         string `json:"parent,omitempty"`
	NUTS           string `json:"nuts,omitempty"`
	Population     int64  `json:"population"`
	PopulationDate string `json:"population_date"`
}

func (a *app) listTerritories(list []reference.Territory) error {
	if a.json {
		encoder := json.NewEncoder(a.stdout)
		for _, t := range list {
			if err := encoder.Encode(territoryReport{
				t.Code, t.Name, t.Sigla, t.Level, t.Parent, t.NUTS, t.Population, t.PopulationDate.Format("2006-01-02"),
			}); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "code\tsigla\tname\tlevel\tresidents\tas of")
	for _, t := range list {
		indent := map[string]string{"region": "  ", "province": "    "}[t.Level]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%12s\t%s\n", t.Code, t.Sigla, indent+strings.TrimSpace(t.Name),
			t.Level, group(int(t.Population)), t.PopulationDate.Format("2006-01-02"))
	}
	return w.Flush()
}
