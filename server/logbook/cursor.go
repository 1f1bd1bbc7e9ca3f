package logbook

import (
	"encoding/binary"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// place is where an entry stands: pages go by when it occurred, feeds by seq.
type place struct {
	Seq        uint64    `db:"seq"`
	OccurredAt time.Time `db:"occurred_at"`
}

// cursorOf gives the entry's cursor, which serves pages and feeds alike.
func cursorOf(e *ledger.Entry) string {
	payload := binary.BigEndian.AppendUint64(make([]byte, 0, 16), uint64(e.OccurredAt.UnixMicro()))
	return page.Encode(binary.BigEndian.AppendUint64(payload, e.Seq))
}

func placeOf(field, cursor string) (place, error) {
	payload, err := page.Decode(field, cursor)
	if err != nil {
		return place{}, err
	}
	if len(payload) != 16 {
		return place{}, fault.Field(field, "this is not a cursor of this list: use one that a page or an entry gave")
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(payload))).UTC()
	if at.Year() < 1970 || at.Year() > 9999 {
		return place{}, fault.Field(field, "this is not a cursor of this list: use one that a page or an entry gave")
	}
	return place{Seq: binary.BigEndian.Uint64(payload[8:]), OccurredAt: at}, nil
}
