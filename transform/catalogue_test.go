package transform

import (
	"reflect"
	"testing"

	"tavolo/transform/kpi"
)

// The catalogue comes back as it was, but for the places in its file.
func TestTheCatalogueIsStoredWithTheFigures(t *testing.T) {
	want := builtIn(t)
	l := newLake(t, nil)
	for _, store := range []func() error{
		func() error { return themeTable.store(t.Context(), l, themeRows(want), nil) },
		func() error { return entryTable.store(t.Context(), l, entryRows(want), nil) },
	} {
		if err := store(); err != nil {
			t.Fatal(err)
		}
	}
	themes, _, err := themeTable.load(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	entries, _, err := entryTable.load(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	got := catalogueOf(themes, entries)
	for i := range want.Themes {
		want.Themes[i].Position = got.Themes[i].Position
	}
	for i := range want.Indicators {
		k := &want.Indicators[i]
		k.Position, k.Keys = got.Indicators[i].Position, nil
		fillLists(k)
		if !reflect.DeepEqual(*k, got.Indicators[i]) {
			t.Errorf("got  %+v\nwant %+v", got.Indicators[i], *k)
		}
	}
	if !reflect.DeepEqual(want.Themes, got.Themes) || len(want.Indicators) != len(got.Indicators) {
		t.Errorf("%d themes, %d indicators", len(got.Themes), len(got.Indicators))
	}
}

// What a report says of a figure is what it was computed with.
func TestALaterCatalogueDoesNotChangeWhatWasComputed(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	j := newJob(t, l, func(k *kpi.Indicator) { k.Title = kpi.Text{IT: "Allora", EN: "Then"} })
	runJob(t, j)
	j.Catalogue.Indicators[0].Title.EN = "Now"
	set, err := Load(t.Context(), l, j.References)
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Catalogue.Indicators[0].Title.EN; got != "Then" {
		t.Errorf("title %q", got)
	}
}

// fillLists makes absent lists empty ones, which is what comes back of them.
func fillLists(k *kpi.Indicator) {
	value := reflect.ValueOf(k).Elem()
	for i := range value.NumField() {
		if field := value.Field(i); field.Kind() == reflect.Slice && field.IsNil() {
			field.Set(reflect.MakeSlice(field.Type(), 0, 0))
		}
	}
}
