package privacy

import (
	"context"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Kept says what is kept about a person.
type Kept struct {
	PersonID id.ID
	Kinds    []KeptKind
	Purposes []Purpose
	// Consents are the newest of each purpose.
	Consents []Consent
}

// KeptKind is a kind of record in which something is kept about a person.
type KeptKind struct {
	Kind  Kind
	Count int
	// AtLeast is set where counting stopped.
	AtLeast bool
	// From and To are the times between which it happened; nil where that says nothing.
	From, To *time.Time
	// Purpose is the code of what it is kept for.
	Purpose string
}

// Kind names a kind of record, in the words of the GraphQL schema.
type Kind string

// The kinds.
const (
	KindDirectory    Kind = "DIRECTORY"
	KindAccount      Kind = "ACCOUNT"
	KindSessions     Kind = "SESSIONS"
	KindLoans        Kind = "LOANS"
	KindReservations Kind = "RESERVATIONS"
	KindHours        Kind = "WORK_DAYS"
	KindConsents     Kind = "CONSENTS"
	KindKeyLog       Kind = "KEY_LOG"
	KindActivityLog  Kind = "ACTIVITY_LOG"
	KindAuthLog      Kind = "AUTH_LOG"
	KindWorkLog      Kind = "WORK_LOG"
	KindSystemLog    Kind = "SYSTEM_LOG"
)

// keptAtMost is how many entries of a stream are counted each way.
const keptAtMost = 100_000

const (
	countEntries = "SELECT stream, COUNT(*) AS n, MIN(occurred_at) AS first_at, MAX(occurred_at) AS last_at FROM (%s UNION ALL %s) AS his GROUP BY stream"
	countAbout   = "SELECT stream, occurred_at FROM entry_index FORCE INDEX (person_time) WHERE person = ? AND stream = {stream} ORDER BY occurred_at DESC LIMIT ?"
	countMade    = "SELECT stream, occurred_at FROM entry_index FORCE INDEX (actor_time) WHERE actor = ? AND stream = {stream} AND NOT (person <=> actor)" +
		" ORDER BY occurred_at DESC LIMIT ?"
)

// keptCounts are the tables in which a person's rows are counted.
func keptCounts() []struct {
	kind           Kind
	purpose, query string
} {
	return []struct {
		kind           Kind
		purpose, query string
	}{
		{KindAccount, PurposeSecurity, "SELECT COUNT(*) AS n, MIN(created_at) AS first_at, MAX(signed_in_at) AS last_at FROM account WHERE person IN (?)"},
		{KindSessions, PurposeSecurity, "SELECT COUNT(*) AS n, MIN(s.created_at) AS first_at, MAX(s.seen_at) AS last_at FROM session s JOIN account a ON a.id = s.account WHERE a.person IN (?)"},
		{KindLoans, PurposeCustody, "SELECT COUNT(*) AS n, MIN(issued_at) AS first_at, MAX(issued_at) AS last_at FROM loan WHERE holder IN (?)"},
		{KindReservations, PurposeCustody, "SELECT COUNT(*) AS n, MIN(from_at) AS first_at, MAX(to_at) AS last_at FROM reservation WHERE holder IN (?)"},
		{KindHours, PurposeHours, "SELECT COUNT(*) AS n, NULL AS first_at, NULL AS last_at FROM work_day WHERE person IN (?)"},
		{KindConsents, PurposeAccount, "SELECT COUNT(*) AS n, MIN(recorded_at) AS first_at, MAX(recorded_at) AS last_at FROM consent WHERE person IN (?)"},
	}
}

// counted is how many rows there are, and between which times.
type counted struct {
	Stream uint8      `db:"stream"`
	N      int        `db:"n"`
	First  *time.Time `db:"first_at"`
	Last   *time.Time `db:"last_at"`
}

// KeptOf says what is kept about a person: about the actor himself without one. FORBIDDEN and NOT_FOUND as for exports.
func (s *Service) KeptOf(ctx context.Context, actor *access.Actor, person *id.ID) (*Kept, error) {
	of, err := s.whom(ctx, actor, person)
	if err != nil {
		return nil, err
	}
	return s.kept(ctx, of)
}

func (s *Service) kept(ctx context.Context, person id.ID) (*Kept, error) {
	k := &Kept{PersonID: person, Purposes: s.purposes(), Kinds: []KeptKind{{Kind: KindDirectory, Count: 1, Purpose: PurposeCustody}}}
	if p, ok := s.People.Find(person); ok {
		k.Kinds[0].From, k.Kinds[0].To = &p.CreatedAt, &p.UpdatedAt
	}
	all := s.People.Same(person)
	for _, one := range keptCounts() {
		var rows []counted
		if err := selectExpanded(ctx, s.db, &rows, one.query, all); err != nil {
			return nil, err
		}
		if len(rows) > 0 && rows[0].N > 0 {
			k.Kinds = append(k.Kinds, KeptKind{Kind: one.kind, Count: rows[0].N, From: rows[0].First, To: rows[0].Last, Purpose: one.purpose})
		}
	}
	for _, one := range all {
		about, args := ledger.InEachStream(countAbout, one, keptAtMost)
		made, more := ledger.InEachStream(countMade, one, keptAtMost)
		var rows []counted
		if err := s.db.Select(ctx, &rows, fmt.Sprintf(countEntries, about, made), append(args, more...)...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			k.addEntries(row)
		}
	}
	var consents []Consent
	if err := selectExpanded(ctx, s.db, &consents, lastConsents, all); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, c := range consents {
		if !seen[c.Purpose] {
			k.Consents = append(k.Consents, c)
		}
		seen[c.Purpose] = true
	}
	return k, s.Ledger.AwaitRead(ctx)
}

// addEntries counts entries of one stream with those that were counted under another id of the person.
func (k *Kept) addEntries(row counted) {
	at := int(row.Stream) - 1
	if at < 0 || at >= len(ledger.Streams()) {
		return
	}
	made := map[ledger.Stream]KeptKind{
		ledger.StreamKey: {Kind: KindKeyLog, Purpose: PurposeCustody}, ledger.StreamActivity: {Kind: KindActivityLog, Purpose: PurposeAudit},
		ledger.StreamAuth: {Kind: KindAuthLog, Purpose: PurposeSecurity}, ledger.StreamWork: {Kind: KindWorkLog, Purpose: PurposeHours},
		ledger.StreamSystem: {Kind: KindSystemLog, Purpose: PurposeAccount},
	}[ledger.Streams()[at]]
	made.Count, made.From, made.To, made.AtLeast = row.N, row.First, row.Last, row.N >= keptAtMost
	for i := range k.Kinds {
		if had := &k.Kinds[i]; had.Kind == made.Kind {
			had.Count, had.AtLeast = had.Count+made.Count, had.AtLeast || made.AtLeast
			had.From, had.To = earlier(had.From, made.From), later(had.To, made.To)
			return
		}
	}
	k.Kinds = append(k.Kinds, made)
}

func earlier(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

func later(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}
