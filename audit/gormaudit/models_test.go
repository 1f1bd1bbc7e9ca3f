package gormaudit_test

import (
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/gormaudit"
	"github.com/keytrail/keytrail/audit/internal/mariadbtest"
	"gorm.io/gorm"
)

type setting struct {
	ID      uint
	Options map[string]string `gorm:"serializer:json" audit:"plain"`
}

// with opens a database with tables for models of a test's own, before the plugin watches.
func with(t *testing.T, dsn string, m *memory, o gormaudit.Options, c *gorm.Config, models ...any) *gorm.DB {
	t.Helper()
	db := open(t, dsn, &memory{}, gormaudit.Options{}, &gorm.Config{})
	if err := db.Migrator().DropTable(models...); err != nil {
		t.Fatal(err)
	}
	if err := db.AutoMigrate(models...); err != nil {
		t.Fatal(err)
	}
	return open(t, dsn, m, o, c).WithContext(audit.WithActor(t.Context(), audit.Person{ExternalID: "7"}))
}

func TestModels(t *testing.T) {
	server := mariadbtest.Start(t)
	t.Run("a field with a serializer is recorded as its value", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &setting{})
		s := setting{Options: map[string]string{"a": "b"}}
		must(t, db.Create(&s))
		want(t, m, "create setting 1 /ID:<nil>>1 /Options/a:<nil>>b")
		must(t, db.Model(&s).Updates(setting{Options: map[string]string{"a": "c"}}))
		want(t, m, "update setting 1 /Options/a:b>c")
	})
}
