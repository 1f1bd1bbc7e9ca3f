package keeping

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// Hold keeps every entry that names a person, whatever the policies say.
type Hold struct {
	ID       id.ID
	PersonID id.ID
	// Reason is nil once the person was erased.
	Reason       *string
	PlacedAt     time.Time
	PlacedByID   id.ID
	ReleasedAt   *time.Time
	ReleasedByID id.ID
}

const (
	// maxHolds bounds the people under hold at a time: each body that would go is searched for all of them.
	maxHolds  = 200
	maxReason = 500
)

const (
	selectHold = "SELECT id, person, reason, placed_at, placed_by, released_at, released_by FROM legal_hold"
	insertHold = "INSERT INTO legal_hold (id, person, open_person, reason, placed_at, placed_by) VALUES (?, ?, ?, ?, ?, ?)"
	endHold    = "UPDATE legal_hold SET open_person = NULL, released_at = ?, released_by = ? WHERE id = ?"
	selectHeld = "SELECT open_person FROM legal_hold WHERE open_person IS NOT NULL ORDER BY open_person LIMIT 201"
)

type holdRow struct {
	ID         id.ID      `db:"id"`
	Person     id.ID      `db:"person"`
	Reason     []byte     `db:"reason"`
	PlacedAt   time.Time  `db:"placed_at"`
	PlacedBy   id.ID      `db:"placed_by"`
	ReleasedAt *time.Time `db:"released_at"`
	ReleasedBy id.ID      `db:"released_by"`
}

// PlaceInput says who is put under hold, and why, in 1 to 500 characters.
type PlaceInput struct {
	Person id.ID
	Reason string
}

// Place keeps every entry that names a person from now on (privacy.hold_placed), also those of duplicates that were merged
// into him. What was being deleted already is gone. CONFLICT when he is under hold.
func (s *Service) Place(ctx context.Context, actor *access.Actor, in PlaceInput) (*Hold, error) {
	if _, err := s.access.Require(ctx, actor, access.PrivacyManage); err != nil {
		return nil, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	if n := utf8.RuneCountInString(in.Reason); n == 0 || n > maxReason || !utf8.ValidString(in.Reason) {
		return nil, fault.Field("reason", "write in 1 to %d characters what the hold is for", maxReason)
	}
	p, err := s.people.Lookup(ctx, in.Person)
	if err != nil || p.Erased {
		return nil, fault.Field("person", "there is no such person")
	}
	now := s.moment()
	h := &Hold{ID: id.New(), PersonID: p.ID, Reason: &in.Reason, PlacedAt: now, PlacedByID: actor.Person}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.place(ctx, tx, actor, h) })
	if mysql.IsDuplicate(err) {
		return nil, fault.New(fault.Conflict, "This person is under hold already.")
	}
	if err != nil {
		return nil, err
	}
	return h, nil
}

func (s *Service) place(ctx context.Context, tx *mysql.Tx, actor *access.Actor, h *Hold) error {
	if _, err := s.people.LockAll(ctx, tx, h.PersonID); err != nil { // he is not erased meanwhile
		return err
	}
	var held []id.ID
	if err := tx.Select(ctx, &held, selectHeld); err != nil {
		return err
	}
	if len(held) >= maxHolds {
		return fault.New(fault.Conflict, "%d people are under hold already, and no more can be: release a hold that is not needed any more.", maxHolds)
	}
	sealed, err := s.seal.Seal(ctx, tx, seal.Person(h.PersonID), holdBound(h.ID), []byte(*h.Reason))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertHold, h.ID, h.PersonID, h.PersonID, sealed, h.PlacedAt, h.PlacedByID); err != nil {
		return err
	}
	_, err = s.ledger.Append(ctx, tx, h.draft(actor, ledger.PrivacyHoldPlaced, h.PlacedAt))
	return err
}

func holdBound(hold id.ID) []byte { return []byte("legal hold\x00" + hold.String()) }

func (h *Hold) draft(actor *access.Actor, action string, at time.Time) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, action, at)
	d.Person, d.Outcome = h.PersonID, ledger.Success
	d.Refs = []ledger.Ref{{Role: "hold", Type: "legalHold", ID: h.ID.String()}}
	if action == ledger.PrivacyHoldPlaced {
		d.Parts = append(d.Parts, ledger.Part{Field: ledger.FieldComment, Subject: seal.Person(h.PersonID), Value: *h.Reason})
	}
	return d
}

// Release ends a hold (privacy.hold_released). CONFLICT when it was released before.
func (s *Service) Release(ctx context.Context, actor *access.Actor, hold id.ID) (*Hold, error) {
	if _, err := s.access.Require(ctx, actor, access.PrivacyManage); err != nil {
		return nil, err
	}
	var h *Hold
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		var rows []holdRow
		if err := tx.Select(ctx, &rows, selectHold+" WHERE id = ? FOR UPDATE", hold); err != nil {
			return err
		}
		if len(rows) == 0 {
			return fault.New(fault.NotFound, "There is no such hold.")
		}
		var err error
		if h, err = s.openHold(ctx, &rows[0]); err != nil {
			return err
		}
		if h.ReleasedAt != nil {
			return fault.New(fault.Conflict, "This hold was released before.")
		}
		now := s.moment()
		h.ReleasedAt, h.ReleasedByID = &now, actor.Person
		if _, err := tx.Exec(ctx, endHold, now, actor.Person, h.ID); err != nil {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, h.draft(actor, ledger.PrivacyHoldReleased, now))
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// openHold reads a row.
func (s *Service) openHold(ctx context.Context, r *holdRow) (*Hold, error) {
	h := &Hold{ID: r.ID, PersonID: r.Person, PlacedAt: r.PlacedAt, PlacedByID: r.PlacedBy, ReleasedAt: r.ReleasedAt, ReleasedByID: r.ReleasedBy}
	plain, err := s.seal.Unseal(ctx, s.db, seal.Person(r.Person), holdBound(r.ID), r.Reason)
	switch {
	case errors.Is(err, seal.ErrDestroyed):
	case err != nil:
		return nil, err
	default:
		reason := string(plain)
		h.Reason = &reason
	}
	return h, nil
}

// Holds lists holds, the newest first.
func (s *Service) Holds(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*Hold], error) {
	var none page.Page[*Hold]
	if _, err := s.access.Require(ctx, actor, access.PrivacyManage); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	rows, err := pageOf[holdRow](ctx, s.db, selectHold, &mysql.Where{}, w)
	if err != nil {
		return none, err
	}
	holds := make([]*Hold, len(rows))
	for i := range rows {
		if holds[i], err = s.openHold(ctx, &rows[i]); err != nil {
			return none, err
		}
	}
	return page.Cut(w, holds, func(h *Hold) string { return cursorOf(h.ID) }), nil
}

// Held reports whether somebody, under any of his ids, is under legal hold, as seen in a transaction.
func (s *Service) Held(ctx context.Context, q mysql.Querier, person id.ID) (bool, error) {
	query, args, err := mysql.In("SELECT COUNT(*) FROM legal_hold WHERE open_person IN (?)", s.people.Same(person))
	if err != nil {
		return false, err
	}
	var n int
	err = q.Get(ctx, &n, query, args...)
	return n > 0, err
}

// heldIDs gives every id, as text, under which somebody is on record who is under hold: also where he was merged into
// another since.
func (s *Service) heldIDs(ctx context.Context) ([]string, error) {
	var held []id.ID
	if err := s.db.Select(ctx, &held, selectHeld); err != nil || len(held) == 0 {
		return nil, err
	}
	into, err := s.idsOf(ctx, "SELECT merged_into FROM person WHERE id IN (?) AND merged_into IS NOT NULL", held)
	if err != nil {
		return nil, err
	}
	held = append(held, into...)
	same, err := s.idsOf(ctx, "SELECT id FROM person WHERE id IN (?) OR merged_into IN (?)", held, held)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(same))
	for i, one := range same {
		ids[i] = one.String()
	}
	return ids, nil
}

func (s *Service) idsOf(ctx context.Context, query string, args ...any) (found []id.ID, err error) {
	query, args, err = mysql.In(query, args...)
	if err == nil {
		err = s.db.Select(ctx, &found, query, args...)
	}
	return found, err
}

// heldPage is how many bodies are searched in one statement.
const heldPage = 256

// notHeld leaves out the entries whose bodies name somebody who is under hold: as actor, person, in a ref, or as the one
// under whose key a part is sealed.
func (p *plan) notHeld(ctx context.Context, gone []leaving) ([]leaving, error) {
	if len(p.held) == 0 {
		return gone, nil
	}
	names := strings.TrimSuffix(strings.Repeat("INSTR(body, ?) > 0 OR ", len(p.held)), " OR ")
	var free []leaving
	for some := range slices.Chunk(gone, heldPage) {
		seqs := make([]uint64, len(some))
		for i := range some {
			seqs[i] = some[i].seq
		}
		args := []any{seqs}
		for _, name := range p.held {
			args = append(args, name)
		}
		query, args, err := mysql.In("SELECT seq FROM {ledger}.entry WHERE seq IN (?) AND ("+names+") ORDER BY seq", args...)
		if err != nil {
			return nil, err
		}
		var kept []uint64
		if err := p.service.db.Select(ctx, &kept, query, args...); err != nil {
			return nil, err
		}
		p.kept += uint64(len(kept))
		for _, one := range some {
			if _, found := slices.BinarySearch(kept, one.seq); !found {
				free = append(free, one)
			}
		}
	}
	return free, nil
}
