package lake

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// slice is the rows of a batch that belong to one partition.
type slice struct {
	day arrow.Date32
	selection
}

// split files rows of a batch by the value of a date column, days ascending; all
// are of day 0 where column is -1. Nil rows are all of them.
func split(rec arrow.RecordBatch, column int, rows []int32) []slice {
	if column < 0 {
		return []slice{{0, selection{rec, rows}}}
	}
	days := rec.Column(column).(*array.Date32).Date32Values()
	if rows == nil {
		rows = make([]int32, len(days))
		for i := range rows {
			rows[i] = int32(i)
		}
	}
	// Count, then fill: a batch of many months costs one allocation for its rows.
	counts := map[arrow.Date32]int{}
	last, run := days[rows[0]], 0
	for _, row := range rows {
		if days[row] != last {
			counts[last] += run
			last, run = days[row], 0
		}
		run++
	}
	counts[last] += run
	if len(counts) == 1 {
		if len(rows) == len(days) {
			rows = nil
		}
		return []slice{{last, selection{rec, rows}}}
	}
	parts := make([]slice, 0, len(counts))
	for day := range counts {
		parts = append(parts, slice{day: day})
	}
	slices.SortFunc(parts, func(a, b slice) int { return int(a.day) - int(b.day) })
	room := make([]int32, 0, len(rows))
	places := make(map[arrow.Date32]*slice, len(parts))
	for i := range parts {
		from := len(room)
		room = room[:from+counts[parts[i].day]]
		parts[i].selection = selection{rec, room[from:from:len(room)]}
		places[parts[i].day] = &parts[i]
	}
	part := &parts[0]
	for _, row := range rows {
		if part.day != days[row] {
			part = places[days[row]]
		}
		part.rows = append(part.rows, row)
	}
	return parts
}

// bytesOf estimates what the rows of a batch take in memory.
func bytesOf(rec arrow.RecordBatch) int64 {
	var total int64
	for _, column := range rec.Columns() {
		rows := int64(column.Len())
		switch c := column.(type) {
		case *array.String:
			total += rows * 4
			if rows > 0 {
				total += int64(len(c.ValueBytes()))
			}
		case *array.Dictionary:
			total += rows * 4
		default:
			if t, ok := column.DataType().(arrow.FixedWidthDataType); ok {
				total += rows * int64(t.BitWidth()) / 8
			}
		}
	}
	return total
}
