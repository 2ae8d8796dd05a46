// Package subset holds SQL models to the part of SQL that DuckDB and Trino
// share, and to reading relations by name.
//
// A [Query] is judged by the tree that the engine's own parser gives, so that
// neither spelling nor comments nor quotes can hide anything. What is allowed is
// listed, and everything else is refused, the harmless and the unknown among it:
// a function that a later engine brings cannot read a file before somebody has
// thought about it. The list is what the built-in models need, and its close kin.
//
// Refused besides, because a published number would suffer: a division whose
// divisor may be 0, and functions whose answer depends on the clock, on chance
// or on the order of rows.
package subset

// functions are the functions and operators that may be called; immutable. They
// mean the same in both engines and depend on nothing but their arguments.
var functions = words(`
	+ - * / % || ~~ !~~ like_escape not_like_escape
	nullif least greatest abs sign round floor ceil ceiling mod
	lower upper trim ltrim rtrim length substr substring replace strpos concat
	date_trunc date_diff date_part year quarter month day hour minute second timezone
	to_seconds to_minutes to_hours to_days to_weeks to_months to_quarters to_years
	count count_star sum min max bool_and bool_or
	row_number rank dense_rank ntile lag lead first_value last_value`)

// expressions are the kinds of expressions that there may be; immutable. Calls,
// casts and stars are looked at closer.
var expressions = words(`
	COLUMN_REF VALUE_CONSTANT FUNCTION CASE_EXPR OPERATOR_CAST SUBQUERY STAR
	COMPARE_EQUAL COMPARE_NOTEQUAL COMPARE_LESSTHAN COMPARE_GREATERTHAN COMPARE_LESSTHANOREQUALTO
	COMPARE_GREATERTHANOREQUALTO COMPARE_BETWEEN COMPARE_IN COMPARE_NOT_IN
	COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM
	CONJUNCTION_AND CONJUNCTION_OR OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE
	WINDOW_AGGREGATE WINDOW_ROW_NUMBER WINDOW_RANK WINDOW_RANK_DENSE WINDOW_NTILE WINDOW_LAG WINDOW_LEAD
	WINDOW_FIRST_VALUE WINDOW_LAST_VALUE`)

// clauses are the kinds of everything else in a query; immutable.
var clauses = words(`
	SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE
	BASE_TABLE JOIN SUBQUERY EMPTY EXPRESSION_LIST
	ORDER_MODIFIER LIMIT_MODIFIER DISTINCT_MODIFIER ORDER_DEFAULT ASCENDING DESCENDING`)

// types are what a value may be cast to; immutable.
var types = words(`TINYINT SMALLINT INTEGER BIGINT DECIMAL DOUBLE VARCHAR BOOLEAN DATE TIMESTAMP INTERVAL`)

// instant is the one such type whose name is of several words.
const instant = "TIMESTAMP WITH TIME ZONE"

// instead says what to write in place of a function that is often missed; immutable.
var instead = map[string]string{
	"avg":               "give the sum and the count; the catalogue divides them at every level",
	"median":            distributions,
	"quantile_cont":     distributions,
	"quantile_disc":     distributions,
	"approx_quantile":   distributions,
	"now":               clock,
	"today":             clock,
	"current_date":      clock,
	"get_current_time":  clock,
	"current_timestamp": clock,
	"ifnull":            "coalesce(…) means the same in every engine",
	"list":              "lists are not shared by the engines; group by what the list would hold",
	"list_value":        "lists are not shared by the engines; \"in (…)\" compares with several values",
	"any_value":         "min(…) gives the same value every time",
	"first":             "min(…) gives the same value every time",
	"datediff":          "date_diff('day', a, b) means the same in every engine",
}

const (
	distributions = "count the rows of each whole number; an entry with statistic: distribution takes the ranks"
	clock         = "params.as_of is the day of which the lake knows"
)
