// Package kpi is the catalogue of indicators: what each one measures, in words
// for people and in names of columns for the program. It computes nothing.
//
// # The grammar of kpis.yml
//
// A catalogue is one YAML document with two lists. Every text is a mapping of
// the two languages, {it: …, en: …}, and both are required. An unknown key is
// an error that names its line. A project adds entries and themes of its own in a
// second document of the same grammar: see [Catalogue.Extend] and package own.
//
//	themes:                       # in the order in which reports show them
//	  - id: quality
//	    title: {it: …, en: …}
//	    description: {it: …, en: …}
//
//	indicators:                   # in the order in which reports show them
//	  - id: no_show_rate          # lower case, digits and _; unique; never reused for another meaning
//	    theme: quality            # the id of a theme
//	    title: {it: …, en: …}     # what a manager calls it, a noun phrase
//	    short: {it: …, en: …}     # at most 28 characters: column heads and tiles
//	    description: {it: …, en: …}   # what it measures and how it is counted
//	    not: {it: …, en: …}       # what it does not measure, and how it misleads
//	    mart: appointments        # the relation that computes it: sql/marts/appointments.sql
//	    statistic: rate           # rate, distribution, sum or stock_days, see below
//	    numerator: missed         # rate: the column to sum above the line; sum: the column to sum …
//	    denominator: decided      # … and below it; population with per_population
//	    numerator_text: {it: …, en: …}    # both in words, for "N of M"
//	    denominator_text: {it: …, en: …}  # of a sum, the events that it is over
//	    value: wait_days          # distribution: the column that holds the observed whole number …
//	    count: bookings           # … and the column that counts its observations; of a sum that is
//	                              # an amount and no count, the events that it is of
//	    open: open_bookings       # distribution, optional: counts what is still running (censored); it
//	                              # takes part in every quantile, at its end of the order
//	    open_is: longer           # than anything observed (default), or shorter (a notice never given)
//	    unit: percent             # see Unit
//	    direction: down           # which way is better: up, down, or none for context
//	    target: 0.076             # optional; as the value is stored: a share is 0.076, not 7.6
//	    target_on: p90            # distribution: what the target is about, median (default) or p90
//	    min_denominator: 30       # below it a value is marked small; default 30, of a sum of events none
//	    maturity_days: 30         # a period is immature until so many whole days have passed; default 0
//	    strata: [lead_band]       # columns of the mart within which it is standardised
//	    breakdowns: [patronato]   # see Breakdown
//	    undivided: [patronato]    # those of them that divide the numerator alone: an item has the
//	                              # denominator of all together
//	    levels: [italy, region]   # territory levels at which it means something; default all three
//	    interval: wilson          # wilson (default of a share), byar (of other rates), counts (of two counts
//	                              # neither of which is part of the other), median (of a distribution), none
//	    stock: true               # optional: the state at the end of a period, so months are not summed
//	                              # and its chart is a run chart, see Indicator.Chart
//	    per_population: true      # optional: the denominator is people, so months are not summed
//	    disclosure: none          # optional: counts that describe no person; default persons
//
// # The statistics
//
// A rate is the sum of its numerators over that of its denominators. A rate
// whose numerator and denominator are one column is a composition: how much of
// the whole each item of an undivided breakdown is.
//
// A distribution is the median and the 90th percentile of whole numbers, by the
// nearest rank. With the unit date the numbers are days since 1 January 1970,
// and the value is a date: with one observation, that of a milestone.
//
// A sum is a count or an amount and has nothing below the line. Where the mart
// has no row there is no data, which is not 0.
//
// The days of a stock (stock_days) are the stock that the numerator counts at
// the end of the period, over the mean daily flow that the denominator counts
// in the period: how many days of what comes in are lying there. The numerator
// is that of the last month, the denominator the sum of all months.
//
// # What a mart promises to its indicators
//
// A mart holds `month` (a date, the first of the month), `territory_code` (the
// finest that is known: a province, a region, or IT), one column for each
// breakdown and stratum that an entry names, and the counts. Counts of a flow
// add up over months, territories and items: a rate is the sum of its
// numerators over the sum of its denominators. For a distribution there is one
// row for each whole number observed, so that a median of any aggregate is
// exact; rows that only carry open counts have no value (null).
//
// An entry with stock describes the end of each month: the rows of the last
// month of a period stand for the period. An entry with per_population divides
// by the residents of the territory, from the reference table of territories:
// its denominator is called population, and the mart does not hold it.
package kpi
