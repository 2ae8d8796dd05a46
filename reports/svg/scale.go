package svg

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// scale places the values of an axis in pixels.
type scale struct {
	axis
	from, to float64 // pixels where the axis begins and ends
}

func newScale(a axis, from, to float64) scale {
	if a.Inverse {
		from, to = to, from
	}
	return scale{a, from, to}
}

// at is the pixel of a value; of a name's number, the middle of its band.
func (s scale) at(value float64) float64 {
	share := 0.0
	switch s.Type {
	case "category":
		share = (value + 0.5) / float64(len(s.Names))
	case "log":
		share = math.Log(value/s.Min) / math.Log(s.Max/s.Min)
	default:
		share = (value - s.Min) / (s.Max - s.Min)
	}
	return s.from + share*(s.to-s.from)
}

// holds tells whether a value lies on the axis. What lies beyond only by the
// rounding of its digits does.
func (s scale) holds(value float64) bool {
	if s.Type == "category" {
		return value >= 0 && value < float64(len(s.Names))
	}
	at, little := s.at(value), 0.5 // pixels
	return at >= min(s.from, s.to)-little && at <= max(s.from, s.to)+little
}

// band is the room of one name, in pixels.
func (s scale) band() float64 { return math.Abs(s.to-s.from) / float64(len(s.Names)) }

// zero is the pixel where bars begin and where the line of the other axis lies:
// at zero, or where the axis begins when it has none.
func (s scale) zero() float64 {
	if s.Type == "value" && s.Min < 0 && s.Max > 0 {
		return s.at(0)
	}
	return s.from
}

// splits are the pixels of the lines across the plot: at the ticks and at both ends.
func (s scale) splits() []float64 {
	var places []float64
	switch s.Type {
	case "log":
		for at := math.Pow(10, math.Ceil(math.Log10(s.Min)-1e-9)); at < s.Max; at *= 10 {
			places = append(places, s.at(at))
		}
	case "value":
		if s.Interval > 0 {
			for k := math.Ceil(s.Min/s.Interval - 1e-9); k*s.Interval < s.Max; k++ {
				places = append(places, s.at(k*s.Interval))
			}
		}
	}
	places = append(places, s.from, s.to)
	slices.Sort(places)
	return slices.CompactFunc(places, func(a, b float64) bool { return math.Abs(a-b) < 0.5 })
}

// tick is a label of an axis.
type tick struct {
	at   float64 // pixel
	text string
}

func (s scale) ticks() []tick {
	var all []tick
	if s.Type == "category" {
		for i := 0; i < len(s.Names); i += 1 + s.Label.Interval {
			all = append(all, tick{s.at(float64(i)), s.Names[i]})
		}
		return all
	}
	for written, text := range s.Label.Texts {
		if value, err := strconv.ParseFloat(written, 64); err == nil && s.holds(value) {
			all = append(all, tick{s.at(value), text})
		}
	}
	slices.SortFunc(all, func(a, b tick) int { return cmp.Compare(a.at, b.at) })
	return all
}
