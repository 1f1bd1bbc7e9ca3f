package gormaudit_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/gormaudit"
	"github.com/keytrail/keytrail/audit/internal/mariadbtest"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
)

// unsure takes events, and says of the n-th that it may not have it, as a client does whose disk fails.
type unsure struct {
	memory
	n    int
	fail error
}

func (u *unsure) Record(ctx context.Context, e audit.Event) error {
	if err := u.memory.Record(ctx, e); err != nil || len(u.events) != u.n {
		return err
	}
	return u.fail
}

func TestTransactions(t *testing.T) {
	server := mariadbtest.Start(t)
	t.Run("what may have been recorded before a rollback is taken back", func(t *testing.T) {
		u := &unsure{memory: memory{strict: true}, n: 2, fail: errors.New("the disk fails")}
		db := with(t, server.DSN, u, gormaudit.Options{}, &gorm.Config{}, &tag{})
		err := db.Create(&[]tag{{Name: "a"}, {Name: "b"}, {Name: "c"}}).Error
		if !errors.Is(err, u.fail) || len(u.events) != 4 {
			t.Fatalf("%v after %d events", err, len(u.events))
		}
		for i, e := range u.events[2:] {
			if told, _ := e.Metadata.(map[string]any); e.Outcome != audit.Failure || told["notCommitted"] != u.events[i].EventID {
				t.Errorf("%d: %+v", i, e)
			}
		}
	})
	t.Run("in a transaction that the plugin does not see, nothing is recorded that may not be true", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{Logger: slog.New(slog.DiscardHandler)}, &gorm.Config{}, &tag{})
		gone := errors.New("not this")
		within := func(tx *gorm.DB) error {
			return tx.Transaction(func(tx *gorm.DB) error {
				return errors.Join(tx.Create(&tag{Name: "a"}).Error, tx.Exec("UPDATE tags SET name = 'b'").Error, gone)
			})
		}
		if err := db.Connection(within); !errors.Is(err, gone) {
			t.Error(err)
		}
		want(t, m)
		err := db.Connection(func(tx *gorm.DB) error { return tx.Create(&tag{ID: 5, Name: "a"}).Error })
		if err != nil {
			t.Error(err)
		}
		want(t, m, "create tag 5 /ID:<nil>>5 /Name:<nil>>a")
		strictly := with(t, server.DSN, &memory{strict: true}, gormaudit.Options{}, &gorm.Config{}, &tag{})
		if err := strictly.Connection(within); !errors.Is(err, gormaudit.ErrNoTransaction) {
			t.Errorf("strictly it gives %v", err)
		}
		counted(t, strictly, 0)
		pool, err := db.DB()
		if err != nil {
			t.Fatal(err)
		}
		begun, err := pool.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		on, err := gorm.Open(mysql.New(mysql.Config{Conn: begun}), &gorm.Config{Logger: logger.Discard})
		if err := errors.Join(err, on.Use(gormaudit.New(m, gormaudit.Options{Logger: slog.New(slog.DiscardHandler)}))); err != nil {
			t.Fatal(err)
		}
		must(t, on.Create(&tag{Name: "a"}))
		if err := begun.Rollback(); err != nil {
			t.Error(err)
		}
		want(t, m)
	})
	t.Run("savepoints of prepared statements are followed and not prepared", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{PrepareStmt: true}, &tag{})
		prepared, ok := db.ConnPool.(*gorm.PreparedStmtDB)
		if !ok {
			t.Fatalf("GORM finds a %T", db.ConnPool)
		}
		err := db.Transaction(func(tx *gorm.DB) error {
			_ = tx.Transaction(func(tx *gorm.DB) error {
				must(t, tx.Create(&tag{ID: 1, Name: "a"}))
				return errors.New("not this")
			})
			must(t, tx.Exec("SAVEPOINT s"))
			must(t, tx.Create(&tag{ID: 2, Name: "a"}))
			must(t, tx.Exec("ROLLBACK TO s"))
			return tx.Create(&tag{ID: 3, Name: "a"}).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		want(t, m, "create tag 3 /ID:<nil>>3 /Name:<nil>>a")
		for _, query := range prepared.Stmts.Keys() {
			if strings.Contains(query, "SAVEPOINT sp") {
				t.Errorf("prepared: %s", query)
			}
		}
	})
	t.Run("strict: a create of more than MaxRows is refused", func(t *testing.T) {
		m := &memory{strict: true}
		db := with(t, server.DSN, m, gormaudit.Options{MaxRows: 2}, &gorm.Config{}, &tag{})
		err := db.Transaction(func(tx *gorm.DB) error {
			if err := tx.Create(&[]tag{{Name: "a"}, {Name: "b"}, {Name: "c"}}).Error; !errors.Is(err, gormaudit.ErrTooMany) {
				t.Errorf("three objects give %v", err)
			}
			return nil // nothing was done yet
		})
		if err != nil {
			t.Errorf("the commit gives %v", err)
		}
		must(t, db.Create(&[]tag{{Name: "a"}, {Name: "b"}}))
		m.take()
		counted(t, db, 2)
	})
	t.Run("strict: a transaction whose change was refused is not committed, whatever the application makes of the error", func(t *testing.T) {
		m := &memory{strict: true}
		db := with(t, server.DSN, m, gormaudit.Options{MaxRows: 2}, &gorm.Config{}, &account{})
		one := 1
		must(t, db.Create(&[]account{{Email: "a", Shop: 1, No: &one}, {Email: "b", Shop: 2, No: &one}}))
		m.take()
		upsert := func(tx *gorm.DB) error { // meets two rows and makes one
			accounts := []account{{Email: "a", Shop: 2, No: &one, Level: 9}, {Email: "c"}}
			return tx.Clauses(clause.OnConflict{DoUpdates: clause.AssignmentColumns([]string{"level"})}).Create(&accounts).Error
		}
		err := db.Transaction(func(tx *gorm.DB) error {
			if err := upsert(tx); !errors.Is(err, gormaudit.ErrTooMany) {
				t.Errorf("three objects give %v", err)
			}
			return nil
		})
		if !errors.Is(err, gormaudit.ErrTooMany) {
			t.Errorf("the commit gives %v", err)
		}
		err = db.Transaction(func(tx *gorm.DB) error {
			_ = tx.Transaction(upsert)
			return tx.Model(&account{ID: 1}).Update("level", 5).Error
		})
		if err != nil {
			t.Error(err)
		}
		want(t, m, "update account 1 /Level:0>5")
		var n int64
		if must(t, db.Model(&account{}).Where("level = 9 OR email = 'c'").Count(&n)); n != 0 {
			t.Errorf("%d rows are there that were refused", n)
		}
	})
	t.Run("of a commit whose answer was lost nobody says that it was done or not", func(t *testing.T) {
		for _, strict := range []bool{true, false} {
			m := &memory{strict: strict}
			db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &tag{})
			err := db.Transaction(func(tx *gorm.DB) error {
				must(t, tx.Create(&tag{Name: "a"}))
				var connection int
				must(t, tx.Raw("SELECT CONNECTION_ID()").Scan(&connection))
				must(t, db.Exec("KILL ?", connection))
				return nil
			})
			if err == nil || len(m.events) == 0 {
				t.Fatalf("strict is %v: %v, %d events", strict, err, len(m.events))
			}
			last := m.events[len(m.events)-1]
			told, _ := last.Metadata.(map[string]any)
			if last.Outcome != audit.Failure || strict && told["commitNotKnown"] != m.events[0].EventID || !strict && (told["committed"] == nil || len(last.Changes) == 0) {
				t.Errorf("strict is %v: %+v", strict, last)
			}
		}
	})
	t.Run("what was read was shown, also in a transaction that is rolled back", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{Reads: []string{"tags"}}, &gorm.Config{}, &tag{})
		must(t, db.Create(&tag{Name: "a"}))
		m.take()
		gone := errors.New("not this")
		err := db.Transaction(func(tx *gorm.DB) error {
			must(t, tx.First(&tag{}))
			must(t, tx.Create(&tag{Name: "b"}))
			_ = tx.Transaction(func(tx *gorm.DB) error {
				must(t, tx.Last(&tag{}))
				return gone
			})
			return gone
		})
		if !errors.Is(err, gone) {
			t.Fatal(err)
		}
		want(t, m, "read tag 1", "read tag 2")
		m.strict = true
		strict := open(t, server.DSN, m, gormaudit.Options{Reads: []string{"tags"}}, &gorm.Config{})
		m.failing(gone)
		err = strict.Transaction(func(tx *gorm.DB) error {
			if err := tx.First(&tag{}).Error; !errors.Is(err, gone) {
				t.Errorf("what cannot be recorded is read: %v", err)
			}
			return nil
		})
		if !errors.Is(err, gone) {
			t.Errorf("the commit gives %v", err)
		}
		m.failing(nil)
	})
	t.Run("strict: what could not be undone is refused", func(t *testing.T) {
		m := &memory{strict: true}
		away := errors.New("the disk is full")
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &tag{})
		must(t, db.Create(&tag{Name: "a"}))
		m.failing(away)
		insert := func(db *gorm.DB) error { return db.Exec("INSERT INTO tags (name) VALUES ('b')").Error }
		if err := insert(db); !errors.Is(err, gormaudit.ErrNoTransaction) {
			t.Errorf("a statement outside of a transaction gives %v", err)
		}
		if err := db.Transaction(insert); !errors.Is(err, away) {
			t.Errorf("a statement in a transaction gives %v", err)
		}
		bare := db.Session(&gorm.Session{SkipDefaultTransaction: true})
		for name, err := range map[string]error{
			"create": bare.Create(&tag{Name: "c"}).Error, "update": bare.Model(&tag{ID: 1}).Update("name", "d").Error, "delete": bare.Delete(&tag{ID: 1}).Error,
		} {
			if !errors.Is(err, gormaudit.ErrNoTransaction) {
				t.Errorf("%s without a transaction gives %v", name, err)
			}
		}
		m.failing(nil)
		counted(t, db, 1)
		must(t, db.Exec("SET @a = 1"))
		if err := db.Transaction(insert); err != nil {
			t.Error(err)
		}
		want(t, m, "create tag 1 /ID:<nil>>1 /Name:<nil>>a", "raw_sql  ")
	})
}

// counted says that so many tags named a or b are there, and no others.
func counted(t *testing.T, db *gorm.DB, want int64) {
	t.Helper()
	var all, named int64
	must(t, db.Model(&tag{}).Count(&all))
	must(t, db.Model(&tag{}).Where("name IN ('a', 'b')").Count(&named))
	if all != want || named != want {
		t.Errorf("%d and %d rows, want %d", all, named, want)
	}
}
