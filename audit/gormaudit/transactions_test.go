package gormaudit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/gormaudit"
	"github.com/keytrail/keytrail/audit/internal/mariadbtest"
	"gorm.io/gorm"
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
}
