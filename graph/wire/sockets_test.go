package wire

import (
	"context"
	"fmt"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/request"
)

func TestCallersWithoutASessionCountByTheirNetwork(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits()
	limits.Caller, limits.CallerOperations = 3, 3
	s := NewSockets(limits, nil, nil)
	from := func(ip string) string {
		return callerOf(request.With(context.Background(), request.Info{Origin: ledger.Origin{IP: ip}}))
	}
	admitted, begun := 0, 0
	for i := range 10 {
		caller := from(fmt.Sprintf("2001:db8:1:2:%x::1", i))
		if _, ok := s.admit(caller); ok {
			admitted++
		}
		if _, err := s.begin(caller); err == nil {
			begun++
		}
	}
	if admitted != 3 || begun != 3 {
		t.Errorf("%d connections and %d operations of one network", admitted, begun)
	}
	if _, ok := s.admit(from("2001:db8:1:3::1")); !ok {
		t.Error("another network was refused")
	}
	for range 3 {
		if _, ok := s.admit(from("::ffff:192.0.2.1")); !ok {
			t.Error("an address was refused")
		}
	}
	if _, ok := s.admit(from("192.0.2.1")); ok {
		t.Error("an address counts twice")
	}
}
