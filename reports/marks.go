package reports

import (
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// variation judges the course of a control chart. A run chart, which has no
// centre, is not judged.
func (w words) variation(c *result.Chart) *html.Mark {
	if c == nil || !known(c.Centre) {
		return nil
	}
	switch c.Variation {
	case "improvement":
		return &html.Mark{Kind: "improvement", Tone: "better", Text: w.m.T("variation.improvement"), Long: w.rule(c.Rule)}
	case "concern":
		return &html.Mark{Kind: "concern", Tone: "worse", Text: w.m.T("variation.concern"), Long: w.rule(c.Rule)}
	case "change":
		return &html.Mark{Kind: "change", Tone: "neutral", Text: w.m.T("variation.change"), Long: w.rule(c.Rule)}
	}
	if c.Trial {
		return &html.Mark{Kind: "trial", Tone: "neutral", Text: w.m.T("variation.trial")}
	}
	return &html.Mark{Kind: "common", Tone: "neutral", Text: w.m.T("variation.common")}
}

// rule is the rule of a signal in words.
func (w words) rule(rule string) string {
	switch rule {
	case "outside":
		return w.m.T("rule.outside")
	case "shift":
		return w.m.T("rule.shift")
	case "trend":
		return w.m.T("rule.trend")
	case "two_of_three":
		return w.m.T("rule.two_of_three")
	}
	return ""
}

// lasting is the rule of the signal at the end of a chart. One that has lasted for
// months need not have been outside the limits in each: then that is said of the last.
func (w words) lasting(c *result.Chart) string {
	if c.Rule == "outside" && !c.Since.Equal(lastMature(c).Start) {
		return w.m.T("rule.outside.lasting")
	}
	return w.rule(c.Rule)
}

// assurance judges a target against the limits of a control chart.
func (w words) assurance(c *result.Chart) *html.Mark {
	if c == nil {
		return nil
	}
	switch c.Assurance {
	case "met":
		return &html.Mark{Kind: "met", Tone: "better", Text: w.m.T("assurance.met")}
	case "missed":
		return &html.Mark{Kind: "missed", Tone: "worse", Text: w.m.T("assurance.missed")}
	case "hit_or_miss":
		return &html.Mark{Kind: "mixed", Tone: "neutral", Text: w.m.T("assurance.mixed")}
	}
	return nil
}

// position judges a place in a funnel.
func (w words) position(i *kpi.Indicator, position string) *html.Mark {
	switch position {
	case "above998":
		return &html.Mark{Kind: "far-above", Tone: tone(i, true), Text: w.m.T("position.far_above")}
	case "above95":
		return &html.Mark{Kind: "above", Tone: tone(i, true), Text: w.m.T("position.above")}
	case "below998":
		return &html.Mark{Kind: "far-below", Tone: tone(i, false), Text: w.m.T("position.far_below")}
	case "below95":
		return &html.Mark{Kind: "below", Tone: tone(i, false), Text: w.m.T("position.below")}
	case "inside":
		return &html.Mark{Kind: "common", Tone: "neutral", Text: w.m.T("position.inside")}
	}
	return nil
}

// tone tells whether being above is good, bad or neither for an indicator.
func tone(i *kpi.Indicator, above bool) string {
	switch {
	case i.Direction == kpi.None:
		return "neutral"
	case (i.Direction == kpi.Up) == above:
		return "better"
	default:
		return "worse"
	}
}

// colour is the custom property of a tone.
func colour(tone string) string {
	switch tone {
	case "better":
		return "var(--better)"
	case "worse":
		return "var(--worse)"
	}
	return "var(--change)"
}
