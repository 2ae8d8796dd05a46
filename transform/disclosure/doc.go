// Package disclosure withholds the figures from which something about a single
// person could be learnt, and those from which a withheld figure could be
// computed.
//
// # What is protected
//
// A count from 1 to k − 1 is small; 0 is not, it says that there is nobody. A
// figure is withheld for its own sake (primary) when one of the counts that it
// reveals is small: of a share those who have what it counts and those who have
// it not, of a ratio both its terms, of a median the number of observations. Its
// reason, few or all_but_few, is published, and says that much; where the reasons of
// several together would say a number, the one of their sum is published as withheld for
// the others' sake, which is as true.
//
// Other figures are withheld for the sake of these (secondary), until of no small
// count that is withheld its number can be computed:
//
//   - no equation, and no combination of equations however many, has it as its
//     only unknown: the system of all equations is solved, and leaves it open;
//   - nor do bounds leave one number alone: from 1 to k − 1 for what is few, not
//     below 0 for everything, carried from equation to equation until nothing
//     changes. Two or more numbers stay possible.
//
// A share stands without its counts, rounded, when these are withheld for the sake of others
// and are not small; see below.
//
// A median stands without the number of its observations, and so do the other quantiles
// and the limits: withheld for the sake of others it loses that number alone, which is a
// count like any other, and the cheapest that there is. Only one that counts fewer than 2k,
// of parts that are all small, is then withheld whole: else it would say by itself that a
// figure of which nothing is shown counts fewer than k.
//
// # Shares that are rounded
//
// Of a share x/n that is rounded neither x nor n is shown, nor anything that is computed from
// them: no interval, no expected number, no standardised value, no place in a funnel. The
// step is at least one case, 1/n or more, see [Rounding]: then there is, whatever n is, for
// each step a whole x whose share is rounded to it. So the value alone rules out no n. It
// does with what else is known:
//
//   - who knows x exactly knows n to about n/x of a step's worth of cases, which is a single
//     number where nearly all have what is counted; who knows n − x likewise;
//   - who knows n within k, since so few gave up of those who came, knows x within a step and
//     k cases, and from the x of other territories and months perhaps more;
//   - the step tells between which numbers n is (10 to 19, 20 to 49, …), the class on which
//     side of the catalogue's minimum, and that the share is not withheld that neither x nor
//     n − x is small.
//
// All of this is in the bounds: x, n − x and n of a rounded share narrow each other by
// (2s − 1) n ≤ 2px < (2s + 1) n, where it is s of p steps, as whole numbers. Where that leaves
// one number of a small count, the share is withheld whole, or another figure if that costs
// less. A share of fewer than 2k of parts that are all small is withheld whole, like a
// median; of another one that is, nothing is taken to be said.
//
// # Against whom
//
// The attacker knows
//
//   - every number of every published table. An exact share and its denominator,
//     or its interval, give the numerator: so a figure reveals all its counts or none;
//   - every equation between them: a territory is the sum of its parts, all
//     together the sum of the items of a breakdown, a period the sum of its months,
//     however periods overlap; periods of the same months are the same figure; and
//     a column of a mart is the same count in every indicator that is made from it,
//     as it stands or as a part of another, and so is a column of another mart that
//     holds the same counts;
//   - that a stock is what it was before with what came and without what left;
//   - that an item of a breakdown is the same of two columns, as contacts through a
//     patronato are, of each patronato, its contacts; where the two differ of other
//     items, in twenty places and runs at least: fewer are alike by chance;
//   - that a column is, all together, what another counts of one item or of some, as contacts
//     on dedicated channels are of those of three channels; that it is what two others count,
//     or one with what is open of it, as contacts are those given up and those with or
//     without an answer; and that a stock is, in the end, what is open of all months. Package
//     transform finds these in four months or more: in what has just begun, all numbers add up
//     somehow;
//   - k, and the reason of every figure that is withheld.
//
// Nothing published besides the figures may tell more than they do: previous
// values, funnels, charts, shrunk values and decompositions are computed from
// the figures that are shown. Whether a quantile is there tells how many
// observations are open, and with their class, which says whether they are enough, how many
// there are where that is not said; see the bounds of [Cell]. Control charts of medians are
// made of values alone, and so are those of shares; only a number that is shown, or the
// least that a rounding leaves, makes a month one of few cases.
//
// Not assumed are knowledge of single persons, and of how the figures to be withheld
// were chosen among several that would do, so a secondary figure is taken to be
// anything; that a quantile tells by its size how many are observed: the median of a whole
// lies between those of its parts however many these count; that counts are whole numbers,
// beyond what the bounds above say: an attacker who searches all whole solutions can in
// sparse tables rule out some of the values from 1 to k − 1, and now and then all but one
// (the tests do this, and say how often); counts that no table holds, like the difference
// of two shares of different denominators; that one column counts fewer than another; and that a
// column is the sum of more than two others, but for those that are open.
//
// The points of an amount add up with the weights of its services, which are known: two
// services that alone are withheld could be computed from the points and the number of
// all. The expected number of a standardised value weighs the strata of a territory, some
// of which may be withheld items; it is published whole, which blunts that equation, and
// it is not among those solved.
//
// # Publications that follow one another
//
// Who keeps the publications has what each of them showed. Rows that come late change a few
// figures, and what is withheld with these may be others than before: one publication would
// show what the other withholds, and the two together give away what both protect. So a
// figure that counts what it did is withheld when it was, see [Before]; and one that has been
// shown protects nothing any more: it is withheld only where nothing else is left, which
// [Outcome] counts. A share that was withheld whole is not rounded later, and what is said by
// one that was rounded is known for good. What a lake has made known is in the lake: one that
// is built anew from the same files begins anew.
//
// A figure that has changed is another one. How many rows came late to a figure that is shown
// before and after is said by the difference, and is not protected.
//
// # How
//
// In rounds, until nothing changes: first every equation with a single unknown gets another,
// the cheapest for readers, which is mostly the smallest, with what another column tells of it
// and would have to go too; then bounds are worked out, and where they leave one number, more
// is withheld in the equation that narrowed it, or in those behind it where that was in vain;
// then the equations of all columns are solved together, and for a small count that follows an
// exchange is made possible, see exchange, or of what tells it in another column; or more is
// withheld around it, at last all. Where reasons tell a number with the figures that are known
// to count nobody, the sum's reason is not said any more.
// So none is left: a count of which everything around is withheld can be twice what it is.
//
// Twelve months that end with each month overlap in eleven, and one after another
// give each month away. They are shown where all their months are; those that end
// now and a year ago, which readers compare, are treated like calendar years.
//
// The floor of the threshold is Italy's: Regole deontologiche per trattamenti a
// fini statistici (SISTAN), GU 11 of 14 January 2019, art. 5: never below 3.
package disclosure
