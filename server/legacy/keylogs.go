package legacy

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/request"
)

// keyLog is a movement as the key register wrote it.
type keyLog struct {
	ID        string `json:"id"`
	Action    string `json:"action"`
	KeyNumber string `json:"keyNumber"`
	At        string `json:"at"`
	UserName  string `json:"userName"`
	Comment   string `json:"comment"`
}

// latest is the end of the year 9999, in Unix time.
const latest = 253_402_300_799

// givenUp is added to an entry's place for the first of two movements, so that each has a number of its own; a program that
// reads numbers as doubles still tells them apart.
const givenUp = 1_000_000_000_000_000

const (
	actionIssued   = "Izsniegts"
	actionReturned = "Atgriezts"
	atFormat       = "2006-01-02T15:04:05Z"
)

// keyLogs streams the movements between start_time and end_time (Unix seconds, both included), oldest first.
func (h *Handler) keyLogs(w http.ResponseWriter, r *http.Request) {
	filter, err := keyLogFilter(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	list, actor := h.list(w, r), request.Actor(r.Context())
	err = h.Logbook.WholeKeyLog(r.Context(), actor, filter, func(entries []*logbook.KeyEntry) error {
		return h.addAll(list, actor, entries)
	})
	h.finish(r, list, err)
}

func keyLogFilter(r *http.Request) (logbook.Filter, error) {
	query, err := queryOf(r, "start_time", "end_time")
	if err != nil {
		return logbook.Filter{}, err
	}
	from, err := seconds(query, "start_time")
	if err != nil {
		return logbook.Filter{}, err
	}
	to, err := seconds(query, "end_time")
	if err != nil {
		return logbook.Filter{}, err
	}
	if to != nil && to.Unix() == latest { // which stands for no end
		to = nil
	}
	if to != nil {
		*to = to.Add(time.Second)
	}
	return logbook.Filter{From: from, To: to}, nil
}

func seconds(query url.Values, name string) (*time.Time, error) {
	text := query.Get(name)
	if text == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > latest {
		return nil, fault.New(fault.BadInput, "%s must be Unix time in whole seconds.", name)
	}
	at := time.Unix(n, 0).UTC()
	return &at, nil
}

func (h *Handler) addAll(list *arrayWriter, actor *access.Actor, entries []*logbook.KeyEntry) error {
	for _, e := range entries {
		for _, log := range h.keyLogsOf(actor, e) {
			if err := list.add(log); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyLogsOf gives an entry as the register would have written it: none for one that is no movement, and two for a key that
// a holder handed over, since the register knew only keys that come back and go out again.
func (h *Handler) keyLogsOf(actor *access.Actor, e *logbook.KeyEntry) []keyLog {
	if e.Entity == nil {
		return nil
	}
	switch e.Action {
	case ledger.KeyIssued:
		return []keyLog{h.keyLogOf(actor, e, e.Seq, actionIssued, e.HolderID, e.Comment)}
	case ledger.KeyReturned:
		return []keyLog{h.keyLogOf(actor, e, e.Seq, actionReturned, e.HolderID, e.Comment)}
	case ledger.KeyHandedOver:
		return []keyLog{
			h.keyLogOf(actor, e, e.Seq+givenUp, actionReturned, e.PreviousHolderID, nil),
			h.keyLogOf(actor, e, e.Seq, actionIssued, e.HolderID, e.Comment),
		}
	}
	return nil
}

func (h *Handler) keyLogOf(actor *access.Actor, e *logbook.KeyEntry, number uint64, action string, holder id.ID, comment *string) keyLog {
	log := keyLog{
		ID: strconv.FormatUint(number, 10), Action: action, KeyNumber: e.Entity.Label, At: e.OccurredAt.UTC().Format(atFormat),
	}
	if !holder.IsZero() {
		log.UserName = h.People.DisplayName(actor, holder)
	}
	if comment != nil {
		log.Comment = *comment
	}
	return log
}
