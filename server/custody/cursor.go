package custody

import (
	"encoding/binary"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// order is how a list is sorted: by one column, and by id where that is equal.
type order struct {
	column, id string
	// newestFirst turns the list's own direction around.
	newestFirst bool
	value       func(payload []byte) any
}

func byText(column, id string) order {
	return order{column: column, id: id, value: func(payload []byte) any { return string(payload) }}
}

func newestFirst(column, id string) order {
	return order{column: column, id: id, newestFirst: true, value: timeOf}
}

func earliestFirst(column, id string) order { return order{column: column, id: id, value: timeOf} }

func timeOf(payload []byte) any {
	if len(payload) != 8 {
		return nil
	}
	return time.UnixMicro(int64(binary.BigEndian.Uint64(payload))).UTC()
}

// window adds the condition of the window's cursor, and gives ORDER BY and LIMIT, whose value is the last one.
func (o order) window(w page.Window, where *mysql.Where) (string, error) {
	descending := o.newestFirst != w.Backward
	comparison, direction := ">", " ASC"
	if descending {
		comparison, direction = "<", " DESC"
	}
	if w.Cursor != "" {
		value, last, err := o.decode(w)
		if err != nil {
			return "", err
		}
		// Written out, since a comparison of rows would not use the index.
		where.And("("+o.column+" "+comparison+"= ? AND ("+o.column+" "+comparison+" ? OR "+o.id+" "+comparison+" ?))", value, value, last)
	}
	return " ORDER BY " + o.column + direction + ", " + o.id + direction + " LIMIT ?", nil
}

func (o order) decode(w page.Window) (any, id.ID, error) {
	field := "after"
	if w.Backward {
		field = "before"
	}
	var last id.ID
	payload, err := page.Decode(field, w.Cursor)
	if err != nil {
		return nil, last, err
	}
	if len(payload) >= len(last) {
		copy(last[:], payload)
		if value := o.value(payload[len(last):]); value != nil && !last.IsZero() {
			return value, last, nil
		}
	}
	return nil, last, fault.Field(field, "this is not a cursor of this list: use one that a page gave")
}

func textCursor(value string, last id.ID) string {
	return page.Encode(append(last[:], value...))
}

func timeCursor(value time.Time, last id.ID) string {
	return page.Encode(binary.BigEndian.AppendUint64(last[:], uint64(value.UnixMicro())))
}

// newestByID is a window in the order of ids alone, the newest first: they begin with the time at which they were made.
func newestByID(column string, w page.Window, where *mysql.Where) (string, error) {
	comparison, direction, field := "<", " DESC", "after"
	if w.Backward {
		comparison, direction, field = ">", " ASC", "before"
	}
	if w.Cursor != "" {
		payload, err := page.Decode(field, w.Cursor)
		if err != nil {
			return "", err
		}
		var last id.ID
		if len(payload) != len(last) {
			return "", fault.Field(field, "this is not a cursor of this list: use one that a page gave")
		}
		copy(last[:], payload)
		where.And(column+" "+comparison+" ?", last)
	}
	return " ORDER BY " + column + direction + " LIMIT ?", nil
}
