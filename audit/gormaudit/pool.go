package gormaudit

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/gorm"
)

// pool is GORM's connections, of which transactions hold the events of what they did.
type pool struct {
	gorm.ConnPool
	plugin *Plugin
}

// BeginTx begins a transaction.
func (p *pool) BeginTx(ctx context.Context, o *sql.TxOptions) (gorm.ConnPool, error) {
	var begun gorm.ConnPool
	var err error
	switch beginner := p.ConnPool.(type) {
	case gorm.TxBeginner:
		begun, err = beginner.BeginTx(ctx, o)
	case gorm.ConnPoolBeginner:
		begun, err = beginner.BeginTx(ctx, o)
	default:
		return nil, gorm.ErrInvalidTransaction
	}
	if err != nil {
		return nil, err
	}
	tx, ok := begun.(gorm.Tx)
	if !ok {
		return nil, gorm.ErrInvalidTransaction
	}
	return &txPool{Tx: tx, pool: p, ctx: context.WithoutCancel(ctx)}, nil
}

// GetDBConn gives the sql.DB, for gorm.DB.DB.
func (p *pool) GetDBConn() (*sql.DB, error) {
	switch inner := p.ConnPool.(type) {
	case *sql.DB:
		return inner, nil
	case gorm.GetDBConnector:
		return inner.GetDBConn()
	}
	return nil, gorm.ErrInvalidDB
}

// Ping asks whether the database answers.
func (p *pool) Ping() error {
	db, err := p.GetDBConn()
	if err != nil {
		return err
	}
	return db.Ping()
}

// txPool is a transaction with the events of what it did.
type txPool struct {
	gorm.Tx
	pool *pool
	ctx  context.Context // of the transaction, without its end

	mu      sync.Mutex
	events  []audit.Event
	savings map[string]int // savepoint → how many events came before it
}

// GetDBConn gives the sql.DB, for gorm.DB.DB.
func (t *txPool) GetDBConn() (*sql.DB, error) { return t.pool.GetDBConn() }

// ExecContext executes a statement, and follows savepoints: what is rolled back to one takes its events along.
func (t *txPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := t.Tx.ExecContext(ctx, query, args...)
	if err == nil {
		t.follow(query)
	}
	return result, err
}

func (t *txPool) follow(query string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if name, ok := strings.CutPrefix(query, "SAVEPOINT "); ok {
		if t.savings == nil {
			t.savings = map[string]int{}
		}
		t.savings[name] = len(t.events)
	}
	if name, ok := strings.CutPrefix(query, "ROLLBACK TO SAVEPOINT "); ok {
		if n, known := t.savings[name]; known && n <= len(t.events) {
			t.events = t.events[:n]
		}
	}
}

// hold keeps an event until the transaction ends.
func (t *txPool) hold(e audit.Event) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.events) >= maxPending {
		return fmt.Errorf("a transaction did more than %d things that are to be recorded: do it in parts", maxPending)
	}
	t.events = append(t.events, e)
	return nil
}

func (t *txPool) held() []audit.Event {
	t.mu.Lock()
	defer t.mu.Unlock()
	events := t.events
	t.events = nil
	return events
}

// Commit commits the transaction and records what it did; a strict plugin records first and rolls back on failure.
func (t *txPool) Commit() error {
	events := t.held()
	if !t.pool.plugin.strict {
		if err := t.Tx.Commit(); err != nil {
			return err
		}
		t.record(events)
		return nil
	}
	for i, e := range events {
		if err := t.pool.plugin.recorder.Record(t.ctx, e); err != nil {
			_ = t.Tx.Rollback()
			t.revoke(events[:i+1]) // the last, too: it may be in the queue, and only not on the disk
			return err
		}
	}
	if err := t.Tx.Commit(); err != nil {
		t.revoke(events)
		return err
	}
	return nil
}

// Rollback gives up what the transaction did, and its events.
func (t *txPool) Rollback() error {
	t.held()
	return t.Tx.Rollback()
}

func (t *txPool) record(events []audit.Event) {
	for _, e := range events {
		if err := t.pool.plugin.recorder.Record(t.ctx, e); err != nil {
			t.pool.plugin.o.Logger.Error("a change was committed but not recorded", "error", err)
		}
	}
}

// revoke says of events that were recorded that what they tell was not committed.
func (t *txPool) revoke(events []audit.Event) {
	for _, e := range events {
		undone := audit.Event{
			Action: e.Action, EntityType: e.EntityType, Entity: e.Entity, Module: e.Module, Actor: e.Actor, IP: e.IP, UserAgent: e.UserAgent,
			BulkID: e.BulkID, Outcome: audit.Failure, Metadata: map[string]any{"notCommitted": e.EventID},
		}
		if err := t.pool.plugin.recorder.Record(t.ctx, undone); err != nil {
			t.pool.plugin.o.Logger.Error("a change that may be recorded was not committed, and that could not be recorded", "event", e.EventID, "error", err)
		}
	}
}

// record has an event recorded when the statement's transaction commits, or at once outside of one.
func (p *Plugin) record(db *gorm.DB, e audit.Event) {
	if e.Module == "" {
		e.Module = p.o.Module
	}
	e.Fill(db.Statement.Context)
	err := error(nil)
	if tx, ok := transactionOf(db.Statement.ConnPool); ok {
		if err = tx.hold(e); err != nil && !p.strict {
			p.o.Logger.Error("a change is recorded before it is committed", "error", err)
			err = p.recorder.Record(db.Statement.Context, e)
		}
	} else {
		err = p.recorder.Record(db.Statement.Context, e)
	}
	_ = db.AddError(err)
}

func transactionOf(conn gorm.ConnPool) (*txPool, bool) {
	if prepared, ok := conn.(*gorm.PreparedStmtTX); ok {
		conn = prepared.Tx
	}
	tx, ok := conn.(*txPool)
	return tx, ok
}
