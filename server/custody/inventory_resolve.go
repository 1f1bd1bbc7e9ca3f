package custody

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// ResolveInput settles a difference.
type ResolveInput struct {
	Difference id.ID
	Resolution Resolution
	// Note has at most 2,000 characters; it is kept sealed.
	Note           string
	IdempotencyKey string
}

// Resolved is a difference that was settled, and the entries of what that did.
type Resolved struct {
	Difference *Difference
	Entries    []ledger.Entry
}

// ResolveDifference settles a difference and does what that means, in one transaction: a return, a loss, a find or
// another cabinet. CONFLICT when it is settled, when the resolution does not fit, or when the key moved since.
func (s *Service) ResolveDifference(ctx context.Context, actor *access.Actor, in ResolveInput) (*Resolved, error) {
	if err := s.requireAll(ctx, actor, access.KeysIssue); err != nil {
		return nil, err
	}
	if in.Resolution == ResolvedMoved {
		if err := s.requireAll(ctx, actor, access.KeysManage); err != nil {
			return nil, err
		}
	}
	var err error
	if in.Note, err = prose("note", in.Note, MaxComment); err != nil {
		return nil, err
	}
	var made *Resolved
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"resolveDifference": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayResolved(ctx, tx, claim, in.Difference)
			return err
		}
		made, err = s.resolve(ctx, tx, actor, claim, in)
		return err
	})
	return made, err
}

func (s *Service) resolve(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in ResolveInput) (*Resolved, error) {
	d, err := oneDifference(ctx, tx, in.Difference, " FOR UPDATE")
	if err != nil {
		return nil, err
	}
	inv, err := oneInventory(ctx, tx, d.InventoryID)
	if err != nil {
		return nil, err
	}
	if d.Resolution != nil {
		return nil, fault.New(fault.Conflict, "The difference of key %s is settled already.", d.Number).With("resolution", string(*d.Resolution))
	}
	if !in.Resolution.fits(d.Kind, inv.Cabinet != nil) {
		return nil, fault.New(fault.Conflict, "%s is no way to settle a key that is %s.", in.Resolution, d.Kind)
	}
	drafts, err := s.carryOut(ctx, tx, actor, inv, d, in)
	if err != nil {
		return nil, err
	}
	for i := range drafts {
		drafts[i].Refs = append(drafts[i].Refs, ledger.Ref{Role: EntityInventory, Type: EntityInventory, ID: inv.ID.String()},
			ledger.Ref{Role: RefDifference, Type: RefDifference, ID: d.ID.String()})
	}
	now := s.instant()
	d.Resolution, d.ResolvedAt, d.ResolvedByID = &in.Resolution, &now, actor.Person
	if _, err := tx.Exec(ctx, settleDifference, string(in.Resolution), now, actor.Person, d.ID); err != nil {
		return nil, err
	}
	entries, err := s.finish(ctx, tx, claim, drafts)
	return &Resolved{Difference: d, Entries: entries}, err
}

// carryOut does what a resolution means, and gives the entries to append.
func (s *Service) carryOut(ctx context.Context, tx *mysql.Tx, actor *access.Actor, inv *Inventory, d *Difference, in ResolveInput) ([]ledger.Draft, error) {
	report := ReportInput{Key: d.KeyID, Comment: in.Note}
	switch {
	case in.Resolution == ResolvedReturned:
		made, drafts, err := s.bringBack(ctx, tx, actor, access.All, ReturnInput{Keys: []id.ID{d.KeyID}, Comment: in.Note})
		if f, conflict := fault.As(err); conflict && f.Data["keys"] != nil || err == nil && made.Loans[0].IssuedAt.After(inv.TakenAt) {
			err = movedSince(d) // it is in, or out with somebody else
		}
		return drafts, err
	case in.Resolution == ResolvedLost:
		p, err := s.lockPlace(ctx, tx, d.KeyID)
		if err != nil {
			return nil, err
		}
		if p.open != nil {
			return nil, fault.New(fault.Conflict, "Key %s was issued since it was counted: settle this otherwise.", p.key.Number)
		}
		if p.freeSince().After(inv.TakenAt) {
			return nil, movedSince(d)
		}
		_, m, err := s.lose(ctx, tx, actor, report)
		return draftsOf(actor, m), err
	case in.Resolution == ResolvedFound && d.Kind == LostButFound:
		p, err := s.lockPlace(ctx, tx, d.KeyID)
		if err != nil {
			return nil, err
		}
		if p.key.LostAt != nil && p.key.LostAt.After(inv.TakenAt) {
			return nil, movedSince(d)
		}
		_, m, err := s.find(ctx, tx, actor, report)
		return draftsOf(actor, m), err
	case in.Resolution == ResolvedMoved:
		drafts, err := s.changeKey(ctx, tx, actor, &UpdateKeyInput{ID: d.KeyID, Cabinet: inv.Cabinet})
		if err != nil || len(drafts) > 0 {
			return withNote(actor, drafts, in.Note), err
		}
	}
	return s.settledDraft(actor, d, in), nil
}

// movedSince refuses a resolution that would undo what happened to a key after it was counted.
func movedSince(d *Difference) error {
	return fault.New(fault.Conflict, "Key %s moved since it was counted: settle this otherwise.", d.Number)
}

func draftsOf(actor *access.Actor, m *movement) []ledger.Draft {
	if m == nil {
		return nil
	}
	return []ledger.Draft{m.draft(actor)}
}

// settledDraft says that a difference was settled without anything else happening.
func (s *Service) settledDraft(actor *access.Actor, d *Difference, in ResolveInput) []ledger.Draft {
	at := s.instant()
	draft := actor.Draft(ledger.StreamKey, ledger.KeyDifferenceResolved, at)
	draft.OccurredAt = at
	if draft.Entity = (ledger.Entity{Type: EntityInventory, ID: d.InventoryID.String(), Label: d.Number}); !d.KeyID.IsZero() {
		draft.Entity = ledger.Entity{Type: EntityKey, ID: d.KeyID.String(), Label: d.Number}
	}
	draft.Details = map[string]any{"kind": string(d.Kind), "resolution": string(in.Resolution)}
	return withNote(actor, []ledger.Draft{draft}, in.Note)
}

// withNote seals a note into entries that name nobody.
func withNote(actor *access.Actor, drafts []ledger.Draft, note string) []ledger.Draft {
	for i := range drafts {
		if d := &drafts[i]; note != "" {
			d.Parts = append(d.Parts, ledger.Part{Field: ledger.FieldComment, Subject: seal.Source(actor.Source, d.OccurredAt), Value: note})
		}
	}
	return drafts
}

func oneDifference(ctx context.Context, q mysql.Querier, one id.ID, locked string) (*Difference, error) {
	var d Difference
	err := q.Get(ctx, &d, selectDifferenceRows+" WHERE d.id = ?"+locked, one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such difference.")
	}
	return &d, err
}

func (s *Service) replayResolved(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim, difference id.ID) (*Resolved, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	d, err := oneDifference(ctx, tx, difference, "")
	return &Resolved{Difference: d, Entries: entries}, err
}
