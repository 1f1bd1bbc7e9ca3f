package ledger

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// clockTolerance is how far the clock may stand behind the last recording time without being worth an entry:
// two servers of one database may differ by so much.
const clockTolerance = time.Second

// Append writes entries in the caller's transaction and gives them with their numbers. It locks the ledger's
// head row until the transaction ends, so it belongs last. BadInput when a draft cannot be recorded.
func (l *Ledger) Append(ctx context.Context, tx *mysql.Tx, drafts ...Draft) ([]Entry, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	pending := make([]pendingEntry, len(drafts))
	for i := range drafts {
		p, err := l.prepare(ctx, tx, drafts[i])
		if err != nil {
			return nil, err
		}
		pending[i] = p
	}
	head, err := l.lockHead(ctx, tx)
	if err != nil {
		return nil, err
	}
	at, pending, err := l.stamp(ctx, tx, head, pending)
	if err != nil {
		return nil, err
	}
	before, err := l.edgeAt(ctx, tx, head.Size, head.frontier)
	if err != nil {
		return nil, err
	}
	leaves := make([]Hash, len(pending))
	for i := range pending {
		pending[i].body.patch(at)
		pending[i].leaf = LeafHash(pending[i].body.raw)
		leaves[i] = pending[i].leaf
	}
	after, full := before.append(leaves)
	if err := l.store(ctx, tx, head.Size, at, pending, after, full); err != nil {
		return nil, err
	}
	l.edges.add(after)
	tx.AfterCommit(func() { l.committed(after.size) })
	entries := appended(head.Size, at, pending)
	return entries[len(entries)-len(drafts):], nil
}

// pendingEntry is a draft whose bytes are ready but for the recording time.
type pendingEntry struct {
	draft   Draft
	body    *body
	decoded *Body  // read back here and not under the lock, as the reader of the entry will see it
	ip      []byte // index of the address that it came from
	leaf    Hash
}

func (l *Ledger) prepare(ctx context.Context, tx *mysql.Tx, d Draft) (pendingEntry, error) {
	if d.ID.IsZero() {
		d.ID = id.New()
	}
	if d.Source == "" {
		d.Source = SourceKeytrail
	}
	if d.Outcome == "" {
		d.Outcome = Success
	}
	d.OccurredAt = d.OccurredAt.UTC().Truncate(time.Microsecond)
	if err := l.check(&d); err != nil {
		return pendingEntry{}, err
	}
	sealed, err := l.sealParts(ctx, tx, &d)
	if err != nil {
		return pendingEntry{}, err
	}
	b, err := encode(&d, sealed)
	if err != nil {
		return pendingEntry{}, err
	}
	decoded, err := Decode(b.raw)
	if err != nil {
		return pendingEntry{}, err
	}
	ip, err := l.ipIndexOf(ctx, originOf(&d))
	return pendingEntry{draft: d, body: b, decoded: decoded, ip: ip}, err
}

// originOf gives who acted and from where, as far as the draft says.
func originOf(d *Draft) Origin {
	for i := range d.Parts {
		if origin, ok := d.Parts[i].Value.(Origin); ok && d.Parts[i].Field == FieldActor {
			return origin
		}
	}
	return Origin{}
}

func (l *Ledger) sealParts(ctx context.Context, tx *mysql.Tx, d *Draft) ([]SealedPart, error) {
	sealed := make([]SealedPart, 0, len(d.Parts))
	for _, part := range d.Parts {
		plain, err := appendValue(nil, part.Value, 0)
		if err != nil {
			return nil, fault.New(fault.BadInput, "%s cannot be recorded: %v", part.Field, err)
		}
		s := SealedPart{Field: part.Field, Subject: part.Subject}
		if s.Box, err = l.seal.Seal(ctx, tx, part.Subject, aad(d.ID, &s), plain); err != nil {
			return nil, err
		}
		sealed = append(sealed, s)
	}
	return sealed, nil
}

// head is the one row whose lock orders appends.
type head struct {
	Size       uint64    `db:"size"`
	Frontier   []byte    `db:"frontier"`
	RecordedAt time.Time `db:"recorded_at"`
	frontier   []Hash
}

func (l *Ledger) lockHead(ctx context.Context, tx *mysql.Tx) (*head, error) {
	return readHead(ctx, tx, selectHead+" FOR UPDATE")
}

func readHead(ctx context.Context, q mysql.Querier, query string) (*head, error) {
	var h head
	if err := q.Get(ctx, &h, query); err != nil {
		return nil, err
	}
	var ok bool
	if h.frontier, ok = unpackHashes(h.Frontier, frontierLength(h.Size)); !ok {
		return nil, fault.New(fault.Internal, "the ledger's head row is damaged: run keytrail verify")
	}
	return &h, nil
}

// stamp gives the recording time: now, or the last one while the clock is behind it. The first time that
// happens, an entry that says so goes in front.
func (l *Ledger) stamp(ctx context.Context, tx *mysql.Tx, h *head, pending []pendingEntry) (time.Time, []pendingEntry, error) {
	now := l.now().UTC().Truncate(time.Microsecond)
	last := h.RecordedAt.UTC()
	if !now.Before(last) {
		l.steppedBack.Store(false)
		return now, pending, nil
	}
	if last.Sub(now) < clockTolerance || l.steppedBack.Load() {
		return last, pending, nil
	}
	notice, err := l.prepare(ctx, tx, Draft{
		Stream: StreamSystem, System: true, Action: SystemClockSteppedBack, OccurredAt: now,
		Details: map[string]any{"clock": now, "lastRecorded": last},
	})
	if err != nil {
		return time.Time{}, nil, err
	}
	tx.AfterCommit(func() { l.steppedBack.Store(true) })
	return last, append([]pendingEntry{notice}, pending...), nil
}

// committed runs when the database has acknowledged the transaction, and so everything before it.
func (l *Ledger) committed(size uint64) {
	l.raiseDurable(size)
	l.tail.wake()
}

func appended(first uint64, at time.Time, pending []pendingEntry) []Entry {
	entries := make([]Entry, len(pending))
	for i := range pending {
		p := &pending[i]
		p.decoded.RecordedAt, p.decoded.OccurredAt = at, occurredAt(&p.draft, at)
		entries[i] = Entry{Seq: first + uint64(i), Raw: p.body.raw, Leaf: p.leaf, Body: *p.decoded}
	}
	return entries
}

// LastRecorded gives the recording time of the newest entry and the number of entries.
func (l *Ledger) LastRecorded(ctx context.Context) (time.Time, uint64, error) {
	h, err := readHead(ctx, l.db, selectHead)
	if err != nil {
		return time.Time{}, 0, err
	}
	return h.RecordedAt, h.Size, nil
}

// partOf makes a part for the person who is its subject, or for nobody known at that time.
func partOf(field string, person id.ID, at time.Time, value any) Part {
	if person.IsZero() {
		return Part{Field: field, Subject: seal.Nobody(at), Value: value}
	}
	return Part{Field: field, Subject: seal.Person(person), Value: value}
}

// OriginPart seals who acted and from where under the actor, or under the month's key for nobody known.
func OriginPart(actor id.ID, at time.Time, origin Origin) Part {
	return partOf(FieldActor, actor, at, origin)
}

// PersonPart seals a value under a person's key, or under the month's key when the person is zero.
func PersonPart(field string, person id.ID, at time.Time, value any) Part {
	return partOf(field, person, at, value)
}
