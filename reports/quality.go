package reports

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/ingest/worklist"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

func (b *builder) qualityPage(p *html.Page, home html.Link) {
	p.Heading = b.m.T("nav.quality")
	p.Lead = b.m.T("quality.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: p.Heading, Current: true}}
	body := html.Quality{Sentences: slices.Concat(b.qualitySentences(), b.daysSentence(), b.restatedSentence()), Arrivals: b.arrivals(), Ledger: b.ledger(),
		Refused: b.refused(), Checks: b.checks(), Reading: b.m.T("quality.ledger.about"), Pack: b.x.isPack()}
	body.Restated = b.restated()
	if !body.Pack { // a pack names no sender
		body.Senders = b.refusedMatrix()
	}
	links := []string{"brief", b.m.T("quality.brief")}
	if len(body.Arrivals) > 0 || !body.Pack {
		links = append(links, "arrivals", b.m.T("arrivals.title"))
	}
	links = append(links, "ledger", b.m.T("quality.ledger"), "refused", b.m.T("quality.refused"))
	p.Contents = contents(append(links, "restated", b.m.T("restated"), "checks", b.m.T("quality.checks"))...)
	p.Body = body
}

// arrivals are the heat maps of what came when. A pack has none by source, which
// may name an office; it has the days of its own territories.
func (b *builder) arrivals() []html.Heat {
	var heats []html.Heat
	for _, heat := range b.arrivalHeats() {
		if heat != nil {
			heats = append(heats, *heat)
		}
	}
	if b.x.isPack() && b.x.home().kind != reference.LevelRegion {
		return heats
	}
	return append(heats, b.regionArrivals()...)
}

func (b *builder) arrivalHeats() []*html.Heat {
	if b.x.isPack() {
		return []*html.Heat{b.ownDays()}
	}
	return []*html.Heat{b.sourceArrivals(), b.dayArrivals(), b.daysByMonth()}
}

// tally is what became of the lines of some batches.
type tally struct {
	source, log                              string
	batches, unbalanced                      int
	lines, frame, blank, accepted, refused   int
	duplicate, refusedRecords, acceptRecords int
	latest                                   string
}

func (t *tally) add(e ledger.Entry) {
	t.batches++
	if e.Balance() != nil {
		t.unbalanced++
	}
	t.lines += e.Lines
	t.frame += e.Header + e.Preamble
	t.blank += e.Blank
	t.accepted += e.Accepted.Lines
	t.refused += e.Quarantined.Lines
	t.duplicate += e.Duplicate.Lines
	t.acceptRecords += e.Accepted.Records
	t.refusedRecords += e.Quarantined.Records
	t.latest = max(t.latest, e.LatestMonth)
}

// tallies sums the ledger by source, in the order in which sources first occur, and over all.
func (b *builder) tallies() (sources []tally, all tally) {
	at := map[[2]string]int{}
	for _, e := range b.x.Batches {
		key := [2]string{e.Source, e.Log}
		if _, ok := at[key]; !ok {
			at[key] = len(sources)
			sources = append(sources, tally{source: e.Source, log: e.Log})
		}
		sources[at[key]].add(e)
		all.add(e)
	}
	return sources, all
}

func (b *builder) qualitySentences() []html.Sentence {
	_, all := b.tallies()
	lines := html.Sentence{Lead: b.m.Plural("quality.sentence.lines", all.lines), Text: b.m.Plural("quality.sentence.balance", all.batches),
		Mark: html.Mark{Kind: "met", Tone: "better", Text: b.m.T("quality.mark.balanced")}}
	if all.unbalanced > 0 {
		lines.Mark = html.Mark{Kind: "missed", Tone: "worse", Text: b.m.T("quality.mark.unbalanced")}
		lines.Text = b.m.Plural("quality.sentence.unbalanced", all.unbalanced)
	}
	refused := html.Sentence{Lead: b.m.Plural("quality.sentence.refused", all.refusedRecords),
		Text: b.m.T("quality.sentence.share", "share", b.ofShare(part(all.refusedRecords, all.refusedRecords+all.acceptRecords))),
		Mark: html.Mark{Kind: "common", Tone: "neutral", Text: b.m.T("quality.mark.refused")}}
	failed := 0
	for _, check := range b.x.Checks {
		if check.Rows > 0 {
			failed++
		}
	}
	checks := html.Sentence{Lead: b.m.Plural("quality.sentence.checks", len(b.x.Checks)), Text: b.m.T("quality.sentence.hold"),
		Mark: html.Mark{Kind: "met", Tone: "better", Text: b.m.T("quality.mark.hold")}}
	if failed > 0 {
		checks.Text = b.m.Plural("quality.sentence.fail", failed)
		checks.Mark = html.Mark{Kind: "missed", Tone: "worse", Text: b.m.T("quality.mark.fail")}
	}
	return []html.Sentence{lines, refused, checks}
}

// sourceCell names a source; a pack knows none.
func (b *builder) sourceCell(source string) html.Cell {
	if source == "" {
		return html.Cell{Text: b.m.T("pack.sources"), Plain: term("all")}
	}
	return html.Cell{Text: source, Plain: verbatim(source)}
}

// logCell names a log.
func (b *builder) logCell(log string) html.Cell {
	return html.Cell{Text: b.item(string(kpi.ByLog), log), Plain: coded(log)}
}

func part(some, all int) float64 {
	if all == 0 {
		return absentCell("", "").Value
	}
	return float64(some) / float64(all)
}

func (b *builder) ledger() *html.Table {
	t := &html.Table{Caption: b.m.T("quality.ledger.caption"), Sortable: true,
		Columns: b.columns("col.source", "col.log", "#col.batches", "#col.lines", "#col.accepted",
			"#col.refused", "#col.duplicate", "#col.frame", "#col.blank", "#col.refused_share", "col.balance")}
	sources, _ := b.tallies()
	for _, s := range sources {
		balance := html.Cell{Mark: &html.Mark{Kind: "met", Tone: "better", Text: b.m.T("balance.yes")}, Plain: term("yes")}
		if s.unbalanced > 0 {
			balance.Mark, balance.Plain = &html.Mark{Kind: "missed", Tone: "worse", Text: b.m.T("balance.no")}, term("no")
		}
		refusedShare := part(s.refusedRecords, s.refusedRecords+s.acceptRecords)
		source := b.sourceCell(s.source)
		latest, _ := time.Parse("2006-01", s.latest) // of no file: zero, and so no month
		source.Also = second("latest_month", b.m.T("export.latest"), plainMonth(latest))
		if !latest.IsZero() {
			source.Sub = b.m.T("quality.until", "month", b.month(latest))
		}
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{source, b.logCell(s.log), b.countCell(s.batches), b.countCell(s.lines),
			b.countCell(s.accepted), b.countCell(s.refused), b.countCell(s.duplicate), b.countCell(s.frame), b.countCell(s.blank),
			b.shareCell(refusedShare), balance}})
	}
	return b.exportAs("ledger", b.m.T("quality.ledger"), t)
}

func (b *builder) refused() *html.Table {
	if len(b.x.Refused) == 0 {
		return nil
	}
	t := &html.Table{Caption: b.m.T("quality.refused.caption"), Sortable: true, Filter: b.m.T("quality.refused.filter"),
		Columns: b.columns("col.source", "col.log", "col.column", "col.rule", "#col.records", "col.example")}
	for _, r := range b.x.Refused {
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{b.sourceCell(r.Source), b.logCell(r.Log),
			{Text: r.Column, Plain: verbatim(r.Column)}, {Text: b.ruleName(r.Rule), Plain: coded(r.Rule)}, b.countCell(int(r.Records)),
			b.refusedExample(r)}})
	}
	return b.exportAs("refused", b.m.T("quality.refused"), t)
}

// refusedExample says of one of some refused rows why. Messages are English; in Italian it is what
// the work-list says that the office gets back, which needs the value: a message that has it
// begins with its column and the value in quotes.
func (b *builder) refusedExample(r result.RefusedCount) html.Cell {
	english := html.Cell{Text: r.Example, Lang: "en"}
	c, err := contract.Load(r.Log)
	if b.lang != "it" || r.Example == "" || err != nil || r.Column != "" && c.Column(r.Column) == nil {
		return english
	}
	refusal := ledger.Refusal{Rule: r.Rule, Column: r.Column, Message: r.Example}
	if after, hasValue := strings.CutPrefix(r.Example, r.Column+": "); hasValue {
		if quoted, err := strconv.QuotedPrefix(after); err == nil {
			refusal.Value, _ = strconv.Unquote(quoted)
		}
	}
	return html.Cell{Text: worklist.Reason(c, refusal)}
}

func (b *builder) checks() *html.Table {
	t := &html.Table{Caption: b.m.T("quality.checks.caption"),
		Columns: b.columns("col.check", "col.holds", "#col.offending")}
	for _, check := range b.x.Checks {
		mark, holds := &html.Mark{Kind: "met", Tone: "better", Text: b.m.T("balance.yes")}, "yes"
		if check.Rows > 0 {
			mark, holds = &html.Mark{Kind: "missed", Tone: "worse", Text: b.m.T("balance.no")}, "no"
		}
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: b.checkTitle(check.Name, check.Title), Sub: check.Name, Plain: coded(check.Name), Also: second("name", b.m.T("export.name"), verbatim(check.Name))},
			{Mark: mark, Plain: term(holds)}, b.countCell(int(check.Rows))}})
	}
	return b.exportAs("checks", b.m.T("quality.checks"), t)
}
