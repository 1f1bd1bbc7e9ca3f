package keeping

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// Archive is a file with entries that were deleted.
type Archive struct {
	ID        id.ID
	CreatedAt time.Time
	// From is the first of its entries, and To behind the last; entries in between that stayed are not in it.
	From, To uint64
	Entries  uint64
	// Bytes is the size of the file, compressed.
	Bytes   uint64
	Streams []*StreamCount
	// Oldest and Newest are when its entries happened.
	Oldest, Newest time.Time
	// Manifest is the SHA-256 of its manifest, and PrunedBy the log.pruned entry that names it.
	Manifest ledger.Hash
	PrunedBy uint64
	// VerifiedAt is when it was last read as a whole, and Damage what was wrong, nothing when it was intact.
	VerifiedAt *time.Time
	Damage     fault.Text
	// RestoredAt is when its entries were put back, and KeptUntil until when they stay; nil for never.
	RestoredAt, KeptUntil *time.Time
}

const (
	selectArchive = "SELECT id, created_at, from_seq, to_seq, entries, bytes, streams, oldest, newest, manifest, pruned_by, verified_at, damage," +
		" restored_at, kept_until FROM (SELECT * FROM archive WHERE state = 3) a"
	verifiedArchive = "UPDATE archive SET verified_at = ?, damage = ? WHERE id = ?"
	selectRestored  = "SELECT from_seq, to_seq FROM archive WHERE state = 3 AND kept_until > ? ORDER BY from_seq LIMIT 10000"
	restoredArchive = "UPDATE archive SET restored_at = ?, kept_until = ? WHERE id = ?"
)

type archiveRow struct {
	ID         id.ID      `db:"id"`
	CreatedAt  time.Time  `db:"created_at"`
	From       uint64     `db:"from_seq"`
	To         uint64     `db:"to_seq"`
	Entries    uint64     `db:"entries"`
	Bytes      uint64     `db:"bytes"`
	Streams    string     `db:"streams"`
	Oldest     time.Time  `db:"oldest"`
	Newest     time.Time  `db:"newest"`
	Manifest   []byte     `db:"manifest"`
	PrunedBy   uint64     `db:"pruned_by"`
	VerifiedAt *time.Time `db:"verified_at"`
	Damage     string     `db:"damage"`
	RestoredAt *time.Time `db:"restored_at"`
	KeptUntil  *time.Time `db:"kept_until"`
}

func (r *archiveRow) archive() *Archive {
	var sum tally
	sum.addText(r.Streams)
	a := &Archive{
		ID: r.ID, CreatedAt: r.CreatedAt, From: r.From, To: r.To, Entries: r.Entries, Bytes: r.Bytes, Streams: sum.list(),
		Oldest: r.Oldest, Newest: r.Newest, PrunedBy: r.PrunedBy, VerifiedAt: r.VerifiedAt, Damage: fault.Recall(r.Damage),
		RestoredAt: r.RestoredAt, KeptUntil: r.KeptUntil,
	}
	copy(a.Manifest[:], r.Manifest)
	return a
}

// Archives lists archives, the newest first; filter is nil for all.
func (s *Service) Archives(ctx context.Context, actor *access.Actor, filter *ArchiveFilter, request page.Request) (page.Page[*Archive], error) {
	var none page.Page[*Archive]
	if err := s.mayLook(ctx, actor); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where, err := filter.where()
	if err != nil {
		return none, err
	}
	rows, err := pageOf[archiveRow](ctx, s.db, selectArchive, where, w)
	if err != nil {
		return none, err
	}
	archives := make([]*Archive, len(rows))
	for i := range rows {
		archives[i] = rows[i].archive()
	}
	return page.Cut(w, archives, func(a *Archive) string { return cursorOf(a.ID) }), nil
}

func (s *Service) archiveOf(ctx context.Context, q mysql.Querier, one id.ID) (*Archive, error) {
	var rows []archiveRow
	if err := q.Select(ctx, &rows, selectArchive+" WHERE id = ?", one); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "There is no such archive.")
	}
	return rows[0].archive(), nil
}

// VerifyArchive reads an archive as a whole, as a stranger would, and keeps what that showed. NOT_FOUND when there is none, and
// UNAVAILABLE when the store of archives does not answer.
func (s *Service) VerifyArchive(ctx context.Context, actor *access.Actor, one id.ID) (*Archive, error) {
	if err := s.mayLook(ctx, actor); err != nil {
		return nil, err
	}
	a, err := s.archiveOf(ctx, s.db, one)
	if err != nil {
		return nil, err
	}
	return a, s.verify(ctx, a)
}

// verify reads an archive as a whole, and keeps what that showed.
func (s *Service) verify(ctx context.Context, a *Archive) error {
	damage, err := s.check(ctx, a.ID, a.Manifest)
	if err != nil {
		return err
	}
	now := s.moment()
	a.VerifiedAt, a.Damage = &now, damage
	_, err = s.db.Exec(ctx, verifiedArchive, now, damage.Stored(maxProblem), a.ID)
	return err
}

// restoredUntil gives the ranges that were put back and stay beyond an instant.
func (s *Service) restoredUntil(ctx context.Context, at time.Time) ([]ledger.SeqRange, error) {
	var rows []struct {
		From uint64 `db:"from_seq"`
		To   uint64 `db:"to_seq"`
	}
	if err := s.db.Select(ctx, &rows, selectRestored, at); err != nil {
		return nil, err
	}
	ranges := make([]ledger.SeqRange, len(rows))
	for i, r := range rows {
		ranges[i] = ledger.SeqRange{From: r.From, To: r.To}
	}
	return ranges, nil
}
