package people

import (
	"context"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// Service keeps the directory. It is safe for concurrent use.
type Service struct {
	db        *mysql.DB
	seal      *seal.Service
	ledger    *ledger.Ledger
	access    *access.Service
	now       func() time.Time
	log       *slog.Logger
	names     *collation
	directory *directory
	newcomers *newcomers
	maskKey   []byte
	from      uint64 // the first entry that the directory as loaded may not contain
}

// New loads the directory into memory. Run must be running for changes made by other processes to arrive.
func New(ctx context.Context, db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service,
	now func() time.Time, log *slog.Logger,
) (*Service, error) {
	s := &Service{
		db: db, seal: sealer, ledger: l, access: acc, now: now, log: log,
		names: newCollation(), directory: newDirectory(), newcomers: newNewcomers(UsualNewPerDay),
	}
	var err error
	if s.maskKey, err = sealer.BlindIndex(ctx, "mask", ""); err != nil {
		return nil, err
	}
	if _, s.from, err = l.LastRecorded(ctx); err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	return s, l.AwaitRead(ctx)
}

// Find gives a person from memory, whoever asks: the caller applies scopes and masks. Do not change it. Of one who
// was merged it gives the person who he turned out to be, as does everything here that is asked about a person.
func (s *Service) Find(person id.ID) (*Person, bool) {
	r, ok := s.directory.find(person)
	if !ok {
		return nil, false
	}
	return r.person, true
}

// Lookup is Find that asks the database for a person whom another process may have added just now.
// NOT_FOUND when there is none.
func (s *Service) Lookup(ctx context.Context, person id.ID) (*Person, error) {
	if p, ok := s.Find(person); ok {
		return p, nil
	}
	if err := s.reload(ctx, []id.ID{person}); err != nil {
		return nil, err
	}
	if p, ok := s.Find(person); ok {
		return p, nil
	}
	return nil, fault.New(fault.NotFound, "There is no such person.")
}

// Reread brings a person's newest details into memory, for readers that another process's change has reached
// before the directory followed.
func (s *Service) Reread(ctx context.Context, person id.ID) error {
	return s.reload(ctx, []id.ID{person})
}

// Department gives a department from memory.
func (s *Service) Department(department id.ID) (Department, bool) {
	return s.directory.department(department)
}

// DepartmentOf gives a person's department, zero and "" when he has none.
func (s *Service) DepartmentOf(person id.ID) (id.ID, string) {
	p, ok := s.Find(person)
	if !ok {
		return id.ID{}, ""
	}
	department, _ := s.directory.department(p.Department)
	return p.Department, department.Name
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
