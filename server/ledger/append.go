package ledger

import (
	"context"
	"slices"
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
//
// What needs no other transaction goes through Record, which shares one among those who come together.
func (l *Ledger) Append(ctx context.Context, tx *mysql.Tx, drafts ...Draft) ([]Entry, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	pending := make([]pendingEntry, len(drafts))
	decoded := make([]*Body, len(drafts))
	for i := range drafts {
		p, err := l.prepare(ctx, tx, drafts[i])
		if err != nil {
			return nil, err
		}
		// Read back here and not under the lock, as the reader of the entry will see it.
		if decoded[i], err = Decode(p.body.raw); err != nil {
			return nil, err
		}
		pending[i] = p
	}
	head, err := l.goForHead(ctx, tx)
	if err != nil {
		return nil, err
	}
	w, err := l.write(ctx, tx, head, pending)
	if err != nil {
		return nil, err
	}
	return w.entries(decoded), nil
}

// written is what one transaction has appended: the given entries from first on, behind what keytrail had to say itself.
type written struct {
	first   uint64
	at      time.Time
	pending []pendingEntry
}

// write appends behind the head, which the transaction has locked.
func (l *Ledger) write(ctx context.Context, tx *mysql.Tx, head *head, pending []pendingEntry) (*written, error) {
	p, err := l.planAt(ctx, tx, head, pending)
	if err != nil {
		return nil, err
	}
	entries, rows, ends := p.statements()
	if err := tx.ExecAll(ctx, slices.Concat(entries, rows, ends)...); err != nil {
		return nil, err
	}
	l.onceCommitted(tx, p)
	return p.written(), nil
}

// onceCommitted tells the parts of this process of what the transaction appends.
func (l *Ledger) onceCommitted(tx *mysql.Tx, p *plan) {
	l.edges.add(p.after)
	tx.AfterCommit(func() {
		l.fresh.put(p.first, p.pending)
		l.tree.keepEdge(p.after)
		l.committed(p.after.size)
		l.promises.stands(p)
	})
}

// entries gives what was appended with the bodies that were decoded before.
func (w *written) entries(decoded []*Body) []Entry {
	entries := make([]Entry, len(decoded))
	for i, b := range decoded {
		p := &w.pending[i]
		b.RecordedAt, b.OccurredAt = w.at, occurredAt(&p.draft, w.at)
		entries[i] = Entry{Seq: w.first + uint64(i), Raw: p.body.raw, Leaf: p.leaf, Body: *b}
	}
	return entries
}

// pendingEntry is a draft whose bytes are ready but for the recording time.
type pendingEntry struct {
	draft Draft
	body  *body
	ip    []byte // index of the address that it came from
	leaf  Hash
}

func (l *Ledger) prepare(ctx context.Context, q mysql.Querier, d Draft) (pendingEntry, error) {
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
	sealed, err := l.sealParts(ctx, q, &d)
	if err != nil {
		return pendingEntry{}, err
	}
	b, err := encode(&d, sealed)
	if err != nil {
		return pendingEntry{}, err
	}
	ip, err := l.ipIndexOf(ctx, originOf(&d))
	return pendingEntry{draft: d, body: b, ip: ip}, err
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

func (l *Ledger) sealParts(ctx context.Context, q mysql.Querier, d *Draft) ([]SealedPart, error) {
	sealed := make([]SealedPart, 0, len(d.Parts))
	for _, part := range d.Parts {
		plain, err := appendValue(make([]byte, 0, roomFor(part.Value)), part.Value, 0)
		if err != nil {
			return nil, fault.New(fault.BadInput, "%s cannot be recorded: %v", part.Field, err)
		}
		s := SealedPart{Field: part.Field, Subject: part.Subject}
		box, err := l.seal.Seal(ctx, q, part.Subject, aad(d.ID, &s), plain)
		if err != nil {
			return nil, err
		}
		s.Box = boxOf(box)
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

// goForHead locks the head once what this process writes ahead has ended.
func (l *Ledger) goForHead(ctx context.Context, tx *mysql.Tx) (*head, error) {
	arrived, err := l.promises.goForLock(ctx)
	if err != nil {
		return nil, err
	}
	defer arrived()
	head, err := l.lockHead(ctx, tx)
	if err == nil {
		l.promises.forget()
	}
	return head, err
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
// happens, an entry that says so goes in front, with the number first.
func (l *Ledger) stamp(ctx context.Context, tx *mysql.Tx, first uint64, last time.Time, pending []pendingEntry) (time.Time, []pendingEntry, error) {
	now := l.now().UTC().Truncate(time.Microsecond)
	if !now.Before(last) {
		l.steppedBack.Store(false)
		return now, pending, nil
	}
	if last.Sub(now) < clockTolerance || l.steppedBack.Load() {
		return last, pending, nil
	}
	if told, err := l.wasTold(ctx, tx, last); told || err != nil {
		return last, pending, err
	}
	notice, err := l.prepare(ctx, tx, Draft{
		Stream: StreamSystem, System: true, Action: SystemClockSteppedBack, OccurredAt: now,
		Details: map[string]any{"clock": now, "lastRecorded": last},
	})
	if err != nil {
		return time.Time{}, nil, err
	}
	l.notice.Store(&written{first: first, at: last, pending: []pendingEntry{notice}})
	tx.AfterCommit(func() { l.steppedBack.Store(true) })
	return last, append([]pendingEntry{notice}, pending...), nil
}

// wasTold reports whether the ledger says already that the clock is behind the last recording time. Whoever wrote that may
// not have heard of its commit yet, when the head's lock is already another's.
func (l *Ledger) wasTold(ctx context.Context, tx *mysql.Tx, last time.Time) (bool, error) {
	notice := l.notice.Load()
	if notice == nil || !notice.at.Equal(last) {
		return false, nil
	}
	return holds(ctx, tx, notice)
}

// committed runs when the database has acknowledged the transaction, and so everything before it.
func (l *Ledger) committed(size uint64) {
	l.raiseDurable(size)
	l.tail.wake()
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

// SizeIn gives the number of entries as q sees them. Call AwaitDurable before they leave the process.
func (l *Ledger) SizeIn(ctx context.Context, q mysql.Querier) (uint64, error) {
	h, err := readHead(ctx, q, selectHead)
	if err != nil {
		return 0, err
	}
	return h.Size, nil
}
