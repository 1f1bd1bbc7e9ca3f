package gormaudit

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/commit"
	"github.com/keytrail/keytrail/audit/internal/sqltext"
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

	mu         sync.Mutex
	events     []pending
	savepoints sqltext.Savepoints
}

// pending is what a transaction did: an event, or why it cannot be recorded and must not be committed.
type pending struct {
	event   audit.Event
	refused error
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
	t.events = t.events[:t.savepoints.Follow(query, len(t.events))]
}

// hold keeps an event until the transaction ends.
func (t *txPool) hold(e audit.Event) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.events) >= maxPending {
		return fmt.Errorf("a transaction did more than %d things that are to be recorded: do it in parts", maxPending)
	}
	t.events = append(t.events, pending{event: e})
	return nil
}

// doom has the transaction roll back at its end unless it goes back to an earlier savepoint.
func (t *txPool) doom(why error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(t.events, pending{refused: why})
}

func (t *txPool) held() ([]audit.Event, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	events := make([]audit.Event, 0, len(t.events))
	var refused error
	for _, one := range t.events {
		if one.refused != nil {
			refused = one.refused
			continue
		}
		events = append(events, one.event)
	}
	t.events = nil
	return events, refused
}

// Commit commits the transaction and records what it did; a strict plugin records first and rolls back on failure.
func (t *txPool) Commit() error {
	events, refused := t.held()
	if refused != nil {
		_ = t.Tx.Rollback()
		return refused
	}
	if !t.pool.plugin.strict {
		err := t.Tx.Commit()
		if commit.IsUnsure(err) {
			for i := range events {
				events[i] = commit.Unsure(events[i])
			}
		}
		if err == nil || commit.IsUnsure(err) {
			t.record(events)
		}
		return err
	}
	for i, e := range events {
		if err := t.pool.plugin.recorder.Record(t.ctx, e); err != nil {
			_ = t.Tx.Rollback()
			t.revoke(events[:i+1], nil) // the last, too: it may be in the queue, and only not on the disk
			return err
		}
	}
	if err := t.Tx.Commit(); err != nil {
		t.revoke(events, err)
		return err
	}
	return nil
}

// Rollback gives up what the transaction did, and its events.
func (t *txPool) Rollback() error {
	_, _ = t.held()
	return t.Tx.Rollback()
}

func (t *txPool) record(events []audit.Event) {
	for _, e := range events {
		if err := t.pool.plugin.recorder.Record(t.ctx, e); err != nil {
			t.pool.plugin.o.Logger.Error("a change may be committed and is not recorded", "error", err)
		}
	}
}

// revoke says of events that were recorded that what they tell was not committed, or that the commit's error leaves that open.
func (t *txPool) revoke(events []audit.Event, why error) {
	for _, e := range events {
		if err := t.pool.plugin.recorder.Record(t.ctx, commit.Revoking(e, why)); err != nil {
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
	if err != nil {
		p.refuse(db, err)
	}
}

// refuse fails a statement that was executed but cannot be recorded. A strict plugin does not let its transaction commit,
// also where the application passes over the error.
func (p *Plugin) refuse(db *gorm.DB, err error) {
	_ = db.AddError(err)
	if tx, ok := transactionOf(db.Statement.ConnPool); ok && p.strict {
		tx.doom(err)
	}
}

func transactionOf(conn gorm.ConnPool) (*txPool, bool) {
	if prepared, ok := conn.(*gorm.PreparedStmtTX); ok {
		conn = prepared.Tx
	}
	tx, ok := conn.(*txPool)
	return tx, ok
}

// unseen reports whether a statement runs in a transaction whose end the plugin will not see, such as one of
// db.Connection's: nobody can tell whether what it does will be committed.
func unseen(conn gorm.ConnPool) bool {
	if _, ours := transactionOf(conn); ours {
		return false
	}
	if outer, ok := conn.(*pool); ok { // opened on a transaction
		conn = outer.ConnPool
	}
	_, ends := conn.(gorm.TxCommitter)
	return ends
}

// adopt makes a transaction that GORM began for this statement alone, elsewhere than in the plugin's pool, one whose end
// the plugin sees.
func (p *Plugin) adopt(db *gorm.DB) {
	_, started := db.InstanceGet("gorm:started_transaction")
	tx, ok := db.Statement.ConnPool.(*sql.Tx)
	if started && ok {
		db.Statement.ConnPool = &txPool{Tx: tx, pool: &pool{ConnPool: db.ConnPool, plugin: p}, ctx: context.WithoutCancel(db.Statement.Context)}
	}
}
