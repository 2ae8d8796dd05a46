package duckdb

import (
	"context"
	"fmt"
	"time"
)

// The years whose offsets of Europe/Rome the engine knows by itself; the instants
// of other years are worked out by the engine's library of time zones.
const (
	firstKnownYear = 2010
	lastKnownYear  = 2039
)

// offset is by how many seconds a place is ahead of UTC since an instant.
type offset struct{ since, ahead int64 }

// quickInstants puts before two functions of instants, "at time zone" and
// date_diff of seconds, what gives the same for the instants that events have. The
// engine's own ask a library about every row in all its generality, which takes
// 0.3 and 0.6 s for a million rows: a third of the cost of a run.
func (e *Engine) quickInstants(ctx context.Context) error {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return err
	}
	offsets := offsetsIn(rome)
	return e.Exec(ctx, fmt.Sprintf(`create macro timezone
(zone, instant timestamptz) as case
    when zone = 'Europe/Rome' and epoch_us(instant) >= %d and epoch_us(instant) < %d
        then make_timestamp(epoch_us(instant) + %s)
    else system.main.timezone(zone, instant)
end,
(zone varchar, instant timestamp) as system.main.timezone(zone, instant);
create macro date_diff
(part, since timestamptz, until timestamptz) as case
    when part = 'second' and epoch_us(since) >= 0 and epoch_us(until) >= 0
        then epoch_us(until) // 1000000 - epoch_us(since) // 1000000
    else system.main.date_diff(part, since, until)
end,
(part varchar, since timestamp, until timestamp) as system.main.date_diff(part, since, until),
(part varchar, since date, until date) as system.main.date_diff(part, since, until),
(part varchar, since time, until time) as system.main.date_diff(part, since, until),
(part, since, until) as system.main.date_diff(part, since, until)`,
		micros(offsets[0].since), micros(time.Date(lastKnownYear+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()), choice(offsets)))
}

// offsetsIn gives the offsets of the known years in the order of time, each with
// the instant from which it holds. Clocks are changed on the hour.
func offsetsIn(place *time.Location) []offset {
	var offsets []offset
	last := time.Date(lastKnownYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := time.Date(firstKnownYear, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(last); at = at.Add(time.Hour) {
		_, ahead := at.In(place).Zone()
		if n := len(offsets); n == 0 || offsets[n-1].ahead != int64(ahead) {
			offsets = append(offsets, offset{at.Unix(), int64(ahead)})
		}
	}
	return offsets
}

// choice writes an expression of the offset in microseconds at the time called
// instant: it halves the time that is in question until one offset is left.
func choice(offsets []offset) string {
	if len(offsets) == 1 {
		return fmt.Sprint(micros(offsets[0].ahead))
	}
	half := len(offsets) / 2
	return fmt.Sprintf("case when epoch_us(instant) < %d then %s else %s end",
		micros(offsets[half].since), choice(offsets[:half]), choice(offsets[half:]))
}

func micros(seconds int64) int64 { return seconds * 1_000_000 }
