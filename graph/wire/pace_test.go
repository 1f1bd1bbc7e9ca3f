package wire

import (
	"context"
	"fmt"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/request"
)

func from(t *testing.T, ip string) context.Context {
	t.Helper()
	return request.With(t.Context(), request.Info{Origin: ledger.Origin{IP: ip}})
}

func TestACallerWhoAsksTooOftenIsRefusedAndOthersAreNot(t *testing.T) {
	t.Parallel()
	p := NewPace(1, 1000)
	var refused error
	for range burstSeconds + 1 {
		refused = p.Take(from(t, "192.0.2.1"))
	}
	f, ok := fault.As(refused)
	if !ok || f.Kind != fault.RateLimited || f.RetryAfter <= 0 {
		t.Errorf("after a burst: %v", refused)
	}
	if err := p.Take(from(t, "192.0.2.2")); err != nil {
		t.Errorf("another caller: %v", err)
	}
}

func TestAllCallersTogetherAreBoundedAndSoIsWhatIsRemembered(t *testing.T) {
	t.Parallel()
	p := NewPace(1, 2)
	refused := 0
	for i := range 3 * pacedCallers {
		if p.Take(from(t, fmt.Sprint("caller ", i))) != nil {
			refused++
		}
	}
	if refused < 3*pacedCallers-1000 {
		t.Errorf("only %d of %d were refused", refused, 3*pacedCallers)
	}
	if n := p.callers.Len(); n > pacedCallers {
		t.Errorf("%d callers are remembered", n)
	}
}
