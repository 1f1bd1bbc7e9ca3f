// Package mail sends e-mail by SMTP, by way of an outbox in the database: what is to be sent is stored in the transaction
// that decides it, and goes out, once, as soon as there is a server that takes it.
package mail

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// Message is an e-mail in plain text.
type Message struct {
	// To is the recipient's address alone: name@example.org.
	To      string `json:"to"`
	Subject string `json:"subject"`
	// Text has lines that end with \n.
	Text string `json:"text"`
}

// Handler is told of the e-mails of one topic.
type Handler interface {
	// Renew gives what is to be sent by now in place of what was stored; false when it is no longer wanted.
	Renew(ctx context.Context, mail id.ID, m Message) (renewed Message, wanted bool, err error)
	// Sent is called in the transaction that forgets an e-mail because it was sent, last. It may run again.
	Sent(ctx context.Context, tx *mysql.Tx, mail id.ID, at time.Time) error
}

// Service keeps the outbox and sends what is in it. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	seal   *seal.Service
	access *access.Service
	sender *sender // nil when no server is set: then nothing is taken
	now    func() time.Time
	log    *slog.Logger
	wake   chan struct{}

	mu       sync.Mutex
	handlers map[string]Handler
}

// New makes the service on a migrated database. A config without a host sends nothing. Run must be running for e-mail to go.
func New(db *mysql.DB, sealer *seal.Service, acc *access.Service, c Config, now func() time.Time, log *slog.Logger) (*Service, error) {
	s := &Service{
		db: db, seal: sealer, access: acc, now: now, log: log, wake: make(chan struct{}, 1), handlers: map[string]Handler{},
	}
	var err error
	if c.Host != "" {
		s.sender, err = newSender(c)
	}
	return s, err
}

// Enabled reports whether there is a server to send by.
func (s *Service) Enabled() bool { return s.sender != nil }

// Handle has a handler told of the e-mails of a topic. Call it before Run.
func (s *Service) Handle(topic string, h Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[topic] = h
}

func (s *Service) handler(topic string) Handler {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handlers[topic]
}
