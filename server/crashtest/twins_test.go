package crashtest

import (
	"context"
	"sync"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// newTwins gives two servers that share a database of their own and the keys in one data directory.
func newTwins(t *testing.T) (steady, fragile *server) {
	t.Helper()
	access := mysqltest.OpenServer(t).Config()
	steady, fragile = newServer(t), newServer(t)
	fragile.data = steady.data
	for _, s := range []*server{steady, fragile} {
		s.database = []string{"KEYTRAIL_DATABASE=" + access.Serve, "KEYTRAIL_DATABASE_ADMIN=" + access.Migrate}
	}
	return steady, fragile
}

func TestNothingIsLostWhenOneOfTwoProcessesIsKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	steady, fragile := newTwins(t)
	t.Logf("first start took %v and %v", steady.start(), fragile.start())
	w := newWitness(t)      // of the process that goes on
	beside := newWitness(t) // of the feed of the one that is killed
	c := w.signedIn(t.Context(), steady)
	stock := makeStock(t, c)

	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for n := range workers {
		keys := stock.keys[n*keysPerWorker : (n+1)*keysPerWorker]
		s := []*server{steady, fragile}[n%2]
		clients.Go(func() { w.move(ctx, s, stock.holder, keys, n) })
	}
	for _, s := range []*server{steady, fragile} {
		clients.Go(func() { w.watchCheckpoints(ctx, s) })
	}
	clients.Go(func() { w.follow(ctx, steady) })
	clients.Go(func() { beside.follow(ctx, fragile) })
	beside.awaitDelivery()
	for range rounds(t, 2) {
		w.awaitProgress(100)
		fragile.killKeytrail()
		t.Logf("ready again after %v", fragile.start())
		beside.awaitDelivery()
	}
	w.awaitProgress(100)
	stop()
	clients.Wait()
	w.check(steady)
	beside.checkNothingSkipped(readLog(t, w.signedIn(context.Background(), fragile)))
}
