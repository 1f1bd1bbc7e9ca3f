package ledger_test

import (
	"fmt"
	"testing"

	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// The database dies at the moment that matters most: when it was asked to commit, or had just done so and was not
// heard.
func TestADatabaseKilledAtACommitLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	server, said := mysqltest.OpenServer(t), newWitness()
	direct := ledgertest.OpenOn(t, server.Open())
	f := newFaulty(t, direct, server.Config(), said)
	f.append(t, "the first", fullDrafts("first"))
	for _, how := range []breakage{lost, stored} {
		f.proxy.arm(aFault{command: "COMMIT", nth: 1, how: how, then: server.Kill})
		key := fmt.Sprint("append-", how)
		f.append(t, key, named(key, 3))
		f.requireHit(t)
		f.restart(t, key+"-restarted")

		f.proxy.arm(aFault{command: "COMMIT", nth: 1, how: how, then: server.Kill})
		f.together(t, batchOf(fmt.Sprint("batch-", how), false))
		f.requireHit(t)
		f.restart(t, fmt.Sprintf("batch-%s-restarted", how))

		f.record(t, keyedItems(fmt.Sprint("promise-", how), 1, true))
		f.proxy.arm(aFault{command: "COMMIT", nth: 1, how: how, then: server.Kill})
		f.recordAll(t, keyedItems(fmt.Sprint("ahead-a-", how), enoughAhead, true), keyedItems(fmt.Sprint("ahead-b-", how), enoughAhead, true))
		f.requireHit(t)
		f.restart(t, fmt.Sprintf("ahead-%s-restarted", how))
	}
	said.check(t, direct)
}

func (f *faulty) requireHit(t *testing.T) {
	t.Helper()
	if hit, _ := f.proxy.disarm(); hit == "" {
		t.Error("the fault did not come")
	}
}
