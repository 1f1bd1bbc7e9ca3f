package heap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestTheHeapGrowsByAPercentageWithinItsRoom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		live          uint64
		percent, want int
	}{
		{0, 400, 400},        // nothing was collected yet
		{4 << 20, 400, 400},  // 16 MiB more
		{8 << 20, 400, 400},  // 32 MiB more
		{10 << 20, 400, 320}, // 32 MiB more
		{16 << 20, 400, 200},
		{1 << 30, 400, 200}, // a large heap is not collected all the time
		{1 << 30, 100, 100}, // who wants less gets less
		{10 << 20, 300, 300},
		{1, 400, 400},
		{1 << 62, 400, 200},
	} {
		if got := percentFor(c.live, c.percent); got != c.want {
			t.Errorf("%d bytes, %d %%: %d, want %d", c.live, c.percent, got, c.want)
		}
	}
}

// It is about the process, so nothing else runs beside it.
func TestWhatIsInUseForAMomentIsNotMultiplied(t *testing.T) {
	const percent = 400
	before := debug.SetGCPercent(percent)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	g := Bound(percent)

	held := make([]byte, 64<<20)
	if got := settled(t, func(now int) bool { return now < percent }); got != leastPercent {
		t.Errorf("with 64 MiB in use the heap grows by %d %%, want %d", got, leastPercent)
	}
	runtime.KeepAlive(held)
	held = nil
	settled(t, func(now int) bool { return now == percent })

	g.Stop()
	held = make([]byte, 64<<20)
	collect(t)
	if got := growth(); got != percent {
		t.Errorf("stopped, the heap grows by %d %%, want %d", got, percent)
	}
	runtime.KeepAlive(held)
}

// settled collects garbage until the growth is as wanted, and gives it.
func settled(t *testing.T, wanted func(percent int) bool) int {
	t.Helper()
	for begin := time.Now(); time.Since(begin) < time.Minute; {
		collect(t)
		if now := growth(); wanted(now) {
			return now
		}
	}
	t.Fatalf("the heap still grows by %d %%", growth())
	return 0
}

// collect collects garbage and waits until finalizers ran.
func collect(t *testing.T) {
	t.Helper()
	ran := make(chan struct{})
	type mark struct{ _ *byte }
	runtime.SetFinalizer(&mark{}, func(*mark) { close(ran) })
	runtime.GC()
	select {
	case <-ran:
	case <-time.After(time.Minute):
		t.Fatal("no finalizer ran")
	}
}

func growth() int {
	percent := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(percent)
	return int(percent[0].Value.Uint64())
}
