package privacy

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/webhooks"
)

// takenListed bounds the exports that a certificate names.
const takenListed = 50

const selectTaken = "SELECT seq, occurred_at, action, entity_id FROM entry_index FORCE INDEX (action_time)" +
	" WHERE action IN (?) AND occurred_at >= ? AND occurred_at <= ? ORDER BY occurred_at DESC, seq DESC LIMIT ?"

// Certificate says what was done for an erasure, what remains and which files may hold what was taken out before.
type Certificate struct {
	Request *Request
	// RequestedBy and DecidedBy are names, as the reader may know them.
	RequestedBy, DecidedBy string
	// Subjects are the ids under which the person was on record.
	Subjects []id.ID
	// Remains are the records that stay, with no name in them.
	Remains []KeptKind
	// Taken are the newest files that were taken out while he was on record and may hold him, at most 50; More says
	// that there were others.
	Taken []TakenFile
	More  bool
	// Received are the webhooks that were sent events about or by him, which name ids and no names.
	Received []webhooks.Recipient
	// Size is how many entries the ledger had when this was made.
	Size uint64
}

// TakenFile is a list that was taken out as a file.
type TakenFile struct {
	Seq    uint64    `db:"seq"`
	At     time.Time `db:"occurred_at"`
	Action string    `db:"action"`
	List   string    `db:"entity_id"`
}

// CertificateOf gives the certificate of a complete erasure. CONFLICT while it is not, NOT_FOUND when there is none.
func (s *Service) CertificateOf(ctx context.Context, actor *access.Actor, request id.ID) (*Certificate, error) {
	if err := s.mayManage(ctx, actor); err != nil {
		return nil, err
	}
	var r Request
	err := s.db.Get(ctx, &r, selectRequest+" WHERE id = ?", request)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such request.")
	}
	if err != nil {
		return nil, err
	}
	if r.read(); r.State != Erased {
		return nil, fault.New(fault.Conflict, "There is no certificate before the erasure is complete.").With("state", string(r.State))
	}
	c := &Certificate{
		Request: &r, Subjects: s.People.Same(r.PersonID),
		RequestedBy: s.People.DisplayName(actor, r.RequestedByID), DecidedBy: s.People.DisplayName(actor, r.DecidedByID),
	}
	kept, err := s.kept(ctx, r.PersonID)
	if err != nil {
		return nil, err
	}
	c.Remains = kept.Kinds
	if err := s.addTaken(ctx, c); err != nil {
		return nil, err
	}
	if s.Webhooks != nil {
		if c.Received, err = s.Webhooks.Received(ctx, s.db, c.Subjects); err != nil {
			return nil, err
		}
	}
	_, c.Size, err = s.Ledger.LastRecorded(ctx)
	return c, err
}

func (s *Service) addTaken(ctx context.Context, c *Certificate) error {
	since := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	if p, ok := s.People.Find(c.Request.PersonID); ok {
		since = p.CreatedAt
	}
	err := selectExpanded(ctx, s.db, &c.Taken, selectTaken, []string{ledger.LogExported, ledger.PrivacyExported}, since, c.Request.DecidedAt, takenListed+1)
	if len(c.Taken) > takenListed {
		c.Taken, c.More = c.Taken[:takenListed], true
	}
	return err
}
