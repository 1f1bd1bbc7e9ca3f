package webhooks_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/webhooks"
)

func TestAWebhookWhoseReceiverHangsOrIsChangedDelaysNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	slow, quick := newReceiver(t), newReceiver(t)
	reached, released := make(chan struct{}, 100), make(chan struct{})
	release := sync.OnceFunc(func() { close(released) })
	slow.answers(func(_ http.ResponseWriter, r *http.Request) {
		reached <- struct{}{}
		<-released
	})
	defer release()
	hanging := b.save(webhooks.SaveInput{URL: slow.URL}).Webhook.ID
	other := b.save(webhooks.SaveInput{URL: quick.URL}).Webhook.ID
	b.run(b.service)
	b.activity("one", "two")
	<-reached
	if got := quick.actions(2); got[0] != "one" || got[1] != "two" {
		t.Fatalf("%v", got)
	}
	eventually(t, func() bool { return len(b.deliveries(other, webhooks.Delivered)) == 2 })

	unlock := b.lockTurn()
	defer unlock()
	began := time.Now()
	release() // the courier has its answer, and cannot store it for settleTimeout, which is 5 s
	eventually(t, func() bool {
		return b.Count("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'UPDATE turn SET held_until%' AND db = DATABASE()") > 0
	})
	if err := b.service.Remove(t.Context(), b.admin, hanging); err != nil {
		t.Fatal(err)
	}
	third := newReceiver(t)
	b.save(webhooks.SaveInput{URL: third.URL})
	b.activity("three")
	if got := third.actions(1); got[0] != "three" {
		t.Fatalf("%v", got)
	}
	if took := time.Since(began); took >= 5*time.Second {
		t.Errorf("it waited for a courier that could not end: %s", took)
	}
	unlock()
	if got := quick.actions(1); got[0] != "three" {
		t.Fatalf("%v", got)
	}
}

// lockTurn keeps what became of any event from being stored, until unlock is called.
func (b *bundle) lockTurn() (unlock func()) {
	b.t.Helper()
	locked, done, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- b.DB.InTx(context.Background(), func(ctx context.Context, tx *mysql.Tx) error {
			var name string
			err := tx.Get(ctx, &name, "SELECT name FROM turn WHERE name = 'webhooks' FOR UPDATE")
			close(locked)
			<-done
			return err
		})
	}()
	<-locked
	return sync.OnceFunc(func() {
		close(done)
		if err := <-ended; err != nil {
			b.t.Error(err)
		}
	})
}
