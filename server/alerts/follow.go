package alerts

import (
	"context"
	"errors"
	"strings"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// savedEvery is after how many entries without anything of interest the place is stored all the same.
const savedEvery = 5000

// Run has the rules read the ledger, from where any server has read it, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	next, err := s.position(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	s.saved = next
	s.ledger.Consume(ctx, next, s.apply)
	return nil
}

// apply has the rules look at entries. The place is stored in the transaction of what they found.
func (s *Service) apply(ctx context.Context, entries []ledger.Entry) error {
	var facts []fact
	for i := range entries {
		if !concerns(&entries[i]) {
			continue
		}
		f, err := s.factOf(ctx, &entries[i])
		if err != nil {
			return err
		}
		facts = append(facts, f)
	}
	end := entries[len(entries)-1].Seq + 1
	if len(facts) == 0 && end < s.saved+savedEvery {
		return nil
	}
	if err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.judge(ctx, tx, facts, end) }); err != nil {
		return err
	}
	s.saved = end
	return nil
}

// fact is an entry with what of it is sealed, as keyed hashes. A hash is nil where the value is not known.
type fact struct {
	entry                    *ledger.Entry
	account                  id.ID
	address, username, place []byte
}

// factOf opens an entry, before any transaction.
func (s *Service) factOf(ctx context.Context, e *ledger.Entry) (fact, error) {
	f := fact{entry: e}
	f.account, _ = id.Parse(e.Entity.ID) // none when the name is nobody's
	var origin ledger.Origin
	if err := s.openUndamaged(ctx, e, ledger.FieldActor, &origin); err != nil {
		return f, err
	}
	var err error
	if f.place, err = s.hash(ctx, "alert_place", placeOf(origin)); err != nil || e.Action != ledger.AuthSignInFailed {
		return f, err
	}
	var username string
	if err := s.openUndamaged(ctx, e, ledger.FieldUsername, &username); err != nil {
		return f, err
	}
	if f.address, err = s.hash(ctx, "alert_address", sourceOf(origin.IP)); err != nil {
		return f, err
	}
	f.username, err = s.hash(ctx, "alert_username", strings.ToLower(username))
	return f, err
}

// open reads a sealed part, and nothing where it was forgotten.
func (s *Service) open(ctx context.Context, e *ledger.Entry, field string, dest any) error {
	_, err := s.ledger.Unseal(ctx, e, field, dest)
	if errors.Is(err, seal.ErrDestroyed) {
		return nil
	}
	return err
}

// openUndamaged reads a sealed part as open does, and nothing where it is damaged: one entry that nobody can read any more
// must not keep the rules from all that follow it.
func (s *Service) openUndamaged(ctx context.Context, e *ledger.Entry, field string, dest any) error {
	err := s.open(ctx, e, field, dest)
	if isDamage(ctx, err) {
		s.log.Warn("who acted is damaged in an entry and cannot be read; alert rules go on without it", "seq", e.Seq, "error", err)
		return nil
	}
	return err
}

func (s *Service) hash(ctx context.Context, purpose, value string) ([]byte, error) {
	if value == "" {
		return nil, nil
	}
	return s.seal.BlindIndex(ctx, purpose, value)
}

// judge applies the rules to facts that no server has applied yet, and records what they found.
func (s *Service) judge(ctx context.Context, tx *mysql.Tx, facts []fact, end uint64) error {
	next, err := lockPosition(ctx, tx)
	if err != nil || end <= next {
		return err
	}
	var drafts []ledger.Draft
	for _, f := range facts {
		if f.entry.Seq < next {
			continue // another server has
		}
		finding, err := s.findingOf(ctx, tx, f)
		if err != nil {
			return err
		}
		if finding == nil || s.now().Sub(finding.at) > tooOld {
			continue
		}
		now := s.moment()
		if silent, err := silenced(ctx, tx, finding); err != nil {
			return err
		} else if silent {
			continue
		}
		_, draft, err := s.raise(ctx, tx, finding, now)
		if err != nil {
			return err
		}
		drafts = append(drafts, draft...)
	}
	if err := savePosition(ctx, tx, end); err != nil || len(drafts) == 0 {
		return err
	}
	_, err = s.ledger.Append(ctx, tx, drafts...)
	return err
}

// findingOf gives what a rule finds in a fact, nil for nothing, and remembers what later ones need.
func (s *Service) findingOf(ctx context.Context, tx *mysql.Tx, f fact) (*finding, error) {
	switch e := f.entry; e.Action {
	case ledger.AuthRootAccessed:
		return found(RootUsed, e, e.Ref("session")), nil
	case ledger.AuthLockedOut:
		return found(AccountLockedOut, e, e.Entity.ID), nil
	case ledger.AuthSignInFailed:
		return failing(ctx, tx, f)
	case ledger.PrivacyErasureAsked:
		return erasure(e), nil
	case ledger.SystemBackedUp:
		return backedUp(e), nil
	case ledger.SystemWebhookPaused:
		return found(WebhookPaused, e, e.Entity.ID), nil
	}
	return newPlace(ctx, tx, f)
}
