package rules

import (
	"slices"
	"time"
)

func (h *Hours) equal(other *Hours) bool {
	if h == nil || other == nil {
		return h == other
	}
	return h.From == other.From && h.To == other.To && slices.Equal(h.Weekdays, other.Weekdays)
}

// include reports whether the clocks of a zone show a time within the hours.
func (h *Hours) include(at time.Time, zone *time.Location) bool {
	local := at.In(zone)
	minute := local.Hour()*60 + local.Minute()
	today := slices.Contains(h.Weekdays, local.Weekday())
	if h.From < h.To {
		return today && minute >= h.From && minute < h.To
	}
	yesterday := slices.Contains(h.Weekdays, (local.Weekday()+6)%7)
	return today && minute >= h.From || yesterday && minute < h.To
}
