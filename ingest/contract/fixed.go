package contract

// fixedLayout is a layout in which every part has its place: almost all are, and
// reading one takes a tenth of the time that walking over its words does. What
// it cannot read is left to [Layout.parse] and parseISO, which know why.
type fixedLayout struct {
	length                                 int
	year, month, day, hour, minute, second int // places; -1: there is none
	literals                               []literal
}

type literal struct {
	at   int
	char byte
}

// fixedLayouts gives the forms of a column that can be read by place: of its
// layout, or without one those of ISO 8601 without a fraction or an offset.
func fixedLayouts(declared *Layout, hours bool) []fixedLayout {
	texts := []string{isoDate}
	switch {
	case declared != nil:
		texts = []string{declared.text}
	case hours:
		texts = []string{"yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", isoTimestamp}
	}
	var fixed []fixedLayout
	for _, text := range texts {
		l, err := ParseLayout(text)
		if err != nil {
			continue // a declared one was parsed before
		}
		if f, ok := newFixedLayout(l); ok {
			fixed = append(fixed, f)
		}
	}
	return fixed
}

func newFixedLayout(l *Layout) (fixedLayout, bool) {
	f := fixedLayout{year: -1, month: -1, day: -1, hour: -1, minute: -1, second: -1}
	for i := range l.parts {
		p := &l.parts[i]
		if p.meaning != partLiteral && p.least != p.most {
			return f, false
		}
		switch p.meaning {
		case partLiteral:
			f.literals = append(f.literals, literal{f.length, p.literal})
			f.length++
			continue
		case partYear:
			f.year = f.length
		case partMonth:
			f.month = f.length
		case partDay:
			f.day = f.length
		case partHour:
			f.hour = f.length
		case partMinute:
			f.minute = f.length
		case partSecond:
			f.second = f.length
		default:
			return f, false
		}
		f.length += p.most
	}
	return f, f.year >= 0
}

// read gives the days since 1970 and the seconds from midnight, both local.
func (f *fixedLayout) read(text []byte, c *clock) (day, seconds int64, ok bool) {
	if len(text) != f.length {
		return 0, 0, false
	}
	for _, l := range f.literals {
		if text[l.at] != l.char {
			return 0, 0, false
		}
	}
	year := pair(text, f.year)*100 + pair(text, f.year+2)
	day, ok = c.day(year, pair(text, f.month), pair(text, f.day))
	if !ok || f.hour < 0 {
		return day, 0, ok
	}
	hour, minute, second := pair(text, f.hour), 0, 0
	if f.minute >= 0 {
		minute = pair(text, f.minute)
	}
	if f.second >= 0 {
		second = pair(text, f.second)
	}
	return day, int64(hour*3600 + minute*60 + second), hour < 24 && minute < 60 && second < 60
}

// pair reads two digits, and gives more than any part of a date or time can be
// when they are none.
func pair(text []byte, at int) int {
	tens, ones := text[at]-'0', text[at+1]-'0'
	if tens > 9 || ones > 9 {
		return 10_000
	}
	return int(tens)*10 + int(ones)
}
