package main

import (
	"context"
	"strings"
	"sync"

	"github.com/keytrail/keytrail/server/mysql"
)

// floor is the plainest way to keep events: one table with two secondary indexes, on the same database.
type floor struct {
	owner *mysql.DB
	table string
	group coalescer
}

const floorColumns = 9

func newFloor(ctx context.Context, s *store, table string) (*floor, error) {
	owner, err := s.ownerDB(ctx)
	if err != nil {
		return nil, err
	}
	f := floorOn(owner, table)
	_, err = owner.Exec(ctx, "CREATE TABLE "+table+` (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, occurred_at DATETIME(6) NOT NULL, actor INT NOT NULL,
  action VARCHAR(100) NOT NULL, entity_type VARCHAR(64) NOT NULL, entity VARCHAR(190) NOT NULL, module VARCHAR(100) NOT NULL,
  ip VARCHAR(45) NOT NULL, event_id CHAR(36) NOT NULL, details JSON NOT NULL,
  KEY actor_time (actor, occurred_at), KEY entity_time (entity_type, entity, occurred_at)) ENGINE=InnoDB`)
	return f, err
}

// floorOn is a floor whose table is there.
func floorOn(owner *mysql.DB, table string) *floor {
	f := &floor{owner: owner, table: table}
	f.group.flush = f.insert
	return f
}

// insert stores events with one multi-row INSERT that commits by itself.
func (f *floor) insert(ctx context.Context, events []event) error {
	one := "(?" + strings.Repeat(",?", floorColumns-1) + ")"
	query := "INSERT INTO " + f.table + " (occurred_at, actor, action, entity_type, entity, module, ip, event_id, details) VALUES " +
		strings.Repeat(one+",", len(events)-1) + one
	args := make([]any, 0, len(events)*floorColumns)
	for i := range events {
		e := &events[i]
		args = append(args, e.Time, e.Actor, e.Action, e.EntityType, e.Entity, e.Module, e.IP, e.ID, []byte(e.Details))
	}
	_, err := f.owner.Exec(ctx, query, args...)
	return err
}

// coalesced shares one INSERT among all who wait.
func (f *floor) coalesced(ctx context.Context, events []event) error { return f.group.do(ctx, events) }

// coalescer is the least that lets waiting callers share a statement.
type coalescer struct {
	flush   func(ctx context.Context, events []event) error
	mu      sync.Mutex
	waiting []event
	done    chan struct{}
	err     *error
	busy    bool
}

func (c *coalescer) do(ctx context.Context, events []event) error {
	c.mu.Lock()
	if c.done == nil {
		c.done, c.err = make(chan struct{}), new(error)
	}
	done, result := c.done, c.err
	c.waiting = append(c.waiting, events...)
	lead := !c.busy
	c.busy = true
	c.mu.Unlock()
	if lead {
		c.run(ctx)
	}
	<-done
	return *result
}

func (c *coalescer) run(ctx context.Context) {
	for {
		c.mu.Lock()
		events, done, result := c.waiting, c.done, c.err
		c.waiting, c.done, c.err = nil, nil, nil
		if len(events) == 0 {
			c.busy = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		*result = c.flush(ctx, events)
		close(done)
	}
}
