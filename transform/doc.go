// Package transform computes what is published from what was ingested.
//
// A [Job] takes the lake as it is, a snapshot of each log, and runs over it
//
//	staging  the newest version of every row        sql/staging
//	marts    counts by month, territory and more    sql/marts
//	checks   queries that must find nothing         sql/checks
//	figures  the indicators of the catalogue, for every territory and period,
//	         with intervals, funnels, control charts and disclosure control
//
// and, only when every check holds, stores the marts and the figures as tables
// of the lake. Whatever fails before that leaves the last results in force.
//
// A project may add marts and entries of its own (package own). They are judged
// by their texts before they run and by their rows before anything is stored, and
// from then on nothing tells them from the built-in ones. The catalogue is stored
// with the figures, so that a report says what was meant when they were computed.
//
// SQL counts and Go judges. The counts of a mart are added up by province,
// month (or run of months) and item, once for all indicators of a mart; exact
// whole numbers come out, which add up to regions, Italy, quarters and years
// without a rounding. A value is a sum over a sum, never an average of rates,
// and a median is the nearest rank of the counts put together. Every judgement
// of such totals is a pure function of package stats.
//
// What is still running counts: a median or 90th percentile is that of all
// observations, the open ones taken as longer than any that has ended. Left out,
// they would make every recent month look quick. Where the rank falls among
// them, there is no value yet.
//
// What is withheld (package disclosure) is withheld before territories and
// months are compared, of all indicators together whose marts hold the same counts
// (which is looked up in the marts, a project's own among them): a withheld figure
// has no point in any chart, and nothing that is compared, standardised or
// shrunk knows more of it than what the others leave of the country's total.
//
// Protected are the tables of figures, so whatever is published from them. The
// logs and the marts in the lake are not: they hold small counts as they are, and
// whoever may ask them in SQL sees them. They are for analysts inside.
//
// The same lake, references, models, catalogue and parameters give the same
// rows, whatever the machine, the clock and the run's id.
package transform
