package kpi

import (
	"errors"
	"fmt"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/strictyaml"
)

// Parse reads a catalogue and checks it. File is the name to use in messages.
// All complaints are reported together, joined; each is a *diagnostic.Error.
// Fields that the text leaves out have their defaults afterwards.
func Parse(file string, text []byte) (*Catalogue, error) {
	c, err := read(file, text)
	if err != nil {
		return nil, err
	}
	if err := c.validate(file, c.Themes); err != nil {
		return nil, err
	}
	return c, nil
}

// Extend reads a catalogue that adds to c, as an analyst's own does: its
// entries may use the themes of c and must not repeat its ids. It gives the
// union, own entries last, and leaves c alone.
func (c *Catalogue) Extend(file string, text []byte) (*Catalogue, error) {
	own, err := read(file, text)
	if err != nil {
		return nil, err
	}
	all := &Catalogue{
		Themes:     append(append([]Theme(nil), c.Themes...), own.Themes...),
		Indicators: append(append([]Indicator(nil), c.Indicators...), own.Indicators...),
	}
	var errs []error
	for i := range own.Themes {
		if _, ok := themeOf(c.Themes, own.Themes[i].ID); ok {
			errs = append(errs, complain(file, own.Themes[i].Position, "", "theme %q is already in the built-in catalogue", own.Themes[i].ID))
		}
	}
	for i := range own.Indicators {
		if _, ok := c.Indicator(own.Indicators[i].ID); ok {
			errs = append(errs, complain(file, own.Indicators[i].At("id"), "", "indicator %q is already in the built-in catalogue", own.Indicators[i].ID))
		}
	}
	errs = append(errs, own.validate(file, all.Themes))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return all, nil
}

// WithTargets gives the catalogue with other targets: id → value as it is
// stored. An id that is unknown, or an indicator without a better direction, is
// an error that names it. It leaves c alone.
func (c *Catalogue) WithTargets(targets map[string]float64) (*Catalogue, error) {
	changed := &Catalogue{Themes: c.Themes, Indicators: append([]Indicator(nil), c.Indicators...)}
	var errs []error
	for _, id := range sortedKeys(targets) {
		indicator, ok := changed.Indicator(id)
		if !ok {
			errs = append(errs, diagnostic.Hinted(fmt.Errorf("target of %q: no such indicator", id), diagnostic.DidYouMean(id, c.ids())))
			continue
		}
		value := targets[id]
		indicator.Target = &value
		if problem := indicator.targetProblem(); problem != "" {
			errs = append(errs, fmt.Errorf("target of %q: %s", id, problem))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return changed, nil
}

func read(file string, text []byte) (*Catalogue, error) {
	var c Catalogue
	if err := strictyaml.Decode(file, text, &c); err != nil {
		return nil, err
	}
	for i := range c.Indicators {
		c.Indicators[i].complete()
	}
	return &c, nil
}

// complete fills in the defaults that the grammar states.
func (i *Indicator) complete() {
	if i.Direction == "" {
		i.Direction = None
	}
	if i.Disclosure == "" {
		i.Disclosure = Persons
	}
	if i.MinDenominator == 0 && !(i.Statistic == Sum && i.Count == "") {
		i.MinDenominator = 30
	}
	if i.Levels == nil {
		i.Levels = []string{"italy", "region", "province"}
	}
	if i.Statistic == Distribution && i.TargetOn == "" {
		i.TargetOn = "median"
	}
	if i.Open != "" && i.OpenIs == "" {
		i.OpenIs = Longer
	}
	if i.Interval == "" {
		switch {
		case i.Statistic == Distribution:
			i.Interval = Median
		case i.Statistic == Sum, i.Statistic == StockDays:
			i.Interval = NoInterval
		case i.Unit == Percent:
			i.Interval = Wilson
		default:
			i.Interval = Byar
		}
	}
}

func (c *Catalogue) ids() []string {
	ids := make([]string, len(c.Indicators))
	for i := range c.Indicators {
		ids[i] = c.Indicators[i].ID
	}
	return ids
}
