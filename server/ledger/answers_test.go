package ledger

import (
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
)

func TestCallersOfAFailedBatchAreToldToSendTheSameKeysAgain(t *testing.T) {
	t.Parallel()
	for _, err := range []error{errRepeated, errCommitterFailed} {
		c := &call{done: make(chan struct{})}
		(&batch{calls: []*call{c}}).finish(err)
		if !fault.Is(c.err, fault.Unavailable) || !strings.Contains(c.err.Error(), "again with the same keys") {
			t.Errorf("%v: %v", err, c.err)
		}
	}
	fine := &call{done: make(chan struct{})}
	(&batch{calls: []*call{fine}}).finish(nil)
	if fine.err != nil {
		t.Error(fine.err)
	}
}

func TestADamagedBodyIsNamedByItsNumber(t *testing.T) {
	t.Parallel()
	_, err := decodeRows([]row{{Seq: 4711, Body: []byte("no body")}})
	if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "entry 4711") || !strings.Contains(err.Error(), "keytrail verify") {
		t.Error(err)
	}
}
