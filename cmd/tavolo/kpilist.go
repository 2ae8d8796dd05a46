package main

import (
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavolo/transform/kpi"
	"tavolo/transform/own"
)

func (a *app) kpiListCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the indicators, by theme",
		Long: `list names every indicator with its theme, title, unit, better direction, target and
the mart that counts it; those that the project adds are marked with +. Without a project
it lists the built-in ones.

Exit status: 0 done · 1 error · 2 usage.`,
		Example: "  tavolo kpi list --lang it\n  tavolo kpi list --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLanguage(cmd, lang); err != nil {
				return err
			}
			indicators, err := a.knownIndicators()
			if err != nil {
				return err
			}
			return a.listIndicators(indicators, lang)
		},
	}
	languageFlag(cmd, &lang)
	return cmd
}

// listedIndicator is one indicator in the JSON that list prints.
type listedIndicator struct {
	ID        string   `json:"id"`
	Theme     string   `json:"theme"`
	Title     string   `json:"title"`
	Unit      string   `json:"unit"`
	Direction string   `json:"direction"`
	Target    *float64 `json:"target,omitempty"`
	TargetOn  string   `json:"target_on,omitempty"`
	Mart      string   `json:"mart"`
	Own       bool     `json:"own"`
}

func (a *app) listIndicators(indicators *own.Indicators, lang string) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	if !a.json {
		fmt.Fprintln(w, "id\ttheme\ttitle\tunit\tbetter\ttarget\tmart")
	}
	for _, theme := range indicators.Catalogue.Themes {
		for _, k := range indicators.Catalogue.Of(theme.ID) {
			isOwn := slices.ContainsFunc(indicators.Entries, func(own *kpi.Indicator) bool { return own.ID == k.ID })
			if a.json {
				one := listedIndicator{k.ID, k.Theme, k.Title.In(lang), string(k.Unit), string(k.Direction), k.Target, k.TargetOn, k.Mart, isOwn}
				if err := a.printJSON(one); err != nil {
					return err
				}
				continue
			}
			mark := ""
			if isOwn {
				mark = "+"
			}
			fmt.Fprintf(w, "%s%s\t%s\t%s\t%s\t%s\t%s\t%s\n", mark, k.ID, k.Theme, k.Title.In(lang), k.Unit, k.Direction, targetText(k, lang), k.Mart)
		}
	}
	return w.Flush()
}

// targetText writes a target, and of a distribution what it is about.
func targetText(k *kpi.Indicator, lang string) string {
	if k.Target == nil {
		return ""
	}
	text := k.Unit.Format(*k.Target, lang)
	if k.Statistic == kpi.Distribution {
		text += " (" + k.TargetOn + ")"
	}
	return text
}
