package reports

import (
	"math"
	"path"
	"strconv"
	"strings"

	"tavolo/reports/export"
	"tavolo/reports/html"
)

// export writes the rows of a table into a file beside the page and leads to it.
// The file holds what the table shows: withheld figures stay withheld.
func (b *builder) export(id string, t *html.Table) *html.Table {
	if t == nil {
		return nil
	}
	file := strings.TrimSuffix(b.path, ".html") + "-" + id + ".csv"
	b.exports[file] = export.Of(id, t, b.m).CSV(b.lang)
	t.CSV = path.Base(file)
	return t
}

// order is the key by which a column sorts a number; "" sorts last.
func order(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return ""
	}
	return strconv.FormatFloat(value, 'g', 7, 64)
}
