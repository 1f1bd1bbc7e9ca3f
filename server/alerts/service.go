package alerts

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	// maxNote is the longest note, in characters.
	maxNote   = 2000
	fieldNote = "note"
	// recheckInterval is how often a feed that is idle asks anew whether it may go on.
	recheckInterval = time.Second
)

// Service raises alerts and answers for them. It is safe for concurrent use.
type Service struct {
	db      *mysql.DB
	seal    *seal.Service
	ledger  *ledger.Ledger
	access  *access.Service
	now     func() time.Time
	log     *slog.Logger
	recheck time.Duration
	// saved is how far the rules had read when that was last stored; only Run's goroutine uses it.
	saved uint64
}

// New makes the service on a migrated database, which logs nothing. Run must be running for alerts to be raised.
func New(db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, now func() time.Time) *Service {
	return &Service{db: db, seal: sealer, ledger: l, access: acc, now: now, log: slog.New(slog.DiscardHandler), recheck: recheckInterval}
}

// WithLog has the service log what is damaged. Call it before the service is used.
func (s *Service) WithLog(log *slog.Logger) *Service {
	s.log = log
	return s
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// scopes gives all that an actor may reach by a permission. FORBIDDEN, which is recorded, where he does not hold it.
func (s *Service) scopes(ctx context.Context, actor *access.Actor, p access.Permission) ([]access.Scope, error) {
	if _, err := s.access.Require(ctx, actor, p); err != nil {
		return nil, err
	}
	return s.access.ScopesOf(actor, p), nil
}

// Filter says which alerts. What is empty does not count.
type Filter struct {
	States     []State
	Severities []ledger.Severity
}

func (f Filter) conditions(where *mysql.Where) {
	if len(f.States) > 0 {
		where.And("state IN (?)", codesOf(States(), f.States))
	}
	if len(f.Severities) > 0 {
		where.And("severity IN (?)", codesOf(Severities(), f.Severities))
	}
}

// codesOf gives the codes of some, each once, however often a caller names it.
func codesOf[T comparable](all, some []T) []int {
	var codes []int
	for i, one := range all {
		if slices.Contains(some, one) {
			codes = append(codes, i)
		}
	}
	return codes
}

// List gives alerts, open ones first, then the more severe, then the newer; and how many there are under the filter.
func (s *Service) List(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*Alert], int, error) {
	var none page.Page[*Alert]
	scopes, err := s.scopes(ctx, actor, access.AlertsView)
	if err != nil {
		return none, 0, err
	}
	w, err := request.Window()
	if err != nil {
		return none, 0, err
	}
	where := &mysql.Where{}
	inScope(where, scopes, actor)
	f.conditions(where)
	total, err := s.count(ctx, where)
	if err != nil {
		return none, 0, err
	}
	rows, err := s.read(ctx, where, w)
	if err != nil {
		return none, 0, err
	}
	alerts, err := s.complete(ctx, s.db, rows)
	if err != nil {
		return none, 0, err
	}
	return page.Cut(w, alerts, (*Alert).Cursor), total, s.ledger.AwaitRead(ctx)
}

func (s *Service) count(ctx context.Context, where *mysql.Where) (total int, err error) {
	query, args, err := mysql.In(countAlerts+where.SQL(), where.Args()...)
	if err != nil {
		return 0, err
	}
	return total, s.db.Get(ctx, &total, query, args...)
}

func (s *Service) read(ctx context.Context, where *mysql.Where, w page.Window) ([]alertRow, error) {
	order, err := window(w, where)
	if err != nil {
		return nil, err
	}
	query, args, err := mysql.In(selectAlert+where.SQL()+order, where.Args(w.Limit+1)...)
	if err != nil {
		return nil, err
	}
	var rows []alertRow
	return rows, s.db.Select(ctx, &rows, query, args...)
}

// Get gives one alert; nil when there is none that the actor may see.
func (s *Service) Get(ctx context.Context, actor *access.Actor, alert id.ID) (*Alert, error) {
	scopes, err := s.scopes(ctx, actor, access.AlertsView)
	if err != nil {
		return nil, err
	}
	a, err := s.find(ctx, s.db, selectAlert+" WHERE id = ?", alert)
	if err != nil || a == nil || !a.reaches(scopes, actor) {
		return nil, err
	}
	return a, s.ledger.AwaitRead(ctx)
}

func (s *Service) find(ctx context.Context, q mysql.Querier, query string, alert id.ID) (*Alert, error) {
	var row alertRow
	err := q.Get(ctx, &row, query, alert)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	alerts, err := s.complete(ctx, q, []alertRow{row})
	if err != nil {
		return nil, err
	}
	return alerts[0], nil
}

// Acknowledge says that somebody takes care of an alert (alert.acknowledged). One that is acknowledged stays as it is;
// CONFLICT for one that is resolved, and NOT_FOUND when there is none that the actor may handle.
func (s *Service) Acknowledge(ctx context.Context, actor *access.Actor, alert id.ID) (*Alert, error) {
	return s.change(ctx, actor, alert, Acknowledged, "")
}

// Resolve ends an alert with a note of 1 to 2,000 characters (alert.resolved), which is sealed under whoever writes it.
// CONFLICT for one that is resolved, and NOT_FOUND when there is none that the actor may handle.
func (s *Service) Resolve(ctx context.Context, actor *access.Actor, alert id.ID, note string) (*Alert, error) {
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n == 0 || n > maxNote || !utf8.ValidString(note) {
		return nil, fault.Field("note", "write in 1 to %d characters what it was", maxNote)
	}
	return s.change(ctx, actor, alert, Resolved, note)
}

func (s *Service) change(ctx context.Context, actor *access.Actor, alert id.ID, state State, note string) (*Alert, error) {
	scopes, err := s.scopes(ctx, actor, access.AlertsManage)
	if err != nil {
		return nil, err
	}
	var changed *Alert
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		a, err := s.find(ctx, tx, selectAlert+" WHERE id = ? FOR UPDATE", alert)
		if err != nil {
			return err
		}
		if a == nil || !a.reaches(scopes, actor) {
			return fault.New(fault.NotFound, "There is no such alert.")
		}
		changed = a
		if a.State == Resolved {
			return fault.New(fault.Conflict, "This alert is resolved already: reload it to see by whom.")
		}
		if a.State == state {
			return nil
		}
		return s.store(ctx, tx, actor, a, state, note)
	})
	if err != nil {
		return nil, err
	}
	return changed, s.ledger.AwaitRead(ctx)
}

// store stores and records a state, and brings a up to date.
func (s *Service) store(ctx context.Context, tx *mysql.Tx, actor *access.Actor, a *Alert, state State, note string) error {
	now := s.moment()
	draft := actor.Draft(ledger.StreamSystem, ledger.AlertAcknowledged, now)
	draft.Person, draft.Department, draft.Entity = a.PersonID, a.DepartmentID, entityOf(a.ID, a.Rule)
	draft.Details = map[string]any{"rule": string(a.Rule), "from": string(a.State)}
	if state == Resolved {
		draft.Action = ledger.AlertResolved
		draft.Parts = append(draft.Parts, ledger.PersonPart(fieldNote, actor.Person, now, note))
	}
	_, err := tx.Exec(ctx, updateAlertState, codeOf(States(), state), urgency(state, a.Severity), now, actor.Person, a.ID)
	if err != nil {
		return err
	}
	entries, err := s.ledger.Append(ctx, tx, draft)
	if err != nil {
		return err
	}
	a.State, a.ChangedAt, a.ChangedByID = state, &now, actor.Person
	if state != Resolved {
		return nil
	}
	a.Note = &note
	_, err = tx.Exec(ctx, updateAlertResolve, entries[0].Seq, a.ID)
	return err
}
