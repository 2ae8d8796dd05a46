package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/kpi"
	"tavolo/transform/own"
)

func (a *app) kpiCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "kpi",
		GroupID: "ask",
		Short:   "See what the indicators mean, where a value comes from, and check your own",
		Long: `kpi is about the indicators: the built-in ones, and those that the project adds in
kpis.yml and kpis/.

  tavolo kpi list                             all of them, by theme
  tavolo kpi show ID                          what one measures, what it does not, its SQL
  tavolo kpi explain ID --territory 058 --month 2024-03
                                              where a value comes from
  tavolo kpi check                            everything that is against your own

Exit status: see the help of each.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, sub := range []*cobra.Command{a.kpiListCommand(), a.kpiShowCommand(), a.kpiExplainCommand(), a.kpiCheckCommand()} {
		sub.Args = usageArgs(sub.Args)
		cmd.AddCommand(sub)
	}
	return cmd
}

// knownIndicators gives the project's indicators, or the built-in ones where
// there is no project.
func (a *app) knownIndicators() (*own.Indicators, error) {
	if a.maybeProject() == nil {
		builtIn, err := builtInIndicators()
		return &own.Indicators{Catalogue: builtIn}, err
	}
	p, err := a.open()
	if err != nil {
		return nil, err
	}
	return a.indicators(p)
}

// findIndicator gives the entry with an id, or says which one may be meant.
func findIndicator(c *kpi.Catalogue, id string) (*kpi.Indicator, error) {
	if k, ok := c.Indicator(id); ok {
		return k, nil
	}
	var ids []string
	for _, k := range c.Indicators {
		ids = append(ids, k.ID)
	}
	hint := diagnostic.DidYouMean(id, ids)
	if hint == "" {
		hint = `"tavolo kpi list" names them`
	}
	return nil, diagnostic.Hinted(fmt.Errorf("indicator %q: no such indicator", id), hint)
}

// languageFlag adds --lang to a command; the caller checks it with checkLanguage.
func languageFlag(cmd *cobra.Command, lang *string) {
	cmd.Flags().StringVar(lang, "lang", "en", "language of the texts: it or en")
}

func checkLanguage(cmd *cobra.Command, lang string) error {
	if lang != "it" && lang != "en" {
		return usage(cmd, fmt.Errorf("--lang %q: it is it or en", lang))
	}
	return nil
}
