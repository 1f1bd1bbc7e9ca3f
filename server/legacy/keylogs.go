package legacy

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
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
		log, moved := h.keyLogOf(actor, e)
		if !moved {
			continue
		}
		if err := list.add(log); err != nil {
			return err
		}
	}
	return nil
}

// keyLogOf gives an entry as the register wrote it; false for one that is no movement.
func (h *Handler) keyLogOf(actor *access.Actor, e *logbook.KeyEntry) (keyLog, bool) {
	words := map[string]string{ledger.KeyIssued: actionIssued, ledger.KeyReturned: actionReturned}
	word, moved := words[e.Action]
	if !moved || e.Entity == nil {
		return keyLog{}, false
	}
	log := keyLog{
		ID: strconv.FormatUint(e.Seq, 10), Action: word, KeyNumber: e.Entity.Label, At: e.OccurredAt.UTC().Format(atFormat),
	}
	if !e.HolderID.IsZero() {
		log.UserName = h.People.DisplayName(actor, e.HolderID)
	}
	if e.Comment != nil {
		log.Comment = *e.Comment
	}
	return log, true
}
