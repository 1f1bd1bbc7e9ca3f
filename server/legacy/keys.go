package legacy

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
)

// keyIDPrefix stands before a key's number in the ids that the register's clients use.
const keyIDPrefix = "k-"

// key is a key as the register lists it.
type key struct {
	ID       string `json:"id"`
	Number   number `json:"keyNumber"`
	Label    string `json:"label"`
	Category string `json:"category"`
	Floor    string `json:"floor"`
}

// keyState says whether a key can be had.
type keyState struct {
	ID     string `json:"id"`
	Number number `json:"keyNumber"`
	State  string `json:"state"`
}

// number is a key's number: written as a number when it reads back as the same text, else as a string.
type number string

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	const exact = 1 << 53 // larger ones lose digits in JavaScript
	if value, err := strconv.ParseUint(string(n), 10, 64); err == nil && value <= exact && strconv.FormatUint(value, 10) == string(n) {
		return []byte(n), nil
	}
	return json.Marshal(string(n))
}

// keys lists the keys that are not retired, by number.
func (h *Handler) keys(w http.ResponseWriter, r *http.Request) {
	h.listKeys(w, r, func(k *custody.Key) (any, bool) {
		return key{keyIDPrefix + k.Number, number(k.Number), k.Label, k.Category, k.Floor}, true
	})
}

// keyStates lists the state of each key that can be had or will be: lost and retired ones are left out.
func (h *Handler) keyStates(w http.ResponseWriter, r *http.Request) {
	h.listKeys(w, r, func(k *custody.Key) (any, bool) {
		state, known := stateWord(k.State)
		return keyState{keyIDPrefix + k.Number, number(k.Number), state}, known
	})
}

// stateWord is the register's word for a state; false when it has none.
func stateWord(state custody.KeyState) (string, bool) {
	switch state {
	case custody.Available:
		return "available", true
	case custody.Issued, custody.Overdue:
		return "issued", true
	case "RESERVED":
		return "reserved", true
	}
	return "", false
}

func (h *Handler) listKeys(w http.ResponseWriter, r *http.Request, written func(*custody.Key) (any, bool)) {
	list, actor := h.list(w, r), request.Actor(r.Context())
	err := eachPage(page.MaxSize, func(wanted page.Request) (page.Page[*custody.Key], error) {
		keys, err := h.Custody.Keys(r.Context(), actor, custody.KeyFilter{}, wanted)
		if err != nil {
			return page.Page[*custody.Key]{}, err
		}
		return keys.Page, nil
	}, func(keys []*custody.Key) error {
		for _, k := range keys {
			one, known := written(k)
			if !known {
				continue
			}
			if err := list.add(one); err != nil {
				return err
			}
		}
		return nil
	})
	h.finish(r, list, err)
}

// numberOf gives the number of a key by the register's id for it, which may be the number itself.
func numberOf(keyID string) string { return strings.TrimPrefix(strings.TrimSpace(keyID), keyIDPrefix) }
