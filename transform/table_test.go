package transform

import (
	"context"
	"math"
	"slices"
	"testing"

	"tavolo/ingest/lake"
)

// asEarlier is a table as a version of the program stored it before columns came to it.
func (t table[T]) asEarlier() table[T] {
	return table[T]{t.name, slices.DeleteFunc(slices.Clone(t.columns), func(c column[T]) bool { return c.came })}
}

// store makes rows the whole content of the table, in their order.
func (t table[T]) store(ctx context.Context, l *lake.Lake, rows []T, summary map[string]string) error {
	w, err := t.writing(l, rows, summary)()
	if err != nil {
		return err
	}
	return w.commit(ctx, l)
}

// What an earlier version of the program stored goes on to be read: nobody begins anew, and
// what has been disclosed stays known.
func TestTablesOfAnEarlierVersionAreRead(t *testing.T) {
	if len(disclosedTable.asEarlier().columns) == len(disclosedTable.columns) || len(cellTable.asEarlier().columns) == len(cellTable.columns) {
		t.Fatal("nothing has come to the tables")
	}
	l := newLake(t, map[string][]event{"interactions": fewEverywhere(1)})
	runJob(t, newJob(t, l, nil))
	known, _, err := disclosedTable.load(t.Context(), l)
	if err != nil || len(known) == 0 {
		t.Fatalf("%d figures are known: %v", len(known), err)
	}
	cells, snapshot, err := cellTable.load(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	if err := disclosedTable.asEarlier().store(t.Context(), l, known, nil); err != nil {
		t.Fatal(err)
	}
	if err := cellTable.asEarlier().store(t.Context(), l, cells, snapshot.Summary); err != nil {
		t.Fatal(err)
	}
	earlier, _, err := cellTable.load(t.Context(), l)
	if err != nil || len(earlier) != len(cells) {
		t.Fatalf("%d figures, not %d: %v", len(earlier), len(cells), err)
	}
	for i := range earlier {
		if !math.IsNaN(earlier[i].RoundedTo) || earlier[i].Class != cells[i].Class {
			t.Fatalf("%+v was stored as %+v", earlier[i], cells[i])
		}
	}
	again := newJob(t, l, nil)
	again.Whole = true
	runJob(t, again)
	now, _, err := disclosedTable.load(t.Context(), l)
	if err != nil || len(now) != len(known) {
		t.Errorf("%d figures are known, and %d were: %v", len(now), len(known), err)
	}
}
