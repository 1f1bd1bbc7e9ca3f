package gormaudit

import (
	"strings"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

const maxObjects = 500

// join is a table that only links two others.
type join struct{ owner, other *schema.Relationship }

// joinOf tells whether a schema is one that GORM made for a many-to-many association. The owner is the side whose
// schema declares the association.
func joinOf(s *schema.Schema) (join, bool) {
	if s.ModelType.Name() != "" { // a type of the application's own: its rows are entities
		return join{}, false
	}
	var j join
	for _, r := range s.Relationships.Relations {
		if r.Type != schema.BelongsTo || r.Field == nil {
			continue
		}
		if j.owner == nil && r.FieldSchema == r.Field.Schema {
			j.owner = r
		} else {
			j.other = r
		}
	}
	return j, j.owner != nil && j.other != nil
}

// linkedID gives the id of one side of a link.
func (p *Plugin) linkedID(db *gorm.DB, r *schema.Relationship, link row) string {
	var texts []string
	for _, ref := range r.References {
		v, _ := ref.ForeignKey.ValueOf(db.Statement.Context, link.value)
		its := ref.ForeignKey
		if ref.PrimaryKey != nil { // whose rules say whether it may be shown
			its = ref.PrimaryKey
		}
		texts = append(texts, p.keyText(its, v))
	}
	return strings.Join(texts, ",")
}

// links records which associations were added and removed: an event for each object that owns them, with the others.
func (p *Plugin) links(db *gorm.DB, j join, before, now *rows) {
	p.linked(db, j, audit.Linked, now, before)
	p.linked(db, j, audit.Unlinked, before, now)
	if len(before.order) > p.o.MaxRows { // more were not read
		p.record(db, audit.Event{
			Action: audit.Unlinked, EntityType: j.owner.FieldSchema.Name,
			Metadata: map[string]any{
				"association": j.owner.Field.Name, "rows": db.RowsAffected, "recorded": len(before.order), "notRecorded": "more objects than MaxRows",
			},
		})
	}
}

// linked records the links of one side that the other lacks.
func (p *Plugin) linked(db *gorm.DB, j join, action string, have, lack *rows) {
	var owners []string
	others := map[string][]audit.Object{}
	for _, id := range have.order {
		if _, both := lack.byID[id]; both {
			continue
		}
		owner := p.linkedID(db, j.owner, have.byID[id])
		if others[owner] == nil {
			owners = append(owners, owner)
		}
		others[owner] = append(others[owner], audit.Object{Type: j.other.FieldSchema.Name, ID: p.linkedID(db, j.other, have.byID[id])})
	}
	for _, owner := range owners {
		bulk := ""
		if len(others[owner]) > maxObjects {
			bulk = audit.NewID()
		}
		for rest := others[owner]; len(rest) > 0; {
			n := min(len(rest), maxObjects)
			p.record(db, audit.Event{
				Action: action, EntityType: j.owner.FieldSchema.Name, Entity: owner, Objects: rest[:n], BulkID: bulk,
				Metadata: map[string]any{"association": j.owner.Field.Name},
			})
			rest = rest[n:]
		}
	}
}
