package html

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"reflect"
	"slices"
	"sync"
	"time"
)

// Digest names all that a page shows but its Code: the SHA-256 of its view, in
// hexadecimal. Two views with the same digest give the same bytes, as Render writes
// nothing that depends on anything else but the program itself. What exports hold
// beside the page is no part of it: see [Cell]. Of what is made later the view has its
// Inputs, see [Drawing].
func (p *Page) Digest() string { return Digest(p) }

// Digest names a value by all that it holds and points to, but for fields with the tag
// `digest:"-"`: the SHA-256, in hexadecimal. Values of one type that differ have other
// digests. The value may be of structs, pointers, slices, maps by text, texts, numbers and
// truths, under interfaces too; any other kind is a mistake in the program and panics.
func Digest(value any) string {
	d := digesters.Get().(*digester)
	defer digesters.Put(d)
	d.sum.Reset()
	d.buffer = d.buffer[:0]
	d.put(reflect.ValueOf(value))
	d.sum.Write(d.buffer)
	return hex.EncodeToString(d.sum.Sum(nil))
}

// digesters are kept: a site has thousands of values to name.
var digesters = sync.Pool{New: func() any { return &digester{sum: sha256.New(), buffer: make([]byte, 0, digestBuffer)} }}

// instant is a time.Time: two numbers that say when, and a pointer to a time zone.
var instant = reflect.TypeFor[time.Time]()

const digestBuffer = 1 << 14

// digester writes a value without a gap between two of its parts: a text after its
// length, a list after the number of its items.
type digester struct {
	sum    hash.Hash
	buffer []byte
}

func (d *digester) number(n uint64) {
	if len(d.buffer)+binary.MaxVarintLen64 > cap(d.buffer) {
		d.sum.Write(d.buffer)
		d.buffer = d.buffer[:0]
	}
	d.buffer = binary.AppendUvarint(d.buffer, n)
}

func (d *digester) text(text string) {
	d.number(uint64(len(text)))
	for len(text) > 0 {
		if len(d.buffer) == cap(d.buffer) {
			d.sum.Write(d.buffer)
			d.buffer = d.buffer[:0]
		}
		n := min(len(text), cap(d.buffer)-len(d.buffer))
		d.buffer = append(d.buffer, text[:n]...)
		text = text[n:]
	}
}

func (d *digester) put(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		d.text(v.String())
	case reflect.Bool:
		d.number(map[bool]uint64{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.number(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.number(v.Uint())
	case reflect.Float32, reflect.Float64:
		d.number(math.Float64bits(v.Float()))
	case reflect.Pointer, reflect.Interface:
		d.inner(v)
	case reflect.Slice, reflect.Array:
		d.list(v)
	case reflect.Map:
		d.table(v)
	case reflect.Struct:
		if v.Type() == instant { // its place is told by the view itself
			d.number(v.Field(0).Uint())
			d.number(uint64(v.Field(1).Int()))
			return
		}
		for _, n := range digestedFields(v.Type()) {
			d.put(v.Field(n))
		}
	default:
		panic(fmt.Sprintf("digest: a value of type %s", v.Type()))
	}
}

// inner puts what a pointer leads to, or an interface, then after the name of its type.
func (d *digester) inner(v reflect.Value) {
	if v.IsNil() {
		d.number(0)
		return
	}
	d.number(1)
	if v.Kind() == reflect.Interface {
		d.text(v.Elem().Type().String())
	}
	d.put(v.Elem())
}

func (d *digester) list(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		d.text(string(v.Bytes()))
		return
	}
	d.number(uint64(v.Len()))
	for n := range v.Len() {
		d.put(v.Index(n))
	}
}

func (d *digester) table(v reflect.Value) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	d.number(uint64(len(keys)))
	for _, key := range keys {
		d.put(key)
		d.put(v.MapIndex(key))
	}
}

// digested are the fields of each type that its digest takes in.
var digested sync.Map // reflect.Type → []int

func digestedFields(t reflect.Type) []int {
	if known, ok := digested.Load(t); ok {
		return known.([]int)
	}
	fields := []int{}
	for n := range t.NumField() {
		if t.Field(n).Tag.Get("digest") != "-" {
			fields = append(fields, n)
		}
	}
	digested.Store(t, fields)
	return fields
}
