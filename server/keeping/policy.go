package keeping

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Policy says how long entries of a stream are kept, or those of it that a program sent or that are about a type of things.
type Policy struct {
	Stream ledger.Stream
	// Source and EntityType narrow it; empty for all.
	Source     string
	EntityType string
	// KeepDays is after how many days entries go; nil keeps them for good.
	KeepDays *int
	// MaxEntries and MaxBytes, which only policies of a whole stream have, let the oldest go earlier; nil for no limit.
	MaxEntries *uint64
	MaxBytes   *uint64
	// ChangedAt is nil, and ChangedByID zero, for what keytrail came with.
	ChangedAt   *time.Time
	ChangedByID id.ID
}

// SetInput changes or adds a policy, or takes away one that is not of a whole stream.
type SetInput struct {
	Stream     ledger.Stream
	Source     *string
	EntityType *string
	KeepDays   *int
	MaxEntries *uint64
	MaxBytes   *uint64
	Remove     *bool
}

const (
	// maxPolicies bounds the list, which therefore is one page.
	maxPolicies = 200
	maxKeepDays = 36_500
	minEntries  = 1000
	minBytes    = 1 << 20
	maxLimit    = 1 << 53 // the largest number that every program can read
	maxSource   = 64
	maxType     = 64
)

const (
	selectPolicies = "SELECT stream, source, entity_type, keep_days, max_entries, max_bytes, changed_at, changed_by FROM retention_policy" +
		" ORDER BY stream, source, entity_type LIMIT 201"
	upsertPolicy = "INSERT INTO retention_policy (stream, source, entity_type, keep_days, max_entries, max_bytes, changed_at, changed_by)" +
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE keep_days = VALUES(keep_days), max_entries = VALUES(max_entries)," +
		" max_bytes = VALUES(max_bytes), changed_at = VALUES(changed_at), changed_by = VALUES(changed_by)"
	deletePolicy = "DELETE FROM retention_policy WHERE stream = ? AND source = ? AND entity_type = ?"
)

type policyRow struct {
	Stream     uint8      `db:"stream"`
	Source     string     `db:"source"`
	EntityType string     `db:"entity_type"`
	KeepDays   *int       `db:"keep_days"`
	MaxEntries *uint64    `db:"max_entries"`
	MaxBytes   *uint64    `db:"max_bytes"`
	ChangedAt  *time.Time `db:"changed_at"`
	ChangedBy  id.ID      `db:"changed_by"`
}

// Policies lists all policies, those of whole streams first in each stream.
func (s *Service) Policies(ctx context.Context, actor *access.Actor) ([]*Policy, error) {
	if err := s.mayLook(ctx, actor); err != nil {
		return nil, err
	}
	return s.policies(ctx, s.db)
}

// mayLook lets those see what is kept who may configure it or delete.
func (s *Service) mayLook(ctx context.Context, actor *access.Actor) error {
	_, err := s.access.Require(ctx, actor, access.LogsConfigure)
	return err
}

func (s *Service) policies(ctx context.Context, q mysql.Querier) ([]*Policy, error) {
	var rows []policyRow
	if err := q.Select(ctx, &rows, selectPolicies); err != nil {
		return nil, err
	}
	all := make([]*Policy, 0, len(rows))
	for _, r := range rows {
		if r.Stream < 1 || int(r.Stream) > len(ledger.Streams()) {
			return nil, fault.New(fault.Internal, "a retention policy is about a stream that this version does not know, so nothing is deleted: run the newer version")
		}
		all = append(all, &Policy{
			Stream: ledger.Streams()[r.Stream-1], Source: r.Source, EntityType: r.EntityType, KeepDays: r.KeepDays,
			MaxEntries: r.MaxEntries, MaxBytes: r.MaxBytes, ChangedAt: r.ChangedAt, ChangedByID: r.ChangedBy,
		})
	}
	return all, nil
}

// Set changes, adds or removes a policy (log.retention_set). It counts from the next run on. BAD_USER_INPUT for one that
// makes no sense.
func (s *Service) Set(ctx context.Context, actor *access.Actor, in SetInput) ([]*Policy, error) {
	if _, err := s.access.Require(ctx, actor, access.LogsConfigure); err != nil {
		return nil, err
	}
	p, err := in.policy()
	if err != nil {
		return nil, err
	}
	remove := in.Remove != nil && *in.Remove
	if remove && p.Source == "" && p.EntityType == "" {
		return nil, fault.Field("remove", "a stream always has a policy: leave keepDays out to keep its entries for good")
	}
	now := s.moment()
	var all []*Policy
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		if remove {
			_, err = tx.Exec(ctx, deletePolicy, p.Stream.Code(), p.Source, p.EntityType)
		} else {
			_, err = tx.Exec(ctx, upsertPolicy, p.Stream.Code(), p.Source, p.EntityType, p.KeepDays, p.MaxEntries, p.MaxBytes, now, actor.Person)
		}
		if err != nil {
			return err
		}
		if all, err = s.policies(ctx, tx); err != nil {
			return err
		}
		if len(all) > maxPolicies {
			return fault.Field("stream", "there are %d policies already, and no more are kept: remove one first", maxPolicies)
		}
		_, err = s.ledger.Append(ctx, tx, p.draft(actor, now, remove))
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (in *SetInput) policy() (*Policy, error) {
	p := &Policy{Stream: in.Stream, KeepDays: in.KeepDays, MaxEntries: in.MaxEntries, MaxBytes: in.MaxBytes}
	if in.Source != nil {
		p.Source = strings.TrimSpace(*in.Source)
	}
	if in.EntityType != nil {
		p.EntityType = strings.TrimSpace(*in.EntityType)
	}
	switch narrow := p.Source != "" || p.EntityType != ""; {
	case p.Stream.Code() == 0:
		return nil, fault.Field("stream", "name a stream")
	case utf8.RuneCountInString(p.Source) > maxSource:
		return nil, fault.Field("source", "a program's name has at most %d characters", maxSource)
	case utf8.RuneCountInString(p.EntityType) > maxType:
		return nil, fault.Field("entityType", "a type's name has at most %d characters", maxType)
	case p.KeepDays != nil && (*p.KeepDays < 1 || *p.KeepDays > maxKeepDays):
		return nil, fault.Field("keepDays", "entries are kept for 1 to %d days, or for good when it is left out", maxKeepDays)
	case narrow && p.MaxEntries != nil:
		return nil, fault.Field("maxEntries", "only a whole stream has a limit: leave out source and entity type")
	case narrow && p.MaxBytes != nil:
		return nil, fault.Field("maxBytes", "only a whole stream has a limit: leave out source and entity type")
	case p.MaxEntries != nil && (*p.MaxEntries < minEntries || *p.MaxEntries > maxLimit):
		return nil, fault.Field("maxEntries", "a limit is %d to %d entries", minEntries, uint64(maxLimit))
	case p.MaxBytes != nil && (*p.MaxBytes < minBytes || *p.MaxBytes > maxLimit):
		return nil, fault.Field("maxBytes", "a limit is %d to %d bytes", minBytes, uint64(maxLimit))
	}
	return p, nil
}

// draft says what was set, all of it in plain.
func (p *Policy) draft(actor *access.Actor, at time.Time, removed bool) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, ledger.LogRetentionSet, at)
	d.Outcome = ledger.Success
	d.Details = map[string]any{"stream": string(p.Stream), "source": p.Source, "entityType": p.EntityType, "removed": removed}
	if p.KeepDays != nil {
		d.Details["keepDays"] = *p.KeepDays
	}
	if p.MaxEntries != nil {
		d.Details["maxEntries"] = int64(*p.MaxEntries)
	}
	if p.MaxBytes != nil {
		d.Details["maxBytes"] = int64(*p.MaxBytes)
	}
	return d
}
