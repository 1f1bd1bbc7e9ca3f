package programs

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Service keeps declarations, and answers from memory what is declared. It is safe for concurrent use.
type Service struct {
	db      *mysql.DB
	ledger  *ledger.Ledger
	access  *access.Service
	now     func() time.Time
	reading sync.Mutex // what was read first must not be stored last
	known   atomic.Pointer[map[string]*declared]
	from    uint64 // the first entry that what is known may not contain
}

// declared is a source as it is asked for with every event.
type declared struct {
	purpose string
	plain   map[string][]string // paths by type of things; those under "" are of all
	words   map[string]*Word
}

// New reads what is declared. Run must be running for what other processes declare to arrive.
func New(ctx context.Context, db *mysql.DB, l *ledger.Ledger, a *access.Service, now func() time.Time) (*Service, error) {
	s := &Service{db: db, ledger: l, access: a, now: now}
	var err error
	if _, s.from, err = l.LastRecorded(ctx); err != nil {
		return nil, err
	}
	return s, s.load(ctx)
}

// Run follows what other processes declare, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	s.ledger.Consume(ctx, s.from, func(ctx context.Context, entries []ledger.Entry) error {
		for i := range entries {
			if entries[i].Action == ledger.LogSourceDeclared {
				return s.load(ctx) // one reading has all of them
			}
		}
		return nil
	})
	return nil
}

func (s *Service) load(ctx context.Context) error {
	s.reading.Lock()
	defer s.reading.Unlock()
	all, err := read(ctx, s.db, selectAll, MaxSources)
	if err != nil {
		return err
	}
	known := make(map[string]*declared, len(all))
	for _, one := range all {
		d := &declared{purpose: one.Purpose, plain: map[string][]string{}, words: map[string]*Word{}}
		for _, f := range one.Plain {
			d.plain[f.EntityType] = append(d.plain[f.EntityType], f.Path)
		}
		for _, w := range one.Words {
			d.words[w.Action] = w
		}
		known[one.Name] = d
	}
	s.known.Store(&known)
	return nil
}

// Plain gives the paths of fields that a source declares to be plain in things of a type, as JSON pointers.
func (s *Service) Plain(source, entityType string) []string {
	d := (*s.known.Load())[source]
	switch {
	case d == nil:
		return nil
	case entityType == "" || len(d.plain[entityType]) == 0:
		return d.plain[""]
	}
	return append(d.plain[""][:len(d.plain[""]):len(d.plain[""])], d.plain[entityType]...)
}

// Title gives what a source calls an action in a language; nil when it did not say.
func (s *Service) Title(source, action string, in language.Tag) *string {
	d := (*s.known.Load())[source]
	if d == nil || d.words[action] == nil {
		return nil
	}
	if in == language.Latvian {
		return &d.words[action].Latvian
	}
	return &d.words[action].English
}

// TitleOfAny gives what an action is called in a language by those that declared it; nil where they call it differently, or
// none did.
func (s *Service) TitleOfAny(action string, in language.Tag) *string {
	var title *string
	for source := range *s.known.Load() {
		switch one := s.Title(source, action, in); {
		case one == nil:
		case title != nil && *title != *one:
			return nil
		default:
			title = one
		}
	}
	return title
}

// Purposes says what records of programs are for, a program each by name, as far as they said so.
func (s *Service) Purposes() []string {
	var said []string
	for name, d := range *s.known.Load() {
		if d.purpose != "" {
			said = append(said, name+": "+d.purpose)
		}
	}
	slices.Sort(said)
	return said
}

// List gives all declared sources by name, at most MaxSources; a program gets its own.
func (s *Service) List(ctx context.Context, actor *access.Actor) ([]*Source, error) {
	scope, err := s.access.Require(ctx, actor, access.ActivityRecord)
	switch {
	case err != nil:
		return nil, err
	case scope == access.All:
		return read(ctx, s.db, selectAll, MaxSources)
	}
	return read(ctx, s.db, selectOne, actor.Source)
}

// Declare replaces what a source declares (log.source_declared); it counts for what is recorded from then on. FORBIDDEN
// for a program that declares another than itself; BAD_USER_INPUT for what makes no sense.
func (s *Service) Declare(ctx context.Context, actor *access.Actor, in Input) (*Source, error) {
	scope, err := s.access.Require(ctx, actor, access.ActivityRecord)
	if err != nil {
		return nil, err
	}
	of, err := in.source(actor.Source)
	if err != nil {
		return nil, err
	}
	if scope != access.All && of.Name != actor.Source {
		return nil, fault.New(fault.Forbidden, "Your token may declare its own source %s only.", actor.Source)
	}
	of.ChangedAt, of.ChangedByID = s.now().UTC().Truncate(time.Microsecond), actor.Person
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := of.store(ctx, tx); err != nil {
			return err
		}
		var others int
		if err := tx.Get(ctx, &others, countOthers, of.Name); err != nil {
			return err
		}
		if others >= MaxSources {
			return fault.Field("name", "%d sources are declared, and no more are kept", MaxSources)
		}
		_, err := s.ledger.Append(ctx, tx, of.draft(actor))
		return err
	})
	if err != nil {
		return nil, err
	}
	return of, s.load(ctx)
}

// draft says what was declared; which words the actions have is no matter of record.
func (s *Source) draft(actor *access.Actor) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, ledger.LogSourceDeclared, s.ChangedAt)
	d.Outcome = ledger.Success
	plain := make([]any, len(s.Plain))
	for i, f := range s.Plain {
		plain[i] = map[string]any{"entityType": f.EntityType, "path": f.Path}
	}
	d.Details = map[string]any{"source": s.Name, "purpose": s.Purpose, "plain": plain}
	return d
}
