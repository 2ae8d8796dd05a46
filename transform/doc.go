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
// SQL counts and Go judges. Every total is a sum of the mart's counts, made in
// SQL and never an average of rates; every judgement of such totals is a pure
// function of package stats. What is withheld (package disclosure) is withheld
// before territories and months are compared: a withheld figure has no point in
// any chart. Only the common centre and dispersion of all territories know it,
// because a mean of the large ones alone would be unfair to the small.
//
// The same lake, references, models, catalogue and parameters give the same
// rows, whatever the machine, the clock and the run's id.
package transform
