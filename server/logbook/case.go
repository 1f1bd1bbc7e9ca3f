package logbook

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// formatBundle is how a record says that entries were taken out as a case bundle.
const formatBundle = "bundle"

// CaseOf gives the numbers of the timeline's entries of a filter, as far as both the actor's right to see each and that to
// export reach, in no order. There is one more than most where there are more.
func (s *Service) CaseOf(ctx context.Context, actor *access.Actor, f Filter, most int) ([]uint64, error) {
	q, err := s.takeQuery(ctx, actor, TakeTimeline, f)
	if err != nil || q.empty() {
		return nil, err
	}
	text, args, err := q.compile(page.Window{Limit: most}, nil)
	if err != nil {
		return nil, err
	}
	var places []place
	if err := s.db.Select(ctx, &places, text, args...); err != nil {
		return nil, err
	}
	seqs := make([]uint64, len(places))
	var end uint64
	for i, p := range places {
		seqs[i], end = p.Seq, max(end, p.Seq+1)
	}
	return seqs, s.ledger.AwaitDurable(ctx, end)
}

// caseParts are the streams of which entries can be named by their numbers.
func caseParts() []part { return slices.Concat(timelineStream().parts, systemStream().parts) }

// MayTakeNamed refuses entries that the actor may not take out: NOT_FOUND, as for those that do not exist. What was pruned
// can no longer be said to concern anybody, so only who may take out everything, keytrail's own entries included, gets what
// is left of it: everything tells whether the actor may. Entries on how people worked need a purpose.
func (s *Service) MayTakeNamed(ctx context.Context, actor *access.Actor, seqs []uint64, purpose string) (everything bool, err error) {
	reach, err := s.access.Require(ctx, actor, access.LogsExport)
	if err != nil {
		return false, err
	}
	if err := (&Filter{Purpose: purpose}).check(); err != nil {
		return false, err
	}
	everything = reach == access.All && s.access.ScopeOf(actor, access.LogsSystemView) == access.All
	for part := range slices.Chunk(seqs, maxNamedAtOnce) {
		entries, err := s.ledger.ReadSeqs(ctx, s.db, part)
		if err != nil {
			return false, err
		}
		found := make(map[uint64]*ledger.Entry, len(entries))
		for i := range entries {
			found[entries[i].Seq] = &entries[i]
		}
		for _, seq := range part {
			e := found[seq]
			if e == nil && everything {
				continue // pruned, or not there at all: whoever prepares the bundle finds out
			}
			if e == nil || !reaches(reach, actor, e) || !s.seen(actor, e) {
				return false, fault.New(fault.NotFound, "There is no entry %d that you may take out.", seq)
			}
			if e.Stream == ledger.StreamWork && strings.TrimSpace(purpose) == "" {
				return false, fault.Field("purpose", "say in purpose why you look into how people worked: it is recorded with the view")
			}
		}
	}
	return everything, nil
}

// maxNamedAtOnce is how many entries are read at a time, of at most 1 MiB each.
const maxNamedAtOnce = 16

// seen reports whether the actor's right to see an entry's stream reaches it.
func (s *Service) seen(actor *access.Actor, e *ledger.Entry) bool {
	return slices.ContainsFunc(caseParts(), func(p part) bool {
		scope := s.access.ScopeOf(actor, p.permission)
		return p.name == e.Stream && scope != access.None && reaches(scope, actor, e)
	})
}

// CaseEntry is an entry as it is stored, and as the actor sees it.
type CaseEntry struct {
	Entry *ledger.Entry
	Shown LogEntry
}

// CaseEntries gives entries that CaseOf or MayTakeNamed let through, with what is masked for the actor masked. Ask for few
// at a time.
func (s *Service) CaseEntries(ctx context.Context, actor *access.Actor, seqs []uint64) ([]CaseEntry, error) {
	entries, err := s.ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return nil, err
	}
	shown, err := timelineStream().views(ctx, s.maskFor(actor), entries)
	if err != nil {
		return nil, err
	}
	list := make([]CaseEntry, len(entries))
	for i := range entries {
		list[i] = CaseEntry{&entries[i], shown[i]}
	}
	return list, nil
}

// RecordCase records that the actor takes out a case bundle: of a filter, or of the entries that he named.
func (s *Service) RecordCase(ctx context.Context, actor *access.Actor, f Filter, named []uint64) error {
	if actor.IsSystem() {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		d := s.TakeOutDraft(actor, TakeTimeline, formatBundle, f)
		if len(named) > 0 {
			d.Details["entries"] = spelled(named)
		}
		_, err := s.ledger.Append(ctx, tx, d)
		return err
	})
}

// spelled gives numbers as texts, as they stand in an entry's details.
func spelled(seqs []uint64) []any {
	list := make([]any, len(seqs))
	for i, seq := range seqs {
		list[i] = strconv.FormatUint(seq, 10)
	}
	return list
}
