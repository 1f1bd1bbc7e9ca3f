// Package gormaudit records what GORM does to entities: creates, updates, deletes, soft deletes and, where asked for,
// reads; every object of a bulk change with its own differences; and the links of many-to-many associations.
//
//	db, err := gorm.Open(mysql.Open(dsn))
//	err = db.Use(gormaudit.New(client, gormaudit.Options{Module: "shop"}))
//	db.WithContext(r.Context()).Save(&product) // who acts comes from the context
//
// Values before a change are read, and locked, in the transaction of the change, and read again after it, so that
// defaults, triggers and expressions of the database show as they are. Fields follow the tags of package audit.
//
// What is recorded of changes is what was committed (what was read is recorded at once): events wait in the transaction, those of a savepoint that is rolled back are
// dropped with it, and they are recorded right after the commit. With a strict recorder they are recorded right before
// it, and a failure rolls back; should the commit then fail itself, an event with outcome failure says so under the
// same bulkId. Where the connection is lost during a commit nobody knows whether it was done: events with outcome failure say
// that (committed or commitNotKnown in their metadata). A strict plugin refuses changes outside of a transaction, with ErrNoTransaction and before anything is
// done: GORM's default transactions suffice, but statements given as SQL, and all with SkipDefaultTransaction, need
// db.Transaction.
//
// Not seen with their values: objects that can be written and not read (counted; a strict plugin refuses to change them),
// statements given as SQL (recorded as raw_sql, without values, when they change data),
// updates of a table by name without a model or of a model without a primary key (recorded with how many rows they
// touched), and keys that an update has the database compute. A key whose field is masked or omitted is recorded as a hash
// (audit.Rule.ID). Not seen at all: what is done in a transaction that began elsewhere than in a DB with the plugin, such
// as one within db.Connection; a strict plugin refuses it, another logs it and records nothing of it.
package gormaudit

import (
	"cmp"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

const (
	defaultMaxRows = 10_000
	maxPending     = 50_000
	innerKey       = "keytrail:inner"
	stateKey       = "keytrail:state"
	rawKey         = "keytrail:raw"
)

// ErrNoTransaction says that a strict plugin refused a change since it could not be undone if it could not be recorded:
// it is in no transaction, or in one that did not begin with a DB that the plugin watches.
var ErrNoTransaction = errors.New("the change is in no transaction that can be rolled back when it cannot be recorded: use db.Transaction")

// ErrTooMany says that a strict plugin refused a bulk change because it touches more than Options.MaxRows objects.
var ErrTooMany = errors.New("the change touches more objects than can be recorded: do it in parts, or raise MaxRows")

// Options say what is recorded. The zero value records every change of every table.
type Options struct {
	Module string
	// Exclude are tables that are not recorded.
	Exclude []string
	// Reads are tables of which each object that is read is recorded. "*" means all.
	Reads []string
	// MaxRows bounds how many objects of one statement are read and recorded; 0 means 10,000. Of a larger one the first are
	// recorded, and an event that tells how many were not; a strict plugin refuses it with ErrTooMany.
	MaxRows int
	// Masks are the names of fields that are secret without a tag; nil means audit.NewMasks().
	Masks *audit.Masks
	// Logger is told of what could not be recorded after a commit; nil means slog.Default().
	Logger *slog.Logger
}

// Plugin is a gorm.Plugin.
type Plugin struct {
	o        Options
	recorder audit.Recorder
	strict   bool

	mu      sync.Mutex
	indexes map[*schema.Schema][][]*schema.Field // by which upserts find rows
}

// New makes a plugin. It is strict when its recorder is.
func New(recorder audit.Recorder, o Options) *Plugin {
	o.MaxRows = cmp.Or(o.MaxRows, defaultMaxRows)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.Masks == nil {
		o.Masks = audit.NewMasks()
	}
	s, ok := recorder.(interface{ Strict() bool })
	return &Plugin{o: o, recorder: recorder, strict: ok && s.Strict(), indexes: map[*schema.Schema][][]*schema.Field{}}
}

// Name is the plugin's name.
func (p *Plugin) Name() string { return "keytrail:audit" }

// Initialize puts the plugin into a DB: its callbacks, and a pool whose transactions hold events until they commit.
func (p *Plugin) Initialize(db *gorm.DB) error {
	if prepared, ok := db.ConnPool.(*gorm.PreparedStmtDB); ok { // below it, so that GORM still knows it and prepares no savepoints
		prepared.ConnPool = &pool{ConnPool: prepared.ConnPool, plugin: p}
	} else {
		pool := &pool{ConnPool: db.ConnPool, plugin: p}
		db.ConnPool, db.Statement.ConnPool = pool, pool
	}
	c := db.Callback()
	return errors.Join(
		c.Create().After("gorm:save_before_associations").Before("gorm:create").Register("keytrail:before_create", p.beforeCreate),
		c.Create().After("gorm:create").Before("gorm:save_after_associations").Register("keytrail:after_create", p.after),
		c.Update().After("gorm:save_before_associations").Before("gorm:update").Register("keytrail:before_update", p.beforeUpdate),
		c.Update().After("gorm:update").Before("gorm:save_after_associations").Register("keytrail:after_update", p.after),
		c.Delete().After("gorm:delete_before_associations").Before("gorm:delete").Register("keytrail:before_delete", p.beforeDelete),
		c.Delete().After("gorm:delete").Before("gorm:after_delete").Register("keytrail:after_delete", p.after),
		c.Query().After("gorm:after_query").Register("keytrail:read", p.read),
		c.Raw().Before("gorm:raw").Register("keytrail:before_raw", p.beforeRaw),
		c.Raw().After("gorm:raw").Register("keytrail:raw", p.raw),
		c.Query().Before("gorm:query").Register("keytrail:before_raw", p.beforeRaw),
		c.Query().After("gorm:query").Register("keytrail:raw", p.raw),
		c.Row().Before("gorm:row").Register("keytrail:before_raw", p.beforeRaw),
		c.Row().After("gorm:row").Register("keytrail:raw", p.raw),
	)
}

// watched reports whether a statement is to be recorded: not what the plugin itself reads, nor a dry run.
func (p *Plugin) watched(db *gorm.DB) bool {
	_, inner := db.Get(innerKey)
	excluded := slices.Contains(p.o.Exclude, db.Statement.Table) || db.Statement.Schema != nil && slices.Contains(p.o.Exclude, db.Statement.Schema.Table)
	return db.Error == nil && !db.DryRun && !inner && !excluded
}
