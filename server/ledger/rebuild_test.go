package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// damage is what can happen to derived tables: 300 deleted, 10 invented, others changed, counts wrong in every way.
func damage() []string {
	const columns = "id, stream, occurred_at, recorded_at, actor, person, department, action, entity_type, entity_id, module, source, outcome"
	return []string{
		"DELETE FROM entry_index WHERE seq >= 300 AND seq < 600",
		"UPDATE entry_index SET action = 'invoice.forged', module = 'x' WHERE seq >= 100 AND seq < 120",
		"UPDATE entry_index SET occurred_at = '2020-01-01' WHERE seq = 130",
		"UPDATE entry_index SET actor = id, person = id WHERE seq = 131",
		"UPDATE entry_index SET department = REPEAT(X'00', 16) WHERE seq = 132",
		"UPDATE entry_index SET stream = 9, outcome = 3 WHERE seq = 133",
		"INSERT INTO entry_index SELECT seq + 100000, " + columns + " FROM entry_index WHERE seq < 10",
		"DELETE FROM entry_ip WHERE seq < 50",
		"UPDATE entry_ip SET ip = REVERSE(ip) WHERE seq = 60",
		"INSERT INTO entry_ip SELECT ip, occurred_at, seq + 1 FROM entry_ip WHERE seq = 62",
		"INSERT INTO entry_ip SELECT ip, occurred_at, seq + 100000 FROM entry_ip WHERE seq = 62",
		"UPDATE entry_count SET total = total + 3 WHERE slot = 0",
		"DELETE FROM entry_count WHERE slot BETWEEN 5 AND 12",
		"INSERT INTO entry_count SELECT department, stream, 'invoice.forged', slot, day, 5 FROM entry_count WHERE slot > 24",
	}
}

func wreck(t *testing.T, db *mysql.DB) {
	t.Helper()
	for _, statement := range damage() {
		result, err := db.Exec(t.Context(), statement)
		if err != nil {
			t.Fatal(statement, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			t.Fatal(statement, "changed nothing", err)
		}
	}
}

// derived writes down the derived rows of the first size entries.
func derived(t *testing.T, db *mysql.DB, size int) []string {
	t.Helper()
	var rows []string
	err := db.Select(t.Context(), &rows, `SELECT CONCAT_WS('|', seq, HEX(id), stream, occurred_at, recorded_at, HEX(actor), HEX(person), HEX(department),
		action, entity_type, entity_id, module, source, outcome) FROM entry_index WHERE seq < ?
		UNION ALL SELECT CONCAT_WS('|', HEX(ip), occurred_at, seq) FROM entry_ip WHERE seq < ? ORDER BY 1`, size, size)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func requireAsItWas(t *testing.T, f *ledgertest.Fixture, size int, want []string) {
	t.Helper()
	if have := derived(t, f.DB, size); !slices.Equal(have, want) {
		t.Errorf("%d derived rows, there were %d", len(have), len(want))
	}
	var strays int
	err := f.DB.Get(t.Context(), &strays, `SELECT (SELECT COUNT(*) FROM entry_ip WHERE seq >= 100000) + (SELECT COUNT(*) FROM entry_count_rebuild)
		+ (SELECT COUNT(*) FROM ledger_task WHERE holder IS NOT NULL)`)
	if err != nil || strays != 0 {
		t.Errorf("%d strays: %v", strays, err)
	}
	requireVerified(t, f)
}

func TestARebuildMendsEverythingWhileWritersAndReadersGoOn(t *testing.T) {
	t.Parallel()
	f := filled(t, 2600)
	want := derived(t, f.DB, 2600)
	wreck(t, f.DB)
	ctx, stop := context.WithCancel(t.Context())
	var others sync.WaitGroup
	for w := range 2 {
		others.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				ledgertest.Append(t, f.DB, f.Ledger, aged(n*2+w), draft(n))
			}
		})
	}
	others.Go(func() { // a page of what was changed, and one of what was not
		for ctx.Err() == nil {
			var changed, whole int
			err := errors.Join(
				f.DB.Get(t.Context(), &changed, "SELECT COUNT(*) FROM entry_index WHERE seq < 300"),
				f.DB.Get(t.Context(), &whole, "SELECT COUNT(*) FROM entry_index WHERE seq >= 600 AND seq < 2600 AND action = 'invoice.updated'"))
			if err != nil || changed != 300 || whole != 2000 {
				t.Errorf("a reader saw %d and %d rows: %v", changed, whole, err)
				return
			}
		}
	})
	found, err := f.Ledger.Rebuild(t.Context(), nil)
	stop()
	others.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if found.IndexRows != 300+20+4+10 || found.AddressRows != 25+2+2 || found.Counts == 0 || found.Entries < 2600 {
		t.Errorf("found %+v", found)
	}
	requireAsItWas(t, f, 2600, want)
	again, err := f.Ledger.Rebuild(t.Context(), nil)
	if err != nil || again.IndexRows+again.AddressRows+again.Counts != 0 {
		t.Errorf("the second time %+v, %v", again, err)
	}
	requireVerified(t, f)
}

func TestAnIndexRowInTheWayOfTheNextEntryIsRemoved(t *testing.T) {
	t.Parallel()
	f := filled(t, 10)
	_, err := f.DB.Exec(t.Context(), "INSERT INTO entry_index SELECT 10, id, stream, occurred_at, recorded_at, actor, person, department, action,"+
		" entity_type, entity_id, module, source, outcome FROM entry_index WHERE seq = 1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Ledger.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	requireVerified(t, f)
}

// stoppable makes another ledger on the fixture's database, with a context that ends behind its n-th statement from now.
func stoppable(t *testing.T, f *ledgertest.Fixture, n int64) (context.Context, *ledger.Ledger) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	handler := &stopAfter{Handler: slog.DiscardHandler, stop: stop}
	c := mysqltest.MigrateConfig(t, f.DB)
	c.Logger, c.LogLevel = slog.New(handler), 2
	db, err := mysql.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	other := *f
	other.DB = db
	_, l := other.AnotherAtRest(t, time.Now)
	handler.left.Store(n)
	return ctx, l
}

func TestARebuildThatIsStoppedIsMadeUpForByTheNext(t *testing.T) {
	t.Parallel()
	f := filled(t, 1300)
	want := derived(t, f.DB, 1300)
	stopped := 0
	for n := int64(1); ; n += 5 {
		wreck(t, f.DB)
		ctx, l := stoppable(t, f, n)
		_, err := l.Rebuild(ctx, nil)
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := f.Ledger.Rebuild(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		requireAsItWas(t, f, 1300, want)
		if err == nil {
			break
		}
		stopped++
		n += int64(stopped * stopped) // the end has many statements that are alike
	}
	if stopped < 4 {
		t.Errorf("it was stopped %d times only", stopped)
	}
}

func TestOneRebuildAtATimeAndPruningWaitsForIt(t *testing.T) {
	t.Parallel()
	f := filled(t, 600)
	var rivals []error
	var pruned chan error
	_, err := f.Ledger.Rebuild(t.Context(), func(uint64, uint64) {
		_, other := f.Another(t, time.Now)
		_, err := other.Rebuild(t.Context(), nil)
		rivals = append(rivals, err)
		if pruned == nil {
			pruned = make(chan error, 1)
			p := pruner(t, f, ledger.PruneOptions{})
			go func() {
				_, err := p.Prune(t.Context(), request(ledger.SeqRange{From: 0, To: 100}))
				pruned <- err
			}()
			awaitCount(t, f.DB, 1, "SELECT COUNT(*) FROM ledger_task WHERE name LIKE 'prune %'")
		}
	})
	if err != nil || len(rivals) == 0 {
		t.Fatal(rivals, err)
	}
	for _, rival := range rivals {
		if !fault.Is(rival, fault.Conflict) {
			t.Error(rival)
		}
	}
	if err := <-pruned; err != nil {
		t.Fatal(err)
	}
	requirePruned(t, f, 600, []ledger.SeqRange{{From: 0, To: 100}})
}

func awaitCount(t *testing.T, db *mysql.DB, want int, query string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		var n int
		if err := db.Get(t.Context(), &n, query); err != nil {
			t.Fatal(err)
		}
		if n == want {
			return
		}
		if time.Now().After(end) {
			t.Fatal(fmt.Sprint(query, " is ", n))
		}
	}
}

func TestARebuildThatWasKilledHoldsItsPlaceForHalfAMinute(t *testing.T) {
	t.Parallel()
	f := filled(t, 20)
	if _, err := f.Ledger.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	hold := "UPDATE ledger_task SET holder = REPEAT('x', 16), held_until = ? WHERE name = 'rebuild'"
	if _, err := f.DB.Exec(t.Context(), hold, time.Now().Add(20*time.Second).UTC()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Ledger.Rebuild(t.Context(), nil); !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	if _, err := f.DB.Exec(t.Context(), hold, time.Now().Add(-time.Second).UTC()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Ledger.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestARebuildThatLostItsPlaceStops(t *testing.T) {
	t.Parallel()
	f := filled(t, 1500)
	_, err := f.Ledger.Rebuild(t.Context(), func(uint64, uint64) {
		if _, err := f.DB.Exec(t.Context(), "UPDATE ledger_task SET held_until = '2001-01-01' WHERE name = 'rebuild'"); err != nil {
			t.Error(err)
		}
	})
	if !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	requireVerified(t, f)
}
