package transform

// entryIndex finds the entries of one territory by what they count. It is a hash table of its
// own because it is asked for each row of a large mart and each question, where a map took
// most of the time: an entry lies in 16 bytes with its key. The zero value is ready.
type entryIndex struct {
	slots []entrySlot // a power of two; half of them are free at least
	used  int
}

// entrySlot is an entry with its key; free where the entry is 0.
type entrySlot struct {
	entryKey
	entry int32 // its number, from 1
}

// entryKey is what an entry of a territory counts: numbers of an item, a span and a value.
type entryKey struct{ item, span, value int32 }

// hash mixes the three: each differs from row to row in few of its low bits.
func (k entryKey) hash() uint64 {
	h := (uint64(uint32(k.item))<<32 | uint64(uint32(k.value))) * 0x9e3779b97f4a7c15
	h ^= h>>29 ^ uint64(uint32(k.span))*0xbf58476d1ce4e5b9
	return h * 0x94d049bb133111eb >> 20
}

// find gives the number of an entry, and a place for it where there is none yet: the
// caller numbers it, from 1, before the next one is looked for.
func (x *entryIndex) find(key entryKey) *int32 {
	if 2*x.used >= len(x.slots) {
		x.grow()
	}
	slot := x.slot(key)
	if slot.entry == 0 {
		slot.entryKey = key
		x.used++
	}
	return &slot.entry
}

// reset forgets all entries.
func (x *entryIndex) reset() {
	clear(x.slots)
	x.used = 0
}

// slot gives the slot of a key, or the free one where it belongs.
func (x *entryIndex) slot(key entryKey) *entrySlot {
	last := uint64(len(x.slots) - 1)
	for at := key.hash() & last; ; at = (at + 1) & last {
		if slot := &x.slots[at]; slot.entry == 0 || slot.entryKey == key {
			return slot
		}
	}
}

func (x *entryIndex) grow() {
	before := x.slots
	x.slots = make([]entrySlot, max(64, 2*len(before)))
	for _, slot := range before {
		if slot.entry != 0 {
			*x.slot(slot.entryKey) = slot
		}
	}
}
