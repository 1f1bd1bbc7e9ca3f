package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// takePage is how many entries are read at a time.
const takePage = 200

const (
	takeAbout = "SELECT seq, occurred_at FROM entry_index FORCE INDEX (person_time) WHERE person = ? AND stream = {stream}"
	takeMade  = "SELECT seq, occurred_at FROM entry_index FORCE INDEX (actor_time) WHERE actor = ? AND stream = {stream} AND NOT (person <=> actor)"
	takeAfter = " AND (occurred_at > ? OR occurred_at = ? AND seq > ?) ORDER BY occurred_at, seq LIMIT ?"
	inOrder   = " ORDER BY occurred_at, seq LIMIT ?"

	takeNewest = "SELECT seq, occurred_at FROM entry_index FORCE INDEX (person_time) WHERE person = ? AND stream = {stream} ORDER BY occurred_at DESC, seq DESC LIMIT ?"
)

// Line is an entry as the person whom it is about gets it: what is sealed under him is open, and nothing else.
type Line struct {
	Seq        uint64         `json:"seq,string"`
	Stream     ledger.Stream  `json:"stream"`
	OccurredAt time.Time      `json:"occurredAt"`
	RecordedAt time.Time      `json:"recordedAt"`
	Action     string         `json:"action"`
	Actor      string         `json:"actor,omitempty"`
	Person     string         `json:"person,omitempty"`
	EntityType string         `json:"entityType,omitempty"`
	Entity     string         `json:"entity,omitempty"`
	Label      string         `json:"entityLabel,omitempty"`
	Module     string         `json:"module,omitempty"`
	Source     string         `json:"source"`
	Outcome    ledger.Outcome `json:"outcome"`
	Details    map[string]any `json:"details,omitempty"`
	Personal   map[string]any `json:"personal,omitempty"`
}

// About is what a person's data begin with.
type About struct {
	MadeAt  time.Time      `json:"madeAt"`
	Person  *people.Person `json:"person"`
	Kept    []KeptKind     `json:"kept"`
	Purpose []Purpose      `json:"purposes"`
}

// TakeOut gives everything about a person, the actor himself without one, as files in JSON and NDJSON, once it is on record.
// begin opens each file; the one before is complete then. Memory does not grow with how much there is.
func (s *Service) TakeOut(ctx context.Context, actor *access.Actor, person *id.ID, begin func(name string) (io.Writer, error)) error {
	about, err := s.AboutOf(ctx, actor, person, "zip")
	if err != nil {
		return err
	}
	to, err := begin("about.json")
	if err != nil {
		return err
	}
	if err := writeJSON(to, about); err != nil {
		return err
	}
	all := s.People.Same(about.Person.ID)
	for _, table := range takenTables() {
		if to, err = begin(table.name); err != nil {
			return err
		}
		if err := table.take(ctx, s, to, all); err != nil {
			return err
		}
	}
	for _, walk := range []struct{ name, query string }{{"entries-about.ndjson", takeAbout}, {"entries-made.ndjson", takeMade}} {
		if to, err = begin(walk.name); err != nil {
			return err
		}
		for _, one := range all {
			err := s.walk(ctx, walk.query, one, all, func(l Line) error { return writeJSON(to, l) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// MayTakeOut gives whose data an actor may take out: his own without a person. FORBIDDEN for another's unless he manages
// privacy; NOT_FOUND when there is none.
func (s *Service) MayTakeOut(ctx context.Context, actor *access.Actor, person *id.ID) (id.ID, error) {
	return s.whom(ctx, actor, person)
}

// AboutOf gives what a person's data begin with, once it is on record that they are taken out in a format.
func (s *Service) AboutOf(ctx context.Context, actor *access.Actor, person *id.ID, format string) (*About, error) {
	of, err := s.whom(ctx, actor, person)
	if err != nil {
		return nil, err
	}
	found, err := s.People.Lookup(ctx, of)
	if err != nil {
		return nil, err
	}
	kept, err := s.kept(ctx, of)
	if err != nil {
		return nil, err
	}
	now := s.moment()
	draft := actor.Draft(ledger.StreamSystem, ledger.PrivacyExported, now)
	draft.Person, draft.Department = of, found.Department
	draft.Entity = ledger.Entity{Type: "person", ID: of.String()}
	draft.Details = map[string]any{"format": format}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.Ledger.Append(ctx, tx, draft)
		return err
	})
	return &About{MadeAt: now, Person: found, Kept: kept.Kinds, Purpose: kept.Purposes}, err
}

// Newest gives the newest entries about somebody whose data the actor took out, at most so many.
func (s *Service) Newest(ctx context.Context, about *About, most int) ([]Line, error) {
	var lines []Line
	all := s.People.Same(about.Person.ID)
	var rows []placed
	var parts []string
	var args []any
	for _, one := range all {
		text, more := ledger.InEachStream(takeNewest, one, most)
		parts, args = append(parts, text), append(args, more...)
	}
	query := strings.Join(parts, " UNION ALL ") + " ORDER BY occurred_at DESC, seq DESC LIMIT ?"
	if err := s.db.Select(ctx, &rows, query, append(args, most)...); err != nil {
		return nil, err
	}
	return lines, s.lines(ctx, rows, all, func(l Line) error {
		lines = append(lines, l)
		return nil
	})
}

func writeJSON(to io.Writer, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = to.Write(append(text, '\n'))
	return err
}

// placed is where an entry stands in the order of time.
type placed struct {
	Seq        uint64    `db:"seq"`
	OccurredAt time.Time `db:"occurred_at"`
}

// walk gives the entries of a query, the oldest first, a page at a time.
func (s *Service) walk(ctx context.Context, query string, of id.ID, all []id.ID, each func(Line) error) error {
	at := placed{OccurredAt: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}
	for {
		var rows []placed
		text, args := ledger.InEachStream(query+takeAfter, of, at.OccurredAt, at.OccurredAt, at.Seq, takePage)
		if err := s.db.Select(ctx, &rows, text+inOrder, append(args, takePage)...); err != nil {
			return err
		}
		if err := s.lines(ctx, rows, all, each); err != nil || len(rows) < takePage {
			return err
		}
		at = rows[len(rows)-1]
	}
}

func (s *Service) lines(ctx context.Context, rows []placed, all []id.ID, each func(Line) error) error {
	if len(rows) == 0 {
		return nil
	}
	seqs := make([]uint64, len(rows))
	for i := range rows {
		seqs[i] = rows[i].Seq
	}
	entries, err := s.Ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return err
	}
	for i := range entries {
		line, err := s.line(ctx, &entries[i], all)
		if err != nil {
			return err
		}
		if err := each(line); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) line(ctx context.Context, e *ledger.Entry, all []id.ID) (Line, error) {
	l := Line{
		Seq: e.Seq, Stream: e.Stream, OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt, Action: e.Action, Actor: e.Actor,
		EntityType: e.Entity.Type, Entity: e.Entity.ID, Label: e.Entity.Label, Module: e.Module, Source: e.Source, Outcome: e.Outcome,
		Details: e.Details,
	}
	if !e.Person.IsZero() {
		l.Person = e.Person.String()
	}
	for _, part := range e.Sealed {
		if !isAmong(part.Subject.PersonID(), all) {
			continue
		}
		var value any
		found, err := s.Ledger.Unseal(ctx, e, part.Field, &value)
		if errors.Is(err, seal.ErrDestroyed) || err == nil && !found {
			continue
		}
		if err != nil {
			return l, fmt.Errorf("entry %d: %w", e.Seq, err)
		}
		if l.Personal == nil {
			l.Personal = map[string]any{}
		}
		l.Personal[part.Field] = value
	}
	return l, nil
}

func isAmong(person id.ID, all []id.ID) bool {
	for _, one := range all {
		if one == person && !person.IsZero() {
			return true
		}
	}
	return false
}
