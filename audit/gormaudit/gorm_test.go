package gormaudit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/gormaudit"
	"github.com/keytrail/keytrail/audit/internal/mariadbtest"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
)

type product struct {
	ID        uint
	Name      string `audit:"plain,label"`
	Price     int    `json:"price" audit:"plain"`
	Stock     int    `gorm:"default:7"`
	Supplier  string `audit:"personal"`
	Pin       string
	Internal  string `audit:"-"`
	Tags      []tag  `gorm:"many2many:product_tags"`
	DeletedAt gorm.DeletedAt
}

type tag struct {
	ID   uint
	Name string `audit:"plain"`
}

type note struct {
	Place string `gorm:"primaryKey;size:20"`
	No    int    `gorm:"primaryKey;autoIncrement:false"`
	Text  string
}

// memory keeps events; fail makes it refuse them.
type memory struct {
	mu     sync.Mutex
	events []audit.Event
	strict bool
	fail   error
}

func (m *memory) Record(ctx context.Context, e audit.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	e.Fill(ctx)
	m.events = append(m.events, e)
	return nil
}

func (m *memory) Strict() bool { return m.strict }

func (m *memory) failing(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

// take gives the events since the last call, each as action, entity and changes.
func (m *memory) take() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var said []string
	for _, e := range m.events {
		text := e.Action + " " + e.EntityType + " " + e.Entity
		for _, c := range e.Changes {
			text += fmt.Sprintf(" %s:%v>%v", c.Path, c.Before, c.After)
		}
		for _, o := range e.Objects {
			text += " " + o.Type + "/" + o.ID
		}
		said = append(said, text)
	}
	m.events = nil
	return said
}

func open(t *testing.T, dsn string, m audit.Recorder, o gormaudit.Options, c *gorm.Config) *gorm.DB {
	t.Helper()
	return opened(t, mysql.Open(dsn+"?parseTime=true&clientFoundRows=true"), m, o, c)
}

func opened(t *testing.T, dialector gorm.Dialector, m audit.Recorder, o gormaudit.Options, c *gorm.Config) *gorm.DB {
	t.Helper()
	c.Logger = logger.Discard
	db, err := gorm.Open(dialector, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Use(gormaudit.New(m, o)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if pool, err := db.DB(); err != nil || pool.Close() != nil {
			t.Error("the pool could not be closed", err)
		}
	})
	return db
}

func want(t *testing.T, m *memory, events ...string) {
	t.Helper()
	got := m.take()
	if !slices.Equal(got, events) {
		t.Helper()
		t.Errorf("recorded:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(events, "\n  "))
	}
}

func must(t *testing.T, db *gorm.DB) {
	t.Helper()
	if db.Error != nil {
		t.Fatal(db.Error)
	}
}

// fresh empties the tables.
func fresh(t *testing.T, db *gorm.DB, m *memory) *gorm.DB {
	t.Helper()
	must(t, db.Exec("SET FOREIGN_KEY_CHECKS = 0"))
	for _, table := range []string{"product_tags", "products", "tags", "notes"} {
		must(t, db.Exec("DROP TABLE IF EXISTS "+table))
	}
	if err := db.AutoMigrate(&product{}, &tag{}, &note{}); err != nil {
		t.Fatal(err)
	}
	m.take()
	return db.WithContext(audit.WithActor(t.Context(), audit.Person{ExternalID: "7"}))
}

func TestPlugin(t *testing.T) {
	server := mariadbtest.Start(t)
	for name, config := range map[string]func() *gorm.Config{
		"plain":    func() *gorm.Config { return &gorm.Config{} },
		"prepared": func() *gorm.Config { return &gorm.Config{PrepareStmt: true} },
	} {
		m := &memory{}
		db := open(t, server.DSN, m, gormaudit.Options{Reads: []string{"notes"}}, config())
		for test, f := range map[string]func(*testing.T, *gorm.DB, *memory){
			"a create is recorded with what the database made of it":           created,
			"an update is recorded with what differs":                          updated,
			"every object of a bulk change is recorded":                        bulk,
			"a soft delete, a restoration and a delete are told apart":         deleted,
			"links are recorded on both ways":                                  linked,
			"an upsert is what it did to each object":                          upserted,
			"only what was committed is recorded":                              committed,
			"reads are recorded where they are asked for":                      reads,
			"a compound key is an id":                                          compound,
			"statements as SQL are told without values":                        raw,
			"who acts comes from the context, and what is tagged stays inside": tagged,
		} {
			t.Run(name+": "+test, func(t *testing.T) { f(t, fresh(t, db, m), m) })
		}
	}
	t.Run("strict", func(t *testing.T) { strict(t, server.DSN) })
	t.Run("many at once", func(t *testing.T) { manyAtOnce(t, server.DSN) })
}

func created(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&product{Name: "Lamp", Price: 5}))
	want(t, m, "create product 1 /DeletedAt:<nil>><nil> /ID:<nil>>1 /Name:<nil>>Lamp /Pin:<nil>>[masked] /Stock:<nil>>7 /Supplier:<nil>> /price:<nil>>5")
	must(t, db.Create(&[]tag{{Name: "a"}, {Name: "b"}}))
	want(t, m, "create tag 1 /ID:<nil>>1 /Name:<nil>>a", "create tag 2 /ID:<nil>>2 /Name:<nil>>b")
	must(t, db.Model(&tag{}).Create(map[string]any{"Name": "c"}))
	want(t, m, "create tag 3 /ID:<nil>>3 /Name:<nil>>c")
}

func updated(t *testing.T, db *gorm.DB, m *memory) {
	p := product{Name: "Lamp", Price: 5, Stock: 3}
	must(t, db.Create(&p))
	m.take()
	p.Price = 6
	must(t, db.Save(&p))
	want(t, m, "update product 1 /price:5>6")
	must(t, db.Model(&p).Update("stock", gorm.Expr("stock - 1")))
	want(t, m, "update product 1 /Stock:3>2")
	must(t, db.Model(&product{}).Where("name = ?", "Lamp").Updates(map[string]any{"price": 6, "name": "Big lamp"}))
	want(t, m, "update product 1 /Name:Lamp>Big lamp")
	must(t, db.Model(&product{ID: 1}).UpdateColumn("price", 9))
	want(t, m, "update product 1 /price:6>9")
	must(t, db.Model(&p).Update("price", 9))
	must(t, db.Model(&product{}).Where("id = ?", 99).Update("price", 1))
	want(t, m)
}

func bulk(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&[]tag{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	m.take()
	must(t, db.Model(&tag{}).Where("name <> ?", "b").Or("name = ?", "z").Update("name", gorm.Expr("CONCAT(name, '!')")))
	if ids := []string{m.events[0].BulkID, m.events[1].BulkID}; ids[0] == "" || ids[0] != ids[1] {
		t.Errorf("bulk ids %q", ids)
	}
	want(t, m, "update tag 1 /Name:a>a!", "update tag 3 /Name:c>c!")
	must(t, db.Where("id > ?", 1).Delete(&tag{}))
	want(t, m, "delete tag 2 /ID:2><nil> /Name:b><nil>", "delete tag 3 /ID:3><nil> /Name:c!><nil>")
}

func deleted(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&[]product{{Name: "Lamp"}, {Name: "Chair"}}))
	m.take()
	must(t, db.Delete(&product{}, []int{1, 2}))
	got := m.take()
	if len(got) != 2 || !strings.HasPrefix(got[0], "soft_delete product 1 /DeletedAt:<nil>>2") || !strings.HasPrefix(got[1], "soft_delete product 2") {
		t.Errorf("%q", got)
	}
	must(t, db.Unscoped().Model(&product{ID: 1}).Update("deleted_at", nil))
	if got := m.take(); len(got) != 1 || !strings.HasPrefix(got[0], "restore product 1") {
		t.Errorf("%q", got)
	}
	must(t, db.Unscoped().Delete(&product{ID: 2}))
	if got := m.take(); len(got) != 1 || !strings.HasPrefix(got[0], "delete product 2") {
		t.Errorf("%q", got)
	}
}

func linked(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&[]tag{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	m.take()
	p := product{Name: "Lamp", Tags: []tag{{ID: 1}}}
	must(t, db.Create(&p))
	if got := m.take(); len(got) != 2 || got[1] != "link product 1 tag/1" {
		t.Errorf("%q", got)
	}
	tags := db.Model(&p).Association("Tags")
	if err := tags.Append(&tag{ID: 1}, &tag{ID: 2}); err != nil {
		t.Fatal(err)
	}
	want(t, m, "link product 1 tag/2")
	if err := db.Model(&p).Association("Tags").Replace(&tag{ID: 3}); err != nil {
		t.Fatal(err)
	}
	want(t, m, "link product 1 tag/3", "unlink product 1 tag/1 tag/2")
	if err := db.Model(&p).Association("Tags").Delete(&tag{ID: 3}); err != nil {
		t.Fatal(err)
	}
	want(t, m, "unlink product 1 tag/3")
}

func upserted(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&tag{ID: 1, Name: "a"}))
	m.take()
	must(t, db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&[]tag{{ID: 1, Name: "A"}, {ID: 2, Name: "b"}}))
	want(t, m, "update tag 1 /Name:a>A", "create tag 2 /ID:<nil>>2 /Name:<nil>>b")
}

func committed(t *testing.T, db *gorm.DB, m *memory) {
	gone := errors.New("not this")
	err := db.Transaction(func(tx *gorm.DB) error {
		must(t, tx.Create(&tag{Name: "a"}))
		return gone
	})
	if !errors.Is(err, gone) {
		t.Fatal(err)
	}
	want(t, m)
	err = db.Transaction(func(tx *gorm.DB) error {
		must(t, tx.Create(&tag{ID: 5, Name: "a"}))
		_ = tx.Transaction(func(tx *gorm.DB) error {
			must(t, tx.Create(&tag{ID: 6, Name: "b"}))
			return gone
		})
		if said := m.take(); len(said) > 0 {
			t.Errorf("recorded before the commit: %q", said)
		}
		return tx.Create(&tag{ID: 7, Name: "c"}).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, m, "create tag 5 /ID:<nil>>5 /Name:<nil>>a", "create tag 7 /ID:<nil>>7 /Name:<nil>>c")
	if err := db.Create(&tag{ID: 5}).Error; err == nil {
		t.Fatal("the same key twice")
	}
	want(t, m)
}

func reads(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&note{Place: "a", No: 1}))
	must(t, db.Create(&tag{Name: "a"}))
	m.take()
	must(t, db.First(&note{}, "place = ?", "a"))
	var n int64
	must(t, db.Model(&note{}).Count(&n))
	must(t, db.First(&tag{}))
	want(t, m, "read note a,1")
}

func compound(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&[]note{{"a", 1, "x"}, {"a", 2, "y"}, {"b", 1, "z"}}))
	m.take()
	must(t, db.Model(&note{}).Where("no = ?", 1).Update("text", "w"))
	want(t, m, "update note a,1 /Text:x>w", "update note b,1 /Text:z>w")
}

func raw(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&tag{Name: "a"}))
	m.take()
	must(t, db.Exec("UPDATE tags SET name = ? WHERE id = ?", "hidden", 1))
	if len(m.events) != 1 || strings.Contains(fmt.Sprint(m.events[0].Metadata), "hidden") {
		t.Errorf("%+v", m.events)
	}
	want(t, m, "raw_sql  ")
	must(t, db.Table("tags").Where("id = ?", 1).Updates(map[string]any{"name": "b"}))
	want(t, m, "update tags ")
}

func tagged(t *testing.T, db *gorm.DB, m *memory) {
	must(t, db.Create(&product{Name: "Lamp", Pin: "hidden", Internal: "hidden", Supplier: "Anna"}))
	e := m.events[0]
	text, _ := json.Marshal(e)
	if strings.Contains(string(text), "hidden") || e.Actor.ExternalID != "7" || e.EntityLabel != "Lamp" {
		t.Errorf("%s", text)
	}
	if want := []string{"/Name", "/price"}; !slices.Equal(e.Plain, want) || !e.IsPersonal("/Supplier") {
		t.Errorf("plain are %q", e.Plain)
	}
}

func strict(t *testing.T, dsn string) {
	m := &memory{strict: true}
	root := open(t, dsn, m, gormaudit.Options{MaxRows: 2}, &gorm.Config{})
	db := fresh(t, root, m)
	away := errors.New("the disk is full")
	m.failing(away)
	if err := db.Create(&tag{ID: 1}).Error; !errors.Is(err, away) {
		t.Errorf("a create that cannot be recorded gives %v", err)
	}
	err := db.Transaction(func(tx *gorm.DB) error { return tx.Create(&tag{ID: 2}).Error })
	if !errors.Is(err, away) {
		t.Errorf("a transaction that cannot be recorded gives %v", err)
	}
	m.failing(nil)
	var n int64
	if must(t, db.Model(&tag{}).Count(&n)); n != 0 {
		t.Errorf("%d rows are there that were not recorded", n)
	}
	must(t, db.Create(&tag{ID: 1}))
	must(t, db.Create(&[]tag{{ID: 2}, {ID: 3}}))
	m.take()
	if err := db.Model(&tag{}).Where("id > 0").Update("name", "x").Error; !errors.Is(err, gormaudit.ErrTooMany) {
		t.Errorf("too many objects give %v", err)
	}
	want(t, m)
}

func manyAtOnce(t *testing.T, dsn string) {
	m := &memory{}
	root := open(t, dsn, m, gormaudit.Options{}, &gorm.Config{})
	fresh(t, root, m)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			db := root.WithContext(audit.WithActor(t.Context(), audit.Person{ExternalID: fmt.Sprint(worker)}))
			for range 20 {
				if err := db.Create(&tag{Name: fmt.Sprint(worker)}).Error; err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if len(m.events) != 160 {
		t.Errorf("%d events", len(m.events))
	}
	for _, e := range m.events {
		if e.Changes[1].After != e.Actor.ExternalID {
			t.Fatalf("%s did what %v did", e.Actor.ExternalID, e.Changes[1].After)
		}
	}
}
