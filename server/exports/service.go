package exports

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/turn"
	"github.com/keytrail/keytrail/server/workhours"
)

// Services are what orders are checked and counted with.
type Services struct {
	Seal    *seal.Service
	Ledger  *ledger.Ledger
	Access  *access.Service
	Logbook *logbook.Service
	Work    *workhours.Service
	// ActorOf gives an account's owner as he is now; UNAUTHENTICATED when he may not ask any more.
	ActorOf func(ctx context.Context, account id.ID) (*access.Actor, error)
}

// Service keeps account of files. It is safe for concurrent use, by several servers of one database.
type Service struct {
	Services
	db    *mysql.DB
	turn  *turn.Turn
	now   func() time.Time
	log   *slog.Logger
	woken chan struct{}
}

// New makes the service on a migrated database. Run must be running somewhere for files to be made.
func New(db *mysql.DB, s Services, now func() time.Time, log *slog.Logger) *Service {
	return &Service{Services: s, db: db, turn: turn.New(db, "exports"), now: now, log: log, woken: make(chan struct{}, 1)}
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// Start has a file made, and puts that on record. The same key gives the same file for as long as it is kept.
//
// CONFLICT when the key was used for another order, or the caller has as many files as he may have; UNAVAILABLE while
// there is no room; FORBIDDEN for programs, which take files directly.
func (s *Service) Start(ctx context.Context, actor *access.Actor, key string, o Order) (*Job, error) {
	if err := s.check(ctx, actor, &o); err != nil {
		return nil, err
	}
	var job *Job
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		job, err = s.start(ctx, tx, actor, key, &o)
		return err
	})
	if err != nil {
		return nil, err
	}
	select {
	case s.woken <- struct{}{}:
	default:
	}
	return job, nil
}

// check refuses an order that cannot be fulfilled.
func (s *Service) check(ctx context.Context, actor *access.Actor, o *Order) error {
	if _, err := s.Access.Require(ctx, actor, access.LogsExport); err != nil {
		return err
	}
	if actor.Account.IsZero() {
		return fault.New(fault.Forbidden, "Programs take files directly, from addresses such as /export/timeline.csv.")
	}
	if err := o.Check(); err != nil {
		return err
	}
	if o.List == ListHours {
		return s.Work.MayExport(ctx, actor, o.Hours, o.By)
	}
	return s.Logbook.MayTakeOut(ctx, actor, o.List, o.Log)
}

func (s *Service) start(ctx context.Context, tx *mysql.Tx, actor *access.Actor, key string, o *Order) (*Job, error) {
	var name string // whoever starts waits for the others, so that limits hold
	if err := tx.Get(ctx, &name, lockTurn); err != nil {
		return nil, err
	}
	plain, err := json.Marshal(stored{Order: *o, Sight: s.sightOf(actor)})
	if err != nil {
		return nil, err
	}
	if len(plain) > maxOrder {
		return nil, fault.Field("filter", "a filter may have at most %d bytes: leave a condition out", maxOrder)
	}
	request := requestOf(key)
	if job, err := s.repeated(ctx, tx, actor, request, o); job != nil || err != nil {
		return job, err
	}
	now := s.moment()
	if err := s.room(ctx, tx, actor, now); err != nil {
		return nil, err
	}
	row := jobRow{ID: id.New(), Person: actor.Person, Account: actor.Account, List: o.List, Format: o.Format, State: Waiting, CreatedAt: now, ExpiresAt: now.Add(Kept)}
	if row.Sealed, err = s.Seal.Seal(ctx, tx, seal.Person(actor.Person), orderBound(row.ID), plain); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, insertJob, row.ID, row.Person, row.Account, request, row.List, row.Format, row.Sealed, now, row.ExpiresAt); err != nil {
		return nil, err
	}
	_, err = s.Ledger.Append(ctx, tx, s.draft(actor, o))
	return row.job(), err
}

// draft is the entry that says that a list is taken out.
func (s *Service) draft(actor *access.Actor, o *Order) ledger.Draft {
	if o.List == ListHours {
		return s.Work.ExportDraft(actor, o.Format, o.Hours, o.By)
	}
	return s.Logbook.TakeOutDraft(actor, o.List, o.Format, o.Log)
}

// requestOf gives what is stored of an idempotency key, nil for none.
func requestOf(key string) []byte {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// repeated gives the file that was ordered with a key before, nil when none was.
func (s *Service) repeated(ctx context.Context, tx *mysql.Tx, actor *access.Actor, request []byte, o *Order) (*Job, error) {
	if request == nil {
		return nil, nil
	}
	var row jobRow
	err := tx.Get(ctx, &row, selectRequest, actor.Person, request)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	before, err := s.opened(ctx, tx, &row)
	if err != nil {
		return nil, err
	}
	same, err := equal(&before.Order, o)
	if err != nil {
		return nil, err
	}
	if !same {
		return nil, fault.New(fault.Conflict, "The idempotency key was used for another export: use a new one.")
	}
	return row.job(), nil
}

// room refuses when there is none for another file.
func (s *Service) room(ctx context.Context, tx *mysql.Tx, actor *access.Actor, now time.Time) error {
	var mine, all taken
	if err := tx.Get(ctx, &mine, countMine, actor.Person, now); err != nil {
		return err
	}
	if mine.Files >= MaxPerPerson || mine.Bytes >= MaxBytesPerPerson {
		return fault.New(fault.Conflict, "You have as many exports as you may have (%d, or %d MiB): remove one that you have saved, or cancel one.", MaxPerPerson, MaxBytesPerPerson>>20)
	}
	if err := tx.Get(ctx, &all, countAll); err != nil {
		return err
	}
	if all.Files >= MaxWaiting || all.Bytes >= MaxBytes {
		return fault.New(fault.Unavailable, "There is no room for more exports now: try again later, or narrow the filter and take the file directly.")
	}
	return nil
}

func orderBound(job id.ID) []byte { return []byte("export_job.sealed/" + job.String()) }

// Job gives one of the caller's files. NOT_FOUND for one of somebody else, and once it is not kept any more.
func (s *Service) Job(ctx context.Context, actor *access.Actor, job id.ID) (*Job, error) {
	row, err := s.ownRow(ctx, actor, job)
	if err != nil {
		return nil, err
	}
	return row.job(), nil
}

// Finished gives one of the caller's files to send. CONFLICT before it is done, and FORBIDDEN once the caller sees less, or
// otherwise, than when he ordered it.
func (s *Service) Finished(ctx context.Context, actor *access.Actor, job id.ID) (*Job, error) {
	row, err := s.ownRow(ctx, actor, job)
	if err != nil {
		return nil, err
	}
	if row.State != Done {
		return nil, fault.New(fault.Conflict, "The export is not done: ask again when exportJob says DONE.")
	}
	before, err := s.opened(ctx, s.db, row)
	if err != nil {
		return nil, err
	}
	return row.job(), s.sameSight(actor, before)
}

func (s *Service) ownRow(ctx context.Context, actor *access.Actor, job id.ID) (*jobRow, error) {
	if _, err := s.Access.Require(ctx, actor, access.LogsExport); err != nil {
		return nil, err
	}
	var row jobRow
	err := s.db.Get(ctx, &row, selectJob, job, actor.Person, s.moment())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "You have no such export: it may be older than %d hours. Start it again.", int(Kept.Hours()))
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// Mine gives the caller's files, the newest first: MaxPerPerson at most.
func (s *Service) Mine(ctx context.Context, actor *access.Actor) ([]*Job, error) {
	if _, err := s.Access.Require(ctx, actor, access.LogsExport); err != nil {
		return nil, err
	}
	var rows []jobRow
	if err := s.db.Select(ctx, &rows, selectMine, actor.Person, s.moment(), MaxPerPerson); err != nil {
		return nil, err
	}
	jobs := make([]*Job, len(rows))
	for i := range rows {
		jobs[i] = rows[i].job()
	}
	return jobs, nil
}
