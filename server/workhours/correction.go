package workhours

import (
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

// The plain details of work.corrected.
const (
	DetailFrom    = "from"
	DetailTo      = "to"
	DetailWorking = "working"
)

// correctionRow is a correction as stored.
type correctionRow struct {
	From    time.Time `db:"from_at"`
	To      time.Time `db:"to_at"`
	Working bool      `db:"working"`
}

func (c correctionRow) rule() rules.Correction {
	return rules.Correction{From: c.From, To: c.To, Working: c.Working}
}

// correctionOf reads a correction from its entry; nil for one that cannot be read.
func correctionOf(e *ledger.Entry) *correctionRow {
	from, _ := e.Details[DetailFrom].(string)
	to, _ := e.Details[DetailTo].(string)
	working, _ := e.Details[DetailWorking].(bool)
	var c correctionRow
	var err error
	if c.From, err = time.Parse(ledger.TimeFormat, from); err != nil {
		return nil
	}
	if c.To, err = time.Parse(ledger.TimeFormat, to); err != nil {
		return nil
	}
	c.From, c.To, c.Working = c.From.UTC(), c.To.UTC(), working
	return &c
}
