package exports_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/paper"
	"github.com/keytrail/keytrail/server/workhours"
)

type fixture struct {
	*custodytest.Fixture
	t       *testing.T
	admin   *access.Actor
	service *exports.Service
	// asNow is whom the service takes the admin for by now; nil when his account is disabled.
	asNow *access.Actor
}

func open(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{Fixture: custodytest.Open(t), t: t}
	f.admin = f.Actor(f.Person("Anna Kalniņa", ""), "admin")
	f.asNow = f.admin
	f.service = f.server()
	f.admin = f.signedIn(f.admin)
	return f
}

// signedIn gives an actor with an account. What he may do still depends on the roles he says.
func (f *fixture) signedIn(actor *access.Actor) *access.Actor {
	in := *actor
	in.Account = id.New()
	err := f.DB.InTx(f.t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return f.Access.SetRoles(ctx, tx, access.System(), actor.Person, actor.Roles)
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return &in
}

// server makes one more server on the same database.
func (f *fixture) server() *exports.Service {
	f.t.Helper()
	zone, quiet := custodytest.Riga(f.t), slog.New(slog.DiscardHandler)
	book, err := logbook.New(f.DB, f.Seal, f.Ledger, f.Access, f.Custody, f.People, zone, f.Clock.Now)
	if err != nil {
		f.t.Fatal(err)
	}
	return exports.New(f.DB, exports.Services{
		Seal: f.Seal, Ledger: f.Ledger, Access: f.Access, Logbook: book,
		Work: workhours.New(f.DB, f.Seal, f.Ledger, f.Access, f.People, workhours.Config{Zone: zone, Purpose: "pay"}, f.Clock.Now, quiet),
		ActorOf: func(context.Context, id.ID) (*access.Actor, error) {
			if f.asNow == nil {
				return nil, fault.New(fault.Unauthenticated, "The account is disabled.")
			}
			return f.asNow, nil
		},
	}, f.Clock.Now, quiet)
}

func timeline() exports.Order {
	return exports.Order{List: logbook.TakeTimeline, Format: exports.CSV, Log: logbook.Filter{Action: ledger.KeyCreated}}
}

func (f *fixture) start(key string, o exports.Order) *exports.Job {
	f.t.Helper()
	job, err := f.service.Start(f.t.Context(), f.admin, key, o)
	if err != nil {
		f.t.Fatal(err)
	}
	return job
}

func (f *fixture) job(job id.ID) *exports.Job {
	f.t.Helper()
	found, err := f.service.Job(f.t.Context(), f.admin, job)
	if err != nil {
		f.t.Fatal(err)
	}
	return found
}

func (f *fixture) tick(s *exports.Service, make exports.Maker) {
	f.t.Helper()
	if err := s.Tick(f.t.Context(), make); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) chunks() (n int) {
	f.t.Helper()
	if err := f.DB.Get(f.t.Context(), &n, "SELECT COUNT(*) FROM export_chunk"); err != nil {
		f.t.Fatal(err)
	}
	return n
}

// writing is a maker that writes bytes in pieces, each a row.
func writing(content []byte) exports.Maker {
	return func(_ context.Context, _ *access.Actor, _ *exports.Order, to io.Writer, wrote func(int) error) error {
		for piece := range slices.Chunk(content, 300_000) {
			if _, err := to.Write(piece); err != nil {
				return err
			}
			if err := wrote(1); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestAFileIsMadeOnceKeptSealedAndHadByWhoeverOrderedItAlone(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.Key("101")
	f.Key("102")
	content := make([]byte, 3<<20+5)
	_, _ = rand.Read(content)
	copy(content, "Ģirts Šķēps-Žīgurs")
	order := timeline()
	job := f.start("once", order)
	if again := f.start("once", order); again.ID != job.ID || job.State != exports.Waiting || job.Path() != nil {
		t.Fatalf("%+v, repeated %+v", job, again)
	}
	order.Format = exports.PDF
	if _, err := f.service.Start(t.Context(), f.admin, "once", order); !fault.Is(err, fault.Conflict) {
		t.Errorf("the key is good for another order: %v", err)
	}
	f.tick(f.service, writing(content))
	done := f.job(job.ID)
	if done.State != exports.Done || done.Size != len(content) || done.RowsDone != 11 || done.RowsTotal == nil || *done.RowsTotal != 2 || done.Path() == nil {
		t.Fatalf("%+v", done)
	}
	var got bytes.Buffer
	if err := f.service.Read(t.Context(), f.admin.Person, done, func(part []byte) error { got.Write(part); return nil }); err != nil || !bytes.Equal(got.Bytes(), content) {
		t.Errorf("%d bytes came back: %v", got.Len(), err)
	}
	var sealed []byte
	if err := f.DB.Get(t.Context(), &sealed, "SELECT sealed FROM export_chunk WHERE n = 0"); err != nil || bytes.Contains(sealed, content[:20]) {
		t.Errorf("names stand in plain: %v", err)
	}
	other := f.signedIn(f.Actor(f.Person("Zane Zīle", ""), "admin"))
	if _, err := f.service.Job(t.Context(), other, job.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another gets it: %v", err)
	}
	if mine, err := f.service.Mine(t.Context(), other); err != nil || len(mine) != 0 {
		t.Errorf("another has %v: %v", mine, err)
	}
	if entries := f.Entries(ledger.LogExported); len(entries) != 1 || entries[0].ActorID() != f.admin.Person || entries[0].Entity.ID != logbook.TakeTimeline {
		t.Errorf("on record is %+v", entries)
	}
}

func TestACancelledFileEndsAtTheNextRowAndLeavesNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	job := f.start("", timeline())
	f.tick(f.service, func(ctx context.Context, a *access.Actor, o *exports.Order, to io.Writer, wrote func(int) error) error {
		if _, err := to.Write(make([]byte, 2<<20)); err != nil {
			return err
		}
		if _, err := f.service.Cancel(ctx, f.admin, job.ID); err != nil {
			return err
		}
		if err := wrote(1); err == nil {
			t.Error("the file goes on")
		}
		_, err := to.Write(make([]byte, 2<<20))
		return err
	})
	if _, err := f.service.Job(t.Context(), f.admin, job.ID); !fault.Is(err, fault.NotFound) || f.chunks() != 0 {
		t.Errorf("%v, %d chunks are left", err, f.chunks())
	}
}

func TestOneServerMakesAFileAndAnotherBeginsItAnewWhenThatOneEnds(t *testing.T) {
	t.Parallel()
	f := open(t)
	job, second := f.start("", timeline()), f.server()
	ctx, kill := context.WithCancel(t.Context())
	err := f.service.Tick(ctx, func(ctx context.Context, _ *access.Actor, _ *exports.Order, to io.Writer, wrote func(int) error) error {
		if _, err := to.Write(make([]byte, 2<<20)); err != nil {
			return err
		}
		f.tick(second, func(context.Context, *access.Actor, *exports.Order, io.Writer, func(int) error) error {
			t.Error("two servers make the same file")
			return nil
		})
		kill()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) || f.job(job.ID).State != exports.Running {
		t.Fatalf("%v, %+v", err, f.job(job.ID))
	}
	f.tick(second, writing([]byte("whole")))
	if done := f.job(job.ID); done.State != exports.Done || done.Size != 5 || f.chunks() != 1 {
		t.Errorf("%+v, %d chunks", done, f.chunks())
	}
}

func TestAFileThatIsCutOffEachTimeSaysSo(t *testing.T) {
	t.Parallel()
	f := open(t)
	job := f.start("", timeline())
	for range exports.MaxAttempts {
		ctx, kill := context.WithCancel(t.Context())
		_ = f.service.Tick(ctx, func(context.Context, *access.Actor, *exports.Order, io.Writer, func(int) error) error {
			kill()
			return ctx.Err()
		})
	}
	f.tick(f.service, writing([]byte("too late")))
	if ended := f.job(job.ID); ended.State != exports.Failed || ended.Problem == nil || *ended.Problem != exports.CutOff {
		t.Errorf("%+v", ended)
	}
}

func TestAFileFailsForWhoeverLostHisRightsAndWhenItsMakerFails(t *testing.T) {
	t.Parallel()
	f := open(t)
	for want, make := range map[exports.Problem]exports.Maker{
		exports.Broken: func(context.Context, *access.Actor, *exports.Order, io.Writer, func(int) error) error {
			return io.ErrUnexpectedEOF
		},
		exports.TooLarge: func(context.Context, *access.Actor, *exports.Order, io.Writer, func(int) error) error {
			return fault.Wrap(paper.ErrTooLong, fault.BadInput, "The list needs too many pages.")
		},
		exports.Refused: writing([]byte("names")),
	} {
		job := f.start("", timeline())
		if want == exports.Refused {
			f.asNow = nil
		}
		f.tick(f.service, make)
		f.asNow = f.admin
		if ended := f.job(job.ID); ended.State != exports.Failed || ended.Problem == nil || *ended.Problem != want || f.chunks() != 0 {
			t.Errorf("%s: %+v", want, ended)
		}
	}
}

func TestFilesAreBoundedInNumberTimeAndByWhoMayOrderThem(t *testing.T) {
	t.Parallel()
	f := open(t)
	var last *exports.Job
	for range exports.MaxPerPerson {
		last = f.start("", timeline())
	}
	if _, err := f.service.Start(t.Context(), f.admin, "", timeline()); !fault.Is(err, fault.Conflict) {
		t.Errorf("one more: %v", err)
	}
	if _, err := f.service.Cancel(t.Context(), f.admin, last.ID); err != nil {
		t.Fatal(err)
	}
	f.start("", timeline())
	program := &access.Actor{Token: id.New(), Roles: []string{"admin"}, Source: "till"}
	custodian := f.signedIn(f.Custodian())
	for name, c := range map[string]struct {
		actor *access.Actor
		order exports.Order
		want  fault.Kind
	}{
		"nobody":                  {nil, timeline(), fault.Unauthenticated},
		"a program":               {program, timeline(), fault.Forbidden},
		"a custodian":             {custodian, timeline(), fault.Forbidden},
		"a list that is none":     {f.admin, exports.Order{List: "people", Format: exports.CSV}, fault.BadInput},
		"hours as JSON":           {f.admin, exports.Order{List: exports.ListHours, Format: exports.JSON, By: workhours.ByDay}, fault.BadInput},
		"a language that is none": {f.admin, exports.Order{List: logbook.TakeAuth, Format: exports.PDF, Language: "fr"}, fault.BadInput},
		"a filter of nonsense":    {f.admin, exports.Order{List: logbook.TakeAuth, Format: exports.CSV, Log: logbook.Filter{Action: strings.Repeat("x", 501)}}, fault.BadInput},
	} {
		if _, err := f.service.Start(t.Context(), c.actor, "", c.order); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.tick(f.service, writing([]byte("short")))
	f.Clock.Advance(exports.Kept)
	f.tick(f.service, nil)
	var rows int
	if err := f.DB.Get(t.Context(), &rows, "SELECT COUNT(*) FROM export_job"); err != nil || rows != 0 || f.chunks() != 0 {
		t.Errorf("%d files and %d chunks are left after %s: %v", rows, f.chunks(), exports.Kept, err)
	}
}

func TestForgettingRemovesFinishedFilesAndHasTheOthersMadeAnew(t *testing.T) {
	t.Parallel()
	f := open(t)
	done := f.start("", timeline())
	f.tick(f.service, writing([]byte("his name")))
	f.Clock.Advance(time.Second)
	running := f.start("", timeline())
	times := 0
	f.tick(f.service, func(ctx context.Context, a *access.Actor, o *exports.Order, to io.Writer, wrote func(int) error) error {
		if times++; times == 1 {
			if err := f.service.ForgetAll(ctx); err != nil {
				return err
			}
		}
		return writing([]byte("no name"))(ctx, a, o, to, wrote)
	})
	if found := f.job(done.ID); found.State != exports.Cancelled || found.Path() != nil {
		t.Errorf("%+v", found)
	}
	if found := f.job(running.ID); found.State != exports.Done || times != 2 || f.chunks() != 1 {
		t.Errorf("%+v after %d times, %d chunks", found, times, f.chunks())
	}
}

func TestAnOrderThatIsTooLongToBeKeptIsRefusedInWords(t *testing.T) {
	t.Parallel()
	f := open(t)
	long := strings.Repeat("<", 500)
	order := timeline()
	order.Log = logbook.Filter{Source: long, EntityType: long, Entity: long, KeyNumber: long}
	if _, err := f.service.Start(t.Context(), f.admin, "", order); err != nil {
		t.Error(err)
	}
	order.Log.Module, order.Log.Purpose = long, long
	if _, err := f.service.Start(t.Context(), f.admin, "", order); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
}
