package mail

import (
	"context"
	"encoding/json"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	insertMail = "INSERT INTO mail (id, topic, person, subject, sealed, attempts, problem, created_at, next_at, dead_at)" +
		" VALUES (?, ?, ?, ?, ?, 0, '', ?, ?, NULL)"
	countWaiting = "SELECT COUNT(*) FROM mail WHERE dead_at IS NULL"
	selectDue    = "SELECT id, topic, subject, sealed, attempts, created_at, next_at FROM mail WHERE dead_at IS NULL AND next_at <= ?" +
		" ORDER BY next_at, id LIMIT ?"
	claimMail  = "UPDATE mail SET next_at = ?, attempts = attempts + 1 WHERE id = ? AND next_at = ? AND dead_at IS NULL"
	deleteMail = "DELETE FROM mail WHERE id = ?"
	putOff     = "UPDATE mail SET next_at = ?, problem = ? WHERE id = ? AND dead_at IS NULL"
	giveUp     = "UPDATE mail SET dead_at = ?, problem = ? WHERE id = ?"
	forgetDead = "DELETE FROM mail WHERE dead_at < ? LIMIT 100"
)

const (
	// maxWaiting bounds the outbox, and maxText a message.
	maxWaiting = 10_000
	maxText    = 12_000
)

// row is an e-mail as stored.
type row struct {
	ID        id.ID        `db:"id"`
	Topic     string       `db:"topic"`
	Subject   seal.Subject `db:"subject"`
	Sealed    []byte       `db:"sealed"`
	Attempts  int          `db:"attempts"`
	CreatedAt time.Time    `db:"created_at"`
	NextAt    time.Time    `db:"next_at"`
}

// Add stores an e-mail about a person, under whose key it is sealed, or about nobody (zero), in the caller's transaction. It
// goes out after the commit. UNAVAILABLE when no server is set or when too much waits already.
func (s *Service) Add(ctx context.Context, tx *mysql.Tx, topic string, person id.ID, m Message) (id.ID, error) {
	if !s.Enabled() {
		return id.ID{}, fault.New(fault.Unavailable, "No server is set by which e-mail could go: set KEYTRAIL_SMTP_URL.")
	}
	var waiting int
	if err := tx.Get(ctx, &waiting, countWaiting); err != nil {
		return id.ID{}, err
	}
	if waiting >= maxWaiting {
		return id.ID{}, fault.New(fault.Unavailable, "%d e-mails wait to be sent: see why the server does not take them.", waiting)
	}
	now := s.moment()
	one := id.New()
	subject := seal.Nobody(now)
	if !person.IsZero() {
		subject = seal.Person(person)
	}
	plain, err := json.Marshal(m)
	if err != nil || len(plain) > maxText {
		return id.ID{}, fault.Wrap(err, fault.Internal, "an e-mail of %d bytes cannot be kept", len(plain))
	}
	sealed, err := s.seal.Seal(ctx, tx, subject, boundTo(one), plain)
	if err != nil {
		return id.ID{}, err
	}
	if _, err := tx.Exec(ctx, insertMail, one, topic, person, subject, sealed, now, now); err != nil {
		return id.ID{}, err
	}
	tx.AfterCommit(s.rouse)
	return one, nil
}

// boundTo is authenticated with an e-mail: the same bytes in another row do not open.
func boundTo(one id.ID) []byte { return []byte("mail\x00" + one.String()) }

func (s *Service) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
