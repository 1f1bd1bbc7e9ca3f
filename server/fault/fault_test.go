package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
)

func TestAKindSurvivesAnyWrapping(t *testing.T) {
	t.Parallel()
	inner := fault.Wrap(io.EOF, fault.Unavailable, "the database is away")
	err := fmt.Errorf("issue: %w", errors.Join(errors.New("rollback failed"), fmt.Errorf("store: %w", inner)))
	if fault.KindOf(err) != fault.Unavailable || !fault.Is(err, fault.Unavailable) {
		t.Fatalf("kind %s", fault.KindOf(err))
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal("the cause was lost")
	}
}

func TestAnythingElseIsInternal(t *testing.T) {
	t.Parallel()
	if kind := fault.KindOf(io.EOF); kind != fault.Internal {
		t.Fatalf("kind %s", kind)
	}
	if fault.Is(nil, fault.Internal) {
		t.Fatal("no error is not a fault")
	}
}

func TestWithLeavesTheFaultItCameFromAlone(t *testing.T) {
	t.Parallel()
	base := fault.New(fault.Conflict, "taken")
	one := base.With("keys", 1)
	two := one.With("holder", 2)
	if base.Data != nil || len(one.Data) != 1 || len(two.Data) != 2 {
		t.Fatalf("%v, %v, %v", base.Data, one.Data, two.Data)
	}
}
