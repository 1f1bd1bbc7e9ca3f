package gormaudit_test

import (
	"database/sql/driver"
	"encoding/json"
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
)

type setting struct {
	ID      uint
	Options map[string]string `gorm:"serializer:json" audit:"plain"`
}

type option struct {
	ID          uint
	Name, Value string `audit:"plain"`
}

type line struct {
	OrderID uint `gorm:"primaryKey;autoIncrement:false"`
	No      int  `gorm:"primaryKey;autoIncrement:false"`
	Text    string
}

type measurement struct {
	Place string
	Value int
}

type voucher struct {
	Code string `gorm:"primaryKey;size:36;default:uuid()"`
	Name string
}

type account struct {
	ID    uint
	Email string  `gorm:"size:50;unique"`
	Shop  int     `gorm:"uniqueIndex:of_shop"`
	No    *int    `gorm:"uniqueIndex:of_shop"`
	Nick  *string `gorm:"size:50;uniqueIndex"`
	Level int
}

type session struct {
	Token string `gorm:"primaryKey;size:50" audit:"label"`
	Data  string
	Tags  []tag `gorm:"many2many:session_tags"`
}

// picky can be written and not read.
type picky string

func (p picky) Value() (driver.Value, error) { return string(p), nil }

func (*picky) Scan(any) error { return errors.New("no") }

type parcel struct {
	ID    uint
	Label picky
}

// with opens a database with tables for models of a test's own, before the plugin watches.
func with(t *testing.T, dsn string, m audit.Recorder, o gormaudit.Options, c *gorm.Config, models ...any) *gorm.DB {
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
	t.Run("a change whose values cannot be read is counted, and refused strictly", func(t *testing.T) {
		for _, strict := range []bool{false, true} {
			m := &memory{strict: strict}
			db := with(t, server.DSN, m, gormaudit.Options{Logger: slog.New(slog.DiscardHandler)}, &gorm.Config{}, &parcel{})
			created := db.Create(&parcel{Label: "a"}).Error
			changed := db.Model(&parcel{}).Where("id > 0").Update("label", "b").Error
			var n int64
			must(t, db.Model(&parcel{}).Count(&n))
			if strict && (created == nil || n != 0) || !strict && (created != nil || changed != nil || n != 1) {
				t.Errorf("strict is %v: %v, %v, %d rows", strict, created, changed, n)
			}
			if strict {
				want(t, m)
				continue
			}
			want(t, m, "create parcel ", "update parcel ")
		}
	})
	t.Run("a value that its row names as a secret is masked", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &option{})
		o := option{Name: "smtp_password", Value: "hidden"}
		must(t, db.Create(&o))
		want(t, m, "create option 1 /ID:<nil>>1 /Name:<nil>>smtp_password /Value:<nil>>[masked]")
		must(t, db.Model(&o).Update("value", "hidden2"))
		want(t, m, "update option 1 /Value:[masked]>[masked]")
		must(t, db.Model(&o).Updates(option{Name: "colour", Value: "red"}))
		want(t, m, "update option 1 /Name:smtp_password>colour /Value:[masked]>[masked]")
	})
	t.Run("a key with a part that is zero is a key", func(t *testing.T) {
		m := &memory{strict: true}
		db := with(t, server.DSN, m, gormaudit.Options{MaxRows: 2}, &gorm.Config{}, &line{})
		for no := range 4 {
			must(t, db.Create(&line{OrderID: 1, No: no, Text: "x"}))
		}
		want(t, m, "create line 1,0 /No:<nil>>0 /OrderID:<nil>>1 /Text:<nil>>x", "create line 1,1 /No:<nil>>1 /OrderID:<nil>>1 /Text:<nil>>x",
			"create line 1,2 /No:<nil>>2 /OrderID:<nil>>1 /Text:<nil>>x", "create line 1,3 /No:<nil>>3 /OrderID:<nil>>1 /Text:<nil>>x")
		must(t, db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&line{OrderID: 1, No: 0, Text: "y"}))
		want(t, m, "update line 1,0 /Text:x>y")
		must(t, db.Model(&line{OrderID: 1, No: 0}).Where("no = 0").Update("text", "z"))
		want(t, m, "update line 1,0 /Text:y>z")
		must(t, db.Delete(&line{OrderID: 1, No: 0}))
		must(t, db.Delete(&line{OrderID: 1, No: 1}))
		must(t, db.Model(&line{OrderID: 1, No: 2}).Delete(&line{}))
		want(t, m, "delete line 1,0 /No:0><nil> /OrderID:1><nil> /Text:z><nil>", "delete line 1,1 /No:1><nil> /OrderID:1><nil> /Text:x><nil>",
			"delete line 1,2 /No:2><nil> /OrderID:1><nil> /Text:x><nil>")
	})
	t.Run("an update by a part of a key is recorded for all that it touches", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &line{})
		must(t, db.Create(&[]line{{1, 0, "x"}, {1, 1, "x"}, {2, 1, "x"}}))
		m.take()
		must(t, db.Model(&line{OrderID: 1}).Update("text", "y"))
		want(t, m, "update line 1,0 /Text:x>y", "update line 1,1 /Text:x>y")
	})
	t.Run("a model without a key is recorded as it was given, and counted", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{Reads: []string{"measurements"}}, &gorm.Config{}, &measurement{})
		must(t, db.Create(&[]measurement{{"a", 1}, {"b", 2}}))
		want(t, m, "create measurement  /Place:<nil>>a /Value:<nil>>1", "create measurement  /Place:<nil>>b /Value:<nil>>2")
		must(t, db.Model(&measurement{}).Where("value > 0").Update("value", 3))
		must(t, db.Find(&[]measurement{}))
		must(t, db.Where("place = ?", "a").Delete(&measurement{}))
		for i, rows := range []int64{2, 2, 1} {
			if got := m.events[i].Metadata.(map[string]any)["rows"]; got != rows {
				t.Errorf("%d rows, want %d", got, rows)
			}
		}
		want(t, m, "update measurement ", "read measurement ", "delete measurement ")
	})
	t.Run("what is inserted under a key that nobody tells is recorded as it was given", func(t *testing.T) {
		m := &memory{}
		_ = with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &voucher{})
		db := opened(t, mysql.New(mysql.Config{DSN: server.DSN, DisableWithReturning: true}), m, gormaudit.Options{}, &gorm.Config{})
		must(t, db.Create(&[]voucher{{Name: "x"}, {Code: "c", Name: "y"}}))
		want(t, m, "create voucher c /Code:<nil>>c /Name:<nil>>y", "create voucher  /Code:<nil>> /Name:<nil>>x")
		must(t, db.Model(&voucher{}).Create(map[string]any{"name": "z"}))
		if got := m.events[0].Metadata.(map[string]any); got["rows"] != int64(1) || got["recorded"] != 0 {
			t.Errorf("%v", got)
		}
		want(t, m, "create voucher ")
	})
	t.Run("a statement without a condition is left to GORM to refuse", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &line{})
		reads := 0
		if err := db.Callback().Query().Before("gorm:query").Register("count", func(*gorm.DB) { reads++ }); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{
			db.Model(&line{}).Update("text", "y").Error, db.Delete(&line{}).Error, db.Model(&[]line{{}}).Update("text", "y").Error,
		} {
			if !errors.Is(err, gorm.ErrMissingWhereClause) || reads > 0 {
				t.Errorf("%v after %d reads", err, reads)
			}
		}
		want(t, m)
	})
	t.Run("a table may have an alias", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &tag{})
		must(t, db.Create(&tag{Name: "a"}))
		m.take()
		must(t, db.Table("tags AS u").Model(&tag{}).Where("u.name = ?", "a").Update("name", "b"))
		want(t, m, "update tag 1 /Name:a>b")
		excluding := with(t, server.DSN, m, gormaudit.Options{Exclude: []string{"tags"}}, &gorm.Config{}, &tag{})
		must(t, excluding.Create(&tag{Name: "a"}))
		must(t, excluding.Table("tags AS u").Model(&tag{}).Where("u.name = ?", "a").Update("name", "b"))
		want(t, m)
	})
	t.Run("an upsert that meets a unique index is an update of the row that it met", func(t *testing.T) {
		m := &memory{}
		_ = with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &account{})
		one := 1
		for _, dialector := range []gorm.Dialector{
			mysql.Open(server.DSN), mysql.New(mysql.Config{DSN: server.DSN + "?clientFoundRows=true", DisableWithReturning: true}),
		} {
			db := opened(t, dialector, m, gormaudit.Options{}, &gorm.Config{})
			must(t, db.Exec("TRUNCATE TABLE accounts"))
			must(t, db.Create(&[]account{{Email: "a", Shop: 1, No: &one}, {Email: "b", Shop: 2}}))
			m.take()
			upsert := db.Clauses(clause.OnConflict{DoUpdates: clause.AssignmentColumns([]string{"level"})})
			must(t, upsert.Create(&account{Email: "a", Level: 2}))
			must(t, upsert.Create(&account{Email: "c", Shop: 1, No: &one, Level: 3}))
			want(t, m, "update account 1 /Level:0>2", "update account 1 /Level:2>3")
			must(t, db.Clauses(clause.OnConflict{DoNothing: true}).Create(&account{Email: "b", Level: 9}))
			must(t, db.Clauses(clause.Insert{Modifier: "IGNORE"}).Create(&account{Email: "b", Level: 9}))
			want(t, m)
			must(t, upsert.Create(&[]account{{Email: "d", Shop: 3}, {Email: "b", Level: 4}}))
			got := m.take()
			if len(got) != 2 || got[0] != "update account 2 /Level:0>4" || !strings.HasPrefix(got[1], "create account ") || !strings.Contains(got[1], "/Email:<nil>>d") {
				t.Errorf("%q", got)
			}
		}
	})
	t.Run("a change of a key is an update that tells the new key", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &line{})
		must(t, db.Create(&[]line{{1, 5, "x"}, {1, 7, "y"}}))
		m.take()
		must(t, db.Model(&line{OrderID: 1, No: 5}).Update("no", 6))
		want(t, m, "update line 1,5 /No:5>6 line/1,6")
		must(t, db.Model(&line{OrderID: 1, No: 6}).Updates(line{No: 8, Text: "z"}))
		want(t, m, "update line 1,6 /No:6>8 /Text:x>z line/1,8")
		must(t, db.Model(&line{}).Where("order_id = ?", 1).Updates(map[string]any{"OrderID": "2", "text": "w"}))
		want(t, m, "update line 1,7 /OrderID:1>2 /Text:y>w line/2,7", "update line 1,8 /OrderID:1>2 /Text:z>w line/2,8")
		must(t, db.Model(&line{}).Where("order_id = ?", 2).Order("no DESC").Update("no", gorm.Expr("no + 1")))
		for _, e := range m.events {
			if told, _ := e.Metadata.(map[string]any); told["keyChanged"] == nil {
				t.Errorf("%+v", e)
			}
		}
		want(t, m, "update line 2,8", "update line 2,7")
	})
	t.Run("a key that is a secret is recorded as a hash", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{Reads: []string{"sessions"}}, &gorm.Config{}, &session{}, &tag{})
		s := session{Token: "hidden", Data: "x", Tags: []tag{{Name: "a"}}}
		must(t, db.Create(&s))
		must(t, db.Model(&s).Update("data", "y"))
		must(t, db.First(&session{}, "token = ?", "hidden"))
		if err := db.Model(&s).Association("Tags").Clear(); err != nil {
			t.Fatal(err)
		}
		must(t, db.Model(&s).Update("token", "hidden2"))
		text, _ := json.Marshal(m.events)
		if strings.Contains(string(text), "hidden") {
			t.Errorf("%s", text)
		}
		const hash = "sha256:e564b4081d7a9ea4b00dada53bdae70c"
		want(t, m, "create session "+hash+" /Data:<nil>>x /Token:<nil>>[masked]", "create tag 1 /ID:<nil>>1 /Name:<nil>>a", "link session "+hash+" tag/1",
			"update session "+hash+" /Data:x>y", "read session "+hash, "unlink session "+hash+" tag/1",
			"update session "+hash+" /Token:[masked]>[masked] session/sha256:9f5c82f3665f603f08afd14ed183f52a")
	})
	t.Run("links beyond MaxRows are counted", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{MaxRows: 1}, &gorm.Config{}, &session{}, &tag{})
		s := session{Token: "x", Tags: []tag{{ID: 1}, {ID: 2}, {ID: 3}}}
		must(t, db.Create(&s))
		m.take()
		if err := db.Model(&s).Association("Tags").Clear(); err != nil {
			t.Fatal(err)
		}
		if got := m.take(); len(got) != 2 || got[1] != "unlink session " {
			t.Errorf("%q", got)
		}
	})
}
