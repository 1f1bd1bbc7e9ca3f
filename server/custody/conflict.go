package custody

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// KeyNamed is a key in the "keys" detail of a CONFLICT.
type KeyNamed struct {
	ID     id.ID  `json:"id"`
	Number string `json:"number"`
	// Holder is nil when the key is not out or the caller may not know who has it.
	Holder *HolderNamed `json:"holder,omitempty"`
}

// HolderNamed is who has a key.
type HolderNamed struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
}

// conflictOut says which keys are out, and with whom as far as the caller may know.
func (s *Service) conflictOut(actor *access.Actor, out []place) *fault.Error {
	keys := s.named(actor, out)
	return fault.New(fault.Conflict, "%s out, so nothing was issued: take it back first, or leave it out.",
		sentence(keys)).With("keys", keys)
}

// named names keys that are out, with their holders where the actor's right to see keys reaches them.
func (s *Service) named(actor *access.Actor, out []place) []KeyNamed {
	scope := s.access.ScopeOf(actor, access.KeysView)
	keys := make([]KeyNamed, len(out))
	for i, p := range out {
		keys[i] = KeyNamed{ID: p.key.ID, Number: p.key.Number}
		if !scope.Reaches(actor, p.open.HolderID, p.open.Department) {
			continue
		}
		if h, ok := s.people.Find(p.open.HolderID); ok {
			keys[i].Holder = &HolderNamed{ID: h.ID, Name: h.Name}
		}
	}
	return keys
}

// raced explains an insert that another movement of the same key came before, although the check had passed.
func (s *Service) raced(ctx context.Context, actor *access.Actor, ids []id.ID, cause error) error {
	open, err := selectOpenLoans(ctx, s.db, ids)
	if err != nil {
		return err
	}
	keys, err := selectKeys(ctx, s.db, ids, s.instant())
	if err != nil {
		return err
	}
	var out []place
	for _, one := range ids {
		if open[one] != nil && keys[one] != nil {
			out = append(out, place{key: keys[one], open: open[one]})
		}
	}
	if len(out) == 0 { // it came back in the meantime
		return fault.Wrap(cause, fault.Conflict, "One of the keys moved at the same moment: look again and repeat.")
	}
	return s.conflictOut(actor, out)
}

// sentence names keys as the subject of a sentence: "Key 101 (Anna) is", "Keys 101 (Anna) and B-7 are".
func sentence(keys []KeyNamed) fault.Text {
	const shown = 5
	names := make(fault.Texts, 0, shown)
	for _, k := range keys[:min(len(keys), shown)] {
		name := fault.Say("%s", k.Number)
		if k.Holder != nil {
			name = fault.Say("%s (%s)", k.Number, k.Holder.Name)
		}
		names = append(names, name)
	}
	if len(keys) > shown {
		names = append(names, fault.Say("%d more", len(keys)-shown))
	}
	last := len(names) - 1
	if last == 0 {
		return fault.Say("Key %s is", names[0])
	}
	return fault.Say("Keys %s and %s are", names[:last], names[last])
}
