package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/seal"
)

// These tests break every command that an append sends to its database, one after the other: lost, or carried out
// and reported as failed. Then the client asks again as a client would, and a new process goes on.

// faulty is a ledger whose database is behind a proxy, and another on the same database that is not.
type faulty struct {
	*ledgertest.Fixture
	direct *ledgertest.Fixture
	proxy  *faultProxy
	said   *witness
}

func newFaulty(t testing.TB, direct *ledgertest.Fixture, c mysql.Config, said *witness) *faulty {
	t.Helper()
	proxy, c := throughFaults(t, c)
	db, err := mysql.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	behind := *direct
	behind.DB = db
	behind.Seal, behind.Ledger = direct.Idle(t, db, time.Now)
	return &faulty{Fixture: &behind, direct: direct, proxy: proxy, said: said}
}

// restart appends with a ledger that knows nothing of what was, as after a restart of keytrail.
func (f *faulty) restart(t *testing.T, name string) {
	t.Helper()
	_, l := f.direct.Idle(t, f.direct.DB, time.Now)
	d := named(name, 1)
	f.said.sending(d[0].Entity.ID, true)
	f.said.acknowledged(l, d[0].Entity.ID, ledgertest.Append(t, f.direct.DB, l, d...)[0].Seq)
}

// appendOnce appends drafts in a transaction, under an idempotency key where there is one.
func (f *faulty) appendOnce(ctx context.Context, key string, list []ledger.Draft) (seqs []uint64, err error) {
	err = f.DB.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := f.Ledger.Claim(ctx, tx, "clerk", key, key)
		if err != nil {
			return err
		}
		if seqs = claim.Seqs; claim.Replayed {
			return nil
		}
		entries, err := f.Ledger.Append(ctx, tx, list...)
		if err != nil {
			return err
		}
		for _, e := range entries {
			seqs = append(seqs, e.Seq)
		}
		return claim.Settle(ctx, tx, entries)
	})
	return seqs, err
}

// append is a client that appends drafts: with a key it asks until it is answered, without one it asks once.
func (f *faulty) append(t *testing.T, key string, list []ledger.Draft) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, d := range list {
		f.said.sending(d.Entity.ID, key != "")
	}
	for {
		seqs, err := f.appendOnce(ctx, key, list)
		if err == nil {
			for i, d := range list {
				f.said.acknowledged(f.Ledger, d.Entity.ID, seqs[i])
			}
			return
		}
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", list[0].Entity.ID, err)
			return
		}
		if key == "" {
			return
		}
		breathe(ctx)
	}
}

// acrossATile is as many entries as complete a tile wherever they begin.
const acrossATile = 256

// fullDrafts are drafts that write all that an append can write.
func fullDrafts(name string) []ledger.Draft {
	list := named(name, acrossATile)
	now := time.Now()
	list[0].Parts = []ledger.Part{{
		Field: ledger.FieldActor, Subject: seal.Nobody(now), Value: ledger.Origin{Name: "Anna", IP: "192.0.2.7"},
	}}
	return list
}

// everyWrite are the commands that an append must have been broken at.
func everyWrite() []string {
	return []string{
		"START TRANSACTION", "FOR UPDATE", "`.entry (seq", "INSERT INTO entry_index", "INSERT INTO entry_ip",
		"INSERT INTO entry_count", "`.tile (level", "`.head SET", "COMMIT",
	}
}

func TestAFaultAtAnyCommandOfAnAppendLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, how := range []breakage{lost, stored} {
		t.Run(string(how)+", with a key", func(t *testing.T) {
			t.Parallel()
			breakEveryAppend(t, how, true).require(t, "INSERT INTO idempotency", "UPDATE idempotency")
		})
		t.Run(string(how)+", without a key", func(t *testing.T) {
			t.Parallel()
			breakEveryAppend(t, how, false).require(t, "PREPARE ")
		})
	}
}

// breakEveryAppend breaks the first command of an append, then the second of another, until one is left whole. With a
// key its connection is warm, from the attempt that succeeded before; without one it is new each time.
func breakEveryAppend(t *testing.T, how breakage, keyed bool) *broken {
	t.Helper()
	direct, said := ledgertest.Open(t), newWitness()
	c := mysqltest.MigrateConfig(t, direct.DB)
	c.MaxConns = 1
	f := newFaulty(t, direct, c, said)
	f.append(t, "the first", fullDrafts("first"))
	met := &broken{}
	for k, hit := 1, "?"; hit != ""; k++ {
		name, key := fmt.Sprint("append-", k), ""
		if keyed {
			key = name
		}
		f.proxy.arm(aFault{nth: k, how: how})
		f.append(t, key, fullDrafts(name))
		hit, _ = f.proxy.disarm()
		met.add(hit)
		f.restart(t, name+"-restarted")
	}
	met.require(t, everyWrite()...)
	said.check(t, direct)
	return met
}
