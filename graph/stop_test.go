package graph_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/mysql"
)

func TestARunningMutationIsAnsweredWhileTheServerStops(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	admin := s.As("admin")
	key := admin.Do(t, `{ key(number: "101") { id } }`, nil).Data["key"].(map[string]any)["id"]
	locked, release, released := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	go func() {
		released <- s.DB.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			var keys []string
			err := tx.Select(ctx, &keys, "SELECT number FROM physical_key FOR UPDATE")
			close(locked)
			<-release
			return err
		})
	}()
	<-locked
	answers := make(chan *graphtest.Answer, 1)
	go func() {
		answers <- admin.Do(t, `mutation($id: ID!) { updateKey(input: {id: $id, label: "Waited"}) { key { label } } }`, map[string]any{"id": key})
	}()
	awaitLockWait(ctx, t, s)
	s.Handler.Stop()
	s.Handler.Wait(ctx)
	close(release)
	if err := <-released; err != nil {
		t.Fatal(err)
	}
	if answer := <-answers; answer.Code() != "" || !bytes.Contains(answer.Text, []byte(`"Waited"`)) {
		t.Errorf("%s", answer.Text)
	}
}

// awaitLockWait returns once a statement waits for a locked key.
func awaitLockWait(ctx context.Context, t *testing.T, s *graphtest.Seeded) {
	t.Helper()
	const waiting = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT%FROM physical_key%FOR UPDATE'"
	for n := 0; n == 0; time.Sleep(5 * time.Millisecond) {
		if err := s.DB.Get(ctx, &n, waiting); err != nil {
			t.Fatalf("nothing waits: %v", err)
		}
	}
}
