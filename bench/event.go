package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

const actors = 1000

// event is what programs send: about 600 bytes as JSON.
type event struct {
	ID         string          `json:"eventId"`
	Time       time.Time       `json:"time"`
	Actor      int             `json:"actor"` // 0 to 999
	Action     string          `json:"action"`
	EntityType string          `json:"entityType"`
	Entity     string          `json:"entity"`
	Module     string          `json:"module"`
	IP         string          `json:"ip"`
	Details    json.RawMessage `json:"details"`
}

// newEvent makes an event at random. IDs are new each time, so that events may be made without end.
func newEvent() event {
	n := rand.IntN(100_000)
	return event{
		ID: id.New().String(), Time: time.Now().UTC().Truncate(time.Microsecond), Actor: rand.IntN(actors),
		Action:     []string{"invoice.created", "invoice.updated", "invoice.sent", "invoice.deleted"}[rand.IntN(4)],
		EntityType: "invoice", Entity: fmt.Sprintf("inv-%06d", n), Module: []string{"billing", "archive", "desk"}[rand.IntN(3)],
		IP: fmt.Sprintf("10.%d.%d.%d", rand.IntN(4), rand.IntN(256), rand.IntN(256)),
		Details: json.RawMessage(fmt.Sprintf(`{"before":{"total":%d,"currency":"EUR","status":"draft","customer":"Customer number %d",`+
			`"note":"to be checked by the second person before it is sent to anybody","lines":%d},`+
			`"after":{"total":%d,"currency":"EUR","status":"sent","customer":"Customer number %d",`+
			`"note":"checked and sent by post and by electronic mail on the same day","lines":%d}}`,
			rand.IntN(10_000), n, rand.IntN(9), rand.IntN(10_000), n, rand.IntN(9))),
	}
}

func newEvents(n int) []event {
	events := make([]event, n)
	for i := range events {
		events[i] = newEvent()
	}
	return events
}
