package export

import (
	"context"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/id"
)

// conditionsOf says in words which rows were ordered, with names as far as the actor sees them.
func (h *Handler) conditionsOf(ctx context.Context, actor *access.Actor, o *exports.Order, say *paperWords) (string, error) {
	list := conditions{say: say.conditions}
	if o.List == exports.ListHours {
		list.add("from", string(o.Hours.From))
		list.add("until", string(o.Hours.To))
		list.add("person", h.nameOf(languageOf(o), actor, o.Hours.Person))
		list.add("department", h.departmentName(o.Hours.Department))
		list.add("by", say.periods[string(o.By)])
	} else if err := h.logConditions(ctx, actor, o, say, &list); err != nil {
		return "", err
	}
	if len(list.parts) == 0 {
		return say.all, nil
	}
	return strings.Join(list.parts, "; "), nil
}

func (h *Handler) logConditions(ctx context.Context, actor *access.Actor, o *exports.Order, say *paperWords, list *conditions) error {
	f := &o.Log
	key, group, err := h.keyAndGroup(ctx, actor, f.Key, f.KeyGroup)
	if err != nil {
		return err
	}
	streams := make([]string, len(f.Streams))
	for i, stream := range f.Streams {
		streams[i] = say.changed[string(stream)]
	}
	for _, one := range [][2]string{
		{"streams", strings.Join(streams, ", ")}, {"from", h.onPaper(f.From)}, {"to", h.onPaper(f.To)}, {"person", h.nameOf(languageOf(o), actor, f.Person)},
		{"actor", h.nameOf(languageOf(o), actor, f.Actor)},
		{"department", h.departmentName(f.Department)}, {"source", f.Source}, {"action", f.Action}, {"module", f.Module},
		{"outcome", say.outcomes[string(f.Outcome)]}, {"entityType", f.EntityType}, {"entity", f.Entity}, {"key", key},
		{"keyNumber", f.KeyNumber}, {"keyGroup", group}, {"ip", f.IP}, {"text", f.Text}, {"review", say.reviews[f.Review]}, {"purpose", f.Purpose},
	} {
		list.add(one[0], one[1])
	}
	return nil
}

// keyAndGroup gives the number of a key and the name of a group, or their ids where the actor does not see them.
func (h *Handler) keyAndGroup(ctx context.Context, actor *access.Actor, key, group id.ID) (number, name string, err error) {
	if !key.IsZero() {
		keys, err := h.custody.KeysByID(ctx, actor, []id.ID{key})
		if err != nil {
			return "", "", err
		}
		if number = key.String(); keys[key] != nil {
			number = keys[key].Number
		}
	}
	if !group.IsZero() {
		names, err := h.custody.GroupNames(ctx, actor, []id.ID{group})
		if err != nil {
			return "", "", err
		}
		name = firstOf(names[group], group.String())
	}
	return number, name, nil
}

func (h *Handler) departmentName(department id.ID) string {
	if department.IsZero() {
		return ""
	}
	found, _ := h.people.Department(department)
	return firstOf(found.Name, department.String())
}

// onPaper gives a time in the display zone as people read it, "" for none.
func (h *Handler) onPaper(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.In(h.zone).Format(onPaper)
}

// conditions are parts of a sentence.
type conditions struct {
	say   map[string]string
	parts []string
}

func (c *conditions) add(name, value string) {
	if value != "" {
		c.parts = append(c.parts, c.say[name]+" "+value)
	}
}
