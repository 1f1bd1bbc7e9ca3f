package keyregister

import (
	"strconv"
	"strings"
	"time"
)

// firstMilliseconds is from where on numbers are milliseconds: as seconds they would lie in the year 5138.
const firstMilliseconds = 100_000_000_000

func zonedForms() []string {
	return []string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04Z07:00"}
}

func localForms() []string {
	return []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "02.01.2006 15:04:05", "02.01.2006 15:04", "2006-01-02"}
}

// moment reads a time as registers wrote it: Unix seconds or milliseconds, with a zone, or local in the given zone.
// A local time that occurred twice, when clocks were set back, is the first one that is not before the time given by
// notBefore; one that never occurred is as much later as the clocks were set forward.
func moment(text string, zone *time.Location, notBefore time.Time) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if n >= firstMilliseconds {
			n /= 1000
		}
		if !(n >= 0 && n < firstMilliseconds) { // NaN is neither
			return time.Time{}, false
		}
		return time.UnixMicro(int64(n * 1e6)).UTC(), true
	}
	for _, form := range zonedForms() {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), true
		}
	}
	for _, form := range localForms() {
		if at, err := time.Parse(form, text); err == nil {
			return inZone(at, zone, notBefore), true
		}
	}
	return time.Time{}, false
}

// inZone gives when a wall clock of a zone showed what the UTC time wall shows.
func inZone(wall time.Time, zone *time.Location, notBefore time.Time) time.Time {
	var fits []time.Time
	var before int
	for i, probe := range []time.Duration{-24 * time.Hour, 24 * time.Hour} { // the offsets in use around it, the earlier first
		_, offset := wall.Add(probe).In(zone).Zone()
		if i == 0 {
			before = offset
		} else if offset == before && len(fits) > 0 {
			break
		}
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, then := at.In(zone).Zone(); then == offset {
			fits = append(fits, at)
		}
	}
	switch {
	case len(fits) == 0:
		return wall.Add(-time.Duration(before) * time.Second)
	case len(fits) == 2 && fits[1].Before(fits[0]):
		fits[0], fits[1] = fits[1], fits[0]
	}
	for _, at := range fits {
		if !at.Before(notBefore) {
			return at
		}
	}
	return fits[0]
}
